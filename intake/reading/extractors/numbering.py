"""The numbers that Word shows before list paragraphs, computed as Word does: people number their answers by lists."""

from __future__ import annotations

import re

from lxml import etree

from intake.reading.numerals import number_in

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|titre|titulo|título|заголовок|标题|überschrift|rubrik|kop)\s*(\d)$", re.I)


_DEEPEST_STYLE = 20


class _Level:
    def __init__(self, element: etree._Element | None) -> None:
        self.format = _value(element, "numFmt") or "decimal"
        self.text = _value(element, "lvlText") or "%1."
        start = _value(element, "start") or "1"
        self.start = int(start) if start.isdigit() else 1


class Numbering:
    """Counters of all lists of one document."""

    def __init__(self, root: etree._Element | None, styles: etree._Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._style_lists: dict[str, tuple[str, int]] = {}
        self._headings: dict[str, int] = {}
        self._anew: dict[tuple[str, int], int] = {}  # (list, depth) -> with what number its first paragraph begins
        if root is not None:
            self._read_lists(root)
        if styles is not None:
            self._read_styles(styles)

    def _read_lists(self, root: etree._Element) -> None:
        for abstract in root.iter(f"{_W}abstractNum"):
            levels = {_int(level.get(f"{_W}ilvl")): _Level(level) for level in abstract.iter(f"{_W}lvl")}
            self._abstract[abstract.get(f"{_W}abstractNumId", "")] = levels
        for number in root.iter(f"{_W}num"):
            identity = number.get(f"{_W}numId", "")
            self._lists[identity] = _value(number, "abstractNumId")
            for override in number.iter(f"{_W}lvlOverride"):
                if (start := _value(override, "startOverride")).isdigit() and len(start) < 6:
                    self._anew[(identity, _int(override.get(f"{_W}ilvl")))] = int(start)

    def _read_styles(self, styles: etree._Element) -> None:
        bases: dict[str, str] = {}
        for style in styles.iter(f"{_W}style"):
            identity = style.get(f"{_W}styleId", "")
            match = _HEADING.match(_value(style, "name")) or _HEADING.match(identity)
            if match:
                self._headings[identity] = int(match.group(1))
            elif _value(style, "name").lower() in ("title", "titre"):
                self._headings[identity] = 1
            properties = style.find(f"{_W}pPr/{_W}numPr")
            if properties is not None:
                self._style_lists[identity] = (_value(properties, "numId"), _int(_value(properties, "ilvl")))
            bases[identity] = _value(style, "basedOn")
        for identity in bases:  # what a style does not say, the one says that it is made from
            base = identity
            for _ in range(_DEEPEST_STYLE):
                base = bases.get(base, "")
                if identity not in self._style_lists and base in self._style_lists:
                    self._style_lists[identity] = self._style_lists[base]
                if identity not in self._headings and base in self._headings:
                    self._headings[identity] = self._headings[base]

    def heading_level(self, paragraph: etree._Element) -> int:
        """1 to 6 for a heading, 0 otherwise."""
        style = _style_of(paragraph)
        level = self._headings.get(style, 0)
        if not level and (match := _HEADING.match(style)):
            level = int(match.group(1))
        if not level:
            outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
            level = _int(outline.get(f"{_W}val")) + 1 if outline is not None else 0
        return level if level <= 6 else 0

    def label(self, paragraph: etree._Element) -> tuple[str, int]:
        """(what Word prints before the paragraph, its depth from 0); ("", 0) for no list. Counts on."""
        properties = paragraph.find(f"{_W}pPr/{_W}numPr")
        if properties is not None:
            number, depth = _value(properties, "numId"), _int(_value(properties, "ilvl"))
        else:
            number, depth = self._style_lists.get(_style_of(paragraph), ("", 0))
        if not number or number == "0":
            return "", 0
        abstract = self._lists.get(number, "")
        levels = self._abstract.get(abstract, {})
        level = levels.get(depth) or _Level(None)
        if level.format in ("bullet", "none"):
            return ("•", depth) if level.format == "bullet" else ("", 0)
        counters = self._counters.setdefault(abstract or number, {})
        begin = self._anew.pop((number, depth), None)
        counters[depth] = begin if begin is not None else counters.get(depth, level.start - 1) + 1
        for deeper in [key for key in counters if key > depth]:
            del counters[deeper]
        return self._shape(level, levels, counters, depth), depth

    def _shape(self, level: _Level, levels: dict[int, _Level], counters: dict[int, int], depth: int) -> str:
        def put(match: re.Match[str]) -> str:
            index = int(match.group(1)) - 1
            own = levels.get(index) or level
            return number_in(counters.get(index, own.start), own.format if index != depth else level.format)

        return re.sub(r"%(\d)", put, level.text).strip()


def _style_of(paragraph: etree._Element) -> str:
    element = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return element.get(f"{_W}val", "") if element is not None else ""


def _value(element: etree._Element | None, name: str) -> str:
    child = element.find(f"{_W}{name}") if element is not None else None
    return child.get(f"{_W}val", "") if child is not None else ""


def _int(value: str | None) -> int:
    return int(value) if value and value.isdigit() else 0

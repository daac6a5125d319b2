"""ODT (and the text of other OpenDocument files): paragraphs, headings, lists, tables, footnotes, in order of reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from intake.model.mail import PartState
from intake.model.text import BlockKind, Run
from intake.reading.builder import TextBuilder, shifted
from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.base import Extract
from intake.reading.extractors.xml import local, parse_xml
from intake.reading.limits import Limits
from intake.reading.numerals import number_in

_WIDEST = 1024
"""Cells of a row that are read: a sheet says of its last one that it stands there a thousand times."""


def extract(data: bytes, limits: Limits) -> Extract:
    """Text of content.xml; encryption, macros and tracked changes are told."""
    try:
        box = open_zip(data, limits)
    except Unfit as error:
        return Extract(state=PartState.DAMAGED, defect=str(error))
    manifest = member(box, "META-INF/manifest.xml", limits) or b""
    if b"encryption-data" in manifest:
        return Extract(state=PartState.ENCRYPTED, defect="encrypted OpenDocument file")
    root = parse_xml(member(box, "content.xml", limits))
    if root is None:
        return Extract(state=PartState.DAMAGED, defect="no readable content.xml")
    styles = parse_xml(member(box, "styles.xml", limits))
    return _read(root, styles, box.namelist(), limits)


def extract_flat(data: bytes, limits: Limits) -> Extract:
    """A document saved as one XML file (ODF 1.2 part 1, 2.2.1)."""
    root = parse_xml(data)
    if root is None:
        return Extract(state=PartState.DAMAGED, defect="no readable flat OpenDocument file")
    return _read(root, None, (), limits)


def _read(root: etree._Element, styles: etree._Element | None, names: Sequence[str], limits: Limits) -> Extract:
    reader = _Reader(limits, _list_styles(root, styles), _hidden_styles(root, styles), _marks_of_styles(root, styles))
    reader.walk(root)
    for runs in reader.notes:
        reader.out.add(BlockKind.FOOTNOTE, runs, tight=True)
    tracked = any(local(element) in ("changed-region", "annotation") for element in root.iter())
    macro = any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names)
    state = PartState.MACRO if macro else PartState.TRACKED_CHANGES if tracked else PartState.OK
    text = reader.out.text
    if state is PartState.OK and not text.strip() and any(name.startswith("Pictures/") for name in names):
        state = PartState.IMAGE_ONLY
    hidden = " ".join(filter(None, map(str.strip, reader.hidden)))
    return Extract(text=text, blocks=tuple(reader.out.blocks), state=state, hidden=hidden)


def _list_styles(*roots: etree._Element | None) -> dict[str, dict[int, etree._Element]]:
    """List styles by name, their levels by depth from 1."""
    found: dict[str, dict[int, etree._Element]] = {}
    for root in roots:
        for style in root.iter("{*}list-style") if root is not None else ():
            levels = found.setdefault(_attribute(style, "name"), {})
            for level in style:
                depth = _attribute(level, "level")
                if depth.isdigit():
                    levels[int(depth)] = level
    return found


def _hidden_styles(*roots: etree._Element | None) -> frozenset[str]:
    """Names of the styles whose text is not displayed (ODF 1.2 part 1, 20.332), their own word or that of the style they are made from."""
    own: dict[str, bool] = {}
    parent: dict[str, str] = {}
    for style in (item for root in roots if root is not None for item in root.iter("{*}style")):
        name = _attribute(style, "name")
        parent[name] = _attribute(style, "parent-style-name")
        for properties in style:
            if local(properties) == "text-properties" and (said := _attribute(properties, "display")):
                own[name] = said == "none"
    return frozenset(name for name in parent if own and _is_hidden(name, own, parent))


def _marks_of_styles(*roots: etree._Element | None) -> dict[str, tuple[bool, str]]:
    """(struck, "^" or "_" or "") of the styles that say it (ODF 1.2 part 1, 20.358 to 20.371)."""
    found: dict[str, tuple[bool, str]] = {}
    for style in (item for root in roots if root is not None for item in root.iter("{*}style")):
        for properties in style:
            if local(properties) != "text-properties":
                continue
            lines = {_attribute(properties, f"text-line-through-{name}") for name in ("style", "type")} - {"", "none"}
            place = _attribute(properties, "text-position").split(" ")[0]
            shift = "^" if place == "super" or (place.rstrip("%").isdecimal() and place not in ("0", "0%")) else ""
            shift = "_" if place == "sub" or place.startswith("-") else shift
            if lines or shift:
                found[_attribute(style, "name")] = (bool(lines), shift)
    return found


def _is_hidden(name: str, own: dict[str, bool], parent: dict[str, str]) -> bool:
    for _ in range(20):
        if name in own or not name:
            break
        name = parent.get(name, "")
    return own.get(name, False)


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    """Text boxes of a paragraph; what is inside them is theirs."""
    for child in element:
        if local(child) == "text-box":
            yield child
        else:
            yield from _boxes(child)


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute by its local name, whatever its namespace."""
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), "")


class _Reader:
    def __init__(
        self,
        limits: Limits,
        styles: dict[str, dict[int, etree._Element]],
        unseen: frozenset[str],
        marks: dict[str, tuple[bool, str]],
    ) -> None:
        self.out = TextBuilder(limits.text_chars)
        self.hidden: list[str] = []
        self._unseen = unseen
        self._marks = marks
        self.notes: list[list[Run]] = []
        self._styles = styles
        self._lists: list[str] = []  # names of the styles of the open lists
        self._counters: dict[tuple[str, int], int] = {}
        self._label = ""

    def walk(self, element: etree._Element) -> None:
        """Blocks in order; what is tracked as deleted is not text."""
        for child in element:
            name = local(child)
            if name == "tracked-changes":
                continue
            if self._hides(child, name):
                self.hidden.append(" ".join("".join(map(str, child.itertext())).split()))
                continue
            if name == "h":
                level = child.get("{urn:oasis:names:tc:opendocument:xmlns:text:1.0}outline-level", "1")
                self.out.add(BlockKind.HEADING, self._runs(child), level=int(level) if level.isdigit() else 1)
            elif name == "p":
                if self._lists:
                    self.out.add(BlockKind.LIST_ITEM, self._runs(child), level=len(self._lists), label=self._label, tight=True)
                    self._label = ""
                else:
                    self.out.add(BlockKind.PARAGRAPH, self._runs(child))
                for box in _boxes(child):
                    self.walk(box)
            elif name == "list":
                self._list(child)
            elif name == "list-item":
                self._label = self._next_label(child)
                self.walk(child)
            elif name == "table-row":
                self._row(child)
            else:
                self.walk(child)

    def _hides(self, element: etree._Element, name: str) -> bool:
        if name in ("p", "h", "span"):
            return bool(self._unseen) and _attribute(element, "style-name") in self._unseen
        return name == "section" and _attribute(element, "display") == "none"

    def _list(self, element: etree._Element) -> None:
        """An inner list has the style of the outer one unless it names its own; its numbers begin anew unless they go on."""
        style = _attribute(element, "style-name") or (self._lists[-1] if self._lists else "")
        self._lists.append(style)
        if _attribute(element, "continue-numbering") != "true" and not _attribute(element, "continue-list"):
            self._counters.pop((style, len(self._lists)), None)
        self.walk(element)
        self._lists.pop()

    def _next_label(self, item: etree._Element) -> str:
        """What is printed before an item (ODF 1.2 part 1, 16.30): prefix, number, suffix; a bullet for a bullet."""
        style, depth = self._lists[-1] if self._lists else "", len(self._lists)
        level = self._styles.get(style, {}).get(depth)
        if level is None or local(level) != "list-level-style-number":
            return "•" if level is not None and local(level) == "list-level-style-bullet" else ""
        form = _attribute(level, "num-format")
        start = _attribute(item, "start-value") or (
            _attribute(level, "start-value") if (style, depth) not in self._counters else ""
        )
        value = int(start) if start.isdigit() else self._counters.get((style, depth), 0) + 1
        self._counters[(style, depth)] = value
        if not form:
            return ""
        forms = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
        return _attribute(level, "num-prefix") + number_in(value, forms.get(form, "decimal")) + _attribute(level, "num-suffix")

    def _row(self, row: etree._Element) -> None:
        cells: list[list[Run]] = []
        for cell in row:
            if local(cell) in ("table-cell", "covered-table-cell"):
                if len(cells) >= _WIDEST:
                    break
                runs: list[Run] = []
                for paragraph in cell.iter():
                    if local(paragraph) not in ("p", "h") or next(paragraph.iterancestors("{*}note-body"), None) is not None:
                        continue
                    if self._hides(paragraph, "p"):
                        self.hidden.append(" ".join("".join(map(str, paragraph.itertext())).split()))
                    else:
                        runs += ([Run(text="\n")] if runs else []) + self._runs(paragraph)
                times = _attribute(cell, "number-columns-repeated")
                cells += [runs] * max(1, min(int(times) if times.isdecimal() and len(times) < 6 else 1, _WIDEST - len(cells)))
        while cells and not any(run.text.strip() for run in cells[-1]):
            cells.pop()  # a sheet goes on to its last column
        filled = [cell for cell in cells if "".join(run.text for run in cell).strip()]
        if len(filled) == 1 and len(cells) == 1:
            self.out.add(BlockKind.PARAGRAPH, filled[0])
        elif filled:
            self.out.add_row(cells)

    def _runs(self, paragraph: etree._Element) -> list[Run]:
        runs: list[Run] = []
        self._collect(paragraph, runs)
        return runs

    def _collect(self, element: etree._Element, runs: list[Run], mark: tuple[bool, str] = (False, "")) -> None:
        said = self._marks.get(_attribute(element, "style-name")) if self._marks else None
        if said is not None:
            mark = (mark[0] or said[0], said[1] or mark[1])
        self._say(element.text, runs, mark)
        for child in element:
            name = local(child)
            if name == "note":
                self.notes.append([run for body in child if local(body) == "note-body" for run in self._inner(body)])
            elif self._hides(child, name):
                self.hidden.append("".join(map(str, child.itertext())))
            elif name in ("s", "tab"):
                runs.append(Run(text=" ", struck=mark[0]))
            elif name == "line-break":
                runs.append(Run(text="\n"))
            elif name not in ("annotation", "annotation-end", "change", "change-start", "change-end", "frame"):
                self._collect(child, runs, mark)
            self._say(child.tail, runs, mark)

    def _say(self, text: str | None, runs: list[Run], mark: tuple[bool, str]) -> None:
        if text:
            runs.append(Run(text=shifted(text, mark[1]) if mark[1] else text, struck=mark[0]))

    def _inner(self, element: etree._Element) -> list[Run]:
        runs: list[Run] = []
        self._collect(element, runs)
        return runs

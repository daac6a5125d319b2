"""ODT (and the text of other OpenDocument files): paragraphs, headings, lists, tables, footnotes, in order of reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree
from msgspec.structs import replace

from intake.model.mail import PartState
from intake.model.text import BlockKind, Run
from intake.reading.builder import TextBuilder, shifted
from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.base import Extract
from intake.reading.extractors.odt_looks import BARE, Looks, Mark, attribute, hidden_columns
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
    reader = _Reader(limits, _list_styles(root, styles), Looks(root, styles))
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
            levels = found.setdefault(attribute(style, "name"), {})
            for level in style:
                depth = attribute(level, "level")
                if depth.isdigit():
                    levels[int(depth)] = level
    return found


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    """Text boxes of a paragraph; what is inside them is theirs."""
    for child in element:
        if local(child) == "text-box":
            yield child
        else:
            yield from _boxes(child)


class _Reader:
    def __init__(
        self,
        limits: Limits,
        styles: dict[str, dict[int, etree._Element]],
        looks: Looks,
    ) -> None:
        self.out = TextBuilder(limits.text_chars)
        self.hidden: list[str] = []
        self._looks = looks
        self.notes: list[list[Run]] = []
        self._styles = styles
        self._lists: list[str] = []  # names of the styles of the open lists
        self._counters: dict[tuple[str, int], int] = {}
        self._label = ""
        self._columns: frozenset[int] = frozenset()  # of the open sheet, that are not shown

    def walk(self, element: etree._Element) -> None:
        """Blocks in order; what is tracked as deleted is not text."""
        for child in element:
            name = local(child)
            if name == "tracked-changes":
                continue
            if self._looks.hides(child, name):
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
            elif name == "table":
                outer, self._columns = self._columns, hidden_columns(child)
                self.walk(child)
                self._columns = outer
            elif name == "table-row":
                self._row(child)
            else:
                self.walk(child)

    def _list(self, element: etree._Element) -> None:
        """An inner list has the style of the outer one unless it names its own; its numbers begin anew unless they go on."""
        style = attribute(element, "style-name") or (self._lists[-1] if self._lists else "")
        self._lists.append(style)
        if attribute(element, "continue-numbering") != "true" and not attribute(element, "continue-list"):
            self._counters.pop((style, len(self._lists)), None)
        self.walk(element)
        self._lists.pop()

    def _next_label(self, item: etree._Element) -> str:
        """What is printed before an item (ODF 1.2 part 1, 16.30): prefix, number, suffix; a bullet for a bullet."""
        style, depth = self._lists[-1] if self._lists else "", len(self._lists)
        level = self._styles.get(style, {}).get(depth)
        if level is None or local(level) != "list-level-style-number":
            return "•" if level is not None and local(level) == "list-level-style-bullet" else ""
        form = attribute(level, "num-format")
        start = attribute(item, "start-value") or (
            attribute(level, "start-value") if (style, depth) not in self._counters else ""
        )
        value = int(start) if start.isdigit() else self._counters.get((style, depth), 0) + 1
        self._counters[(style, depth)] = value
        if not form:
            return ""
        forms = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
        return attribute(level, "num-prefix") + number_in(value, forms.get(form, "decimal")) + attribute(level, "num-suffix")

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
                    if self._looks.hides(paragraph, "p"):
                        self.hidden.append(" ".join("".join(map(str, paragraph.itertext())).split()))
                    else:
                        runs += ([Run(text="\n")] if runs else []) + self._runs(paragraph)
                if len(cells) in self._columns:
                    self.hidden.append("".join(run.text for run in runs))
                    runs = []
                times = attribute(cell, "number-columns-repeated")
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

    def _collect(self, element: etree._Element, runs: list[Run], mark: Mark = BARE, link: str | None = None) -> None:
        mark = self._looks.mark(element).inside(mark)
        if local(element) == "h":
            mark = replace(mark, bold=None)  # a heading is heavy by itself
        self._say(element.text, runs, mark, link)
        for child in element:
            name = local(child)
            if name == "note":
                self.notes.append([run for body in child if local(body) == "note-body" for run in self._inner(body)])
            elif self._looks.hides(child, name):
                self.hidden.append("".join(map(str, child.itertext())))
            elif name in ("s", "tab"):
                runs.append(Run(text=" ", struck=bool(mark.struck)))
            elif name == "line-break":
                runs.append(Run(text="\n"))
            elif name not in ("annotation", "annotation-end", "change", "change-start", "change-end", "frame"):
                self._collect(child, runs, mark, attribute(child, "href")[:2000] or None if name == "a" else link)
            self._say(child.tail, runs, mark, link)

    def _say(self, text: str | None, runs: list[Run], mark: Mark, link: str | None) -> None:
        if text:
            words = shifted(text, mark.shift) if mark.shift else text
            runs.append(Run(text=words, struck=bool(mark.struck), bold=bool(mark.bold), italic=bool(mark.italic), link=link))

    def _inner(self, element: etree._Element) -> list[Run]:
        runs: list[Run] = []
        self._collect(element, runs)
        return runs

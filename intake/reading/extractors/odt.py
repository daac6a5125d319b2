"""ODT (and the text of other OpenDocument files): paragraphs, headings, lists, tables, footnotes, in order of reading."""

from __future__ import annotations

from lxml import etree

from intake.model.mail import PartState
from intake.model.text import BlockKind, Run
from intake.reading.builder import TextBuilder
from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.base import Extract
from intake.reading.extractors.xml import local, parse_xml
from intake.reading.limits import Limits


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
    reader = _Reader(limits)
    reader.walk(root)
    for runs in reader.notes:
        reader.out.add(BlockKind.FOOTNOTE, runs, tight=True)
    tracked = any(local(element) == "changed-region" for element in root.iter())
    macro = any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in box.namelist())
    state = PartState.MACRO if macro else PartState.TRACKED_CHANGES if tracked else PartState.OK
    text = reader.out.text
    if state is PartState.OK and not text.strip() and any(name.startswith("Pictures/") for name in box.namelist()):
        state = PartState.IMAGE_ONLY
    return Extract(text=text, blocks=tuple(reader.out.blocks), state=state)


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self.out = TextBuilder(limits.text_chars)
        self.notes: list[list[Run]] = []
        self._depth = 0
        self._counters: list[int] = []

    def walk(self, element: etree._Element) -> None:
        """Blocks in order; what is tracked as deleted is not text."""
        for child in element:
            name = local(child)
            if name == "tracked-changes":
                continue
            if name == "h":
                level = child.get("{urn:oasis:names:tc:opendocument:xmlns:text:1.0}outline-level", "1")
                self.out.add(BlockKind.HEADING, self._runs(child), level=int(level) if level.isdigit() else 1)
            elif name == "p":
                if self._depth:
                    self.out.add(BlockKind.LIST_ITEM, self._runs(child), level=self._depth, tight=True)
                else:
                    self.out.add(BlockKind.PARAGRAPH, self._runs(child))
            elif name == "list":
                self._depth += 1
                self.walk(child)
                self._depth -= 1
            elif name == "table-row":
                self._row(child)
            else:
                self.walk(child)

    def _row(self, row: etree._Element) -> None:
        cells = []
        for cell in row:
            if local(cell) in ("table-cell", "covered-table-cell"):
                runs: list[Run] = []
                for paragraph in cell.iter():
                    if local(paragraph) in ("p", "h"):
                        runs += ([Run(text="\n")] if runs else []) + self._runs(paragraph)
                cells.append(runs)
        filled = [cell for cell in cells if "".join(run.text for run in cell).strip()]
        if len(filled) == 1 and len(cells) == 1:
            self.out.add(BlockKind.PARAGRAPH, filled[0])
        elif filled:
            self.out.add_row(cells)

    def _runs(self, paragraph: etree._Element) -> list[Run]:
        runs: list[Run] = []
        self._collect(paragraph, runs)
        return runs

    def _collect(self, element: etree._Element, runs: list[Run]) -> None:
        if element.text:
            runs.append(Run(text=element.text))
        for child in element:
            name = local(child)
            if name == "note":
                self.notes.append([run for body in child if local(body) == "note-body" for run in self._inner(body)])
            elif name in ("s", "tab"):
                runs.append(Run(text=" "))
            elif name == "line-break":
                runs.append(Run(text="\n"))
            elif name not in ("annotation", "annotation-end", "change", "change-start", "change-end", "frame"):
                self._collect(child, runs)
            if child.tail:
                runs.append(Run(text=child.tail))

    def _inner(self, element: etree._Element) -> list[Run]:
        runs: list[Run] = []
        self._collect(element, runs)
        return runs

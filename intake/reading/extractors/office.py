"""Spreadsheets and slides (OOXML): cells by row, slides by paragraph."""

from __future__ import annotations

import re

from lxml import etree

from intake.model.mail import PartState
from intake.model.text import BlockKind, Run
from intake.reading.builder import TextBuilder
from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.base import Extract
from intake.reading.extractors.xml import local, parse_xml
from intake.reading.limits import Limits

_NUMBER = re.compile(r"(\d+)\.xml$")


def _ordered(names: list[str], prefix: str) -> list[str]:
    wanted = [name for name in names if name.startswith(prefix) and _NUMBER.search(name)]
    return sorted(wanted, key=lambda name: int(_NUMBER.search(name).group(1)))  # type: ignore[union-attr]  # filtered above


def extract_xlsx(data: bytes, limits: Limits) -> Extract:
    """Every filled row of every sheet, cells as shown text where it is text, else as stored; formulas are never run."""
    try:
        box = open_zip(data, limits)
    except Unfit as error:
        return Extract(state=PartState.DAMAGED, defect=str(error))
    names = box.namelist()
    shared = [_all_text(item) for item in _children(parse_xml(member(box, "xl/sharedStrings.xml", limits)), "si")]
    out = TextBuilder(limits.text_chars)
    sheets = _ordered(names, "xl/worksheets/sheet")
    if not sheets:
        return Extract(state=PartState.DAMAGED, defect="no readable sheet")
    for number, name in enumerate(sheets, 1):
        root = parse_xml(member(box, name, limits))
        for row in root.iter("{*}row") if root is not None else ():
            cells = [[Run(text=_cell(cell, shared))] for cell in row if local(cell) == "c"]
            if len([cell for cell in cells if cell[0].text.strip()]) == 1:
                out.add(BlockKind.PARAGRAPH, [run for cell in cells for run in cell], page=number, tight=True)
            else:
                out.add_row(cells, page=number)
    macro = any(name.lower().endswith("vbaproject.bin") for name in names)
    state = PartState.MACRO if macro else PartState.OK
    return Extract(text=out.text, blocks=tuple(out.blocks), state=state, pages=len(sheets))


def _cell(cell: etree._Element, shared: list[str]) -> str:
    kind = cell.get("t", "")
    value = next((child.text or "" for child in cell if local(child) == "v"), "")
    if kind == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    if kind == "inlineStr":
        return _all_text(cell)
    return value


def _children(root: etree._Element | None, name: str) -> list[etree._Element]:
    return [child for child in root if local(child) == name] if root is not None else []


def _all_text(element: etree._Element) -> str:
    return "".join(child.text or "" for child in element.iter() if local(child) == "t")


def extract_pptx(data: bytes, limits: Limits) -> Extract:
    """Slides in order, each paragraph a block with its slide's number as page; speakers' notes after their slide."""
    try:
        box = open_zip(data, limits)
    except Unfit as error:
        return Extract(state=PartState.DAMAGED, defect=str(error))
    names = box.namelist()
    slides = _ordered(names, "ppt/slides/slide")
    if not slides:
        return Extract(state=PartState.DAMAGED, defect="no readable slide")
    out = TextBuilder(limits.text_chars)
    for number, name in enumerate(slides, 1):
        for source in (name, name.replace("slides/slide", "notesSlides/notesSlide")):
            root = parse_xml(member(box, source, limits)) if source in names else None
            if root is not None:
                _slide(root, out, number)
    macro = any(name.lower().endswith("vbaproject.bin") for name in names)
    state = PartState.MACRO if macro else PartState.OK
    if state is PartState.OK and not out.text.strip() and any(name.startswith("ppt/media/") for name in names):
        state = PartState.IMAGE_ONLY
    return Extract(text=out.text, blocks=tuple(out.blocks), state=state, pages=len(slides))


def _slide(root: etree._Element, out: TextBuilder, number: int) -> None:
    for shape in root.iter("{*}sp", "{*}graphicFrame"):
        title = any(element.get("type", "") in ("title", "ctrTitle") for element in shape.iter("{*}ph"))
        rows = list(shape.iter("{*}tr"))
        for row in rows:
            out.add_row([[Run(text=_paragraph(cell))] for cell in row if local(cell) == "tc"], page=number)
        for paragraph in shape.iter("{*}p") if not rows else ():
            kind = BlockKind.HEADING if title else BlockKind.PARAGRAPH
            out.add(kind, [Run(text=_paragraph(paragraph))], level=2 if title else 0, page=number)


def _paragraph(element: etree._Element) -> str:
    pieces = []
    for child in element.iter():
        if local(child) == "t":
            pieces.append(child.text or "")
        elif local(child) == "br":
            pieces.append("\n")
    return "".join(pieces)

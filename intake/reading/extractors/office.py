"""Slides (OOXML), in the order in which they are shown."""

from __future__ import annotations

import re

from lxml import etree

from intake.model.mail import PartState
from intake.model.text import BlockKind, Run
from intake.reading.builder import TextBuilder
from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.base import Extract
from intake.reading.extractors.xml import local, parse_xml, related, unread
from intake.reading.limits import Limits

_NUMBER = re.compile(r"(\d+)\.xml$")


def _ordered(names: list[str], prefix: str) -> list[str]:
    wanted = [name for name in names if name.startswith(prefix) and _NUMBER.search(name)]
    return sorted(wanted, key=lambda name: int(_NUMBER.search(name).group(1)))  # type: ignore[union-attr]  # filtered above


def extract_pptx(data: bytes, limits: Limits) -> Extract:
    """Slides in order, each paragraph a block with its slide's number as page; speakers' notes after their slide."""
    try:
        box = open_zip(data, limits)
    except Unfit as error:
        return Extract(state=PartState.DAMAGED, defect=str(error))
    names = box.namelist()
    slides = [name for name in related(box, "ppt/presentation.xml", "sldId", limits) if name in names]
    slides += [
        name for name in _ordered(names, "ppt/slides/slide") if name not in slides
    ]  # what no list names is there all the same
    if not slides:
        return Extract(state=PartState.DAMAGED, defect="no readable slide")
    out = TextBuilder(limits.text_chars)
    unknown = ""
    for number, name in enumerate(slides, 1):
        notes = (item for item in related(box, name, "", limits) if "/notesSlide" in item and item in names)
        for source in (name, *notes):
            root = parse_xml(member(box, source, limits))
            if root is not None:
                _slide(root, out, number)
                unknown = unknown or unread(root)
    macro = any(name.lower().endswith("vbaproject.bin") for name in names)
    state = PartState.MACRO if macro else PartState.OK
    if state is PartState.OK and not out.text.strip() and any(name.startswith("ppt/media/") for name in names):
        state = PartState.IMAGE_ONLY
    defect = unknown if not out.text.strip() else "text_cut" if out.cut else ""
    state = PartState.DAMAGED if defect and not out.text.strip() else state
    return Extract(text=out.text, blocks=tuple(out.blocks), state=state, pages=len(slides), defect=defect)


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

"""Slides (OOXML), in the order in which they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from intake.model.mail import PartState
from intake.model.text import BlockKind, Run
from intake.reading.builder import TextBuilder, shifted
from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.base import Extract
from intake.reading.extractors.xml import identity_of, links_of, local, parse_xml, related, unread
from intake.reading.limits import Limits

_NUMBER = re.compile(r"(\d+)\.xml$")


def _ordered(names: list[str], prefix: str) -> list[str]:
    wanted = [name for name in names if name.startswith(prefix) and _NUMBER.search(name)]
    return sorted(wanted, key=lambda name: int(_NUMBER.search(name).group(1)))  # type: ignore[union-attr]  # filtered above


def extract_pptx(data: bytes, limits: Limits) -> Extract:
    """Slides in order, each paragraph a block with its slide's number as page; speakers' notes after their slide. A slide that is passed
    over in the show is hidden, with its notes."""
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
    unknown, hidden = "", list[str]()
    for number, name in enumerate(slides, 1):
        notes = (item for item in related(box, name, "", limits) if "/notesSlide" in item and item in names)
        gone = False
        for source in (name, *notes):
            root = parse_xml(member(box, source, limits))
            if source == name:
                gone = root is not None and root.get("show", "1") in ("0", "false")
            if root is not None and gone:
                hidden += (text.text for text in root.iter("{*}t") if text.text)
            elif root is not None:
                _slide(root, links_of(box, source, limits), out, number)
                unknown = unknown or unread(root)
    macro = any(name.lower().endswith("vbaproject.bin") for name in names)
    state = PartState.MACRO if macro else PartState.OK
    if state is PartState.OK and not out.text.strip() and any(name.startswith("ppt/media/") for name in names):
        state = PartState.IMAGE_ONLY
    defect = unknown if not out.text.strip() else "text_cut" if out.cut else ""
    state = PartState.DAMAGED if defect and not out.text.strip() else state
    return Extract(
        text=out.text, blocks=tuple(out.blocks), state=state, pages=len(slides), defect=defect, hidden=" ".join(hidden)
    )


def _slide(root: etree._Element, links: Mapping[str, str], out: TextBuilder, number: int) -> None:
    for shape in root.iter("{*}sp", "{*}graphicFrame"):
        title = any(element.get("type", "") in ("title", "ctrTitle") for element in shape.iter("{*}ph"))
        rows = list(shape.iter("{*}tr"))
        for row in rows:
            out.add_row([_runs(cell, links) for cell in row if local(cell) == "tc"], page=number)
        for paragraph in shape.iter("{*}p") if not rows else ():
            kind = BlockKind.HEADING if title else BlockKind.PARAGRAPH
            out.add(kind, _runs(paragraph, links, heading=title), level=2 if title else 0, page=number)


def _runs(element: etree._Element, links: Mapping[str, str], *, heading: bool = False) -> list[Run]:
    """The words of a paragraph, or of a cell, with their emphasis (ECMA-376 part 1, 21.1.2.3.9)."""
    runs: list[Run] = []
    for child in element.iter():
        if local(child) == "t" and child.text:
            around = child.getparent()
            properties = around.find("{*}rPr") if around is not None else None
            runs.append(
                _told(child.text, properties if properties is not None else etree.Element("none"), links, heading=heading)
            )
        elif local(child) == "br" or (local(child) == "p" and runs):
            runs.append(Run(text="\n"))
    return runs


def _told(text: str, properties: etree._Element, links: Mapping[str, str], *, heading: bool) -> Run:
    place = properties.get("baseline", "0")
    sign = "" if place in ("0", "") else "_" if place.startswith("-") else "^"
    target = properties.find("{*}hlinkClick")
    return Run(
        text=shifted(text, sign) if sign else text,
        bold=properties.get("b", "0") in ("1", "true") and not heading,
        italic=properties.get("i", "0") in ("1", "true"),
        struck=properties.get("strike", "noStrike") != "noStrike",
        link=links.get(identity_of(target)) if target is not None else None,
    )

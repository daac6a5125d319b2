"""A spreadsheet (OOXML) as rows of cells, with the place of each and whether it is computed: for sheets that come back to us.

Nothing is computed, no link is followed; what a formula gave last is told apart from what somebody wrote (ISO/IEC 29500-1, 18.3.1).
"""

from __future__ import annotations

import re

from lxml import etree

from intake.model.examination import Cell, SheetRow
from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.xml import local, parse_xml
from intake.reading.limits import Limits

MOST_ROWS = 20_000
LONGEST_CELL = 8_000
_PLACE = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")
_FIRST = "xl/worksheets/sheet1.xml"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def rows_of(data: bytes, limits: Limits) -> tuple[SheetRow, ...] | None:
    """The rows of the first worksheet that have a cell; None for what is no readable spreadsheet. Never raises on hostile octets."""
    try:
        box = open_zip(data, limits)
    except Unfit:
        return None
    root = parse_xml(member(box, _first_sheet(member(box, "xl/workbook.xml", limits), member(box, _RELS, limits)), limits))
    if root is None or local(root) != "worksheet":
        return None
    strings = parse_xml(member(box, "xl/sharedStrings.xml", limits))
    shared = [_text(item) for item in strings if local(item) == "si"] if strings is not None else []
    found: list[SheetRow] = []
    for place, row in enumerate(root.iter("{*}row"), 1):
        if len(found) >= MOST_ROWS:
            break
        said = row.get("r", "")
        cells = _cells(row, shared)
        if cells:
            found.append(SheetRow(number=int(said) if said.isdecimal() and len(said) < 8 else place, cells=cells))
    return tuple(found)


_RELS = "xl/_rels/workbook.xml.rels"


def _first_sheet(workbook: bytes | None, related: bytes | None) -> str:
    """The part of the worksheet that stands first: programs number the parts as they like."""
    book, rels = parse_xml(workbook), parse_xml(related)
    sheet = next(iter(book.iter("{*}sheet")), None) if book is not None else None
    wanted = sheet.get(_RELATED, "") if sheet is not None else ""
    for relation in rels if rels is not None else ():
        if wanted and relation.get("Id") == wanted:
            target = relation.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return _FIRST


def _cells(row: etree._Element, shared: list[str]) -> dict[int, Cell]:
    cells: dict[int, Cell] = {}
    column = 0
    for cell in row:
        if local(cell) != "c":
            continue
        match = _PLACE.match(cell.get("r", ""))
        column = _number(match.group(1)) if match else column + 1
        formula = any(local(child) == "f" for child in cell)
        text = _value(cell, shared)[:LONGEST_CELL]
        if text.strip() or formula:
            cells[column] = Cell(text=text, formula=formula)
    return cells


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _value(cell: etree._Element, shared: list[str]) -> str:
    kind = cell.get("t", "")
    value = next((child.text or "" for child in cell if local(child) == "v"), "")
    if kind == "s":
        return shared[int(value)] if value.isdecimal() and int(value) < len(shared) else ""
    if kind == "inlineStr":
        return _text(cell)
    return value.removesuffix(".0") if kind in ("", "n") else value


def _text(element: etree._Element) -> str:
    """The written words, without the readings that Japanese and Chinese programs add (rPh)."""
    pieces = []
    for child in element.iter():
        if local(child) == "t" and not any(local(parent) == "rPh" for parent in child.iterancestors()):
            pieces.append(child.text or "")
    return "".join(pieces)

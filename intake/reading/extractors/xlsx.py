"""Spreadsheets (OOXML): every filled row of every sheet in its columns, values as a sheet shows them, remarks on cells below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from zipfile import ZipFile

from lxml import etree

from intake.model.examination import Cell, SheetRow
from intake.model.mail import PartState
from intake.model.text import BlockKind, Run
from intake.reading import sheets as workbook
from intake.reading.builder import MAX_BLOCKS, TextBuilder
from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.base import Extract
from intake.reading.extractors.xml import identity_of, local, parse_xml, related, related_of, unread
from intake.reading.limits import Limits
from intake.reading.sheet_looks import STRUCK, UNSEEN

_NUMBER = re.compile(r"(\d+)\.xml$")
_SHEETS = "xl/worksheets/sheet"
_REMARKS = re.compile(r"/(?:comment|threadedComment)[^/]*\.xml$", re.I)
_WIDEST = 64
"""Columns that are kept though nothing stands in them; beyond, only those in which something does."""


def extract(data: bytes, limits: Limits) -> Extract:
    """Formulas are never run: their last values are shown."""
    try:
        box = open_zip(data, limits)
    except Unfit as error:
        return Extract(state=PartState.DAMAGED, defect=str(error))
    names = box.namelist()
    sheets = _sheets(box, names, limits)
    if not sheets:
        return Extract(state=PartState.DAMAGED, defect="no readable sheet")
    out = TextBuilder(limits.text_chars)
    book = parse_xml(member(box, "xl/workbook.xml", limits))
    cells = workbook.cells_of(box, book, limits, shown=True)
    unknown = ""
    unseen = _unseen_sheets(box, book, limits)
    hidden: list[str] = []
    for number, name in enumerate(sheets, 1):
        root = parse_xml(member(box, name, limits))
        if root is not None:
            before = len(out.blocks), len(hidden)
            rows = _seen(list(islice(cells.rows(root), MAX_BLOCKS)), hidden, none=name in unseen)
            rows_into(out, rows, number)
            unknown = unknown or (unread(root) if (len(out.blocks), len(hidden)) == before else "")
        for remark in _remarks(box, name, names, limits):
            out.add(BlockKind.FOOTNOTE, [Run(text=remark)], page=number, tight=True)
    defect = "text_cut" if out.cut else unknown if not out.text.strip() and not hidden else ""
    macro = any(name.lower().endswith("vbaproject.bin") for name in names)
    state = PartState.MACRO if macro else PartState.DAMAGED if defect and not out.text.strip() else PartState.OK
    return Extract(
        text=out.text,
        blocks=tuple(out.blocks),
        state=state,
        pages=len(sheets),
        defect=defect,
        hidden=" ".join(hidden)[: limits.text_chars],
    )


def _sheets(box: ZipFile, names: Sequence[str], limits: Limits) -> list[str]:
    """Names of the sheets in the order of their tabs; those that no tab names come last."""
    tabs = [name for name in related(box, "xl/workbook.xml", "sheet", limits) if name in names and "chartsheet" not in name]
    others = [name for name in names if name.startswith(_SHEETS) and _NUMBER.search(name) and name not in tabs]
    return tabs + sorted(others, key=lambda name: int(_NUMBER.findall(name)[0]))


def _unseen_sheets(box: ZipFile, book: etree._Element | None, limits: Limits) -> frozenset[str]:
    """Members of the sheets that have no tab to be seen."""
    places = dict(related_of(box, "xl/workbook.xml", limits))
    sheets = book.iter("{*}sheet") if book is not None else ()
    return frozenset(places.get(identity_of(item), "") for item in sheets if item.get("state", "visible") != "visible")


def _seen(rows: Sequence[SheetRow], hidden: list[str], *, none: bool) -> list[SheetRow]:
    """The rows without what nobody sees, which is set aside. `none`: of all the sheet."""
    kept = []
    for row in rows:
        aside = {at for at, cell in row.cells.items() if none or cell.look == UNSEEN}
        hidden += (row.cells[at].text for at in sorted(aside) if row.cells[at].text.strip())
        if cells := {at: cell for at, cell in row.cells.items() if at not in aside}:
            kept.append(SheetRow(number=row.number, cells=cells))
    return kept


def _run(cell: Cell) -> Run:
    return Run(text=cell.text, struck=cell.look == STRUCK)


def rows_into(out: TextBuilder, rows: Sequence[SheetRow], page: int) -> None:
    """Rows of a sheet with every cell in its column. A lone cell in the first column is a paragraph of its own."""
    used = {at for row in rows for at in row.cells}
    columns = [at for at in range(1, max(used, default=0) + 1) if at <= _WIDEST or at in used]
    for row in rows:
        filled = [at for at, cell in row.cells.items() if cell.text.strip()]
        if filled == [min(used)]:
            out.add(BlockKind.PARAGRAPH, [_run(row.cells[filled[0]])], page=page, tight=True)
        elif filled:
            shown = (row.cells.get(at) for at in columns if at <= max(filled))
            out.add_row([[_run(cell)] if cell is not None else [] for cell in shown], page=page)
        if out.cut:
            return


def _remarks(box: ZipFile, sheet: str, names: Sequence[str], limits: Limits) -> Iterator[str]:
    """What people wrote on cells, with the cell: "B7: words". A thread stands once: the old form of it only says that it is one."""
    files = sorted((name for name in related(box, sheet, "", limits) if name in names and _REMARKS.search(name)), reverse=True)
    threads: set[str] = set()
    for name in files:  # "threadedComments" before "comments"
        root = parse_xml(member(box, name, limits))
        for item in root.iter("{*}comment", "{*}threadedComment") if root is not None else ():
            place = item.get("ref", "")
            words = "".join(piece.text or "" for piece in item.iter() if local(piece) in ("t", "text") and piece.text).strip()
            if local(item) == "threadedComment":
                threads.add(place)
            elif place in threads:
                continue
            if words:
                yield f"{place}: {words}"

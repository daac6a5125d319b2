"""Spreadsheets (OOXML): every filled row of every sheet in its columns, values as a sheet shows them, remarks on cells below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from zipfile import ZipFile

from intake.model.examination import SheetRow
from intake.model.mail import PartState
from intake.model.text import BlockKind, Run
from intake.reading import sheets as workbook
from intake.reading.builder import MAX_BLOCKS, TextBuilder
from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.base import Extract
from intake.reading.extractors.xml import local, parse_xml, related, unread
from intake.reading.limits import Limits

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
    cells = workbook.cells_of(box, parse_xml(member(box, "xl/workbook.xml", limits)), limits, shown=True)
    unknown = ""
    for number, name in enumerate(sheets, 1):
        root = parse_xml(member(box, name, limits))
        if root is not None:
            before = len(out.blocks)
            rows_into(out, list(islice(cells.rows(root), MAX_BLOCKS)), number)
            unknown = unknown or (unread(root) if len(out.blocks) == before else "")
        for remark in _remarks(box, name, names, limits):
            out.add(BlockKind.FOOTNOTE, [Run(text=remark)], page=number, tight=True)
    defect = "text_cut" if out.cut else unknown if not out.text.strip() else ""
    macro = any(name.lower().endswith("vbaproject.bin") for name in names)
    state = PartState.MACRO if macro else PartState.DAMAGED if defect and not out.text.strip() else PartState.OK
    return Extract(text=out.text, blocks=tuple(out.blocks), state=state, pages=len(sheets), defect=defect)


def _sheets(box: ZipFile, names: Sequence[str], limits: Limits) -> list[str]:
    """Names of the sheets in the order of their tabs; those that no tab names come last."""
    tabs = [name for name in related(box, "xl/workbook.xml", "sheet", limits) if name in names and "chartsheet" not in name]
    others = [name for name in names if name.startswith(_SHEETS) and _NUMBER.search(name) and name not in tabs]
    return tabs + sorted(others, key=lambda name: int(_NUMBER.findall(name)[0]))


def rows_into(out: TextBuilder, rows: Sequence[SheetRow], page: int) -> None:
    """Rows of a sheet with every cell in its column. A lone cell in the first column is a paragraph of its own."""
    used = {at for row in rows for at in row.cells}
    columns = [at for at in range(1, max(used, default=0) + 1) if at <= _WIDEST or at in used]
    for row in rows:
        filled = [at for at, cell in row.cells.items() if cell.text.strip()]
        if filled == [min(used)]:
            out.add(BlockKind.PARAGRAPH, [Run(text=row.cells[filled[0]].text)], page=page, tight=True)
        elif filled:
            shown = (row.cells.get(at) for at in columns if at <= max(filled))
            out.add_row([[Run(text=cell.text)] if cell is not None else [] for cell in shown], page=page)
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

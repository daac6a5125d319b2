"""Old Excel workbooks (BIFF) by xlrd: every filled row of every sheet; formulas are never run, their stored values are shown."""

from __future__ import annotations

import io
from datetime import time

import xlrd
from xlrd.biffh import XLRDError

from intake.model.text import BlockKind, Run
from intake.reading.builder import TextBuilder


def sheets_into(out: TextBuilder, data: bytes) -> tuple[int | None, str]:
    """Fill `out`; gives (sheets, defect). xlrd raises what its tables raise: that is a defect, what was read stays."""
    number = 0
    try:
        book = xlrd.open_workbook(file_contents=data, on_demand=True, logfile=io.StringIO(), ragged_rows=True)
        for number in range(1, book.nsheets + 1):
            sheet = book.sheet_by_index(number - 1)
            for row in range(sheet.nrows):
                _row(out, [_shown(cell, book.datemode) for cell in sheet.row(row)], number)
                if out.cut:
                    return number, "text_cut"
            book.unload_sheet(number - 1)
    except XLRDError as error:
        return None, f"XLS: {error}"[:200]
    except Exception as error:  # a damaged workbook: whatever its tables lead to
        return number or None, f"XLS: {type(error).__name__}"
    return number, ""


def _row(out: TextBuilder, cells: list[str], page: int) -> None:
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) == 1:
        out.add(BlockKind.PARAGRAPH, [Run(text=filled[0])], page=page, tight=True)
    elif filled:
        out.add_row([[Run(text=cell)] for cell in cells], page=page)


def _shown(cell: xlrd.sheet.Cell, datemode: int) -> str:
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return str(int(cell.value)) if cell.value == int(cell.value) and abs(cell.value) < 1e15 else repr(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _date(cell.value, datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    return str(cell.value) if cell.ctype == xlrd.XL_CELL_TEXT else ""


def _date(value: float, datemode: int) -> str:
    try:
        when = xlrd.xldate_as_datetime(value, datemode)
    except (ValueError, OverflowError):
        return repr(value)
    return str(when.date()) if when.time() == time() else str(when)[:16]

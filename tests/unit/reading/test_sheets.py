"""Spreadsheets that come back: places, what is written and what is computed; and what only calls itself a spreadsheet."""

from __future__ import annotations

import io
import zipfile

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from intake.model.examination import Cell
from intake.reading.limits import Limits
from intake.reading.sheets import rows_of

LIMITS = Limits()
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def book(*rows: tuple[object, ...]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(list(row))  # type: ignore[union-attr]
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def raw(sheet: str, **more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, text in more.items():
            box.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def test_cells_have_their_place_and_formulas_are_told_apart() -> None:
    rows = rows_of(book(("a", None, "c"), (), (1, "=1+1", True)), LIMITS)
    assert rows is not None
    assert [(row.number, row.cells.get(1), row.cells.get(3)) for row in rows[:1]] == [(1, Cell(text="a"), Cell(text="c"))]
    last = rows[-1]
    assert last.number == 3
    assert last.cells[1] == Cell(text="1")
    assert last.cells[2].formula


def test_a_formula_s_last_value_does_not_hide_it() -> None:
    sheet = (
        HEAD
        + '<row r="7"><c r="B7" t="str"><f>"cou"&amp;"nt"</f><v>count</v></c><c t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    )
    (row,) = rows_of(raw(sheet), LIMITS) or ()
    assert row.number == 7
    assert row.cells == {2: Cell(text="count", formula='"cou"&"nt"'), 3: Cell(text="x")}


def test_the_first_sheet_of_the_book_is_read_whatever_its_part_is_called() -> None:
    made = openpyxl.Workbook()
    made.active.append(["second"])  # type: ignore[union-attr]
    made.create_sheet("front", 0).append(["first"])
    out = io.BytesIO()
    made.save(out)
    (row,) = rows_of(out.getvalue(), LIMITS) or ()
    assert row.cells == {1: Cell(text="first")}


def test_what_is_no_spreadsheet_is_none() -> None:
    assert rows_of(b"", LIMITS) is None
    assert rows_of(b"PK\x03\x04 and no more", LIMITS) is None
    assert rows_of(raw("<html/>"), LIMITS) is None
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert rows_of(bomb.getvalue(), LIMITS) is None


def test_a_row_of_no_number_and_half_a_character_are_read() -> None:
    sheet = (
        HEAD
        + '<row r="x"><c t="str"><v>_xD800_a_x000D_b</v></c></row><row r="99999999999"><c><v>2.0</v></c></row></sheetData></worksheet>'
    )
    rows = rows_of(raw(sheet), LIMITS)
    assert rows is not None
    assert [(row.number, row.cells[1].text) for row in rows] == [(1, "_xD800_a\nb"), (2, "2")]
    rows[0].cells[1].text.encode()


def test_entities_are_not_expanded() -> None:
    sheet = (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        + HEAD
        + '<row><c t="str"><v>&e;</v></c></row></sheetData></worksheet>'
    )
    rows = rows_of(raw(sheet), LIMITS)
    assert rows is None or all("root" not in cell.text for row in rows for cell in row.cells.values())


@given(st.integers(0, 5000), st.binary(max_size=12))
def test_no_damage_raises(place: int, junk: bytes) -> None:
    octets = book(("a", "=b", 3), ("d",))
    place %= len(octets)
    rows_of(octets[:place] + junk + octets[place + len(junk) :], LIMITS)

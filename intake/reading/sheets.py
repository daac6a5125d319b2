"""One sheet of a workbook (OOXML, ISO/IEC 29500-1, 18.3) as rows of cells: exports that an officer hands over, decision sheets that come
back. Cells stay where they stand, dates are read by their format, formulas are told apart from what is written and never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from zipfile import ZipFile

from lxml import etree
from msgspec.structs import replace

from intake.errors import BadData
from intake.model.examination import Cell, SheetRow
from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.xml import identity_of, local, parse_xml
from intake.reading.limits import Limits
from intake.reading.number_formats import BUILT_IN, number_shown
from intake.reading.sheet_looks import SheetLooks

_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Built-in number formats that show a date or a time (ECMA-376, 18.8.30)."""
_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]')
_MOMENT = re.compile(r"[ymdhs]", re.IGNORECASE)
_COLUMN = re.compile(r"([A-Z]{1,3})(\d{1,7})$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_COLUMNS = 16_384
_LONGEST_NUMBER = 8

_SINCE = (datetime.fromisoformat("1899-12-30"), datetime.fromisoformat("1904-01-01"))
"""The local day that serial number 0 means, in workbooks of the two kinds."""

MOST_ROWS = 20_000
LONGEST_CELL = 8_000
"""Of a sheet that comes by mail."""
_FIRST = "worksheets/sheet1.xml"

Rows = list[tuple[int, list[str]]]


def rows_of(data: bytes, limits: Limits) -> tuple[SheetRow, ...] | None:
    """The rows of the first worksheet that have a cell; None for what is no readable spreadsheet. Never raises on hostile octets."""
    try:
        rows = _read(data, limits, "", strict=False)
    except BadData:
        return None
    return tuple(
        SheetRow(number=row.number, cells={at: replace(cell, text=cell.text[:LONGEST_CELL]) for at, cell in row.cells.items()})
        for row in islice(rows, MOST_ROWS)
    )


def rows_of_workbook(data: bytes, limits: Limits, sheet: str = "") -> Rows:
    """(row number from 1, cells from column A) of the sheet of that name, or the first. A date cell is ISO 8601 without a zone, a formula
    its own text after "=". Raises BadData: no workbook, no such sheet, too large."""
    return [
        (row.number, [_told(row.cells.get(at)) for at in range(1, max(row.cells) + 1)])
        for row in _read(data, limits, sheet, strict=True)
    ]


def _told(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return f"={cell.formula}" if cell.formula.strip() else cell.text


def _read(data: bytes, limits: Limits, sheet: str, *, strict: bool) -> Iterator[SheetRow]:
    """The rows of a sheet, by its name or the first. `strict`: a package that does not say what sheets it has is none. Raises BadData."""
    try:
        box = open_zip(data, limits)
    except Unfit as error:
        raise BadData(f"the workbook cannot be read: {error}") from error
    book = parse_xml(member(box, "xl/workbook.xml", limits))
    if book is None and strict:
        raise BadData("the file is no workbook (xl/workbook.xml)")
    names = [(item.get("name", ""), identity_of(item)) for item in book.iter("{*}sheet")] if book is not None else []
    found = next((target for name, target in names if not sheet or name == sheet), None)
    if found is None and strict:
        raise BadData(f"the workbook has no sheet {sheet!r}; there are {', '.join(repr(name) for name, _ in names) or 'none'}")
    links = parse_xml(member(box, "xl/_rels/workbook.xml.rels", limits))
    places = {item.get("Id", ""): item.get("Target", "") for item in links} if links is not None else {}
    path = places.get(found or "", _FIRST).lstrip("/")
    root = parse_xml(member(box, path if path.startswith("xl/") else f"xl/{path}", limits))
    if root is None or local(root) != "worksheet":
        raise BadData("the sheet cannot be read")
    return cells_of(box, book, limits).rows(root)


def cells_of(box: ZipFile, book: etree._Element | None, limits: Limits, *, shown: bool = False) -> Cells:
    """Who reads the cells of a workbook's sheets. `shown`: as a person sees them, for reading; else as they are to be worked with."""
    return Cells(
        shared=[_text(item) for item in _inner(parse_xml(member(box, "xl/sharedStrings.xml", limits)), "si")],
        styles=parse_xml(member(box, "xl/styles.xml", limits)),
        since=_SINCE[book is not None and _is_1904(book)],
        shown=shown,
    )


class Cells:
    """Cells to text. `since`: the day that serial number 0 means; `styles`: the formats of numbers."""

    def __init__(self, shared: list[str], styles: etree._Element | None, since: datetime, *, shown: bool) -> None:
        self._shared = shared
        self._dates = _date_styles(styles)
        self._forms = _number_styles(styles) if shown else {}
        self._looks = SheetLooks(styles) if shown else None
        self._since = since
        self._shown = shown

    def rows(self, root: etree._Element) -> Iterator[SheetRow]:
        """Every row that has a cell with something in it."""
        number = 0
        looks = self._looks
        unseen = looks.columns(root) if looks is not None else None
        for row in root.iter("{*}row"):
            said = row.get("r", "")
            number = int(said) if said.isdecimal() and len(said) < _LONGEST_NUMBER else number + 1
            cells: dict[int, Cell] = {}
            column = 0
            for cell in row:
                if local(cell) != "c":
                    continue
                at = _COLUMN.match(cell.get("r", ""))
                column = _column(at.group(1)) if at else column + 1
                formula = next((child for child in cell if local(child) == "f"), None)
                text = self._value(cell)
                if column <= _MOST_COLUMNS and (text.strip() or formula is not None):
                    look = looks.of(cell, row, column, unseen) if looks is not None and unseen is not None else ""
                    cells[column] = Cell(text=text, formula=(formula.text or " ") if formula is not None else "", look=look)
            if cells:
                yield SheetRow(number=number, cells=cells)

    def _value(self, cell: etree._Element) -> str:
        kind = cell.get("t", "")
        value = next((child.text or "" for child in cell if local(child) == "v"), "")
        if kind == "s":
            return self._shared[int(value)] if value.isdecimal() and int(value) < len(self._shared) else ""
        if kind == "inlineStr":
            return _text(cell)
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        if kind in ("str", "e", "d"):
            return _unescaped(value)
        style = cell.get("s", "")
        if style.isdecimal() and int(style) in self._dates:
            return self._as_shown(self._moment(value)) if self._shown else self._moment(value)
        if self._shown and value:
            return number_shown(value, self._forms.get(int(style) if style.isdecimal() else 0, "")) or value
        return value.removesuffix(".0")

    def _as_shown(self, moment: str) -> str:
        """A day without its midnight; an hour without the day that serial number 0 means."""
        day, _, hour = moment.partition("T")
        if day == self._since.date().isoformat() and hour:
            return hour.removesuffix(":00") if hour.count(":") > 1 else hour
        return day if hour in ("", "00:00:00") else f"{day} {hour.removesuffix(':00')}"

    def _moment(self, value: str) -> str:
        try:
            moment = self._since + timedelta(days=float(value))
        except (ValueError, OverflowError):
            return value
        return (moment + timedelta(microseconds=500_000)).replace(microsecond=0).isoformat()


def _number_styles(styles: etree._Element | None) -> dict[int, str]:
    """The format of numbers by the index of the cell format, where it has one."""
    if styles is None:
        return {}
    own = {item.get("numFmtId", ""): item.get("formatCode", "") for item in styles.iter("{*}numFmt")}
    formats = next(iter(styles.iter("{*}cellXfs")), None)
    numbers = [item.get("numFmtId", "") for item in (formats if formats is not None else ())]
    codes = [own.get(number) or BUILT_IN.get(int(number) if number.isdecimal() else 0, "") for number in numbers]
    return {index: code for index, code in enumerate(codes) if code}


def _date_styles(styles: etree._Element | None) -> frozenset[int]:
    """Indexes of the cell formats that show a date or a time."""
    if styles is None:
        return frozenset()
    own = {item.get("numFmtId", ""): item.get("formatCode", "") for item in styles.iter("{*}numFmt")}
    formats = next(iter(styles.iter("{*}cellXfs")), None)
    found = set()
    for index, item in enumerate(formats if formats is not None else ()):
        number = item.get("numFmtId", "")
        code = own.get(number)
        shows = (
            _MOMENT.search(_LITERAL.sub("", code)) is not None if code is not None else number.isdigit() and int(number) in _DATES
        )
        if shows:
            found.add(index)
    return frozenset(found)


def _is_1904(book: etree._Element) -> bool:
    properties = next(iter(book.iter("{*}workbookPr")), None)
    return properties is not None and properties.get("date1904", "") in ("1", "true")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _inner(root: etree._Element | None, name: str) -> list[etree._Element]:
    return [child for child in root if local(child) == name] if root is not None else []


def _text(element: etree._Element) -> str:
    """The text of a string item; how it is pronounced (rPh) is left out."""
    pieces = []
    for child in element.iter():
        parent = child.getparent()
        if local(child) == "t" and (parent is None or local(parent) != "rPh"):
            pieces.append(child.text or "")
    return _unescaped("".join(pieces))


def _unescaped(text: str) -> str:
    """_x000D_ is how a workbook writes a character that XML cannot hold; half of a pair is none."""
    return _ESCAPED.sub(_character, text).replace("\r\n", "\n").replace("\r", "\n")


def _character(match: re.Match[str]) -> str:
    code = int(match.group(1), 16)
    return match.group() if 0xD800 <= code <= 0xDFFF else chr(code)

"""One sheet of a workbook (OOXML) as rows of text, for files that an officer hands over: cells stay where they stand, dates are read by
their format, formulas are text and never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from lxml import etree

from intake.errors import BadData
from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.xml import local, parse_xml
from intake.reading.limits import Limits

_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Built-in number formats that show a date or a time (ECMA-376, 18.8.30)."""
_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]')
_MOMENT = re.compile(r"[ymdhs]", re.IGNORECASE)
_COLUMN = re.compile(r"([A-Z]{1,3})(\d{1,7})$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_COLUMNS = 16_384

_SINCE = (datetime.fromisoformat("1899-12-30"), datetime.fromisoformat("1904-01-01"))
"""The local day that serial number 0 means, in workbooks of the two kinds."""

Rows = list[tuple[int, list[str]]]


def rows_of_workbook(data: bytes, limits: Limits, sheet: str = "") -> Rows:
    """(row number from 1, cells from column A) of the sheet of that name, or the first. A date cell is ISO 8601 without a zone, a formula
    its own text after "=". Raises BadData: no workbook, no such sheet, too large."""
    try:
        box = open_zip(data, limits)
    except Unfit as error:
        raise BadData(f"the workbook cannot be read: {error}") from error
    book = parse_xml(member(box, "xl/workbook.xml", limits))
    if book is None:
        raise BadData("the file is no workbook (xl/workbook.xml)")
    names = [(item.get("name", ""), _related(item)) for item in book.iter("{*}sheet")]
    found = next((target for name, target in names if not sheet or name == sheet), None)
    if found is None:
        raise BadData(f"the workbook has no sheet {sheet!r}; there are {', '.join(repr(name) for name, _ in names) or 'none'}")
    links = parse_xml(member(box, "xl/_rels/workbook.xml.rels", limits))
    places = {item.get("Id", ""): item.get("Target", "") for item in links} if links is not None else {}
    path = places.get(found, "worksheets/sheet1.xml").lstrip("/")
    root = parse_xml(member(box, path if path.startswith("xl/") else f"xl/{path}", limits))
    if root is None:
        raise BadData("the sheet cannot be read")
    reader = _Cells(
        shared=[_text(item) for item in _inner(parse_xml(member(box, "xl/sharedStrings.xml", limits)), "si")],
        dates=_date_styles(parse_xml(member(box, "xl/styles.xml", limits))),
        since=_SINCE[_is_1904(book)],
    )
    return list(reader.rows(root))


class _Cells:
    """Cells to text. `since`: the day that serial number 0 means; `dates`: style numbers that show a date."""

    def __init__(self, shared: list[str], dates: frozenset[int], since: datetime) -> None:
        self._shared = shared
        self._dates = dates
        self._since = since

    def rows(self, root: etree._Element) -> Iterator[tuple[int, list[str]]]:
        """Every row that has a cell."""
        number = 0
        for row in root.iter("{*}row"):
            number = int(row.get("r", "") or number + 1)
            cells: list[str] = []
            for cell in row:
                if local(cell) != "c":
                    continue
                at = _COLUMN.match(cell.get("r", ""))
                column = _column(at.group(1)) if at else len(cells)
                if column >= _MOST_COLUMNS:
                    continue
                cells += [""] * (column + 1 - len(cells))
                cells[column] = self._cell(cell)
            if cells:
                yield number, cells

    def _cell(self, cell: etree._Element) -> str:
        kind = cell.get("t", "")
        formula = next((child for child in cell if local(child) == "f"), None)
        if formula is not None and (formula.text or "").strip():
            return "=" + (formula.text or "")
        value = next((child.text or "" for child in cell if local(child) == "v"), "")
        if kind == "s":
            return self._shared[int(value)] if value.isdigit() and int(value) < len(self._shared) else ""
        if kind == "inlineStr":
            return _text(cell)
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        if kind in ("str", "e", "d"):
            return _unescaped(value)
        style = cell.get("s", "")
        if style.isdigit() and int(style) in self._dates:
            return self._moment(value)
        return value.removesuffix(".0")

    def _moment(self, value: str) -> str:
        try:
            moment = self._since + timedelta(days=float(value))
        except (ValueError, OverflowError):
            return value
        return (moment + timedelta(microseconds=500_000)).replace(microsecond=0).isoformat()


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


def _related(item: etree._Element) -> str:
    """The r:id of a sheet."""
    return next((str(value) for key, value in item.attrib.items() if str(key).endswith("}id")), "")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


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
    """_x000D_ is how a workbook writes a character that XML cannot hold."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text).replace("\r\n", "\n").replace("\r", "\n")

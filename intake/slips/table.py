"""An export as rows of text: CSV in whatever delimiter and coding it says, never guessed where a guess could lose a letter."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence

from intake.errors import BadData

DELIMITERS = (",", ";", "\t", "|")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FIELD_CHARS = 4_000_000

Rows = list[tuple[int, list[str]]]


def rows_of_csv(data: bytes, encoding: str = "", delimiter: str = "", columns: Sequence[str] = ()) -> Rows:
    """(line number from 1, cells) of every record; the line is that on which the record begins. `columns`: names that the first line should
    hold, by which the delimiter is told where none is given. Raises BadData."""
    text = _decoded(data, encoding)
    chosen = delimiter or _delimiter(text, columns)
    before = csv.field_size_limit(_FIELD_CHARS)
    rows: Rows = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=chosen, strict=True)
        line = 1
        for cells in reader:
            rows.append((line, [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadData(f"line {line}: is no CSV: {error}") from error
    finally:
        csv.field_size_limit(before)
    return rows


def _decoded(data: bytes, encoding: str) -> str:
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    name = marked or encoding or "utf-8"
    try:
        text = data.decode(name)
    except LookupError as error:
        raise BadData(f"there is no encoding {encoding!r}") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = "" if encoding else '; say in the mapping what it is: encoding = "cp1252"'
        raise BadData(f"line {line}: is not {name} (octet {error.start}){hint}") from error
    if "\x00" in text:
        raise BadData(f"line {text.count(chr(10), 0, text.index(chr(0))) + 1}: holds a NUL; the file is no text in {name}")
    return text


def _delimiter(text: str, columns: Sequence[str]) -> str:
    """The one by which the first record holds most of the wanted columns; the first of those that do it equally well."""
    wanted = {column.strip() for column in columns}

    def score(delimiter: str) -> tuple[int, int]:
        try:
            head = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
        except csv.Error:
            return (-1, 0)
        return (len(wanted & {cell.strip() for cell in head}), len(head) if not wanted else 0)

    before = csv.field_size_limit(_FIELD_CHARS)
    try:
        return max(DELIMITERS, key=score)
    finally:
        csv.field_size_limit(before)

"""The decision sheet: rows of what waits to a spreadsheet, and rows of one that came back to orders.

Every cell is text; what somebody else wrote is never a formula or a link. Found again by its own marks: the words of the head in any
language, and the token of each row.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

import xlsxwriter
from msgspec import Struct
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from intake.digest.replies import Acts, said
from intake.digest.tokens import Keys, check_of, tokens_in
from intake.model.examination import Cell, SheetRow
from intake.model.order import Refusal

SHOWN = ("number", "respondent", "subject", "waits", "why", "proposal")
COLUMNS = (*SHOWN, "decision", "reason", "words", "token", "check")
_WIDTHS = (12, 30, 34, 24, 34, 30, 18, 44, 34, 18, 18)
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD_ROWS = 4
LONGEST_WORDS = 4000
LONGEST = 300
"""Characters of a cell that shows words of others."""


class Row(Struct, frozen=True, kw_only=True):
    """A row to be written: what it shows (by SHOWN), the words to choose from, the token."""

    shown: tuple[str, ...]
    choices: tuple[str, ...]
    token: str


class SheetHead(Struct, frozen=True, kw_only=True):
    """What stands above the rows. `lines`: whose sheet, of which round, until when; `made_at`: the file's own date."""

    title: str
    how: str
    lines: tuple[str, ...]
    columns: Mapping[str, str]
    right_to_left: bool
    made_at: datetime


class Returned(Struct, frozen=True, kw_only=True):
    """A row of a sheet that came back, with a decision or a reason in it. `refused`: why it cannot be an order."""

    line: int
    number: str
    decision: str
    reason: str
    token: str
    words: str = ""
    refused: Refusal | None = None


def sheet_octets(head: SheetHead, rows: Sequence[Row], keys: Keys) -> bytes:
    """The spreadsheet (OOXML). The same rows give the same octets."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": head.title, "created": head.made_at.replace(tzinfo=None)})
    page = book.add_worksheet("1")
    plain = {"text_wrap": True, "valign": "top", "num_format": "@", "border": 1, "border_color": "#BBBBBB"}
    if head.right_to_left:
        page.right_to_left()
        plain["reading_order"] = 2
    shown, open_, small = (
        book.add_format({**plain, "bg_color": "#F2F5F8"}),
        book.add_format({**plain, "locked": False, "bg_color": "#FFFFFF"}),
        book.add_format({**plain, "bg_color": "#E5E5E5", "font_size": 7, "text_wrap": False}),
    )
    _write_head(page, head, book.add_format({"bold": True, "font_size": 14}), book.add_format({**plain, "bold": True}))
    for place, row in enumerate(rows, HEAD_ROWS + 2):
        _write_row(page, place, row, keys, (shown, open_, small))
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    page.freeze_panes(HEAD_ROWS + 2, 1)
    page.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD_ROWS + 1)
    book.close()
    return out.getvalue()


def _write_head(page: Worksheet, head: SheetHead, large: Format, bold: Format) -> None:
    page.write_string(0, 0, head.title, large)
    for place, line in enumerate([head.how, *head.lines][:HEAD_ROWS], 1):
        page.write_string(place, 0, line)
    for column, key in enumerate(COLUMNS):
        page.write_string(HEAD_ROWS + 1, column, head.columns[key], bold)


def _write_row(page: Worksheet, place: int, row: Row, keys: Keys, formats: tuple[Format, Format, Format]) -> None:
    shown, open_, small = formats
    cells = tuple(text[:LONGEST] for text in row.shown)
    for column, text in enumerate(cells):
        page.write_string(place, column, text, shown)
    decision = len(SHOWN)
    page.write_blank(place, decision, None, open_)
    page.write_blank(place, decision + 1, None, open_)
    page.write_blank(place, decision + 2, None, open_)
    page.write_string(place, decision + 3, row.token, small)
    page.write_string(place, decision + 4, check_of(keys, row.token, cells), small)
    page.data_validation(
        place, decision, place, decision, {"validate": "list", "source": list(row.choices), "error_type": "stop"}
    )


def returned_rows(rows: Sequence[SheetRow], heads: Sequence[Mapping[str, str]], keys: Keys) -> tuple[Returned, ...] | None:
    """The rows in which somebody decided; None where no head of ours stands. `heads`: [column] of every language."""
    columns: dict[str, int] = {}
    found: list[Returned] = []
    for row in rows:
        named = _head_of(row, heads)
        if named:
            columns = named
        elif columns:
            item = _returned(row, columns, keys)
            if item is not None:
                found.append(item)
    return tuple(found) if columns else None


def _head_of(row: SheetRow, heads: Sequence[Mapping[str, str]]) -> dict[str, int]:
    """Column of each of our names, where the row is the head in one of the languages."""
    texts = {said(cell.text): column for column, cell in row.cells.items()}
    for head in heads:
        if all(said(head[key]) in texts for key in ("decision", "reason", "token", "check")):
            return {key: texts[said(name)] for key, name in head.items() if said(name) in texts}
    return {}


def _returned(row: SheetRow, columns: Mapping[str, int], keys: Keys) -> Returned | None:
    """What a row says; None for one in which nobody decided anything."""
    none = Cell(text="")
    cells = {key: row.cells.get(column, none) for key, column in columns.items()}
    decision, reason, words = cells["decision"], cells["reason"], cells.get("words", none)
    tokens = tokens_in(cells["token"].text)
    if not any(cell.text.strip() or cell.formula for cell in (decision, reason, words)):
        return None
    shown = [cells[key].text if key in cells else "" for key in SHOWN]
    refused: Refusal | None = None
    if any(cell.formula for cell in row.cells.values()):
        refused = Refusal.FORMULA
    elif not tokens:
        refused = Refusal.NO_TOKEN
    elif len(tokens) > 1 or cells["check"].text.strip().lower() != check_of(keys, tokens[0], shown):
        refused = Refusal.ALTERED
    return Returned(
        line=row.number,
        number=cells["number"].text.strip()[:40] if "number" in cells else "",
        decision=decision.text.strip()[:80],
        reason=" ".join(reason.text.split())[:500],
        token=tokens[0] if tokens else "",
        words=" ".join(words.text.split())[:LONGEST_WORDS],
        refused=refused,
    )


def acts_meant(word: str, acts: Acts) -> frozenset[str]:
    """The acts that a word of the decision column may stand for."""
    told = said(word)
    return frozenset(act for act, words in acts.items() if told in words)

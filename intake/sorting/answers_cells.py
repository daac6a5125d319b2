"""Rows of a table of answers whose answer's cell is empty: what stands before it is the question in short."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from intake.sorting.answers_lines import Page
from intake.sorting.answers_marks import Mark
from intake.sorting.folding import has_cjk

_CAPTION, _CAPTION_UNSPACED = 90, 40
"""Letters of a question in short; a longer text in its place is an answer in a cell of its own."""


def without_blank_cells(page: Page, marks: Sequence[Mark]) -> list[Mark]:
    """The marks, without the number of a row that ends before the column in which most other rows have their answer."""
    ends = {mark.start: _last_cell(page, mark) for mark in marks if mark.numbers}
    cells = sorted(cell for cell, _ in ends.values() if cell >= 0)
    if len(cells) < 2 or cells[len(cells) // 2] < 2:
        return list(marks)
    column = cells[len(cells) // 2]
    return [
        msgspec.structs.replace(mark, numbers=(), matched=0, old=0)
        if mark.start in ends and 0 <= ends[mark.start][0] < column and _is_short(ends[mark.start][1])
        else mark
        for mark in marks
    ]


def _last_cell(page: Page, mark: Mark) -> tuple[int, str]:
    """(column, text) of the last cell with words in the mark's row; (-1, "") outside tables."""
    where = page.at(mark.start)
    row = page.paragraphs[where].row if where >= 0 else -1
    if row < 0:
        return -1, ""
    last = bisect_right(page.starts, mark.start) - 1
    while last + 1 < len(page.paragraphs) and page.paragraphs[last + 1].row == row:
        last += 1
    return page.paragraphs[last].cell, page.text(page.paragraphs[last])


def _is_short(text: str) -> bool:
    return len(text) <= (_CAPTION_UNSPACED if has_cjk(text) else _CAPTION)

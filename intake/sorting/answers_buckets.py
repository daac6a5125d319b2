"""What is no answer: covering words, general comments, labels, and what no rule could place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from intake.sorting.answers_frame import Frame
from intake.sorting.answers_lines import Page
from intake.sorting.answers_marks import numbers_in
from intake.sorting.answers_questions import QuestionIndex
from intake.sorting.answers_settle import Settled
from intake.sorting.answers_tables import AnswerTables
from intake.sorting.folding import has_cjk, words_of

_NOTE = 45
_LETTER = 60
"""Words from which a paragraph beside an enclosed document says more than that it is enclosed."""


def numbers_of_name(text: str, index: QuestionIndex, tables: AnswerTables) -> tuple[int, ...]:
    """The one or two questions that a subject, a file name or a covering note names; () for none or more."""
    found: list[int] = []
    for pattern in (tables.labelled, tables.ordinal, tables.chinese, tables.short):
        for match in pattern.finditer(text.replace("_", " ")):
            written = next((group for group in match.groups() if group), "")
            found += numbers_in(written, tables, max(index.numbers, default=0))
    numbers = tuple(dict.fromkeys(found))
    return numbers if 0 < len(numbers) <= 2 and set(numbers) <= set(index.numbers) else ()


def bucket_of(
    page: Page, frame: Frame, settled: Settled, tables: AnswerTables, start: int, end: int, *, answered: bool, enclosed: bool
) -> Iterator[tuple[int, int, str]]:
    """The stretch [start, end) of own words in pieces with the bucket of each. Pieces cover it but for white space."""
    edges = [edge for edge in _edges(page, frame, settled, start, end) if start < edge < end]
    position = start
    for edge in [*edges, end]:
        text = page.plain[position:edge]
        bare = text.strip()
        if bare:
            first = position + len(text) - len(text.lstrip())
            yield first, first + len(bare), _bucket(page, frame, settled, tables, first, first + len(bare), answered, enclosed)
        position = edge


def _edges(page: Page, frame: Frame, settled: Settled, start: int, end: int) -> list[int]:
    marks = [edge for mark in settled.marks for edge in (mark.start, mark.end)]
    paragraphs = page.starts[bisect_right(page.starts, start) : bisect_right(page.starts, end)]
    return sorted({frame.start, frame.closing, frame.signature, *marks, *paragraphs})


def _bucket(
    page: Page, frame: Frame, settled: Settled, tables: AnswerTables, start: int, end: int, answered: bool, enclosed: bool
) -> str:
    if any(mark.start <= start and end <= mark.end for mark in settled.marks):
        return "labels"
    if start < frame.start or start >= frame.closing:
        return "cover"
    text = page.plain[start:end]
    size = len(words_of(text))
    if settled.stops and settled.stops[0] <= start:
        return "general" if size > 3 else "cover"
    if page.unit.kind == "attachment":
        if not settled.marks and answered:
            return "unmapped"
        long_enough = size >= (40 if has_cjk(text) else 25)
        return "general" if long_enough and not _noted(text, size, tables) else "cover"
    if answered:
        # What stands around answers in a mail presents the sender or the mail.
        return "cover"
    if enclosed:
        return "general" if size >= _LETTER else "cover"
    return "general" if size >= 12 and not _noted(text, size, tables) else "cover"


def _noted(text: str, size: int, tables: AnswerTables) -> bool:
    """A short covering note."""
    return size < _NOTE and tables.cover.search(text) is not None

"""Is it one piece of a response sent in several mails?"""

from __future__ import annotations

import re
from functools import lru_cache

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import found
from intake.sorting.folding import folded
from intake.sorting.grammar import PartTables
from intake.sorting.view import View

NAME = "part"
MOST = 9
"""Nobody sends a response in more mails; what counts higher is something else."""


def classify(view: View) -> Finding | None:
    """By a number and a total in the subject, the covering words or a file's name, where it brings something."""
    numbers = part_numbers(view)
    if view.arrival.reading.partial is not None and numbers is not None:
        return found(NAME, Disposition.PART, f"piece {numbers[0]} of {numbers[1]} (message/partial)", 0.97)
    if numbers is None or not (view.answers or view.files or view.mapping.substance > 25):
        return None
    return found(NAME, Disposition.PART, f"part {numbers[0]} of {numbers[1]}", 0.94)


@lru_cache(maxsize=4)
def part_numbers(view: View) -> tuple[int, int] | None:
    """(number, total), where the mail counts itself; dates and fractions in the text do not count."""
    piece = view.arrival.reading.partial
    if piece is not None:
        return piece.number, piece.total or piece.number
    tables = view.phrases.parts
    names = [folded(part.name or "").replace("_", " ") for part in view.files]
    for text in (view.subject, view.head[:500], *names):
        for match in tables.matches(text):
            numbers = _numbers(match, tables)
            if numbers is not None:
                return numbers
    return _bare(view.subject, tables, bracketed=False) or _bare(view.head[:500], tables, bracketed=True)


def _bare(text: str, tables: PartTables, *, bracketed: bool) -> tuple[int, int] | None:
    """ "2/3" alone: in brackets anywhere; else at the end or the beginning of a subject, and no date."""
    for match in tables.bare.finditer(text):
        inside = bool(match.group("open") and match.group("close"))
        edge = not text[match.end() :].strip() or not text[: match.start()].strip()
        if not inside and (bracketed or not edge or tables.dated.search(text[: match.start()])):
            continue
        numbers = _numbers(match, tables)
        if numbers is not None:
            return numbers
    return None


def _numbers(match: re.Match[str], tables: PartTables) -> tuple[int, int] | None:
    number, total = tables.value(match.group("n")), tables.value(match.group("of"))
    if number is None or total is None or not 1 <= number <= total or not 2 <= total <= MOST:
        return None
    return number, total

"""Names whose kind stands in small letters before them: "общественного фонда «Х»", "l'association X", "la fundación «X»"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from intake.sorting.folding import Folded
from intake.sorting.who_names import nominative
from intake.sorting.who_tables import WhoTables

_QUOTED = re.compile(r"\s{1,2}[«“„\"]\s?[^«“”„»\"\n]{2,80}\s?[»”\"]")
_PLURAL = ("ов", "ев", "ей")
_BEFORE = re.compile(r"(?:(?<![\w-])[А-ЯЁа-яё][а-яё]+(?:ого|его|ой|ей|ый|ий|ая|яя|ое|ее)\s){0,3}$")
"""Adjectives before the word of the kind."""


def quoted_names(head: str, page: Folded, tables: WhoTables) -> Iterator[str]:
    """The kind with its adjectives and the name in quotes, in the nominative, at the beginning of a text."""
    for hit in islice(tables.kinds.find(page.text), 40):
        start, end = page.back(hit.start), page.back(hit.end - 1) + 1
        quoted = _QUOTED.match(head, end)
        word = page.text[hit.start : hit.end]
        if quoted is None or not head[start].islower() or head[start].isascii() or hit.value == "private_sector":
            continue  # a firm goes by the name in quotes
        if word.endswith(_PLURAL) or next(tables.members.find(word), None) is not None:
            continue  # "ассоциация операторов «Х»"
        before = _BEFORE.search(head, max(0, start - 60), start)
        begin = before.start() if before else start
        name = nominative(" ".join(head[begin : quoted.end()].split()), tables)
        yield name[0].upper() + name[1:]

"""What a sender says that it is: "X (ABC), a federation of ...", "X is the exchange point of ...", "we are a cooperative that ..."."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.sorting.folding import folded
from intake.sorting.who_tables import WhoTables

_LONGEST = 200
_MOST = 4
_SENTENCE = re.compile(r"[.!?;]\s|\n\s*\n|[.!?]$")
_ACRONYM = re.compile(r"\s*[(\[][^()\[\]\n]{1,60}[)\]]")
_APPOSED = re.compile(r"\s*[,(\[]\s*|\s+[-–—]\s+")


def definition_of(name: str | None, text: str, tables: WhoTables) -> str:
    """The folded words by which a text says what its sender is, at most a few sentences; "" when it does not."""
    plain = folded(text)
    found = [*_of_name(folded(name), plain, tables)] if name else []
    found += _of_self(plain, tables)
    return "\n".join(found[:_MOST])


def _of_name(name: str, plain: str, tables: WhoTables) -> Iterator[str]:
    """What stands after the name: in brackets, between commas, or after "is"."""
    one_line = plain.replace("\n", " ")
    position = one_line.find(name)
    while position >= 0 and len(name) > 2:
        after = position + len(name)
        rest = one_line[after : after + _LONGEST + 60]
        acronym = _ACRONYM.match(rest)
        apposed = _APPOSED.match(rest)
        beyond = rest[acronym.end() :] if acronym else rest
        if tables.is_words.match(beyond.lstrip(" ,")):
            yield _sentence(beyond)
        if acronym and len(acronym.group().split()) > 1:
            yield acronym.group().strip(" ()[]")
        elif apposed and not rest[apposed.end() : apposed.end() + 1].isdigit():
            yield _apposition(rest, apposed, tables)
        position = one_line.find(name, after)


def _apposition(rest: str, opened: re.Match[str], tables: WhoTables) -> str:
    """What stands in the bracket, or between the comma and the verb."""
    if opened.group().strip() in "([":
        return rest[opened.end() :].partition(")")[0][:_LONGEST]
    said = _sentence(rest[opened.end() :])
    verb = tables.name_ends.search(said, 3)  # behind an article: "a" is also a verb
    return said[: verb.start()] if verb else said


def _of_self(plain: str, tables: WhoTables) -> Iterator[str]:
    """ "We are a ..." at the beginning of a sentence."""
    starts = [0, *(match.end() for match in re.finditer(r"[.!?:,]\s+|\n\s*", plain))]
    for start in starts[:60]:
        match = tables.self_words.match(plain, start)
        if match:
            yield _sentence(plain[match.end() : match.end() + _LONGEST])


def _sentence(text: str) -> str:
    """The rest of the sentence."""
    stop = _SENTENCE.search(text)
    return text[: stop.start() if stop else _LONGEST][:_LONGEST]

"""What a sender says it is: "we are ...", the words beside a name ("X (Lima, Peru), a non-profit group, answers"), the sentence about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from intake.sorting.folding import folded
from intake.sorting.who_tables import WhoTables, legal_form

_HEAD = 1800
_SENTENCE = re.compile(r"[.!?。؟！](?=\s|$)|。|\n\s*\n|\n(?=\s*(?:\d|[-*•]))")
_START = re.compile(r"(?:^|[.!?:。！？；]\s*|\n\s*|,\s|[«“\"(]\s?)(?=\w)")
_LONGEST = 200
_MOST = 40
_TAIL = 600
_BRACKET = re.compile(r"\s{0,2}[(（\[]([^()（）\[\]\n]{2,120})[)）\]]")
_APPOSITION = re.compile(r"\s{0,2}(?:[,،，]|\s[-–—]\s|[-–—]\s)\s{0,2}")


def self_described(text: str, name: str | None, tables: WhoTables) -> str:
    """All such words at the beginning of a text, joined by line ends; "" when there are none. Linear."""
    head = text[:_HEAD]
    plain = folded(head)
    found = list(_spoken(plain, tables))
    for form in _forms(name, tables):
        found += _beside(plain, folded(form), tables)
    return "\n".join(dict.fromkeys(piece.strip() for piece in found if piece.strip()))


def _forms(name: str | None, tables: WhoTables) -> tuple[str, ...]:
    """The name, and without the legal form that is signed and seldom said: "Harbour Institute NPC", "Harbour Institute"."""
    if not name:
        return ()
    words = name.split()
    bare = " ".join(words[:-1]).rstrip(" ,")
    return (name, bare) if len(words) > 2 and (legal_form(name, tables) or words[-1].isupper()) else (name,)


def signed_as(text: str, name: str | None) -> str:
    """What stands in brackets behind a name at the end of a text: "X (a professional association, not for profit), Lima"."""
    if not name:
        return ""
    plain, wanted = folded(text[-_TAIL:]), folded(name)
    place = plain.rfind(wanted)
    bracket = _BRACKET.match(plain, place + len(wanted)) if place >= 0 else None
    return bracket.group(1) if bracket else ""


def _spoken(plain: str, tables: WhoTables) -> Iterator[str]:
    """After "we are", "somos", "мы -": to the end of the sentence."""
    starts = [0, *(match.end() for match in _START.finditer(plain))]
    for start in starts[:_MOST]:
        match = tables.self_words.match(plain, start) or tables.as_words.match(plain, start)
        if match:
            yield plain[match.end() : _end(plain, match.end())]


def _end(plain: str, start: int) -> int:
    match = _SENTENCE.search(plain, start, start + _LONGEST)
    return match.start() if match else min(len(plain), start + _LONGEST)


def _apposed(words: str, tables: WhoTables) -> str:
    """The words beside a name up to what it does; a relative clause says what it is to its end."""
    if tables.relative.match(words):
        return words
    verb = tables.verbs.search(words)
    return words[: verb.start()] if verb else words


def _beside(plain: str, name: str, tables: WhoTables) -> Iterable[str]:
    """What stands in brackets or between commas after a name, or after "is a"."""
    found: list[str] = []
    place = plain.find(name)
    while place >= 0 and len(found) < 8:
        end = place + len(name)
        while end < len(plain) and plain[end] in "\"'»”":
            end += 1
        bracket = _BRACKET.match(plain, end)
        while bracket:
            found.append(bracket.group(1))
            end = bracket.end()
            bracket = _BRACKET.match(plain, end)
        apposition = _APPOSITION.match(plain, end)
        copula = tables.is_words.match(plain, end) if not apposition else None
        if apposition:
            found.append(_apposed(plain[apposition.end() : min(_end(plain, apposition.end()), apposition.end() + 140)], tables))
        elif copula or plain[end : end + 1] in " \n":
            found.append(plain[end : _end(plain, end)] if copula else plain[end : min(_end(plain, end), end + 40)])
        place = plain.find(name, end)
    return found

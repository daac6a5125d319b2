"""Organizations named in running text: "on behalf of ...", "we are ...", "X (ABC) unites ...", titles of documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from intake.sorting.folding import fold, folded, has_cjk
from intake.sorting.who_category import name_scores
from intake.sorting.who_names import organization_name
from intake.sorting.who_tables import WhoTables

_STOP = re.compile(r"[.,;:!?\n()（）\"“”«»،؛。，；：]|\s[–—-]\s|\s-|\t")
_LEGAL_POINT = re.compile(r"^[.,]\s?(?:Ltd|Inc|LLC|S\.|A\.|V\.|C\.)", re.IGNORECASE)
_CAPITAL = re.compile(r"[^\W\d_a-zà-ÿа-я]", re.UNICODE)
_HEAD = 1600
_MOST_WORDS = 14


class Named(Struct, frozen=True):
    """An organization named in a text, how sure its words make it, and the words that follow (for what it is)."""

    name: str
    score: float
    source: str


def named_organizations(text: str, source: str, tables: WhoTables) -> Iterator[Named]:
    """Candidates at the beginning of a text, in order."""
    head = text[:_HEAD]
    page = fold(head)
    for match in tables.behalf.finditer(page.text):
        name = _name_at(head, page.back(match.end()), tables)
        if name:
            yield Named(name, 0.8, source)
    for start in _sentence_starts(page.text):
        presented = tables.self_words.match(page.text, start)
        begin = page.back(presented.end() if presented else start)
        name = _name_at(head, begin, tables)
        if not name:
            continue
        after = page.text[page.forth(begin) :]
        rest = after[len(folded(name)) : len(folded(name)) + 70]
        if presented or re.match(r"[^.\n]{0,40}?(?:\([^)\n]{2,40}\))?", rest) and _is_follows(after, name, tables):
            yield Named(name, 0.7, source)


def document_title(text: str, source: str, tables: WhoTables) -> Iterator[Named]:
    """Organizations in the first lines of a document: its letterhead or title."""
    lines = [line.strip() for line in text[:_HEAD].split("\n") if line.strip()][:6]
    for line in lines:
        if len(line) > 160:
            break
        for piece in re.split(r"[|\t,،，]\s*|\s[–—-]\s", line):
            scores = name_scores(piece, tables)
            if (
                scores
                and max(scores.values()) >= 1.0
                and 2 <= len(piece.split()) <= _MOST_WORDS
                or (scores and has_cjk(piece) and len(piece) <= 30)
            ):
                yield Named(organization_name(piece, tables), min(0.6, 0.3 + 0.1 * max(scores.values())), source)


def _sentence_starts(plain: str) -> Iterator[int]:
    yield 0
    for match in re.finditer(r"(?:[.!?:]\s+|\n\s*\n\s*|\n)(?=\w)", plain):
        yield match.end()


def _name_at(text: str, start: int, tables: WhoTables) -> str | None:
    """The name that begins at an offset: up to punctuation or a word that no name holds; it must say what it is."""
    while start < len(text) and text[start] in " \t\n'’\"“«":
        start += 1
    end = start
    while True:
        stop = _STOP.search(text, end)
        end = stop.start() if stop else min(len(text), start + 160)
        if stop and stop.group() == "\n" and not text[stop.end() : stop.end() + 2].isspace() and end - start > 3:
            end += 1
            continue
        if (
            stop
            and _LEGAL_POINT.match(text[end : end + 8])
            or (stop and text[end] == "." and text[max(start, end - 4) : end].strip() in ("Pvt", "Co", "Inc"))
        ):
            end += 1
            continue
        break
    piece = " ".join(text[start:end].split())
    ending = tables.name_ends.search(folded(piece), 1)
    if ending:
        piece = piece[: ending.start()].strip()
    if not piece or len(piece.split()) > _MOST_WORDS or len(piece) > 140:
        return None
    name = organization_name(piece, tables)
    if not name or not (_CAPITAL.match(name) or has_cjk(name)):
        return None
    return name if name_scores(name, tables) or (len(name.split()) <= 5 and _all_capital(name)) else None


def _all_capital(name: str) -> bool:
    words = [word for word in name.split() if len(word) > 3]
    return len(words) > 0 and all(word[0].isupper() for word in words)


def _is_follows(after: str, name: str, tables: WhoTables) -> bool:
    rest = re.sub(r"^\s*\([^)\n]{1,60}\)", "", after[len(folded(name)) :].lstrip(" ,"))
    return tables.is_words.match(rest.lstrip(" ,")) is not None

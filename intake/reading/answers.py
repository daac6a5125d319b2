"""Answers written into an unmarked quotation: in another colour, or behind the author's own name in brackets. Linear.

A quotation that has no marks of its own (Outlook) reaches to the end of the text; who answers inside it changes the colour, or lets the
program put "[Name]" before each paragraph. Both are told apart from words that the quoted author coloured: the answers have the colour
of the author's words above, or it is said there, or each stands below a question of the other colour.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from intake.model.text import SpanKind
from intake.reading.styles import BLACK, Colour, is_bright
from intake.reading.words import ReadingWords

Inks = Sequence[tuple[int, int, Colour]]
_ASKED = re.compile(r"[?？؟][\s\"”»)\]*]*$|^\s*(?:\(?\d{1,2}[.):、]|Q\.?\s?\d)")
_BRACKETED = re.compile(r"^[\s>*•-]{0,8}[\[【［]\s*([^\[\]【】［］\n]{2,60}?)\s*(?:[\]】］]|[:：])")
_MARK = re.compile(r"^[\s*]{0,8}([=-]{1,6}>{1,3}|[→⇒➔➜►▶]|#{2,6}|\*{2,6}|/{2,6}|@{2,6})\s*(?=\S)")
_WORD = re.compile(r"[^\W_]+")
_COVER = 4_000  # characters of the author's own that may say in which colour the answers are


class _Piece(Struct, frozen=True):
    start: int
    end: int
    colour: Colour


def answers_in(
    text: str, lines: Sequence[str], kinds: Sequence[SpanKind], inks: Inks, names: Sequence[str], words: ReadingWords
) -> list[tuple[int, int]]:
    """Stretches of quotations that the author wrote now, in order. `lines` are those of `text` as they are seen, `kinds` theirs; `names`:
    what the author is called."""
    starts = _starts(lines)
    known = _known(names)
    inked = _by_line(lines, starts, inks) if inks else {}
    own_colour, cover = _own(lines, kinds, inked)
    told = bool(inks) and words.coloured.search(cover) is not None
    found: list[tuple[int, int]] = []
    for first, last in _segments(lines, kinds, words):
        named = list(_named(lines, starts, first, last, known)) if known else []
        coloured = _coloured(text, _pieces(lines, starts, first, last, inked), own_colour, told=told) if inks else []
        found += named or coloured or list(_marked(lines, starts, first, last, cover))
    return found


def _starts(lines: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    return starts


def _segments(lines: Sequence[str], kinds: Sequence[SpanKind], words: ReadingWords) -> Iterator[tuple[int, int]]:
    """Stretches of quoted lines, from one header to the next."""
    first: int | None = None
    for index in range(len(lines) + 1):
        quoted = index < len(lines) and kinds[index] is SpanKind.QUOTE
        header = quoted and (words.from_field.match(lines[index][:300]) or words.original.match(lines[index][:300]))
        if first is not None and (not quoted or header):
            yield first, index
            first = None
        if quoted and first is None:
            first = index


def _by_line(lines: Sequence[str], starts: Sequence[int], inks: Inks) -> dict[int, list[_Piece]]:
    """The coloured pieces of each line; both are in order."""
    found: dict[int, list[_Piece]] = {}
    index = 0
    for start, end, colour in inks:
        while index + 1 < len(starts) and starts[index + 1] <= start:
            index += 1
        stop = starts[index] + len(lines[index])
        if start < stop:
            found.setdefault(index, []).append(_Piece(start, min(end, stop), colour))
    return found


def _pieces(
    lines: Sequence[str], starts: Sequence[int], first: int, last: int, inked: dict[int, list[_Piece]]
) -> Iterator[_Piece]:
    for index in range(first, last):
        if index in inked:
            yield from inked[index]
        elif lines[index].strip(" >\t"):
            yield _Piece(starts[index], starts[index] + len(lines[index]), BLACK)


def _own(lines: Sequence[str], kinds: Sequence[SpanKind], inked: dict[int, list[_Piece]]) -> tuple[Colour, str]:
    """(the colour of the author's words above the first quotation, those words)."""
    sizes: Counter[Colour] = Counter()
    cover: list[str] = []
    room = _COVER
    for index, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        if kind is SpanKind.QUOTE or room < 0:
            break
        if kind is SpanKind.NEW and line.strip():
            cover.append(line)
            room -= len(line)
            for piece in inked.get(index, ()):
                sizes[piece.colour] += piece.end - piece.start
            if index not in inked:
                sizes[BLACK] += len(line)
    return sizes.most_common(1)[0][0] if sizes else BLACK, " ".join(cover)


def _coloured(text: str, pieces: Iterator[_Piece], own: Colour, *, told: bool) -> list[tuple[int, int]]:
    """Answers by their colour in one stretch of quotation."""
    runs = _runs(pieces)
    places: dict[Colour, list[int]] = {}
    for number, run in enumerate(runs):
        places.setdefault(run.colour, []).append(number)
    found: list[tuple[int, int]] = []
    for colour, at in places.items():
        if colour == runs[0].colour:  # whoever is quoted begins
            continue
        below = sum(bool(_ASKED.search(text[runs[number - 1].start : runs[number - 1].end][-200:])) for number in at)
        answers = is_bright(colour) and below >= 2 and 2 * below > len(at)
        if (told and colour != BLACK) or (colour == own != BLACK and is_bright(colour)) or answers:
            found += [(runs[number].start, runs[number].end) for number in at]
    return sorted(found)


def _runs(pieces: Iterator[_Piece]) -> list[_Piece]:
    """Neighbours of one colour together."""
    runs: list[_Piece] = []
    for piece in pieces:
        if runs and runs[-1].colour == piece.colour:
            runs[-1] = _Piece(runs[-1].start, piece.end, piece.colour)
        else:
            runs.append(piece)
    return runs


def _known(names: Sequence[str]) -> frozenset[str]:
    """The words of the author's names, and their initials."""
    found: set[str] = set()
    for name in names:
        parts = [part.casefold() for part in _WORD.findall(name)]
        found |= {part for part in parts if len(part) > 1 or not part.isascii()}
        if len(parts) > 1:
            found |= {"".join(part[0] for part in parts), "".join(part[0] for part in reversed(parts))}
    return frozenset(found)


def _marked(lines: Sequence[str], starts: Sequence[int], first: int, last: int, cover: str) -> Iterator[tuple[int, int]]:
    """Paragraphs behind a mark ("==>") that the author names above, or that stands below two questions without it."""
    places: dict[str, list[int]] = {}
    for index in range(first, last):
        if match := _MARK.match(lines[index][:120]):
            places.setdefault(match.group(1), []).append(index)
    found: list[int] = []
    for mark, at in places.items():
        below = sum(bool(_ASKED.search(_above(lines, index, first))) for index in at)
        if mark in cover or (below >= 2 and 2 * below > len(at)):
            found += at
    among = set(found)
    for index in sorted(found):
        end = index
        while end + 1 < last and lines[end + 1].strip() and not _ASKED.search(lines[end + 1][-200:]) and end + 1 not in among:
            end += 1
        yield starts[index], starts[end] + len(lines[end])


def _above(lines: Sequence[str], index: int, first: int) -> str:
    """The end of the next filled line above, at most three lines up."""
    return next((lines[at][-200:] for at in range(index - 1, max(first, index - 4) - 1, -1) if lines[at].strip()), "")


def _named(
    lines: Sequence[str], starts: Sequence[int], first: int, last: int, known: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """Paragraphs that begin with the author's name in brackets."""
    index = first
    while index < last:
        match = _BRACKETED.match(lines[index][:120])
        said = [part.casefold() for part in _WORD.findall(match.group(1))] if match else []
        if said and (sum(part in known for part in said) * 2 > len(said)):
            end = index
            while end + 1 < last and lines[end + 1].strip(" >\t") and not _BRACKETED.match(lines[end + 1][:120]):
                end += 1
            yield starts[index], starts[end] + len(lines[end])
            index = end
        index += 1

"""Answers written into an unmarked quotation: in other letters, or behind the author's own name in brackets. Linear.

A quotation that has no marks of its own (Outlook) reaches to the end of the text; who answers inside it changes the colour, marks his words
with a pen, writes bold or slanting, or lets the program put "[Name]" before each paragraph. They are told apart from words that the quoted
author set off: the answers have the colour of the author's words above, or it is said there how they look, or most of what looks so stands
below a question that looks otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from intake.model.text import SpanKind
from intake.reading.looks import USUAL, Ink
from intake.reading.styles import BLACK, WHITE, Colour, is_bright, is_tinted
from intake.reading.words import ReadingWords

Inks = Sequence[tuple[int, int, Ink]]
_ENDS_ASKING = re.compile(r"[?？؟:：][\s\"”»)\]*]*$")
_LOOK = 200  # characters around a run that are looked at
_ASKED = re.compile(r"[?？؟][\s\"”»)\]*]*$|^\s*(?:\(?\d{1,2}[.):、]|Q\.?\s?\d)")
_BRACKETED = re.compile(r"^[\s>*•-]{0,8}[\[【［]\s*([^\[\]【】［］\n]{2,60}?)\s*(?:[\]】］]|[:：])")
_MARK = re.compile(r"^[\s*]{0,8}([=-]{1,6}>{1,3}|[→⇒➔➜►▶]|#{2,6}|\*{2,6}|/{2,6}|@{2,6})\s*(?=\S)")
_WORD = re.compile(r"[^\W_]+")
_COVER = 4_000  # characters of the author's own that may say in which colour the answers are


class _Piece(Struct, frozen=True):
    start: int
    end: int
    ink: Ink


def answers_in(
    text: str, lines: Sequence[str], kinds: Sequence[SpanKind], inks: Inks, names: Sequence[str], words: ReadingWords
) -> list[tuple[int, int]]:
    """Stretches of quotations that the author wrote now, in order. `lines` are those of `text` as they are seen, `kinds` theirs; `names`:
    what the author is called."""
    starts = _starts(lines)
    known = _known(names)
    inked = _by_line(lines, starts, inks) if inks else {}
    own_colour, cover = _own(lines, kinds, inked)
    aspects = _aspects(own_colour, cover, words) if inks else ()
    found: list[tuple[int, int]] = []
    for first, last in _segments(lines, kinds, words):
        named = list(_named(lines, starts, first, last, known)) if known else []
        looking = _inked(text, list(_pieces(lines, starts, first, last, inked)), aspects) if inks else []
        found += named or looking or list(_marked(lines, starts, first, last, cover))
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
    """The pieces of each line that does not all look as usual; both are in order."""
    found: dict[int, list[_Piece]] = {}
    index = 0
    for start, end, ink in inks:
        while index + 1 < len(starts) and starts[index + 1] <= start:
            index += 1
        stop = starts[index] + len(lines[index])
        if start < stop:
            found.setdefault(index, []).append(_Piece(start, min(end, stop), ink))
    return found


def _pieces(
    lines: Sequence[str], starts: Sequence[int], first: int, last: int, inked: dict[int, list[_Piece]]
) -> Iterator[_Piece]:
    for index in range(first, last):
        if index in inked:
            yield from inked[index]
        elif lines[index].strip(" >\t"):
            yield _Piece(starts[index], starts[index] + len(lines[index]), USUAL)


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
                sizes[piece.ink.colour] += piece.end - piece.start
            if index not in inked:
                sizes[BLACK] += len(line)
    return sizes.most_common(1)[0][0] if sizes else BLACK, " ".join(cover)


class _Aspect(Struct, frozen=True):
    """One way in which answers may look unlike what they answer. `tells`: whether a value of it can tell a writer by itself; `usual`: the
    one that never does. `told`: the author says above that it does. `own`: his own value above. `whole`: only whole lines count."""

    of: Callable[[Ink], Colour | bool]
    tells: Callable[[Any], bool]
    usual: Colour | bool
    told: bool
    own: Colour | None = None
    whole: bool = False


def _aspects(own: Colour, cover: str, words: ReadingWords) -> tuple[tuple[_Aspect, ...], ...]:
    """Those that one word of the author's may mean stand together, the likelier first."""
    lit = words.highlighted.search(cover) is not None
    coloured = words.coloured.search(cover) is not None
    ground = _Aspect(lambda ink: ink.ground, is_tinted, WHITE, lit)
    colour = _Aspect(lambda ink: ink.colour, is_bright, BLACK, coloured or lit, own if own != BLACK else None)
    bold = _Aspect(lambda ink: ink.bold, bool, False, words.emboldened.search(cover) is not None, whole=True)
    italic = _Aspect(lambda ink: ink.italic, bool, False, words.slanted.search(cover) is not None, whole=True)
    return ((ground,), (colour,), (bold,), (italic,)) if coloured else ((ground, colour), (bold,), (italic,))


def _inked(text: str, pieces: Sequence[_Piece], aspects: Sequence[Sequence[_Aspect]]) -> list[tuple[int, int]]:
    """Answers by how they look in one stretch of quotation: as the author says above that they do, else as the place of them tells."""
    for told in (True, False):
        found: set[tuple[int, int]] = set()
        for group in aspects:
            each = (_apart(text, _runs(pieces, aspect), aspect) for aspect in group if aspect.told is told)
            found |= set(next(filter(None, each), ()))
            if found and not told:
                break
        if found:
            return _together(found)
    return []


def _together(stretches: set[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _apart(text: str, runs: Sequence[_Run], aspect: _Aspect) -> list[tuple[int, int]]:
    """The runs that are answers by one aspect. Whoever is quoted begins: what looks as his first words is his."""
    places: dict[Colour | bool, list[int]] = {}
    for number, run in enumerate(runs):
        if number and run.value not in (runs[0].value, aspect.usual) and (not aspect.whole or _is_whole(text, run)):
            places.setdefault(run.value, []).append(number)
    certain = any(map(aspect.tells, places))
    found: list[_Run] = []
    for value, at in places.items():
        below = [number for number in at if _is_below(text, runs, number)]
        said = aspect.told and (aspect.tells(value) or not certain)
        if said or (aspect.tells(value) and (value == aspect.own or (len(below) >= 2 and 2 * len(below) > len(at)))):
            found += [
                runs[number] for number in at if not aspect.whole or not _ENDS_ASKING.search(text[: runs[number].end][-20:])
            ]
    return [(run.start, run.end) for run in found]


def _is_below(text: str, runs: Sequence[_Run], number: int) -> bool:
    """Whether a run stands below or behind a question; a word inside one that is set off answers nothing."""
    above, gap = runs[number - 1], text[runs[number - 1].end : runs[number].start]
    line = text[above.start : above.end][-_LOOK:].rstrip(" >\n").rpartition("\n")[2]
    return _ASKED.search(line) is not None and ("\n" in gap or _ENDS_ASKING.search(line) is not None)


def _is_whole(text: str, run: _Run) -> bool:
    """Whether a run begins a line, or stands behind a question, and ends one."""
    before = text[max(0, run.start - _LOOK) : run.start].rpartition("\n")[2].strip(" >\t")
    after = text[run.end : run.end + _LOOK].partition("\n")[0].strip()
    return not after and (not before or _ENDS_ASKING.search(before) is not None)


class _Run(Struct, frozen=True):
    """Neighbours that are alike in one aspect."""

    start: int
    end: int
    value: Colour | bool


def _runs(pieces: Sequence[_Piece], aspect: _Aspect) -> list[_Run]:
    runs: list[_Run] = []
    for piece in pieces:
        value = aspect.of(piece.ink)
        if runs and runs[-1].value == value:
            runs[-1] = _Run(runs[-1].start, piece.end, value)
        else:
            runs.append(_Run(piece.start, piece.end, value))
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

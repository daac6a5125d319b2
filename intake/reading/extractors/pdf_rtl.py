"""Arabic (and other right-to-left) lines of a PDF page put into logical order by where their characters stand.

PDFium's own order turns the letters of a ligature round and leaves figures and brackets at the wrong end; places do not lie.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from bisect import bisect
from collections.abc import Sequence
from itertools import groupby, pairwise

from msgspec import Struct
from msgspec.structs import replace
from pypdfium2 import PdfTextPage

from intake.reading.extractors.pdf_lines import Char, box_of, drawn, from_left, in_order, lines_of, one_baseline, room_of

_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u0400-\u04ff\ufb00-\ufb06]")
# In right-to-left sequence: Latin phrases and figures with what stands between their words; brackets go with the Latin before them.
_WORD = r"[A-Za-z0-9\u00c0-\u024f\u0400-\u04ff\ufb00-\ufb06\u0660-\u0669]+"
_PHRASE = re.compile(
    rf"[()\[\]]?{_WORD}(?:[ .,:/@&'’+_٫٬-]{{1,3}}{_WORD})*[()\[\]] ?{_WORD}(?:[ .,:/@&'’+_٫٬()\[\]-]{{1,4}}{_WORD})*|"
    rf"{_WORD}(?:[ .,:/@&'’+_٫٬-]{{1,3}}{_WORD})*"
)
_FIGURE = re.compile(r"\d+(?:[.,:/٫٬-]\d+)*")
_BEGINS_WITH_END = re.compile(r"(?<![\u0621-\u064a])[\u0629\u0649](?=[\u0621-\u064a])")
_ENDS_WITH_END = re.compile(r"(?<=[\u0621-\u064a])[\u0629\u0649](?![\u0621-\u064a])")
_BEGINS_WITH_MARK = re.compile(r"(?<![\u0621-\u0655])[\u064b-\u0652]")
_ARTICLE = re.compile(r"(?<![\u0621-\u064a])(?:[وبكف]?ال|[و]?لل)(?=[\u0621-\u064a]{2})")
_CAPITAL = re.compile(r"(?<![A-Za-z])[A-Z](?=[a-z])")
_ALEFS = "\u0627\u0623\u0625\u0622\u0671"
_TANWIN = re.compile(r"[\u064b-\u064d]")
_LETTER = re.compile(r"[\u0621-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
_NEAR, _FAR = 6.0, 1e6  # points
_EVEN = 0.06
_SOME = 50
"""Words at one place that are looked at for one another."""
_ENOUGH, _NEARLY = 2, 0.6
_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»"}
_PAIR = re.compile(r"[(][^()]*[)]|\[[^\[\]]*\]|«[^«»]*»")
_MIRROR = str.maketrans("()[]{}«»", ")(][}{»«")


class Glyph(Struct, frozen=True, kw_only=True):
    """What one drawn thing stands for. `left`, `right`: its ink; `room`: the room it takes, and how wide a gap beside it is a space.
    `said`: a file's own words (ActualText), in the order of reading already. `height`: of where it begins."""

    left: float
    right: float
    origin: float
    text: str
    said: bool = False
    height: float = 0.0
    room: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def middle(self) -> float:
        """Where its ink stands, doubled."""
        return self.left + self.right


def logical_text(page: PdfTextPage, text: str) -> str:
    """The page's text in the order of reading, whatever the order in which it was drawn."""
    strong = len(_RIGHT_TO_LEFT.findall(text))
    if not strong:
        return in_order(page, text)
    mainly = strong > len(_LATIN.findall(text))  # a page in Arabic has lines with more Latin than Arabic
    lines = one_baseline(lines_of(page, text))
    turned = [_from_right(_glyphs(page, line)) if _runs_left(line, mainly) else [] for line in lines]
    backwards = _is_backwards([_joined(line) for line in turned])
    texts = [
        _joined(right, backwards=backwards) if right else from_left(page, line) for line, right in zip(lines, turned, strict=True)
    ]
    return "\n".join(_paired(texts, [bool(right) for right in turned]))


def _runs_left(line: Sequence[Char], mainly: bool) -> bool:
    text = "".join(char.text for char in line)
    strong = len(_RIGHT_TO_LEFT.findall(text))
    return bool(strong) and (mainly or strong > len(_LATIN.findall(text)))


def _is_backwards(lines: Sequence[str]) -> bool:
    """Some producers draw right-to-left words from left to right: then words begin with letters that only end them (teh marbuta,
    alef maksura)."""
    text = unicodedata.normalize("NFKC", "\n".join(lines))
    return len(_BEGINS_WITH_END.findall(text)) > 2 * len(_ENDS_WITH_END.findall(text))


def _glyphs(page: PdfTextPage, line: Sequence[Char]) -> list[Glyph]:
    """What is drawn from one origin: characters in one box are one glyph, whose letters PDFium has turned round (Latin ones stay so,
    for they are turned again); characters that cut its place into equal pieces are the file's own words (ActualText)."""
    places: dict[tuple[float, float], dict[tuple[float, float], list[Char]]] = {}
    for char in drawn(page, line):
        places.setdefault((char.x, char.y), {}).setdefault(box_of(page, char.index), []).append(char)
    glyphs: list[Glyph] = []
    for (origin, height), boxes in places.items():
        made = [
            Glyph(
                left=box[0],
                right=box[1],
                origin=origin,
                height=height,
                text=_in_order("".join(char.text for char in chars[::-1])),
                room=room_of(page, chars[0].index),
            )
            for box, chars in boxes.items()
        ]
        equal = _pieces(made)
        if len(equal) == len(made):
            glyphs.append(_said(equal))
        elif equal:  # it comes after the letter that is drawn from the same place
            taken = {id(glyph) for glyph in equal}
            glyphs += [*(glyph for glyph in made if id(glyph) not in taken), replace(_said(equal), origin=origin)]
        else:
            glyphs += made
    return _once(glyphs)


def _pieces(made: Sequence[Glyph]) -> list[Glyph]:
    """Those that cut a place into equal pieces: all, or, where a letter is drawn from the same place, a mark with what it stands on."""
    widths = [glyph.right - glyph.left for glyph in made]
    if len(made) > 1 and max(widths) - min(widths) < _EVEN:
        return list(made)
    width = next((width for glyph, width in zip(made, widths, strict=True) if _is_mark(glyph)), 0.0)
    even = [glyph for glyph, own in zip(made, widths, strict=True) if width and abs(own - width) < _EVEN]
    even.sort(key=lambda glyph: glyph.left)
    return even if len(even) > 1 and all(after.left - before.right < _EVEN for before, after in pairwise(even)) else []


def _once(glyphs: list[Glyph]) -> list[Glyph]:
    """Without what the file's own words have said: a raised mark is drawn by itself, and said with its letter again."""
    marked = [glyph for glyph in glyphs if len(glyph.text) > 1 and any(map(unicodedata.combining, glyph.text))]
    if len(marked) < _ENOUGH:
        return glyphs
    twice = _said_again(marked, statistics.median(glyph.height for glyph in glyphs))
    return [glyph for glyph in glyphs if id(glyph) not in twice]


def _said_again(marked: Sequence[Glyph], line: float) -> set[int]:
    """Which of a line's marked letters (by id) others hard by have said: the file's own words on the line, and those that say most, stay."""
    twice: set[int] = set()
    kept: dict[int, list[Glyph]] = {}
    for glyph in sorted(marked, key=lambda glyph: (not glyph.said, abs(glyph.height - line) >= _EVEN, -len(glyph.text))):
        place = int(glyph.origin // _NEAR)
        near = (other for at in range(place - 4, place + 5) for other in kept.get(at, ())[:_SOME])
        raised = abs(glyph.height - line) >= _EVEN
        if any((raised or other.said) and set(glyph.text) <= set(other.text) and _is_beside(glyph, other) for other in near):
            twice.add(id(glyph))
        else:
            kept.setdefault(place, []).append(glyph)
    return twice


def _is_beside(glyph: Glyph, other: Glyph) -> bool:
    """Whether a glyph begins near another one, or stands over it."""
    return abs(other.origin - glyph.origin) < _NEAR or other.left <= glyph.middle / 2 <= other.right


def _said(pieces: Sequence[Glyph]) -> Glyph:
    """A file's own words, which PDFium has laid out from either side: the way that reads better."""
    forth = "".join(glyph.text for glyph in sorted(pieces, key=lambda glyph: glyph.left))
    turned = _sense(forth[::-1]) - _sense(forth)
    text = forth[::-1] if turned > 0 or (not turned and _RIGHT_TO_LEFT.search(forth)) else forth
    if unicodedata.combining(text[0]) and not unicodedata.combining(text[-1]):  # no word begins with a mark
        text = text[::-1]
    left, right = min(glyph.left for glyph in pieces), max(glyph.right for glyph in pieces)
    whole = replace(pieces[0], left=left, right=right, room=(left, right, pieces[0].room[2]))
    if not _RIGHT_TO_LEFT.search(text):  # the letters of a Latin ligature: they are turned with their word
        return replace(whole, text=text[::-1])
    return replace(whole, origin=left, text=text, said=True)


def _sense(text: str) -> int:
    """How often words begin and end as words do: the Arabic article, teh marbuta, a Latin capital."""
    ends = len(_ENDS_WITH_END.findall(text)) - len(_BEGINS_WITH_END.findall(text)) - len(_BEGINS_WITH_MARK.findall(text))
    return ends + len(_ARTICLE.findall(text)) + len(_CAPITAL.findall(text))


def _in_order(letters: str) -> str:
    """The letters of a ligature. There is no glyph for alef and lam, whatever the file says: it is lam and alef."""
    plain = unicodedata.normalize("NFKC", letters)
    return plain[::-1] if len(plain) == 2 and plain[1] == "\u0644" and plain[0] in _ALEFS else letters


def _from_right(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Glyphs from right to left; a mark above or below a letter stands after the letter that is nearest to it."""
    letters = sorted(
        (glyph for glyph in glyphs if not _is_mark(glyph)), key=lambda glyph: (-glyph.origin, glyph.text != "\u0644")
    )
    seats = sorted((-glyph.middle, at) for at, glyph in enumerate(letters) if not glyph.text.isspace())
    marks: dict[int, str] = {}
    for mark in filter(_is_mark, glyphs):
        at = bisect(seats, (-mark.middle, -1))
        near = min(seats[max(0, at - 1) : at + 1], key=lambda seat: abs(seat[0] + mark.middle), default=(0.0, -1))
        marks[near[1]] = marks.get(near[1], "") + mark.text
    ordered = [replace(glyph, text=glyph.text + marks[at]) if at in marks else glyph for at, glyph in enumerate(letters)]
    ordered = _spaced(ordered)
    return [Glyph(left=0, right=0, origin=0, text=marks[-1]), *ordered] if -1 in marks else ordered


def _spaced(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Glyphs from right to left with a space where a gap is wide. The room of some fonts' glyphs is their ink: what lies between that
    and where the glyph begins is its own side, no gap."""
    out: list[Glyph] = []
    gap = max((glyph.room[2] for glyph in glyphs), default=0.0)
    widths = [glyph.room[1] - glyph.room[0] for glyph in glyphs if glyph.text.isspace()]
    if len(widths) >= _ENOUGH:  # the file draws its spaces: a gap is one where it is nearly as wide as they are
        gap = max(gap, _NEARLY * statistics.median(widths))
    for glyph in glyphs:
        last = out[-1] if out else glyph
        apart = min(last.room[0], last.origin) - glyph.room[1] > gap
        if glyph.said and _TANWIN.search(glyph.text):
            apart = False  # it ends a word, and its letter is wider than the mark whose place alone is known
        elif last.said and _TANWIN.search(last.text):
            apart = apart or _LETTER.match(glyph.text) is not None
        if apart and not (last.text.isspace() or glyph.text.isspace()):
            out.append(Glyph(left=glyph.right, right=last.left, origin=glyph.right, text=" "))
        out.append(glyph)
    return out


def _seat(glyph: Glyph) -> tuple[float, int]:
    """From right to left; lam and alef may be drawn from one place."""
    return -glyph.origin, 0 if glyph.text == "\u0644" else 1


def _is_mark(glyph: Glyph) -> bool:
    return bool(unicodedata.combining(glyph.text[0]))


_STRETCH = re.compile(r"(?<=[\u0621-\u064a])([A-Z])\1*(?=[\u0621-\u064a])")  # a stroke that widens a word, said to be a capital


def _joined(glyphs: Sequence[Glyph], *, backwards: bool = False) -> str:
    """Text of glyphs in right-to-left sequence. In what a file says itself, and in what is drawn backwards, figures and Latin stand
    as they should."""
    if backwards and not any(len(glyph.text) > 2 for glyph in glyphs if glyph.said):
        return "".join(glyph.text[::-1] if glyph.said else glyph.text for glyph in glyphs[::-1])
    runs = (
        "".join(glyph.text for glyph in run) if said else _figures("".join(glyph.text for glyph in run))
        for said, run in groupby(glyphs, key=lambda glyph: glyph.said)
    )
    return _STRETCH.sub("", "".join(runs))


def _figures(text: str) -> str:
    """Latin phrases and figures run from left to right inside."""

    def turned(match: re.Match[str]) -> str:
        words = match.group()
        if words[0] in "([)]" and not _LATIN.search(words):
            return words[0] + _FIGURE.sub(lambda figure: figure.group()[::-1], words[1:])
        return words[::-1] if _LATIN.search(words) else _FIGURE.sub(lambda figure: figure.group()[::-1], words)

    return _PHRASE.sub(turned, text)


def _paired(lines: Sequence[str], turned: Sequence[bool]) -> list[str]:
    """Some producers mirror brackets and some do not: where a line's brackets do not pair, they open and close in turn; a line with
    one of a pair is as the others of the page are."""
    found = [_brackets(line) if turn else line for line, turn in zip(lines, turned, strict=True)]
    told = [line != after for line, after, turn in zip(lines, found, turned, strict=True) if turn and _PAIR.search(after)]
    if 2 * sum(told) <= len(told):
        return found
    return [line.translate(_MIRROR) if turn and _is_unpaired(line) else line for line, turn in zip(found, turned, strict=True)]


def _is_unpaired(line: str) -> bool:
    return any((line.count(opening) + line.count(closing)) % 2 for opening, closing in _PAIRS.items())


def _brackets(text: str) -> str:
    """Some producers mirror brackets and some do not: where a line's brackets do not pair, they open and close in turn."""
    for opening, closing in _PAIRS.items():
        places = [at for at, char in enumerate(text) if char in (opening, closing)]
        if len(places) % 2 == 0 and any(text[at] != (opening, closing)[number % 2] for number, at in enumerate(places)):
            chars = list(text)
            for number, at in enumerate(places):
                chars[at] = (opening, closing)[number % 2]
            text = "".join(chars)
    return text

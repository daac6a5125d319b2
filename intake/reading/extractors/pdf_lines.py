"""Lines of a PDF page by where their characters stand. PDFium gives them in the order in which they were drawn: a program that draws
figures in another font draws them after the words, and a mark that is raised begins a line of its own."""

from __future__ import annotations

import ctypes
import math
import re
import statistics
from collections.abc import Sequence
from itertools import pairwise

import pypdfium2.raw as pdfium_c
from msgspec import Struct
from pypdfium2 import PdfTextPage

_BACK = 6.0
"""Points by which a character may stand before the one that was drawn before it: kerning, raised figures."""
_BASELINE = 4.0
_GUTTER = 24.0
"""Points between what still belongs to one line."""
_GAP = 0.1
"""Of the height of a line: what is wider is a space."""
_LAYERS = 0.1
"""Share of characters that may stand on others; beyond it two texts lie over one another."""
_LINE = re.compile(r"[^\r\n]+")
_EDGE = re.compile(r"\s|(?<!\S)\S|\S(?=\s)|(?<=\S{12})\S")  # where a run of another font may begin


class Char(Struct, frozen=True):
    """A character of a page: its number there, what it is, the origin of its glyph in points."""

    index: int
    text: str
    x: float
    y: float


def in_order(page: PdfTextPage, text: str) -> str:
    """The page's text, left to right, with each line in order; `text` is what PDFium says."""
    whole = page.get_text_range()
    if whole != text or len(whole) != page.count_chars():
        return text  # something lies outside the page, or the characters cannot be counted off
    return _LINE.sub(lambda line: _mended(page, line.group(), line.start()), text)


def _mended(page: PdfTextPage, line: str, start: int) -> str:
    edges = [_origin_of(page, start + match.start())[0] for match in _EDGE.finditer(line)]
    if all(after >= before - _BACK for before, after in pairwise(edges)):
        return line
    return from_left(page, [Char(start + at, char, *_origin_of(page, start + at)) for at, char in enumerate(line)])


def lines_of(page: PdfTextPage, text: str) -> list[list[Char]]:
    """Characters by line, as PDFium has them; what lies outside the page is left out, as in `text`, what PDFium says of the page."""
    lines: list[list[Char]] = [[]]
    left, bottom, right, top = (
        page.page.get_bbox() if page.get_text_range() != text else (-math.inf, -math.inf, math.inf, math.inf)
    )
    for index in range(page.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(page, index)
        if code == 10:
            lines.append([])
        elif code != 13:
            x, y = _origin_of(page, index)
            if left <= x <= right and bottom <= y <= top:
                lines[-1].append(Char(index, chr(code or 0xFFFD), x, y))
    return lines


def _origin_of(page: PdfTextPage, index: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium_c.FPDFText_GetCharOrigin(page, index, x, y)
    return round(x.value, 2), round(y.value, 2)


def box_of(page: PdfTextPage, index: int) -> tuple[float, float]:
    """(left, right) of a character's ink, in points."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium_c.FPDFText_GetCharBox(page, index, left, right, bottom, top)
    return round(left.value, 2), round(right.value, 2)


def room_of(page: PdfTextPage, index: int) -> tuple[float, float, float]:
    """(left, right) of the room that a character takes with its sides, and how wide a gap is a space."""
    room = pdfium_c.FS_RECTF()
    pdfium_c.FPDFText_GetLooseCharBox(page, index, room)
    return round(room.left, 2), round(room.right, 2), _GAP * abs(room.top - room.bottom)


def drawn(page: PdfTextPage, line: Sequence[Char]) -> list[Char]:
    """What the file draws, without the spaces that PDFium makes of gaps between what it draws one after another."""
    return [char for char in line if not (char.text.isspace() and _is_made(page, char.index))]


def _is_made(page: PdfTextPage, index: int) -> bool:
    left, right, _ = room_of(page, index)
    return left == right or pdfium_c.FPDFText_IsGenerated(page, index) == 1


def from_left(page: PdfTextPage, line: Sequence[Char]) -> str:
    """The line's text from left to right. What was drawn in order, or over another text, is left as it is."""
    inked = drawn(page, line)
    heights = [char.y for char in inked]
    drawn_so = all(after.x >= before.x - _BACK for before, after in pairwise(inked))
    if drawn_so or max(heights) - min(heights) > _BASELINE:
        return "".join(char.text for char in line)
    placed = sorted(inked, key=lambda char: char.x)
    rooms = [room_of(page, char.index) for char in placed]
    gap = max(room[2] for room in rooms)
    over = sum(before[0] < after[0] < before[1] - 2 * gap for before, after in pairwise(rooms))
    if over > _LAYERS * len(rooms):
        return "".join(char.text for char in line)
    out: list[str] = []
    edge = math.inf
    for char, (left, right, _) in zip(placed, rooms, strict=True):
        if left - edge > gap and out[-1].strip() and char.text.strip():
            out.append(" ")
        out.append(char.text)
        edge = right
    return "".join(out)


def one_baseline(lines: Sequence[list[Char]]) -> list[list[Char]]:
    """Lines with what stands on their baseline and hard by them: there PDFium saw a new line where a mark was raised."""
    out: list[list[Char]] = []
    for line in lines:
        before = out[-1] if out else []
        if before and line and _goes_on(before, line):
            out[-1] = before + line
        else:
            out.append(line)
    return out


def _goes_on(before: Sequence[Char], line: Sequence[Char]) -> bool:
    if abs(statistics.median(char.y for char in before) - statistics.median(char.y for char in line)) > _BASELINE:
        return False
    (left, right), (other_left, other_right) = (
        (min(char.x for char in row), max(char.x for char in row)) for row in (before, line)
    )
    gap = max(left - other_right, other_left - right)
    return -_BACK < gap < _GUTTER

"""Arabic (and other right-to-left) lines of a PDF page put into logical order by where their characters stand.

PDFium's own order turns the letters of a ligature round and leaves figures and brackets at the wrong end; places do not lie.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata

import pypdfium2.raw as pdfium_c
from pypdfium2 import PdfTextPage

_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u0400-\u04ff]")
# In right-to-left sequence: Latin phrases and figures with what stands between their words.
_PHRASE = re.compile(
    r"[A-Za-z0-9\u00c0-\u024f\u0400-\u04ff\u0660-\u0669]+(?:[ .,:/@&'’+_٫٬-]{1,3}[A-Za-z0-9\u00c0-\u024f\u0400-\u04ff\u0660-\u0669]+)*"
)
_FIGURE = re.compile(r"\d+(?:[.,:/٫٬-]\d+)*")
_BEGINS_WITH_END = re.compile(r"(?<![\u0621-\u064a])[\u0629\u0649](?=[\u0621-\u064a])")
_ENDS_WITH_END = re.compile(r"(?<=[\u0621-\u064a])[\u0629\u0649](?![\u0621-\u064a])")
_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»"}


def logical_text(page: PdfTextPage, text: str) -> str:
    """The page's text; `text` itself when nothing on it runs from right to left."""
    if not _RIGHT_TO_LEFT.search(text):
        return text
    count = page.count_chars()
    lines: list[list[int]] = [[]]
    chars = [chr(pdfium_c.FPDFText_GetUnicode(page, index) or 0xFFFD) for index in range(count)]
    for index, char in enumerate(chars):
        if char in "\r\n":
            if char == "\n":
                lines.append([])
        else:
            lines[-1].append(index)
    ordered = [_line(page, chars, line) for line in lines]
    if _is_backwards(ordered):
        ordered = [_figures(line[::-1]) if _RIGHT_TO_LEFT.search(line) else line for line in ordered]
    return "\n".join(ordered)


def _is_backwards(lines: list[str]) -> bool:
    """Some producers draw right-to-left words from left to right: then words begin with letters that only end them (teh marbuta,
    alef maksura)."""
    text = unicodedata.normalize("NFKC", "\n".join(lines))
    return len(_BEGINS_WITH_END.findall(text)) > 2 * len(_ENDS_WITH_END.findall(text))


def _line(page: PdfTextPage, chars: list[str], line: list[int]) -> str:
    text = "".join(chars[index] for index in line)
    strong = len(_RIGHT_TO_LEFT.findall(text))
    if strong <= len(_LATIN.findall(text)):
        return text
    placed = [(_box(page, index), chars[index]) for index in line]
    return _brackets(_figures(_from_right(placed)))


def _box(page: PdfTextPage, index: int) -> tuple[float, float]:
    """(left, right) of a character, in points."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium_c.FPDFText_GetCharBox(page, index, left, right, bottom, top)
    return round(left.value, 2), round(right.value, 2)


def _from_right(placed: list[tuple[tuple[float, float], str]]) -> str:
    """Characters from right to left; those that share one box are one glyph, whose letters PDFium has turned round."""
    glyphs: list[tuple[tuple[float, float], str]] = []
    for box, char in placed:
        if glyphs and glyphs[-1][0] == box and box[0] < box[1] and _RIGHT_TO_LEFT.match(char):
            glyphs[-1] = (box, char + glyphs[-1][1])
        else:
            glyphs.append((box, char))
    order = sorted(range(len(glyphs)), key=lambda at: (-_middle(glyphs, at), at))
    return "".join(glyphs[at][1] for at in order)


def _middle(glyphs: list[tuple[tuple[float, float], str]], at: int) -> float:
    """Where a glyph stands; a mark above or below a letter stands with the letter before it."""
    box, char = glyphs[at]
    while at and unicodedata.combining(char[0]):
        at -= 1
        box, char = glyphs[at]
    return box[0] + box[1]


def _figures(text: str) -> str:
    """Latin phrases and figures run from left to right inside."""

    def turned(match: re.Match[str]) -> str:
        words = match.group()
        return words[::-1] if _LATIN.search(words) else _FIGURE.sub(lambda figure: figure.group()[::-1], words)

    return _PHRASE.sub(turned, text)


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

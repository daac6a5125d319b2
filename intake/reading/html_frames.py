"""What stands around words of a page: numbers of lists as the page shows them, columns of tables with cells that span several."""

from __future__ import annotations

import re

from lxml import html as lxml_html

from intake.model.text import Run
from intake.reading.numerals import number_in

_FORMS = {
    "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
    "lower-alpha": "lowerLetter", "lower-latin": "lowerLetter", "upper-alpha": "upperLetter", "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman", "upper-roman": "upperRoman", "arabic-indic": "hindiNumbers",
    "cjk-ideographic": "chineseCounting", "simp-chinese-informal": "chineseCounting", "trad-chinese-informal": "chineseCounting",
}  # fmt: skip
"""The page's word for a form of numbers (HTML 4.4.5 type, CSS Counter Styles 3) and Word's."""
_BULLETS = ("disc", "circle", "square")
_WHOLE = re.compile(r"\s*-?\d{1,6}\s*\Z")
_MOST = 200
"""Columns that are kept of a row, and rows that one cell may span."""


def whole(value: str | None, otherwise: int) -> int:
    """A number as an attribute says it."""
    return int(value) if value and _WHOLE.match(value) else otherwise


class PageList:
    """An open list: what its items are numbered with. `marker`: as its style says."""

    def __init__(self, tag: str, node: lxml_html.HtmlElement, marker: str) -> None:
        self._form = _form(marker) or _FORMS.get(node.get("type") or "", "") or ("decimal" if tag == "ol" else "bullet")
        self._step = -1 if node.get("reversed") is not None else 1
        first = 1 if self._step > 0 else sum(1 for child in node if child.tag == "li")
        self._next = whole(node.get("start"), first)

    def label(self, node: lxml_html.HtmlElement, marker: str) -> str:
        """What stands before an item; counts on."""
        number = whole(node.get("value"), self._next)
        self._next = number + self._step
        form = _form(marker) or _FORMS.get(node.get("type") or "", "") or self._form
        if form in ("bullet", "none"):
            return "•" if form == "bullet" else ""
        if form in ("lowerLetter", "upperLetter") and number > 0:
            letters = _letters(number)
            return f"{letters if form == 'lowerLetter' else letters.upper()}."
        shown = number_in(number, form) if number > 0 else str(number)
        return f"{shown}、" if form == "chineseCounting" else f"{shown}."


def _form(marker: str) -> str:
    """The form that a style names, in list-style-type or among the words of list-style."""
    for word in marker.split()[:4]:
        if word in _FORMS and len(word) > 1:
            return _FORMS[word]
        if word in ("decimal", "none"):
            return word
        if word in _BULLETS:
            return "bullet"
    return ""


def _letters(number: int) -> str:
    """a to z, then aa, ab: as pages count."""
    out = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        out = chr(ord("a") + rest) + out
    return out


class Grid:
    """The columns of one table: a cell that spans several keeps their places in its own row and in those below, which stay empty."""

    def __init__(self) -> None:
        self._below: dict[int, int] = {}  # column -> rows that a cell above still takes
        self.carried = False

    def begin(self) -> None:
        """A row begins."""
        self.carried = any(self._below.values())

    def before_cell(self, row: list[list[Run]]) -> None:
        """The columns before the next cell that cells above take."""
        while len(row) < _MOST and self._below.get(len(row), 0) > 0:
            self._take(row)

    def after_cell(self, row: list[list[Run]], cell: lxml_html.HtmlElement) -> None:
        """The other columns of the cell that has just been read, and the rows that it takes."""
        wide = max(1, min(whole(cell.get("colspan"), 1), _MOST - len(row)))
        high = whole(cell.get("rowspan"), 1)
        high = _MOST if high == 0 else max(1, min(high, _MOST))  # 0: to the end of its group
        first = len(row) - 1
        row += ([] for _ in range(wide - 1))
        if high > 1:
            self._below.update(dict.fromkeys(range(first, first + wide), high - 1))

    def end(self, row: list[list[Run]] | None) -> None:
        """The row ends; None: it was none of facts."""
        if row is None:
            self._below = {column: rows - 1 for column, rows in self._below.items() if rows > 1}
            return
        last = max((column for column, rows in self._below.items() if rows > 0), default=-1)
        while len(row) <= last and self._below.get(len(row), 0) > 0:
            self._take(row)

    def _take(self, row: list[list[Run]]) -> None:
        self._below[len(row)] -= 1
        row.append([])


def is_data_row(node: lxml_html.HtmlElement, carried: bool) -> bool:
    """A row of a table of facts, not one of a layout: several cells, no table or paragraphs of a page inside."""
    cells = [child for child in node if child.tag in ("td", "th")]
    return len(cells) >= (1 if carried else 2) and not any(True for _ in node.iter("table"))

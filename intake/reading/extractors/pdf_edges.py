"""Numbers that a program prints at the edge of each page: they count pages, and are none of the author's words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_NUMBER = re.compile(r"[\s\-–—|·\[(/]*(?P<n>\d{1,4})(?:\s*/\s*\d{1,4})?[\s\-–—|·\])/]*")
_SHARE = 0.8
"""Of the pages (the first may have none) that must bear a number which grows with them."""


def without_page_numbers(pages: Sequence[str]) -> tuple[list[str], list[str]]:
    """The texts without the line that holds nothing but the page's number, and those lines. Linear.

    Such a line stands first or last on nearly every page, and grows by one from each to the next: "2" at the end of one page alone is the
    author's."""
    left, taken = list(pages), []
    for last in (True, False):
        lines = [_edge(text, last=last) for text in left]
        numbers = {
            at: int(match.group("n")) - at for at, line in enumerate(lines) if (match := _NUMBER.fullmatch(line)) is not None
        }
        offset, found = Counter(numbers.values()).most_common(1)[0] if numbers else (0, 0)
        if found < 2 or found < _SHARE * (len(left) - 1):
            continue
        for at in (at for at, value in numbers.items() if value == offset):
            text, line = left[at], lines[at]
            place = text.rfind(line) if last else text.find(line)
            left[at] = text[:place] + text[place + len(line) :]
            taken.append(line.strip())
    return left, taken


def _edge(text: str, *, last: bool) -> str:
    """The first or last line with something on it."""
    lines = (line for line in (reversed(text.split("\n")) if last else text.split("\n")) if line.strip())
    return next(lines, "").strip("\r")

"""Writing directions, and names that do not disturb the line around them (UAX 9)."""

from __future__ import annotations

import unicodedata

RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "ps", "yi", "dv", "sd", "ug", "ckb")
FSI, PDI = "\u2068", "\u2069"
_MARKS = {"ltr": "\u200e", "rtl": "\u200f"}


def direction_of(language: str) -> str:
    """Direction of a text in that language: "ltr" or "rtl"."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def isolated(text: str, language: str) -> str:
    """A name in a mail of that language, isolated (FSI) where the two may run in opposite directions.

    Elsewhere the marks are left out: programs that do not know them show them as boxes, and they are copied with the text.
    """
    if direction_of(language) == "rtl" or any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text):
        return f"{FSI}{text}{PDI}"
    return text


def marked(text: str, direction: str) -> str:
    """A name in a document of that direction, between marks of its own where it runs the other way and begins or ends with a sign that
    is neither letter nor digit: the full stop of "Ltd." stays behind it, its quotation marks open before it. Marks and no isolates:
    word processors have known them for longer."""
    own = _own(text)
    if not own or own == direction or (text[0].isalnum() and text[-1].isalnum()):
        return text
    return f"{_MARKS[own]}{text}{_MARKS[own]}"


def _own(text: str) -> str:
    """Direction of the first letter; "" without one."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "")
    return {"L": "ltr", "R": "rtl", "AL": "rtl"}.get(first, "")

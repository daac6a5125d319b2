"""Text as compared: without case, accents, Arabic marks and digit scripts, with the way back to the original offsets."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, cast

from msgspec import Struct

_SAME = {
    "ى": "ي",
    "ة": "ه",
    "ـ": "",
    "،": ",",
    "؛": ";",
    "؟": "?",
    "۔": ".",
    **dict.fromkeys("’‘ʼ`´", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("–—‐‑−", "-"),
    "。": ".",
    "．": ".",
    "・": " ",
    "\u2028": "\n",
    "\u2029": "\n",
    "\u0085": "\n",
    "\r": " ",
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "đ": "d",
}
CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CJK_CHAR = re.compile(f"[{CJK}]")
_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub")
_SHORT = 400
"""Characters of a text that is worth remembering: names, lines and beginnings are folded again and again."""
_WORD = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")


class _Table(dict[int, str]):
    """Code point -> folded text of at most one character, filled as letters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _SAME.get(char)
        if folded is None:
            folded = _fold_char(char)
        self[code] = folded
        return folded


def _fold_char(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in ("Mn", "Me", "Cf"):
        return ""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    plain = plain.lower()
    plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    if len(plain) != 1:
        plain = char.lower()[:1]
    return _SAME.get(plain, plain)


_TABLE = _Table()


class Folded(Struct, frozen=True):
    """A folded text; `origin[i]` is the offset of folded character i in the original, empty when nothing was left out."""

    text: str
    origin: Sequence[int] = ()
    size: int = 0

    def back(self, offset: int) -> int:
        """Offset in the original text of an offset in the folded one."""
        if not self.origin:
            return offset
        return self.origin[offset] if offset < len(self.origin) else self.size

    def forth(self, offset: int) -> int:
        """Offset in the folded text of an offset in the original one."""
        return bisect_left(self.origin, offset) if self.origin else offset


def fold(text: str) -> Folded:
    """The folded text with offsets. Linear."""
    plain = folded(text)
    if len(plain) == len(text):
        return Folded(plain, (), len(text))
    return Folded(plain, [i for i, char in enumerate(text) if _TABLE[ord(char)]], len(text))


def folded(text: str) -> str:
    """Only the folded text."""
    if text.isascii():
        return text.lower().replace("`", "'").replace("\r", " ")
    return _folded_short(text) if len(text) <= _SHORT else text.translate(_TABLE)


@lru_cache(maxsize=8192)
def _folded_short(text: str) -> str:
    return text.translate(_TABLE)


def words_of(plain: str) -> list[str]:
    """Words of a folded text; each Chinese character is a word."""
    return _WORD.findall(plain)


def has_cjk(text: str) -> bool:
    """Whether there is a Chinese character."""
    return _CJK_CHAR.search(text) is not None


def alternation(vocabulary: Iterable[str], stem: int = 5) -> str:
    """A regular expression for any of the words, longest first; "*" stands for at most `stem` more letters."""
    forms = sorted({folded(word) for word in vocabulary if word}, key=lambda word: (-len(word), word))
    return _branches(forms, stem) or r"(?!)"


def _branches(forms: Sequence[str], stem: int) -> str:
    """The forms in their order, gathered by first letter again and again: a search tries one branch a letter, not every word."""
    if len(forms) < 2 or any(form.startswith("*") for form in forms):
        return "|".join(_pattern(form, stem) for form in forms)
    by_letter: dict[str, list[str]] = {}
    for form in forms:
        by_letter.setdefault(form[:1], []).append(form[1:])
    branches = [
        _pattern(letter, stem) + (_pattern(rests[0], stem) if len(rests) == 1 else f"(?:{_branches(rests, stem)})")
        for letter, rests in by_letter.items()
        if letter
    ]
    return "|".join([*branches, *([""] if "" in by_letter else [])])


def _pattern(form: str, stem: int) -> str:
    return re.escape(form).replace(r"\*", rf"\w{{0,{stem}}}").replace(r"\ ", r"\s{1,3}")


class _Lazy:
    """A pattern that is compiled when it is first asked something; from then on its methods are the pattern's own."""

    def __init__(self, source: Callable[[], str]) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "pattern":
            return self._source()
        made = re.compile(self._source())
        for method in _METHODS:
            setattr(self, method, getattr(made, method))
        return getattr(made, name)


def lazy(source: Callable[[], str]) -> re.Pattern[str]:
    """The pattern of an expression that is made and compiled at its first use: most of a vocabulary is not asked at a start."""
    return cast("re.Pattern[str]", _Lazy(source))


def word_pattern(vocabulary: Iterable[str]) -> re.Pattern[str]:
    """Any of the words as whole words; Chinese ones need no edge. Compiled at its first use."""
    listed = [word for word in vocabulary if word]
    return lazy(lambda: _words_source(listed))


def _words_source(listed: Sequence[str]) -> str:
    chinese = [word for word in listed if has_cjk(word)]
    others = [word for word in listed if not has_cjk(word)]
    parts = []
    if others:
        parts.append(rf"(?<!\w)(?:{alternation(others)})(?!\w)")
    if chinese:
        parts.append(f"(?:{alternation(chinese)})")
    return "|".join(parts) or r"(?!)"

"""Text as compared: without case, accents, Arabic marks and digit scripts, with the way back to the original offsets."""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, cast

from msgspec import Struct

from intake.sorting.glance import CJK, Phrases, has_cjk, remembered, starts_of
from intake.sorting.han import SIMPLIFIED

__all__ = ["CJK", "Folded", "alternation", "fold", "folded", "has_cjk", "lazy", "word_pattern", "words_of"]
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
    "【": "[",
    "】": "]",
    "〔": "[",
    "〕": "]",
    "．": ".",
    "・": " ",
    "\u2028": "\n",
    "\u2029": "\n",
    "\u0085": "\n",
    "\r": " ",
    **SIMPLIFIED,
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "đ": "d",
}
_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub")
_SHORT = 400
"""Characters of a text that is worth remembering: names, lines and beginnings are folded again and again."""
_SMALL = 500
"""Characters of a text so short that a pattern is through it sooner than anything is set apart."""
_SPACED_WORD = re.compile(r"[^\W_]+")
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
    return _fold(text)


@remembered(200_000)
def _fold(text: str) -> Folded:
    plain = folded(text)
    if len(plain) == len(text):
        return Folded(plain, (), len(text))
    return Folded(plain, [i for i, char in enumerate(text) if _TABLE[ord(char)]], len(text))


def folded(text: str) -> str:
    """Only the folded text."""
    if text.isascii():
        return text.lower().replace("`", "'").replace("\r", " ")
    return _folded_short(text) if len(text) <= _SHORT else _folded_long(text)


@lru_cache(maxsize=8192)
def _folded_short(text: str) -> str:
    return text.translate(_TABLE)


@remembered(1_000_000)
def _folded_long(text: str) -> str:
    """What `translate` would give; only letters that differ are looked up."""
    return _moved().sub(_of_table, text).lower().replace("`", "'").replace("\r", " ")


def _of_table(match: re.Match[str]) -> str:
    return match.group().translate(_TABLE)


@lru_cache(maxsize=1)
def _moved() -> re.Pattern[str]:
    """Characters beside ASCII that fold to others, or may: of the scripts that are read here exactly those, and no Chinese ones."""
    told = "".join(re.escape(chr(code)) for code in range(0x80, 0x700) if _TABLE[code] != chr(code))
    return re.compile(f"[{told}\u0700-\u33ff\u4dc0-\u4dff\ua000-\U0010ffff]+")


def words_of(plain: str) -> list[str]:
    """Words of a folded text; each Chinese character is a word."""
    return _WORD.findall(plain) if len(plain) <= _SHORT else _words_long(plain)


@remembered(200_000)
def _words_long(plain: str) -> list[str]:
    return (_SPACED_WORD if plain.isascii() or not has_cjk(plain) else _WORD).findall(plain)


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


class _Guarded:
    """A pattern, made at its first use, that looks only into texts that have the words which all its matches need, and there only where a
    phrase of theirs begins that a match begins with. What it finds is what the pattern alone would find.

    `needs`: of each a match holds a phrase; `begins`: whether it begins with one of them. Made at their first use.
    """

    def __init__(self, source: Callable[[], str], needs: Callable[[], tuple[Phrases, ...]], *, begins: bool) -> None:
        self._source = source
        self._make_needs = needs
        self._begins = begins

    def __getattr__(self, name: str) -> Any:
        if name == "_made":
            self._made = re.compile(self._source())
        elif name == "_needs":
            self._needs = self._make_needs()
        elif name == "pattern":
            return self._source()
        elif name.startswith("_"):
            raise AttributeError(name)
        else:
            setattr(self, name, getattr(self._made, name))
        return self.__dict__[name]

    def search(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """As a pattern's."""
        starts = self._starts(text, pos, endpos)
        if starts is None:
            found: re.Match[str] | None = self._made.search(text, pos, endpos)
            return found
        return next((found for at in starts if (found := self._made.match(text, at, endpos)) is not None), None)

    def match(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """As a pattern's."""
        found: re.Match[str] | None = None
        if self._begins or self._starts(text, pos, endpos) is None:
            found = self._made.match(text, pos, endpos)
        return found

    def finditer(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """As a pattern's."""
        starts = self._starts(text, pos, endpos)
        return self._made.finditer(text, pos, endpos) if starts is None else self._each(starts, text, endpos)

    def findall(self, text: str) -> list[str]:
        """As that of a pattern without groups."""
        return [match.group() for match in self.finditer(text)]

    def _each(self, starts: Iterable[int], text: str, endpos: int) -> Iterator[re.Match[str]]:
        after = 0
        for at in starts:
            if at >= after and (found := self._made.match(text, at, endpos)) is not None:
                yield found
                after = found.end()

    def _starts(self, text: str, pos: int, endpos: int) -> list[int] | None:
        """Where a match may begin; None where only the pattern can tell."""
        end = min(len(text), endpos)
        if (end - pos if self._begins else len(text)) < _SMALL or (
            end < len(text) and _joined(text[end - 1]) and _joined(text[end])
        ):
            return None
        begins: list[str] = []
        for phrases in self._needs:
            found = phrases.possible(text)
            if not found:
                return []
            begins += found
        if not self._begins or "" in begins:
            return None
        return starts_of(text, begins, pos, end)


def _joined(char: str) -> bool:
    return char.isalnum() or char == "_"


def lazy(source: Callable[[], str]) -> re.Pattern[str]:
    """The pattern of an expression that is made and compiled at its first use: most of a vocabulary is not asked at a start."""
    return cast("re.Pattern[str]", _Lazy(source))


def guarded(source: Callable[[], str], *needs: Iterable[str], begins: bool = False, prefixed: bool = False) -> re.Pattern[str]:
    """The same of an expression whose matches each hold a phrase of each of `needs`, as whole words ("*" for more letters at the end of
    a word, Chinese anywhere). `begins`: they begin with one of those. `prefixed`: Arabic words may have particles before them."""

    def made() -> tuple[Phrases, ...]:
        return tuple(Phrases((folded(word) for word in words if word), prefixed=prefixed) for words in listed)

    listed = tuple(tuple(words) for words in needs)
    return cast("re.Pattern[str]", _Guarded(source, made, begins=begins))


def word_pattern(vocabulary: Iterable[str]) -> re.Pattern[str]:
    """Any of the words as whole words; Chinese ones need no edge. Compiled at its first use."""
    listed = [word for word in vocabulary if word]
    return guarded(lambda: _words_source(listed), listed, begins=True)


def _words_source(listed: Sequence[str]) -> str:
    chinese = [word for word in listed if has_cjk(word)]
    others = [word for word in listed if not has_cjk(word)]
    parts = []
    if others:
        parts.append(rf"(?<!\w)(?:{alternation(others)})(?!\w)")
    if chinese:
        parts.append(f"(?:{alternation(chinese)})")
    return "|".join(parts) or r"(?!)"

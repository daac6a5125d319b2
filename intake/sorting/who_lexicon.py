"""Phrases found in running text by their words: a dictionary, not an alternation, so that thousands cost no more than ten."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any

from msgspec import Struct

from intake.sorting.folding import CJK, folded

_UNSPACED = rf"{CJK}\u3041-\u30ff\uac00-\ud7a3"
_WORD = re.compile(rf"[^\W_{_UNSPACED}]+")
_JOINED = re.compile(f"[{_UNSPACED}]")
_PHRASE_WORD = re.compile(r"[^\W_]+\*?|\*")
_LONGEST_STEM_TAIL = 5
_NAME, _REMEMBERED = 120, 4096
"""Characters of a name or line of which the phrases are remembered, and how many such."""
_WORDS = 2000
"""Words of which it is remembered what may begin with them."""
_HEAD = 3
_Phrases = tuple[tuple[tuple[str, ...], str], ...]
_SHORT = 1700
"""Characters of a text whose words are remembered: several lexicons look through the same lines."""
_ARABIC_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "و", "ب", "ل", "ف", "ك")


class _Words:
    """The words of a folded text in order; `told`: the different ones."""

    def __init__(self, plain: str) -> None:
        self._plain = plain
        self.listed: list[str] = _WORD.findall(plain)
        self.told = frozenset(self.listed)
        self.arabic = [] if plain.isascii() else [word for word in self.told if "\u0600" <= word[0] <= "\u06ff"]

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each stands."""
        return [match.span() for match in _WORD.finditer(self._plain)]


_words_short = lru_cache(maxsize=128)(_Words)


class Hit(Struct, frozen=True):
    """A phrase found at [start, end) of a folded text; `words` is its length in words."""

    start: int
    end: int
    value: str
    words: int


class Lexicon:
    """Phrases and what they stand for, looked at when first asked. `first`: first word (or stem) -> phrases that begin with it,
    longest first."""

    first: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    stems: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    heads: frozenset[str]
    chinese: re.Pattern[str]
    chinese_values: dict[str, str]

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._entries = entries
        self._memo: dict[str, tuple[Hit, ...]] = {}
        self._words: dict[str, _Phrases] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in Lexicon.__annotations__:
            raise AttributeError(name)
        self.first, self.stems, self.heads, self.chinese, self.chinese_values = _listed(self._entries)
        self._entries = ()
        return getattr(self, name)

    def find(self, plain: str) -> Iterator[Hit]:
        """All phrases of a folded text, the longest at each place, in order. Linear in the text."""
        if len(plain) > _NAME:
            return self._find(plain)
        known = self._memo.get(plain)
        if known is None:
            if len(self._memo) >= _REMEMBERED:
                self._memo.clear()
            known = self._memo[plain] = tuple(self._find(plain))
        return iter(known)

    def _find(self, plain: str) -> Iterator[Hit]:
        words = _words_short(plain) if len(plain) <= _SHORT else _Words(plain)
        first, heads = self.first, self.heads
        may = [word for word in words.told if word in first or word[:_HEAD] in heads]
        begun = {word: found for word in (*may, *words.arabic) if (found := self._begun(word))}
        after = 0
        for position in [place for place, word in enumerate(words.listed) if word in begun] if begun else ():
            hit = self._at(words, position, begun[words.listed[position]]) if position >= after else None
            if hit is not None:
                yield hit
                after = position + hit.words
        if self.chinese_values and not plain.isascii():
            for match in self.chinese.finditer(plain):
                yield Hit(match.start(), match.end(), self.chinese_values[match.group()], max(1, len(match.group()) // 2))

    def values(self, plain: str) -> list[str]:
        """What the phrases stand for, in order."""
        return [hit.value for hit in self.find(plain)]

    def _begun(self, word: str) -> _Phrases:
        """The phrases that a word may begin, in the order in which they are tried."""
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= _WORDS:
                self._words.clear()
            known = self._words[word] = tuple(self._beginning(word))
        return known

    def _beginning(self, word: str) -> Iterator[tuple[tuple[str, ...], str]]:
        for form in _forms(word):
            yield from self.first.get(form, ())
            if form[:_HEAD] in self.heads:
                for size in range(len(form), max(_HEAD - 1, len(form) - _LONGEST_STEM_TAIL - 1), -1):
                    yield from self.stems.get(form[:size], ())

    def _at(self, words: _Words, position: int, phrases: _Phrases) -> Hit | None:
        for phrase, value in phrases:
            if self._fits(words.listed, position, phrase):
                last = position + len(phrase) - 1
                return Hit(words.spans[position][0], words.spans[last][1], value, len(phrase))
        return None

    @staticmethod
    def _fits(words: list[str], position: int, phrase: tuple[str, ...]) -> bool:
        if position + len(phrase) > len(words):
            return False
        for offset, wanted in enumerate(phrase[1:], 1):
            word = words[position + offset]
            if wanted == "*" or word == wanted:
                continue
            if wanted.endswith("*") and word.startswith(wanted[:-1]) and len(word) - len(wanted) < _LONGEST_STEM_TAIL:
                continue
            return False
        return True


def lexicon(entries: Iterable[tuple[str, str]]) -> Lexicon:
    """A Lexicon of (phrase, value); "*" at the end of a word stands for up to five more letters, alone for any word."""
    return Lexicon(entries)


def _listed(entries: Iterable[tuple[str, str]]) -> tuple[Any, Any, frozenset[str], re.Pattern[str], dict[str, str]]:
    first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    stems: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    chinese: dict[str, str] = {}
    for phrase, value in entries:
        plain = folded(phrase)
        if _JOINED.search(plain):
            # Scripts without spaces (and Korean, whose particles stick) are found anywhere.
            chinese.setdefault(plain, value)
            continue
        words = tuple(_PHRASE_WORD.findall(plain))
        if not words:
            continue
        if words[0].endswith("*"):
            stems.setdefault(words[0][:-1], []).append((words, value))
        else:
            first.setdefault(words[0], []).append((words, value))
    pattern = "|".join(re.escape(word) for word in sorted(chinese, key=len, reverse=True))
    heads = frozenset(stem[:_HEAD] for stem in stems)
    return _longest_first(first), _longest_first(stems), heads, re.compile(pattern or r"(?!)"), chinese


def _longest_first(table: dict[str, list[tuple[tuple[str, ...], str]]]) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    return {word: tuple(sorted(phrases, key=lambda phrase: -len(phrase[0]))) for word, phrases in table.items()}


def _forms(word: str) -> tuple[str, ...]:
    """The word, and without the particles that Arabic writes together with it."""
    if not "\u0600" <= word[0] <= "\u06ff":
        return (word,)
    forms = [word]
    for prefix in _ARABIC_PREFIXES:
        rest = word[len(prefix) :]
        if word.startswith(prefix) and len(rest) > 2:
            forms.append(rest)
            if prefix.endswith("ل") and len(prefix) > 1:
                forms.append("ال" + rest)
    return tuple(dict.fromkeys(forms))

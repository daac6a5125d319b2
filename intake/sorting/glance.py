"""What a text can hold, told by a look at its words: a phrase stands nowhere in it when one of the phrase's words does not.

Some hundred vocabularies are asked of every message, and nearly all of their phrases are in none. The words of a text are set apart
once; then each vocabulary costs an intersection of two sets instead of a walk of a regular expression over all letters.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Generic, TypeVar

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CJK_CHAR = re.compile(f"[{CJK}]")
_CJK_RUN = re.compile(f"[{CJK}]+")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_RUN = re.compile(r"[^\W_]+")
_LITERAL = re.compile(r"[^* ]+")
_FEWEST = 3
"""Texts that are remembered however long they are: who asks of every line of one must not have it looked through each time."""
_EDGE = 80
_HEAD, _LONG = 3, 5
_PREFIXES = tuple(
    first + second for first in ("", "و", "ف") for second in ("", "بال", "وال", "لل", "ال", "ل", "ب", "ك") if first + second
)
"""Particles that Arabic writes together with a word (grammar.py)."""
_BY_LETTER = {letter: tuple(item for item in _PREFIXES if item[0] == letter) for letter in {item[0] for item in _PREFIXES}}

_NONE: frozenset[str] = frozenset()

Value = TypeVar("Value")


def has_cjk(text: str) -> bool:
    """Whether there is a Chinese character."""
    return _CJK_CHAR.search(text) is not None


def remembered(most_chars: int) -> Callable[[Callable[[str], Value]], Callable[[str], Value]]:
    """What a function says of texts is kept; of those that are longer than so many characters together the oldest are forgotten. The
    same few texts of a message are asked about again and again, and nobody asks about the last message's."""

    def around(function: Callable[[str], Value]) -> Callable[[str], Value]:
        known: dict[str, Value] = {}
        chars = 0

        @wraps(function)
        def call(text: str) -> Value:
            nonlocal chars
            found = known.get(text)
            if found is None:
                found = function(text)
                known[text] = found
                chars += len(text)
                while chars > most_chars and len(known) > _FEWEST:
                    oldest = next(iter(known))
                    del known[oldest]
                    chars -= len(oldest)
            return found

        return call

    return around


class Latest(Generic[Value]):
    """What was made of a few objects last: several ask for the same of one message, one after the other. Objects are known by identity."""

    def __init__(self, size: int) -> None:
        self._known: deque[tuple[tuple[object, ...], Value]] = deque(maxlen=size)

    def of(self, objects: tuple[object, ...], make: Callable[[], Value]) -> Value:
        """The value that was made of these objects, or what `make` gives."""
        for known, value in self._known:
            if all(one is other for one, other in zip(known, objects, strict=True)):
                return value
        value = make()
        self._known.appendleft((objects, value))
        return value


class Glance:
    """The words of a text, runs of letters and digits; the rest is set apart when it is asked for. `told`: what vocabularies found."""

    __slots__ = ("_cjk", "_heads", "_prefixed", "_sorted", "text", "told", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = frozenset(_RUN.findall(text))
        self._heads: frozenset[str] | None = None
        self._prefixed: frozenset[str] | None = None
        self._cjk: frozenset[str] | None = None
        self._sorted: list[str] | None = None
        self.told: dict[Phrases, list[str]] = {}

    @property
    def heads(self) -> frozenset[str]:
        """The first letters of the words, by `_HEAD` and by `_LONG`."""
        if self._heads is None:
            self._heads = frozenset([word[:_HEAD] for word in self.words] + [word[:_LONG] for word in self.words])
        return self._heads

    @property
    def prefixed(self) -> frozenset[str]:
        """What is left of Arabic words without what may be written together with them."""
        if self._prefixed is None:
            self._prefixed = frozenset(
                word[len(prefix) :]
                for word in (() if self.text.isascii() else self.words)
                for prefix in _BY_LETTER.get(word[0], ())
                if word.startswith(prefix) and len(word) > len(prefix)
            )
        return self._prefixed

    @property
    def cjk(self) -> frozenset[str]:
        """Chinese characters, alone and by twos."""
        if self._cjk is None:
            runs = [] if self.text.isascii() else _CJK_RUN.findall(self.text)
            self._cjk = frozenset(run[at : at + size] for run in runs for size in (1, 2) for at in range(len(run)))
        return self._cjk

    def begins(self, stem: str) -> bool:
        """Whether a word begins so."""
        if self._sorted is None:
            self._sorted = sorted(self.words)
        at = bisect_left(self._sorted, stem)
        return at < len(self._sorted) and self._sorted[at].startswith(stem)


_WHOLE: deque[Glance] = deque(maxlen=4)


@remembered(400_000)
def glance_of(text: str) -> Glance:
    """A look at a text. Of a stretch of another that was looked at just now, that one's: what it cannot hold no stretch of it can."""
    for whole in _WHOLE:
        if len(text) <= len(whole.text) and text in whole.text and all(word in whole.words for word in _edges(text)):
            return whole
    found = Glance(text)
    _WHOLE.appendleft(found)
    return found


def _edges(text: str) -> list[str]:
    """The words that a text begins and ends with, which may be pieces of longer ones."""
    first, last = _RUN.findall(text[:_EDGE]), _RUN.findall(text[-_EDGE:])
    long = [text] if any(len(word) == _EDGE for word in (*first, *last)) else []
    return [*first[:1], *last[-1:], *long]


class _Phrase:
    """One form of a vocabulary. `letters`: those up to the first that is free; `literal`: what a match begins with, "" where that is not
    known; `exact`, `stems`: words that it needs; `cjk`: a Chinese character or two."""

    __slots__ = ("cjk", "exact", "letters", "literal", "stems")

    def __init__(self, form: str, *, prefixed: bool) -> None:
        first = _LITERAL.match(form)
        self.letters = first.group() if first else ""
        self.literal = "" if prefixed and _ARABIC.search(form) else self.letters
        self.cjk = ""
        self.exact: tuple[str, ...] = ()
        self.stems: tuple[str, ...] = ()
        if has_cjk(form):
            self.cjk = max(_CJK_RUN.findall(form), key=len)[:2]
            return
        pieces = [piece for piece in _RUN.finditer(form) if form[: piece.start()][-1:] != "*"]
        self.exact = tuple(piece.group() for piece in pieces if form[piece.end() : piece.end() + 1] != "*")
        self.stems = tuple(piece.group() for piece in pieces if form[piece.end() : piece.end() + 1] == "*")


class Phrases:
    """A vocabulary by the words that its phrases need: folded forms, "*" for letters that are free, each of which begins and ends
    where a word does (a Chinese one anywhere). `prefixed`: Arabic words may have particles before them."""

    def __init__(self, forms: Iterable[str], *, prefixed: bool = False) -> None:
        self._prefixed = prefixed
        self._exact: dict[str, list[_Phrase]] = {}
        self._stems: dict[str, list[_Phrase]] = {}
        self._cjk: dict[str, list[_Phrase]] = {}
        self._odd: list[_Phrase] = []
        for phrase in (_Phrase(form, prefixed=prefixed) for form in forms):
            if phrase.cjk:
                self._cjk.setdefault(phrase.cjk, []).append(phrase)
            elif phrase.exact:
                self._exact.setdefault(max(phrase.exact, key=len), []).append(phrase)
            elif phrase.stems and len(stem := max(phrase.stems, key=len)) >= _HEAD:
                self._stems.setdefault(stem[: _LONG if len(stem) >= _LONG else _HEAD], []).append(phrase)
            else:
                self._odd.append(phrase)
        self._words, self._heads, self._pairs = frozenset(self._exact), frozenset(self._stems), frozenset(self._cjk)

    def possible(self, text: str) -> list[str]:
        """What the phrases begin with whose words are all in a text, "" where that is not known: no other phrase can stand in it."""
        glance = glance_of(text)
        known = glance.told.get(self)
        if known is None:
            known = glance.told[self] = list({phrase.literal for phrase in self._possible(glance, text)})
        return known

    def _possible(self, glance: Glance, text: str) -> Iterator[_Phrase]:
        bare = glance.prefixed if self._prefixed else _NONE
        for key in self._words & glance.words if not bare else self._words & (glance.words | bare):
            yield from (phrase for phrase in self._exact[key] if _has(phrase, glance, bare))
        if self._heads:
            for head in self._heads & glance.heads if not bare else self._heads:
                yield from (phrase for phrase in self._stems[head] if _has(phrase, glance, bare))
        yield from (phrase for phrase in self._odd if phrase.letters in text)
        if self._pairs and glance.cjk:
            for pair in self._pairs & glance.cjk:
                yield from self._cjk[pair]


def _has(phrase: _Phrase, glance: Glance, bare: frozenset[str]) -> bool:
    """Whether all words that a phrase needs are there. `bare`: further words."""
    return all(word in glance.words or word in bare for word in phrase.exact) and all(
        glance.begins(stem) or any(word.startswith(stem) for word in bare) for stem in phrase.stems
    )


def starts_of(text: str, literals: Iterable[str], pos: int, end: int) -> list[int]:
    """Where a phrase may begin that begins so, in order."""
    found: set[int] = set()
    for literal in literals:
        at = text.find(literal, pos, end)
        while at >= 0:
            found.add(at)
            at = text.find(literal, at + 1, end)
    return sorted(found)

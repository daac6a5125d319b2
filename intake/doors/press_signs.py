"""Signs that no font at hand can show: found by asking Typst itself, and shown by their Unicode code and name instead.

PDF/UA-1 forbids a glyph without a picture, so Typst refuses a whole document for one such sign, and names only the first. Words of
the document are therefore tried in small sheets, which takes milliseconds each; a sign that fails by itself is replaced everywhere, one
that fails only beside its neighbours (a vowel sign after a letter of another script) only in that word, so that one hostile mail
cannot spoil the script of another."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from typing import Any

Complaint = str | None  # the text that a sheet could not show, None when it could
Try = Callable[[Sequence[str]], Complaint]

SHEET_SIGNS = 32
SHEET_WORDS = 128
_ROUNDS_A_WORD = 50
_FAULT = re.compile(r'the text (?:contains the disallowed codepoint )?`"(.+?)"`(?: could not be displayed|\s*$)', re.S)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))", re.S)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_SPACE = re.compile(r"([ \n\t]+)")  # not \\s: a control sign is a sign
_NEVER_SHOWN = ("skip", "replaced")  # sentences that travel with a document and are not printed by this press
_JOINERS = "\u200c\u200d" + "".join(map(chr, range(0xFE00, 0xFE10)))
_NO_BREAK_BOM, _WORD_JOINER = "\ufeff", "\u2060"


def complaint(words: str) -> Complaint:
    """The text that Typst's words complain of, taken out of its quotation; None when they are about something else."""
    found = _FAULT.search(words)
    if found is None:
        return None
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else _PLAIN.get(m[2], m[2]), found[1])


def coded(sign: str) -> str:
    """How a sign that cannot be shown is shown: `U+1F600 GRINNING FACE`; letters, which have no telling names, by code alone."""
    telling = unicodedata.category(sign)[0] in "PSM"
    name = unicodedata.name(sign, "") if telling else ""
    return f"U+{ord(sign):04X} {name}".rstrip()


class Signs:
    """What cannot be shown of a document's texts, and the texts with it replaced. `known`: signs found before that fail alone."""

    def __init__(self, can_show: Try, texts: Iterable[str], known: Iterable[str] = ()) -> None:
        self._can_show = can_show
        self._texts = texts
        self._bad: set[str] = set()
        self._bad_in: dict[str, set[str]] = {}
        self._pattern: re.Pattern[str] | None = None  # of the bad ones alone, made once for all words
        self.replaced: Counter[str] = Counter()
        self.alone = set(known)
        if self.alone:
            self._add(self.alone & set(self._signs))

    @functools.cached_property
    def _words(self) -> tuple[str, ...]:
        """Taken apart when somebody asks: most documents have nothing to replace."""
        return tuple(dict.fromkeys(word for text in self._texts for word in _SPACE.split(text)))

    @functools.cached_property
    def _signs(self) -> list[str]:
        return sorted({sign for word in self._words for sign in word if not sign.isascii() or not sign.isprintable()})

    @functools.cached_property
    def _clinging(self) -> str:
        return _JOINERS + "".join(sign for sign in self._signs if unicodedata.category(sign)[0] == "M")

    def look(self) -> None:
        """Try every sign, then every word."""
        for sheet in _sheets([sign for sign in self._signs if sign not in self._bad], SHEET_SIGNS):
            if self._can_show(sheet) is not None:
                self.alone |= {sign for sign in sheet if self._can_show([sign]) is not None}
        self._add(self.alone & set(self._signs))
        for sheet in _sheets(self._words, SHEET_WORDS):
            self._settle(sheet)

    def blame(self, text: str) -> bool:
        """Replace what the whole document complains of, everywhere; False when that is replaced already."""
        return self._add({text})

    def shown(self, text: str, *, count: bool = False) -> str:
        """The text with what cannot be shown replaced; white space as it was."""
        return "".join(self._word(piece, count) for piece in _SPACE.split(text))

    def _settle(self, units: Sequence[str]) -> None:
        """Ask until this sheet can be shown."""
        for _ in range(_ROUNDS_A_WORD * len(units)):
            fault = self._can_show([self.shown(unit) for unit in units])
            if fault is None or not self._note(fault, units):
                return

    def _note(self, fault: str, units: Sequence[str]) -> bool:
        if self._can_show([fault]) is not None:
            return self._add({fault})
        fresh = [unit for unit in units if fault in unit and self._can_show([self.shown(unit)]) is not None]
        for unit in fresh:
            self._bad_in[unit] = self._bad_in.get(unit, set()) | (_marks_on(fault, unit) or {fault})
        return bool(fresh)

    def _add(self, bad: set[str]) -> bool:
        if bad <= self._bad:
            return False
        self._bad |= bad
        self._pattern = _any_of(self._bad, self._clinging)
        return True

    def _word(self, word: str, count: bool) -> str:
        pattern = self._pattern
        if word in self._bad_in:
            pattern = _any_of(self._bad | self._bad_in[word], self._clinging)
        return pattern.sub(lambda m: self._instead(m[0], count), word) if pattern else word

    def _instead(self, run: str, count: bool) -> str:
        if count:
            self.replaced.update(coded(sign) for sign in run)
        # the byte order mark within a text is a no-break space of no width; Unicode's own successor of it can be printed
        visible = run.replace(_NO_BREAK_BOM, "")
        return f"[{' '.join(coded(sign) for sign in visible)}]" if visible else _WORD_JOINER


def _sheets(units: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (units[start : start + size] for start in range(0, len(units), size))


def _marks_on(fault: str, word: str) -> set[str]:
    """The marks on what is complained of: a letter can be shown, it is its mark that no font has beside it."""
    marks = set()
    for piece in word.split(fault)[1:]:
        marks |= set(takewhile(lambda sign: unicodedata.category(sign)[0] == "M", piece))
    return marks


def _any_of(bad: Iterable[str], clinging: str) -> re.Pattern[str]:
    """Runs of what is bad, with the joiners and marks that hang on it. Signs as one class: an alternation of thousands is slow."""
    signs = "".join(re.escape(item) for item in bad if len(item) == 1)
    longer = [re.escape(item) for item in sorted(bad, key=lambda item: (-len(item), item)) if len(item) > 1]
    one = "|".join([*longer, f"[{signs}]"] if signs else longer)
    return re.compile(f"[{re.escape(clinging[:2])}]?(?:{one})(?:{one}|[{re.escape(clinging)}])*")


def strings(value: Any) -> Iterable[str]:
    """Every text in a value of JSON, one after the other."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The same value of JSON with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: mapped(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [mapped(item, change) for item in value]
    return value


def replaced_in(data: bytes, signs: Signs) -> bytes:
    """The document's data with what cannot be shown replaced and, where the document has the sentence, the number said on its cover."""
    signs.replaced.clear()
    facts = json.loads(data)
    aside = {key: facts.pop(key) for key in _NEVER_SHOWN if key in facts}
    facts = mapped(facts, lambda text: signs.shown(text, count=True))
    if aside.get("replaced") and signs.replaced:
        sentence = signs.shown(aside["replaced"]).replace("{count}", str(signs.replaced.total()))
        cover_first = bool(facts["nodes"]) and facts["nodes"][0]["type"] == "cover"
        facts["nodes"].insert(1 if cover_first else 0, {"type": "line", "style": "note", "text": sentence})
    return json.dumps(facts | aside, ensure_ascii=False).encode("utf-8", "surrogatepass")

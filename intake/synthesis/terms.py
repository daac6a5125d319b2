"""The field's terms in six languages (config/terms.toml): which passages speak of one thing, within and across languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from intake.errors import Misconfigured
from intake.model.round import LANGUAGES

STEM = 6
"""Words of one language that share so many first letters are taken for one."""
SHORTEST = {"ar": 3, "zh": 99}
"""Letters from which a word may name a group (others: 4); Chinese is written without spaces: there only the table's terms do."""
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ؤ": "و", "ئ": "ي", "ـ": None})
_BEFORE = r"(?:[وفبلك]{0,2}(?:ال|لل)?)"


@dataclass(frozen=True)
class Terms:
    """Compiled: language -> concept -> pattern; language -> pattern of words against; language -> words that say nothing."""

    concepts: Mapping[str, Mapping[str, re.Pattern[str]]]
    against: Mapping[str, re.Pattern[str] | None]
    plain: Mapping[str, frozenset[str]]
    names: tuple[str, ...]

    def concepts_in(self, text: str, language: str) -> tuple[str, ...]:
        """Keys of the concepts that a text speaks of; a language that is none of the six gives none."""
        said = folded(text)
        return tuple(key for key, pattern in self.concepts.get(language, {}).items() if pattern.search(said))

    def speaks_against(self, text: str, language: str) -> bool:
        """Whether a word of disagreement stands in it: a hint, no more."""
        pattern = self.against.get(language)
        return pattern is not None and pattern.search(folded(text)) is not None

    def words_of(self, text: str, language: str) -> Iterator[tuple[str, str]]:
        """(stem, word) of the words that may name a group."""
        shortest = SHORTEST.get(language, 4)
        dull = self.plain.get(language, frozenset())
        for match in _WORD.finditer(folded(text)):
            word = match.group()
            if language == "ar":
                word = re.sub(r"^[وفبلك]?ال", "", word)
            if len(word) >= shortest and word not in dull:
                yield word[:STEM], word


NO_TERMS = Terms(concepts={}, against={}, plain={}, names=())
"""No table: passages are put side by side by shared words alone."""


def folded(text: str) -> str:
    """As compared: without case, accents, vowel signs; one form of Arabic letters."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", plain).translate(_ARABIC)


def terms_from(table: Mapping[str, Any]) -> Terms:
    """From the parsed config/terms.toml. Raises Misconfigured with every gap."""
    faults = [
        f"config/terms.toml: concepts.{key}: {language} is missing"
        for key, words in table["concepts"].items()
        for language in LANGUAGES
        if not words.get(language)
    ]
    for room in ("against", "plain"):
        faults += [f"config/terms.toml: {room}.{language} is missing" for language in LANGUAGES if language not in table[room]]
    if faults:
        raise Misconfigured(faults)
    return Terms(
        concepts={
            language: {key: _pattern(words[language], language) for key, words in table["concepts"].items()}
            for language in LANGUAGES
        },
        against={
            language: _pattern(table["against"][language], language) if table["against"][language] else None
            for language in LANGUAGES
        },
        plain={language: frozenset(folded(word) for word in table["plain"][language]) for language in LANGUAGES},
        names=tuple(table["concepts"]),
    )


def _pattern(terms: list[str], language: str) -> re.Pattern[str]:
    """One pattern for all terms of a concept in a language; a star at the end of a word stands for any ending."""
    if language == "zh":
        return re.compile("|".join(re.escape(folded(term)) for term in terms))
    before = _BEFORE if language == "ar" else ""
    branches = []
    for term in terms:
        words = [re.escape(folded(word.rstrip("*"))) + (r"\w*" if word.endswith("*") else "") for word in term.split()]
        branches.append((r"\s+" + before).join(words))
    return re.compile(rf"(?<!\w){before}(?:{'|'.join(branches)})(?!\w)")

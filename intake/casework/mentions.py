"""Whose response a text speaks of: by organization, person or co-signatories that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.casework.drafts import Case, plain
from intake.model.verdict import Category

GRAM = 4
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def name_words(case: Case) -> Iterator[str]:
    """The words by which a response may be spoken of: of its organization, its person's last name, its co-signatories."""
    respondent = case.verdict.respondent
    yield from (word for word in _names(respondent.organization) if len(word) >= 5 or not word.isascii())
    yield from plain(respondent.person).split()[-1:]
    for name in case.verdict.co_signatories:
        yield from (word for word in _names(name) if len(word) >= 4 or not word.isascii())


def _names(name: str | None) -> Iterator[str]:
    """The words of a name; a Chinese one, which has no spaces, by stretches of four characters."""
    for word in plain(name).split():
        if _CJK.match(word) and len(word) > GRAM:
            yield from (word[start : start + GRAM] for start in range(len(word) - GRAM + 1))
        else:
            yield word


def tokens(haystack: str) -> Iterator[str]:
    """The words of a text, by which responses are looked up; of Chinese its stretches too."""
    for word in haystack.split():
        yield word
        if _CJK.search(word):
            for size in range(2, GRAM + 1):
                yield from (word[start : start + size] for start in range(len(word) - size + 1))


def _named(name: str, haystack: str) -> bool:
    return bool(name) and (name in haystack if _CJK.match(name) else f" {name} " in haystack)


def mentions(haystack: str, first: Case) -> float:
    """How clearly a text speaks of the response that begins with a case; 0 where it does not."""
    verdict = first.verdict
    score = 0.0
    organization = plain(verdict.respondent.organization)
    if _named(organization, haystack):
        score += 4.0
    elif organization:
        words = [word for word in organization.split() if len(word) >= 5]
        score += 2.0 * sum(f" {word}" in haystack for word in words) / len(words) if words else 0.0
    person = plain(verdict.respondent.person)
    if person and _named(person.split()[-1], haystack):
        score += 2.0
    score += min(2.0, 0.5 * sum(_named(plain(name), haystack) for name in verdict.co_signatories))
    if verdict.co_signatories and score:
        score += 1.0
    if verdict.respondent.category is Category.UNSPECIFIED:
        score *= 0.5
    return score if score >= 1.0 else 0.0

"""A respondent's own entry as it will be printed, in a letter; and the corrections that the answer to it proposes.

Organization: Ministry of Communications        as the letter prints it, and as a corrected line is written above the quotation
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from intake.letters.dates import clean
from intake.model.direction import isolated
from intake.model.letter import Proof

FIELDS = ("person", "organization", "category", "country")
"""What an answer may correct by a line; the words of an answer are changed by a new version."""
LONGEST_ANSWER = 20_000
LONGEST_VALUE = 200
_STEERING = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LINE = re.compile(r"^[>\s*•-]{0,8}([^:：]{1,40}?)\s*[:：]\s*(\S.{0,400})$")


def proof_values(proof: Proof, words: Mapping[str, Any], language: str) -> dict[str, object]:
    """Values for the letter's templates."""
    told = words["proof"]
    answers = [
        {"title": told["question"].format(number=number), "paragraphs": _paragraphs(texts, told)}
        for number, texts in proof.answers
    ]
    if proof.general:
        answers.append({"title": told["general"], "paragraphs": _paragraphs(proof.general, told)})
    return {
        "head": told["head"],
        "rows": [
            {"label": told[key], "value": isolated(clean(value, LONGEST_VALUE), language) or told["none"]}
            for key, value in proof.rows
        ],
        "answers": answers,
        "how": told["how"].format(example=told["organization"]),
        "reference": f"{told['reference']} {proof.reference}",
    }


def _paragraphs(texts: Sequence[str], told: Mapping[str, str]) -> list[str]:
    """Cut where an answer is a book: a letter is not one. What is told of the rest is all of it, the paragraphs not begun too."""
    found, left = [], LONGEST_ANSWER
    for text in (clean(text, len(text)) for text in texts):
        if left > 0:
            found.append(text[:left])
        left -= len(text)
    if left < 0:
        found.append(told["longer"].format(number=-left))
    return found


def labels_of(tables: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What may stand before a corrected line, in these languages, as `plain` writes it -> field."""
    return {plain(table["proof"][field]): field for table in tables for field in FIELDS}


def corrected_lines(text: str, labels: Mapping[str, str]) -> dict[str, str]:
    """Field -> what the lines of a text say of it. A field of which two lines say different things is left out: nobody knows which."""
    found: dict[str, set[str]] = {}
    for line in text.split("\n"):
        match = _LINE.match(_STEERING.sub("", line))
        field = labels.get(plain(match.group(1))) if match else None
        if match and field is not None:
            found.setdefault(field, set()).add(clean(match.group(2), LONGEST_VALUE))
    return {field: next(iter(values)) for field, values in found.items() if len(values) == 1}


def plain(label: str) -> str:
    """A label as compared."""
    return " ".join(unicodedata.normalize("NFKC", _STEERING.sub("", label)).casefold().split())

"""What a classifier is, and the few questions that several ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from intake.model.verdict import Disposition, Finding
from intake.sorting.view import View

Classifier = Callable[[View], Finding | None]

_HAN = re.compile("[\u4e00-\u9fff]")
SHORT = 120
"""Words up to which a note without answers is a note and not a contribution."""


def found(name: str, disposition: Disposition, because: str, confidence: float) -> Finding:
    """A finding that proposes a disposition."""
    return Finding(classifier=name, finding=disposition.value, because=because, confidence=confidence)


def phrase(pattern: re.Pattern[str], *texts: str) -> str | None:
    """The first stretch that the pattern finds in one of the folded texts, cut for showing."""
    for text in texts:
        match = pattern.search(text)
        if match:
            return " ".join(match.group().split())[:60]
    return None


@lru_cache(maxsize=4)
def words(view: View) -> int:
    """Words of the note; Chinese is counted by characters, halved."""
    cjk = 0 if view.note.isascii() else len(_HAN.findall(view.note))
    return len(view.note.split()) + cjk // 2

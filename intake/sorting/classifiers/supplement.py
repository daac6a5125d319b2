"""Does it add to an earlier response without replacing it?"""

from __future__ import annotations

from functools import lru_cache

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import SHORT, found, phrase, words
from intake.sorting.view import View

NAME = "supplement"
LEAST = 15
"""Words on the matter that an addition brings at least, when it brings no file."""


def classify(view: View) -> Finding | None:
    """By the subject or the covering words, where it brings a file or some text."""
    said = added(view)
    if not said:
        return None
    if not (view.files or view.answers or view.mapping.substance >= LEAST):
        # The file was forgotten, or what it adds is told in a sentence.
        named = added(view, subject_only=True) or view.mapping.substance
        return found(NAME, Disposition.SUPPLEMENT, f"says, and brings nothing: {said}", 0.6) if named else None
    if view.answers > max(1, len(view.round.questions) // 2):
        return None
    if view.files and words(view) < 2 * SHORT:
        return found(NAME, Disposition.SUPPLEMENT, f"says: {said}", 0.925)
    if added(view, subject_only=True):
        return found(NAME, Disposition.SUPPLEMENT, f"says in the subject: {said}", 0.91)
    if view.arrival.reading.in_reply_to or view.arrival.reading.references or view.subject.startswith("re:"):
        return found(NAME, Disposition.SUPPLEMENT, f"says in a thread: {said}", 0.91)
    return found(NAME, Disposition.SUPPLEMENT, f"says: {said}", 0.7)


@lru_cache(maxsize=4)
def added(view: View, *, subject_only: bool = False) -> str | None:
    """What it says of the text that it adds to, in the subject or the covering words."""
    texts = (view.subject,) if subject_only else (view.subject, view.head)
    return phrase(view.phrases.adds, *texts) or phrase(view.phrases.adds_text, *texts)

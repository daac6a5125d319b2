"""Does the sender take a response back? The mail alone removes nothing: a person confirms."""

from __future__ import annotations

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import found, phrase, words
from intake.sorting.view import View

NAME = "withdrawal"
LONGEST = 250


def classify(view: View) -> Finding | None:
    """By what it says, when it answers nothing and is no long text."""
    if view.answers or words(view) > LONGEST:
        return None
    said = phrase(view.phrases.withdraws, view.subject, view.note) or phrase(view.phrases.withdraws_text, view.subject, view.note)
    return found(NAME, Disposition.WITHDRAWAL, f"says: {said}", 0.93) if said else None

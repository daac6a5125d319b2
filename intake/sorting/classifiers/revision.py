"""Does it replace an earlier version of the same response?"""

from __future__ import annotations

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import found, phrase
from intake.sorting.view import View

NAME = "revision"


def classify(view: View) -> Finding | None:
    """By the subject or the covering words, where it brings a text that can stand instead."""
    if not (view.answers or view.files or view.mapping.substance > 80):
        return None
    said = replaced(view)
    return found(NAME, Disposition.REVISION, f"says: {said}", 0.92) if said else None


def replaced(view: View) -> str | None:
    """What it says of the text that it stands for, in the subject or the covering words."""
    return phrase(view.phrases.replaces, view.subject, view.head) or phrase(view.phrases.replaces_text, view.subject, view.head)

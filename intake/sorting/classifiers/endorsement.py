"""Does it support the response of another without adding anything?"""

from __future__ import annotations

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import found, phrase, words
from intake.sorting.view import View

NAME = "endorsement"
LONGEST = 220


def classify(view: View) -> Finding | None:
    """By what it says, when it answers nothing, brings no document and is short."""
    if view.answers or view.documents or words(view) > LONGEST:
        return None
    said = phrase(view.phrases.endorses, view.note, view.subject)
    return found(NAME, Disposition.ENDORSEMENT, f"says: {said}", 0.88) if said else None

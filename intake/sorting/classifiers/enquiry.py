"""Does a person ask something of the secretariat?"""

from __future__ import annotations

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import SHORT, found, phrase, words
from intake.sorting.view import View

NAME = "enquiry"


def classify(view: View) -> Finding | None:
    """By phrases of asking or question marks, in a short mail that answers nothing and brings no document."""
    if view.answers or view.documents or view.inner or words(view) > 2 * SHORT:
        return None
    said = phrase(view.phrases.enquiry, view.subject, view.note)
    marks = view.note.count("?") + view.subject.count("?")
    if said and marks:
        return found(NAME, Disposition.ENQUIRY, f"asks: {said}", 0.86)
    if said:
        return found(NAME, Disposition.ENQUIRY, f"asks: {said}", 0.78)
    if marks and words(view) < SHORT:
        return found(NAME, Disposition.ENQUIRY, "a short mail with a question mark", 0.72)
    return None

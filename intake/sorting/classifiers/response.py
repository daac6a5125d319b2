"""Does it answer, or say something on the matter?"""

from __future__ import annotations

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import found, words
from intake.sorting.view import View

NAME = "response"


def classify(view: View) -> Finding | None:
    """Always has an opinion, by what there is: answers, documents, an attached message, substance."""
    if view.answers:
        return found(NAME, Disposition.RESPONSE, f"answers {view.answers} question(s)", 0.9)
    if view.documents:
        return found(NAME, Disposition.RESPONSE, f"brings {view.documents} document(s)", 0.8)
    if view.files:
        return found(NAME, Disposition.RESPONSE, "brings a file that has no readable text", 0.76)
    if view.inner:
        return found(NAME, Disposition.RESPONSE, "encloses a message", 0.75)
    if view.mapping.substance >= 120 or words(view) >= 150:
        return found(NAME, Disposition.RESPONSE, "a longer text without numbered answers", 0.74)
    if view.mapping.substance >= 40:
        return found(NAME, Disposition.RESPONSE, "some text on the matter", 0.6)
    return found(NAME, Disposition.RESPONSE, "nothing else fits", 0.2)

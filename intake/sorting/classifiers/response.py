"""Does it answer, or say something on the matter?"""

from __future__ import annotations

from functools import lru_cache

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import SHORT, found, phrase, words
from intake.sorting.classifiers.spam import topic_hits
from intake.sorting.flags import points_to_a_file
from intake.sorting.view import View

NAME = "response"
_SENTENCE = 10
"""Words from which a note that speaks of our topic says something on it."""
_STATEMENT = 25
"""Words on the matter from which a note that asks nothing about the procedure says something."""


def classify(view: View) -> Finding | None:
    """Always has an opinion, by what there is: answers, documents, an attached message, substance."""
    if view.answers:
        return found(NAME, Disposition.RESPONSE, f"answers {view.answers} question(s)", 0.9)
    if view.documents:
        return found(NAME, Disposition.RESPONSE, f"brings {view.documents} document(s)", 0.8)
    if announces(view):
        return found(NAME, Disposition.RESPONSE, "speaks of an attached document that is not there", 0.84)
    if points_to_a_file(view):
        return found(NAME, Disposition.RESPONSE, "gives a link in place of its document", 0.84)
    if view.files and presents(view):
        return found(NAME, Disposition.RESPONSE, "presents a file that has no readable text", 0.88)
    if view.files:
        return found(NAME, Disposition.RESPONSE, "brings a file that has no readable text", 0.79)
    if view.inner:
        return found(NAME, Disposition.RESPONSE, "encloses a message", 0.75)
    if view.mapping.substance >= 120 or words(view) >= 150:
        return found(NAME, Disposition.RESPONSE, "a longer text without numbered answers", 0.74)
    if view.mapping.substance >= 40:
        return found(NAME, Disposition.RESPONSE, "some text on the matter", 0.6)
    if view.mapping.substance >= _STATEMENT and not view.is_reply:
        return found(NAME, Disposition.RESPONSE, "a few sentences that ask nothing of us", 0.55)
    if view.mapping.substance >= _SENTENCE and topic_hits(view) >= (2 if view.is_reply else 1):
        return found(NAME, Disposition.RESPONSE, "a sentence or two on the matter", 0.4)
    return found(NAME, Disposition.RESPONSE, "nothing else fits", 0.2)


@lru_cache(maxsize=4)
def announces(view: View) -> bool:
    """Whether a short note presents an attached text and there is none. Questions and passwords speak of another mail's file."""
    if view.answers or view.files or view.inner or words(view) > SHORT or "?" in view.note:
        return False
    tables = view.phrases
    if phrase(tables.password, view.note) or phrase(tables.denies, view.note) or phrase(tables.withdraws, view.note):
        return False
    return presents(view)


def presents(view: View) -> bool:
    """Whether it speaks of something attached and of a text."""
    return bool(phrase(view.phrases.attached, view.note) and phrase(view.phrases.texts, view.note))

"""Does a person ask something of the secretariat?"""

from __future__ import annotations

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import SHORT, found, phrase, words
from intake.sorting.view import View

NAME = "enquiry"
BRIEF = 30
"""Words up to which a question mark alone makes an enquiry; in a longer text it may be rhetorical."""


def classify(view: View) -> Finding | None:
    """By phrases of asking or question marks, in a short mail that answers nothing and brings no document."""
    if view.answers or view.documents or view.inner or words(view) > 2 * SHORT:
        return None
    # the subject of a reply is another's
    texts = (view.note,) if view.is_reply else (view.subject, view.note)
    said = phrase(view.phrases.enquiry, *texts)
    about = phrase(view.phrases.matters, *texts)
    marks = sum(text.count("?") for text in texts)
    brief = words(view) <= BRIEF
    if said and marks and (about or brief):
        return found(NAME, Disposition.ENQUIRY, f"asks: {said}", 0.86)
    if said and (about or brief):
        return found(NAME, Disposition.ENQUIRY, f"asks: {said}", 0.78)
    if marks and words(view) < SHORT and (about or brief):
        return found(NAME, Disposition.ENQUIRY, f"a short mail with a question mark, about: {about or 'nothing else'}", 0.72)
    if said or marks:
        return found(NAME, Disposition.ENQUIRY, "a question, but nothing of the procedure", 0.5)
    return None

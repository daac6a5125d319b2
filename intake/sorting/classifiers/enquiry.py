"""Does a person ask something of the secretariat?"""

from __future__ import annotations

import re

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import SHORT, found, phrase, words
from intake.sorting.classifiers.spam import topic_hits
from intake.sorting.view import View

NAME = "enquiry"
_PARAGRAPH = re.compile(r"(?<![.!?])\s*\n\s*\n")
_SENTENCE = re.compile(r"[^.!?]+[.!?]?")
_FEW = 8
"""Sentences up to which a note may ask in any of them."""
BRIEF = 30
"""Words up to which a question mark alone makes an enquiry; in a longer text it may be rhetorical."""

MATTER = 40
"""Words on the matter from which a note that puts no question must name in one sentence what it asks."""


def _sentences(text: str) -> list[str]:
    """The sentences of a text, wrapped lines joined."""
    return [piece.strip() for piece in _SENTENCE.findall(" ".join(_PARAGRAPH.sub(". ", text).split())) if piece.strip(" .")]


def _asking(text: str) -> str:
    """Of a short note the whole; of a longer one the sentences with a question mark and the last one."""
    sentences = _sentences(text)
    if len(sentences) <= _FEW:
        return text
    return "\n".join(
        piece for number, piece in enumerate(sentences) if piece.rstrip().endswith("?") or number + 1 == len(sentences)
    )


def _asks_us(view: View, texts: tuple[str, ...]) -> bool:
    """Whether a sentence asks and names what one asks a secretariat about; "the question is whether they want it" asks nobody."""
    if view.mapping.substance < MATTER:
        return True
    sentences = (piece for text in texts for piece in _sentences(text))
    return any(view.phrases.enquiry.search(piece) and view.phrases.matters.search(piece) for piece in sentences)


def classify(view: View) -> Finding | None:
    """By phrases of asking or question marks, in a short mail that answers nothing and brings no document."""
    if view.answers or view.documents or view.inner or words(view) > 2 * SHORT:
        return None
    # the subject of a reply is another's
    texts = (view.note,) if view.is_reply else (view.subject, view.note)
    said = phrase(view.phrases.enquiry, *(_asking(text) for text in texts))
    questions = tuple(" ".join(piece for piece in _sentences(text) if piece.endswith("?")) for text in texts)
    about = phrase(view.phrases.matters, *(questions if any(questions) else texts))
    marks = sum(text.count("?") for text in texts)
    brief = words(view) <= BRIEF
    if said and marks and (about or brief):
        return found(NAME, Disposition.ENQUIRY, f"asks: {said}", 0.86)
    if said and (brief or (about and _asks_us(view, texts))):
        return found(NAME, Disposition.ENQUIRY, f"asks: {said}", 0.78)
    several = marks > 1 and topic_hits(view) < 3
    if marks and words(view) < SHORT and (about or brief or several):
        return found(NAME, Disposition.ENQUIRY, f"a short mail with a question mark, about: {about or 'nothing else'}", 0.72)
    if said or marks:
        return found(NAME, Disposition.ENQUIRY, "a question, but nothing of the procedure", 0.5)
    return None

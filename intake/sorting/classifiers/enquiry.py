"""Does a person ask something of the secretariat?"""

from __future__ import annotations

import re

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import SHORT, found, phrase, words
from intake.sorting.classifiers.spam import topic_hits, topic_overlap
from intake.sorting.view import View, asks_only

NAME = "enquiry"
_URL = re.compile(r"https?://\S+")
_PARAGRAPH = re.compile(r"(?<![.!?])\s*\n\s*\n")
_SENTENCE = re.compile(r"[^.!?]+[.!?]?")
_OURS = 0.3
"""Share of our topic's words from which numbered questions are our own, repeated."""
_PROCEDURAL = 2
"""Words of the procedure that numbered questions to a secretariat hold."""
_STATED = 20
"""Words of a note from which its questions may be rhetorical."""
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


def _procedural(view: View, piece: str) -> bool:
    """Whether a sentence asks, and names two things that one asks a secretariat about."""
    return view.phrases.enquiry.search(piece) is not None and len(set(view.phrases.matters.findall(piece))) >= _PROCEDURAL


def _asks_us(view: View, texts: tuple[str, ...]) -> bool:
    """Whether a sentence asks and names what one asks a secretariat about; "the question is whether they want it" asks nobody."""
    if view.mapping.substance < MATTER:
        return True
    sentences = (piece for text in texts for piece in _sentences(text))
    return any(view.phrases.enquiry.search(piece) and view.phrases.matters.search(piece) for piece in sentences)


def _numbered(view: View) -> Finding | None:
    """Numbered questions to us, about the procedure, that look like answers: "1. Is there a limit of pages? 2. May we use Chinese?"."""
    if not asks_only(view) or topic_overlap(view) >= _OURS:
        return None
    about = {match.group() for text in (view.subject, view.note) for match in view.phrases.matters.finditer(text)}
    said = phrase(view.phrases.enquiry, view.subject, view.note)
    if len(about) + bool(said) < _PROCEDURAL:
        return None
    return found(NAME, Disposition.ENQUIRY, f"numbers questions about the procedure: {', '.join(sorted(about))[:60]}", 0.915)


def _answers_itself(view: View) -> bool:
    """ "What would help? Buying together. What hinders? The licence.": a statement follows each question; who asks us ends with his."""
    pieces = _sentences(view.note)
    asked = [number for number, piece in enumerate(pieces) if piece.endswith("?")]
    followed = bool(asked) and all(number + 1 < len(pieces) and number + 1 not in asked for number in asked)
    told = (view.phrases.texts, view.phrases.ours, view.phrases.here)
    of_us = any(pattern.search(pieces[number]) for number in asked for pattern in told)
    return followed and not of_us and sum(len(piece.split()) for piece in pieces) >= _STATED


def classify(view: View) -> Finding | None:
    """By phrases of asking or question marks, in a short mail that answers nothing and brings no document."""
    if view.documents or view.inner or words(view) > 2 * SHORT:
        return None
    denied = phrase(view.phrases.no_response, view.note) if words(view) < SHORT and view.answers < 2 else None
    if denied and "?" in view.note:
        return found(NAME, Disposition.ENQUIRY, f"asks, and says that it answers nothing: {denied}", 0.915)
    if view.answers:
        return _numbered(view)
    # the subject of a reply is another's
    texts = tuple(_URL.sub(" ", text) for text in ((view.note,) if view.is_reply else (view.subject, view.note)))
    said = phrase(view.phrases.enquiry, *(_asking(text) for text in texts))
    questions = tuple(" ".join(piece for piece in _sentences(text) if piece.endswith("?")) for text in texts)
    about = phrase(view.phrases.matters, *(questions if any(questions) else texts))
    if said and not about and any(_procedural(view, piece) for text in texts for piece in _sentences(text)):
        about = said  # "I wish to register for the meeting of 16 May. Whom do I ask?"
    marks = sum(text.count("?") for text in texts)
    brief = words(view) <= BRIEF
    if said and marks and (about or brief):
        return found(NAME, Disposition.ENQUIRY, f"asks: {said}", 0.86)
    if said and (brief or (about and _asks_us(view, texts))):
        return found(NAME, Disposition.ENQUIRY, f"asks: {said}", 0.78)
    several = marks > 1 and topic_hits(view) < 3 and not _answers_itself(view)
    if marks and words(view) < SHORT and (about or brief or several) and not (not said and _answers_itself(view)):
        return found(NAME, Disposition.ENQUIRY, f"a short mail with a question mark, about: {about or 'nothing else'}", 0.72)
    if said or marks:
        return found(NAME, Disposition.ENQUIRY, "a question, but nothing of the procedure", 0.5)
    return None

"""Is it meant for another procedure than this consultation?"""

from __future__ import annotations

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import found, phrase
from intake.sorting.classifiers.spam import topic_overlap, topic_stems
from intake.sorting.folding import words_of
from intake.sorting.view import View

NAME = "misdirected"


def classify(view: View) -> Finding | None:
    """By the procedure it names, where it speaks of nothing that we asked."""
    if view.answers and topic_overlap(view) >= 0.25:
        return None
    overlap = topic_overlap(view)
    said = phrase(view.phrases.other, view.subject, view.head)
    if said and overlap < 0.2:
        return found(NAME, Disposition.MISDIRECTED, f"speaks of another procedure: {said}", 0.93)
    if view.answers:
        return None
    other = _other_consultation(view)
    if other:
        return found(NAME, Disposition.MISDIRECTED, f"names a consultation on something else: {other}", 0.8)
    if (
        view.mapping.substance > 60
        and overlap < 0.06
        and view.documents <= 1
        and phrase(view.phrases.ours, view.subject, view.head)
    ):
        return found(NAME, Disposition.MISDIRECTED, "a contribution that speaks of nothing that was asked", 0.75)
    return None


def _other_consultation(view: View) -> str | None:
    """The subject matter of a consultation that it names, where none of its words are ours."""
    ours = topic_stems(view.round)
    for text in (view.subject, view.head):
        for match in view.phrases.consultation_on.finditer(text):
            matter = text[match.end() : match.end() + 80].split(".")[0]
            stems = {word[:7] for word in words_of(matter) if len(word) >= 5}
            if len(stems) >= 2 and not stems & ours:
                return " ".join(matter.split())[:60]
    return None

"""Does the sender take a response back? The mail alone removes nothing: a person confirms."""

from __future__ import annotations

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import SHORT, found, phrase, words
from intake.sorting.classifiers.spam import topic_hits
from intake.sorting.view import View

NAME = "withdrawal"
LONGEST = 250
_NEAR = 40
_ON_TOPIC = 4
_BARE = 8
"""Words of a note to which the subject must be taken with it."""
"""Words of the topic from which a note speaks of the matter."""


def classify(view: View) -> Finding | None:
    """By what it says, when it answers nothing and is no long text."""
    if view.answers or words(view) > LONGEST:
        return None
    tables = view.phrases
    if phrase(tables.upholds, view.note):
        return None
    # The subject of an answer is another's: "Re: Request for withdrawal" may be answered with no.
    texts = (view.note,) if view.is_reply and words(view) > _BARE else (view.subject, view.note)
    said = phrase(tables.withdraws, *texts) or phrase(tables.withdraws_text, *texts)
    said = said or removed(view) or _removes_it(view)
    if not said:
        return None
    # Words on the matter may speak of other withdrawals: a licence, a service.
    sure = words(view) <= SHORT or topic_hits(view) < _ON_TOPIC
    return found(NAME, Disposition.WITHDRAWAL, f"says: {said}", 0.93 if sure else 0.55)


def _removes_it(view: View) -> str | None:
    """ "We have seen our response on the page. Please take it down": a text of one's own, and what is to become of it."""
    if words(view) > SHORT or view.files or topic_hits(view) >= _ON_TOPIC:
        return None
    around = (view.note[max(0, match.start() - _NEAR) : match.end() + _NEAR] for match in view.phrases.texts.finditer(view.note))
    own = any(view.phrases.own_text.search(text) for text in around)
    return phrase(view.phrases.removes_it, view.note) if own else None


def removed(view: View) -> str | None:
    """That one's own text is to be taken away, cancelled or left unread, in a short note without a file."""
    if words(view) > SHORT or view.files or topic_hits(view) >= _ON_TOPIC:
        return None
    for text in (view.subject, view.note):
        for match in view.phrases.removes_text.finditer(text):
            around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            if view.phrases.own_text.search(around):
                return " ".join(match.group().split())[:60]
    return None

"""Does it support the response of another without adding anything?"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import SHORT, found, words
from intake.sorting.classifiers.response import presents
from intake.sorting.classifiers.revision import negated
from intake.sorting.classifiers.spam import topic_hits
from intake.sorting.view import View

NAME = "endorsement"
LONGEST = 220
_ON_TOPIC = 5
_BRIEF = 60
_LONG = 60
"""Words on the matter from which a text that speaks of our topic is one's own."""


def classify(view: View) -> Finding | None:
    """By what it says, when it answers nothing, brings no document and is short."""
    if view.answers or view.documents or words(view) > LONGEST or (view.files and presents(view)):
        return None
    if view.mapping.substance >= _LONG and topic_hits(view) >= _ON_TOPIC:
        return None  # "co-signed by" stands under a text of one's own, too
    said = _agreed(view)
    if said:
        return found(NAME, Disposition.ENDORSEMENT, f"says: {said}", 0.88)
    said = supported(view)
    return found(NAME, Disposition.ENDORSEMENT, f"says of a text: {said}", 0.8) if said else None


@lru_cache(maxsize=4)
def _agreed(view: View) -> str | None:
    """A phrase of support that no "not" or "no longer" turns round."""
    for text in (view.note, view.subject):
        match = next((match for match in view.phrases.endorses.finditer(text) if not negated(view, text, match.start())), None)
        if match is not None:
            return " ".join(match.group().split())[:60]
    return None


@lru_cache(maxsize=4)
def supported(view: View) -> str | None:
    """What it says of another's response; support for one's own is none."""
    said = _agreed(view)
    if said or words(view) > SHORT or topic_hits(view) >= _ON_TOPIC:
        return said
    for text in (view.note, view.subject):
        for match in chain(view.phrases.supports_text.finditer(text), view.phrases.supports_said.finditer(text)):
            if not view.phrases.own_text.search(match.group()) and not negated(view, text, match.start()):
                return " ".join(match.group().split())[:60]
    return _it(view)


def _it(view: View) -> str | None:
    """ "The exchange showed us what it sent. We fully support it, nothing to add.": a text of another, and support for it."""
    match = view.phrases.supports_it.search(view.note)
    if match is None or words(view) > _BRIEF or topic_hits(view) > 1 or negated(view, view.note, match.start()):
        return None
    tables = view.phrases
    told = tables.said_by_another.search(view.note) or tables.nothing_more.search(view.note)
    of_another = bool(told) or (tables.texts.search(view.note) is not None and tables.own_text.search(view.note) is None)
    return " ".join(match.group().split())[:60] if of_another else None

"""Is it meant for another procedure than this consultation?"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers import automatic
from intake.sorting.classifiers.base import SHORT, found, phrase, words
from intake.sorting.classifiers.spam import near_topic, pairs_of, topic_hits, topic_overlap, topic_words
from intake.sorting.folding import folded, words_of
from intake.sorting.view import View, asks_only

NAME = "misdirected"


def classify(view: View) -> Finding | None:
    """By the procedure or the office that it names, where it speaks of nothing that we asked; numbered answers may be another list's.

    That it speaks of nothing we asked is never enough for a contribution: people answer in their own words.
    """
    overlap = topic_overlap(view)
    title = other_title(view)
    named = view.subject if title else ""
    least = 0.05 if view.answers and not (title and folded(title)[:_SHOWN] in named) else 0.1
    if title and (topic_hits(view) <= 1 or overlap < least):
        return found(NAME, Disposition.MISDIRECTED, f"names a procedure on something else: {title}", 0.91)
    office = _another_office(view)
    if office and overlap < 0.1 and not view.answers and not view.list_post:
        return found(NAME, Disposition.MISDIRECTED, f"is written to another office: {office}", 0.9)
    if office and view.answers and overlap < 0.1 and not view.list_post:
        return found(NAME, Disposition.MISDIRECTED, f"answers another office's questions: {office}", 0.91)
    if figures_only(view) and overlap < 0.1:
        return found(NAME, Disposition.MISDIRECTED, "its numbered items are figures of a form", 0.91)
    said = phrase(view.phrases.other, view.subject) or phrase(view.phrases.elsewhere, view.subject)
    affair = domain(view) if view.answers and asks_only(view) else None
    if affair:
        return found(NAME, Disposition.MISDIRECTED, f"numbered questions of another office's matter: {affair}", 0.92)
    if view.answers >= 2 or (view.answers and overlap >= 0.05):
        if said and overlap < 0.05 and not phrase(view.phrases.ours, view.subject):
            return found(NAME, Disposition.MISDIRECTED, f"numbers its points, but speaks of another procedure: {said}", 0.91)
        return None
    ours = phrase(view.phrases.here, view.subject, view.note)
    theirs = None if ours else _affair(view)
    if theirs is not None:
        return theirs
    if not said and not ours and view.mapping.substance < SHORT and overlap < 0.1:
        said = _twice(view)
    if said and overlap < 0.2:
        return found(NAME, Disposition.MISDIRECTED, f"speaks of another procedure: {said}", 0.93)
    if not view.answers and not view.documents and not ours and overlap < 0.1:
        said = phrase(view.phrases.affair, view.head)
        if said and view.mapping.substance < SHORT:
            return found(NAME, Disposition.MISDIRECTED, f"a person's own affair with another office: {said}", 0.87)
    return None


@lru_cache(maxsize=4)
def domain(view: View) -> str | None:
    """Words of one everyday procedure (a claim, a school place, a tender) in a mail that says nothing of what we asked: two
    different ones in a note, three where it numbers points, which may be answers; one in the subject counts for two."""
    if view.documents or view.inner or view.list_post or near_topic(view) or words(view) > 2 * SHORT:
        return None
    ours = phrase(view.phrases.ours, view.subject) or phrase(view.phrases.texts, view.subject)
    least = 2 + bool(view.answers or view.mapping.substance > SHORT) + bool(ours)
    for pattern in view.phrases.domains:
        named = {match.group()[:STEM] for match in pattern.finditer(view.subject)}
        said = named | {match.group()[:STEM] for match in pattern.finditer(view.note)}
        if len(said) + bool(named) >= least and len(said) > 1:
            return ", ".join(sorted(said))[:60]
    return None


def _affair(view: View) -> Finding | None:
    """A matter between the sender and some other office or firm."""
    paper = _paper(view)
    if paper:
        return found(NAME, Disposition.MISDIRECTED, f"brings a paper for another office: {paper}", 0.9)
    everyday = None if automatic.classify(view) else domain(view)
    if everyday:
        return found(NAME, Disposition.MISDIRECTED, f"an everyday matter of another office: {everyday}", 0.89)
    dealing = own_dealing(view)
    if dealing:
        return found(NAME, Disposition.MISDIRECTED, f"a person's own dealing with a firm or an office: {dealing}", 0.89)
    return None


def _paper(view: View) -> str | None:
    """A file that is presented as an invoice, a quotation, a curriculum vitae, by a note and a subject or a name that speak of nothing of ours."""
    if not view.files or view.answers or view.inner or view.list_post or words(view) > SHORT or topic_hits(view) > 1:
        return None
    said = phrase(view.phrases.papers, view.note)
    named = folded("\n".join([view.subject, *(part.name or "" for part in view.files)])).replace("_", " ")
    ours = view.phrases.ours.search(view.subject)
    return said if said and not ours and view.phrases.papers.search(named) else None


def figures_only(view: View) -> bool:
    """Whether what looks like answers are names of quantities with their numbers: "2. Postmen - 2,906"."""
    texts = [answer.text.strip() for answer in view.mapping.answers]
    return len(texts) >= _FIGURES and sum(_FIGURE.fullmatch(text) is not None for text in texts) >= len(texts) - 1


@lru_cache(maxsize=4)
def own_dealing(view: View) -> str | None:
    """A record of the sender's own with its number (an order, a bill, a contract) and what went wrong with it, however near the matter is
    to ours: whoever answers us speaks of his trade, not of order 55321."""
    if view.answers or view.inner or view.list_post or words(view) > 2 * SHORT:
        return None
    record = phrase(view.phrases.record, view.subject, view.note)
    wrong = record and (phrase(view.phrases.wrong, view.subject) or phrase(view.phrases.wrong, view.note))
    return f"{record}, {wrong}" if wrong else None


def _twice(view: View) -> str | None:
    """Two different words of another procedure in the covering words: one alone stands in many a text ("without reservation")."""
    said = list(dict.fromkeys(match.group() for match in view.phrases.other.finditer(view.head)))
    return ", ".join(said)[:60] if len(said) >= 2 else None


def _another_office(view: View) -> str | None:
    """The office that its first lines greet, where it is not ours."""
    match = view.phrases.greeted.match(view.note.lstrip()[:160])
    if match is None:
        return None
    greeted = match.group()
    names = {word[:STEM] for word in words_of(view.round.working_group) if len(word) >= LONG}
    if view.phrases.house.search(greeted) or names & {word[:STEM] for word in words_of(greeted)}:
        return None
    return " ".join(match.group().split())[:60]


@lru_cache(maxsize=4)
def other_title(view: View) -> str | None:
    """What a consultation, a hearing or a survey is about that shares no word with our topic and questions."""
    ours = set().union(*topic_words(view.round, LONG).values())
    for text in (view.subject, view.head[:400]):
        drafts = ((match, match.group("title")) for match in view.phrases.drafts.finditer(text))
        named_ones = ((match, match.group("title") or match.group("zh") or "") for match in view.phrases.procedure.finditer(text))
        for match, title in chain(drafts, named_ones):
            if view.phrases.demonstrative.search(text[max(0, match.start() - 20) : match.start()]):
                continue  # "this consultation, which runs for nine weeks"
            named = {word[:STEM] for word in words_of(title) if len(word) >= LONG}
            if view.phrases.counted.search(title):
                continue  # "the consultation: on the third question only"
            if _unspaced_title(view, text, title, ours):
                return " ".join(title.split())[:60]
            enough = 1 if match.re is view.phrases.drafts or (view.answers and text is view.subject) else 2
            asks = "?" in view.note or view.phrases.matters.search(title)
            if text is view.subject and not topic_hits(view) and not asks:
                enough = 0  # "the consultation on the 6 GHz band", and no word of ours in all of it
            if len(named) >= enough and not named & {word[:STEM] for word in ours}:
                return " ".join(title.split())[:60]
    return None


def _unspaced_title(view: View, text: str, title: str, ours: set[str]) -> bool:
    """ "对城市停车收费办法的意见": what a Chinese subject speaks of, by pairs of characters of which none is in our topic."""
    pairs = pairs_of(title)
    told = view.phrases.ours.search(title) or view.phrases.here.search(title)
    return text is view.subject and len(pairs) >= _PAIRS and not told and not pairs & ours


_PAIRS = 4
"""Pairs of characters that tell what a title is about."""
_FIGURES = 3
_FIGURE = re.compile(r"(?:[^\d\n.?!;]{2,60}[-–—:=：])?\s*[\d][\d\s.,']{0,15}(?:%|[^\W\d]{1,12}\.?)?")
_SHOWN = 12
"""Letters by which a title is found again in the subject."""
STEM = 5
LONG = 5

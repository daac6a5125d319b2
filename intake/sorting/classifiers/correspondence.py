"""Does it belong to a response without adding to it: thanks, a password, an answer to a question of ours, a denial?"""

from __future__ import annotations

import re

from intake.model.verdict import Disposition, Finding
from intake.sorting.authors import is_forward
from intake.sorting.classifiers.base import SHORT, found, phrase, words
from intake.sorting.classifiers.response import announces
from intake.sorting.flags import points_to_a_file
from intake.sorting.folding import folded, words_of
from intake.sorting.view import View

NAME = "correspondence"
_SENTENCE = re.compile(r"[^.!?\n]+")
_COVER = 600
_MORE = 12
"""Words beside the sentence of thanks from which a note says something of its own."""


def classify(view: View) -> Finding | None:
    """Only mail without answers and documents; in a thread it is likelier."""
    among_us = _among_us(view)
    if among_us:
        return found(NAME, Disposition.CORRESPONDENCE, f"colleagues of our own over a mail that was known: {among_us}", 0.94)
    if view.answers or view.files or view.inner or words(view) > 2 * SHORT:
        return None
    reading = view.arrival.reading
    thread = bool(reading.in_reply_to or reading.references) or view.is_reply
    denied = phrase(view.phrases.denies, view.note)
    if denied and (thread or _of_a_mail(view)):
        return found(NAME, Disposition.CORRESPONDENCE, f"says of another mail: {denied}", 0.9)
    said = phrase(view.phrases.upholds, view.note)
    if said and words(view) < SHORT and (thread or _of_a_mail(view)):
        return found(NAME, Disposition.CORRESPONDENCE, f"says that a response stays: {said}", 0.93)
    said = phrase(view.phrases.password, view.note)
    if said and words(view) < SHORT and not points_to_a_file(view):
        return found(NAME, Disposition.CORRESPONDENCE, f"gives a password: {said}", 0.88)
    if announces(view):
        return None
    said = phrase(view.phrases.thanks, view.note)
    asked = "?" in view.note or phrase(view.phrases.enquiry, view.note)
    if said and not thread and _goes_on(view):
        return None
    if said and words(view) < (40 if thread else 25) and not asked:
        return found(NAME, Disposition.CORRESPONDENCE, f"short thanks: {said}", 0.8)
    if thread and words(view) < SHORT and not asked:
        return found(NAME, Disposition.CORRESPONDENCE, "a short answer in a thread", 0.7)
    return None


def _of_a_mail(view: View) -> bool:
    """ "Nobody in this ministry wrote the letter of 3 May": what is denied is a mail; "nobody here can train the nurse" denies none."""
    pieces = (piece for piece in _SENTENCE.findall(view.note) if view.phrases.denies.search(piece))
    return any(view.phrases.texts.search(piece) or view.phrases.mails.search(piece) for piece in pieces)


def _among_us(view: View) -> str | None:
    """A colleague passes on a mail to another and says that nothing is to be done; no file comes with it."""
    reading = view.arrival.reading
    enclosed = any(part.message is not None for part in reading.parts)  # another's words may be a response that nobody has seen
    if view.list_post or not reading.from_ or view.files or enclosed or not (reading.in_reply_to or reading.references):
        return None
    host = reading.from_[0].address.lower().rpartition("@")[2]
    ours = view.round.channels.address.lower().rpartition("@")[2]
    house = ".".join(ours.split(".")[-2:])
    if host != house and not host.endswith("." + house):
        return None
    if not is_forward(reading) and view.is_reply and not view.answers:
        return "a reply of our own house"
    cover = folded("\n".join(unit.own_text for unit in view.units if unit.kind == "body"))
    return phrase(view.phrases.among_us, cover[:_COVER])


def _goes_on(view: View) -> bool:
    """ "Thanks for asking. The cost falls when islands buy together ...": more than thanks."""
    rest = [piece for piece in _SENTENCE.findall(view.note) if not view.phrases.thanks.search(piece)]
    return len(words_of(" ".join(rest))) >= _MORE

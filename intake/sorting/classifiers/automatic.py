"""Did a machine write it? By headers (RFC 3834 and the vendors'), by form (RFC 8098), else by subject and text in many languages."""

from __future__ import annotations

from intake.model.mail import Reading
from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import SHORT, found, phrase, words
from intake.sorting.classifiers.bounce import is_mail_system
from intake.sorting.view import View

NAME = "automatic"


def classify(view: View) -> Finding | None:
    """Our own list is excepted from every test of lists: a person's response may come through it."""
    return _by_form(view) or _by_header(view) or _by_words(view)


def _by_form(view: View) -> Finding | None:
    types = view.media_types
    content_type = (view.arrival.reading.header("Content-Type") or "").lower()
    if "message/disposition-notification" in types or "disposition-notification" in content_type:
        return found(NAME, Disposition.AUTO_REPLY, "is a disposition notification (RFC 8098)", 1.0)
    told = view.phrases.receipt_subject.match(view.subject)  # "lida" ends no word, and is within "Municipalidad"
    said = " ".join(told.group().split())[:60] if told else ""
    if said and not view.answers and words(view) < SHORT:
        return found(NAME, Disposition.AUTO_REPLY, f"a read receipt by its subject: {said}", 0.85)
    return None


def _by_header(view: View) -> Finding | None:
    reading = view.arrival.reading
    value = (reading.header("Auto-Submitted") or "no").split(";")[0].split("(")[0].strip().lower()
    if value not in ("no", "") and not view.answers:
        return found(NAME, Disposition.AUTO_REPLY, f"Auto-Submitted: {value} (RFC 3834)", 1.0)
    for name, text in reading.headers:
        key = name.lower()
        if key in view.phrases.auto_headers and text.strip().lower() not in ("no", "false", "none", ""):
            return found(NAME, Disposition.AUTO_REPLY, f"carries {name}", 0.95)
        if key == "precedence" and text.strip().lower().replace("-", "_") in ("auto_reply", "autoreply"):
            return found(NAME, Disposition.AUTO_REPLY, f"Precedence: {text.strip()}", 0.97)
    return _by_habit(view)


def _by_habit(view: View) -> Finding | None:
    """Marks that machines leave and persons do not: bulk precedence without a list, a no-reply mailbox that says little or data."""
    if view.answers or view.documents or view.list_post:
        return None
    reading = view.arrival.reading
    bulk = (reading.header("Precedence") or "").strip().lower() in ("bulk", "junk")
    if bulk and not _through_a_list(reading) and words(view) < SHORT and phrase(view.phrases.thanks, view.subject, view.note):
        return found(NAME, Disposition.AUTO_REPLY, "bulk precedence on a short receipt that no list sent", 0.83)
    suppresses = reading.header("X-Auto-Response-Suppress") and words(view) < SHORT
    if suppresses and (view.is_reply or phrase(view.phrases.auto_text, view.note[:600])):
        return found(NAME, Disposition.AUTO_REPLY, "asks for no automatic answer, in a short reply", 0.81)
    text = reading.text.lstrip()
    if is_mail_system(view) and text.startswith("{") and '":' in text[:200].replace(" ", ""):
        return found(NAME, Disposition.AUTO_REPLY, "a machine's data, from a mailbox that nobody reads", 0.9)
    return None


def _through_a_list(reading: Reading) -> bool:
    """Any of the marks that list software leaves (RFC 2369, RFC 2919 and the older ones)."""
    marks = ("x-mailing-list", "mailing-list", "x-beenthere", "x-mailman-version", "x-loop")
    if any(name.lower() in marks or name.lower().startswith("list-") for name, _ in reading.headers):
        return True
    sender = reading.sender[0].address.lower().partition("@")[0] if reading.sender else ""
    return sender.startswith("owner-") or sender.endswith(("-owner", "-request", "-bounces"))


def _by_words(view: View) -> Finding | None:
    if view.answers or view.documents or words(view) >= 2 * SHORT:
        return None
    said = view.phrases.auto_subject.match(view.subject)
    if said:
        return found(NAME, Disposition.AUTO_REPLY, f"subject of an automatic answer: {said.group().strip()[:60]}", 0.9)
    told = phrase(view.phrases.auto_text, view.note[:600])
    if told and words(view) < SHORT:
        return found(NAME, Disposition.AUTO_REPLY, f"text of an automatic answer: {told}", 0.8)
    challenged = phrase(view.phrases.challenge, view.note[:1500])
    if challenged:
        return found(NAME, Disposition.AUTO_REPLY, f"a challenge before delivery: {challenged}", 0.82)
    hits = {match.group() for match in view.phrases.ticket.finditer(f"{view.subject}\n{view.note[:1500]}")}
    if len(hits) >= 2 or (hits and told):
        return found(NAME, Disposition.AUTO_REPLY, f"a ticket system's receipt: {', '.join(sorted(hits))[:60]}", 0.85)
    return None

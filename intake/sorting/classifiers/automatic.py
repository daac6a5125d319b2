"""Did a machine write it? By headers (RFC 3834 and the vendors'), by form (RFC 8098), else by subject and text in many languages."""

from __future__ import annotations

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import SHORT, found, phrase, words
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
    said = phrase(view.phrases.receipt_subject, view.subject)
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
    return None


def _by_words(view: View) -> Finding | None:
    if view.answers or view.documents:
        return None
    said = view.phrases.auto_subject.match(view.subject)
    if said and words(view) < 2 * SHORT:
        return found(NAME, Disposition.AUTO_REPLY, f"subject of an automatic answer: {said.group().strip()[:60]}", 0.9)
    told = phrase(view.phrases.auto_text, view.note[:600])
    if told and words(view) < SHORT:
        return found(NAME, Disposition.AUTO_REPLY, f"text of an automatic answer: {told}", 0.8)
    hits = {match.group() for match in view.phrases.ticket.finditer(f"{view.subject}\n{view.note[:1500]}")}
    if (len(hits) >= 2 or (hits and told)) and words(view) < 2 * SHORT:
        return found(NAME, Disposition.AUTO_REPLY, f"a ticket system's receipt: {', '.join(sorted(hits))[:60]}", 0.85)
    return None

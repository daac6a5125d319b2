"""Is it a report that a letter could not be delivered (RFC 3464, RFC 6522), or a complaint (RFC 5965)?"""

from __future__ import annotations

import re

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import SHORT, found, phrase, words
from intake.sorting.folding import folded
from intake.sorting.view import View

NAME = "bounce"
SURE = 1.0
"""Of a mail system's own words; classifiers are asked in order, and reports say that they are automatic, too (RFC 3834)."""
HEAD = 4000
"""Characters of the text in which a mail system says what went wrong."""
_SMTP_REPLY = re.compile(r"(?<![\d.])[45]\d\d[ -]{1,3}(?:#?[45]\.\d{1,3}\.\d{1,3}\b|<[^<>\s]{1,120}>)|\brcpt to:")


_CODE = re.compile(r"\(?#[45]\.\d{1,3}\.\d{1,3}\)?|(?<![\d.])[45]\d\d [45]\.\d\.\d")


def classify(view: View) -> Finding | None:
    """By the report's parts and headers; without them by a machine's address together with what it says."""
    return _by_form(view) or _by_words(view)


def _by_form(view: View) -> Finding | None:
    reading = view.arrival.reading
    if "message/delivery-status" in view.media_types or "message/global-delivery-status" in view.media_types:
        return found(NAME, Disposition.BOUNCE, "holds a delivery status (RFC 3464)", 1.0)
    if "message/feedback-report" in view.media_types:
        return found(NAME, Disposition.BOUNCE, "holds a feedback report (RFC 5965)", 1.0)
    content_type = (reading.header("Content-Type") or "").lower().replace('"', "").replace(" ", "")
    if "report-type=delivery-status" in content_type or "report-type=feedback-report" in content_type:
        return found(NAME, Disposition.BOUNCE, "declares itself a delivery report (RFC 6522)", 1.0)
    if reading.header("X-Failed-Recipients"):
        return found(NAME, Disposition.BOUNCE, "names failed recipients in its header", 1.0)
    return None


def _by_words(view: View) -> Finding | None:
    """A person may quote a report; only what a mail system itself sends is one."""
    if view.answers:
        return None
    if not is_mail_system(view):
        return _of_plain_sender(view)
    said = phrase(view.phrases.bounce_subject, view.subject)
    if said:
        return found(NAME, Disposition.BOUNCE, f"a mail system says in the subject: {said}", SURE)
    text = folded("\n".join([view.arrival.reading.text[:HEAD], *(unit.text[:HEAD] for unit in view.units if unit.part)]))
    said = phrase(view.phrases.bounce_subject, text) or phrase(view.phrases.bounce_text, text) or phrase(_SMTP_REPLY, text)
    if said:
        return found(NAME, Disposition.BOUNCE, f"a mail system says in its text: {said}", SURE if _is_postmaster(view) else 0.95)
    if _is_postmaster(view) and words(view) < SHORT:
        return found(NAME, Disposition.BOUNCE, "a short mail of a mail system", 0.72)
    return None


def _of_plain_sender(view: View) -> Finding | None:
    """Some hosts send reports from an ordinary mailbox: a subject of a report, no reply's, over a refusal with its code; a person asks."""
    said = phrase(view.phrases.bounce_subject, view.subject)
    if not said or view.is_reply or "?" in view.note:
        return None
    text = folded(view.arrival.reading.text[:HEAD])
    code = phrase(_SMTP_REPLY, text) or phrase(_CODE, text)
    if code and phrase(view.phrases.bounce_text, text):
        return found(NAME, Disposition.BOUNCE, f"a report by its subject, words and code: {said}, {code}", 0.92)
    return None


def is_mail_system(view: View) -> bool:
    """Whether the sender is no person: the null sender, no sender at all, or a mailbox that machines send from."""
    reading = view.arrival.reading
    if not reading.from_ or not reading.from_[0].address or reading.return_path == "":
        return True
    return _local(view) in view.phrases.machine_local_parts


def _is_postmaster(view: View) -> bool:
    return _local(view) in ("postmaster", "mailerdaemon", "maildaemon", "mdaemon", "maildeliverysystem", "maildeliverysubsystem")


def _local(view: View) -> str:
    """The local part of the sender, letters only ("Mail.Delivery.System" and "mail-delivery-system" are one)."""
    reading = view.arrival.reading
    local = reading.from_[0].address.lower().partition("@")[0] if reading.from_ else ""
    return "".join(char for char in local if char.isalnum())

"""Is it a report that a letter could not be delivered (RFC 3464, RFC 6522), or a complaint (RFC 5965)?"""

from __future__ import annotations

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import found, phrase
from intake.sorting.view import View

NAME = "bounce"


def classify(view: View) -> Finding | None:
    """By the report's parts; without them by the machine that sent it and what it says."""
    reading = view.arrival.reading
    if "message/delivery-status" in view.media_types or "message/global-delivery-status" in view.media_types:
        return found(NAME, Disposition.BOUNCE, "holds a delivery status (RFC 3464)", 1.0)
    if "message/feedback-report" in view.media_types:
        return found(NAME, Disposition.BOUNCE, "holds a feedback report (RFC 5965)", 0.98)
    content_type = (reading.header("Content-Type") or "").lower()
    if "report-type=delivery-status" in content_type.replace('"', "").replace(" ", ""):
        return found(NAME, Disposition.BOUNCE, "declares itself a delivery report (RFC 6522)", 0.98)
    if reading.header("X-Failed-Recipients"):
        return found(NAME, Disposition.BOUNCE, "names failed recipients in its header", 0.97)
    sender = (reading.from_[0].address if reading.from_ else reading.return_path or "").lower()
    local = sender.partition("@")[0]
    machine = local in ("mailer-daemon", "postmaster", "mdaemon", "maildaemon", "mail-daemon") or reading.return_path == ""
    said = phrase(view.phrases.bounce_subject, view.subject)
    if machine and said:
        return found(NAME, Disposition.BOUNCE, f"a mail system says in the subject: {said}", 0.95)
    if local.startswith("mailer-daemon") and phrase(view.phrases.bounce_subject, view.note[:2000]):
        return found(NAME, Disposition.BOUNCE, "a mail system reports a failed delivery in its text", 0.9)
    return None

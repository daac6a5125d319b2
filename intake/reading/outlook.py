"""Outlook .msg files (MS-OXMSG) as the MIME tree they stand for; read by python-oxmsg."""

from __future__ import annotations

from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr

from oxmsg import Message as OutlookMessage

from intake.reading.decode import oneline

_MARK = "__properties_version1.0".encode("utf-16-le")
_NOT_OURS = ("content-type", "content-transfer-encoding", "mime-version", "content-disposition")
_ATTACHMENTS = 500


def is_outlook(data: bytes) -> bool:
    """Whether an OLE container is an Outlook message."""
    return _MARK in data


def message_of(data: bytes) -> Message:
    """The tree: headers as Outlook kept them, else what it says of sender, subject and time; body, HTML, attachments.

    Raises whatever the library raises on damaged files; the caller calls the file damaged.
    """
    found = OutlookMessage.load(data)
    tree = MIMEMultipart("mixed")
    for name, value in _headers(found):
        tree[name] = value
    bodies = MIMEMultipart("alternative")
    if found.body:
        bodies.attach(MIMEText(_valid(found.body), "plain", "utf-8"))
    if found.html_body:
        bodies.attach(MIMEText(_valid(found.html_body), "html", "utf-8"))
    if bodies.get_payload():
        tree.attach(bodies)
    for attachment in found.attachments[:_ATTACHMENTS]:
        content = attachment.file_bytes
        if not attachment.attached_by_value or content is None:
            continue
        part = MIMEApplication(content)
        part.replace_header("Content-Type", oneline(attachment.mime_type or "application/octet-stream"))
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", oneline(attachment.file_name or "unnamed")))
        tree.attach(part)
    return tree


def _headers(found: OutlookMessage) -> list[tuple[str, str]]:
    """Internet headers where the message came by mail; what Outlook itself says where it was never sent."""
    kept = [(name, oneline(value)) for name, value in (found.message_headers or {}).items() if name.lower() not in _NOT_OURS]
    names = {name.lower() for name, _ in kept}
    said = {
        "From": oneline(found.sender or ""),
        "Subject": oneline(found.subject or ""),
        "Date": format_datetime(found.sent_date) if found.sent_date else "",
        "To": ", ".join(formataddr((oneline(item.name or ""), item.email_address or ""), "utf-8") for item in found.recipients),
    }
    return kept + [(name, value) for name, value in said.items() if value and name.lower() not in names]


def _valid(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")

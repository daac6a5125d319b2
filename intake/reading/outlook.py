"""Outlook .msg files (MS-OXMSG) as the MIME tree they stand for; read by python-oxmsg."""

from __future__ import annotations

from dataclasses import replace
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr

from oxmsg import Message as OutlookMessage
from oxmsg.attachment import Attachment

from intake.reading.decode import oneline

_PROPERTIES = "__properties_version1.0"
_OBJECT = "__substg1.0_3701000D"
_DEEPEST = 10
_MARK = _PROPERTIES.encode("utf-16-le")
_NOT_OURS = ("content-type", "content-transfer-encoding", "mime-version", "content-disposition")
_ATTACHMENTS = 500


def is_outlook(data: bytes) -> bool:
    """Whether an OLE container is an Outlook message."""
    return _MARK in data


def message_of(data: bytes) -> Message:
    """The tree: headers as Outlook kept them, else what it says of sender, subject and time; body, HTML, attachments.

    Raises whatever the library raises on damaged files; the caller calls the file damaged.
    """
    return _tree(OutlookMessage.load(data), 0)


def _tree(found: OutlookMessage, level: int) -> Message:
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
        if (inner := _inside(attachment)) is not None and level < _DEEPEST:
            tree.attach(MIMEMessage(_tree(inner, level + 1)))
            continue
        content = attachment.file_bytes
        if not attachment.attached_by_value or content is None:
            continue
        part = MIMEApplication(content)
        part.replace_header("Content-Type", oneline(attachment.mime_type or "application/octet-stream"))
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", oneline(attachment.file_name or "unnamed")))
        tree.attach(part)
    return tree


def _inside(attachment: Attachment) -> OutlookMessage | None:
    """A message that is attached as an object of Outlook's own (MS-OXMSG 2.2.2.1). Its header of properties is eight bytes shorter
    than a whole file's (2.4.1.1)."""
    storage = next((item for item in attachment._storage.storages if item.name == _OBJECT), None)  # type: ignore[attr-defined]  # a Storage
    if storage is None:
        return None
    streams = tuple(
        replace(item, bytes_=item.bytes_[:24] + bytes(8) + item.bytes_[24:]) if item.name == _PROPERTIES else item
        for item in storage.streams
    )
    return OutlookMessage(replace(storage, streams=streams))


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

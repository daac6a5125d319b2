"""The one function that builds outgoing mail (RFC 5322, RFC 3834), and our Message-IDs."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from intake.letters.dates import clean
from intake.model.letter import Letter

_REFERENCES = 10


def letter_message_id(secret: bytes, key: str, kind: str, domain: str) -> str:
    """Stable after the loss of the ledger, not to be guessed by others: HMAC of what caused the letter."""
    token = hmac.new(secret, f"{kind}:{key}".encode(), hashlib.sha256).hexdigest()[:32]
    return f"<{kind}.{token}@{domain}>"


def is_ours(message_id: str, secret: bytes, key: str, kind: str) -> bool:
    """Whether a Message-ID is that of our letter of this kind about this message; compared in constant time."""
    domain = message_id.rpartition("@")[2].rstrip(">")
    return hmac.compare_digest(message_id, letter_message_id(secret, key, kind, domain))


def to_message(letter: Letter, *, from_name: str, from_address: str, message_id: str, date: datetime) -> bytes:
    """The final octets: one recipient, text and HTML, no control characters in any field, lines within 998. The same input gives
    the same octets (the boundary is made of the Message-ID)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=clean(from_name, 100), addr_spec=from_address)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = clean(letter.subject, 150)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    if letter.in_reply_to and _is_id(letter.in_reply_to):
        message["In-Reply-To"] = letter.in_reply_to
        chain = [item for item in letter.references if _is_id(item) and item != letter.in_reply_to][-_REFERENCES:]
        message["References"] = " ".join([*chain, letter.in_reply_to])
    message["Auto-Submitted"] = letter.auto_submitted
    message["X-Auto-Response-Suppress"] = "All"
    message["Precedence"] = "bulk"
    message["Content-Language"] = letter.language
    message["X-Consultation-Intake"] = message_id.strip("<>").partition("@")[0]
    for name, value in letter.headers:
        message[name] = clean(value, 300)
    message.set_content(
        letter.text, charset="utf-8", cte="quoted-printable" if letter.language in ("en", "fr", "es") else "base64"
    )
    message.add_alternative(letter.html, subtype="html", charset="utf-8", cte="base64")
    boundary = hashlib.sha256(message_id.encode()).hexdigest()
    message.set_boundary("=_" + boundary[:32])
    for file in letter.enclosed:
        main, _, sub = file.media_type.partition("/")
        message.add_attachment(file.octets, maintype=main, subtype=sub, filename=clean(file.name, 120))
    if letter.enclosed:
        message.set_boundary("=_" + boundary[32:])
    return message.as_bytes()


def _is_id(value: str) -> bool:
    """A claimed Message-ID that may be repeated: bracketed, ASCII, without white space, short."""
    return (
        value.startswith("<")
        and value.endswith(">")
        and value.isascii()
        and value.isprintable()
        and len(value) < 250
        and " " not in value
    )

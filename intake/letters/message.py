"""The one function that builds outgoing mail (RFC 5322, RFC 3834), and our Message-IDs."""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import MIMEPart
from email.policy import SMTP
from email.utils import format_datetime

from intake.letters.dates import clean
from intake.letters.token import sign
from intake.model.letter import Enclosed, Letter

_REFERENCES = 10
_LINE = 78
_CRLF = "\r\n"
_IDS = ("Message-ID", "In-Reply-To", "References", "X-Consultation-Intake")


def letter_message_id(secret: bytes, cause: str, kind: str, domain: str, *, about: str = "") -> str:
    """Stable after the loss of the ledger, not to be guessed by others, known again without it (letters/token.py). `cause`: what the
    letter was sent for; `about`: the key of the message that it is about."""
    return f"<{sign(secret, kind, cause, about)}@{domain}>"


def to_message(letter: Letter, *, from_name: str, from_address: str, message_id: str, date: datetime) -> bytes:
    """The final octets: one recipient, text and HTML, no control characters in any field, lines within 998. The same input gives
    the same octets (the boundary is made of the Message-ID)."""
    fields: list[tuple[str, str]] = [
        ("From", _named(clean(from_name, 100), from_address)),
        ("To", str(Address(addr_spec=letter.to))),
        ("Subject", clean(letter.subject, 150)),
        ("Date", format_datetime(date)),
        ("Message-ID", message_id),
    ]
    if letter.in_reply_to and _is_id(letter.in_reply_to):
        chain = [item for item in letter.references if _is_id(item) and item != letter.in_reply_to][-_REFERENCES:]
        fields += [("In-Reply-To", letter.in_reply_to), ("References", " ".join([*chain, letter.in_reply_to]))]
    fields += [
        ("Auto-Submitted", letter.auto_submitted),
        ("X-Auto-Response-Suppress", "All"),
        ("Precedence", "bulk"),
        ("Content-Language", letter.language),
        ("X-Consultation-Intake", message_id.strip("<>").partition("@")[0]),
        *((name, clean(value, 300)) for name, value in letter.headers),
        ("MIME-Version", "1.0"),
    ]
    borders = hashlib.sha256(message_id.encode()).hexdigest()
    plain = _readable if letter.language in ("en", "fr", "es") else _armoured
    body = _several("alternative", f"=_{borders[:32]}", [plain("plain", letter.text), _armoured("html", letter.html)])
    if letter.enclosed:
        body = _several("mixed", f"=_{borders[32:]}", [body, *(_enclosed(file) for file in letter.enclosed)])
    return ("".join(_field(name, value) for name, value in fields) + body).encode("ascii")


def _several(kind: str, border: str, parts: Sequence[str]) -> str:
    """A multipart, head and all (RFC 2046, 5.1)."""
    head = f'Content-Type: multipart/{kind};\r\n boundary="{border}"\r\n\r\n'
    return head + "".join(f"--{border}\r\n{part}\r\n" for part in parts) + f"--{border}--\r\n"


def _enclosed(file: Enclosed) -> str:
    """A file; its name in the library's way (RFC 2231)."""
    main, _, sub = file.media_type.partition("/")
    part = MIMEPart(policy=SMTP)
    coded = {"charset": "utf-8"} if main == "text" else {}  # else many a program shows it as ASCII (RFC 2046, 4.1.2)
    part.set_content(
        file.octets, maintype=main, subtype=sub, disposition="attachment", filename=clean(file.name, 120), params=coded
    )
    return part.as_bytes().decode("ascii")


def _field(name: str, text: str) -> str:
    """A header field, folded. The library takes a third of a millisecond for each, and nearly all of ours are plain ASCII on a
    line: those are written as they are, to the same octets."""
    if name in _IDS:
        return _identified(name, text)
    if name == "From" and _CRLF in text:
        return f"From: {text}{_CRLF}"
    plain = text.isascii() and text.isprintable() and "=?" not in text and "  " not in text and text == text.strip() != ""
    return f"{name}: {text}\r\n" if plain and len(name) + 2 + len(text) <= _LINE else _folded(name, text)


def _identified(name: str, ids: str) -> str:
    """Ids, folded between two of them and never before the first: programs that read a field without unfolding it, some libraries
    among them, would take a blank for a part of the id, and the answer to the letter would not be known for one (RFC 5322, 2.1.1:
    78 is what a line should have, 998 what it must)."""
    lines = [f"{name}:"]
    for number, one in enumerate(ids.split()):
        if number and len(lines[-1]) + 1 + len(one) > _LINE:
            lines.append("")
        lines[-1] += f" {one}"
    return "\r\n".join(lines) + "\r\n"


@functools.lru_cache(maxsize=64)
def _folded(name: str, value: str) -> str:
    """A field that does not fit its line, or is not ASCII. Encoded words bear their spaces within: what stands between two of them is
    no space (RFC 2047, 6.2), and the library's newer way of folding puts one there, or leaves it there, in the middle of a name."""
    plain = value.isascii() and "=?" not in value and max(map(len, value.split()), default=0) < _LINE - len(name) - 2
    charset = "us-ascii" if plain else "utf-8"
    return f"{name}: {Header(value, charset, maxlinelen=_LINE - 2, header_name=name).encode(linesep=_CRLF)}{_CRLF}"


def _named(name: str, address: str) -> str:
    """A name with its address; a name that is not ASCII as encoded words, the address on a line of its own."""
    if name.isascii():
        return str(Address(display_name=name, addr_spec=address))
    return f"{Header(name, 'utf-8', maxlinelen=_LINE - 2, header_name='From').encode(linesep=_CRLF)}{_CRLF} <{address}>"


def _readable(kind: str, text: str) -> str:
    """A text part that can be read without decoding (RFC 2045, 6.7)."""
    lines = binascii.b2a_qp(b"\n".join([*text.encode().splitlines(), b""]), istext=True).replace(b"\n", b"\r\n")
    return _part(kind, "quoted-printable", lines)


def _armoured(kind: str, text: str) -> str:
    """A text part in base64 (RFC 2045, 6.8)."""
    lines = base64.encodebytes(b"\r\n".join([*text.encode().splitlines(), b""])).replace(b"\n", b"\r\n")
    return _part(kind, "base64", lines)


def _part(kind: str, coding: str, lines: bytes) -> str:
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {coding}\r\n\r\n'
    return head + lines.decode("ascii")


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

"""A slip: the octets that stand for a response which came by no mail (RFC 5322), made of what was said and of nothing else.

The same row gives the same octets whenever and wherever it is imported. What the program reads back stands in header fields of its own
(`Intake-*`); they are believed by the channel under which the slip was stored and by nothing in its octets, so that no mail can pass for one.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import MIMEPart
from email.policy import SMTP
from email.utils import format_datetime

from msgspec import Struct
from msgspec.structs import replace

from intake.model.slip import SLIP_FIELDS, SLIP_LINES

NOBODY = "nobody@slip.invalid"
_NAME_CHARS = 100
_VALUE_CHARS = 900


class SlipFile(Struct, frozen=True, kw_only=True):
    """A file that came with it: a scan, what was uploaded with the form."""

    name: str
    media_type: str
    octets: bytes


class Slip(Struct, frozen=True, kw_only=True):
    """What a row of a form or an officer says. `kind`: "form" or "register"; `source`: the form's name, or how it came. `id` is the same for
    every state of one entry, `row` changes with what it says. `at`: aware. `answers` and `general` of a form; `text` of a register, whose
    answers are looked for in it. `line`: where it stood in the export; no part of the octets."""

    kind: str
    source: str
    id: str
    row: str
    at: datetime
    person: str = ""
    title: str = ""
    organization: str = ""
    category: str = ""
    country: str = ""
    language: str = ""
    email: str = ""
    vouched: bool = False
    answers: tuple[tuple[int, str], ...] = ()
    general: tuple[str, ...] = ()
    text: str = ""
    files: tuple[SlipFile, ...] = ()
    reference: str = ""
    by: str = ""
    belongs_to: str = ""
    line: int = 0


def hashed(*values: str) -> str:
    """SHA-256 over values that cannot run into each other."""
    return hashlib.sha256("".join(f"{len(value)}:{value}" for value in values).encode("utf-8", "surrogatepass")).hexdigest()


def slip_octets(slip: Slip, address: str) -> bytes:
    """The message. `address`: the round's published address. Deterministic; every field is cleaned of control characters."""
    text, lines = _body(slip)
    name = cleaned(slip.person or slip.organization, _NAME_CHARS)
    sender = Address(display_name=name, addr_spec=slip.email) if slip.email else Address(display_name=name, addr_spec=NOBODY)
    fields = [
        ("From", str(sender)),
        ("To", str(Address(addr_spec=address))),
        ("Subject", cleaned(slip.organization or slip.person or slip.reference or slip.id, _NAME_CHARS)),
        ("Date", format_datetime(slip.at)),
        ("Message-ID", f"<{slip.id[:32]}.{slip.row[:32]}@slip.invalid>"),
        *((field, cleaned(str(_value(slip, key)), _VALUE_CHARS)) for key, field in SLIP_FIELDS.items() if _value(slip, key)),
    ]
    if lines:
        fields.append((SLIP_LINES, lines))
    fields.append(("MIME-Version", "1.0"))
    head = "".join(SMTP.header_factory(key, value).fold(policy=SMTP) for key, value in fields)
    body = _text_part(text)
    if slip.files:
        border = f"=_{hashed(slip.id, slip.row)[:40]}"
        parts = [body, *(_file_part(file) for file in slip.files)]
        body = f'Content-Type: multipart/mixed;\r\n boundary="{border}"\r\n\r\n'
        body += "".join(f"--{border}\r\n{part}\r\n" for part in parts) + f"--{border}--\r\n"
    return (head + body).encode("ascii")


def _value(slip: Slip, key: str) -> object:
    value = getattr(slip, key)
    return "yes" if value is True else value


def _body(slip: Slip) -> tuple[str, str]:
    """The text, and for a form on which lines of it each answer stands: "question=first line+number of lines"; 0 is general."""
    if slip.kind != "form":
        return slip.text.replace("\r\n", "\n").replace("\r", "\n"), ""
    lines: list[str] = []
    places: list[str] = []
    for question, answer in [*slip.answers, *((0, text) for text in slip.general)]:
        if lines:
            lines.append("")
        if question:
            lines.append(f"{question}.")
        said = answer.strip("\n").split("\n")
        places.append(f"{question}={len(lines)}+{len(said)}")
        lines += said
    return "\n".join(lines), " ".join(places)


def _text_part(text: str) -> str:
    coded = (
        base64.encodebytes(text.replace("\n", "\r\n").encode("utf-8", "replace") + b"\r\n").decode("ascii").replace("\n", "\r\n")
    )
    return f'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}'


def _file_part(file: SlipFile) -> str:
    main, _, sub = file.media_type.partition("/")
    part = MIMEPart(policy=SMTP)
    part.set_content(
        file.octets, maintype=main, subtype=sub or "octet-stream", disposition="attachment", filename=cleaned(file.name, 120)
    )
    return part.as_bytes().decode("ascii")


def cleaned(text: str, most: int) -> str:
    """One line without control characters, cut."""
    return " ".join("".join(char if char.isprintable() or char == " " else " " for char in text).split())[:most]


def with_row(slip: Slip) -> Slip:
    """The slip with the hash of what it says; who entered it is no part of that."""
    said = [f"{key}={getattr(slip, key)}" for key in _SAID]
    said += [f"{number}={answer}" for number, answer in slip.answers]
    return replace(slip, row=hashed(*said, *slip.general, *(hashed(file.name, file.octets.hex()) for file in slip.files))[:32])


_SAID = (
    "kind", "source", "at", "person", "title", "organization", "category", "country", "language", "email", "text", "reference", "belongs_to",
)  # fmt: skip

"""Header fields to values: addresses, dates, Received lines; tolerant of everything, nothing raises."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message
from email.utils import parsedate_tz

from mailparser.dates import parse_mail_date
from mailparser.utils import parse_received

from intake.model.mail import Address, Hop
from intake.reading.decode import decode_header, valid

_ANGLE = re.compile(r"<([^<>]*)>")
_BARE = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")
_ID = re.compile(r"<[^<>\s]{1,998}>")
_COMMENT = re.compile(r"\([^()]*\)")
_FROM_HOST = re.compile(r"^\s*from\s+([^\s;()]+)", re.I)
_LONGEST = 2_000  # characters of one mailbox; longer ones are no addresses (RFC 5321 4.5.3.1)
_BY_HOST = re.compile(r"(?:^|\s)by\s+([^\s;()]+)", re.I)


def raw_headers(message: Message) -> list[tuple[str, str]]:
    """(name, raw value) in order; 8-bit bytes as surrogates."""
    return [(name, str(value)) for name, value in message._headers]  # type: ignore[attr-defined]  # the parsed list, undecoded


_LABEL = re.compile(r"=\?([A-Za-z0-9_.:-]{2,40})(?:\*[A-Za-z-]{0,20})?\?[bBqQ]\?")


def header_charset(message: Message) -> str | None:
    """The first charset that the encoded words of a header name, when it is neither ASCII nor UTF-8: the sender's own, most likely."""
    for name, value in raw_headers(message)[:200]:
        if name.lower() in ("subject", "from", "to", "sender", "reply-to", "cc"):
            for label in _LABEL.findall(value[:2000]):
                if label.lower() not in ("utf-8", "utf8", "us-ascii"):
                    return str(label)
    return None


def raw_value(message: Message, name: str) -> str:
    """The first header of that name as it stands, 8-bit bytes as surrogates; "" when there is none."""
    wanted = name.lower()
    return next((value for key, value in raw_headers(message) if key.lower() == wanted), "")


def addresses_of(values: Iterable[str], limit: int = 5_000, hint: str | None = None) -> tuple[Address, ...]:
    """All mailboxes of address headers; display names decoded after splitting, so that a decoded comma splits nothing."""
    found: list[Address] = []
    for value in values:
        for chunk in _split(value):
            address = _address(chunk, hint)
            if address is not None:
                found.append(address)
            if len(found) >= limit:
                return tuple(found)
    return tuple(found)


def _split(value: str) -> Iterable[str]:
    """At commas and semicolons outside quotes, angle brackets and comments. Linear."""
    quoted, angle, depth, start = False, False, 0, 0
    index = 0
    while index < len(value):
        char = value[index]
        if char == "\\" and quoted:
            index += 1
        elif char == '"' and depth == 0:
            quoted = not quoted
        elif not quoted:
            if char == "<":
                angle = True
            elif char == ">":
                angle = False
            elif char == "(":
                depth += 1
            elif char == ")":
                depth = max(0, depth - 1)
            elif char in ",;" and not angle and depth == 0:
                yield value[start:index]
                start = index + 1
        index += 1
    yield value[start:]


def _address(chunk: str, hint: str | None) -> Address | None:
    chunk = chunk[:_LONGEST]
    text = decode_header(chunk, hint=hint)
    if not text or text.endswith(":"):
        return None
    angle = _ANGLE.findall(chunk)
    if angle:
        address = decode_header(angle[-1])
        name = decode_header(chunk[: chunk.rfind("<")], hint=hint)
    else:
        bare = _BARE.search(_COMMENT.sub(" ", text))
        if bare is None:
            return Address(name=text.strip(" \"'"), address="") if "@" not in text and len(text) < 200 else None
        address = bare.group()
        comment = _COMMENT.search(text)
        name = comment.group()[1:-1] if comment else text.replace(address, " ")
    if ":" in name and "<" in chunk:
        name = name.rpartition(":")[2]
    return Address(name=_name(name), address=fold_domain(address))


def _name(name: str) -> str:
    text = name.strip().strip('"').replace('\\"', '"').strip(" '\"")
    return " ".join(text.split())


def fold_domain(address: str) -> str:
    """The address with its domain in lower case and no white space or trailing dot."""
    local, at, domain = "".join(address.split()).strip("<>\"'").rpartition("@")
    return f"{local}{at}{domain.lower().rstrip('.')}" if at else domain.lower()


def ids_of(values: Iterable[str]) -> tuple[str, ...]:
    """Message-IDs in order, without brackets' surroundings, each once."""
    found: list[str] = []
    for value in values:
        found += _ID.findall(valid(value))
    return tuple(dict.fromkeys(found))


def message_id_of(values: list[str]) -> str | None:
    """The claimed Message-ID: the first in brackets, else the bare first word; None when there is none."""
    for value in values:
        value = valid(value)
        match = _ID.search(value)
        if match and len(match.group()) > 2:
            return match.group()
        bare = value.strip().strip("<>").split()
        if bare and bare[0]:
            return f"<{bare[0]}>"
    return None


def date_of(value: str | None) -> datetime | None:
    """An aware time of a Date or Received header, or None. Years outside 1900 to 2200 are no dates."""
    if not value:
        return None
    text = _COMMENT.sub(" ", value).strip()
    try:
        parts = parsedate_tz(text)
        if parts is None:
            return _odd_date(value)
        offset = parts[9]
        zone = timezone(timedelta(seconds=offset)) if offset is not None and abs(offset) < 86400 else UTC
        when = datetime(*parts[:5], min(parts[5], 59), tzinfo=zone)
        return when if 1900 < when.year < 2200 else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _odd_date(value: str) -> datetime | None:
    """Dates that the standard library does not read: mail-parser knows more forms."""
    try:
        found = parse_mail_date(value)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None
    when = getattr(found, "value", found)
    if not isinstance(when, datetime):
        return None
    when = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    return when if 1900 < when.year < 2200 else None


def hop_of(raw: str) -> Hop:
    """One Received line (RFC 5321 4.4): the host that took the mail, from whom, when."""
    text = decode_header(raw)
    body, _, stamp = text.rpartition(";")
    body = body or text
    bare = _COMMENT.sub(" ", body)
    by = _BY_HOST.search(bare)
    sender = _FROM_HOST.search(bare)
    host = by.group(1) if by else _second_opinion(text)
    return Hop(
        raw=text[:1000],
        by=host.lower().rstrip("."),
        from_=sender.group(1).lower().rstrip(".") if sender else "",
        at=date_of(stamp),
    )


def _second_opinion(text: str) -> str:
    """The `by` clause of a Received line in a form that we do not know, as mail-parser reads it."""
    try:
        clauses = parse_received(text[:2000])
    except Exception:
        return ""
    return str(clauses.get("by", "")).split(" ")[0] if isinstance(clauses, dict) else ""

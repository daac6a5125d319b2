"""A digest of our own list, or a colleague's mail that encloses several: each posting as a message of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from email.utils import getaddresses

from msgspec import Struct
from msgspec.structs import replace

from intake.model.mail import Address, Arrival, Reading
from intake.model.round import Round
from intake.model.text import Span, SpanKind
from intake.model.verdict import Passage, Withheld
from intake.sorting.authors import enclosed_messages, is_colleague, is_report
from intake.sorting.folding import folded
from intake.sorting.tables import PhraseTables
from intake.sorting.view import is_list_post

_RULE = re.compile(r"^-{30,80}[ \t]*$", re.M)
_FIELD = re.compile(r"^(From|To|Cc|Subject|Date|Message-ID|Reply-To|Content-Type|Organization)[ \t]*:[ \t]*(.{0,900})$", re.I)
_COUNTER = re.compile(r"^(?:Message|Messaggio|Mensaje)[ \t]*:?[ \t]*\d+[ \t]*$", re.I)
_SPACE = re.compile(r"\s+")
MOST = 200
"""Postings of one digest that are read; what stands beyond is part of the digest's own text."""


class Posting(Struct, frozen=True, kw_only=True):
    """One posting. `part`: its Part path, or its number in a digest of one text; `shift`: where its text begins there."""

    part: str
    reading: Reading
    shift: int | None = None

    def moved(self, passage: Passage) -> Passage:
        """The passage where the digest has it."""
        part, start, end = self._place(passage.part, passage.start, passage.end)
        return replace(passage, part=part, start=start, end=end)

    def moved_withheld(self, item: Withheld) -> Withheld:
        """The proposal where the digest has it."""
        part, start, end = self._place(item.part, item.start, item.end)
        return replace(item, part=part, start=start, end=end)

    def _place(self, part: str, start: int, end: int) -> tuple[str, int, int]:
        if part:
            return f"{self.part}.{part}", start, end
        if self.shift is not None:
            return "", start + self.shift, end + self.shift
        return self.part, start, end


def postings(arrival: Arrival, round: Round, phrases: PhraseTables) -> tuple[Posting, ...]:
    """The postings in order; empty for every other mail."""
    reading = arrival.reading
    if is_report(reading):
        return ()
    enclosed = tuple(
        Posting(part=part.path, reading=part.message) for part in enclosed_messages(reading) if part.message is not None
    )[:MOST]
    if is_list_post(arrival, round) and _is_digest(reading, phrases):
        return enclosed or tuple(_in_text(reading))[:MOST]
    return enclosed if len(enclosed) >= 2 and is_colleague(arrival, round) else ()


def _is_digest(reading: Reading, phrases: PhraseTables) -> bool:
    local = reading.from_[0].address.lower().partition("@")[0] if reading.from_ else ""
    return local.endswith(("-request", "-digest", "-owner")) or phrases.digest.search(folded(reading.subject)) is not None


def _in_text(reading: Reading) -> Iterator[Posting]:
    """The postings of a digest in one text (RFC 1153): between rules of hyphens, each with a header of its own."""
    text = reading.text
    rules = [match.span() for match in _RULE.finditer(text)]
    bounds = [(end, rules[index + 1][0] if index + 1 < len(rules) else len(text)) for index, (_, end) in enumerate(rules)]
    for number, (start, end) in enumerate(bounds, 1):
        fields, begin = _header(text, start, end)
        if "from" not in fields or "subject" not in fields:
            continue
        while begin < end and text[begin] in "\r\n":
            begin += 1
        body = text[begin:end].rstrip()
        yield Posting(part=str(number), reading=_reading(reading, fields, body), shift=begin)


def _header(text: str, start: int, end: int) -> tuple[dict[str, str], int]:
    """The header fields at the top of a section and where they end."""
    fields: dict[str, str] = {}
    position = start
    while position < end:
        stop = text.find("\n", position, end)
        stop = end if stop < 0 else stop
        line = text[position:stop].rstrip("\r")
        field = _FIELD.match(line)
        if field:
            fields.setdefault(field.group(1).lower(), field.group(2).strip())
        elif (line.strip() and not _COUNTER.match(line) and not (fields and line[:1] in " \t")) or (not line.strip() and fields):
            break
        position = stop + 1
    return fields, min(position, end)


def _reading(outer: Reading, fields: dict[str, str], body: str) -> Reading:
    people = getaddresses([fields["from"]])
    senders = tuple(Address(name=name, address=address) for name, address in people if "@" in address)
    identity = fields.get("message-id", "").strip()
    return Reading(
        sha256=outer.sha256,
        size_bytes=len(body),
        message_id=identity if identity.startswith("<") else None,
        subject=fields["subject"],
        from_=senders[:1],
        language=outer.language,
        text=body,
        spans=(Span(start=0, end=len(body), kind=SpanKind.NEW),) if body else (),
        content_hash=hashlib.sha256(_SPACE.sub("", body).encode("utf-8", "replace")).hexdigest(),
    )

"""What the author wrote, unit by unit: the body's own words, a forwarded text, attached messages, attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from intake.model.mail import Arrival, Part, PartState, Reading
from intake.model.text import Block, SpanKind
from intake.sorting.glance import Latest

_DEEPEST = 6
# The mail programs' own words; they do not depend on the sender's language alone.
_SENDER = re.compile(r"[>\s*]*(?:From|De|Von|От|От кого|من|发件人|發件人|Da|Van|Kimden)\s?[*]?\s?[:：]\s*[*]?\s*([^<\[(@]{3,80})")
_ON_BEHALF = re.compile(r"On Behalf Of\s+([^<\[(]{3,80})", re.IGNORECASE)


class Unit(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """One text with the stretches of it that are the author's own; one object a message and part.

    `part`: "" for the body, else the Part path. `kind`: "body", "forwarded", "message" or "attachment". `quoted`: stretches
    that others wrote and that may hold the question an answer stands under. `signature`: the author's, after the mark.
    """

    part: str
    kind: str
    text: str
    own: tuple[tuple[int, int], ...]
    quoted: tuple[tuple[int, int], ...] = ()
    signature: tuple[tuple[int, int], ...] = ()
    blocks: tuple[Block, ...] = ()
    language: str = "und"
    name: str = ""
    sender: str = ""
    sender_name: str = ""

    @cached_property
    def own_text(self) -> str:
        """The author's stretches, joined by line ends."""
        return "\n".join(self.text[start:end] for start, end in self.own)


def authored(arrival: Arrival) -> tuple[Unit, ...]:
    """All units of a message in reading order: body, what is forwarded in it, then attachments and attached messages."""
    return _LATEST.of((arrival,), lambda: _units(arrival.reading))


def _units(reading: Reading) -> tuple[Unit, ...]:
    return tuple(unit for unit in _of_reading(reading, "", "body", 0, reading.parts) if unit.text.strip())


_LATEST: Latest[tuple[Unit, ...]] = Latest(2)


def _of_reading(reading: Reading, part: str, kind: str, depth: int, parts: tuple[Part, ...]) -> Iterator[Unit]:
    """`parts`: with paths as the outermost message counts them; those of an attached message itself begin at 1 again."""
    sender = reading.from_[0].address.lower() if reading.from_ else ""
    sender_name = reading.from_[0].name if reading.from_ else ""
    new = _ranges(reading, SpanKind.NEW)
    if reading.text and not reading.spans:
        new = ((0, len(reading.text)),)
    yield Unit(
        part=part,
        kind=kind,
        text=reading.text,
        own=new,
        quoted=_ranges(reading, SpanKind.QUOTE),
        signature=_ranges(reading, SpanKind.SIGNATURE),
        blocks=reading.blocks,
        language=reading.language,
        name=reading.subject,
        sender=sender,
        sender_name=sender_name,
    )
    forwarded = _ranges(reading, SpanKind.FORWARDED)
    if forwarded:
        yield Unit(
            part=part,
            kind="forwarded",
            text=reading.text,
            own=forwarded,
            blocks=reading.blocks,
            language=reading.language,
            sender_name=_forwarded_sender(reading),
        )
    yield from _of_parts(parts, depth)


def _forwarded_sender(reading: Reading) -> str:
    """The name in the first line with a colon of the header that a mail program puts before a forwarded text."""
    for start, end in _ranges(reading, SpanKind.FORWARD_HEADER):
        for line in reading.text[start:end].splitlines():
            on_behalf = _ON_BEHALF.search(line)
            if on_behalf:
                return on_behalf.group(1).strip(' "')
            sender = _SENDER.match(line)
            if sender:
                return sender.group(1).strip(" \"'")
    return ""


def _of_parts(parts: tuple[Part, ...], depth: int) -> Iterator[Unit]:
    if depth > _DEEPEST:
        return
    for part in parts:
        if part.state is PartState.IGNORED:
            continue
        if part.message is not None:
            yield from _of_reading(part.message, part.path, "message", depth + 1, part.children)
            continue
        if part.text and not part.body:
            yield Unit(
                part=part.path,
                kind="attachment",
                text=part.text,
                own=((0, len(part.text)),),
                blocks=part.blocks,
                language=part.language,
                name=part.name or "",
            )
        yield from _of_parts(part.children, depth + 1)


def _ranges(reading: Reading, kind: SpanKind) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in reading.spans if span.kind is kind and span.end > span.start)

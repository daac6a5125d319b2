"""A message as the classifiers look at it: folded texts, what the answers and the sender's identity say; made once."""

from __future__ import annotations

import re

from msgspec import Struct

from intake.model.mail import Arrival, Part, Reading
from intake.model.round import Round
from intake.sorting.answers import Mapping
from intake.sorting.answers_units import Unit, authored
from intake.sorting.folding import folded, words_of
from intake.sorting.tables import PhraseTables
from intake.sorting.who import Author

_ASKS = re.compile(r"[^.!?]{6,300}[?]")
_STATED = re.compile(r"[^.!?]+[.!]")
_LABEL = re.compile(r"(?m)^[ \t]*(?:[^\W\d_]{1,9}[ .]{0,2})?\d{1,2} ?[.、):/-]")
_LITTLE = 12
"""Words of statement that an item of a question may hold."""


class View(Struct, frozen=True, kw_only=True, eq=False):
    """What every classifier gets; one object a message, so that what several classifiers ask of it is remembered.

    `note`: the author's own words in the body (not attachments), folded; `subject` folded.

    `head`: the note before the first answer: covering words. `files`: attachments that are no decoration. `documents`: how many
    of them carry text. `inner`: attached messages.
    """

    arrival: Arrival
    round: Round
    phrases: PhraseTables
    mapping: Mapping
    subject: str
    note: str
    head: str
    own_address: bool
    media_types: frozenset[str]
    files: tuple[Part, ...]
    inner: tuple[Part, ...]
    units: tuple[Unit, ...]
    list_post: bool

    @property
    def is_reply(self) -> bool:
        """Whether the subject is another's, answered."""
        return self.phrases.reply.match(self.subject) is not None

    @property
    def answers(self) -> int:
        """How many questions it answers."""
        return len(self.mapping.answers)

    @property
    def documents(self) -> int:
        """Attachments with text of their own."""
        return sum(1 for part in self.files if len(part.text) > 200)


def view_of(arrival: Arrival, consultation: Round, phrases: PhraseTables, mapping: Mapping, author: Author) -> View:
    """The view of one message: of a colleague's forward what the author wrote, not the cover."""
    reading = arrival.reading
    flat = tuple(_flat(reading.parts))
    units = authored(arrival)
    own = _bodies(units, reading, author)
    inner = next((part.message for part in flat if author.part and part.path == author.part and part.message), None)
    addresses = {address for address in (consultation.channels.address, consultation.channels.list_address) if address}
    sender = reading.from_[0].address.lower() if reading.from_ else ""
    return View(
        arrival=arrival,
        round=consultation,
        phrases=phrases,
        mapping=mapping,
        subject=folded((inner or reading).subject).strip(),
        note=folded("\n".join(unit.own_text for unit in own)).strip(),
        head=folded(_head(own, mapping)).strip(),
        own_address=sender in addresses,
        media_types=frozenset(part.media_type.lower() for part in flat),
        files=tuple(part for part in flat if _is_file(part)),
        inner=tuple(part for part in flat if part.message is not None and part.path != author.part),
        units=units,
        list_post=is_list_post(arrival, consultation),
    )


def _bodies(units: tuple[Unit, ...], reading: Reading, author: Author) -> tuple[Unit, ...]:
    """The units that are the author's own note."""
    if author.part:
        return tuple(unit for unit in units if unit.kind == "message" and unit.part == author.part)
    sender = reading.from_[0].address.lower() if reading.from_ else ""
    forwarded = tuple(unit for unit in units if unit.kind == "forwarded" and unit.part == "")
    if forwarded and author.address != sender:
        return forwarded
    return tuple(unit for unit in units if unit.kind == "body")


def _head(units: tuple[Unit, ...], mapping: Mapping) -> str:
    """The author's words in the body before the first answer, at most 1,500 characters."""
    pieces = []
    for unit in units:
        starts = (passage.start for answer in mapping.answers for passage in answer.passages if passage.part == unit.part)
        first = min(starts, default=None)
        for start, end in unit.own:
            stop = end if first is None else min(end, first)
            if start < stop:
                pieces.append(unit.text[start:stop])
    return "\n".join(pieces)[:1500]


def _flat(parts: tuple[Part, ...]) -> list[Part]:
    found: list[Part] = []
    for part in parts:
        found.append(part)
        if part.message is None:
            found += _flat(part.children)
    return found


def _is_file(part: Part) -> bool:
    state = part.state.value if part.state else ""
    return not part.body and part.message is None and state not in ("", "ignored")


def is_list_post(arrival: Arrival, consultation: Round) -> bool:
    """Our own list, by its List-Id (RFC 2919); other lists are others' lists."""
    own, found = consultation.channels.list_id, arrival.reading.list_id
    return bool(own and found and own.strip("<>").lower() in found.lower())


def asks_only(view: View) -> bool:
    """Whether what looks like numbered answers are numbered questions of the sender's own: every item asks, and little else is said."""
    marks = list(_LABEL.finditer(view.note))
    if not marks or not view.answers:
        return False
    ends = [*(mark.start() for mark in marks[1:]), len(view.note)]
    items = [view.note[mark.end() : end].partition("\n\n")[0].strip() for mark, end in zip(marks, ends, strict=True)]
    said = sum(len(words_of(piece)) for item in items for piece in _STATED.findall(item))
    asks = view.phrases.interrogatives
    asked = all(_ASKS.match(item) or asks.match(item) for item in items) and "?" in view.note
    return asked and said <= _LITTLE * len(items)

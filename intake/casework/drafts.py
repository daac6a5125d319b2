"""A response while the fold makes it: mutable inside casework only, and the words by which its messages are found again."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct

from intake.model.mail import Arrival
from intake.model.record import LetterKind
from intake.model.verdict import Disposition, Verdict

_NOISE = re.compile(r"[^\w]+")
UNREADABLE = ("encrypted", "damaged", "image_only")
HOLDING = ("authentication", "identity", "junk", "nobody is named", "neither organization")
"""Doubts for which a response is held until a person decides; the others are shown and hold nothing."""


class Case(Struct, frozen=True, kw_only=True):
    """A message as casework takes it: what arrived, and what it looks like alone."""

    arrival: Arrival
    verdict: Verdict

    @property
    def key(self) -> str:
        """SHA-256 of the message."""
        return self.arrival.key

    @property
    def received_at(self) -> datetime:
        """Receipt of the text: of a colleague's forward that of the inner message, where an own host had received it."""
        if self.verdict.signals.forwarder and self.arrival.inner_trust is not None:
            return self.arrival.inner_trust.received_at
        return self.arrival.trust.received_at

    @property
    def order(self) -> tuple[datetime, str]:
        """The fold's key."""
        return (self.arrival.trust.received_at, self.arrival.key)

    @property
    def message_id(self) -> str | None:
        """The claimed identity, of the inner message where a forward encloses one."""
        if self.verdict.signals.forwarder and len(self.verdict.signals.encloses) == 1:
            return self.verdict.signals.encloses[0]
        return self.arrival.reading.message_id

    @property
    def person(self) -> str:
        """The address by which the sender is known again: where a letter would go, else the author's."""
        return (self.verdict.letter_to or self.verdict.author).lower()


@dataclass
class DraftVersion:
    """One version: message keys, the authoritative one first."""

    keys: list[str]
    received_at: datetime
    late: bool


@dataclass
class Draft:
    """A response being made. `first` names it for ever."""

    first: str
    received_at: datetime
    versions: list[DraftVersion] = field(default_factory=list)
    supplements: list[str] = field(default_factory=list)
    endorsements: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    people: set[str] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)
    part_numbers: set[int] = field(default_factory=set)
    part_total: int | None = None
    last_part_at: datetime | None = None
    disowned: bool = False
    withdrawn_by: str | None = None

    @property
    def id(self) -> str:
        """The response's id: stable whatever comes later."""
        return f"r-{self.first[:12]}"

    def messages(self) -> list[str]:
        """All its messages, first come first."""
        keys = [key for version in self.versions for key in version.keys]
        return list(dict.fromkeys([*keys, *self.supplements, *self.endorsements, *self.others]))


@dataclass
class Placed:
    """What became of one message while the fold runs."""

    disposition: Disposition
    draft: Draft | None
    why: str
    letter: LetterKind | None = None
    no_letter: str = ""
    same_as: str | None = None
    sameness: str | None = None


def plain(name: str | None) -> str:
    """A name as compared: without case, accents, punctuation and order marks."""
    text = unicodedata.normalize("NFKD", (name or "").casefold())
    return " ".join(_NOISE.sub(" ", "".join(char for char in text if not unicodedata.combining(char))).split())


def domain_of(address: str) -> str:
    """The part after the @, lower-cased."""
    return address.rpartition("@")[2].lower()


def similarity(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Estimated Jaccard similarity of two MinHash signatures; 0 when one is missing."""
    if not one or len(one) != len(other):
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def readable(case: Case) -> bool:
    """Whether there is a text that can stand: answers, or something general of some length."""
    verdict = case.verdict
    if verdict.answers:
        return True
    return any(item.state.value in ("ok", "tracked_changes", "macro") for item in verdict.attachments) or (
        verdict.signals.substance >= 60 and not unreadable(case)
    )


def unreadable(case: Case) -> bool:
    """Whether what it brings cannot be read: locked, damaged, only a picture, only a link, or forgotten."""
    verdict = case.verdict
    if verdict.answers:
        return False
    return "link_only" in verdict.flags or any(item.state.value in UNREADABLE for item in verdict.attachments)

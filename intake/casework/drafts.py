"""A response while the fold makes it: mutable inside casework only, and the words by which its messages are found again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import eq
from typing import Protocol, TypeVar

from msgspec import Struct

from intake.model.mail import Arrival, Reading
from intake.model.record import LetterKind
from intake.model.verdict import Disposition, Post, Verdict

_NOISE = re.compile(r"[^\w]+")
UNREADABLE = ("encrypted", "damaged", "image_only")
READABLE = ("ok", "tracked_changes", "macro")
AUTHENTICATION = "authentication"
UNNAMED = ("identity", "nobody is named", "neither organization")
"""Doubts about who it is."""
ASKED = (*UNNAMED, "where from")
"""Doubts for which the respondent is asked who it is and from where; of a full name without a country nothing is held up."""
CUT = 12
NOTHING = 0.3
"""Confidence below which a message is taken for a response only because nothing else fits."""
HOLDING = (AUTHENTICATION, "junk", *UNNAMED)
"""Doubts for which a response is held until a person decides; the others are shown and hold nothing."""


Told = TypeVar("Told")


class Shelf(Protocol):
    """Where the words of messages are kept that the fold holds without them."""

    def whole(self, case: Case) -> Case:
        """The same message with its words."""

    def told(self, case: Case, what: str, of: Callable[[Case], Told]) -> Told:
        """What `of` makes of it, made once and remembered under `what`."""


class Case(Struct, frozen=True, kw_only=True):
    """A message as casework takes it: what arrived, and what it looks like alone. `post`: one posting of a digest of the list, or one
    of several messages that a colleague encloses. `label`: what a person said that it is; it outranks the verdict. `shelf`: where the words
    are, when they are not here."""

    arrival: Arrival
    verdict: Verdict
    post: Post | None = None
    label: Disposition | None = None
    shelf: Shelf | None = None

    @property
    def whole(self) -> Case:
        """The message with its words."""
        return self if self.shelf is None else self.shelf.whole(self)

    def told(self, what: str, of: Callable[[Case], Told]) -> Told:
        """What `of` makes of the message with its words; of one that is kept without them it is remembered under that name."""
        return of(self) if self.shelf is None else self.shelf.told(self, what, of)

    @property
    def key(self) -> str:
        """SHA-256 of the message; a posting of a digest has its part path after a "#", for ever the same."""
        return self.arrival.key if self.post is None else f"{self.arrival.key}#{self.post.part}"

    @property
    def received_at(self) -> datetime:
        """Receipt of the text: of a colleague's forward, and of a posting of a digest, that of the inner message, where an own host
        had received it."""
        if self.post is not None:
            inner = next((trust for part, trust in self.arrival.inner_trusts if part == self.post.part), self.arrival.trust)
            return inner.received_at
        if self.verdict.signals.forwarder and self.arrival.inner_trust is not None:
            return self.arrival.inner_trust.received_at
        return self.arrival.trust.received_at

    @property
    def order(self) -> tuple[datetime, str]:
        """The fold's key."""
        return (self.arrival.trust.received_at, self.key)

    @property
    def inner(self) -> Reading | None:
        """The enclosed message of a colleague's forward."""
        if not self.verdict.signals.forwarder:
            return None
        return next((part.message for part in self.arrival.reading.parts if part.message is not None), None)

    @property
    def message_id(self) -> str | None:
        """The claimed identity, of the inner message where a forward encloses one."""
        if self.post is not None:
            return self.post.message_id
        if self.verdict.signals.forwarder and len(self.verdict.signals.encloses) == 1:
            return self.verdict.signals.encloses[0]
        return self.arrival.reading.message_id

    @property
    def content_hash(self) -> str:
        """The identity of the content, of the inner message where a forward encloses one."""
        if self.post is not None:
            return self.post.content_hash
        inner = self.inner
        return inner.content_hash if inner is not None else self.arrival.reading.content_hash

    @property
    def person(self) -> str:
        """The address by which the sender is known again: where a letter would go, else the author's; of a slip without one its entry."""
        slip = self.verdict.slip
        return (self.verdict.letter_to or self.verdict.author or (slip.id if slip is not None else "")).lower()

    @property
    def doubtful(self) -> bool:
        """Whether our own host could not authenticate the sender: then it is nobody's "same sender"."""
        return any(doubt.startswith(AUTHENTICATION) for doubt in self.verdict.doubts)


def unfolded(case: Case) -> tuple[Case, ...]:
    """The postings of a digest as cases of their own; any other message is one itself."""
    posts = case.verdict.posts if case.post is None else ()
    return tuple(Case(arrival=case.arrival, verdict=post.verdict, post=post) for post in posts) or (case,)


def texts_of(cases: Sequence[Case], aside: Container[str] = ()) -> list[Case]:
    """All texts that came, in order of receipt as the cases are: each message, each posting of a digest. `aside`: messages without."""
    return [one for case in cases if case.key not in aside for one in unfolded(case)]


class Aside(Struct, frozen=True, kw_only=True):
    """Why a mail is part of the house's own work; `of`: the message beside whose response it stands."""

    why: str
    of: str = ""


@dataclass(eq=False)
class DraftVersion:
    """One version: message keys, the authoritative one first. `doubtful`: stands only when a person says so."""

    keys: list[str]
    received_at: datetime
    late: bool
    doubtful: bool = False


@dataclass(eq=False)
class Draft:
    """A response being made. `first` names it for ever. `replaced`: an addition -> the one in its place; `late`: additions after the
    deadline. `holding`: one of its doubts holds it until a person decides."""

    first: str
    received_at: datetime
    versions: list[DraftVersion] = field(default_factory=list)
    supplements: list[str] = field(default_factory=list)
    endorsements: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    people: set[str] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)
    doubts: list[str] = field(default_factory=list)
    part_numbers: set[int] = field(default_factory=set)
    part_total: int | None = None
    last_part_at: datetime | None = None
    doubtful: set[str] = field(default_factory=set)
    named_by: str | None = None
    sent: list[str] = field(default_factory=list)
    cured_by: dict[str, str] = field(default_factory=dict)
    holding: bool = False
    replaced: dict[str, str] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """The response's id: stable whatever comes later."""
        return id_of(self.first)

    def messages(self) -> list[str]:
        """All its messages, first come first."""
        keys = [key for version in self.versions for key in version.keys]
        return list(dict.fromkeys([*keys, *self.supplements, *self.endorsements, *self.others]))


@dataclass(eq=False)
class Placed:
    """What became of one message while the fold runs."""

    disposition: Disposition
    draft: Draft | None
    why: str
    letter: LetterKind | None = None
    waiting: LetterKind | None = None
    no_letter: str = ""
    same_as: str | None = None
    sameness: str | None = None


def id_of(key: str, letter: str = "r") -> str:
    """The id of a response (of a campaign: `letter` "c") that begins with this case."""
    message, _, part = key.partition("#")
    return f"{letter}-{message[:12]}" + (f"-{part}" if part else "")


def of_message(key: str) -> str:
    """The message that a case's key stands for: its own, or the digest that brought the posting."""
    return key.partition("#")[0]


def plain(name: str | None) -> str:
    """A name as compared: without case, accents, punctuation and order marks."""
    text = unicodedata.normalize("NFKD", (name or "").casefold())
    return " ".join(_NOISE.sub(" ", "".join(char for char in text if not unicodedata.combining(char))).split())


def domain_of(address: str) -> str:
    """The part after the @, lower-cased."""
    return address.rpartition("@")[2].lower()


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated Jaccard similarity of two MinHash signatures; 0 when one is missing."""
    if not one or len(one) != len(other):
        return 0.0
    same: int = sum(map(eq, one, other))
    return same / len(one)


def similarity_of_names(one: str, other: str) -> float:
    """Share of the words that two names have in common, of the shorter one."""
    mine, theirs = set(one.split()), set(other.split())
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def is_beginning(earlier: str, later: str) -> bool:
    """Whether the earlier text is the later one, cut (the last word may be half)."""
    short, long = plain(earlier), plain(later)
    return len(short) < len(long) and len(short) > CUT and long.startswith(short[:-CUT])


def readable(case: Case) -> bool:
    """Whether there is a text that can stand: answers, or something general of some length."""
    verdict = case.verdict
    if verdict.answers:
        return True
    return any(item.state.value in READABLE for item in verdict.attachments) or (
        verdict.signals.substance >= 60 and not unreadable(case)
    )


def says_nothing(case: Case) -> bool:
    """A note for which no classifier found anything, without a document, a link or a text on the matter."""
    verdict = case.verdict
    files = any(item.state.value != "ignored" for item in verdict.attachments)
    return not (verdict.answers or files or unreadable(case)) and verdict.confidence < NOTHING


def unreadable(case: Case) -> bool:
    """Whether what it brings cannot be read: locked, damaged, only a picture, only a link, or forgotten."""
    verdict = case.verdict
    if verdict.answers:
        return False
    if "link_only" in verdict.flags or verdict.signals.announces:
        return True
    return any(item.state.value in UNREADABLE for item in verdict.attachments)

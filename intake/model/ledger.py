"""What the ledger keeps beside the record: the outbox, the journal, numbers once given, revisions, where each folder stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from intake.model.record import Ruling


class OutboxState(StrEnum):
    """Where a letter stands (docs/STATES.md, A letter)."""

    SUPPRESSED = "suppressed"
    WAITING_APPROVAL = "waiting_approval"
    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    COMMITTING = "committing"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


MAX_COPIES = 2
"""How many copies of one letter may ever go out."""


class Outgoing(Struct, frozen=True, kw_only=True):
    """A letter in the outbox. `raw` are the final bytes: every attempt hands over the same.

    `id` names what caused the letter (round:message:kind, digest:round:day), so the same cause never queues two. `message` is
    the key of the message that it answers, "" for digests and notices. `kind` is a LetterKind's value, "digest" or "notice".
    `next_at` (UTC): not before; None is at once. `copies`: final dots that may have been accepted.
    """

    id: str
    round_id: str
    message: str
    kind: str
    recipient: str
    language: str
    state: OutboxState
    raw: bytes
    message_id: str
    reason: str = ""
    tries: int = 0
    copies: int = 0
    next_at: datetime | None = None
    last_reply: str = ""
    created_at: datetime | None = None


class Numbers(Struct, frozen=True, kw_only=True):
    """Numbers once given, which stay given. `receipts`: message key -> private receipt number; `public`: response id -> public
    number, from 1 in the round."""

    receipts: dict[str, str] = {}
    public: dict[str, int] = {}


class Note(Struct, frozen=True, kw_only=True):
    """A journal entry to be. `payload` carries ids, hashes and numbers only: never a name, an address or a text."""

    kind: str
    payload: dict[str, str | int | list[str] | None]


class JournalEntry(Struct, frozen=True, kw_only=True):
    """One link of the chain. `head` is the SHA-256 over prev, seq, at, kind and payload; `prev` of the first is 64 zeros."""

    seq: int
    at: datetime
    kind: str
    payload: dict[str, str | int | list[str] | None]
    prev: str
    head: str


class KeptRuling(Struct, frozen=True, kw_only=True):
    """A ruling as kept in the vault. `commitment` = SHA-256 over `salt` and the ruling: what the journal says of it."""

    round_id: str
    ruling: Ruling
    salt: str
    commitment: str


class BuriedLetter(Struct, frozen=True, kw_only=True):
    """What stays of a letter about an erased message: ids, its state, the SHA-256 of its octets."""

    id: str
    kind: str
    message_id: str
    state: OutboxState
    copies: int
    sha256: str


class Tombstone(Struct, frozen=True, kw_only=True):
    """What stays of an erased message. `key` is its SHA-256; `second` the other officer where two are wanted; `rulings` the ids of
    the decisions whose words went with it. `commitment` = SHA-256 over `salt` and key, officers, time, reason: what the journal says."""

    round_id: str
    key: str
    at: datetime
    by: str
    second: str
    reason: str
    letters: tuple[BuriedLetter, ...] = ()
    rulings: tuple[str, ...] = ()
    salt: str = ""
    commitment: str = ""


class Revision(Struct, frozen=True, kw_only=True):
    """A released compilation. `number` counts from 0 (rehearsal) or 1; `manifest_sha256` names its files."""

    round_id: str
    number: int
    released_at: datetime
    released_by: str
    manifest_sha256: str


class Tally(Struct, frozen=True, kw_only=True):
    """What the mailboxes showed of a round, and what came by form or register (a slip is a delivery like any other): `seen = archived +
    same_bytes + vanished + erased`, in deliveries. `archived` is the
    number of messages that are kept, `erased` of those that were erased by decision."""

    seen: int
    archived: int
    same_bytes: int
    vanished: int
    erased: int = 0

    @property
    def holds(self) -> bool:
        """The identity."""
        return self.seen == self.archived + self.same_bytes + self.vanished + self.erased


class Mark(Struct, frozen=True, kw_only=True):
    """By which it is told at a glance whether a round's record is to be made anew: the last delivery row and sequence, how many
    rulings there are, when the record was saved."""

    delivery: int
    sequence: int
    rulings: int
    saved_at: datetime | None


class Folder(Struct, frozen=True, kw_only=True):
    """Where a folder stood at the last poll. `first_polled_at`: mail from before it is never answered unless asked for."""

    account: str
    folder: str
    uidvalidity: int
    uidnext: int
    first_polled_at: datetime
    polled_at: datetime

"""The shapes of what keeps and forgets: tombstones in the vault, erasures in the ledger, a ledger filled again. See ports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from intake.model.delivery import Import
from intake.model.ledger import BuriedLetter, JournalEntry, KeptRuling, Note, Numbers, Outgoing, Tombstone
from intake.model.record import Filed, Record, Response


class Known(Struct, frozen=True, kw_only=True):
    """What helps to understand a journal. `folders`: (account, folder) pairs; `released_by`: (round, number) -> officer."""

    rulings: tuple[KeptRuling, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    folders: tuple[tuple[str, str], ...] = ()
    released_by: dict[tuple[str, int], str] = {}


class Graves(Protocol):
    """What the vault keeps of erased messages."""

    def keep_tombstone(self, stone: Tombstone) -> Tombstone:
        """Store durably that a message is erased; the same key again gives what is kept. From here the erasure is decided: `put`
        takes these bytes no more. Then `bury`, then `Ledger.erase`."""

    def bury(self, stone: Tombstone) -> None:
        """Take away the object and the words of the rulings that the tombstone names; again is harmless."""

    def tombstones(self) -> Iterator[Tombstone]:
        """All tombstones, by key."""

    def holds(self, kept: KeptRuling | Tombstone) -> bool:
        """Whether salt and words still open the commitment."""


class Imports(Protocol):
    """What officers brought in by other ways than mail. The objects of the slips are put first; keeping the import is the one act by
    which all of it has come."""

    def keep_import(self, brought: Import, source: bytes | None) -> None:
        """Store durably: first the source under its hash, then the import with its receipts. The same id again is silent."""

    def imports(self) -> Iterator[Import]:
        """All imports, by time and id."""

    def source(self, sha256: str) -> bytes | None:
        """The octets of an export as it was handed over; None when they are gone (a slip of it was erased). BadData when damaged."""


class Erasures(Protocol):
    """Messages erased by decision. Nothing of them is read, judged or counted any more but that they were."""

    def erased(self) -> dict[str, Tombstone]:
        """Tombstones by key."""

    def letters_about(self, round_id: str, key: str) -> tuple[BuriedLetter, ...]:
        """The letters that answer a message, and the daily letters made since it came, as their tombstones."""

    def erase(self, stones: Sequence[Tombstone]) -> None:
        """One transaction: readings, verdicts, the words of letters and rulings go; the tombstone and a journal entry stay. A
        daily letter that has not gone is taken out with its job, so that it is made again. The same key again is silent."""

    def squeeze(self) -> None:
        """Write the file anew, so that nothing deleted stays in its free pages. TryAgain while another process is at work on it."""


class Restoring(Protocol):
    """How an empty ledger gets back what only the vault's journal knows."""

    def adopt(self, entries: Iterable[JournalEntry], known: Known) -> None:
        """One transaction: the journal as it is, and from it numbers, revisions, periods done, messages that vanished; rulings and
        tombstones that the journal names. Raises BadData when the chain does not hold."""


class Jobs(Protocol):
    """One row for each (job, period): never lost to an outage, never doubled by a clock change."""

    def claim_job(self, job: str, period: str, at: datetime) -> bool:
        """True when the work is ours to do now: nobody has done it or is at it."""

    def job_done(self, job: str, period: str) -> bool:
        """Whether the work of this period is durable."""

    def finish_job(self, job: str, period: str, at: datetime) -> None:
        """The work is durable."""

    def last_done(self, job: str) -> tuple[str, datetime] | None:
        """Newest period done, and when."""

    def done_before(self, job: str, period: str) -> datetime | None:
        """When the newest period before this one was done; None when there is none."""

    def release_jobs(self) -> int:
        """At start, under the lock: free claims whose process died. Gives how many."""

    def setting(self, key: str) -> str | None:
        """A value that a person set while running (letters paused)."""

    def put_setting(self, key: str, value: str | None) -> None:
        """Set or, with None, forget."""


class Folds(Protocol):
    """What casework keeps of a round between two new messages (casework.kept), and the record's growth by them. All of it can be made
    again; an erasure throws it away."""

    def fold_row(self, round_id: str, name: bytes) -> bytes | None:
        """The body of a row, None where there is none."""

    def keep_fold(self, round_id: str, rows: Iterable[tuple[bytes, bytes]], *, anew: bool) -> None:
        """One transaction: these rows, where `anew` in the place of all that the round had."""

    def copy_fold(self, round_id: str, variant: bytes, to: bytes) -> None:
        """One transaction: every row whose name begins with the one octet once more under a name that begins with the other."""

    def grow_record(
        self,
        part: Record,
        *,
        at: datetime,
        since: datetime,
        rows: Mapping[bytes, bytes],
        numbers: Numbers,
        letters: Sequence[Outgoing],
        notes: Sequence[Note],
    ) -> None:
        """One transaction (W6): messages that are new (behind all others), responses that are new or changed, with their words, and in
        the place of the old ones campaigns, counts and names that are gone; with them numbers, letters, journal entries as in
        `save_record`, and rows that are kept. Raises TryAgain where the record is not that which was saved `since`."""

    def record_head(self, round_id: str) -> Record | None:
        """The record without its messages and responses; None before the first."""

    def responses_of(self, round_id: str, ids: Sequence[str]) -> dict[str, Response]:
        """Those that are there."""

    def filed_of(self, round_id: str, keys: Sequence[str]) -> dict[str, Filed]:
        """Those that are there."""

    def filed_beginning(self, round_id: str, digits: str) -> tuple[str, ...]:
        """Keys of recorded messages that begin with these digits."""

    def numbers_of(self, round_id: str, owners: Sequence[str]) -> Numbers:
        """The numbers that these messages and responses have."""

    def last_public(self, round_id: str) -> int:
        """The highest public number given, 0 before the first."""

"""The shapes of the doors. An obligation stands in the docstring; every implementation and every fake passes the same contract
suite."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from intake.model.delivery import Coordinates as Coordinates
from intake.model.delivery import Receipt as Receipt
from intake.model.ledger import Folder, JournalEntry, KeptRuling, Mark, Note, Numbers, OutboxState, Outgoing, Revision, Tally
from intake.model.letter import HandOver
from intake.model.mail import Reading
from intake.model.record import Filed, Record, Response, Ruling
from intake.model.release import ReleasedForm, ToRelease
from intake.model.verdict import Verdict
from intake.ports_keeping import Erasures, Folds, Graves, Imports, Jobs, Restoring


class FolderState(Struct, frozen=True, kw_only=True):
    """A folder as opened read-only: `uids` are those the server shows now, ascending."""

    uidvalidity: int
    uidnext: int
    uids: tuple[int, ...]


class Staged(Struct, frozen=True, kw_only=True):
    """A large message whose bytes stand in the vault's staging, fetched in pieces; `Vault.put` takes it as it takes bytes."""

    path: str
    sha256: str
    size_bytes: int

    def __len__(self) -> int:
        return self.size_bytes


class Fetched(Struct, frozen=True, kw_only=True):
    """A message as the server gave it. `raw` None: it had it no more or would not give it (asked for again while shown).
    `problem`: what was odd about the answer, in words, also beside good bytes (a size that was announced otherwise)."""

    at: Coordinates
    internaldate: datetime
    raw: bytes | Staged | None
    problem: str = ""


class Mailbox(Protocol):
    """An IMAP account, read-only: EXAMINE and BODY.PEEK only; nothing from a message ever reaches a command."""

    def open(self) -> None:
        """Connect and log in. Raises Unreachable (try again) or Refused (wrong password, no TLS)."""

    def close(self) -> None:
        """Log out; never raises."""

    def scan(self, folder: str) -> FolderState:
        """State of a folder. Raises Refused when the folder does not exist; it is never created.

        When nothing has changed since the last scan the very same object is given again: `state is before` needs no comparison.
        """

    def fetch(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> Iterator[Fetched]:
        """The messages with those UIDs, oldest first, in batches bounded by bytes. `raw` None for vanished ones."""

    def dates(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> dict[int, datetime]:
        """INTERNALDATE by UID, UTC, of those that the server still has: one round trip. Raises what `fetch` raises."""

    def fill(self, folder: str) -> float | None:
        """How full the account is (RFC 2087): the share used of its tightest limit; None where the server has no word on it."""

    def wait(self, folder: str, timeout_s: float) -> bool:
        """Wait for news by IDLE at most that long; False when the server offers none or nothing came.

        Raises Unreachable on a dead link.
        """


class Staging(Protocol):
    """Where a large message is put together piece by piece, on the vault's own file system."""

    def stage(self, pieces: Iterable[bytes]) -> Staged:
        """Write and sync the pieces. What is staged and never put is removed at the next start. TryAgain on a full disk."""


class Vault(Staging, Graves, Imports, Protocol):
    """Write-once objects named by the SHA-256 of their bytes, receipts and rulings beside them, and the journal's file.

    Durable when a method returns. Every write raises TryAgain when the disk is full or fails.
    """

    def put(self, raws: Sequence[bytes | Staged]) -> tuple[str, ...]:
        """Store objects durably (a batch shares its folder syncs); gives their SHA-256. The same bytes again are silent."""

    def put_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Store receipts durably; the same coordinates and hash again is silent."""

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises BadData when missing or when they do not hash to their name."""

    def has(self, sha256: str) -> bool:
        """Whether the object is there (not whether it is whole)."""

    def objects(self) -> Iterator[str]:
        """All object names, sorted."""

    def receipts(self, recorded: Container[int] = ()) -> Iterator[Receipt]:
        """All receipts, those of imports too, in order of `sequence`; those with a `recorded` sequence may be left out where that saves reading them."""

    def keep_ruling(self, round_id: str, ruling: Ruling) -> KeptRuling:
        """Store a person's decision with a fresh salt; the same id again gives what is kept. Then `Ledger.add_ruling`."""

    def rulings(self) -> Iterator[KeptRuling]:
        """All rulings, by round and time."""

    def faults(self, part: int = 1, of: int = 1) -> Iterator[str]:
        """What does not hold, in words: damaged objects (slice `part` of `of`), receipts without object and the reverse."""

    def keep_journal(self, entries: Iterable[JournalEntry]) -> None:
        """Append what the file lacks; entries that it has are silent. Raises Broken when the chain does not join."""

    def journal(self) -> Iterator[JournalEntry]:
        """The journal from its file, in order; a torn last line is left out."""

    def journal_seq(self) -> int:
        """`seq` of the file's last entry, else 0: `keep_journal(ledger.journal_entries(journal_seq()))` catches up."""


class Reader(Protocol):
    """Bytes to Reading in a jailed child: no network, limits on CPU, memory and time. Total: a dead child is a held Reading."""

    def read(self, raws: Iterable[bytes]) -> Iterator[Reading]:
        """One Reading for each message, in order, several children at work."""

    def close(self) -> None:
        """End the children."""


class Rebuilder(Protocol):
    """Originals to their released form in a jailed child. Total: a dead child is an original that is only listed."""

    def rebuild(self, jobs: Iterable[ToRelease]) -> Iterator[ReleasedForm]:
        """One ReleasedForm for each job, in order."""

    def close(self) -> None:
        """End the child."""


class Typeset(Struct, frozen=True, kw_only=True):
    """A PDF; `replaced`: what no font at hand could show (code and, for signs, name), and how often it stands there by its code."""

    pdf: bytes
    replaced: Mapping[str, int]


class Pages(Struct, frozen=True, kw_only=True):
    """How long a document came out; `headings`: the page, from 0, of each heading of the first two levels, in order."""

    count: int
    headings: tuple[int, ...]


class Press(Protocol):
    """Typst in a jailed child."""

    def typeset(self, source: str, data: bytes, first_page: Callable[[Pages], int] | None = None) -> Typeset:
        """PDF (PDF/UA-1) of a Typst source that reads its data from "data.json" and the number of its first page from "first.json".
        A sign that no font at hand can show does not stop it: it stands there by its code, and is counted. `first_page` is asked
        when the document's length is known, and may wait; without it pages are numbered from 1. Raises Broken with Typst's words;
        Moved where the pages that were told did not hold: asked for all volumes again, it tells them of written files."""


class Post(Protocol):
    """Submission by SMTP. Raises nothing: how it went is the value."""

    def hand_over(self, raw: bytes, recipient: str, before_dot: Callable[[], None]) -> HandOver:
        """One attempt with the null sender; `before_dot` is called after the body and before the final dot (A3)."""


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Now, aware, UTC."""


class Deliveries(Protocol):
    """What the mailboxes showed."""

    def last_sequence(self) -> int:
        """The highest `Receipt.sequence` given so far, 0 before the first."""

    def seen_uids(self, account: str, folder: str, uidvalidity: int, above: int = 0) -> set[int]:
        """UIDs higher than `above` whose bytes are recorded; vanished ones are not among them (they are asked for again)."""

    def sequences(self) -> set[int]:
        """Sequence numbers of all deliveries with bytes."""

    def newest_dates(self, account: str, folder: str, uidvalidity: int, limit: int) -> dict[int, datetime]:
        """UID -> INTERNALDATE of the messages with the highest UIDs."""

    def record_deliveries(self, receipts: Sequence[Receipt]) -> None:
        """One transaction (W5). The same coordinates again are silent; a vanished one that is found after all is filled in."""

    def record_vanished(self, round_id: str, channel: str, places: Sequence[Coordinates], at: datetime) -> None:
        """Messages that were shown and could not be fetched."""

    def deliveries(self, round_id: str) -> tuple[Receipt, ...]:
        """All deliveries of a round with bytes, by sequence."""

    def arrivals(self, round_id: str, after_sequence: int = 0, keys: Sequence[str] | None = None) -> tuple[Receipt, ...]:
        """One for each message of a round (of these, where `keys` are given), by sequence: its earliest delivery by INTERNALDATE, then sequence."""

    def tally(self, round_id: str) -> Tally:
        """The accounting identity of a round's deliveries."""

    def newest(self, account: str, round_ids: Sequence[str], after_sequence: int = 0) -> datetime | None:
        """INTERNALDATE of the newest message of these rounds that came to an account, as far as stored behind that number; what officers
        sent from it is none."""

    def folder(self, account: str, folder: str) -> Folder | None:
        """Where a folder stood at the last poll; None before the first."""

    def save_folder(self, folder: Folder) -> None:
        """Note where a folder stands; `first_polled_at` of the first time stays."""


class Caches(Protocol):
    """Results that can be made again: by version, thrown away without harm."""

    def readings(self, keys: Sequence[str], version: str) -> dict[str, Reading]:
        """Those that are there."""

    def save_readings(self, readings: Sequence[Reading], version: str) -> None:
        """Keep Readings by their SHA-256; other versions of the same message are dropped."""

    def unread(self, round_id: str, version: str, limit: int) -> tuple[str, ...]:
        """Messages of a round that have no Reading of this version, oldest first."""

    def verdicts(self, round_id: str, keys: Sequence[str], version: str) -> dict[str, Verdict]:
        """Those that are there."""

    def save_verdicts(self, round_id: str, verdicts: Sequence[Verdict], version: str) -> None:
        """Keep Verdicts by round and key; other versions of the same are dropped."""


class Each(Protocol):
    """What to keep of each item of a record that is loaded: of a message, of a response."""

    def filed(self, item: Filed) -> Filed: ...
    def response(self, item: Response) -> Response: ...


class RecordBook(Protocol):
    """The record of each round, numbers, people's rulings and revisions."""

    def save_record(
        self,
        record: Record,
        *,
        at: datetime,
        before: Record | None = None,
        numbers: Numbers = ...,
        letters: Sequence[Outgoing] = (),
        notes: Sequence[Note] = (),
        whole: Callable[[Sequence[Response]], Sequence[Response]] = ...,
    ) -> None:
        """One transaction (W6): what differs from `before` (None: everything), new numbers, letters, journal entries. `whole`:
        responses as they are kept, of responses as they stand in `record` (where both are held without words); it may only read.

        A number that was given stays; the same number for another raises TryAgain (someone else gave it meanwhile: decide again).
        A letter whose id is there is silent. New numbers get a journal entry of kind "numbers" by themselves.
        """

    def load_record(self, round_id: str, each: Each | None = None) -> Record | None:
        """The record as saved last, equal to what was saved; None before the first. `each` is applied to one item after the
        other, so that no more than one is in memory whole."""

    def mark(self, round_id: str) -> Mark:
        """Changes whenever something came that a record of this round is made of, or another record was saved."""

    def numbers(self, round_id: str) -> Numbers:
        """All numbers given in a round."""

    def find_receipt(self, number: str) -> tuple[str, str] | None:
        """(round id, message key) of a private receipt number, in any case."""

    def add_ruling(self, kept: KeptRuling) -> bool:
        """Record a ruling with its journal entry; False when it was there."""

    def rulings(self, round_id: str) -> tuple[Ruling, ...]:
        """All rulings of a round, by time and id."""

    def add_revision(self, revision: Revision) -> None:
        """Record a released revision with its journal entry. Raises BadData when that number was released before."""

    def revisions(self, round_id: str) -> tuple[Revision, ...]:
        """By number."""


class Outbox(Protocol):
    """Letters on their way (docs/STATES.md, A letter). The transitions A1 to A5 are one commit each."""

    def queue_letters(self, letters: Sequence[Outgoing], at: datetime) -> int:
        """Put letters in, in the state they carry; gives how many were new."""

    def claim_due(self, now: datetime, limit: int = 1) -> tuple[Outgoing, ...]:
        """A1: the oldest due `queued` letters, now `sending`, tries + 1."""

    def mark_committing(self, letter_id: str, at: datetime) -> None:
        """A3. Raises Broken when the letter is not `sending`."""

    def settle(self, letter_id: str, hand_over: HandOver, *, at: datetime, retry_at: datetime | None) -> OutboxState:
        """A5. TEMPORARY: queued until `retry_at`, failed when that is None. UNKNOWN: queued until `retry_at` (None: at once)
        while fewer than MAX_COPIES may have gone, then unknown. The journal gets an entry for each final state."""

    def recover_outbox(self, at: datetime) -> int:
        """At start, under the lock: what stands in `sending` or `committing` after a crash. Gives how many."""

    def move_letters(self, ids: Sequence[str], to: OutboxState, *, reason: str, at: datetime) -> int:
        """A person's word: queued (approve, release, send again), held, suppressed. Sent letters and those under way stay."""

    def letter(self, letter_id: str) -> Outgoing | None:
        """One letter."""

    def known_letters(self, ids: Sequence[str]) -> set[str]:
        """Those of these letters that are there."""

    def find_letter(self, message_id: str) -> Outgoing | None:
        """The letter that carries this Message-ID (delivery reports)."""

    def letters(self, round_id: str | None = None, states: Sequence[OutboxState] = ()) -> tuple[Outgoing, ...]:
        """Letters in order of creation; no states means all."""

    def letter_heads(self, round_id: str, states: Sequence[OutboxState]) -> tuple[Outgoing, ...]:
        """The same letters without their octets: many may wait."""

    def letter_counts(self, round_id: str) -> dict[OutboxState, int]:
        """How many letters stand in each state; zero left out."""

    def letters_since(self, since: datetime, *, recipient: str | None = None, domain: str | None = None) -> int:
        """How many letters to a person were let go since then (queued or further), for the caps."""

    def letters_since_each(
        self, since: datetime, *, recipients: Sequence[str] = (), domains: Sequence[str] = ()
    ) -> dict[str, int]:
        """The same for several recipients or domains (lower-cased) at once; zero left out."""

    def next_due(self) -> datetime | None:
        """When the next queued letter is due; None when there is none."""


class Journal(Protocol):
    """The hash-chained journal: ids and commitments only."""

    def append(self, notes: Sequence[Note], at: datetime) -> str:
        """Add entries; gives the new head."""

    def journal_head(self) -> str:
        """The head: 64 zeros before the first entry."""

    def journal_length(self) -> int:
        """`seq` of the last entry, 0 before the first."""

    def journal_entries(self, after_seq: int = 0, kinds: Sequence[str] = ()) -> Iterator[JournalEntry]:
        """Entries in order; of these kinds alone, where some are named."""

    def verify_journal(self) -> int:
        """Check every link; gives the number of entries. Raises BadData at the first that does not hold."""


class Ledger(Deliveries, Caches, RecordBook, Folds, Outbox, Journal, Erasures, Restoring, Jobs, Protocol):
    """Everything that is kept beside the vault. One file, one writer at a time; every method is one transaction.

    Raises TryAgain when the disk is full or another process holds the write lock too long. Take the part that you need.
    """

    def version(self) -> int:
        """Another number after every commit on the file, whoever made it: while it stands there is nothing new."""

    def close(self) -> None:
        """Fold the write-ahead log in and let go; never raises."""

"""The shapes of the doors. An obligation stands in the docstring; every implementation and every fake passes the same contract
suite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Protocol

from msgspec import Struct

from intake.model.letter import HandOver
from intake.model.mail import Reading


class Coordinates(Struct, frozen=True, kw_only=True):
    """Where a message stood in a mailbox (RFC 3501 2.3.1.1): identity there, never identity of the message."""

    account: str
    folder: str
    uidvalidity: int
    uid: int


class FolderState(Struct, frozen=True, kw_only=True):
    """A folder as opened read-only: `uids` are those the server shows now, ascending."""

    uidvalidity: int
    uidnext: int
    uids: tuple[int, ...]


class Fetched(Struct, frozen=True, kw_only=True):
    """A message's bytes are in the vault's staging under `staged`; None when the server had it no more (vanished)."""

    at: Coordinates
    internaldate: datetime
    raw: bytes | None


class Receipt(Struct, frozen=True, kw_only=True):
    """What is kept beside an object so that the ledger can be built again: one for each delivery."""

    sha256: str
    size_bytes: int
    at: Coordinates
    internaldate: datetime
    channel: str
    round_id: str
    stored_at: datetime
    answerable: bool
    sequence: int


class Mailbox(Protocol):
    """An IMAP account, read-only: EXAMINE and BODY.PEEK only; nothing from a message ever reaches a command."""

    def open(self) -> None:
        """Connect and log in. Raises Unreachable (try again) or Refused (wrong password, no TLS)."""

    def close(self) -> None:
        """Log out; never raises."""

    def scan(self, folder: str) -> FolderState:
        """State of a folder. Raises Refused when the folder does not exist; it is never created."""

    def fetch(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> Iterator[Fetched]:
        """The messages with those UIDs, oldest first, in batches bounded by bytes. `raw` None for vanished ones."""

    def wait(self, folder: str, timeout_s: float) -> bool:
        """Wait for news by IDLE at most that long; False when the server offers none or nothing came.

        Raises Unreachable on a dead link.
        """


class Vault(Protocol):
    """Write-once objects named by the SHA-256 of their bytes, and receipts beside them. Durable when `put` returns."""

    def put(self, raws: Sequence[bytes]) -> tuple[str, ...]:
        """Store objects durably (a batch shares its folder syncs); gives their SHA-256. The same bytes again are silent."""

    def put_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Store receipts durably; the same coordinates and hash again is silent."""

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises BadData when missing or when they do not hash to their name."""

    def has(self, sha256: str) -> bool:
        """Whether the object is there (not whether it is whole)."""

    def objects(self) -> Iterator[str]:
        """All object names, sorted."""

    def receipts(self) -> Iterator[Receipt]:
        """All receipts, in order of `sequence`."""


class Reader(Protocol):
    """Bytes to Reading in a jailed child: no network, limits on CPU, memory and time. Total: a dead child is a held Reading."""

    def read(self, raws: Iterable[bytes]) -> Iterator[Reading]:
        """One Reading for each message, in order, several children at work."""

    def close(self) -> None:
        """End the children."""


class Press(Protocol):
    """Typst in a jailed child."""

    def typeset(self, source: str, data: bytes) -> bytes:
        """PDF (PDF/UA-1) of a Typst source that reads its data from "data.json". Raises Broken with Typst's words."""


class Post(Protocol):
    """Submission by SMTP. Raises nothing: how it went is the value."""

    def hand_over(self, raw: bytes, recipient: str, before_dot: Callable[[], None]) -> HandOver:
        """One attempt with the null sender; `before_dot` is called after the body and before the final dot (A3)."""


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Now, aware, UTC."""


class Share(Protocol):
    """The words and tables that come with the program, wherever it is installed."""

    def path(self, *parts: str) -> PurePath:
        """Path of a shipped file or folder below templates/ or config/."""

    def text(self, *parts: str) -> str:
        """A shipped text file."""

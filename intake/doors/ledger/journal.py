"""The hash-chained journal: whoever holds a head (every digest prints it) can tell that nothing before it was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection, Row, func, select
from sqlalchemy import insert as plain_insert

from intake.doors.ledger.book import Book
from intake.doors.ledger.tables import METADATA
from intake.errors import BadData
from intake.model.ledger import JournalEntry, Note

_JOURNAL = METADATA.tables["journal"]
_LAST = select(_JOURNAL.c.seq, _JOURNAL.c.head).order_by(_JOURNAL.c.seq.desc()).limit(1)
_ADD = plain_insert(_JOURNAL)
START = "0" * 64
_PAGE = 1000


class JournalBook(Book):
    """See ports.Journal."""

    def append(self, notes: Sequence[Note], at: datetime) -> str:
        """See ports.Journal."""
        with self._store.writing() as connection:
            return append_notes(connection, notes, at)

    def journal_head(self) -> str:
        """See ports.Journal."""
        with self._store.reading() as connection:
            return _last(connection)[1]

    def journal_length(self) -> int:
        """See ports.Journal."""
        with self._store.reading() as connection:
            return int(connection.execute(select(func.coalesce(func.max(_JOURNAL.c.seq), 0))).scalar_one())

    def journal_entries(self, after_seq: int = 0, kinds: Sequence[str] = ()) -> Iterator[JournalEntry]:
        """See ports.Journal."""
        while True:
            wanted = select(_JOURNAL).where(_JOURNAL.c.seq > after_seq).order_by(_JOURNAL.c.seq).limit(_PAGE)
            if kinds:
                wanted = wanted.where(_JOURNAL.c.kind.in_(kinds))
            with self._store.reading() as connection:
                page = [_entry(row) for row in connection.execute(wanted)]
            yield from page
            if len(page) < _PAGE:
                return
            after_seq = page[-1].seq

    def verify_journal(self) -> int:
        """See ports.Journal."""
        return verify_chain(self.journal_entries())


def append_notes(connection: Connection, notes: Sequence[Note], at: datetime) -> str:
    """Add entries inside a transaction that holds the write lock; gives the new head."""
    seq, head = _last(connection)
    rows: list[dict[str, object]] = []
    for note in notes:
        seq, prev = seq + 1, head
        payload = msgspec.json.encode(note.payload, order="deterministic").decode()
        head = _link(prev, seq, at, note.kind, payload)
        rows.append({"seq": seq, "at": at, "kind": note.kind, "payload": payload, "prev": prev, "head": head})
    if rows:
        connection.execute(_ADD, rows)
    return head


def verify_chain(entries: Iterator[JournalEntry]) -> int:
    """Check every link, from the first; gives the number of entries. Raises BadData at the first that does not hold."""
    seq, head = 0, START
    for entry in entries:
        payload = msgspec.json.encode(entry.payload, order="deterministic").decode()
        good = entry.seq == seq + 1 and entry.prev == head
        if not good or entry.head != _link(entry.prev, entry.seq, entry.at, entry.kind, payload):
            raise BadData(f"journal entry {entry.seq} does not hold: it was changed, or one before it was taken away")
        seq, head = entry.seq, entry.head
    return seq


def _link(prev: str, seq: int, at: datetime, kind: str, payload: str) -> str:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{prev}\n{seq}\n{moment}\n{kind}\n{payload}".encode()).hexdigest()


def _last(connection: Connection) -> tuple[int, str]:
    row = connection.execute(_LAST).one_or_none()
    return (0, START) if row is None else (row.seq, row.head)


def _entry(row: Row[tuple[object, ...]]) -> JournalEntry:
    return JournalEntry(
        seq=row.seq, at=row.at, kind=row.kind, payload=msgspec.json.decode(row.payload), prev=row.prev, head=row.head
    )

"""What casework keeps of a round between two new messages, and the record's growth by them, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update

from intake.doors.ledger.book import Book, chunks
from intake.doors.ledger.caches import pack
from intake.doors.ledger.journal import append_notes
from intake.doors.ledger.outbox import insert_letters
from intake.doors.ledger.records import KINDS, Rest, filed_table, give_numbers, read_rest, read_some, response_table
from intake.doors.ledger.tables import METADATA
from intake.errors import TryAgain
from intake.model.ledger import Note, Numbers, Outgoing
from intake.model.record import Filed, Record, Response

_FOLD = METADATA.tables["fold"]
_RECORD = METADATA.tables["record"]
_NUMBER = METADATA.tables["number"]
_PUT = "INSERT INTO fold (round_id, name, body) VALUES (?, ?, ?) ON CONFLICT (round_id, name) DO UPDATE SET body = excluded.body"
"""Hundreds of thousands of rows: building each through the statement's compiler would cost three times as much as writing it."""
_COPY = (
    "INSERT OR REPLACE INTO fold (round_id, name, body) "
    "SELECT round_id, CAST(? || substr(name, 2) AS BLOB), body FROM fold WHERE round_id = ? AND substr(name, 1, 1) = ?"
)
_ROW = select(_FOLD.c.body).where(_FOLD.c.round_id == bindparam("of"), _FOLD.c.name == bindparam("which"))
_PIECE = 2_000


class FoldBook(Book):
    """See ports_keeping.Folds."""

    def fold_row(self, round_id: str, name: bytes) -> bytes | None:
        """See ports_keeping.Folds."""
        with self._store.reading() as connection:
            found: bytes | None = connection.execute(_ROW, {"of": round_id, "which": name}).scalar_one_or_none()
            return found

    def keep_fold(self, round_id: str, rows: Iterable[tuple[bytes, bytes]], *, anew: bool) -> None:
        """See ports_keeping.Folds."""
        with self._store.writing() as connection:
            if anew:
                connection.execute(delete(_FOLD).where(_FOLD.c.round_id == round_id))
            some: list[tuple[str, bytes, bytes]] = []
            for name, body in rows:
                some.append((round_id, name, body))
                if len(some) == _PIECE:
                    connection.exec_driver_sql(_PUT, some)
                    some = []
            if some:
                connection.exec_driver_sql(_PUT, some)

    def copy_fold(self, round_id: str, variant: bytes, to: bytes) -> None:
        """See ports_keeping.Folds."""
        with self._store.writing() as connection:
            connection.exec_driver_sql(_COPY, (to, round_id, variant))

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
        """See ports_keeping.Folds."""
        round_id = part.round_id
        with self._store.writing() as connection:
            saved_at = connection.execute(select(_RECORD.c.saved_at).where(_RECORD.c.round_id == round_id)).scalar_one_or_none()
            if saved_at != since:
                raise TryAgain("the record was saved by another meanwhile")
            filed_table.append(connection, round_id, part.filed)
            response_table.append(connection, round_id, part.responses)
            rest = Rest(
                campaigns=part.campaigns,
                counts=part.counts,
                counts_before_decisions=part.counts_before_decisions,
                gone=part.gone,
            )
            connection.execute(update(_RECORD).where(_RECORD.c.round_id == round_id).values(saved_at=at, body=pack(rest)))
            if rows:
                connection.exec_driver_sql(_PUT, [(round_id, name, body) for name, body in rows.items()])
            given = give_numbers(connection, round_id, numbers)
            insert_letters(connection, letters, at)
            append_notes(connection, [*given, *notes], at)

    def record_head(self, round_id: str) -> Record | None:
        """See ports_keeping.Folds."""
        with self._store.reading() as connection:
            rest = read_rest(connection, round_id)
        return None if rest is None else rest.record(round_id)

    def responses_of(self, round_id: str, ids: Sequence[str]) -> dict[str, Response]:
        """See ports_keeping.Folds."""
        with self._store.reading() as connection:
            return {
                item.id: item for some in chunks(ids) for item in read_some(connection, response_table, round_id, some, Response)
            }

    def filed_of(self, round_id: str, keys: Sequence[str]) -> dict[str, Filed]:
        """See ports_keeping.Folds."""
        with self._store.reading() as connection:
            return {item.key: item for some in chunks(keys) for item in read_some(connection, filed_table, round_id, some, Filed)}

    def filed_beginning(self, round_id: str, digits: str) -> tuple[str, ...]:
        """See ports_keeping.Folds."""
        table = filed_table.table
        wanted = select(table.c.key).where(table.c.round_id == round_id, table.c.key >= digits, table.c.key < digits + "g")
        with self._store.reading() as connection:
            return tuple(connection.execute(wanted).scalars())

    def numbers_of(self, round_id: str, owners: Sequence[str]) -> Numbers:
        """See ports_keeping.Folds."""
        found: list[tuple[str, str, str]] = []
        with self._store.reading() as connection:
            for some in chunks(owners):
                wanted = select(_NUMBER.c.kind, _NUMBER.c.owner, _NUMBER.c.number)
                wanted = wanted.where(_NUMBER.c.round_id == round_id, _NUMBER.c.kind.in_(KINDS), _NUMBER.c.owner.in_(some))
                found += [(row.kind, row.owner, row.number) for row in connection.execute(wanted)]
        return Numbers(
            receipts={owner: number for kind, owner, number in found if kind == "receipt"},
            public={owner: int(number) for kind, owner, number in found if kind == "public"},
        )

    def last_public(self, round_id: str) -> int:
        """See ports_keeping.Folds."""
        with self._store.reading() as connection:
            return _last_public(connection, round_id)


def _last_public(connection: Connection, round_id: str) -> int:
    kept = _NUMBER.c.round_id == round_id, _NUMBER.c.kind == "public"
    longest = select(func.max(func.length(_NUMBER.c.number))).where(*kept).scalar_subquery()
    wanted = select(func.max(_NUMBER.c.number)).where(*kept, func.length(_NUMBER.c.number) == longest)
    return int(connection.execute(wanted).scalar_one_or_none() or 0)

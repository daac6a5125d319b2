"""Messages that were erased by decision: what goes from the ledger, and the tombstone that stays."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from intake.doors.ledger.book import Book
from intake.doors.ledger.caches import pack
from intake.doors.ledger.journal import append_notes
from intake.doors.ledger.tables import METADATA
from intake.model.ledger import BuriedLetter, Note, OutboxState, Tombstone
from intake.model.record import Ruling

_ERASURE = METADATA.tables["erasure"]
_LETTER = METADATA.tables["letter"]
_RULING = METADATA.tables["ruling"]
_DELIVERY = METADATA.tables["delivery"]
_JOB = METADATA.tables["job"]
_FINAL = (OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.SUPPRESSED)
_HOUSE = ("digest", "answer", "release")
_GONE = {"raw": b"", "address": "", "recipient": "", "domain": "", "last_reply": "", "reason": "erased"}


class ErasureBook(Book):
    """See ports.Erasures."""

    def erased(self) -> dict[str, Tombstone]:
        """See ports.Erasures."""
        with self._store.reading() as connection:
            bodies = connection.execute(select(_ERASURE.c.body)).scalars()
            found = [msgspec.json.decode(zlib.decompress(body), type=Tombstone) for body in bodies]
        return {item.key: item for item in found}

    def letters_about(self, round_id: str, key: str) -> tuple[BuriedLetter, ...]:
        """See ports.Erasures."""
        with self._store.reading() as connection:
            rows = connection.execute(select(_LETTER).where(_names(round_id, key)).order_by(_LETTER.c.number)).all()
        return tuple(
            BuriedLetter(
                id=row.id,
                kind=row.kind,
                message_id=row.message_id,
                state=OutboxState(row.state) if row.state in _FINAL else OutboxState.SUPPRESSED,
                copies=row.copies,
                sha256=hashlib.sha256(row.raw).hexdigest(),
            )
            for row in rows
            if row.raw
        )

    def erase(self, stones: Sequence[Tombstone]) -> None:
        """See ports.Erasures."""
        with self._store.writing() as connection:
            for stone in stones:
                new = insert(_ERASURE).on_conflict_do_nothing()
                row = {"key": stone.key, "round_id": stone.round_id, "at": stone.at, "body": pack(stone)}
                if connection.execute(new, row).rowcount != 1:
                    continue
                _forget(connection, stone)
                note = Note(
                    kind="erased",
                    payload={
                        "round": stone.round_id,
                        "message": stone.key,
                        "commitment": stone.commitment,
                        "letters": [f"{item.message_id} {item.sha256}" for item in stone.letters],
                        "rulings": list(stone.rulings),
                    },
                )
                append_notes(connection, [note], stone.at)

    def squeeze(self) -> None:
        """See ports.Erasures."""
        self._store.squeeze()


def _names(round_id: str, key: str) -> ColumnElement[bool]:
    """Letters that answer the message; and those of the house made since it came: the daily ones name what is new, answers to officers list
    what would be printed, that to the group encloses it."""
    came = select(func.min(_DELIVERY.c.stored_at)).where(_DELIVERY.c.sha256 == key).scalar_subquery()
    return or_(
        _LETTER.c.message == key,
        and_(_LETTER.c.round_id == round_id, _LETTER.c.kind.in_(_HOUSE), _LETTER.c.created_at >= came),
    )


def _forget(connection: Connection, stone: Tombstone) -> None:
    connection.execute(delete(METADATA.tables["fold"]))  # addresses and names stand there; it is made again
    for name, column in (("reading", "sha256"), ("verdict", "sha256")):
        table = METADATA.tables[name]
        connection.execute(delete(table).where(table.c[column] == stone.key))
    about = _names(stone.round_id, stone.key)
    # a daily letter that has not gone yet is made again, without the message: its row and its job go
    daily = and_(about, _LETTER.c.kind == "digest", _LETTER.c.state.not_in(_FINAL))
    job = f"digest:{stone.round_id}"
    for identity in connection.execute(select(_LETTER.c.id).where(daily)).scalars().all():
        day = identity.removeprefix(f"{job}:")[:10]
        connection.execute(delete(_JOB).where(_JOB.c.job == job, _JOB.c.period == day))
    connection.execute(delete(_LETTER).where(daily))
    still = update(_LETTER).where(about, _LETTER.c.state.not_in(_FINAL))
    connection.execute(still.values(state=OutboxState.SUPPRESSED))
    connection.execute(update(_LETTER).where(about).values(**_GONE))
    for row in connection.execute(select(_RULING).where(_RULING.c.id.in_(stone.rulings))).all():
        ruling = msgspec.json.decode(zlib.decompress(row.body), type=Ruling)
        values = {"body": pack(ruling.without_words())}
        connection.execute(update(_RULING).where(_RULING.c.round_id == row.round_id, _RULING.c.id == row.id).values(**values))

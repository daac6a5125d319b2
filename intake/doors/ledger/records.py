"""The record of each round, numbers once given, people's rulings, revisions."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import Connection, Table, bindparam, delete, exc, func, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.sqlite import Insert, insert

from intake.doors.ledger.book import Book, chunks
from intake.doors.ledger.caches import pack
from intake.doors.ledger.journal import append_notes
from intake.doors.ledger.outbox import insert_letters
from intake.doors.ledger.tables import METADATA
from intake.errors import BadData, TryAgain
from intake.model.ledger import KeptRuling, Mark, Note, Numbers, Outgoing, Revision
from intake.model.record import Campaign, Counts, Filed, Gone, Record, Response, Ruling
from intake.ports import Each

_RECORD = METADATA.tables["record"]
_FILED = METADATA.tables["filed"]
_RESPONSE = METADATA.tables["response"]
_DELIVERY = METADATA.tables["delivery"]
_NUMBER = METADATA.tables["number"]
_RULING = METADATA.tables["ruling"]
_REVISION = METADATA.tables["revision"]
KINDS = _RECEIPT, _PUBLIC = "receipt", "public"
"""Kinds of numbers. Named in each query by owner: the key begins with the kind, and without it SQLite reads all of a round's."""

Item = TypeVar("Item", Filed, Response)
_NO_NUMBERS = Numbers()


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """What a record holds beside messages and responses."""

    campaigns: tuple[Campaign, ...]
    counts: Counts
    counts_before_decisions: Counts
    gone: tuple[Gone, ...] = ()

    def record(self, round_id: str, filed: tuple[Filed, ...] = (), responses: tuple[Response, ...] = ()) -> Record:
        """A record with these messages and responses."""
        return Record(
            round_id=round_id,
            filed=filed,
            responses=responses,
            campaigns=self.campaigns,
            counts=self.counts,
            counts_before_decisions=self.counts_before_decisions,
            gone=self.gone,
        )


class RecordBook(Book):
    """See ports.RecordBook."""

    def save_record(
        self,
        record: Record,
        *,
        at: datetime,
        before: Record | None = None,
        numbers: Numbers = _NO_NUMBERS,
        letters: Sequence[Outgoing] = (),
        notes: Sequence[Note] = (),
        whole: Callable[[Sequence[Response]], Sequence[Response]] = tuple,
    ) -> None:
        """See ports.RecordBook."""
        round_id = record.round_id
        with self._store.writing() as connection:
            _write(connection, filed_table, round_id, record.filed, before.filed if before else None, tuple)
            _write(connection, response_table, round_id, record.responses, before.responses if before else None, whole)
            rest = Rest(
                campaigns=record.campaigns,
                counts=record.counts,
                counts_before_decisions=record.counts_before_decisions,
                gone=record.gone,
            )
            new = insert(_RECORD)
            changed = {"saved_at": new.excluded.saved_at, "body": new.excluded.body}
            connection.execute(
                new.on_conflict_do_update(index_elements=(_RECORD.c.round_id,), set_=changed),
                {"round_id": round_id, "saved_at": at, "body": pack(rest)},
            )
            given = give_numbers(connection, round_id, numbers)
            insert_letters(connection, letters, at)
            append_notes(connection, [*given, *notes], at)

    def load_record(self, round_id: str, each: Each | None = None) -> Record | None:
        """See ports.RecordBook."""
        with self._store.reading() as connection:
            rest = read_rest(connection, round_id)
            if rest is None:
                return None
            filed, responses = _read(connection, _FILED, round_id, Filed), _read(connection, _RESPONSE, round_id, Response)
            kept = sorted(responses if each is None else map(each.response, responses), key=_own_place)
            return rest.record(round_id, tuple(filed if each is None else map(each.filed, filed)), tuple(kept))

    def mark(self, round_id: str) -> Mark:
        """See ports.RecordBook. Four looks into indexes."""
        wanted = select(
            select(func.max(_DELIVERY.c.id)).scalar_subquery(),
            select(func.max(_DELIVERY.c.sequence)).scalar_subquery(),
            select(func.count()).select_from(_RULING).where(_RULING.c.round_id == round_id).scalar_subquery(),
            select(_RECORD.c.saved_at).where(_RECORD.c.round_id == round_id).scalar_subquery(),
        )
        with self._store.reading() as connection:
            delivery, sequence, rulings, saved_at = connection.execute(wanted).one()
        return Mark(delivery=delivery or 0, sequence=sequence or 0, rulings=rulings, saved_at=saved_at)

    def numbers(self, round_id: str) -> Numbers:
        """See ports.RecordBook."""
        wanted = select(_NUMBER.c.kind, _NUMBER.c.owner, _NUMBER.c.number).where(_NUMBER.c.round_id == round_id)
        receipts: dict[str, str] = {}
        public: dict[str, int] = {}
        with self._store.reading() as connection:
            for kind, owner, number in connection.execute(wanted):
                if kind == _RECEIPT:
                    receipts[owner] = number
                else:
                    public[owner] = int(number)
        return Numbers(receipts=receipts, public=public)

    def find_receipt(self, number: str) -> tuple[str, str] | None:
        """See ports.RecordBook."""
        wanted = select(_NUMBER.c.round_id, _NUMBER.c.owner)
        wanted = wanted.where(_NUMBER.c.kind == _RECEIPT, _NUMBER.c.number == number.strip().upper())
        with self._store.reading() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else (row.round_id, row.owner)

    def add_ruling(self, kept: KeptRuling) -> bool:
        """See ports.RecordBook."""
        ruling = kept.ruling
        row = {
            "round_id": kept.round_id,
            "id": ruling.id,
            "at": ruling.at,
            "commitment": kept.commitment,
            "body": pack(ruling),
        }
        payload = {
            "round": kept.round_id,
            "ruling": ruling.id,
            "action": ruling.action.value,
            "message": ruling.message,
            "commitment": kept.commitment,
        }
        with self._store.writing() as connection:
            new = connection.execute(insert(_RULING).on_conflict_do_nothing(), row).rowcount == 1
            if new:
                append_notes(connection, [Note(kind="ruling", payload=dict(payload))], ruling.at)
            return new

    def rulings(self, round_id: str) -> tuple[Ruling, ...]:
        """See ports.RecordBook."""
        wanted = select(_RULING.c.body).where(_RULING.c.round_id == round_id).order_by(_RULING.c.at, _RULING.c.id)
        with self._store.reading() as connection:
            bodies = connection.execute(wanted).scalars()
            return tuple(msgspec.json.decode(zlib.decompress(body), type=Ruling) for body in bodies)

    def add_revision(self, revision: Revision) -> None:
        """See ports.RecordBook."""
        row = msgspec.structs.asdict(revision)
        note = Note(
            kind="revision",
            payload={"round": revision.round_id, "revision": revision.number, "manifest": revision.manifest_sha256},
        )
        try:
            with self._store.writing() as connection:
                connection.execute(plain_insert(_REVISION), row)
                append_notes(connection, [note], revision.released_at)
        except exc.IntegrityError as error:
            raise BadData(f"revision {revision.number} of {revision.round_id} was released before") from error

    def revisions(self, round_id: str) -> tuple[Revision, ...]:
        """See ports.RecordBook."""
        wanted = select(_REVISION).where(_REVISION.c.round_id == round_id).order_by(_REVISION.c.number)
        with self._store.reading() as connection:
            return tuple(Revision(**row._mapping) for row in connection.execute(wanted))


class _Kept(msgspec.Struct, Generic[Item]):
    """A table of a record's items: its key column, and the columns beside the body."""

    table: Table
    name: str
    key: Callable[[Item], str]
    row: Callable[[Item], dict[str, object]]

    def put(self) -> Insert:
        """Insert, or put in the place of what stands there."""
        table, new = self.table, insert(self.table)
        values = {column.name: new.excluded[column.name] for column in table.c if not column.primary_key}
        return new.on_conflict_do_update(index_elements=(table.c.round_id, table.c[self.name]), set_=values)

    def rows(self, round_id: str, items: Sequence[Item], places: Sequence[int]) -> list[dict[str, object]]:
        """Items as they are kept."""
        return [
            {"round_id": round_id, self.name: self.key(item), "place": place, "body": pack(item), **self.row(item)}
            for place, item in zip(places, items, strict=True)
        ]

    def append(self, connection: Connection, round_id: str, items: Sequence[Item]) -> None:
        """Items that are new or changed, behind all others."""
        last = connection.execute(
            select(func.max(self.table.c.place)).where(self.table.c.round_id == round_id)
        ).scalar_one_or_none()
        first = 0 if last is None else last + 1
        if items:
            connection.execute(self.put(), self.rows(round_id, items, range(first, first + len(items))))


def _write(
    connection: Connection,
    kept: _Kept[Item],
    round_id: str,
    after: Sequence[Item],
    before: Sequence[Item] | None,
    whole: Callable[[Sequence[Item]], Sequence[Item]],
) -> None:
    """Make a table's rows of a round those of `after`; only what differs from `before` is written, and of what only moved, its place.
    `whole`: items as they are kept, of items as they are compared."""
    table, key = kept.table, kept.key
    if before is None:
        connection.execute(delete(table).where(table.c.round_id == round_id))
    known = {key(item): (place, item) for place, item in enumerate(before or ())}
    changed: list[int] = []
    moved: list[dict[str, object]] = []
    for place, item in enumerate(after):
        old = known.pop(key(item), None)
        if old is None or old[1] != item:
            changed.append(place)
        elif old[0] != place:
            moved.append({"own": key(item), "there": place})
    statement = kept.put()
    for places in chunks(changed):
        connection.execute(statement, kept.rows(round_id, whole([after[place] for place in places]), places))
    if moved:
        one = (table.c.round_id == round_id, table.c[kept.name] == bindparam("own"))
        connection.execute(update(table).where(*one).values(place=bindparam("there")), moved)
    for some_keys in chunks(list(known)):
        connection.execute(delete(table).where(table.c.round_id == round_id, table.c[kept.name].in_(some_keys)))


def _read(connection: Connection, table: Table, round_id: str, kind: type[Item]) -> Iterator[Item]:
    decoder = msgspec.json.Decoder(kind)
    bodies = connection.execute(select(table.c.body).where(table.c.round_id == round_id).order_by(table.c.place)).scalars()
    for body in bodies:
        yield decoder.decode(zlib.decompress(body))


def _own_place(response: Response) -> tuple[datetime, str]:
    """Responses stand in order of receipt of their first messages, or postings."""
    first = response.versions[0].messages[0]
    case = response.cases[0] if response.cases else ""
    return (response.received_at, case if case.partition("#")[0] == first else first)


def read_rest(connection: Connection, round_id: str) -> Rest | None:
    """What a record holds beside messages and responses; None where there is no record."""
    body = connection.execute(select(_RECORD.c.body).where(_RECORD.c.round_id == round_id)).scalar_one_or_none()
    return None if body is None else msgspec.json.decode(zlib.decompress(body), type=Rest)


def read_some(connection: Connection, kept: _Kept[Item], round_id: str, keys: Sequence[str], kind: type[Item]) -> Iterator[Item]:
    """Those of these items that are there."""
    table = kept.table
    wanted = select(table.c.body).where(table.c.round_id == round_id, table.c[kept.name].in_(keys))
    for body in connection.execute(wanted).scalars():
        yield msgspec.json.decode(zlib.decompress(body), type=kind)


def give_numbers(connection: Connection, round_id: str, numbers: Numbers) -> list[Note]:
    """Insert numbers that are new; the journal entries that say which, each short enough for the journal's file. Raises TryAgain
    when one is another's."""
    wanted = {(_RECEIPT, owner): number for owner, number in numbers.receipts.items()}
    wanted |= {(_PUBLIC, owner): str(number) for owner, number in numbers.public.items()}
    rows: list[dict[str, object]] = []
    for some in chunks(list(wanted)):
        owners = [owner for _kind, owner in some]
        have = select(_NUMBER).where(_NUMBER.c.round_id == round_id, _NUMBER.c.kind.in_(KINDS), _NUMBER.c.owner.in_(owners))
        there = {(row.kind, row.owner): row.number for row in connection.execute(have)}
        for place in some:
            if there.get(place, wanted[place]) != wanted[place]:
                raise TryAgain(f"{place[1]} has the number {there[place]} since before; it is not given another")
            if place not in there:
                rows.append({"round_id": round_id, "kind": place[0], "owner": place[1], "number": wanted[place]})
    if not rows:
        return []
    try:
        connection.execute(plain_insert(_NUMBER), rows)
    except exc.IntegrityError as error:
        raise TryAgain("a number was given to another meanwhile; decide again") from error
    given = [f"{row['kind']} {row['owner']} {row['number']}" for row in rows]
    return [Note(kind="numbers", payload={"round": round_id, "given": list(some)}) for some in chunks(given)]


def _filed_key(item: Filed) -> str:
    return item.key


def _filed_row(item: Filed) -> dict[str, object]:
    return {"disposition": item.disposition.value, "response": item.response}


def _response_key(item: Response) -> str:
    return item.id


def _response_row(item: Response) -> dict[str, object]:
    return {"status": item.status.value, "received_at": item.received_at}


filed_table = _Kept(_FILED, "key", _filed_key, _filed_row)
response_table = _Kept(_RESPONSE, "id", _response_key, _response_row)

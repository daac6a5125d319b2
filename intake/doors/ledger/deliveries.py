"""What the mailboxes showed: deliveries, folders, the accounting identity."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Row, func, select, tuple_
from sqlalchemy.dialects.sqlite import insert

from intake.doors.ledger.book import Book
from intake.doors.ledger.journal import append_notes
from intake.doors.ledger.tables import METADATA
from intake.model.ledger import Folder, Note, Tally
from intake.ports import Coordinates, Receipt

_OBJECT = METADATA.tables["object"]
_DELIVERY = METADATA.tables["delivery"]
_FOLDER = METADATA.tables["folder_state"]
_ERASURE = METADATA.tables["erasure"]
_FILLED_IN = ("sha256", "size_bytes", "internaldate", "stored_at", "answerable", "sequence")
_PLACE = (_DELIVERY.c.account, _DELIVERY.c.folder, _DELIVERY.c.uidvalidity, _DELIVERY.c.uid)


class DeliveryBook(Book):
    """See ports.Deliveries."""

    def last_sequence(self) -> int:
        """See ports.Deliveries."""
        with self._store.reading() as connection:
            return int(connection.execute(select(func.coalesce(func.max(_DELIVERY.c.sequence), 0))).scalar_one())

    def sequences(self) -> set[int]:
        """See ports.Deliveries."""
        with self._store.reading() as connection:
            return set(connection.execute(select(_DELIVERY.c.sequence).where(_DELIVERY.c.sequence > 0)).scalars())

    def seen_uids(self, account: str, folder: str, uidvalidity: int, above: int = 0) -> set[int]:
        """See ports.Deliveries."""
        wanted = select(_DELIVERY.c.uid).where(*_in_folder(account, folder, uidvalidity), _DELIVERY.c.uid > above)
        with self._store.reading() as connection:
            return set(connection.execute(wanted).scalars())

    def newest_dates(self, account: str, folder: str, uidvalidity: int, limit: int) -> dict[int, datetime]:
        """See ports.Deliveries."""
        wanted = select(_DELIVERY.c.uid, _DELIVERY.c.internaldate).where(*_in_folder(account, folder, uidvalidity))
        with self._store.reading() as connection:
            rows = connection.execute(wanted.order_by(_DELIVERY.c.uid.desc()).limit(limit))
            return {row.uid: row.internaldate for row in rows}

    def record_deliveries(self, receipts: Sequence[Receipt]) -> None:
        """See ports.Deliveries."""
        if not receipts:
            return
        objects = [{"sha256": receipt.sha256, "size_bytes": receipt.size_bytes} for receipt in receipts]
        new = insert(_DELIVERY)
        filled = {name: new.excluded[name] for name in _FILLED_IN}
        with self._store.writing() as connection:
            connection.execute(insert(_OBJECT).on_conflict_do_nothing(), objects)
            statement = new.on_conflict_do_update(index_elements=_PLACE, set_=filled, where=_DELIVERY.c.sha256.is_(None))
            connection.execute(statement, [_row(receipt) for receipt in receipts])

    def record_vanished(self, round_id: str, channel: str, places: Sequence[Coordinates], at: datetime) -> None:
        """See ports.Deliveries."""
        rows = [
            {
                "account": place.account,
                "folder": place.folder,
                "uidvalidity": place.uidvalidity,
                "uid": place.uid,
                "sha256": None,
                "size_bytes": 0,
                "round_id": round_id,
                "channel": channel,
                "internaldate": at,
                "stored_at": at,
                "answerable": False,
                "sequence": 0,
            }
            for place in places
        ]
        if rows:
            with self._store.writing() as connection:
                notes = [
                    vanished_note(round_id, channel, place)
                    for place, row in zip(places, rows, strict=True)
                    if connection.execute(insert(_DELIVERY).on_conflict_do_nothing(), row).rowcount == 1
                ]
                append_notes(connection, notes, at)

    def deliveries(self, round_id: str) -> tuple[Receipt, ...]:
        """See ports.Deliveries."""
        wanted = select(_DELIVERY).where(_DELIVERY.c.round_id == round_id, _DELIVERY.c.sha256.is_not(None))
        with self._store.reading() as connection:
            rows = connection.execute(wanted.order_by(_DELIVERY.c.sequence, _DELIVERY.c.id))
            return tuple(_receipt(row) for row in rows)

    def arrivals(self, round_id: str, after_sequence: int = 0, keys: Sequence[str] | None = None) -> tuple[Receipt, ...]:
        """See ports.Deliveries."""
        other = _DELIVERY.alias("other")
        earlier = (
            select(other.c.id)
            .where(
                other.c.round_id == _DELIVERY.c.round_id,
                other.c.sha256 == _DELIVERY.c.sha256,
                tuple_(other.c.internaldate, other.c.sequence, other.c.id)
                < tuple_(_DELIVERY.c.internaldate, _DELIVERY.c.sequence, _DELIVERY.c.id),
            )
            .exists()
        )
        wanted = select(_DELIVERY).where(
            _DELIVERY.c.round_id == round_id,
            _DELIVERY.c.sha256.is_not(None),
            ~earlier,
            ~select(_ERASURE.c.key).where(_ERASURE.c.key == _DELIVERY.c.sha256).exists(),
        )
        if keys is None:
            wanted = wanted.where(_DELIVERY.c.sequence > after_sequence)
        else:  # sequences are asked for and sorted behind it: with them SQLite would walk through the whole round to find a few
            wanted = wanted.where(_DELIVERY.c.sha256.in_(keys))
        with self._store.reading() as connection:
            rows = [row for row in connection.execute(wanted) if row.sequence > after_sequence]
        return tuple(_receipt(row) for row in sorted(rows, key=lambda row: (row.sequence, row.id)))

    def tally(self, round_id: str) -> Tally:
        """See ports.Deliveries."""
        wanted = (
            select(
                func.count(),
                func.count(_DELIVERY.c.sha256),
                func.count(func.distinct(_DELIVERY.c.sha256)),
                func.count(func.distinct(_ERASURE.c.key)),
            )
            .select_from(_DELIVERY.outerjoin(_ERASURE, _ERASURE.c.key == _DELIVERY.c.sha256))
            .where(_DELIVERY.c.round_id == round_id)
        )
        with self._store.reading() as connection:
            seen, fetched, messages, erased = connection.execute(wanted).one()
        return Tally(seen=seen, archived=messages - erased, same_bytes=fetched - messages, vanished=seen - fetched, erased=erased)

    def newest(self, account: str, round_ids: Sequence[str], after_sequence: int = 0) -> datetime | None:
        """See ports.Deliveries."""
        wanted = select(func.max(_DELIVERY.c.internaldate)).where(
            _DELIVERY.c.sequence > after_sequence,
            _DELIVERY.c.account == account,
            _DELIVERY.c.round_id.in_(round_ids),
            _DELIVERY.c.sha256.is_not(None),
            _DELIVERY.c.channel != "sent",
        )
        with self._store.reading() as connection:
            found: datetime | None = connection.execute(wanted).scalar_one_or_none()
            return found

    def folder(self, account: str, folder: str) -> Folder | None:
        """See ports.Deliveries."""
        wanted = select(_FOLDER).where(_FOLDER.c.account == account, _FOLDER.c.folder == folder)
        with self._store.reading() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else Folder(**row._mapping)

    def save_folder(self, folder: Folder) -> None:
        """See ports.Deliveries."""
        new = insert(_FOLDER)
        changed = {name: new.excluded[name] for name in ("uidvalidity", "uidnext", "polled_at")}
        statement = new.on_conflict_do_update(index_elements=(_FOLDER.c.account, _FOLDER.c.folder), set_=changed)
        with self._store.writing() as connection:
            connection.execute(statement, msgspec.structs.asdict(folder))


def _in_folder(account: str, folder: str, uidvalidity: int) -> tuple[ColumnElement[bool], ...]:
    """Messages of a folder under one numbering whose bytes we have."""
    return (
        _DELIVERY.c.account == account,
        _DELIVERY.c.folder == folder,
        _DELIVERY.c.uidvalidity == uidvalidity,
        _DELIVERY.c.sha256.is_not(None),
    )


def place_id(account: str, folder: str) -> str:
    """What the journal calls a folder: no name stands there."""
    return hashlib.sha256(f"{account}\0{folder}".encode()).hexdigest()[:16]


def vanished_note(round_id: str, channel: str, place: Coordinates) -> Note:
    """That a message was shown and could not be fetched: the only trace that the vault has of it."""
    where = place_id(place.account, place.folder)
    return Note(
        kind="vanished",
        payload={"round": round_id, "channel": channel, "place": where, "uidvalidity": place.uidvalidity, "uid": place.uid},
    )


def _row(receipt: Receipt) -> dict[str, object]:
    return {
        "account": receipt.at.account,
        "folder": receipt.at.folder,
        "uidvalidity": receipt.at.uidvalidity,
        "uid": receipt.at.uid,
        "sha256": receipt.sha256,
        "size_bytes": receipt.size_bytes,
        "round_id": receipt.round_id,
        "channel": receipt.channel,
        "internaldate": receipt.internaldate,
        "stored_at": receipt.stored_at,
        "answerable": receipt.answerable,
        "sequence": receipt.sequence,
    }


def _receipt(row: Row[tuple[object, ...]]) -> Receipt:
    at = Coordinates(account=row.account, folder=row.folder, uidvalidity=row.uidvalidity, uid=row.uid)
    return Receipt(
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        at=at,
        internaldate=row.internaldate,
        channel=row.channel,
        round_id=row.round_id,
        stored_at=row.stored_at,
        answerable=row.answerable,
        sequence=row.sequence,
    )

"""Readings and Verdicts as made by one version of the rooms: kept to save time, thrown away without harm."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert

from intake.doors.ledger.book import Book, chunks
from intake.doors.ledger.tables import METADATA
from intake.model.mail import Reading
from intake.model.verdict import Verdict

_DELIVERY = METADATA.tables["delivery"]
_READING = METADATA.tables["reading"]
_VERDICT = METADATA.tables["verdict"]
Value = TypeVar("Value")
_LEVEL = 1
"""zlib's fastest: the cache must cost less than reading again."""

_reading_decoder = msgspec.json.Decoder(Reading)
_verdict_decoder = msgspec.json.Decoder(Verdict)


def pack(value: object) -> bytes:
    """A value of the model as compressed JSON."""
    return zlib.compress(msgspec.json.encode(value), _LEVEL)


class CacheBook(Book):
    """See ports.Caches. A cached value that no longer decodes (the model has changed) is as if it were not there."""

    def readings(self, keys: Sequence[str], version: str) -> dict[str, Reading]:
        """See ports.Caches."""
        found: dict[str, Reading] = {}
        with self._store.reading() as connection:
            for some in chunks(keys):
                wanted = select(_READING.c.sha256, _READING.c.body)
                wanted = wanted.where(_READING.c.sha256.in_(some), _READING.c.version == version)
                for key, body in connection.execute(wanted):
                    value = _decoded(_reading_decoder, body)
                    if value is not None:
                        found[key] = value
        return found

    def save_readings(self, readings: Sequence[Reading], version: str) -> None:
        """See ports.Caches."""
        if not readings or self._store.still:
            return
        new = insert(_READING)
        changed = {name: new.excluded[name] for name in ("version", "body")}
        rows = [{"sha256": reading.sha256, "version": version, "body": pack(reading)} for reading in readings]
        with self._store.writing() as connection:
            connection.execute(new.on_conflict_do_update(index_elements=(_READING.c.sha256,), set_=changed), rows)

    def unread(self, round_id: str, version: str, limit: int) -> tuple[str, ...]:
        """See ports.Caches."""
        read = select(_READING.c.sha256).where(_READING.c.sha256 == _DELIVERY.c.sha256, _READING.c.version == version)
        wanted = (
            select(_DELIVERY.c.sha256)
            .where(_DELIVERY.c.round_id == round_id, _DELIVERY.c.sha256.is_not(None), ~read.exists())
            .group_by(_DELIVERY.c.sha256)
            .order_by(func.min(_DELIVERY.c.sequence), _DELIVERY.c.sha256)
            .limit(limit)
        )
        with self._store.reading() as connection:
            return tuple(connection.execute(wanted).scalars())

    def verdicts(self, round_id: str, keys: Sequence[str], version: str) -> dict[str, Verdict]:
        """See ports.Caches."""
        found: dict[str, Verdict] = {}
        with self._store.reading() as connection:
            for some in chunks(keys):
                wanted = select(_VERDICT.c.sha256, _VERDICT.c.body).where(
                    _VERDICT.c.round_id == round_id, _VERDICT.c.sha256.in_(some), _VERDICT.c.version == version
                )
                for key, body in connection.execute(wanted):
                    value = _decoded(_verdict_decoder, body)
                    if value is not None:
                        found[key] = value
        return found

    def save_verdicts(self, round_id: str, verdicts: Sequence[Verdict], version: str) -> None:
        """See ports.Caches."""
        if not verdicts or self._store.still:
            return
        new = insert(_VERDICT)
        changed = {name: new.excluded[name] for name in ("version", "body")}
        rows = [{"round_id": round_id, "sha256": item.key, "version": version, "body": pack(item)} for item in verdicts]
        place = (_VERDICT.c.round_id, _VERDICT.c.sha256)
        with self._store.writing() as connection:
            connection.execute(new.on_conflict_do_update(index_elements=place, set_=changed), rows)


def _decoded(decoder: msgspec.json.Decoder[Value], body: bytes) -> Value | None:
    try:
        return decoder.decode(zlib.decompress(body))
    except (msgspec.MsgspecError, zlib.error):
        return None

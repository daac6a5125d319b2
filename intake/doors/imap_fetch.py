"""Bodies from an open folder, in batches bounded by bytes; large ones in pieces; each message on its own when a batch fails."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient
from msgspec import Struct

from intake.doors.imap_answers import fetch
from intake.ports import Staged, Staging

_THROTTLED = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|THROTTLED)\b", re.IGNORECASE)
"""Refusals (RFC 5530, and what large hosts add) that speak of the connection; SERVERBUG may be about one message alone."""
_SIZES_AT_ONCE = 500
_EPOCH = datetime.fromtimestamp(0, UTC)
NOT_PARSED = (ValueError, KeyError, IndexError, TypeError, AttributeError)
"""What IMAPClient's parser raises on answers that it does not understand; the connection is still in step then."""


class FetchLimits(Struct, frozen=True, kw_only=True):
    """`batch_bytes` and `batch_messages` bound one FETCH; a message above `large_bytes` comes in pieces of `piece_bytes`."""

    batch_bytes: int = 4 * 1024 * 1024
    batch_messages: int = 100
    large_bytes: int = 8 * 1024 * 1024
    piece_bytes: int = 1024 * 1024


class Answer(Struct, frozen=True, kw_only=True):
    """What the server gave for one UID."""

    uid: int
    internaldate: datetime
    raw: bytes | Staged | None
    problem: str = ""


class _Announced(Struct, frozen=True):
    """What the server says of a message before it is fetched."""

    uid: int
    size_bytes: int
    internaldate: datetime


class _GoneError(Exception):
    """The message went while its pieces were fetched."""


def fetch_messages(client: IMAPClient, uids: Sequence[int], limits: FetchLimits, staging: Staging | None) -> Iterator[Answer]:
    """Every UID once, in order; at most one batch or one large message is in memory."""
    for start in range(0, len(uids), _SIZES_AT_ONCE):
        some = uids[start : start + _SIZES_AT_ONCE]
        announced = _announced(client, some)
        for batch in _batches(some, announced, limits):
            if len(batch) == 1 and announced[batch[0]].size_bytes > limits.large_bytes:
                yield _large(client, announced[batch[0]], limits, staging)
            else:
                yield from _small(client, [announced[uid] for uid in batch])


def internal_dates(client: IMAPClient, uids: Sequence[int]) -> dict[int, datetime]:
    """INTERNALDATE by UID, UTC; those that the server does not name are left out."""
    found = _careful(client, uids, [b"INTERNALDATE"]) if uids else {}
    moments = {uid: (found.get(uid) or {}).get(b"INTERNALDATE") for uid in uids}
    return {uid: _aware(moment) for uid, moment in moments.items() if isinstance(moment, datetime)}


def _announced(client: IMAPClient, uids: Sequence[int]) -> dict[int, _Announced]:
    found = _careful(client, uids, [b"RFC822.SIZE", b"INTERNALDATE"])
    result: dict[int, _Announced] = {}
    for uid in uids:
        values = found.get(uid) or {}
        moment = values.get(b"INTERNALDATE")
        moment = moment if isinstance(moment, datetime) else _EPOCH
        size = values.get(b"RFC822.SIZE")
        result[uid] = _Announced(uid, size if isinstance(size, int) else 0, _aware(moment))
    return result


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _batches(uids: Sequence[int], announced: dict[int, _Announced], limits: FetchLimits) -> Iterator[list[int]]:
    batch: list[int] = []
    total = 0
    for uid in uids:
        size = announced[uid].size_bytes
        if batch and (total + size > limits.batch_bytes or len(batch) >= limits.batch_messages or size > limits.large_bytes):
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += size
        if size > limits.large_bytes:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def _small(client: IMAPClient, batch: Sequence[_Announced]) -> Iterator[Answer]:
    found = _careful(client, [item.uid for item in batch], [b"BODY.PEEK[]"])
    for item in batch:
        values = found.pop(item.uid, {})
        yield _checked(client, item, _body(values), str(values.get("problem", "")))


def _checked(client: IMAPClient, item: _Announced, raw: bytes | None, problem: str) -> Answer:
    """Bytes are believed when their number is the announced one, or when they come the same a second time."""
    if not raw:
        words = problem or "the server has it no more"
        return Answer(uid=item.uid, internaldate=item.internaldate, raw=None, problem=words)
    if len(raw) == item.size_bytes:
        return Answer(uid=item.uid, internaldate=item.internaldate, raw=raw)
    again = _body(_careful(client, [item.uid], [b"BODY.PEEK[]"]).get(item.uid, {}))
    words = f"{item.size_bytes} bytes were announced, {len(raw)} came"
    if again == raw:
        return Answer(uid=item.uid, internaldate=item.internaldate, raw=raw, problem=words)
    return Answer(uid=item.uid, internaldate=item.internaldate, raw=None, problem=f"{words}, and others the second time")


def _large(client: IMAPClient, item: _Announced, limits: FetchLimits, staging: Staging | None) -> Answer:
    problem = ""
    try:
        raw = _whole(client, item.uid, limits, staging)
        if len(raw) != item.size_bytes:
            problem = f"{item.size_bytes} bytes were announced, {len(raw)} came"
            again = _whole(client, item.uid, limits, staging)
            same = again == raw if isinstance(raw, bytes) else isinstance(again, Staged) and again.sha256 == raw.sha256
            if not same:
                problem = f"{problem}, and others the second time"
                return Answer(uid=item.uid, internaldate=item.internaldate, raw=None, problem=problem)
    except _GoneError as error:
        return Answer(uid=item.uid, internaldate=item.internaldate, raw=None, problem=str(error))
    return Answer(uid=item.uid, internaldate=item.internaldate, raw=raw, problem=problem)


def _whole(client: IMAPClient, uid: int, limits: FetchLimits, staging: Staging | None) -> bytes | Staged:
    pieces = _pieces(client, uid, limits.piece_bytes)
    return b"".join(pieces) if staging is None else staging.stage(pieces)


def _pieces(client: IMAPClient, uid: int, piece_bytes: int) -> Iterator[bytes]:
    """The body in order. Raises _GoneError when the server has it no more, or stops giving it."""
    offset = 0
    while True:
        values = _careful(client, [uid], [f"BODY.PEEK[]<{offset}.{piece_bytes}>".encode("ascii")]).get(uid, {})
        piece = _body(values)
        if piece is None:
            raise _GoneError(str(values.get("problem", "the server has it no more")))
        yield piece
        offset += len(piece)
        if len(piece) < piece_bytes:
            return


def _body(values: dict[Any, Any]) -> bytes | None:
    for name, value in values.items():
        if isinstance(name, bytes) and name.startswith(b"BODY[]") and isinstance(value, bytes):
            return value
    return None


def _careful(client: IMAPClient, uids: Sequence[int], items: list[bytes]) -> dict[int, dict[Any, Any]]:
    """FETCH; when the server or the parser refuses a batch, each UID by itself, with "problem" where that is refused too."""
    try:
        return fetch(client, uids, items)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, *NOT_PARSED) as error:
        if _THROTTLED.search(str(error)):
            raise  # throttled, locked: no word about these messages, and asking for each alone would make it worse
        if len(uids) == 1:
            return {uids[0]: {"problem": f"the server does not give it: {error}"[:300]}}
    found: dict[int, dict[Any, Any]] = {}
    for uid in uids:
        found.update(_careful(client, [uid], items))
    return found

"""Receive: what the mailbox shows becomes object, receipt and delivery (docs/STATES.md, W0 to W5); the step that must keep up."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from msgspec import Struct
from msgspec.structs import replace

from intake.model.ledger import Folder
from intake.model.mail import ChannelKind
from intake.model.round import Round
from intake.pipeline.office import Complete, Office
from intake.ports import Coordinates, Fetched, FolderState, Mailbox, Receipt, Staged

log = structlog.get_logger("intake")

BATCH_MESSAGES = 50
BATCH_BYTES = 8 * 1024 * 1024
POLL_NOTED = timedelta(minutes=1)
"""A look that brought nothing is written down this often: an idle poll writes nothing else."""
DATES_COMPARED = 200
"""So many of the newest messages are compared by date when a folder has changed or a connection is new."""
_NUMBERINGS = 1 << 32


class Watched(Struct, frozen=True, kw_only=True):
    """A folder of a mailbox account and what its mail is for."""

    account: str
    folder: str
    channel: ChannelKind
    round_id: str


class Received(Struct, frozen=True, kw_only=True):
    """What one look at a folder brought."""

    stored: int
    vanished: int


def receive(office: Office, mailbox: Mailbox, watched: Watched) -> Received:
    """Store every message of a folder that is not stored yet; the mailbox is only read.

    Candidates are a difference of sets, never UNSEEN, a date or a bare cursor. Raises what the mailbox raises, and TryAgain
    when the disk is full: what was stored until then is recorded.
    """
    now = office.now()
    state = mailbox.scan(watched.folder)
    place = (watched.account, watched.folder)
    last = office.complete.get(place)
    if last is not None and last.state is state and now - last.noted_at < POLL_NOTED:
        return Received(stored=0, vanished=0)
    known = office.ledger.folder(watched.account, watched.folder)
    first_polled_at = known.first_polled_at if known else now
    numbering = _numbering(office, mailbox, watched, state, known)
    new = _not_stored(office, watched, state, numbering)
    due = [uid for uid in new if office.patience.is_due((watched.account, watched.folder, numbering, uid), now)]
    stored = vanished = 0
    if due:
        office.guard()
        fetched = mailbox.fetch(watched.folder, state.uidvalidity, due)
        for batch in _batches(_renumbered(fetched, numbering)):
            good, gone = _store(office, watched, batch, first_polled_at)
            stored += good
            vanished += gone
            office.pulse()
    folder = Folder(
        account=watched.account,
        folder=watched.folder,
        uidvalidity=numbering,
        uidnext=state.uidnext,
        first_polled_at=first_polled_at,
        polled_at=now,
    )
    if known is None or now - known.polled_at >= POLL_NOTED or folder != replace(known, polled_at=now):
        office.ledger.save_folder(folder)
        known = folder
    office.folders[place] = state
    if not new:
        office.complete[place] = Complete(state=state, numbering=numbering, noted_at=known.polled_at)
    return Received(stored=stored, vanished=vanished)


def _not_stored(office: Office, watched: Watched, state: FolderState, numbering: int) -> list[int]:
    """The server's UIDs minus those that are stored (W1). Those of a look that found all stored need not be looked up again: a folder
    of a hundred thousand would be read whole at each mail."""
    last = office.complete.get((watched.account, watched.folder))
    shown: Sequence[int] = state.uids
    if last is not None and last.numbering == numbering:
        if last.state is state:
            return []
        known = last.state.uids
        grown = state.uids[: len(known)] == known
        shown = state.uids[len(known) :] if grown else tuple(set(state.uids).difference(known))
    if not shown:
        return []
    stored = office.ledger.seen_uids(watched.account, watched.folder, numbering, above=min(shown) - 1)
    return sorted(set(shown) - stored)


def _numbering(office: Office, mailbox: Mailbox, watched: Watched, state: FolderState, known: Folder | None) -> int:
    """UIDVALIDITY, and above its 32 bits how often the server took that number's promise back.

    A folder put back from a copy may keep UIDVALIDITY and give UIDs of lost messages to new ones (RFC 3501 2.3.1.1 forbids it). It
    shows by UIDNEXT going back, or by another date at a UID that we have. The folder's messages then are all looked at anew.
    """
    if known is None or known.uidvalidity % _NUMBERINGS != state.uidvalidity % _NUMBERINGS:
        return state.uidvalidity
    before = office.folders.get((watched.account, watched.folder))
    if before is state:
        return known.uidvalidity
    if state.uidnext < known.uidnext or _other_dates(office, mailbox, watched, state, known.uidvalidity):
        office.folders.pop((watched.account, watched.folder), None)
        return known.uidvalidity + _NUMBERINGS
    return known.uidvalidity


def _other_dates(office: Office, mailbox: Mailbox, watched: Watched, state: FolderState, numbering: int) -> bool:
    """Whether the newest messages that we have carry other dates at the server: a reused UID is a high one."""
    stored = office.ledger.newest_dates(watched.account, watched.folder, numbering, DATES_COMPARED)
    if not stored:
        return False
    shown = set(stored).intersection(state.uids[bisect_left(state.uids, min(stored)) :])
    if not shown:
        return False
    found = mailbox.dates(watched.folder, state.uidvalidity, sorted(shown))
    return any(found.get(uid, stored[uid]) != stored[uid] for uid in shown)


def _renumbered(fetched: Iterator[Fetched], numbering: int) -> Iterator[Fetched]:
    """The same messages with the coordinates under which we keep them."""
    for item in fetched:
        yield item if item.at.uidvalidity == numbering else replace(item, at=replace(item.at, uidvalidity=numbering))


def take_in(office: Office, watched: Watched, messages: Iterable[tuple[bytes, datetime]], *, answerable: bool = False) -> int:
    """Store messages that came by no mailbox (import, ingest, rehearsal), with the time that stands for INTERNALDATE.

    Their coordinates are made of their order in this account: UIDVALIDITY 1, UID the next sequence number. Gives how many.
    """
    count = 0
    sequence = office.ledger.last_sequence()
    for raw, internaldate in messages:
        office.guard()
        sequence += 1
        (sha256,) = office.vault.put([raw])
        at = Coordinates(account=watched.account, folder=watched.folder, uidvalidity=1, uid=sequence)
        receipt = _receipt(office, watched, at, sha256, len(raw), internaldate, sequence, answerable)
        office.vault.put_receipts([receipt])
        office.ledger.record_deliveries([receipt])
        count += 1
    return count


def _batches(fetched: Iterator[Fetched]) -> Iterator[list[Fetched]]:
    """At most BATCH_MESSAGES and about BATCH_BYTES at a time: memory grows with neither the backlog nor one message."""
    batch: list[Fetched] = []
    size = 0
    for item in fetched:
        batch.append(item)
        size += 0 if item.raw is None or isinstance(item.raw, Staged) else len(item.raw)
        if len(batch) >= BATCH_MESSAGES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _store(office: Office, watched: Watched, batch: Sequence[Fetched], first_polled_at: datetime) -> tuple[int, int]:
    office.guard()
    good = [item for item in batch if item.raw is not None]
    gone = [item.at for item in batch if item.raw is None]
    raws = [item.raw for item in good if item.raw is not None]
    names = office.vault.put(raws)
    sequence = office.ledger.last_sequence()
    not_before = max(first_polled_at, opening_of(office.round(watched.round_id)))
    receipts = [
        _receipt(office, watched, item.at, name, len(raw), item.internaldate, sequence + number, item.internaldate >= not_before)
        for number, (item, name, raw) in enumerate(zip(good, names, raws, strict=True), 1)
    ]
    office.vault.put_receipts(receipts)
    office.ledger.record_deliveries(receipts)
    for item in batch:
        place = (item.at.account, item.at.folder, item.at.uidvalidity, item.at.uid)
        if item.raw is None:
            office.patience.refused(place, office.now())
        if item.problem:
            log.warning("message", folder=watched.folder, uid=item.at.uid, problem=item.problem, stored=item.raw is not None)
    if gone:
        office.ledger.record_vanished(watched.round_id, watched.channel.value, gone, office.now())
    return len(good), len(gone)


def opening_of(consultation: Round) -> datetime:
    """The instant at which the round's opening day begins in its own zone."""
    day = consultation.dates.opened
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(consultation.time_zone))


def _receipt(
    office: Office,
    watched: Watched,
    at: Coordinates,
    sha256: str,
    size_bytes: int,
    internaldate: datetime,
    sequence: int,
    answerable: bool,
) -> Receipt:
    return Receipt(
        sha256=sha256,
        size_bytes=size_bytes,
        at=at,
        internaldate=internaldate,
        channel=watched.channel.value,
        round_id=watched.round_id,
        stored_at=office.now(),
        answerable=answerable,
        sequence=sequence,
    )

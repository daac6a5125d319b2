"""A labelled or exported round played in simulated time: the same corridor, another clock, no network (rounds/FORMAT.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from intake.casework.export import ledger_json
from intake.casework.rulings import rulings_from
from intake.model.edition import Edition
from intake.model.mail import ChannelKind
from intake.model.record import Record, Ruling
from intake.model.round import Round
from intake.pipeline.cases import read_waiting
from intake.pipeline.daily import digest_day
from intake.pipeline.judge import judge_round
from intake.pipeline.office import Office
from intake.pipeline.papers import Papers, assemble_round, release
from intake.pipeline.receive import Watched, take_in
from intake.pipeline.send import send_due

_CHANNELS = {"INBOX": ChannelKind.ADDRESS, "LIST": ChannelKind.LIST, "JUNK": ChannelKind.JUNK, "OFFICE": ChannelKind.OFFICE}


class Incoming(Struct, frozen=True, kw_only=True):
    """One line of arrivals.jsonl with its message."""

    file: str
    mailbox: str
    internaldate: datetime
    raw: bytes


class MovableClock(Protocol):
    """A clock that the rehearsal sets."""

    def now(self) -> datetime:
        """The simulated moment."""

    def set(self, at: datetime) -> None:
        """Stand at another moment."""


class Play(Struct, frozen=True, kw_only=True):
    """What a rehearsal gives back, beside the letters that went to the office's post."""

    ledger: dict[str, object]
    record: Record
    digests: dict[str, bytes]
    revisions: dict[int, Papers]


class _Event(Struct, frozen=True, kw_only=True, order=True):
    at: datetime
    rank: int
    what: str
    index: int


def rehearse(
    office: Office,
    clock: MovableClock,
    consultation: Round,
    mail: Sequence[Incoming],
    decisions: Sequence[Mapping[str, object]],
) -> Play:
    """Play a round: arrivals, decisions, a digest each local day, rev-0 at the deadline, then one revision a local day on which
    anything printed has changed. The office must be new."""
    zone = ZoneInfo(consultation.time_zone)
    names: dict[str, list[str]] = {}
    digests: dict[str, bytes] = {}
    revisions: dict[int, Papers] = {}
    keys = _read_ahead(office, mail)
    for key, item in zip(keys, mail, strict=True):
        names.setdefault(key, []).append(item.file)
    rulings = rulings_from(decisions, names, zone)
    last: Papers | None = None
    for event in _events(consultation, zone, mail, rulings):
        clock.set(event.at)
        if event.what == "arrival":
            _arrive(office, consultation, mail[event.index])
        elif event.what == "ruling":
            _rule(office, consultation, rulings[event.index])
        elif event.what == "digest":
            day = event.at.astimezone(zone).date()
            digests[f"{day}.eml"] = digest_day(office, consultation, day, queue=False).raw
        elif event.what == "revision":
            last = _revise(office, consultation, revisions, last)
        send_due(office, limit=1000)
    record = judge_round(office, consultation)
    return Play(ledger=ledger_json(consultation, record, names), record=record, digests=digests, revisions=revisions)


def _read_ahead(office: Office, mail: Sequence[Incoming]) -> tuple[str, ...]:
    """Reading is a pure map: all messages at once, many children at work, before the simulated time begins."""
    keys = office.vault.put([item.raw for item in mail])
    read_waiting(office, list(dict.fromkeys(keys)))
    return keys


def _events(consultation: Round, zone: ZoneInfo, mail: Sequence[Incoming], rulings: Sequence[Ruling]) -> Iterator[_Event]:
    moments = [item.internaldate for item in mail] + [ruling.at for ruling in rulings]
    first = min([datetime.combine(consultation.dates.opened, time(0, 0), zone), *moments])
    deadline = consultation.dates.response_deadline
    end = max([deadline, datetime.combine(consultation.dates.group_meeting_start, time(0, 0), zone), *moments])
    events = [_Event(at=item.internaldate, rank=0, what="arrival", index=index) for index, item in enumerate(mail)]
    # arrivals are told in order of arrival, whatever their INTERNALDATE says
    floor = first
    for index, event in enumerate(events):
        floor = max(floor, event.at)
        events[index] = _Event(at=floor, rank=0, what="arrival", index=index)
    events += [_Event(at=ruling.at, rank=1, what="ruling", index=index) for index, ruling in enumerate(rulings)]
    events.append(_Event(at=deadline, rank=2, what="revision", index=0))
    for day in _days(first.astimezone(zone).date(), end.astimezone(zone).date()):
        events.append(_Event(at=datetime.combine(day, time(7, 30), zone), rank=3, what="digest", index=0))
        evening = datetime.combine(day, time(23, 59, 59), zone)
        if evening > deadline:
            events.append(_Event(at=evening, rank=4, what="revision", index=0))
    return iter(sorted(events))


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def _arrive(office: Office, consultation: Round, item: Incoming) -> None:
    channel = _CHANNELS.get(item.mailbox.upper(), ChannelKind.ADDRESS)
    watched = Watched(account="rehearsal", folder=item.mailbox, channel=channel, round_id=consultation.id)
    take_in(office, watched, [(item.raw, item.internaldate)], answerable=True)
    judge_round(office, consultation)


def _rule(office: Office, consultation: Round, ruling: Ruling) -> None:
    office.ledger.add_ruling(office.vault.keep_ruling(consultation.id, ruling))
    office.vault.keep_journal(office.ledger.journal_entries(office.vault.journal_seq()))
    judge_round(office, consultation)


def _revise(office: Office, consultation: Round, revisions: dict[int, Papers], last: Papers | None) -> Papers | None:
    """Release the next revision when anything printed has changed."""
    edition = assemble_round(office, consultation, language=office.language, before=last.edition if last is not None else None)
    if last is not None and not edition.changes and printed(edition) == printed(last.edition):
        return last
    number = len(revisions)
    kept: dict[str, bytes] = {}

    def store(_round: str, _revision: int, files: Mapping[str, bytes]) -> None:
        kept.update(files)

    papers = release(office, consultation, by="rehearsal", language=office.language, store=store, number=number, before=last)
    revisions[number] = papers
    return papers


def printed(edition: Edition) -> tuple[object, ...]:
    """What a reader sees of the contents: two editions that agree in it need no new revision."""
    tombstones = tuple(item for item in edition.left_out if item.what == "withdrawn")
    return (edition.campaigns, tombstones)

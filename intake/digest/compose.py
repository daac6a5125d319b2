"""A day of the record to a Digest. Every figure reconciles, or nothing is composed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from intake.digest.tasks import bounced, cut, junk_that_looks_real, name_of, tasks
from intake.errors import Broken
from intake.model.edition import Digest, DigestItem, DigestSilence, Source
from intake.model.ledger import Tally
from intake.model.record import Counts, Filed, Record, Response, Status
from intake.model.round import Day, Round

NEAR = 7
"""A day that is so many days away, or nearer, is running out."""
UNSCANNED = "unscanned"


class DigestInput(Struct, frozen=True, kw_only=True):
    """What the corridor hands over. `counts_before`: the record's counts at the digest before; `new_keys`: message keys since
    then. `returned`: (message key, kind, recipient, why) of letters that came back or were refused. `folders`: where the mail is
    fetched and when it was looked at last. `decided`: keys of messages on which a person has decided. `further`: letters that wait, corrections
    of proofs, orders that were refused. `silence`: None when there is no time left, or no last round."""

    consultation: Round
    day: date
    record: Record
    sources: Mapping[str, Source]
    counts_before: Counts
    new_keys: Sequence[str]
    public: Mapping[str, int]
    timetable: Sequence[Day]
    tally: Tally
    letters: Mapping[str, int]
    health: Sequence[str]
    journal_head: str
    returned: Sequence[tuple[str, str, str, str]] = ()
    folders: Sequence[tuple[str, datetime | None]] = ()
    decided: frozenset[str] = frozenset()
    further: Sequence[DigestItem] = ()
    silence: DigestSilence | None = None


def compose_digest(facts: DigestInput) -> Digest:
    """The digest of a day. Raises Broken when the sums do not hold."""
    tally, counts = facts.tally, facts.record.counts
    if not tally.holds or tally.archived != counts.messages:
        raise Broken(f"the sums do not hold: {tally}, {counts.messages} messages in the record")
    zone = ZoneInfo(facts.consultation.time_zone)
    deadline = facts.consultation.dates.response_deadline.astimezone(zone).date()
    filed = {item.key: item for item in facts.record.filed}
    new = [filed[key] for key in facts.new_keys if key in filed]
    return Digest(
        round=facts.consultation,
        day=facts.day,
        counts=counts,
        counts_yesterday=facts.counts_before,
        new_messages=tuple(
            (item.key, item.disposition.value, *_who(facts.sources[item.key], _number(item, facts))) for item in new
        ),
        new_responses=_new_responses(facts, {item.key for item in new}),
        needs_person=(*tasks(facts.record, facts.public, facts.consultation.time_zone), *facts.further),
        junk=tuple(junk_that_looks_real(facts.record, facts.sources, facts.decided)),
        bounced=tuple(bounced(facts.returned, facts.record, facts.public)),
        days_left=(deadline - facts.day).days,
        timetable=tuple(day for day in facts.timetable if (day.on - facts.day).days >= -1 or day.state == "late"),
        running_out=tuple(
            day
            for day in facts.timetable
            if day.state == "late" or (0 <= (day.on - facts.day).days <= NEAR and day.state != "done")
        ),
        seen=tally.seen,
        archived=tally.archived,
        same_bytes=tally.same_bytes,
        vanished=tally.vanished,
        erased=tally.erased,
        letters_queued=sum(facts.letters.get(key, 0) for key in ("queued", "sending", "committing")),
        letters_sent=facts.letters.get("sent", 0),
        letters_waiting_approval=facts.letters.get("waiting_approval", 0) + facts.letters.get("held", 0),
        letters_failed=facts.letters.get("failed", 0) + facts.letters.get("unknown", 0),
        set_aside=counts.set_aside,
        unscanned=sum(1 for item in facts.record.responses for _, file in item.attachments if file.state.value == UNSCANNED),
        withheld=sum(1 for item in facts.record.responses if _is_pending(item)),
        health=tuple(facts.health),
        folders=tuple(facts.folders),
        journal_head=facts.journal_head,
        silence=facts.silence,
    )


def _is_pending(item: Response) -> bool:
    """Whether something of a counted response is proposed to be withheld and nobody has decided."""
    return item.status is Status.COUNTED and any(not entry.ruling for _, entry in item.withheld)


def _number(item: Filed, facts: DigestInput) -> str:
    """The public number of the response that a message belongs to: by it an officer names it in an answer."""
    number = facts.public.get(item.response or "")
    return f"{number} – " if number else ""


def _who(source: Source, number: str) -> tuple[str, str]:
    """(number and who, subject)."""
    verdict = source.verdict
    return f"{number}{name_of(verdict.respondent, verdict.author)}", cut(source.arrival.reading.subject)


def _new_responses(facts: DigestInput, keys: set[str]) -> tuple[tuple[str, str, str], ...]:
    """Responses whose first message came since the digest before."""
    return tuple(
        (str(facts.public.get(item.id, "–")), name_of(item.respondent), item.respondent.category.value)
        for item in facts.record.responses
        if item.messages and item.messages[0] in keys
    )

"""A day of the record to a Digest. Every figure reconciles, or nothing is composed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from msgspec import Struct

from intake.errors import Broken
from intake.model.edition import Digest, DigestItem, Source
from intake.model.ledger import Tally
from intake.model.record import Counts, Filed, Record, Response, Status
from intake.model.round import Day, Round

_CUT = 70


class DigestInput(Struct, frozen=True, kw_only=True):
    """What the corridor hands over. `before`: the record's counts at the digest before; `new_since`: message keys since then."""

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


def compose_digest(facts: DigestInput) -> Digest:
    """The digest of a day. Raises Broken when the sums do not hold."""
    tally, counts = facts.tally, facts.record.counts
    if tally.seen != tally.archived + tally.same_bytes + tally.vanished or tally.archived != counts.messages:
        raise Broken(f"the sums do not hold: {tally}, {counts.messages} messages in the record")
    zone = ZoneInfo(facts.consultation.time_zone)
    deadline = facts.consultation.dates.response_deadline.astimezone(zone).date()
    filed = {item.key: item for item in facts.record.filed}
    return Digest(
        round=facts.consultation,
        day=facts.day,
        counts=counts,
        counts_yesterday=facts.counts_before,
        new_messages=tuple(_new(filed[key], facts) for key in facts.new_keys if key in filed),
        needs_person=tuple(_tasks(facts)),
        days_left=(deadline - facts.day).days,
        timetable=tuple((day.id, day.on, _hint(day)) for day in facts.timetable if (day.on - facts.day).days >= -1),
        seen=tally.seen,
        archived=tally.archived,
        same_bytes=tally.same_bytes,
        vanished=tally.vanished,
        letters_queued=sum(facts.letters.get(key, 0) for key in ("queued", "sending", "committing")),
        letters_sent=facts.letters.get("sent", 0),
        letters_waiting_approval=facts.letters.get("waiting_approval", 0) + facts.letters.get("held", 0),
        letters_failed=facts.letters.get("failed", 0) + facts.letters.get("unknown", 0),
        set_aside=counts.set_aside,
        health=tuple(facts.health),
        journal_head=facts.journal_head,
    )


def cut(text: str) -> str:
    """One line of somebody's text, without control characters, cut."""
    kept = " ".join(
        "".join(char if ord(char) >= 32 and char not in "\u202a\u202b\u202c\u202d\u202e" else " " for char in text).split()
    )
    return kept if len(kept) <= _CUT else kept[: _CUT - 1] + "…"


def _hint(day: Day) -> str:
    return ";".join(f"{warning}:{day.days_off}" for warning in day.warnings)


def _new(filed: Filed, facts: DigestInput) -> tuple[str, str, str, str]:
    """(key, disposition, who, subject)."""
    source = facts.sources[filed.key]
    who = source.verdict.respondent.organization or source.verdict.respondent.person or source.verdict.author
    return filed.key, filed.disposition.value, cut(who), cut(source.arrival.reading.subject)


def _name(response: Response) -> str:
    return cut(response.respondent.organization or response.respondent.person or "–")


def _tasks(facts: DigestInput) -> list[DigestItem]:
    tasks = []
    for item in facts.record.responses:
        number = str(facts.public.get(item.id, item.id))
        if item.status is Status.HELD:
            because = cut("; ".join(item.doubts))
            command = f'intake decide {number} count --reason "..."   |   exclude'
            tasks.append(DigestItem(kind="held", number=number, name=_name(item), because=because, command=command))
        elif item.status is Status.LATE_PENDING:
            command = f'intake decide {number} accept-late --reason "..."   |   exclude'
            tasks.append(
                DigestItem(
                    kind="late_pending",
                    number=number,
                    name=_name(item),
                    because=f"{item.received_at:%Y-%m-%d %H:%M} UTC",
                    command=command,
                )
            )
        tasks += _of_response(item, number)
    for filed in facts.record.filed:
        if filed.held:
            command = f"intake held retry {filed.key[:12]}   |   held show   |   held discard"
            tasks.append(
                DigestItem(kind="set_aside", number=filed.key[:12], name=filed.key[:12], because=cut(filed.held), command=command)
            )
    waiting = facts.letters.get("waiting_approval", 0)
    if waiting:
        tasks.append(
            DigestItem(kind="letters", number="", name=str(waiting), because="", command="intake letters   |   letters approve")
        )
    return tasks


def _of_response(item: Response, number: str) -> list[DigestItem]:
    """What one response asks for beside its status."""
    tasks = []
    if item.status not in (Status.WITHDRAWN, Status.EXCLUDED):
        for version in item.versions[1:]:
            if version.late and item.versions[item.current] is not version:
                command = f'intake decide {version.messages[0][:12]} accept-late --reason "..."'
                tasks.append(DigestItem(kind="late_revision", number=number, name=_name(item), because="", command=command))
        for chase in item.chases:
            if chase.closed_by is None:
                command = f"intake show {number}"
                tasks.append(DigestItem(kind="chase", number=number, name=_name(item), because=chase.reason, command=command))
        if item.withheld and not item.rulings:
            reasons = ", ".join(sorted({entry.reason for _, entry in item.withheld}))
            command = f'intake decide {number} confirm --reason "..."'
            tasks.append(DigestItem(kind="withheld", number=number, name=_name(item), because=reasons, command=command))
    return tasks

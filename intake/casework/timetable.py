"""The days of a round by Council Resolution 1336 (Mod. 2019), resolves 2 to 5, and Council Decision 556. Warns, never blocks.

With E the last day of the meeting that fixed the topic, P the day of the physical consultation and S the first day of the
group's meeting: opening at the latest E+15; responses until P-30; synthesis report at the latest P-15; P within S-3 to S-1.
Calendar days, the day of the event left out; the numbers are the round's `rules`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from intake.casework.force import standing
from intake.errors import BadUsage
from intake.model.record import Action, Ruling
from intake.model.round import Day, Round

DUTIES = ("synthesis", "documents", "posting", "brief_summary", "report")
"""Days that are not done by passing: somebody must have done something."""
AT_LATEST = ("opening", "synthesis", "documents", "posting", "brief_summary", "report")
"""Days that may come earlier than the rule says."""


class Extension(Struct, frozen=True, kw_only=True):
    """A decision that moved the deadline for responses."""

    ruling: str
    at: datetime
    by: str
    reason: str
    before: datetime
    after: datetime


def extensions(consultation: Round, rulings: Sequence[Ruling]) -> tuple[Extension, ...]:
    """The extensions that stand, in order; those undone are left out."""
    found: list[Extension] = []
    deadline = consultation.dates.response_deadline
    for ruling in standing(rulings):
        if ruling.action is not Action.EXTEND:
            continue
        after = datetime.fromisoformat(str(ruling.set["deadline"]))
        found.append(Extension(ruling=ruling.id, at=ruling.at, by=ruling.by, reason=ruling.reason, before=deadline, after=after))
        deadline = after
    return tuple(found)


def in_force(consultation: Round, rulings: Sequence[Ruling]) -> Round:
    """The round with the deadline that people have set last."""
    moved = extensions(consultation, rulings)
    if not moved:
        return consultation
    return replace(consultation, dates=replace(consultation.dates, response_deadline=moved[-1].after))


def timetable(
    consultation: Round, today: date, rulings: Sequence[Ruling] = (), evidence: Mapping[str, date] | None = None
) -> tuple[Day, ...]:
    """Every day in order, as of `today` (a day in the round's zone). `evidence`: days on which this program saw a duty done, by the
    id of the day; what the round's file says goes before it."""
    moved = extensions(consultation, rulings)
    dates, rules = in_force(consultation, rulings).dates, consultation.rules
    physical, start = dates.physical_consultation, dates.group_meeting_start
    zone = ZoneInfo(consultation.time_zone)
    responses = physical - timedelta(days=rules.responses)
    deadline = _local(dates.response_deadline, zone)
    plain: tuple[tuple[str, str, date, date | None], ...] = (
        ("topic", "R1336/r2", dates.decided, None),
        ("opening", "R1336/r3", dates.opened, dates.decided + timedelta(days=rules.opening)),
        ("deadline", "R1336/r3", deadline, responses),
        ("synthesis", "R1336/r3", *_twice(physical - timedelta(days=rules.synthesis))),
        ("documents", "D556/documents", *_twice(start - timedelta(days=rules.documents))),
        ("posting", "D556/posting", *_twice(start - timedelta(days=rules.posting))),
        ("physical", "R1336/r5", physical, _nearest(physical, start, rules.nearness)),
        ("brief_summary", "D556/brief_summary", *_twice(start - timedelta(days=rules.brief_summary))),
        ("meeting", "R1336/r2", start, None),
        ("report", "R1336/r4", dates.group_meeting_end, None),
    )
    done = {**(evidence or {}), **consultation.done}
    days = [_day(*item, today, done.get(item[0])) for item in plain]
    was = _local(moved[0].before, zone) if moved else None
    reasons = {"deadline": moved[-1].reason} if moved else {}
    reasons |= consultation.reasons
    days = [
        replace(day, reason=reasons.get(day.id, ""), was=was if day.id == "deadline" else None)
        if day.id in reasons or (moved and day.id == "deadline")
        else day
        for day in days
    ]
    return tuple(sorted((_length(day, dates.opened, rules.shortest) for day in days), key=lambda day: (day.on, day.id)))


def what_if(consultation: Round, changes: Mapping[str, date]) -> Round:
    """The round with other days: a question asked, nothing kept. Keys: those of [dates]. Raises BadUsage for others.

    A moved physical consultation never moves the deadline: what was published stands until a person extends it.
    """
    known = consultation.dates.__struct_fields__
    unknown = sorted(set(changes) - set(known))
    if unknown:
        raise BadUsage(f"there is no day {unknown[0]!r}; there are {', '.join(known)}")
    values: dict[str, date | datetime] = dict(changes)
    if "response_deadline" in changes:
        zone = ZoneInfo(consultation.time_zone)
        values["response_deadline"] = datetime.combine(changes["response_deadline"], time(23, 59, 59, fold=1), zone)
    return replace(consultation, dates=replace(consultation.dates, **values))


def differences(before: Sequence[Day], after: Sequence[Day]) -> tuple[tuple[Day, Day], ...]:
    """The days that a change would move, or whose rule it would move, or that get another warning."""
    old = {day.id: day for day in before}
    return tuple(
        (old[day.id], day)
        for day in after
        if (old[day.id].on, old[day.id].computed, old[day.id].warnings) != (day.on, day.computed, day.warnings)
    )


def _twice(day: date) -> tuple[date, date]:
    """A duty's day: the rule's own."""
    return day, day


def _local(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _day(identity: str, clause: str, on: date, computed: date | None, today: date, done: date | None) -> Day:
    """A day with what it is off the rule; duties that may come earlier are in order when they do."""
    stands = done or on
    off = (stands - computed).days if computed is not None else 0
    if off < 0 and identity in AT_LATEST:
        off = 0
    state = _state(identity, on, today, done)
    warnings = []
    if off:
        warnings.append("off_window" if identity == "physical" else "off_rule")
    if state == "late":
        warnings.append("not_done")
    warnings += _hints(on) if done is None else []
    return Day(
        id=identity, clause=clause, on=on, computed=computed, days_off=off, state=state, warnings=tuple(warnings), done=done
    )


def _nearest(physical: date, start: date, nearness: int) -> date:
    """The day of the window before the meeting that is nearest to the physical consultation."""
    return min(max(physical, start - timedelta(days=nearness)), start - timedelta(days=1))


def _length(day: Day, opened: date, shortest: int) -> Day:
    if day.id == "deadline" and (day.on - opened).days < shortest:
        return replace(day, warnings=(*day.warnings, "short"))
    return day


def _hints(on: date) -> list[str]:
    hints = []
    if on.isoweekday() > 5:
        hints.append("weekend")
    if (on.month == 12 and on.day >= 24) or (on.month == 1 and on.day <= 2):
        hints.append("year_end")
    return hints


def _state(identity: str, on: date, today: date, done: date | None) -> str:
    if done is not None and done <= today:
        return "done"
    if on == today:
        return "due"
    if on > today:
        return "coming"
    return "late" if identity in DUTIES else "done"

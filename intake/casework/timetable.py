"""The days of a round by Council Resolution 1336 (Mod. 2019), resolves 3 and 5, and Council Decision 556. Warns, never blocks.

With E the last day of the meeting that fixed the topic, P the day of the physical consultation and S the first day of the
group's meeting: opening at the latest E+15; responses until P-30; synthesis report at the latest P-15; P within S-3 to S-1.
"""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from intake.model.round import Day, Round

OPENING, RESPONSES, SYNTHESIS, NEARNESS = 15, 30, 15, 3
DOCUMENTS, POSTING, BRIEF = 12, 7, 2


def timetable(consultation: Round, today: date) -> tuple[Day, ...]:
    """Every day in order, as of `today` (a day in the round's zone)."""
    dates = consultation.dates
    physical, start = dates.physical_consultation, dates.group_meeting_start
    deadline = dates.response_deadline.astimezone(ZoneInfo(consultation.time_zone)).date()
    days = (
        _day("topic", "R1336/r2", dates.decided, None, today),
        _day("opening", "R1336/r3", dates.opened, dates.decided + timedelta(days=OPENING), today, latest=True),
        _day("deadline", "R1336/r3", deadline, physical - timedelta(days=RESPONSES), today),
        _day("synthesis", "R1336/r3", physical - timedelta(days=SYNTHESIS), physical - timedelta(days=SYNTHESIS), today),
        _day("documents", "D556/12", start - timedelta(days=DOCUMENTS), start - timedelta(days=DOCUMENTS), today),
        _day("posting", "D556/7", start - timedelta(days=POSTING), start - timedelta(days=POSTING), today),
        _physical(physical, start, today),
        _day("brief_summary", "D556/2", start - timedelta(days=BRIEF), start - timedelta(days=BRIEF), today),
        _day("meeting", "R1336/r2", start, None, today),
        _day("report", "R1336/r4", dates.group_meeting_end, None, today),
    )
    return tuple(sorted(days, key=lambda day: (day.on, day.id)))


def _day(identity: str, clause: str, on: date, computed: date | None, today: date, *, latest: bool = False) -> Day:
    """A day with what it is off the rule; `latest`: earlier than the rule is in order."""
    off = (on - computed).days if computed is not None else 0
    warnings = []
    if off > 0 or (off < 0 and not latest):
        warnings.append("off_rule")
    warnings += _hints(on)
    return Day(
        id=identity, clause=clause, on=on, computed=computed, days_off=off, state=_state(on, today), warnings=tuple(warnings)
    )


def _physical(physical: date, start: date, today: date) -> Day:
    gap = (start - physical).days
    warnings = [] if 1 <= gap <= NEARNESS else ["off_window"]
    nearest = physical if not warnings else start - timedelta(days=1 if gap < 1 else NEARNESS)
    return Day(
        id="physical",
        clause="R1336/r5",
        on=physical,
        computed=nearest,
        days_off=(physical - nearest).days,
        state=_state(physical, today),
        warnings=(*warnings, *_hints(physical)),
    )


def _hints(on: date) -> list[str]:
    hints = []
    if on.isoweekday() > 5:
        hints.append("weekend")
    if (on.month == 12 and on.day >= 24) or (on.month == 1 and on.day <= 2):
        hints.append("year_end")
    return hints


def _state(on: date, today: date) -> str:
    if on < today:
        return "done"
    return "due" if on == today else "coming"

"""Four hundred days in six zones: a digest for every local day on which somebody was there, none twice, and the deadline to the second."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import replace

import intake.asidekeeping
from intake.asidekeeping import AsideKeeper, due_digest
from intake.casework.judge import judge
from intake.doors.clock import FixedClock
from intake.doors.ledger.ledger import SqliteLedger
from intake.model.ledger import OutboxState
from intake.model.letter import Letter
from intake.model.record import Timeliness
from intake.pipeline.daily import own_letter
from intake.settings.rounds import _dates
from tests.fakes.bureau import POLICY
from tests.fakes.mails import a_mail, cases_of, the_round

pytestmark = pytest.mark.timeout(1200)
DAYS = 400
ZONES = ("Europe/Zurich", "Africa/Cairo", "America/St_Johns", "Australia/Lord_Howe", "Asia/Shanghai", "Pacific/Chatham")
"""A change at two in the night, one at midnight (a last second that comes twice), half-hour offsets, a change by half an hour, none, and
one three quarters of an hour off."""
CLOCKS = (*ZONES, "America/Nuuk")
"""And one where in spring the last hour before midnight is left out: a day without a 23:59:59."""
START = datetime(2026, 1, 1, tzinfo=UTC)


class Office:
    """What the daemon's digest job needs: the real ledger, in memory; the digest itself is a line."""

    def __init__(self, digest_at: str) -> None:
        self.clock = FixedClock(START)
        self.ledger = SqliteLedger.open(None)
        self.letters = replace_policy(digest_at)

    def now(self) -> datetime:
        """The simulated time."""
        return self.clock.now()


def replace_policy(digest_at: str) -> Any:
    from dataclasses import replace as changed

    return changed(POLICY, digest_at=digest_at)


class Made(msgspec.Struct):
    """What the job asks of a digest."""

    at: datetime


def a_line(office: Any, consultation: Any, day: date, *, queue: bool) -> Made:
    """A digest of one line, queued as the real one is."""
    line = Letter(to="desk@example.org", subject=f"Digest of {day}", text="x\n", html="", language="en")
    office.ledger.queue_letters([own_letter(office, consultation.id, "digest", f"digest:{day}", line)], office.now())
    return Made(at=office.now())


def ticks(chance: random.Random) -> Iterator[datetime]:
    """Looks at the clock: every few hours, with outages of hours and days, and a clock that is set back by up to a day."""
    at = START
    while at < START + timedelta(days=DAYS):
        yield at
        if chance.random() < 0.004:
            at += timedelta(hours=chance.uniform(3, 80))
        elif chance.random() < 0.004:
            at -= timedelta(hours=chance.uniform(0.5, 24))
        at += timedelta(minutes=chance.uniform(30, 420))


HOURS = ("02:30", "07:30")
"""02:30 is an hour that comes twice or never."""
BOTH = [(zone, hour) for zone in ZONES for hour in HOURS]
SPREAD = [(zone, HOURS[number % 2]) for number, zone in enumerate(ZONES)]


@pytest.mark.parametrize(("zone", "digest_at"), BOTH if os.environ.get("INTAKE_DEEP") else SPREAD)
def test_no_digest_is_lost_or_doubled(zone: str, digest_at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With outages of days, and a clock that is set back."""
    monkeypatch.setattr(intake.asidekeeping, "digest_day", a_line)
    office, consultation = Office(digest_at), replace(the_round(), time_zone=zone)
    info, hour = ZoneInfo(zone), time.fromisoformat(digest_at)
    expected: set[date] = set()
    for at in ticks(random.Random(f"{zone} {digest_at}")):
        office.clock.set(at)
        office.ledger.release_jobs()
        due_digest(AsideKeeper(), office, consultation)  # type: ignore[arg-type]
        local = at.astimezone(info)
        here = (
            local.date()
            if local.time().replace(tzinfo=None, second=0, microsecond=0) >= hour
            else local.date() - timedelta(days=1)
        )
        if here >= START.astimezone(info).date() and (expected or here == local.date()):
            expected.add(here)
    subjects = Counter(letter.id.removeprefix("digest:") for letter in office.ledger.letters(states=(OutboxState.QUEUED,)))
    office.ledger.close()
    assert set(subjects) == {day.isoformat() for day in expected}
    assert set(subjects.values()) == {1}
    assert len(expected) > DAYS - 25, "few days are lost to outages altogether"


@pytest.mark.parametrize("zone", CLOCKS)
def test_the_deadline_is_the_last_second_of_its_local_day(zone: str) -> None:
    """For each of 400 days: one second before the next local midnight, whatever the clocks do; that second is in time, the next is late."""
    info = ZoneInfo(zone)
    for number in range(DAYS):
        day = START.date() + timedelta(days=number)
        deadline = deadline_of(day, info)
        midnight = first_instant_of(day + timedelta(days=1), info)
        assert deadline.astimezone(UTC) == midnight - timedelta(seconds=1), day


@pytest.mark.parametrize("zone", CLOCKS)
def test_one_second_decides_what_is_late(zone: str) -> None:
    """The real judge, on the days around every change of the clock and every twentieth day."""
    info = ZoneInfo(zone)
    offsets = [first_instant_of(START.date() + timedelta(days=n), info).astimezone(info).utcoffset() for n in range(DAYS + 1)]
    days = [n for n in range(DAYS) if n % 40 == 0 or offsets[n] != offsets[n + 1] or (n and offsets[n - 1] != offsets[n])]
    for number in days:
        deadline = deadline_of(START.date() + timedelta(days=number), info)
        consultation = replace(the_round(), time_zone=zone, dates=replace(the_round().dates, response_deadline=deadline))
        for seconds, wanted in ((-1, Timeliness.ON_TIME), (0, Timeliness.ON_TIME), (1, Timeliness.LATE)):
            at = deadline.astimezone(UTC) + timedelta(seconds=seconds)
            mail = a_mail("Response", "Question 1. Our answer is that cables matter.\n\nAna Berg\nBerg Foundation\n", at=at)
            (response,) = judge(consultation, cases_of([mail]), ()).responses
            assert response.received_at == at.replace(microsecond=0)
            assert response.timeliness is wanted, (number, seconds)


def deadline_of(day: date, info: ZoneInfo) -> datetime:
    """As the round's file gives it: a day."""
    values = {key: day for key in ("decided", "opened", "physical_consultation", "group_meeting_start", "group_meeting_end")}
    faults: list[str] = []
    dates = _dates({**values, "response_deadline": day}, info, faults)
    assert dates is not None, faults
    return dates.response_deadline


def first_instant_of(day: date, info: ZoneInfo) -> datetime:
    """Found by halving, from UTC: the first instant whose local date is that day."""
    low = datetime.combine(day, time(), UTC) - timedelta(hours=20)
    high = low + timedelta(hours=40)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(info).date() >= day:
            high = middle
        else:
            low = middle
    return high

"""Reminders: once for each day, also after an outage; another day after an extension; nothing of rounds of the past."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.casework.timetable import timetable
from intake.doors.clock import SteppingClock
from intake.doors.site import revision_folder
from intake.model.record import Action
from intake.pipeline.reminders import DAYS, due_reminders, remind
from tests.fakes.house import House, sample_mail, sample_round

DATES = sample_round().dates
ZONE = ZoneInfo(sample_round().time_zone)
DEADLINE = DATES.response_deadline.astimezone(ZONE).date()
MEETING = DATES.group_meeting_start
SYNTHESIS = next(day.on for day in timetable(sample_round(), DEADLINE) if day.id == "synthesis")
FIRST = {
    "deadline": DEADLINE + timedelta(days=1),
    "synthesis": SYNTHESIS - timedelta(days=3),
    "meeting": MEETING - timedelta(days=3),
}


def on(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


@pytest.fixture
def house(tmp_path: Path) -> House:
    from dataclasses import replace

    made = House(tmp_path / "state", SteppingClock(on(DATES.opened + timedelta(days=2)), timedelta(milliseconds=1)))
    made.office.letters = replace(made.office.letters, digest_to=("desk@example.org",))
    made.take(sample_mail()[:4])
    made.judge()
    return made


def told(house: House, day: date, hour: int = 9) -> list[str]:
    house.clock.set(on(day, hour))
    return [item.day for item in remind(house.office, house.round)]


def letters(house: House) -> list[str]:
    return [item.id.split(":", 1)[1] for item in house.office.ledger.letters() if item.id.startswith("reminder:")]


def test_each_once_on_its_day(house: House) -> None:
    said = {day: told(house, day) for offset in range((MEETING - DATES.opened).days) if (day := DATES.opened + timedelta(offset))}
    assert {name: day for day, names in said.items() for name in names} == FIRST
    assert Counter(name for names in said.values() for name in names) == Counter(DAYS)
    assert len(letters(house)) == 3


def test_not_before_the_hour_of_the_daily_letter(house: House) -> None:
    assert told(house, FIRST["deadline"], hour=6) == []
    assert told(house, FIRST["deadline"], hour=8) == ["deadline"]


@given(st.sets(st.integers(0, 120), min_size=1))
def test_outages_lose_nothing_that_is_still_of_use(awake: set[int]) -> None:
    """Whatever days somebody was there: what was due by the last of them has been said, once."""
    seen: set[str] = set()
    for offset in sorted(awake):
        today = DATES.opened + timedelta(days=offset)
        due = {item.day for item in due_reminders(timetable(sample_round(), today), today)}
        if today <= MEETING:
            assert due == {name for name, day in FIRST.items() if day <= today}
            seen |= due
        else:
            assert due == set()


def test_an_extension_reminds_again_and_a_duty_done_does_not(house: House) -> None:
    assert told(house, FIRST["deadline"]) == ["deadline"]
    later = DATES.response_deadline + timedelta(days=4)
    house.rule(Action.EXTEND, "", deadline=later.isoformat())
    assert told(house, FIRST["deadline"] + timedelta(days=1)) == []
    assert told(house, FIRST["deadline"] + timedelta(days=4)) == ["deadline"]
    done = timetable(sample_round(), FIRST["synthesis"], (), {"synthesis": FIRST["synthesis"] - timedelta(days=1)})
    assert "synthesis" not in {item.day for item in due_reminders(done, FIRST["synthesis"])}


def test_what_it_says(house: House) -> None:
    house.release()
    house.office.released = lambda name, number, file: (revision_folder(house.folder, name, number) / file).read_bytes()
    assert told(house, FIRST["meeting"])[-1] == "meeting"
    letter = next(item for item in house.office.ledger.letters() if item.id.startswith("reminder:") and ":meeting:" in item.id)
    text = letter.raw.decode()
    counted = house.judge().counts.counted
    assert f"Responses counted: {counted}." in text
    assert "Rev. 0 was released last" in text
    assert "intake --by NAME release" in text

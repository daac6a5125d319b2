"""The days of rounds that were really held, extensions, what-if, the calendar file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from msgspec.structs import replace

from intake.casework.timetable import differences, extensions, in_force, timetable, what_if
from intake.casework.timetable_ics import calendar
from intake.doors.share import InstalledShare
from intake.errors import BadUsage
from intake.model.record import Action, Ruling
from intake.model.round import DAYS, LANGUAGES, Day, RoundNames, Rules
from intake.wiring import report_shell
from tests.fakes.rounds import ZONE, consultation, extend


def by_id(days: tuple[Day, ...]) -> dict[str, Day]:
    return {day.id: day for day in days}


REAL = [
    # decided, physical, meeting, open until, rule's deadline, synthesis (published facts of the rounds)
    (date(2015, 2, 3), date(2015, 9, 28), date(2015, 10, 1), date(2015, 2, 18), date(2015, 8, 29), date(2015, 9, 13)),
    (date(2015, 10, 2), date(2016, 2, 15), date(2016, 2, 17), date(2015, 10, 17), date(2016, 1, 16), date(2016, 1, 31)),
    (date(2016, 2, 18), date(2016, 10, 11), date(2016, 10, 13), date(2016, 3, 4), date(2016, 9, 11), date(2016, 9, 26)),
    (date(2016, 10, 14), date(2017, 2, 3), date(2017, 2, 6), date(2016, 10, 29), date(2017, 1, 4), date(2017, 1, 19)),
    (date(2017, 5, 25), date(2017, 9, 18), date(2017, 9, 20), date(2017, 6, 9), date(2017, 8, 19), date(2017, 9, 3)),
    (date(2017, 9, 21), date(2018, 1, 22), date(2018, 1, 25), date(2017, 10, 6), date(2017, 12, 23), date(2018, 1, 7)),
    (date(2019, 9, 20), date(2020, 2, 3), date(2020, 2, 5), date(2019, 10, 5), date(2020, 1, 4), date(2020, 1, 19)),
]


@pytest.mark.parametrize(("decided", "physical", "start", "opening", "deadline", "synthesis"), REAL)
def test_the_rules_give_the_days_of_rounds_that_were_held(
    decided: date, physical: date, start: date, opening: date, deadline: date, synthesis: date
) -> None:
    """Opening at the latest E+15, responses until P-30, synthesis at the latest P-15, P within S-3 to S-1."""
    held = consultation(
        decided=decided,
        physical_consultation=physical,
        group_meeting_start=start,
        group_meeting_end=start,
        opened=decided,
        response_deadline=datetime(deadline.year, deadline.month, deadline.day, 23, 59, 59, tzinfo=ZONE),
    )
    days = by_id(timetable(held, decided))
    assert days["opening"].computed == opening
    assert days["deadline"].computed == deadline
    assert days["synthesis"].on == synthesis
    assert days["physical"].days_off == 0
    assert not [day for day in days.values() if day.days_off]
    assert ("weekend" in days["deadline"].warnings) == (deadline.isoweekday() > 5)


def test_decision_556_gives_the_posting_days() -> None:
    """For the meeting of 25 January 2018: documents by the 13th, posted by the 18th, brief summary by the 23rd."""
    days = by_id(timetable(consultation(), date(2018, 1, 1)))
    assert [days[key].on.day for key in ("documents", "posting", "brief_summary")] == [13, 18, 23]
    other = replace(consultation(), rules=Rules(name="revised", posting=10))
    assert by_id(timetable(other, date(2018, 1, 1)))["posting"].on == date(2018, 1, 15)


@pytest.mark.parametrize(("actual", "off"), [(date(2017, 12, 22), -1), (date(2017, 12, 24), 1), (date(2017, 12, 30), 7)])
def test_a_deadline_off_the_rule_is_shown_and_not_moved(actual: date, off: int) -> None:
    """Rounds were held with 17, 23, 29 and 31 days: the program says so and goes on."""
    moved = consultation(response_deadline=datetime(actual.year, actual.month, actual.day, 23, 59, 59, tzinfo=ZONE))
    day = by_id(timetable(moved, date(2017, 11, 1)))["deadline"]
    assert (day.on, day.days_off, "off_rule" in day.warnings) == (actual, off, True)


def test_year_end_weekend_and_a_short_consultation_are_hinted_at() -> None:
    """Deadlines fall on weekends and into the closure of the house as a rule."""
    late = consultation(opened=date(2017, 12, 10), response_deadline=datetime(2017, 12, 30, 23, 59, 59, tzinfo=ZONE))
    assert {"weekend", "year_end", "short"} <= set(by_id(timetable(late, date(2017, 12, 11)))["deadline"].warnings)


def test_a_duty_is_late_until_it_is_known_to_be_done() -> None:
    """Days that only pass are done by passing; duties are not. Done late is days off, done early is in order."""
    after = date(2018, 1, 10)
    days = by_id(timetable(consultation(), after))
    assert (days["synthesis"].state, days["deadline"].state, days["opening"].state) == ("late", "done", "done")
    assert "not_done" in days["synthesis"].warnings
    seen = by_id(timetable(consultation(), after, evidence={"synthesis": date(2018, 1, 9)}))["synthesis"]
    assert (seen.state, seen.days_off, seen.done) == ("done", 2, date(2018, 1, 9))
    told = replace(consultation(), done={"synthesis": date(2018, 1, 5)}, reasons={"synthesis": "before the holiday"})
    day = by_id(timetable(told, after, evidence={"synthesis": date(2018, 1, 9)}))["synthesis"]
    assert (day.state, day.days_off, day.reason) == ("done", 0, "before the holiday")
    assert by_id(timetable(told, date(2018, 1, 4)))["synthesis"].state == "coming"


def test_an_extension_is_an_event() -> None:
    """The deadline moves, the day before it and the reason stay visible, and it can be taken back."""
    first, second = extend(1, date(2017, 12, 30)), extend(2, date(2018, 1, 3), date(2017, 12, 28), "again")
    day = by_id(timetable(consultation(), date(2018, 1, 1), [second, first]))["deadline"]
    assert (day.on, day.was, day.days_off, day.reason) == (date(2018, 1, 3), date(2017, 12, 23), 11, "again")
    assert [item.ruling for item in extensions(consultation(), [second, first])] == ["d-1", "d-2"]
    undo = Ruling(
        id="d-3", at=datetime(2017, 12, 29, tzinfo=UTC), by="a", action=Action.UNDO, message="", reason="", set={"ruling": "d-2"}
    )
    assert in_force(consultation(), [first, second, undo]).dates.response_deadline.date() == date(2017, 12, 30)
    assert in_force(consultation(), []) == consultation()


def test_what_if_moves_the_rule_and_leaves_the_published_deadline() -> None:
    """A moved physical consultation shows what is then off the rule; nothing published is shortened."""
    today = date(2017, 11, 1)
    changed = what_if(consultation(), {"physical_consultation": date(2018, 1, 20)})
    before, after = timetable(consultation(), today), timetable(changed, today)
    moved = {new.id: (old, new) for old, new in differences(before, after)}
    assert set(moved) == {"deadline", "synthesis", "physical"}
    assert moved["deadline"][1].on == moved["deadline"][0].on
    assert (moved["deadline"][1].days_off, moved["physical"][1].days_off) == (2, -2)
    with pytest.raises(BadUsage, match="no day 'physical'"):
        what_if(consultation(), {"physical": today})


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(0, 400),
    st.integers(1, 200),
    st.integers(-5, 10),
    st.builds(
        Rules,
        **{
            key: st.integers(0, 60)
            for key in ("opening", "responses", "synthesis", "nearness", "documents", "posting", "brief_summary", "shortest")
        },
    ),
)
def test_every_day_stands_once_and_its_distance_is_right(decided: date, wait: int, run: int, gap: int, rules: Rules) -> None:
    """Whatever the days: each id once, in order of days; days off is the difference and a warning stands exactly with it."""
    physical = decided + timedelta(days=wait + run)
    opened = decided + timedelta(days=min(wait, 30))
    held = replace(
        consultation(
            decided=decided,
            opened=opened,
            response_deadline=datetime(physical.year, physical.month, physical.day, 12, tzinfo=UTC)
            - timedelta(days=rules.responses),
            physical_consultation=physical,
            group_meeting_start=physical + timedelta(days=gap),
            group_meeting_end=physical + timedelta(days=gap + 1),
        ),
        rules=rules,
    )
    days = timetable(held, decided)
    assert sorted(day.id for day in days) == sorted(DAYS)
    assert [day.on for day in days] == sorted(day.on for day in days)
    for day in days:
        assert bool(day.days_off) == bool({"off_rule", "off_window"} & set(day.warnings))
    assert by_id(days)["deadline"].days_off == 0
    assert (by_id(days)["physical"].days_off == 0) == (1 <= gap <= max(rules.nearness, 1) and (rules.nearness > 0 or gap == 1))


def test_the_calendar_file_is_one_that_calendars_take() -> None:
    """All-day events with stable UIDs, a reminder for what is to do, the sequence going up with extensions; the same octets twice."""
    days = timetable(consultation(), date(2017, 12, 1))
    shell = report_shell(InstalledShare(), "en")
    raw = calendar(consultation(), days, shell, 2)
    assert raw == calendar(consultation(), days, shell, 2)
    sheet = Calendar.from_ical(raw)
    events = {str(event["uid"]).partition(".")[0]: event for event in sheet.walk("VEVENT")}
    assert sorted(events) == sorted(DAYS)
    deadline = events["deadline"]
    assert deadline.decoded("dtstart") == date(2017, 12, 23)
    assert deadline.decoded("dtend") == date(2017, 12, 24)
    assert int(deadline["sequence"]) == 2
    assert str(deadline["summary"]).startswith("deadline for responses")
    assert len(deadline.walk("VALARM")) == 1
    assert not events["opening"].walk("VALARM")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendar_speaks_the_readers_language(language: str) -> None:
    """Words and clauses of the compliance sheet, no keys of ours; an extension names the day before."""
    days = [
        replace(day, was=date(2017, 12, 1)) if day.id == "deadline" else day
        for day in timetable(consultation(), date(2018, 2, 1))
    ]
    shell = report_shell(InstalledShare(), language)
    named = replace(consultation(), names={language: RoundNames(topic="Thème ثيمة 主题")})
    sheet = Calendar.from_ical(calendar(named, days, shell))
    for event, day in zip(sheet.walk("VEVENT"), days, strict=True):
        assert str(event["summary"]) == f"{shell(f'day.{day.id}')}{shell.colon}Thème ثيمة 主题"
        assert event["summary"].params["LANGUAGE"] == language
        assert day.clause not in str(event["description"])
        assert not any(warning in str(event["description"]) for warning in ("off_rule", "off_window", "year_end", "not_done"))
        assert (shell.day(date(2017, 12, 1)) in str(event["description"])) == (day.id == "deadline")


def test_every_day_names_a_clause_that_names_the_day() -> None:
    """The table of clauses and the timetable agree."""
    clauses = InstalledShare().table("config", "clauses.toml")
    for day in timetable(consultation(), date(2018, 1, 1)):
        assert day.id in clauses[day.clause.replace("/", "_")]["days"]
    assert sorted(name for clause in clauses.values() for name in clause["days"]) == sorted(DAYS)

"""In time or late: by the trusted receipt time, the grace, and the deadline that people set last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from intake.casework.drafts import Case
from intake.casework.judge import judge
from intake.model.record import Record, Ruling, Timeliness
from intake.model.round import Round
from tests.fakes.mails import ruling, the_round
from tests.property.test_judge_order import pool

DEADLINE = the_round().dates.response_deadline
MOMENTS = st.integers(-45 * 24 * 60, 20 * 24 * 60).map(lambda minutes: DEADLINE + timedelta(minutes=minutes))
CHOSEN = st.lists(st.sampled_from(range(90)), min_size=1, max_size=25, unique=True)


def with_deadline(deadline: datetime, grace_minutes: int = 0) -> Round:
    """The round as if that had been the deadline from the beginning."""
    consultation = the_round()
    rules = replace(consultation.rules, grace_minutes=grace_minutes)
    return replace(consultation, dates=replace(consultation.dates, response_deadline=deadline), rules=rules)


def extension(deadline: datetime, number: int) -> Ruling:
    """A person extends the deadline."""
    return ruling("extend", "", number, deadline=deadline.isoformat())


def bare(record: Record) -> tuple[object, ...]:
    """The record without what tells of before the decisions."""
    responses = tuple(replace(item, status_before_decisions=item.status) for item in record.responses)
    return record.filed, responses, record.campaigns, record.counts


def chosen(numbers: list[int]) -> list[Case]:
    """Some of the mails, by place."""
    return [pool()[number] for number in numbers]


@given(CHOSEN, st.lists(MOMENTS, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_an_extension_recomputes_everything_as_if_it_had_been_so(numbers: list[int], moments: list[datetime]) -> None:
    cases = chosen(numbers)
    rulings = [extension(moment, number) for number, moment in enumerate(moments, 1)]
    assert bare(judge(the_round(), cases, rulings)) == bare(judge(with_deadline(moments[-1]), cases, ()))
    taken_back = [*rulings, ruling("undo", "", 90, ruling=rulings[-1].id)]
    before = with_deadline(moments[-2]) if len(moments) > 1 else the_round()
    assert bare(judge(the_round(), cases, taken_back)) == bare(judge(before, cases, ()))


@given(CHOSEN, MOMENTS, st.integers(0, 3000))
@settings(max_examples=40, deadline=None)
def test_a_grace_is_a_later_deadline_for_whom_it_concerns(numbers: list[int], deadline: datetime, grace_minutes: int) -> None:
    cases = chosen(numbers)
    record = judge(with_deadline(deadline, grace_minutes), cases, ())
    assert bare(record) == bare(judge(with_deadline(deadline + timedelta(minutes=grace_minutes)), cases, ()))
    for response in record.responses:
        late = response.received_at > deadline + timedelta(minutes=grace_minutes)
        assert (response.timeliness is Timeliness.LATE) is late


@given(
    st.sampled_from([("Africa/Cairo", 2026, 10, 29), ("America/Nuuk", 2026, 3, 28), ("Europe/Zurich", 2026, 10, 24)]),
    st.integers(0, 3000),
)
@settings(max_examples=40, deadline=None)
def test_a_grace_is_as_long_as_it_says_in_the_night_of_a_change_of_the_clock(
    night: tuple[str, int, int, int], grace_minutes: int
) -> None:
    """Minutes that pass, not minutes of the clock on the wall; without a grace it is the deadline itself."""
    zone, *day = night
    deadline = datetime(*day, 23, 59, 59, tzinfo=ZoneInfo(zone), fold=1)
    last = with_deadline(deadline, grace_minutes).last_moment
    assert last - deadline.astimezone(UTC) == timedelta(minutes=grace_minutes)

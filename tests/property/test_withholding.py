"""What people decide about sealed words: any sequence of decisions and undoings leaves the record that the decisions in force make."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from intake.casework.force import waiting
from intake.casework.withholding import settled_withholding, stretch_from, stretch_line
from intake.model.record import NEEDS_SECOND, Action, PublishMode, Ruling
from intake.model.verdict import Withheld

KEY = "a" * 64
LENGTH = 12
WHEN = datetime(2028, 1, 1, tzinfo=UTC)

spans = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH)).filter(lambda pair: pair[0] < pair[1])
proposals = st.lists(spans.map(lambda pair: (KEY, Withheld(part="", start=pair[0], end=pair[1], reason="telephone"))), max_size=4)
acts = st.lists(st.tuples(st.sampled_from([Action.REDACT, Action.DISCLOSE]), spans), max_size=6)


def ruling(number: int, action: Action, fields: dict[str, str | int | list[str]], by: str = "ana") -> Ruling:
    return Ruling(id=f"d-{number}", at=WHEN + timedelta(hours=number), by=by, action=action, message=KEY, reason="r", set=fields)


def rulings_of(made: list[tuple[Action, tuple[int, int]]]) -> list[Ruling]:
    return [
        ruling(number, action, {"spans": [stretch_line((KEY, Withheld(part="", start=low, end=high, reason="officer")))]})
        for number, (action, (low, high)) in enumerate(made)
    ]


def hidden(items: tuple[tuple[str, Withheld], ...]) -> set[int]:
    return {place for _, item in items for place in range(item.start, item.end)}


@given(proposals, acts)
def test_the_last_word_on_every_character_holds(
    proposed: list[tuple[str, Withheld]], made: list[tuple[Action, tuple[int, int]]]
) -> None:
    """What a redaction names is hidden unless a later disclosure names the whole of it; a proposal stays until somebody names it."""
    items, mode = settled_withholding(proposed, rulings_of(made))
    assert mode is PublishMode.FULL
    standing: list[tuple[int, int]] = [(item.start, item.end) for _, item in proposed]
    for action, (low, high) in made:
        standing = [span for span in standing if not (low <= span[0] and span[1] <= high)]
        if action is Action.REDACT:
            standing.append((low, high))
    assert hidden(items) == {place for low, high in standing for place in range(low, high)}


@given(proposals, acts, st.integers(0, 5))
def test_an_undone_decision_is_as_if_it_had_never_been(
    proposed: list[tuple[str, Withheld]], made: list[tuple[Action, tuple[int, int]]], which: int
) -> None:
    every = rulings_of(made)
    left = [item for number, item in enumerate(every) if number != which]
    without = rulings_of([act for number, act in enumerate(made) if number != which])
    assert hidden(settled_withholding(proposed, left)[0]) == hidden(settled_withholding(proposed, without)[0])


def test_a_sealed_part_hides_whatever_was_proposed_in_it() -> None:
    inside = (KEY, Withheld(part="2", start=3, end=9, reason="telephone"))
    beside = (KEY, Withheld(part="3", start=3, end=9, reason="telephone"))
    seal = ruling(1, Action.SEAL_PART, {"spans": [f"{KEY}:2:0:0:sealed_part"]})
    items, _ = settled_withholding([inside, beside], [seal])
    assert [(item.part, item.whole, item.ruling) for _, item in items] == [("2", True, "d-1"), ("3", False, "")]
    words = ruling(2, Action.DISCLOSE, {"spans": [f"{KEY}:2:3:9:officer"]})
    assert settled_withholding([inside, beside], [seal, words])[0] == items


def test_the_mode_is_the_last_that_was_decided() -> None:
    made = [ruling(1, Action.PUBLISH_MODE, {"mode": "group_only"}), ruling(2, Action.PUBLISH_MODE, {"mode": "without_name"})]
    assert settled_withholding([], made)[1] is PublishMode.WITHOUT_NAME


@given(st.text("0123456789.", max_size=5), spans, st.sampled_from(["officer", "home_address"]))
def test_a_stretch_is_written_and_read(part: str, span: tuple[int, int], reason: str) -> None:
    stretch = (KEY, Withheld(part=part, start=span[0], end=span[1], reason=reason))
    assert stretch_from(stretch_line(stretch)) == stretch


def test_a_second_officer_is_another_person_whose_word_was_not_taken_back() -> None:
    first = ruling(1, Action.REDACT, {NEEDS_SECOND: "needed"})
    himself = ruling(2, Action.SECOND, {"ruling": "d-1"})
    other = ruling(3, Action.SECOND, {"ruling": "d-1"}, by="ben")
    back = ruling(4, Action.UNDO, {"ruling": "d-3"}, by="ben")
    assert waiting([first]) == waiting([first, himself]) == {"d-1"}
    assert waiting([first, himself, other]) == frozenset()
    assert waiting([first, other, back]) == {"d-1"}


@given(proposals, acts, st.sets(st.integers(0, 5)))
def test_what_waits_for_a_second_officer_withholds_and_never_shows(
    proposed: list[tuple[str, Withheld]], made: list[tuple[Action, tuple[int, int]]], waits: set[int]
) -> None:
    """A redaction that waits hides its words until a later decision discloses them; a disclosure that waits changes nothing."""
    every = rulings_of(made)
    force = [item for number, item in enumerate(every) if number not in waits]
    asked = [item for number, item in enumerate(every) if number in waits]
    items, _ = settled_withholding(proposed, force, asked)
    as_good = [act for number, act in enumerate(made) if number not in waits or act[0] is Action.REDACT]
    assert hidden(items) >= hidden(settled_withholding(proposed, force)[0])
    assert hidden(items) >= hidden(settled_withholding([], rulings_of(as_good))[0])
    assert {item.ruling for _, item in items} <= {"", *(ruling.id for ruling in force)}, "none that waits has decided"


def test_a_stricter_way_out_of_the_house_holds_while_it_waits() -> None:
    modes = [PublishMode.WITHOUT_NAME, PublishMode.GROUP_ONLY, PublishMode.FULL]
    first, second, third = (ruling(number, Action.PUBLISH_MODE, {"mode": mode.value}) for number, mode in enumerate(modes))
    assert settled_withholding([], [first], [second])[1] is PublishMode.GROUP_ONLY
    assert settled_withholding([], [first], [third])[1] is PublishMode.WITHOUT_NAME
    assert settled_withholding([], [third], [second])[1] is PublishMode.FULL, "a later word in force outranks it"

"""Decisions of people: the last one stands, an undoing takes back exactly what it names, in whatever order they are read; and what they
have decided survives the loss of the ledger."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from intake.casework.counting import reconcile
from intake.casework.force import standing
from intake.casework.judge import judge
from intake.errors import BadUsage
from intake.model.record import Action, Record, Ruling, Status
from intake.model.verdict import Disposition
from intake.pipeline.deciding import Wish, decide
from tests.fakes.house import House, sample_mail
from tests.fakes.mails import AT, the_round
from tests.property.test_judge_order import pool

CHOSEN = st.lists(st.sampled_from(range(90)), min_size=2, max_size=16, unique=True)
LABELS = st.sampled_from([item.value for item in Disposition])
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ("count", "exclude", "withdraw", "accept_late", "confirm", "assign", "split", "merge", "relabel", "undo")
        ),
        st.integers(0, 15),
        LABELS,
    ),
    max_size=8,
)


def made(acts: list[tuple[str, int, str]], keys: list[str]) -> list[Ruling]:
    """Decisions one after the other, an hour apart; an undoing names any decision before it."""
    rulings: list[Ruling] = []
    for number, (word, place, label) in enumerate(acts):
        action, key = Action(word), keys[place % len(keys)]
        fields: dict[str, Any] = {}
        if action is Action.UNDO:
            if not rulings:
                continue
            fields, key = {"ruling": rulings[place % len(rulings)].id}, ""
        elif action is Action.MERGE:
            fields = {"into": keys[(place * 7 + 1) % len(keys)]}
        elif action is Action.RELABEL:
            fields = {"disposition": label}
        elif action is Action.ASSIGN:
            fields = {"category": "academia", "organization": f"House {place}"}
        at = AT + timedelta(hours=number + 1)
        rulings.append(Ruling(id=f"d-{number}", at=at, by="ana", action=action, message=key, reason="a reason", set=fields))
    return rulings


def bare(record: Record) -> Record:
    """Without the ids of decisions, which tell that there were some."""
    return replace(record, responses=tuple(replace(item, rulings=()) for item in record.responses))


@given(CHOSEN, ACTS, st.data())
@settings(max_examples=60, deadline=None)
def test_what_was_undone_never_was(chosen: list[int], acts: list[tuple[str, int, str]], data: st.DataObject) -> None:
    cases = [pool()[number] for number in chosen]
    rulings = made(acts, [case.key for case in cases])
    record = judge(the_round(), cases, data.draw(st.permutations(rulings)))
    in_force = [ruling for ruling in standing(rulings) if ruling.action is not Action.UNDO]
    assert bare(record) == bare(judge(the_round(), cases, in_force))
    holds(record)
    everything = [
        Ruling(
            id=f"u-{item.id}",
            at=AT + timedelta(days=9),
            by="bo",
            action=Action.UNDO,
            message="",
            reason="no",
            set={"ruling": item.id},
        )
        for item in rulings
        if item.action is not Action.UNDO
    ]
    plain = judge(the_round(), cases, ())
    assert bare(judge(the_round(), cases, [*rulings, *everything])) == plain


def holds(record: Record) -> None:
    """Whatever people decide: the sums hold, every message is filed once, no text is nowhere, a merged response has a taker."""
    reconcile(record.counts)
    assert sum(len(item.messages) for item in record.campaigns) == record.counts.campaign_copies
    by_id = {item.id: item for item in record.responses}
    assert len(by_id) == len(record.responses)
    for filed in record.filed:
        assert filed.response is None or filed.response in by_id
    for response in record.responses:
        assert all(version.messages for version in response.versions)
        assert 0 <= response.current < len(response.versions)
        seen, taker = {response.id}, response.merged_into
        while taker is not None:
            assert taker not in seen, "responses merged into each other"
            seen.add(taker)
            taker = by_id[taker].merged_into


def test_every_action_is_kept_outranks_survives_a_rebuild_and_is_taken_back(tmp_path: Path) -> None:
    """Through the one entrance for decisions, on a real ledger."""
    house = House(tmp_path / "state")
    house.take(sample_mail()[:18])
    before = house.judge()
    first, second = [item.messages[0] for item in before.responses if item.status is Status.COUNTED][:2]
    several = next(item for item in before.responses if len(item.messages) > 1 and item.id != before.responses[0].id)
    late = next((item.messages[0] for item in before.responses if item.status is Status.LATE_PENDING), first)
    wishes: list[tuple[str, Action, dict[str, Any]]] = [
        (late, Action.ACCEPT_LATE, {}),
        (first, Action.COUNT, {}),
        (first, Action.EXCLUDE, {}),
        (first, Action.WITHDRAW, {}),
        (first, Action.ASSIGN, {"organization": "Decided House", "category": "academia"}),
        (first, Action.MERGE, {"into": second}),
        (several.messages[-1], Action.SPLIT, {}),
        (first, Action.CONFIRM, {"current_version": 1}),
        (second, Action.RELABEL, {"disposition": "enquiry"}),
    ]
    for number, action, fields in wishes:
        house.clock.now()
        done = decide(house.office, Wish(number=number, action=action, by="ana", reason="because", fields=fields))
        assert done.ruling in house.office.ledger.rulings(house.round.id)
        with_it = house.judge()
        house.rebuild(lose=True)
        assert house.judge() == with_it
        decide(house.office, Wish(number=done.ruling.id, action=Action.UNDO, by="bo", reason="back"))
        after = house.judge()
        assert bare(replace(after, gone=())) == bare(replace(before, gone=())), action
    house.close()


@pytest.mark.parametrize("wrong", ["split", "merge", "merge_twice", "version"])
def test_a_decision_without_sense_is_refused_and_nothing_is_kept(tmp_path: Path, wrong: str) -> None:
    house = House(tmp_path / "state")
    house.take(sample_mail()[:8])
    record = house.judge()
    one, other = [item.messages[0] for item in record.responses][:2]
    wish = {
        "split": Wish(number=one, action=Action.SPLIT, by="ana", reason="x"),
        "merge": Wish(number=one, action=Action.MERGE, by="ana", reason="x", fields={"into": one}),
        "merge_twice": Wish(number=one, action=Action.MERGE, by="ana", reason="x", fields={"into": other}),
        "version": Wish(number=one, action=Action.CONFIRM, by="ana", reason="x", fields={"current_version": 9}),
    }[wrong]
    if wrong == "merge_twice":
        decide(house.office, Wish(number=other, action=Action.MERGE, by="ana", reason="x", fields={"into": one}))
    kept = house.office.ledger.rulings(house.round.id)
    with pytest.raises(BadUsage):
        decide(house.office, wish)
    assert house.office.ledger.rulings(house.round.id) == kept
    house.close()

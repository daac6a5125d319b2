"""The record depends on the sets of messages and decisions, not on the order in which they were handed over."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from intake.casework.counting import reconcile
from intake.casework.drafts import Case
from intake.casework.judge import judge
from intake.casework.rulings import rulings_from
from intake.cli.rehearse import read_arrivals
from intake.doors.share import InstalledShare
from intake.model.mail import Arrival, ChannelKind
from intake.model.record import Action, Record, Ruling
from intake.model.round import Round
from intake.reading.read_message import read_message
from intake.reading.trust import trust_of
from intake.reading.words import reading_words
from intake.settings import load_round
from intake.sorting.classify import classify
from intake.tools import load_tables

ROUND = Path(__file__).resolve().parents[2] / "config" / "demo"
CHANNELS = {"INBOX": ChannelKind.ADDRESS, "LIST": ChannelKind.LIST, "JUNK": ChannelKind.JUNK, "OFFICE": ChannelKind.OFFICE}


@cache
def material() -> tuple[Round, tuple[Case, ...], tuple[Ruling, ...], Record]:
    consultation = load_round(ROUND / "round.toml", strict=False)
    share = InstalledShare()
    words, tables = reading_words(share.table("config", "reading.toml")), load_tables(share)
    cases, names = [], {}
    for number, item in enumerate(read_arrivals(ROUND)):
        reading = read_message(item.raw, words)
        names[reading.sha256] = [item.file]
        inner = next((part.message for part in reading.parts if part.message is not None and part.message.received), None)
        hosts = consultation.channels.trusted_hosts
        arrival = Arrival(
            key=reading.sha256,
            sequence=number,
            channel=CHANNELS[item.mailbox],
            internaldate=item.internaldate,
            reading=reading,
            trust=trust_of(reading, hosts, item.internaldate),
            inner_trust=trust_of(inner, hosts, item.internaldate) if inner else None,
        )
        cases.append(Case(arrival=arrival, verdict=classify(arrival, consultation, tables)))
    lines = [json.loads(line) for line in (ROUND / "decisions.jsonl").read_text("utf-8").splitlines() if line.strip()]
    rulings = rulings_from(lines, names)
    return consultation, tuple(cases), rulings, judge(consultation, cases, rulings)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.integers(0, 10))
def test_any_order_and_any_repetition_give_the_same_record(mix: random.Random, repeated: int) -> None:
    """Shuffled, and with some messages delivered again, the record is equal in every field."""
    consultation, cases, rulings, record = material()
    handed = [*cases, *mix.sample(list(cases), repeated)]
    mix.shuffle(handed)
    decided = list(rulings)
    mix.shuffle(decided)
    assert judge(consultation, handed, decided) == record


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.integers(0, 29)))
def test_every_subset_reconciles(chosen: set[int]) -> None:
    """Whatever has come so far, each message is in one disposition and every table adds up."""
    consultation, cases, rulings, _ = material()
    some = [cases[index] for index in sorted(chosen)]
    keys = {case.key for case in some}
    record = judge(consultation, some, [ruling for ruling in rulings if ruling.message in keys])
    reconcile(record.counts)
    assert {filed.key for filed in record.filed} == keys
    held = [key for response in record.responses for key in response.messages]
    assert len(held) == len(set(held))


@pytest.mark.parametrize("action", [Action.EXCLUDE, Action.WITHDRAW, Action.COUNT, Action.ACCEPT_LATE])
def test_an_undone_decision_leaves_the_record_as_it_was(action: Action) -> None:
    """Decide, then undo: nothing else changes."""
    consultation, cases, rulings, record = material()
    response = next(item for item in record.responses if item.status.value == "counted")
    at = max(ruling.at for ruling in rulings) + timedelta(days=1)
    decision = Ruling(id="d-test", at=at, by="officer", action=action, message=response.messages[0], reason="a test")
    undo = Ruling(
        id="d-undo",
        at=at + timedelta(hours=1),
        by="officer",
        action=Action.UNDO,
        message="",
        reason="a test",
        set={"ruling": "d-test"},
    )
    assert judge(consultation, cases, [*rulings, decision, undo]) == record
    changed = judge(consultation, cases, [*rulings, decision])
    assert next(item for item in changed.responses if item.id == response.id).rulings[-1] == "d-test"


def test_the_deadline_is_an_instant_and_an_extension_recomputes() -> None:
    """One second decides; an extension recorded by a person makes late ones timely, and undoing it late again."""
    consultation, cases, rulings, record = material()
    late = next(item for item in record.responses if item.timeliness.value == "late")
    for seconds, expected in ((0, "on_time"), (-1, "late")):
        moved = replace(
            consultation, dates=replace(consultation.dates, response_deadline=late.received_at + timedelta(seconds=seconds))
        )
        again = judge(moved, cases, rulings)
        assert next(item for item in again.responses if item.id == late.id).timeliness.value == expected
    at = min(ruling.at for ruling in rulings)
    longer = Ruling(
        id="d-longer",
        at=at,
        by="chair",
        action=Action.EXTEND,
        message="",
        reason="extension",
        set={"deadline": (late.received_at + timedelta(days=1)).isoformat()},
    )
    extended = judge(consultation, cases, [*rulings, longer])
    assert next(item for item in extended.responses if item.id == late.id).timeliness.value == "on_time"

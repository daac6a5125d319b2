"""The record that grows message by message from what the fold kept is the record judged from all messages, field for field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from intake.casework.counting import added, count
from intake.casework.drafts import Case
from intake.casework.fold import in_order
from intake.casework.going_on import Grown, Reached, go_on, reached_by, same_fold
from intake.casework.groups import StartAnewError
from intake.casework.judge import AFTER, judge
from intake.casework.kept import Kept
from intake.casework.personal import with_one_more
from intake.casework.state import State
from intake.doors.ledger.records import _own_place
from intake.model.mail import ChannelKind
from intake.model.record import Action, Record, Ruling
from intake.model.round import Round
from tests.fakes.mails import AT, a_mail, cases_of, ruling, the_round
from tests.property.test_judge_order import pool as few_senders
from tests.property.test_sets import material
from tests.unit.casework.test_list_digest import FIRST, SECOND, in_one_text, in_parts

CALL = "I write as a reader. Please keep our island's library open in the evening, for there is no other place where a child can read. "


@cache
def a_campaign() -> tuple[Case, ...]:
    """Near-identical mails of many, and the organization's own letter."""
    mails = [
        a_mail(
            "Keep it open",
            f"{CALL * 3}It is what www.readers.example asks for.\n\n{name}\n",
            sender=f"{name} <{name.lower()}@{'readers' if name == 'Ada' else name.lower()}.example>",
            at=AT + timedelta(minutes=7 * number),
            message_id=f"<c{number}@mail.example>",
        )
        for number, name in enumerate(("Bo", "Cy", "Ada", "Dee", "Eve", "Flo", "Gus", "Hal", "Ina", "Jon"))
    ]
    return tuple(cases_of(mails))


@cache
def digests() -> tuple[Case, ...]:
    """Digests of the list that bring some of the campaign's mails again, new ones, and a response."""
    every = [
        a_mail(
            "Keep it open",
            f"{CALL * 3}\n\n{name}\n",
            sender=f"{name} <{name.lower()}@{name.lower()}.example>",
            message_id=f"<{'c0' if name == 'Bo' else name}@mail.example>",
        )
        for name in ("Bo", "Kim", "Lea", "Max", "Ned")
    ]
    made = [in_parts(*every[:2]), in_one_text(*every[1:4]), in_parts(every[4], FIRST), in_one_text(SECOND)]
    raw = [
        piece.replace(b"<digest@", b"<digest%d@" % number).replace(b"06:00:00", b"%02d:%02d:00" % (10, 20 * number))
        for number, piece in enumerate(made)
    ]
    return tuple(cases_of(raw, dict.fromkeys(range(len(raw)), ChannelKind.LIST)))


@cache
def worlds() -> tuple[tuple[Round, tuple[Case, ...], tuple[Ruling, ...]], ...]:
    consultation, cases, rulings, _ = material()
    low = replace(the_round(), campaign=replace(the_round().campaign, minimum=3))
    sent = cases_of([a_mail("Re: Our response", "Thank you; which form is meant?\n", sender="Desk <desk@office.example>", at=AT + timedelta(hours=2), message_id="<s1@office.example>", headers=[("In-Reply-To", "<7@relay.example>")])], {0: ChannelKind.SENT})  # fmt: skip  # noqa: E501
    return (
        (consultation, cases, rulings),
        (low, (*few_senders(), *a_campaign(), *sent), ()),
        (low, (*few_senders()[:40], *a_campaign(), *sent), ()),
        (low, (*few_senders()[:20], *a_campaign(), *digests()), ()),
    )


class Ledger:
    """What the ledger does: rows, and the record put together from its growth."""

    def __init__(self, consultation: Round, cases: Sequence[Case], rulings: Sequence[Ruling]) -> None:
        self.consultation, self.rulings = consultation, rulings
        self.cases = {case.key: case for case in cases}
        self.rows: dict[bytes, bytes] = {}
        reached: dict[str, Reached] = {}

        def keep(variant: bytes, state: State, overlaps: Any, alike: Sequence[Case]) -> None:
            kept = Kept(self.rows.get, variant, self.cases.get)
            self.rows |= dict(kept.every(state, overlaps, alike, consultation.campaign))
            reached[variant.decode()] = reached_by(state, alike)

        self.record = judge(consultation, cases, rulings, keep=keep)
        self.reached = replace(reached[max(reached)], texts={name: one.texts[""] for name, one in reached.items()})

    def grow(self, new: Sequence[Case], everything: Mapping[str, Case], decided: Sequence[Ruling]) -> None:
        """Take new messages and decisions in. Raises StartAnewError."""
        more = len(decided) > len(self.rulings)
        if more:
            has = {filed.key for filed in self.record.filed if filed.response is not None}
            if not same_fold(self.consultation, self.rulings, decided, self.reached, lambda key: key in has):
                raise StartAnewError("decided")
            if not self.rulings:
                self.rows |= {AFTER + name[1:]: body for name, body in self.rows.items()}
            event("decided and went on")
        self.rulings = decided
        grown = go_on(
            self.consultation, new, self.rulings, (), {}, reached=self.reached, before=self.record.counts_before_decisions,
            fetch=self.rows.get, load=self.cases.get, decided=more,
        )  # fmt: skip
        self.cases |= {case.key: case for case in new}
        self.rows |= grown.rows
        self.reached = grown.reached
        self.record = self._with(grown, everything)

    def _with(self, grown: Grown, everything: Mapping[str, Case]) -> Record:
        responses = {response.id: response for response in self.record.responses}
        old = [responses[item.id] for item in grown.responses if item.id in responses]
        counts = added(self.record.counts, count(self.consultation, grown.filed, grown.responses, len(grown.joined)))
        counts = added(counts, count(self.consultation, (), old, 0), less=True)
        responses |= {item.id: item for item in grown.responses}
        campaigns = list(self.record.campaigns)
        for first, key in grown.joined:
            (place,) = [place for place, one in enumerate(campaigns) if grown.campaign_of(one.representative) == first]
            campaigns[place] = with_one_more(campaigns[place], everything[key], grown.common)
        ordered = sorted(responses.values(), key=_own_place)
        return Record(
            round_id=self.record.round_id, filed=(*self.record.filed, *grown.filed), responses=tuple(ordered),
            campaigns=tuple(campaigns), counts=counts, counts_before_decisions=grown.before or counts,
        )  # fmt: skip


ACTIONS = (
    Action.COUNT,
    Action.EXCLUDE,
    Action.WITHDRAW,
    Action.ACCEPT_LATE,
    Action.CONFIRM,
    Action.SPLIT,
    Action.MERGE,
    Action.RELABEL,
)


@st.composite
def stories(draw: st.DrawFn) -> tuple[Round, list[list[Case]], list[Ruling], int]:
    """A round, its messages in the order of receipt in batches (the first one folded at once), decisions on those of the first, and how
    many of these are made before the first batch (the others one a batch)."""
    consultation, cases, rulings = draw(st.sampled_from(worlds()))
    some = draw(st.lists(st.sampled_from(cases), unique_by=lambda case: case.key, min_size=2, max_size=45))
    ordered = [case for _, case in in_order(some)]
    cuts = sorted(draw(st.lists(st.integers(1, len(ordered) - 1), min_size=1, max_size=8, unique=True)))
    batches = [ordered[start:end] for start, end in zip([0, *cuts], [*cuts, len(ordered)], strict=True)]
    keys = [case.key for case in batches[0]]
    decided = [item for item in rulings if item.message in keys] if draw(st.booleans()) else []
    several = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 99), st.integers(0, 99), st.booleans()), max_size=6)
    for number, (action, place, other, soon) in enumerate(draw(several)):
        more: dict[str, str] = {"into": keys[other % len(keys)]} if action is Action.MERGE else {}
        more |= {"disposition": "enquiry"} if action is Action.RELABEL else {}
        more |= {"ruling": f"d-{other % (number + 1)}"} if action is Action.UNDO else {}
        made = ruling(action.value, keys[place % len(keys)], (2 if soon else 9000) + number)
        decided.append(replace(made, set=more, id=f"d-{number}"))
    return consultation, batches, decided, draw(st.integers(0, len(decided)))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(stories())
def test_message_by_message_is_all_at_once(story: tuple[Round, list[list[Case]], list[Ruling], int]) -> None:
    consultation, batches, later, first = story
    decided = later[:first]
    ledger = Ledger(consultation, batches[0], decided)
    taken = list(batches[0])
    everything = {case.key: case for batch in batches for case in batch}
    for number, batch in enumerate([*batches[1:], [], []], 1):
        taken += batch
        decided = later[: first + number]
        try:
            ledger.grow(batch, everything, decided)
        except StartAnewError as error:
            event(str(error))
            ledger = Ledger(consultation, taken, decided)
            continue
        event("went on")
        wanted = judge(consultation, taken, decided)
        for name in Record.__struct_fields__:
            assert getattr(ledger.record, name) == getattr(wanted, name), name

"""Any order in which messages are handed over, any repetition of deliveries, any order of decisions: the same record."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from intake.casework.counting import reconcile
from intake.casework.drafts import Case
from intake.casework.judge import judge
from intake.model.mail import ChannelKind
from intake.model.record import Record
from tests.fakes.mails import AT, a_mail, cases_of, ruling, the_round

SUBJECTS = (
    "Our response",
    "Corrected version",
    "Annex to our response",
    "Our response, part 1 of 2",
    "Our response, part 2 of 2",
)
SENDERS = ("Ana Berg <ana@relay.example>", "Jan Tamm <jan@relay.example>", "Bo Lind <bo@harbour.example>", "Eva <eva@gmail.com>")
BODIES = (
    "Question 1: Shared cables bring the price of a link down for every island of the group.\n",
    "Question 2: One form for the whole region is what small operators need most of all.\n",
    "Please disregard our earlier mail.\n\nQuestion 1: Only shared cables help.\n",
    "We wish to withdraw our response.\n",
    "We fully support the response of the Relay Islands Cooperative.\n",
    "Many thanks for the confirmation.\n",
    "Our only cable belongs to one firm, and its price is beyond what schools can pay. Please open the stations to everybody soon.\n",
)
SIGNED = ("", "\nAna Berg\nRelay Islands Cooperative\nTallinn, Estonia\n", "\nBo Lind\nHarbour Union\nOslo, Norway\n")
HOURS = (0, 0, 1, 5, 30, 800, 900)


@cache
def pool() -> tuple[Case, ...]:
    """Many messages of few senders, some in the same second, some late, some through the list."""
    mails = []
    for number in range(90):
        sender = SENDERS[number % 4]
        mails.append(
            a_mail(
                SUBJECTS[(number * 7) % 5],
                BODIES[(number * 5) % 7] + SIGNED[number % 3],
                sender=sender,
                at=AT + timedelta(hours=HOURS[(number * 3) % 7]),
                message_id=f"<{number // 2}@relay.example>",
                headers=[("In-Reply-To", f"<{number // 3}@relay.example>")] if number % 5 == 0 else [],
            )
        )
    return tuple(cases_of(mails, {number: ChannelKind.LIST for number in range(0, 90, 9)}))


def again(case: Case) -> Case:
    """The same message as another mailbox showed it later."""
    arrival = replace(
        case.arrival, sequence=case.arrival.sequence + 1000, internaldate=case.arrival.internaldate + timedelta(days=1)
    )
    return replace(case, arrival=arrival)


ACTIONS = ("count", "exclude", "withdraw", "accept_late", "confirm", "assign", "split")


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_order_and_repetition_cannot_matter(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(range(90)), min_size=1, max_size=40, unique=True))
    cases = [pool()[number] for number in chosen]
    rulings = [
        ruling(action, cases[index % len(cases)].key, number, **({"category": "academia"} if action == "assign" else {}))
        for number, (action, index) in enumerate(
            data.draw(st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 39)), max_size=6))
        )
    ]
    wanted = judge(the_round(), sorted(cases, key=lambda case: case.order), rulings)
    repeated = [again(case) for case in data.draw(st.lists(st.sampled_from(cases), max_size=8))]
    shuffled = data.draw(st.permutations([*cases, *repeated]))
    assert judge(the_round(), shuffled, data.draw(st.permutations(rulings))) == wanted
    hold(wanted, cases)


def hold(record: Record, cases: list[Case]) -> None:
    """What is true of every record."""
    reconcile(record.counts)
    reconcile(record.counts_before_decisions)
    assert sorted(filed.key for filed in record.filed) == sorted(case.key for case in cases)
    ids = {response.id for response in record.responses}
    assert len(ids) == len(record.responses)
    assert all(filed.response is None or filed.response in ids for filed in record.filed)
    for response in record.responses:
        assert 0 <= response.current < len(response.versions)
        assert all(version.messages for version in response.versions)
        assert len({answer.question for _, answer in response.answers}) == len(response.answers)
    machines = {
        filed.key for filed in record.filed if filed.disposition.value in ("bounce", "auto_reply", "spam", "correspondence")
    }
    assert not any(filed.letter for filed in record.filed if filed.key in machines)

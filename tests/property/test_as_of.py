"""What was known at an instant is shown afterwards as it was: whatever came, was decided, numbered, sent or released later."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.asof import office_at
from intake.model.ledger import OutboxState
from intake.model.letter import HandOver, Outcome
from intake.model.record import Action
from intake.pipeline import Office, digest_day
from tests.fakes.house import House, sample_mail

ACTS = st.lists(
    st.sampled_from(("mail", "mail", "exclude", "withdraw", "assign", "send", "release", "digest")), min_size=2, max_size=9
)


def shown(office: Office, house: House) -> dict[str, Any]:
    """All that the verbs with --as-of are made of."""
    name = house.round.id
    ledger = office.ledger
    return {
        "record": ledger.load_record(name),
        "tally": ledger.tally(name),
        "numbers": ledger.numbers(name),
        "rulings": ledger.rulings(name),
        "revisions": ledger.revisions(name),
        "letters": ledger.letter_counts(name),
        "head": ledger.journal_head(),
        "done": ledger.last_done(f"digest:{name}"),
    }


def act(house: House, what: str, number: int) -> None:
    office, name = house.office, house.round.id
    record = house.judge()
    counted = [item for item in record.responses if item.status.value == "counted"]
    if what == "mail":
        mail = sample_mail()
        house.take([mail[(3 * number + index) % len(mail)] for index in range(3)])
    elif what == "release":
        house.release()
    elif what == "digest":
        day = house.clock.now().date()
        digest_day(office, house.round, day, queue=True)
        if office.ledger.claim_job(f"digest:{name}", f"{day}-{number}", house.clock.now()):
            office.ledger.finish_job(f"digest:{name}", f"{day}-{number}", house.clock.now())
    elif what == "send":
        for letter in office.ledger.claim_due(house.clock.now(), 2):
            office.ledger.mark_committing(letter.id, house.clock.now())
            accepted = HandOver(outcome=Outcome.SENT, reply="250 ok")
            office.ledger.settle(letter.id, accepted, at=house.clock.now(), retry_at=None)
    elif counted:
        fields = {"organization": f"House {number}", "category": "academia"} if what == "assign" else {}
        house.rule(Action(what), counted[number % len(counted)].messages[0], **fields)
    house.judge()


@settings(max_examples=12, deadline=None)
@given(ACTS)
def test_the_past_is_shown_as_it_was(acts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        house = House(Path(folder) / "state")
        house.take(sample_mail()[:2])
        seen: list[tuple[datetime, dict[str, Any]]] = []
        for number, what in enumerate(acts):
            act(house, what, number)
            seen.append((house.clock.now(), shown(house.office, house)))
        end = shown(house.office, house)
        for instant, expected in seen:
            with office_at(house.office, instant) as past:
                assert shown(past, house) == expected
        assert shown(house.office, house) == end
        house.close()


def test_what_was_erased_since_stays_erased(tmp_path: Path) -> None:
    house = House(tmp_path / "state")
    house.take(sample_mail()[:6])
    record = house.judge()
    instant, archived = house.clock.now(), house.office.ledger.tally(house.round.id).archived
    one = next(item for item in record.responses if item.status.value == "counted")
    house.erase(one.messages)
    with office_at(house.office, instant) as past:
        tally = past.ledger.tally(house.round.id)
        assert (tally.archived, tally.erased) == (archived - len(one.messages), len(one.messages))
        assert one.id not in {item.id for item in past.ledger.load_record(house.round.id).responses}
    house.close()


def test_a_letter_that_went_later_was_still_waiting(tmp_path: Path) -> None:
    house = House(tmp_path / "state")
    house.take(sample_mail()[:3])
    house.judge()
    before = house.clock.now()
    act(house, "send", 0)
    with office_at(house.office, before) as past:
        states = past.ledger.letter_counts(house.round.id)
    assert OutboxState.SENT not in states
    assert states[OutboxState.QUEUED] >= 2
    assert house.office.ledger.letter_counts(house.round.id)[OutboxState.SENT] == 2
    house.close()

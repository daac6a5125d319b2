"""What an officer wrote about somebody who is to be forgotten goes with it; what others wrote is listed, and never silently left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake.model.record import Action, Status
from intake.pipeline import verify
from intake.pipeline.erase import quoting
from tests.fakes.orders import BEN, OrderHouse, by_sheet, choose, filled, laid, mail_from, numbered, quoted, token_of

pytestmark = pytest.mark.timeout(280)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[OrderHouse]:
    made = OrderHouse(Path(shutil.copytree(laid(tmp_path / "begun"), tmp_path / "state")))
    made.clock.advance(timedelta(days=1))
    made.judge()
    yield made
    assert verify(made.office).faults == ()
    made.close()


def test_orders_that_quote_the_erased_go_with_it_and_other_mail_is_listed(house: OrderHouse) -> None:
    """By an answer that quotes the digest, and by a sheet with a row for everybody; what they decided of others stands."""
    late = next(item for item in house.judge().responses if item.status is Status.LATE_PENDING)
    name = late.respondent.organization or late.respondent.person or ""
    assert len(name) > 4
    text, token = token_of(house, "response held")
    reply = house.receive(mail_from(BEN, f"{numbered(text, token)} count: it is theirs\n\n{quoted(text)}", house.clock.now()))
    sheet = by_sheet(house, filled(house.sheet("ben"), choose("withdrawal asked for", "withdraw")))
    other = house.receive(mail_from("zoe@library.example", f"Dear all, we met {name} yesterday.\n", house.clock.now()))
    plain = house.receive(mail_from("li@net.example", "Question 1. Spare parts, and people who mend.\n", house.clock.now()))
    found = quoting(house.office, house.round, late.messages)
    assert set(found.orders) == {reply, sheet}
    assert other in found.others
    assert plain not in found.others
    decided = sorted(item.action for item in house.rulings())
    house.erase([*late.messages, *found.orders])
    assert sorted(item.action for item in house.rulings()) == decided == sorted([Action.COUNT, Action.WITHDRAW])
    gone = {*late.messages, *found.orders}
    assert not gone & set(house.office.vault.objects())
    stones = house.office.ledger.erased()
    assert gone <= set(stones)
    letters = [item for item in house.office.ledger.letters() if item.kind in ("digest", "answer") and item.raw]
    assert [item.id for item in letters if name.encode() in item.raw] == []
    before = house.facts()
    house.rebuild(lose=True)
    house.judge()
    assert house.facts() == before
    assert house.followed(), "the journal still says that the orders were settled"

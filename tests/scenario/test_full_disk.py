"""A disk without room: intake rests, says so once, and goes on by itself; letters still go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from intake.errors import NoRoom
from tests.fakes.bureau import ROUND, Bureau, mail


def test_intake_rests_while_there_is_no_room_and_goes_on_by_itself(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path)
    bureau.drafts = False
    room = [True]

    def guard() -> None:
        if not room[0]:
            raise NoRoom("too little room")

    with bureau.life() as office:
        office.guard = guard
        bureau.cycle(office)
        bureau.mailbox.deliver([mail(0)], bureau.clock.now())
        room[0] = False
        bureau.cycle(office, 30)
        assert office.ledger.tally(ROUND).archived == 0
        told = [item.id.split(":")[1] for item in office.ledger.letters() if item.kind == "notice"]
        assert told == ["full"], "and no alarm that the mailbox cannot be reached"
        room[0] = True
        bureau.clock.advance(timedelta(minutes=10))
        bureau.cycle(office, 3)
        assert office.ledger.tally(ROUND).archived == 1
        told = [item.id.split(":")[1] for item in office.ledger.letters() if item.kind == "notice"]
        assert told == ["full", "room"]


def test_a_mailbox_that_is_nearly_full_is_told(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path)
    bureau.drafts = False
    with bureau.life() as office:
        bureau.mailbox.filled = 0.9
        bureau.cycle(office, 3)
        bureau.mailbox.filled = 0.1
        bureau.cycle(office, 3, 70)
        told = [item.id.split(":")[1] for item in office.ledger.letters() if item.kind == "notice"]
        assert told == ["quota", "emptied"]

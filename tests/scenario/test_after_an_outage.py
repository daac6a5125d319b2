"""A mailbox that cannot be reached for three days: what waited there is new in the next digest, and in one only."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from pathlib import Path

from intake.errors import Unreachable
from tests.fakes.bureau import Bureau, mail


def digests(bureau: Bureau) -> list[str]:
    """The texts of the digests, in order."""
    found = [
        email.message_from_bytes(raw, policy=email.policy.default) for raw in bureau.taken if b"\nMessage-ID: <digest." in raw
    ]
    return [item.get_body(("plain",)).get_content() for item in found]  # type: ignore[union-attr]


def test_mail_that_waited_out_an_outage_is_new_when_it_gets_here(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path)
    bureau.drafts = False
    with bureau.life() as office:
        bureau.cycle(office)
        bureau.clock.advance(timedelta(hours=6))
        bureau.mailbox.deliver([mail(1)], bureau.clock.now())
        for _look in range(72):
            bureau.mailbox.broken = Unreachable("gone")
            bureau.cycle(office, 1, 60)
        before = len(digests(bureau))
        bureau.mailbox.broken = None
        bureau.cycle(office, 4 * 24, 60)
    told = [number for number, text in enumerate(digests(bureau)) if "House 1 Foundation" in text.partition("Figures")[0]]
    new = [text for text in digests(bureau) if "House 1 Foundation" in text]
    assert before >= 3, "a digest of each day, also without the mailbox"
    assert new, "the message is in a digest"
    assert told[0] == before, "in the first one after the mailbox is back"


def test_a_digest_missed_before_midnight_is_made_after_it(tmp_path: Path) -> None:
    """The process was down from before the hour of the digest until after midnight."""
    bureau = Bureau(tmp_path)
    bureau.drafts = False
    with bureau.life() as office:
        bureau.cycle(office)
        made = office.ledger.last_done("digest:example-round")
    bureau.clock.advance(timedelta(hours=38))  # one in the night, two local days later
    with bureau.life() as office:
        bureau.cycle(office, 2)
        caught_up = office.ledger.last_done("digest:example-round")
    assert made is not None
    assert caught_up is not None
    assert (made[0], caught_up[0]) == ("2026-11-02", "2026-11-03")
    assert len(digests(bureau)) == 2

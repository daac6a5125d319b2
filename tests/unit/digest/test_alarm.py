"""An alarm goes out once, and once when it is over; silence counts only while the consultation is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.doors.clock import FixedClock
from intake.model.edition import DigestRole
from intake.model.ledger import Folder
from intake.pipeline import LetterPolicy, Office, digest_day
from intake.pipeline.alarm import AlarmRule, watch_over
from intake.ports import Coordinates, Receipt
from intake.wiring import open_office
from tests.fakes.rounds import consultation

START = datetime(2017, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    policy = LetterPolicy(
        mode="approve",
        from_name="Desk",
        from_address="desk@example.org",
        secret=b"s",
        digest_to=("desk@example.org",),
        digest_roles=((DigestRole.TECHNICAL, "fr", ("tech@example.org",)), (DigestRole.CHAIR, "ar", ("chair@example.org",))),
    )
    with open_office((consultation(),), tmp_path, policy, clock=FixedClock(START), min_free_mb=1) as made:
        made.watched = (("main", "INBOX", "gender"),)
        yield made


def subjects(office: Office) -> list[tuple[str, str]]:
    return [(item.recipient, item.id.split(":")[1]) for item in office.ledger.letters() if item.kind == "notice"]


def at(office: Office, moment: datetime) -> None:
    assert isinstance(office.clock, FixedClock)
    office.clock.set(moment)


def test_a_mailbox_that_cannot_be_reached_is_told_once_and_its_return_once(office: Office) -> None:
    """Not at the first failed look, not twice; a new outage is a new alarm. It goes to those who look after the service."""
    rule = AlarmRule(unreachable_min=15, silent_h=0)
    failing = {"main": (START, "timed out")}
    watch_over(office, rule, failing)
    assert subjects(office) == []
    for minutes in (16, 30, 300):
        at(office, START + timedelta(minutes=minutes))
        watch_over(office, rule, failing)
    assert subjects(office) == [("tech@example.org", "unreachable")]
    letter = next(item for item in office.ledger.letters() if item.kind == "notice")
    assert letter.state.value == "queued"
    assert letter.language == "fr"
    for minutes in (301, 302):
        at(office, START + timedelta(minutes=minutes))
        watch_over(office, rule, {})
    assert subjects(office) == [("tech@example.org", "unreachable"), ("tech@example.org", "over")]
    again = {"main": (START + timedelta(minutes=400), "refused")}
    at(office, START + timedelta(minutes=500))
    watch_over(office, rule, again)
    assert [kind for _, kind in subjects(office)] == ["unreachable", "over", "unreachable"]


def test_silence_is_told_only_while_the_consultation_is_open(office: Office) -> None:
    """Three days without a message; after the deadline nobody is woken."""
    rule = AlarmRule(silent_h=72)
    folder = Folder(account="main", folder="INBOX", uidvalidity=1, uidnext=1, first_polled_at=START, polled_at=START)
    office.ledger.save_folder(folder)
    for hours, told in ((1, 0), (71, 0), (73, 1), (100, 1)):
        at(office, START + timedelta(hours=hours))
        watch_over(office, rule, {})
        assert len(subjects(office)) == told
    at(office, consultation().dates.response_deadline + timedelta(days=1))
    watch_over(office, rule, {})
    assert [kind for _, kind in subjects(office)] == ["silent", "over"]
    at(office, consultation().dates.response_deadline + timedelta(days=9))
    watch_over(office, rule, {})
    assert len(subjects(office)) == 2


def test_a_message_ends_the_silence(office: Office) -> None:
    """Told once; the next message is the end of it, and the clock of silence begins anew."""
    rule = AlarmRule(silent_h=72)
    at(office, START + timedelta(hours=80))
    watch_over(office, rule, {})
    assert [kind for _, kind in subjects(office)] == ["silent"]
    place = Coordinates(account="main", folder="INBOX", uidvalidity=1, uid=1)
    receipt = Receipt(
        sha256="a" * 64,
        size_bytes=1,
        at=place,
        internaldate=START + timedelta(hours=80),
        channel="address",
        round_id="gender",
        stored_at=START,
        answerable=True,
        sequence=1,
    )
    office.ledger.record_deliveries([receipt])
    at(office, START + timedelta(hours=81))
    watch_over(office, rule, {})
    at(office, START + timedelta(hours=151))
    watch_over(office, rule, {})
    assert [kind for _, kind in subjects(office)] == ["silent", "over"]
    at(office, START + timedelta(hours=153))
    watch_over(office, rule, {})
    assert [kind for _, kind in subjects(office)] == ["silent", "over", "silent"]


def test_every_role_gets_its_own_daily_letter_also_when_nothing_came(office: Office) -> None:
    """Once a day and reader, in the reader's language."""
    made = digest_day(office, consultation(), START.date(), queue=True)
    assert made.queued == ("desk@example.org", "tech@example.org", "chair@example.org")
    digest_day(office, consultation(), START.date(), queue=True)
    found = [item for item in office.ledger.letters() if item.kind == "digest"]
    assert sorted(item.language for item in found) == ["ar", "en", "fr"]
    assert "Nothing came." in made.letter.text
    assert made.letter.text.count("seen 0 = archived 0") == 1
    technical = digest_day(office, consultation(), START.date(), queue=False, role=DigestRole.TECHNICAL)
    assert "main/INBOX: jamais consultée" in technical.letter.text


def test_a_disk_without_room_is_told_once_and_its_end_once(office: Office) -> None:
    """It has an alarm of its own, and the mailboxes are not blamed for it."""
    rule = AlarmRule(silent_h=0)
    for minutes in (0, 1, 90):
        at(office, START + timedelta(minutes=minutes))
        watch_over(office, rule, {}, full=START)
    assert subjects(office) == [("tech@example.org", "full")]
    for minutes in (91, 92):
        at(office, START + timedelta(minutes=minutes))
        watch_over(office, rule, {})
    assert subjects(office) == [("tech@example.org", "full"), ("tech@example.org", "room")]


def test_a_mailbox_that_is_nearly_full_is_told_once_until_it_surely_has_room(office: Office) -> None:
    rule = AlarmRule(silent_h=0)
    for minute, share in enumerate((0.5, 0.79, 0.8, 0.9, 0.79, 0.81)):
        at(office, START + timedelta(minutes=minute))
        watch_over(office, rule, {}, filled={"main": share})
    assert subjects(office) == [("tech@example.org", "quota")]
    for share in (0.74, 0.2):
        watch_over(office, rule, {}, filled={"main": share})
    assert subjects(office) == [("tech@example.org", "quota"), ("tech@example.org", "emptied")]
    watch_over(office, rule, {})
    assert len(subjects(office)) == 2, "a server that says nothing raises nothing and ends nothing"

"""Letters that came back and junk that looks real, from real messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from intake.digest.tasks import junk_that_looks_real
from intake.doors.clock import FixedClock
from intake.model.edition import Source
from intake.model.mail import ChannelKind
from intake.model.round import Round
from intake.model.verdict import Disposition
from intake.pipeline import LetterPolicy, Office, Watched, digest_day, judge_round, take_in
from intake.pipeline.cases import cases_of
from intake.settings import load_round
from intake.wiring import open_office
from tests.fakes.office import ROOT

NOW = datetime(2025, 12, 1, 12, tzinfo=UTC)
SAMPLE = ROOT / "config" / "demo"


@pytest.fixture
def round_() -> Round:
    return load_round(SAMPLE / "round.toml")


@pytest.fixture
def office(tmp_path: Path, round_: Round) -> Iterator[Office]:
    policy = LetterPolicy(
        mode="send", from_name="Desk", from_address=round_.channels.address, secret=b"s", digest_to=("desk@example.org",)
    )
    with open_office((round_,), tmp_path, policy, clock=FixedClock(NOW), min_free_mb=1) as made:
        yield made


def arrive(office: Office, round_: Round, *raws: bytes) -> None:
    watched = Watched(account="main", folder="INBOX", channel=ChannelKind.ADDRESS, round_id=round_.id)
    take_in(office, watched, [(raw, NOW) for raw in raws], answerable=True)


def report(message_id: str, recipient: str, to: str) -> bytes:
    """A delivery status notification (RFC 3464) that encloses the head of our letter."""
    text = f"""From: Mail Delivery System <mailer-daemon@mx.example.net>
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: Mon, 01 Dec 2025 12:05:00 +0000
Message-ID: <dsn-1@mx.example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail system could not deliver your message.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

From: {to}
To: {recipient}
Message-ID: {message_id}
Subject: Receipt

--b--
"""
    return text.replace("\n", "\r\n").encode()


def test_a_letter_that_came_back_is_told_with_the_response_it_belongs_to(office: Office, round_: Round) -> None:
    """The bounce is found by the Message-ID of our letter; the desk reads who did not get it."""
    arrive(office, round_, (SAMPLE / "messages" / "0002.eml").read_bytes())
    judge_round(office, round_)
    (letter,) = office.ledger.letters(round_.id)
    assert digest_day(office, round_, NOW.date(), queue=False).digest.bounced == ()
    arrive(office, round_, report(letter.message_id, letter.recipient, round_.channels.address))
    made = digest_day(office, round_, NOW.date(), queue=False)
    (item,) = made.digest.bounced
    assert item.kind == "bounced"
    assert letter.recipient in item.name
    assert item.command == "intake show 1"
    assert letter.recipient in made.letter.text


def test_junk_that_answers_a_question_is_shown_until_a_person_decides(office: Office, round_: Round) -> None:
    """A response that had been taken for spam stands in the digest; real spam does not; what was decided does not come again."""
    arrive(office, round_, *((SAMPLE / "messages" / f"000{number}.eml").read_bytes() for number in (2, 4)))
    record = judge_round(office, round_)
    cases = {case.key: Source(arrival=case.arrival, verdict=case.verdict) for case in cases_of(office, round_)}
    spam = tuple(replace(item, disposition=Disposition.SPAM) for item in record.filed)
    answered = {key for key, source in cases.items() if source.verdict.answers}
    assert 0 < len(answered) < len(cases)
    shown = list(junk_that_looks_real(replace(record, filed=spam), cases, frozenset()))
    assert {item.number for item in shown} == {key[:12] for key in answered}
    assert all(f"decide {item.number} count" in item.command for item in shown)
    assert not list(junk_that_looks_real(replace(record, filed=spam), cases, answered))

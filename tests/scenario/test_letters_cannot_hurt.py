"""Letters that cannot hurt: loops, floods, backscatter, relays in every mood, three days without one; the daemon's own pass, simulated time."""

from __future__ import annotations

import email
import email.headerregistry
import email.message
import email.policy
import os
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.doors.ledger.ledger import SqliteLedger
from intake.model.ledger import MAX_COPIES, OutboxState
from intake.pipeline import Office
from intake.pipeline.send import capped
from tests.fakes.bureau import OPEN, POLICY, Bureau, mail
from tests.fakes.samples import letter

pytestmark = pytest.mark.timeout(1200)
DEEP = bool(os.environ.get("INTAKE_DEEP"))
CAPPED = replace(POLICY, cap_per_address_day=5, cap_per_domain_day=50, cap_per_hour=200)
OURS = "mx1.example.org"


def bureau(folder: Path, policy: object = CAPPED) -> Bureau:
    """An office that has looked once."""
    made = Bureau(folder, policy=policy)  # type: ignore[arg-type]
    made.drafts = False
    with made.life() as office:
        made.cycle(office)
    return made


def acknowledgements(made: Bureau) -> list[email.message.EmailMessage]:
    """What went to persons."""
    found = [email.message_from_bytes(raw, policy=email.policy.default) for raw in made.post.letters]
    return [item for item in found if item["Auto-Submitted"] == "auto-replied"]  # type: ignore[misc]


def answer_of(robot: str, number: int, ours: email.message.EmailMessage) -> bytes:
    """A robot's answer: a new Message-ID, no mark of a machine, our words and more of its own."""
    text = f"Question 1. Answer {number}: this is our response, again.\r\n\r\nAna Berg\r\nRobot {number} Foundation\r\n"
    head = f"In-Reply-To: {ours['Message-ID']}\r\n" if number % 2 else ""
    return mail(number, domain=robot, text=text, head=head)


def test_two_houses_of_our_own_kind_meet_and_stop_after_one_letter_each(tmp_path: Path) -> None:
    """What one sends, the other takes for a response, if it takes it for anything: nobody answers a letter that says what it is."""
    here, there = bureau(tmp_path / "here"), bureau(tmp_path / "there")
    here.mailbox.deliver([mail(1, domain="there.example")], here.clock.now())
    there.mailbox.deliver([mail(1, domain="here.example")], there.clock.now())
    seen = {0: 0, 1: 0}
    for _round in range(10):
        for number, (one, other) in enumerate(((here, there), (there, here))):
            with one.life() as office:
                one.cycle(office, 2)
            sent = [raw for raw in one.post.letters if b"auto-replied" in raw]
            other.mailbox.deliver(sent[seen[number] :], other.clock.now())
            seen[number] = len(sent)
    assert seen == {0: 1, 1: 1}


@pytest.mark.parametrize("habit", ["one address", "new addresses of one domain", "new domains"])
def test_a_robot_without_marks_is_stopped_by_a_cap_and_shown(tmp_path: Path, habit: str) -> None:
    made = bureau(tmp_path, replace(CAPPED, cap_per_address_day=3, cap_per_domain_day=8, cap_per_hour=15))
    cap = {"one address": 3, "new addresses of one domain": 8, "new domains": 15}[habit]
    made.mailbox.deliver([answer_of("robot.example", 0, email.message.EmailMessage())], made.clock.now())
    answered = 0
    with made.life() as office:
        for number in range(1, 40):
            made.cycle(office, 1, 0.5)
            letters = acknowledgements(made)
            if len(letters) == answered:
                break
            answered = len(letters)
            raw = answer_of("robot.example" if habit != "new domains" else f"robot{number}.example", number, letters[-1])
            if habit == "new addresses of one domain":
                raw = raw.replace(b"<ana@", b"<ana%d@" % number)
            made.mailbox.deliver([raw], made.clock.now())
        assert answered == cap
        held = office.ledger.letters(states=(OutboxState.HELD,))
        assert len(held) == 1
        assert "more than" in held[0].reason


def test_a_flood_of_ten_thousand_gets_at_most_the_cap() -> None:
    """The rule itself on the real outbox: 10,000 letters to as many domains, in a hundred batches of one hour."""

    class Small:
        """What `capped` needs of an office."""

        ledger = SqliteLedger.open(None)
        letters = CAPPED

        def now(self) -> object:
            return OPEN

    office = Small()
    for batch in range(100):
        some = [
            letter(100 * batch + place, recipient=f"a@d{100 * batch + place}.example", created_at=OPEN) for place in range(100)
        ]
        office.ledger.queue_letters(capped(office, some), OPEN)  # type: ignore[arg-type]
    states = Counter(item.state for item in office.ledger.letters())
    office.ledger.close()
    assert states == {OutboxState.QUEUED: 200, OutboxState.HELD: 9800}


def test_a_forged_flood_through_the_whole_house(tmp_path: Path) -> None:
    """Every forged sender another one (INTAKE_DEEP: all 10,000): everything is kept and counted, the cap's number is answered."""
    count = 10_000 if DEEP else 260
    made = bureau(tmp_path)
    made.mailbox.deliver([mail(number) for number in range(count)], made.clock.now())
    with made.life() as office:
        made.cycle(office, 2, 0.5)
        assert office.ledger.tally("example-round").archived == count
        assert len(acknowledgements(made)) <= 200
        assert len(office.ledger.letters(states=(OutboxState.HELD,))) == count - 200


FAILED = f"Received: from x.example (x.example [192.0.2.1]) by {OURS}; Mon, 2 Nov 2026 09:00:00 +0000\r\n"


@pytest.mark.parametrize(
    ("head", "waits"),
    [
        (f"Authentication-Results: {OURS}; dmarc=fail header.from=house1.example\r\n{FAILED}", True),
        (f"X-Spam-Flag: YES\r\n{FAILED}", False),
        ("Auto-Submitted: auto-generated\r\n", True),
        ("Return-Path: <>\r\n", True),
    ],
    ids=["DMARC fails", "spam mark", "a machine's response", "null sender"],
)
def test_no_letter_goes_to_whom_our_own_host_mistrusts(tmp_path: Path, head: str, waits: bool) -> None:
    """It waits for a person, who may let it go; for plain spam there is none."""
    made = bureau(tmp_path)
    made.mailbox.deliver([mail(1, head=head)], made.clock.now())
    with made.life() as office:
        made.cycle(office, 3, 30)
        assert acknowledgements(made) == []
        held = office.ledger.letters(states=(OutboxState.HELD,))
        assert len(held) == (1 if waits or held else 0)
        if waits:
            assert held[0].reason
            office.ledger.move_letters([held[0].id], OutboxState.QUEUED, reason="known by telephone", at=office.now())
            made.cycle(office, 2)
            assert [item["To"] for item in acknowledgements(made)] == ["ana@house1.example"]


MARK = "zqxj"
WORDS = st.text(st.sampled_from("abcdefgh <>&{}%'\"\\/.-_٠éЖ中"), min_size=1, max_size=30).map(
    lambda text: f"{MARK} {text} {MARK}"
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    return bureau(tmp_path_factory.mktemp("house"), replace(POLICY, cap_per_hour=100_000))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(subject=WORDS, name=WORDS, body=WORDS, file=WORDS, organization=WORDS)
def test_a_letter_repeats_no_free_text_of_an_unauthenticated_sender(
    house: Bureau, subject: str, name: str, body: str, file: str, organization: str
) -> None:
    house.clock.advance(timedelta(minutes=5))
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = email.headerregistry.Address(name, "ana", "unknown.example")  # type: ignore[attr-defined]
    message["To"] = "consultation@example.org"
    message["Subject"] = subject
    message["Message-ID"] = f"<{len(house.post.letters)}.{house.clock.now():%j%H%M}@unknown.example>"
    message.set_content(f"Question 1. {body}\n\n{name}\n{organization} Foundation\n")
    message.add_attachment(body.encode(), maintype="application", subtype="pdf", filename=f"{file}.pdf")
    before = len(acknowledgements(house))
    house.mailbox.deliver([message.as_bytes()], house.clock.now())
    with house.life() as office:
        house.cycle(office)
    for sent in acknowledgements(house)[before:]:
        said = str(sent) + "".join(str(part.get_content()) for part in sent.walk() if part.get_content_maintype() == "text")
        assert MARK not in said
        assert MARK not in str(sent["Subject"])


def test_an_authenticated_sender_is_called_by_name(house: Bureau) -> None:
    """The property above can fail: what our own host vouches for is repeated."""
    house.clock.advance(timedelta(minutes=5))
    head = f"Authentication-Results: {OURS}; dmarc=pass header.from=known.example\r\n{FAILED}"
    house.mailbox.deliver([mail(1, domain="known.example", head=head)], house.clock.now())
    with house.life() as office:
        house.cycle(office)
    last = acknowledgements(house)[-1]
    assert "House 1 Foundation" in last.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def _relay(made: Bureau, office: Office, days: float, **mood: str) -> None:
    made.post.refuse_at = dict(mood)
    made.cycle(office, int(days * 48), 30)


@pytest.mark.parametrize("mood", [{"rcpt": "450 greylisted"}, {"rcpt": "421 busy"}, {"body": "lost"}, {"dot": "451 later"}])
def test_three_days_without_a_relay_hurt_nobody(tmp_path: Path, mood: dict[str, str]) -> None:
    """Mail is taken in all the while; afterwards each letter goes once, and a digest of each day."""
    made = bureau(tmp_path)
    begun = len(made.post.letters)
    with made.life() as office:
        for day in range(3):
            made.mailbox.deliver([mail(day)], made.clock.now())
            _relay(made, office, 1, **mood)
        assert len(made.post.letters) == begun
        assert office.ledger.tally("example-round").archived == 3
        _relay(made, office, 1)
        states = Counter(item.state for item in office.ledger.letters())
    assert set(states) == {OutboxState.SENT}
    assert len(acknowledgements(made)) == 3
    assert set(made.letters().values()) == {1}


def test_a_relay_that_never_comes_back_is_given_up_after_five_days_and_said(tmp_path: Path) -> None:
    made = bureau(tmp_path)
    made.mailbox.deliver([mail(1)], made.clock.now())
    with made.life() as office:
        _relay(made, office, 6, rcpt="450 later")
        (acknowledgement,) = [item for item in office.ledger.letters() if item.message]
    assert acknowledgement.state is OutboxState.FAILED
    assert acknowledgement.last_reply == "450 later"
    assert acknowledgement.tries > 10


def test_silence_after_the_dot_makes_two_copies_at_most_and_then_a_person_looks(tmp_path: Path) -> None:
    made = bureau(tmp_path)
    made.mailbox.deliver([mail(1)], made.clock.now())
    with made.life() as office:
        _relay(made, office, 1, dot="lost")
        (acknowledgement,) = [item for item in office.ledger.letters() if item.message]
    assert acknowledgement.state is OutboxState.UNKNOWN
    assert made.letters()[acknowledgement.raw] == MAX_COPIES

"""Letters of ours that come back are known by a signed token, and by nothing that others can make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from intake.casework.drafts import Case
from intake.casework.judge import judge
from intake.letters.message import letter_message_id
from intake.letters.token import sign, tokens_in, verify
from intake.model.mail import ChannelKind
from intake.model.record import Record
from intake.pipeline.daily import digest_day
from intake.pipeline.recognise import our_letters
from intake.settings import load_settings
from intake.wiring import letter_policy
from tests.fakes.bureau import ROOT, ROUND, Bureau, mail
from tests.fakes.mails import AT, a_mail, cases_of, the_round

NOW, FORMER, THEIRS = b"n" * 32, b"f" * 32, b"t" * 32
HOUR = timedelta(hours=1)
ONE = "Question 1: Shared cables and open landing stations bring the price of a link down for every island.\n"
SIGNED = "\nAna Berg\nHead of Policy\nRelay Islands Cooperative\nTallinn, Estonia\n"
NEW = "Please disregard our earlier mail.\n\nQuestion 1: Only shared cables help.\n"
FIRST = a_mail("Our response", ONE + SIGNED, message_id="<1@relay.example>")
KEYS = st.text("0123456789abcdef", min_size=64, max_size=64)


def judged(
    *mails: EmailMessage | bytes, channels: dict[int, ChannelKind] | None = None, secrets: Sequence[bytes] = (NOW, FORMER)
) -> Record:
    """The record, with the letters that the corridor recognises."""
    cases: list[Case] = []
    for case in cases_of(mails, channels):
        ours = our_letters(case.arrival.reading, secrets)
        cases.append(Case(arrival=replace(case.arrival, ours=ours), verdict=case.verdict))
    return judge(the_round(), cases, ())


def letter_to(message: EmailMessage, secret: bytes = NOW, kind: str = "acknowledgement") -> str:
    """The Message-ID of our letter about a message."""
    (case,) = cases_of([message])
    return letter_message_id(secret, case.key, kind, "consult.example.int", about=case.key)


def answered(identity: str, text: str = NEW + SIGNED, sender: str = "A. Berg <ana.berg@gmail.com>", dmarc: str = "pass") -> bytes:
    """An answer to a letter of ours from an address that never wrote."""
    made = a_mail("Re: Receipt", text, sender, headers=[("In-Reply-To", "<PLACE>")], at=AT + HOUR, dmarc=dmarc)
    return made.as_bytes().replace(b"<PLACE>", identity.encode())  # the library would code so long an id


@given(KEYS, st.sampled_from(("", "#2", "#2.1")), st.sampled_from(("acknowledgement", "chase", "late")), st.binary(max_size=40))
def test_a_token_says_what_the_letter_was_about_whichever_key_signed_it(key: str, part: str, kind: str, cause: bytes) -> None:
    for secret in (NOW, FORMER):
        token = sign(secret, kind, cause.hex(), key + part)
        told = verify(f"<{token}@any.example>", (NOW, FORMER))
        assert told is not None
        assert (told.kind, told.about) == (kind, key[:12] + part.replace("#", "-"))
        assert list(tokens_in(f"Message-ID: <{token}@consult.example.int>\nSubject: x")) == [token]
    assert verify(sign(THEIRS, kind, cause.hex(), key + part), (NOW, FORMER)) is None


@given(KEYS, st.data())
def test_no_letter_of_a_token_can_be_changed(key: str, data: st.DataObject) -> None:
    token = sign(NOW, "acknowledgement", key, key)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(sorted(set("0123456789abcdef_.-") - {token[place]})))
    assert verify(token[:place] + other + token[place + 1 :], (NOW, FORMER)) is None


@given(st.text(max_size=300))
def test_any_text_is_no_token(text: str) -> None:
    assert verify(text, (NOW,)) is None
    assert all(verify(found, (NOW,)) is None for found in tokens_in(text))


@pytest.mark.parametrize("secret", [NOW, FORMER])
def test_an_answer_to_our_letter_joins_its_response_from_another_address(secret: bytes) -> None:
    record = judged(FIRST, answered(letter_to(FIRST, secret)))
    assert [item.disposition.value for item in record.filed] == ["response", "revision"]
    (response,) = record.responses
    assert response.current == 1
    assert response.doubts == ()
    assert record.filed[1].ours == (letter_to(FIRST, secret).strip("<>").partition("@")[0],)


def test_a_forged_token_and_one_of_an_unknown_key_grant_nothing() -> None:
    real = letter_to(FIRST)
    forged = real.replace(real.split(".")[3][:4], "0000")
    for identity in (forged, letter_to(FIRST, THEIRS), "<1@relay.example>"):
        record = judged(FIRST, answered(identity))
        assert record.filed[1].ours == ()
        assert record.responses[0].current == 0
        assert "a new version comes from another sender" in record.responses[0].doubts


def test_a_token_from_a_sender_who_fails_our_own_check_grants_nothing() -> None:
    assert judged(FIRST, answered(letter_to(FIRST), dmarc="fail")).responses[0].current == 0


def test_a_letter_answered_on_the_list_is_everybodys_and_grants_nothing_afterwards() -> None:
    marks = [("In-Reply-To", "<PLACE>"), ("List-Id", "<links-list.consult.example.int>")]
    made = a_mail("Re: Receipt", "Thank you, we got your receipt.", headers=marks, at=AT + HOUR / 2)
    listed = made.as_bytes().replace(b"<PLACE>", letter_to(FIRST).encode())
    record = judged(FIRST, listed, answered(letter_to(FIRST)), channels={1: ChannelKind.LIST})
    assert record.responses[0].current == 0


def test_the_one_of_two_responses_of_an_address_is_meant_whose_letter_is_answered() -> None:
    other = a_mail(
        "Response of the Federation",
        "Question 2: A light licence for small operators helps most of all.\n" + SIGNED.replace("Relay Islands Cooperative", "Baltic Harbour Federation"),
        at=AT + HOUR / 2,
        message_id="<2@relay.example>",
    )  # fmt: skip
    bare = "Please disregard our earlier mail.\n\nQuestion 1: Only shared cables help.\n"
    again = answered(letter_to(FIRST), bare, "Ana Berg <ana@relay.example>")
    record = judged(FIRST, other, again)
    assert len(record.responses) == 2
    assert record.filed[2].response == record.filed[0].response


def report(identity: str, recipient: str) -> bytes:
    """A delivery report with the head of the letter that could not be delivered."""
    return f"""Received: from mx.relay.example by mx.consult.example; Thu, 02 May 2024 12:00:00 +0000
From: MAILER-DAEMON@mx.relay.example
To: links@consult.example.int
Subject: Undelivered Mail Returned to Sender
Message-ID: <r-{recipient}>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.relay.example

Final-Recipient: rfc822; someone.else@elsewhere.example
Action: failed
Status: 5.1.1
--b
Content-Type: text/rfc822-headers

From: links@consult.example.int
To: {recipient}
Message-ID: {identity}
Subject: Receipt
--b--
""".replace("\n", "\r\n").encode()


def test_a_report_belongs_to_the_response_whose_letter_it_returns() -> None:
    other = a_mail(
        "Response", "Question 2: One form.\n\nBo Lind\nHarbour Union\nOslo, Norway\n", "Bo <bo@harbour.example>", at=AT + HOUR / 2
    )
    record = judged(FIRST, other, report(letter_to(FIRST), "forwarded@hidden.example"))
    assert record.filed[2].disposition.value == "bounce"
    assert record.filed[2].response == record.filed[0].response
    assert [("bounced_acknowledgement" in item.flags) for item in record.responses] == [True, False]
    forged = judged(FIRST, other, report(letter_to(FIRST, THEIRS), "forwarded@hidden.example"))
    assert forged.filed[2].response is None


def test_our_own_letter_in_our_mailbox_is_a_machines_mail_beside_its_response() -> None:
    identity = letter_to(FIRST)
    made = a_mail("Receipt", ONE + SIGNED, "Desk <links@consult.example.int>", message_id="<PLACE>", at=AT + HOUR)
    looped = made.as_bytes().replace(b"<PLACE>", identity.encode())
    record = judged(FIRST, looped)
    assert (record.filed[1].disposition.value, record.filed[1].response) == ("auto_reply", record.responses[0].id)
    assert record.filed[1].letter is None
    assert record.counts.counted == 1
    forged = a_mail(
        "Receipt", ONE + SIGNED, "X <x@else.example>", headers=[("X-Consultation-Intake", "acknowledgement.0")], at=AT + HOUR
    )
    assert judged(FIRST, forged).filed[1].disposition.value != "auto_reply"


def test_a_key_that_is_replaced_stays_known_when_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "rounds").mkdir()
    (tmp_path / "rounds" / "round.toml").write_bytes((ROOT / "config" / "rounds" / "example.toml.txt").read_bytes())
    for name, word in (("now", "second"), ("old", "first")):
        (tmp_path / name).write_text(word, "utf-8")
        (tmp_path / name).chmod(0o600)
    path = tmp_path / "intake.toml"
    head = '[service]\nstate_dir = "state"\nrounds_dir = "rounds"\naddress = "desk@example.org"\n[letters]\nmode = "off"\n'
    path.write_text(head + 'secret_file = "old"\n', "utf-8")
    before = letter_policy(load_settings(path))
    path.write_text(head + 'secret_file = "now"\nformer_secret_files = ["old"]\n', "utf-8")
    after = letter_policy(load_settings(path))
    assert after.secret != before.secret
    assert after.former == (before.secret,)


def test_the_digest_names_the_letter_that_bounced(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path)
    bureau.drafts = False
    bureau.settle(1)
    bureau.mailbox.deliver([mail(1), mail(2)], bureau.clock.now())
    with bureau.life() as office:
        bureau.cycle(office, 2)
        letters = office.ledger.letters(ROUND)
        (wanted,) = [item for item in letters if item.recipient == "ana@house1.example"]
        bureau.mailbox.deliver([report(wanted.message_id, "nobody@hidden.example")], bureau.clock.now())
        bureau.cycle(office)
        made = digest_day(office, office.rounds[0], bureau.clock.now().date(), queue=False)
        assert [(item.kind, "ana@house1.example" in item.name) for item in made.digest.bounced] == [("bounced", True)]

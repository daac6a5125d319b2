"""Proof before print: who gets it, what it says, and what becomes of the answer."""

from __future__ import annotations

import email
import email.policy
import shutil
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from intake.digest.tokens import tokens_in
from intake.errors import BadUsage
from intake.model.ledger import OutboxState, Outgoing
from intake.model.record import Action, Response, Status
from intake.model.round import ProofRule
from intake.model.verdict import Category, Disposition
from intake.pipeline import cases_of, settle_orders, verify
from intake.pipeline.deciding import Wish, decide
from intake.pipeline.notices import proof_letters, queue
from intake.pipeline.proofs import proposals
from tests.fakes.orders import OrderHouse, laid, mail_from

pytestmark = pytest.mark.timeout(280)
ANA = "ana.berg@ministry.example"
PASS = "dmarc=pass header.from=ministry.example"
BODY = (
    "Dear colleagues,\n\nresponse of the Ministry of Posts.\n\n"
    "Question 1. Power is the main obstacle in our villages, and spare parts come next.\n\n"
    "Question 2. The running costs should be met by a fund to which the operators of the country contribute each year.\n\n"
    "Best regards,\nAna Berg\nMinistry of Posts\nNorway\nTel. +47 22 33 44 55\n"
)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid(tmp_path_factory.mktemp("proof") / "state")


@pytest.fixture
def house(begun: Path, tmp_path: Path) -> Iterator[OrderHouse]:
    made = OrderHouse(Path(shutil.copytree(begun, tmp_path / "state")))
    made.clock.advance(timedelta(days=-20))
    made.judge()
    yield made
    assert verify(made.office).faults == ()
    made.close()


def rule(house: OrderHouse, **more: Any) -> None:
    house.round = replace(house.round, proof=ProofRule(**more))
    house.office.rounds = (house.round,)
    house.office.judged.clear()


def respond(house: OrderHouse, sender: str = f"Ana Berg <{ANA}>", results: str = PASS, **headers: str) -> str:
    mail = mail_from(
        sender, BODY, house.clock.now(), results=results, headers={"Subject": "Response of the Ministry of Posts", **headers}
    )
    return house.receive(mail)


def of(house: OrderHouse, key: str) -> Response:
    return next(item for item in house.judge().responses if key in item.messages)


def text_of(letter: Outgoing) -> str:
    message = email.message_from_bytes(letter.raw, policy=email.policy.default)
    return str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def sent(house: OrderHouse, key: str) -> Outgoing:
    """The proof as `notify proof` queues it for one response."""
    (letter,) = queue(house.office, proof_letters(house.office, house.round, [of(house, key).id]))
    return letter


def answer(
    house: OrderHouse, letter: Outgoing, text: str, sender: str = ANA, results: str = PASS, thread: bool = True
) -> EmailMessage:
    quoted = "\n".join(f"> {line}" for line in text_of(letter).split("\n"))
    headers = {"In-Reply-To": letter.message_id} if thread else {}
    return mail_from(
        sender,
        f"{text}\n\nAna\n\nOn Monday the secretariat wrote:\n{quoted}\n",
        house.clock.now(),
        results=results,
        headers=headers,
    )


def waiting(house: OrderHouse) -> list[Any]:
    return proposals(house.office, house.round, house.judge(), cases_of(house.office, house.round))


def test_the_proof_says_what_will_be_printed_and_goes_once(house: OrderHouse) -> None:
    key = respond(house)
    letter = sent(house, key)
    told = " ".join(text_of(letter).split())
    assert (letter.recipient, letter.state, letter.kind) == (ANA, OutboxState.QUEUED, "proof")
    assert "Organization: Ministry of Posts" in told
    assert "Country: Norway" in told
    assert "Power is the main obstacle in our villages" in told
    assert told.index("Question 1") < told.index("Power") < told.index("Question 2") < told.index("a fund to which")
    assert "22 33 44 55" not in told, "what is withheld is not repeated"
    assert queue(house.office, proof_letters(house.office, house.round, [of(house, key).id])) == ()
    house.rule(Action.ASSIGN, key, organization="Ministry of Posts and Ports")
    assert sent(house, key).message_id != letter.message_id, "another entry is another proof"


def test_nothing_of_an_unauthenticated_sender_is_repeated_unasked(house: OrderHouse) -> None:
    """Whom our own host did not vouch for, whom a list brought, whose Reply-To is another house's: only on an officer's word, and held."""
    doubtful = respond(house, "bo@other.example", "dmarc=none", **{"Message-ID": "<b@other.example>"})
    elsewhere = respond(house, **{"Reply-To": "victim@elsewhere.example", "Message-ID": "<c@ministry.example>"})
    every = {letter.recipient for letter in proof_letters(house.office, house.round)}
    assert not every & {"bo@other.example", "victim@elsewhere.example"}
    for key in (doubtful, elsewhere):
        assert of(house, key).status is Status.COUNTED
        letter = sent(house, key)
        assert letter.state is OutboxState.HELD
        assert "did not authenticate" in letter.reason


def test_an_answer_is_a_proposal_with_its_difference_and_changes_nothing_by_itself(house: OrderHouse) -> None:
    key = respond(house)
    letter = sent(house, key)
    before = len(house.office.ledger.letters())
    reply = house.receive(
        answer(house, letter, "Organization: Ministry of Posts and Ports\nCountry: Suède\nCategory: Civil society")
    )
    (one,) = waiting(house)
    assert one.correction.message == reply
    assert one.correction.trusted
    assert {(item.field, item.old, item.new) for item in one.changes} == {
        ("organization", "Ministry of Posts", "Ministry of Posts and Ports"),
        ("country", "NO", "SE"),
        ("category", "government", "civil_society"),
    }
    assert of(house, key).respondent.organization == "Ministry of Posts"
    (filed,) = [item for item in house.judge().filed if item.key == reply]
    assert (filed.disposition, filed.response, filed.letter) == (Disposition.CORRESPONDENCE, of(house, key).id, None)
    assert len(house.office.ledger.letters()) == before
    assert len(of(house, key).versions) == 1


def test_a_person_confirms_and_takes_back(house: OrderHouse) -> None:
    key = respond(house)
    reply = house.receive(answer(house, sent(house, key), "Organization: Ministry of Posts and Ports\nCountry: Sweden"))
    done = decide(house.office, Wish(number=reply, action=Action.CONFIRM, by="ana", reason="seen"))
    who = of(house, key).respondent
    assert (who.organization, who.country, who.region.value, who.category) == (
        "Ministry of Posts and Ports",
        "SE",
        "europe",
        Category.GOVERNMENT,
    )
    assert waiting(house) == []
    decide(house.office, Wish(number=done.ruling.id, action=Action.UNDO, by="ana", reason="wrong"))
    assert of(house, key).respondent.organization == "Ministry of Posts"
    assert len(waiting(house)) == 1
    number = of(house, key).id
    with pytest.raises(BadUsage, match="0 corrections"):
        decide(house.office, Wish(number=number, action=Action.CONFIRM, by="ana", reason="x", fields={"correction": "ffffffff"}))
    decide(house.office, Wish(number=number, action=Action.CONFIRM, by="ana", reason="seen", fields={"correction": "yes"}))
    assert of(house, key).respondent.country == "SE"
    before = house.facts()
    house.rebuild(lose=True)
    house.judge()
    assert house.facts() == before


def test_an_officer_settles_it_by_answering_the_digest(house: OrderHouse) -> None:
    key = respond(house)
    house.receive(answer(house, sent(house, key), "Organization: Ministry of Posts and Ports"))
    text = text_of(house.digest()["ben@council-group.example"])
    lines = text.split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith("- correction proposed"))
    assert "organization: Ministry of Posts → Ministry of Posts and Ports" in lines[start]
    (token,) = tokens_in("\n".join(lines[start : start + 4]))
    house.receive(mail_from("ben@council-group.example", f"apply {token}: letterhead seen\n", house.clock.now()))
    assert of(house, key).respondent.organization == "Ministry of Posts and Ports"


def test_another_sender_or_a_wrong_reference_corrects_nothing(house: OrderHouse) -> None:
    key = respond(house)
    letter = sent(house, key)
    eve = answer(house, letter, "Organization: Eve", "eve@evil.example", "dmarc=pass header.from=evil.example")
    house.receive(eve)
    stranger = mail_from(
        ANA, "Organization: Eve\n\nproof.0123456789ab.012345.0123456789abcdef0123\n", house.clock.now(), results=PASS
    )
    house.receive(stranger)
    assert waiting(house) == []
    assert of(house, key).respondent.organization == "Ministry of Posts"


def test_a_forged_answer_is_shown_as_unauthenticated_and_never_applied_by_rule(house: OrderHouse) -> None:
    rule(house, fields=("organization",))
    key = respond(house)
    house.receive(answer(house, sent(house, key), "Organization: Eve", results="dmarc=none"))
    assert [one.correction.trusted for one in waiting(house)] == [False]
    assert of(house, key).respondent.organization == "Ministry of Posts"


def test_the_rounds_rule_applies_named_fields_of_authenticated_senders_and_no_others(house: OrderHouse) -> None:
    rule(house, fields=("organization", "person"))
    key = respond(house)
    letter = sent(house, key)
    house.receive(answer(house, letter, "Organization: Ministry of Posts and Ports\nCountry: Sweden"))
    assert of(house, key).respondent.organization == "Ministry of Posts", (
        "a line that is not allowed keeps the whole for a person"
    )
    assert len(waiting(house)) == 1
    house.receive(answer(house, letter, "Organization: Ministry of Post"))
    assert of(house, key).respondent.organization == "Ministry of Post"
    ruling = house.rulings()[-1]
    assert (ruling.by, ruling.action) == ("configuration", Action.CONFIRM)
    decide(house.office, Wish(number=ruling.id, action=Action.UNDO, by="ana", reason="no"))
    house.again()
    rule(house, fields=("organization", "person"))
    settle_orders(house.office, house.round)
    assert of(house, key).respondent.organization == "Ministry of Posts", "undone stays undone"


def test_with_the_acknowledgement_where_the_round_says_so(house: OrderHouse) -> None:
    rule(house, with_acknowledgement=True)
    key = respond(house)
    (letter,) = [item for item in house.office.ledger.letters() if item.message == key]
    told = " ".join(text_of(letter).split())
    assert letter.kind == "acknowledgement"
    assert "Organization: Ministry of Posts" in told
    assert "Power is the main obstacle" in told
    doubtful = respond(house, "bo@other.example", "dmarc=none", **{"Message-ID": "<b@other.example>"})
    for item in house.office.ledger.letters():
        if item.message == doubtful:
            assert "Power is the main obstacle" not in text_of(item)
    reply = house.receive(answer(house, letter, "Name: Anna Berg"))
    assert [(one.correction.message, one.changes[0].new) for one in waiting(house)] == [(reply, "Anna Berg")]


def test_an_answer_with_new_answers_is_a_new_version(house: OrderHouse) -> None:
    """Whoever corrects the words of an answer sends a version: casework's, not a correction of lines."""
    key = respond(house)
    letter = sent(house, key)
    text = BODY.replace("Power is", "Energy is") + "\nOrganization: Ministry of Energy\n"
    house.receive(answer(house, letter, "Please replace our response by this revised version.\n\n" + text))
    assert waiting(house) == []
    assert len(of(house, key).versions) == 2


def test_what_is_not_understood_is_shown_and_not_applied(house: OrderHouse) -> None:
    key = respond(house)
    reply = house.receive(answer(house, sent(house, key), "Country: Atlantis\nالمنظمة: وزارة البريد"))
    (one,) = waiting(house)
    assert {(item.field, item.new) for item in one.changes} == {("country", None), ("organization", "وزارة البريد")}
    with pytest.raises(BadUsage, match="Atlantis"):
        decide(house.office, Wish(number=reply, action=Action.CONFIRM, by="ana", reason="x"))
    decide(
        house.office, Wish(number=reply, action=Action.RELABEL, by="ana", reason="no", fields={"disposition": "correspondence"})
    )
    assert waiting(house) == []

"""From waiting letters to a released revision by mail alone: letters approved, asked for, shown; passages withheld that nobody proposed; a
revision prepared, shown and released by a one-time token, by two officers where the house wants two. What is not right is refused by a word."""

from __future__ import annotations

import email
import email.policy
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as changed

from intake.model.ledger import OutboxState
from intake.model.record import Action, PublishMode
from intake.pipeline import verify
from intake.pipeline.releasing import orders_due
from tests.fakes.desk import GROUP, Desk, offered, text_of
from tests.fakes.orders import (
    BEN,
    by_sheet,
    filled,
    laid,
    mail_from,
    quoted,
)

pytestmark = pytest.mark.timeout(280)
DOUNIA, RITA = "dounia@council-group.example", "rita@council-group.example"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample round, taken in once."""
    return laid(tmp_path_factory.mktemp("orders") / "state", Desk)


@pytest.fixture
def house(begun: Path, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(Path(shutil.copytree(begun, tmp_path / "state")))
    made.judge()
    yield made
    assert verify(made.office).faults == ()
    made.close()


def answer(house: Desk, mail: EmailMessage, words: str, said: str, sender: str = BEN, **more: Any) -> str:
    """Somebody answers a letter of ours: the number of what it offers by `words`, and what he says."""
    number, _ = offered(text_of(mail), words)
    return house.receive(mail_from(sender, f"{number} {said}\n\n{quoted(text_of(mail))}", house.clock.now(), **more))


def digest(house: Desk, address: str = BEN) -> EmailMessage:
    return email.message_from_bytes(house.digest()[address].raw, policy=email.policy.default)  # type: ignore[return-value]


def test_letters_are_shown_and_approved_by_answering_and_those_that_came_later_still_wait(house: Desk) -> None:
    waits = house.waiting_letters()
    assert waits, "in approve every letter to a respondent waits"
    morning = digest(house)
    answer(house, morning, "approve / show", "show")
    shown = house.mail_to(BEN)
    (enclosed,) = [part for part in shown.iter_attachments() if part.get_filename() == "letters.txt"]
    told = enclosed.get_content()
    assert all(f"To: {letter.recipient}" in told for letter in waits)
    assert house.waiting_letters() == waits, "to look lets nothing go"
    new = mail_from(
        "zoe@library.example", "Question 1. Power is what our villages lack, and people who mend it.\n", house.clock.now()
    )
    house.receive(new)
    (later,) = [letter for letter in house.waiting_letters() if letter not in waits]
    answer(house, shown, "approve / show", "approve: read them all")
    assert house.waiting_letters() == [later]
    assert {letter.id for letter in house.office.ledger.letters() if letter.reason == "approved by ben"} == {
        item.id for item in waits
    }
    assert [(one.set["act"], one.by, one.reason) for one in house.orders()] == [
        ("show", "ben", ""),
        ("approve", "ben", "read them all"),
    ]
    answer(house, shown, "approve / show", "approve: again")
    assert house.refused() == ["spent"]


def test_one_letter_of_several_goes_by_sheet_and_the_same_by_command_is_the_same_record(house: Desk) -> None:
    first = house.waiting_letters()[0]
    data = filled(
        house.sheet("ben"),
        lambda cells, _: ("approve", None) if cells["Respondent"] == first.recipient and not cells["No."] else None,
    )
    by_sheet(house, data)
    assert [letter.id for letter in house.office.ledger.letters() if letter.reason == "approved by ben"] == [first.id]
    assert [one.set["about"] for one in house.orders()] == [f"letter:{first.id}"]


def test_a_respondent_is_asked_once(house: Desk) -> None:
    morning = digest(house)
    answer(house, morning, "ask", "ask")
    (made,) = [letter for letter in house.waiting_letters() if letter.kind == "chase"]
    answer(house, morning, "ask", "ask: once more")
    assert house.refused() == ["spent"]
    assert [letter.id for letter in house.waiting_letters() if letter.kind == "chase"] == [made.id]


def counted(house: Desk) -> tuple[str, Any]:
    """(public number, response) of a counted response in which words stand."""
    record = house.judge()
    public = house.office.ledger.numbers(house.round.id).public
    response = next(item for item in record.responses if item.status.value == "counted" and item.answers and item.id in public)
    return str(public[response.id]), response


def words_of(house: Desk, response: Any) -> str:
    passage = next(passage for _, found in response.answers for passage in found.passages)
    return " ".join(passage.text.split()[:4])


def test_words_that_nobody_proposed_are_withheld_by_answer_and_by_sheet(house: Desk) -> None:
    number, response = counted(house)
    words = words_of(house, response)
    before = len(response.withheld)
    answer(
        house,
        digest(house),
        "group only",
        f"redact {number} “{words}”: not for print",
    )
    record = house.judge()
    (now,) = [item for item in record.responses if item.id == response.id]
    assert len(now.withheld) > before
    (ruling,) = [one for one in house.rulings() if one.action is Action.REDACT and one.id in house.followed()]
    assert (ruling.by, ruling.reason) == ("ben", "not for print")
    data = filled(
        house.sheet("ben"),
        lambda cells, _: (
            ("group only", "asked by telephone") if cells["No."] == number and cells["What waits"] == "response" else None
        ),
    )
    by_sheet(house, data)
    (now,) = [item for item in house.judge().responses if item.id == response.id]
    assert now.publish_mode is PublishMode.GROUP_ONLY
    assert house.refused() == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("redact 9999 “anything”: so it is", "no_response"),
        ("redact {number}: so it is", "no_words"),
        ("redact {number} “words that stand nowhere at all”: so it is", "not_found"),
        ("redact {number} “{words}”", "no_reason"),
        ("seal {number} “no such file.pdf”: so it is", "not_found"),
        ("undo d-0123456789ab: so it is", "no_response"),
        ("release {number}: so it is", "unknown_act"),
    ],
)
def test_a_free_word_that_does_not_fit_is_refused_and_nothing_changes(house: Desk, said: str, why: str) -> None:
    number, response = counted(house)
    before = house.rulings()
    mail = digest(house)
    _, token = offered(text_of(mail), "group only")
    house.receive(mail_from(BEN, said.format(number=number, words=words_of(house, response)) + f" {token}\n", house.clock.now()))
    assert house.refused() == [why]
    assert house.rulings() == before


def prepared(house: Desk, address: str = DOUNIA) -> EmailMessage:
    """The proof list, as an officer who may release gets it."""
    house.clock.advance(timedelta(days=1))
    mail = digest(house, address)
    answer(house, mail, "إعداد", "إعداد", address)
    assert house.work() == 1
    return house.mail_to(address)


def test_a_revision_is_prepared_shown_and_released_and_the_group_is_written_to(house: Desk) -> None:
    """Only by an officer with the role; the proof list names every response that is printed; one token, one release."""
    ready = prepared(house)
    assert "المراجعة 0" in ready["Subject"]
    names = {part.get_filename() for part in ready.iter_attachments()}
    assert {"draft.pdf", "draft.docx"} < names
    public = house.office.ledger.numbers(house.round.id).public
    record = house.judge()
    printed = [item for item in record.responses if item.status.value == "counted"]
    told = " ".join(text_of(ready).split())
    assert all(re.search(rf"(?<!\d){public[item.id]} –", told) for item in printed)
    _, token = offered(text_of(ready), "إصدار")
    house.receive(mail_from(BEN, f"release {token}\n", house.clock.now()))
    assert house.refused() == ["wrong_sender"]
    assert house.office.ledger.revisions(house.round.id) == ()
    answer(house, ready, "إصدار", "إصدار", DOUNIA)
    assert house.work() == 1
    (revision,) = house.office.ledger.revisions(house.round.id)
    assert revision.released_by == "dounia"
    (letter,) = [item for item in house.office.ledger.letters() if item.kind == "release"]
    assert (letter.recipient, letter.state) == (GROUP, OutboxState.WAITING_APPROVAL)
    over = house.mail_to(DOUNIA)
    assert revision.manifest_sha256 in text_of(over).replace("\n", "")
    answer(house, over, "موافقة", "موافقة", DOUNIA)
    assert house.office.ledger.letter(letter.id).state is OutboxState.QUEUED  # type: ignore[union-attr]
    answer(house, ready, "إصدار", "إصدار", DOUNIA)
    assert house.refused()[-1] == "spent"
    assert (house.work(), len(house.office.ledger.revisions(house.round.id))) == (0, 1)
    before = house.facts()
    house.rebuild(lose=True)
    house.judge()
    assert house.facts() == before
    assert orders_due(house.office, house.round) == []


def test_what_changed_since_the_proof_list_is_not_released(house: Desk) -> None:
    """A decision meanwhile: the token is void; one between the order and its carrying out: told by a letter, nothing released."""
    ready = prepared(house)
    _, response = counted(house)
    house.rule(Action.PUBLISH_MODE, response.messages[0], mode="without_name")
    house.judge()
    answer(house, ready, "إصدار", "إصدار", DOUNIA)
    assert house.refused() == ["stale"]
    ready = prepared(house)
    answer(house, ready, "إصدار", "إصدار", DOUNIA)
    house.rule(Action.EXCLUDE, response.messages[0])
    house.judge()
    assert house.work() == 1
    assert house.office.ledger.revisions(house.round.id) == ()
    assert "لم تصدر المراجعة 0" in house.mail_to(DOUNIA)["Subject"]
    assert house.work() == 0, "told once"


def test_an_editor_is_not_offered_a_release_and_may_not_order_one(house: Desk) -> None:
    text = text_of(digest(house))
    assert "prepare" not in text
    mail = digest(house, DOUNIA)
    _, token = offered(text_of(mail), "إعداد")
    house.receive(mail_from(BEN, f"prepare {token}\n", house.clock.now()))
    assert house.refused() == ["wrong_sender"]
    assert house.work() == 0


def test_two_officers_release_where_the_house_wants_two(house: Desk) -> None:
    """The first one's word waits and is shown to the others who may; nobody seconds himself; the second one's word releases, once."""
    policy = house.policy
    assert policy is not None
    house.policy = replace(
        policy, officers=tuple(changed(item, role=3) if item.name == "ben" else item for item in policy.officers)
    )
    house.office.orders = house.policy
    house.office.second_officer = frozenset({"release"})
    ready = prepared(house)
    answer(house, ready, "إصدار", "إصدار", DOUNIA)
    (order,) = house.orders(Action.RELEASE)
    assert house.work() == 1, "the second officer is shown what he is asked for"
    assert house.office.ledger.revisions(house.round.id) == ()
    shown = house.mail_to(BEN)
    assert "dounia" in text_of(shown)
    _, token = offered(text_of(shown), "confirm / undo")
    house.receive(mail_from(DOUNIA, f"confirm {token}: mine\n", house.clock.now()))
    assert house.refused() == ["wrong_sender"]
    assert "تأكيد" not in text_of(digest(house, DOUNIA)).split("ما يمكن طلبه")[0].split(order.id)[0][-200:]
    answer(house, shown, "confirm / undo", "confirm: seen")
    assert house.work() == 1
    (revision,) = house.office.ledger.revisions(house.round.id)
    assert revision.released_by == "dounia, ben"
    assert house.work() == 0


def test_a_forged_release_and_one_that_a_bounce_encloses_do_nothing(house: Desk) -> None:
    ready = prepared(house)
    before = len(house.office.ledger.letters())
    answer(house, ready, "إصدار", "إصدار", DOUNIA, results="dmarc=fail header.from=council-group.example")
    assert house.refused() == ["not_authenticated"]
    assert len(house.office.ledger.letters()) == before
    bounce = mail_from(
        "MAILER-DAEMON@council-group.example",
        f"This could not be delivered.\n\n{text_of(ready)}",
        house.clock.now(),
        headers={"Auto-Submitted": "auto-replied", "Subject": "Undelivered Mail Returned to Sender"},
    )
    house.receive(bounce)
    assert house.work() == 0
    assert house.office.ledger.revisions(house.round.id) == ()

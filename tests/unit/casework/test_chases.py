"""What is missing is asked for in the sender's language, by a day before the synthesis, once; what has come closes the question."""
# ruff: noqa: E501 - a mail stands on one line

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from intake.casework.judge import judge
from intake.model.ledger import OutboxState
from intake.model.record import Action, Record
from intake.pipeline.notices import chase_letters, queue
from tests.fakes.house import BEGUN, House
from tests.fakes.mails import AT, a_mail, cases_of, the_round

HOUR = timedelta(hours=1)
SYNTHESIS = the_round().dates.physical_consultation - timedelta(days=15)
FORGOT = {
    "en": ("Our response", "Dear secretariat,\n\nplease find attached our response to the consultation.\n\nAna Berg\nRelay Islands Cooperative\nTallinn, Estonia\n"),
    "fr": ("Notre réponse", "Madame, Monsieur,\n\nveuillez trouver ci-joint notre réponse à la consultation.\n\nAna Berg\nCoopérative des îles Relais\nDakar, Sénégal\n"),
    "es": ("Nuestra respuesta", "Estimada secretaría:\n\nAdjunto les enviamos nuestra respuesta a la consulta.\n\nAna Berg\nCooperativa de las Islas del Relé\nLima, Perú\n"),
    "ru": ("Наш ответ", "Уважаемые коллеги,\n\nво вложении направляем наш ответ на консультацию.\n\nАнна Берг\nКооператив островов Реле\nМинск, Беларусь\n"),
    "ar": ("ردنا", "السادة الأمانة،\n\nتجدون طيه ردنا على الاستشارة في المرفق.\n\nآمنة برغ\nتعاونية جزر الترحيل\nالرباط، المغرب\n"),
    "zh": ("我们的答复", "秘书处，您好：\n\n随函附上我们对磋商的答复，请查收附件。\n\n陈安\n中继群岛合作社\n中国北京\n"),
}  # fmt: skip
ANSWERS = ("answers.txt", b"Question 1: Shared cables bring the price of a link down for every island.\n", "text/plain")
LOCKED = ("answers.zip", b"PK\x03\x04\x14\x00\x01\x00\x08\x00" + bytes(60), "application/zip")


def judged(*mails: object) -> Record:
    """Their record."""
    return judge(the_round(), cases_of(mails), ())  # type: ignore[arg-type]


@pytest.mark.parametrize("language", FORGOT)
def test_a_forgotten_file_is_asked_for_in_the_senders_language_and_its_coming_closes_the_question(language: str) -> None:
    subject, text = FORGOT[language]
    first = a_mail(subject, text)
    (response,) = judged(first).responses
    assert response.language == language
    open_ones = [chase for chase in response.chases if chase.closed_by is None and chase.reason in ("unreadable", "link_only")]
    assert len(open_ones) == 1
    assert open_ones[0].due_on is not None
    assert AT.date() < open_ones[0].due_on < SYNTHESIS
    cured = judged(first, a_mail(f"Re: {subject}", text, files=[ANSWERS], at=AT + HOUR))
    (closed,) = [chase for chase in cured.responses[0].chases if chase.reason == open_ones[0].reason]
    assert closed.closed_by == cured.filed[1].key


@pytest.mark.parametrize("days", [0, 20, 29, 43, 60])
def test_the_day_to_answer_lies_before_the_synthesis_whenever_it_came(days: int) -> None:
    subject, text = FORGOT["en"]
    at = AT + timedelta(days=days)
    (chase,) = [item for item in judged(a_mail(subject, text, at=at)).responses[0].chases if item.reason == "unreadable"]
    assert chase.due_on is not None
    assert chase.due_on > at.date()
    assert chase.due_on < SYNTHESIS or at.date() >= SYNTHESIS - timedelta(days=2)


@pytest.mark.parametrize("language", FORGOT)
def test_a_letter_that_has_not_gone_when_the_answer_comes_does_not_go(tmp_path: Path, language: str) -> None:
    subject, text = FORGOT[language]
    house = House(tmp_path / "state")
    house.office.post = None
    first = a_mail(subject, text, f"ana@{language}.example", at=BEGUN)
    house.take([first.as_bytes()])
    house.judge()
    made = queue(house.office, chase_letters(house.office, house.round))
    assert [letter.language for letter in made] == [language] * len(made)
    assert made
    assert queue(house.office, chase_letters(house.office, house.round)) == ()
    house.take([a_mail(f"Re: {subject}", text, f"ana@{language}.example", files=[ANSWERS], at=BEGUN + HOUR).as_bytes()])
    record = house.judge()
    closed = {chase.reason for response in record.responses for chase in response.chases if chase.closed_by}
    assert closed
    for letter in made:
        kept = house.office.ledger.letter(letter.id)
        assert kept is not None
        answered = any(f":{reason}:" in letter.id for reason in closed)
        assert (kept.state is OutboxState.SUPPRESSED) is answered
    house.close()


def test_nobody_is_asked_any_more_whose_response_was_withdrawn(tmp_path: Path) -> None:
    subject, text = FORGOT["en"]
    house = House(tmp_path / "state")
    house.take([a_mail(subject, text, at=BEGUN).as_bytes()])
    record = house.judge()
    made = queue(house.office, chase_letters(house.office, house.round))
    house.rule(Action.WITHDRAW, record.filed[0].key)
    house.judge()
    assert {house.office.ledger.letter(item.id).state for item in made} == {OutboxState.SUPPRESSED}  # type: ignore[union-attr]
    house.close()

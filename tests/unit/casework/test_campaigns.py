"""Near-identical mails of many persons, and what is none."""
# ruff: noqa: E501 - a mail stands on one line, in its own script

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest

from intake.casework.judge import judge
from intake.model.record import Record
from tests.fakes.mails import AT, a_mail, cases_of, the_round

FORMS = {
    "en": "I write as a citizen of a small island. Our only cable belongs to one firm, and the price of a link is beyond what schools can pay. Please ask all governments to open the landing stations to everybody and to give small satellite firms one licence for the whole region.",
    "fr": "J'écris en tant qu'habitant d'une petite île. Notre seul câble appartient à une entreprise et le prix d'une liaison dépasse ce que les écoles peuvent payer. Veuillez demander aux gouvernements d'ouvrir les stations à tous et de donner une seule licence aux petits exploitants de satellites.",
    "es": "Escribo como habitante de una pequeña isla. Nuestro único cable pertenece a una empresa y el precio de un enlace supera lo que las escuelas pueden pagar. Pidan a los gobiernos que abran las estaciones a todos y que den una sola licencia a los pequeños operadores de satélites.",
    "ru": "Пишу как житель маленького острова. Единственный кабель принадлежит одной фирме, и цена линии выше того, что могут заплатить школы. Просим правительства открыть станции для всех и дать малым спутниковым операторам одну лицензию на весь регион, чтобы связь стала доступной.",
    "zh": "我是一个小岛的居民。我们唯一的海缆属于一家公司，线路价格超出学校的承受能力。请各国政府向所有人开放登陆站，并让小型卫星公司在整个区域只需一张许可证，使岛上的每个家庭都用得起网络。",
    "ar": "أكتب بصفتي من سكان جزيرة صغيرة. كابلنا الوحيد تملكه شركة واحدة، وسعر الوصلة يفوق ما تستطيع المدارس دفعه. نرجو أن تفتح الحكومات محطات الإنزال للجميع وأن تمنح شركات السواتل الصغيرة ترخيصاً واحداً للمنطقة كلها حتى تصبح الشبكة في متناول كل أسرة.",
}
PEOPLE = ("Mia Holm", "Ove Dahl", "Pia Lund", "Kai Roos", "Eda Kask")


def letters(language: str, people: tuple[str, ...] = PEOPLE) -> list[EmailMessage]:
    """The same text of several persons, each with a word of his own."""
    return [
        a_mail("Open the cables", f"{FORMS[language]}\n\n{name}\n", sender=f"{name} <p{number}@mail{number}.example>", at=AT + timedelta(minutes=number))
        for number, name in enumerate(people)
    ]  # fmt: skip


def judged(mails: list[EmailMessage]) -> Record:
    """Their record."""
    return judge(the_round(), cases_of(mails), ())


@pytest.mark.parametrize("language", FORMS)
def test_near_identical_mails_are_shown_once_and_belong_to_no_response(language: str) -> None:
    record = judged(letters(language))
    assert [(item.disposition.value, item.response) for item in record.filed] == [("campaign", None)] * 5
    assert [len(item.messages) for item in record.campaigns] == [5]
    assert record.campaigns[0].representative == record.filed[0].key
    assert (record.counts.campaign_copies, record.counts.counted) == (5, 0)
    assert all(item.letter is not None for item in record.filed)


def test_a_second_mail_of_one_person_gets_no_letter() -> None:
    again = a_mail(
        "Open the cables!",
        f"{FORMS['en']} Thank you.\n\nMia Holm\n",
        sender="Mia Holm <p0@mail0.example>",
        at=AT + timedelta(hours=1),
    )
    record = judged([*letters("en"), again])
    assert [item.letter is None for item in record.filed] == [False] * 5 + [True]


def test_two_alike_are_no_campaign() -> None:
    assert judged(letters("en", PEOPLE[:2])).campaigns == ()


def test_the_organizations_own_letter_is_a_response() -> None:
    own = a_mail(
        "Our response",
        f"{FORMS['en']}\n\nInes Faro\nCoordinator\nOpen Shores Network\nFaro, Portugal\nwww.openshores.example\n",
        sender="Open Shores Network <office@openshores.example>",
        at=AT - timedelta(hours=1),
    )
    members = [
        a_mail("Open the cables", f"{FORMS['en']}\n\n{name}\nSent with the form of www.openshores.example\n", sender=f"{name} <p{number}@mail{number}.example>", at=AT + timedelta(minutes=number))
        for number, name in enumerate(PEOPLE)
    ]  # fmt: skip
    record = judged([own, *members])
    assert [item.disposition.value for item in record.filed] == ["response"] + ["campaign"] * 5
    assert [item.respondent.organization for item in record.responses] == ["Open Shores Network"]

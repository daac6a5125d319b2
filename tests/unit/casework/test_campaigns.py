"""Near-identical mails of many persons, and what is none."""
# ruff: noqa: E501 - a mail stands on one line, in its own script

from __future__ import annotations

import itertools
from datetime import timedelta
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.casework.judge import judge
from intake.casework.personal import added
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


OWN = {
    "en": "My daughter walks four miles to the harbour to send her homework, and the boat that brings the post was cancelled twice.",
    "fr": "Ma fille marche six kilomètres jusqu'au port pour envoyer ses devoirs, et le bateau du courrier a été annulé deux fois.",
    "es": "Mi hija camina seis kilómetros hasta el puerto para enviar sus deberes, y el barco del correo se canceló dos veces.",
    "ru": "Моя дочь идёт шесть километров до гавани, чтобы отправить домашнее задание, а почтовый катер дважды отменяли.",
    "zh": "我女儿要走六公里到码头才能交作业，而送信的船这个月已经停了两次。",
    "ar": "تمشي ابنتي ستة كيلومترات إلى الميناء لترسل واجباتها، وقد أُلغي قارب البريد مرتين هذا الشهر.",
}


@pytest.mark.parametrize("language", FORMS)
def test_what_a_single_mail_adds_is_shown_and_nothing_else(language: str) -> None:
    mails = letters(language)
    mails[2] = a_mail(
        "Open the cables",
        f"{FORMS[language]}\n\n{OWN[language]}\n\n{PEOPLE[2]}\n",
        sender=f"{PEOPLE[2]} <p2@mail2.example>",
        at=AT + timedelta(minutes=2),
    )
    mails[3] = a_mail(
        "Open the cables",
        f"{OWN[language]} {FORMS[language]}\n\n{PEOPLE[3]}\n",
        sender=f"{PEOPLE[3]} <p3@mail3.example>",
        at=AT + timedelta(minutes=3),
    )
    record = judged(mails)
    (campaign,) = record.campaigns
    assert [key for key, _ in campaign.personal] == [record.filed[2].key, record.filed[3].key]
    assert [" ".join(passage.text.split()) for _, passage in campaign.personal] == [OWN[language]] * 2
    text = {case.key: case.arrival.reading.text for case in cases_of(mails)}
    assert all(text[key][passage.start : passage.end] == passage.text for key, passage in campaign.personal)
    assert (campaign.similarity, campaign.minimum) == (0.6, 3)


@pytest.mark.parametrize("language", FORMS)
def test_a_word_changed_is_the_campaigns_own(language: str) -> None:
    common = FORMS[language]
    words = common.split(" ") if language != "zh" else list(common)
    changed = ("" if language == "zh" else " ").join([*words[:10], *words[11:]])
    assert added(common, changed) == ()


@given(st.text(max_size=400), st.text(max_size=400))
def test_what_is_added_stands_in_the_text_once_and_never_in_the_common_one(common: str, text: str) -> None:
    spans = added(common, text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert added(text, text) == ()

"""Numbered questions without question marks, papers for others that name no word of ours, widows, cards, and what one house sends twice."""
# ruff: noqa: E501 - a mail stands on one line, in its own script

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.casework.judge import judge
from intake.model.mail import ChannelKind
from tests.fakes.mails import AT, a_mail, cases_of, the_round, verdict_of

PRESS = {
    "en": "I write for the Ledger. Could you tell me by Friday:\n\n1. how many replies came in,\n2. from how many governments,\n3. who decides what is printed?\n\nThanks, Tove Lind",
    "fr": "J'écris pour le Registre. Pourriez-vous m'indiquer :\n\n1. combien de réponses sont arrivées,\n2. de combien de gouvernements,\n3. qui décide de la publication ?\n\nTove Lind",
    "es": "Escribo para El Registro. ¿Podrían decirme:\n\n1. cuántas respuestas llegaron,\n2. de cuántos gobiernos,\n3. quién decide la publicación?\n\nTove Lind",
    "ru": "Я пишу для газеты «Реестр». Сообщите, пожалуйста:\n\n1. сколько ответов поступило,\n2. от скольких правительств,\n3. кто решает о публикации?\n\nТове Линд",
    "zh": "我是《纪事报》记者，请告知：\n\n1. 多少份答复已收到，\n2. 多少来自政府，\n3. 谁决定公布？\n\n托芙",
    "ar": "أكتب لصحيفة السجل. نرجو إفادتنا:\n\n1. كم عدد الردود التي وصلت،\n2. كم منها من الحكومات،\n3. من يقرر النشر؟\n\nتوفه",
}
ANSWERLESS = {
    "en": "I am writing a thesis. When are the responses published? Your question 2 is my chapter, but this is not a response, I only want to read.",
    "fr": "J'écris une thèse. Quand les réponses seront-elles publiées ? La question 2 est mon chapitre, mais ce n'est pas une réponse.",
    "es": "Hago una tesis. ¿Cuándo se publican las respuestas? Sobre su pregunta 2 es mi capítulo, pero no respondo la consulta.",
    "ru": "Пишу диплом. Когда будут опубликованы ответы? Вопрос 2 — моя глава, но это не ответ, я хочу только прочесть.",
    "zh": "我在写论文，请问答复何时公布？问题2正是我的一章，但这不是答复，我只想阅读。",
    "ar": "أكتب أطروحة. متى تنشر الردود؟ السؤال 2 هو فصلي، لكن هذا ليس رداً، أريد القراءة فقط.",
}
WIDOWS = {
    "en": "Dearest, I am a widow with a terminal illness and wish to donate USD 4,500,000. Send me your bank so that my lawyer may release the fund.",
    "fr": "Cher ami, je suis veuve, atteinte d'une maladie incurable, et souhaite faire un don de 4,5 millions d'euros. Envoyez vos coordonnées.",
    "es": "Querido: soy viuda con enfermedad terminal y deseo donar 4,5 millones de dólares. Envíe su banco a mi abogado.",
    "ru": "Дорогой друг, я вдова, неизлечимо больна и хочу пожертвовать 4,5 миллиона долларов. Пришлите реквизиты моему адвокату.",
    "zh": "亲爱的：我是一名寡妇，身患绝症，愿意捐赠四百五十万美元，请把您的银行资料发给律师。",
    "ar": "عزيزي، أنا أرملة مصابة بمرض عضال وأرغب في التبرع بمبلغ 4 مليون دولار. أرسل بياناتك إلى المحامي.",
}
CARDS = {
    "en": "I would like to extend the loan of a book (library card no. 40117) until 15 April, as I could not come on Saturday. Thank you!",
    "fr": "Je souhaite prolonger le prêt d'un livre (carte n° 40117) jusqu'au 15 avril, je n'ai pas pu venir samedi. Merci !",
    "es": "Quisiera prorrogar el préstamo de un libro (carné n.º 40117) hasta el 15 de abril, no pude ir el sábado. ¡Gracias!",
    "ru": "Прошу продлить книгу до 15 апреля (карта № 40117), в субботу прийти не смогла. Спасибо!",
    "zh": "我想把一本书续借到四月十五日（借书证号 40117），周六没能来，谢谢！",
    "ar": "أرغب في تمديد استعارة كتاب (بطاقة رقم 40117) حتى 15 أبريل، ولم أتمكن من الحضور يوم السبت. شكراً!",
}
ANSWERS = "Question 1: Shared cables bring the price of a link down for every island of the group.\n\nQuestion 2: One form for the whole region is what small operators need.\n\nAna Berg\nRelay Islands Cooperative\nTallinn, Estonia"
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("language", PRESS)
def test_numbered_questions_are_no_answers(language: str) -> None:
    verdict = verdict_of(a_mail("Press", PRESS[language], "Tove Lind <tove@ledger.example>"))
    assert verdict.disposition.value == "enquiry", verdict.findings


@pytest.mark.parametrize("language", ANSWERLESS)
def test_what_says_that_it_answers_nothing_asks(language: str) -> None:
    verdict = verdict_of(a_mail("Thesis", ANSWERLESS[language]))
    assert verdict.disposition.value == "enquiry", verdict.findings


@pytest.mark.parametrize("language", WIDOWS)
def test_widows_are_spam(language: str) -> None:
    verdict = verdict_of(a_mail("Donation", WIDOWS[language], "Agatha <agatha@quick.example>"))
    assert verdict.disposition.value == "spam", verdict.findings


@pytest.mark.parametrize("language", CARDS)
def test_ones_card_is_another_offices(language: str) -> None:
    verdict = verdict_of(a_mail("Loan", CARDS[language]))
    assert verdict.disposition.value == "misdirected", verdict.findings


def test_answers_to_a_procedure_that_shares_no_word_with_ours_are_misdirected() -> None:
    text = "Dear team,\n\nQuestion 1: We prefer the upper part.\nQuestion 2: Indoor only, 250 mW.\nQuestion 3: No.\n\nTove Lind"
    assert verdict_of(a_mail("Input to the consultation on the 6 GHz band", text)).disposition.value == "misdirected"


def test_a_text_signed_by_several_is_no_support() -> None:
    text = "联谊会与阅读会共同提交以下意见。\n\n问题一：岛屿之间共用海缆，偏远社区的线路价格就会下降，学校和诊所都能负担，渔民也不必再排队等候。\n\n问题二：整个区域只需一张许可证，小型卫星公司才能进入偏远岛屿市场。\n\n联署：\n陈美玲，会长，群岛学校联谊会\n林志强，秘书，家长阅读会"
    assert verdict_of(a_mail("共同提交", text)).disposition.value == "response"


def test_another_of_the_house_makes_readable_what_could_not_be_read() -> None:
    locked = a_mail("Response", "Please find our response attached.\n\nRelay Islands Cooperative", "Service <service@relay.example>", files=[("response.docx", b"PK\x03\x04 cut", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")], message_id="<1@relay.example>")  # fmt: skip
    pasted = a_mail(
        "Re: your file cannot be opened",
        "Sorry, the upload broke. Same content, pasted here.\n\n" + ANSWERS,
        at=AT + HOUR,
        message_id="<2@relay.example>",
    )
    record = judge(the_round(), cases_of([locked, pasted]), ())
    assert [item.disposition.value for item in record.filed] == ["response", "copy"]
    assert [len(version.messages) for version in record.responses[0].versions] == [2]


def test_another_of_the_house_sends_the_same_answers() -> None:
    again = a_mail(
        "Fwd: Our response",
        "The journal shows no sending, so here it is.\n\n" + ANSWERS,
        "Registry <registry@relay.example>",
        at=AT + HOUR,
        message_id="<2@relay.example>",
    )
    record = judge(the_round(), cases_of([a_mail("Our response", ANSWERS, message_id="<1@relay.example>"), again]), ())
    assert [item.disposition.value for item in record.filed] == ["response", "copy"]


def test_a_note_of_the_house_belongs_to_its_response() -> None:
    note = a_mail("Paper copy", "The signed paper of our letter of 2 May follows by courier; nothing in it is changed. For information only.", "Registry <registry@relay.example>", at=AT + HOUR, message_id="<2@relay.example>")  # fmt: skip
    record = judge(the_round(), cases_of([a_mail("Our response", ANSWERS, message_id="<1@relay.example>"), note]), ())
    assert [item.disposition.value for item in record.filed] == ["response", "correspondence"]


def test_the_lists_copy_of_a_text_gets_no_letter() -> None:
    listed = a_mail(
        "[Links] Our response",
        ANSWERS,
        headers=[("List-Id", "<links-list.consult.example.int>")],
        at=AT + HOUR,
        message_id="<9@lists.example>",
    )
    record = judge(
        the_round(),
        cases_of([a_mail("Our response", ANSWERS, message_id="<1@relay.example>"), listed], {1: ChannelKind.LIST}),
        (),
    )
    assert [item.disposition.value for item in record.filed] == ["response", "copy"]
    assert record.filed[1].letter is None

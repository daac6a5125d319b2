"""Journals that sell, heirs that wait, papers for accounts; support in words of every day; parts that count themselves in Chinese."""
# ruff: noqa: E501 - a mail stands on one line, in its own script

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.casework.judge import judge
from tests.fakes.mails import AT, a_mail, cases_of, the_round, verdict_of

JOURNALS = {
    "en": "Dear Researcher, the Review of Island Links invites your valuable contribution to its special issue on links for remote communities within 48 hours. Publication charge: USD 799.",
    "fr": "Cher chercheur, la Revue des liaisons insulaires attend votre précieuse contribution pour son numéro spécial sur les communautés isolées. Frais de publication : 799 USD.",
    "es": "Estimado investigador: la Revista de Enlaces Insulares espera su valiosa contribución para su número especial sobre comunidades remotas. Cargo por publicación: 799 USD.",
    "ru": "Уважаемый автор! Журнал островной связи готовит спецвыпуск о связи отдалённых общин. Импакт-фактор 3,2, плата за публикацию 799 долларов.",
    "zh": "尊敬的作者：《海岛通信》专刊诚邀您就偏远社区的连接来稿，影响因子3.2，版面费799美元。",
    "ar": "عزيزي الباحث، مجلة روابط الجزر تدعوكم إلى عدد خاص عن ربط المجتمعات النائية. معامل التأثير 3.2، رسوم النشر 799 دولاراً.",
}
HEIRS = {
    "en": "Dear friend, I am the lawyer of my late client, an engineer of links who died without heirs and left 14 million dollars in a dormant account. Will you stand as his next of kin?",
    "fr": "Cher ami, je suis le notaire de feu M. Lambert, ingénieur, décédé sans héritier en laissant 14,7 millions d'euros. Acceptez-vous d'être le bénéficiaire de ce dossier de succession ?",
    "es": "Estimado amigo: mi difunto cliente, ingeniero de enlaces, falleció sin herederos y dejó una herencia de 14 millones de dólares. ¿Acepta usted presentarse como beneficiario?",
    "ru": "Дорогой друг! Мой покойный клиент, инженер связи, умер без наследников и оставил наследство в 14 миллионов долларов. Согласны ли вы стать получателем?",
    "zh": "亲爱的朋友：我的客户是一名通信工程师，去世时无继承人，留下遗产一千四百万美元。您愿意以亲属名义领取吗？",
    "ar": "صديقي العزيز، توفي موكلي وهو مهندس اتصالات بدون وريث وترك تركة المرحوم وقدرها 14 مليون دولار. هل تقبل أن تكون المستفيد؟",
}
PAPERS = {
    "en": (
        "Invoice 2024-0388",
        "Please find attached our invoice for the printing of the February papers, payable within thirty days.",
        "Invoice 2024-0388.pdf",
    ),
    "fr": (
        "Facture 2024-0388 / photocopies",
        "Veuillez trouver ci-joint notre facture pour l'impression des documents de février, payable à trente jours.",
        "Facture 2024-0388.pdf",
    ),
    "es": (
        "Factura 2024-0388",
        "Adjuntamos nuestra factura por la impresión de los documentos de febrero, pagadera a treinta días.",
        "Factura_2024-0388.pdf",
    ),
    "ru": ("Счёт 0388", "Направляем счёт за печать документов февральской встречи, срок оплаты тридцать дней.", "Счёт 0388.pdf"),
    "zh": ("发票 2024-0388", "随信附上二月份文件印刷的发票，请于三十天内付款。", "发票2024-0388.pdf"),
    "ar": ("فاتورة 2024-0388", "نرفق لكم فاتورتنا عن طباعة وثائق فبراير، وتدفع خلال ثلاثين يوماً.", "فاتورة 0388.pdf"),
}
NAMES = {
    "en": "I run the ferry that Morag mentions. She sent me the letter she wrote you on 14 February, and I would like it noted that every word is true. Please put my name behind it.",
    "fr": "Je conduis le bac dont parle Morag. Elle m'a envoyé la lettre qu'elle vous a écrite ; chaque mot est vrai, merci d'y ajouter mon nom.",
    "es": "Manejo el transbordador que menciona Morag. Me envió la carta que les escribió; cada palabra es cierta y pido que agreguen mi nombre.",
    "ru": "Я вожу паром, о котором пишет Мораг. Она прислала мне своё письмо к вам; подпишусь под каждым словом.",
    "zh": "我是莫拉格信里提到的渡船船长。她把写给贵处的信给我看了，句句属实，请把我的名字加上。",
    "ar": "أقود العبّارة التي تذكرها موراغ. أرسلت إليّ الرسالة التي كتبتها إليكم، وكل كلمة فيها صحيحة، فأضيفوا اسمي إليها.",
}
IT = {
    "en": "Hi all, quick note. The Harbour exchange showed us what it sent on Saturday. Open Peering Sandvik fully supports it; nothing to add from our side.",
    "fr": "Bonjour, le point d'échange du port nous a montré ce qu'il a envoyé samedi. Peering Sandvik le soutient pleinement et n'a rien à ajouter.",
    "es": "Hola, el punto de intercambio del puerto nos mostró lo que envió el sábado. Peering Sandvik respalda plenamente su texto; nada que añadir.",
    "ru": "Добрый день! Узел обмена порта показал нам то, что отправил в субботу. Мы полностью поддерживаем это, добавить нечего.",
    "zh": "各位好，港口交换中心给我们看了他们星期六所提的内容，我们完全支持上述意见，没有补充。",
    "ar": "تحية طيبة، أطلعنا مركز التبادل في الميناء على ما أرسله يوم السبت. نؤيد ذلك بالكامل وليس لدينا ما نضيفه.",
}


@pytest.mark.parametrize("language", JOURNALS)
def test_journals_that_sell_are_spam(language: str) -> None:
    verdict = verdict_of(a_mail("Submit your contribution", JOURNALS[language], "Editor <editor@review.example>"))
    assert verdict.disposition.value == "spam", verdict.findings


@pytest.mark.parametrize("language", HEIRS)
def test_heirs_that_wait_are_spam(language: str) -> None:
    verdict = verdict_of(a_mail("Confidential", HEIRS[language], "M. Kouassi <k@heirs.example>"))
    assert verdict.disposition.value == "spam", verdict.findings


@pytest.mark.parametrize("language", PAPERS)
def test_papers_for_accounts_are_misdirected(language: str) -> None:
    subject, text, name = PAPERS[language]
    verdict = verdict_of(a_mail(subject, text, files=[(name, b"%PDF-1.4 cut", "application/pdf")]))
    assert verdict.disposition.value == "misdirected", verdict.findings


@pytest.mark.parametrize("texts", [NAMES, IT], ids=["names", "it"])
@pytest.mark.parametrize("language", NAMES)
def test_support_in_words_of_every_day(language: str, texts: dict[str, str]) -> None:
    verdict = verdict_of(a_mail("We agree", texts[language], "Angus Gillies <angus@ferry.example>"))
    assert verdict.disposition.value == "endorsement", verdict.findings


def test_a_locked_file_that_is_presented_is_a_response() -> None:
    """Words that support stand in covering words too."""
    text = "De nuestra consideración:\n\nAdjuntamos la respuesta de la Cámara. La clave va por separado; apoyamos el proceso.\n"
    verdict = verdict_of(a_mail("Respuesta", text, files=[("respuesta.pdf", b"%PDF-1.4 cut", "application/pdf")]))
    assert verdict.disposition.value == "response", verdict.findings


@pytest.mark.parametrize("subject", ["研究中心答复（之{}，共三封）", "答复（第{}封，共三封）", "答复：共三封，第{}封"])
def test_parts_count_themselves(subject: str) -> None:
    for number, sign in enumerate("一二三", 1):
        verdict = verdict_of(
            a_mail(subject.format(sign), f"问题{sign}：岛屿之间共用海缆可以降低线路价格，也便于维护。\n\n顾一鸣\n")
        )
        assert (verdict.signals.part_number, verdict.signals.part_total) == (number, 3)


def test_a_ministry_and_its_mission_send_one_text() -> None:
    document = (
        b"Question 1: " + b"Shared cables bring the price of a link down for every island of the group, and for its schools. " * 4
    )
    files = [("response.txt", document, "text/plain")]
    mission = a_mail("Note verbale", "The Permanent Mission of Tonga presents its compliments and transmits the response of the Ministry of Communications of Tonga.", "Mission <mission@tonga-mission.example>", files=files, message_id="<1@m.example>")  # fmt: skip
    ministry = a_mail("Tonga response", "In case the note takes its time, here is the same response.\n\nMele Fonua\nAssistant Secretary, Ministry of Communications, Tonga", "Mele Fonua <mele@mic.gov.to>", files=files, at=AT + timedelta(hours=1), message_id="<2@m.example>")  # fmt: skip
    record = judge(the_round(), cases_of([mission, ministry]), ())
    assert [len(record.responses), record.filed[1].disposition.value] == [1, "copy"]


def test_who_confirms_a_withdrawal_that_was_asked_for_takes_back_nothing_more() -> None:
    first = a_mail("Our response", "Question 1: Shared cables bring the price of a link down for every island of the group.\n\nAna Berg\nRelay Islands Cooperative\nTallinn, Estonia", message_id="<1@relay.example>")  # fmt: skip
    asked = a_mail(
        "Withdrawal",
        "We withdraw our response.\n\nBo Lind\nRelay Islands Cooperative",
        "Bo Lind <bo@relay.example>",
        at=AT + timedelta(hours=1),
        message_id="<2@relay.example>",
    )
    sure = a_mail(
        "RE: Please confirm",
        "I confirm what Bo wrote yesterday: please withdraw the text. Thank you.\n\nAna",
        at=AT + timedelta(hours=2),
        message_id="<3@relay.example>",
    )
    record = judge(the_round(), cases_of([first, asked, sure]), ())
    assert [item.disposition.value for item in record.filed] == ["response", "withdrawal", "correspondence"]

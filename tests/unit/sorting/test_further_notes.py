"""Notes about a response in words of every day: it stays, it is taken away, it is supported, it lies behind a link; and papers of others."""
# ruff: noqa: E501 - a mail stands on one line, in its own script

from __future__ import annotations

import pytest

from intake.casework.judge import judge
from intake.model.mail import ChannelKind
from tests.fakes.mails import a_mail, cases_of, the_round, verdict_of

STAYS = {
    "en": (
        "Re: Request for withdrawal",
        "The man who wrote to you left us in February and does not speak for the cooperative. Our response stands. Thank you for asking first.",
    ),
    "fr": (
        "Re: Demande de retrait",
        "La personne qui vous a écrit ne travaille plus chez nous. Nous maintenons notre réponse telle que vous l'avez.",
    ),
    "es": (
        "Re: Solicitud de retiro",
        "Quien les escribió ya no trabaja con nosotros. Nuestra respuesta sigue en pie; agradecemos que hayan preguntado.",
    ),
    "ru": (
        "Re: Просьба об отзыве ответа",
        "Написавший вам человек у нас больше не работает. Наш ответ остаётся в силе, спасибо, что спросили.",
    ),
    "ar": ("رد: طلب سحب المساهمة", "من كتب إليكم لم يعد يعمل لدينا. ردنا قائم كما أرسلناه، ونشكركم على السؤال."),
    "zh": ("回复：撤回意见的请求", "给贵处写信的人已经离职，不代表本社。我社的意见仍然有效，感谢来信核实。"),
}
GOES = {
    "en": (
        "RE: Publication of the responses",
        "We have seen our response on the page. The board has decided otherwise in the meantime, so please take it down and do not count it.",
    ),
    "fr": (
        "RE: Publication des réponses",
        "Nous avons vu notre réponse sur la page. Le conseil en a décidé autrement : merci de la retirer et de ne plus la publier.",
    ),
    "es": (
        "RE: Publicación de las respuestas",
        "Hemos visto nuestra respuesta en la página. La directiva cambió de parecer, por lo que rogamos dejarla sin efecto.",
    ),
    "ru": (
        "RE: Публикация ответов",
        "Мы увидели наш ответ на странице. Правление передумало, поэтому просим отозвать его и больше не публиковать.",
    ),
    "ar": ("رد: نشر المساهمات", "رأينا ردنا على الصفحة. وقد غيّر المجلس رأيه، فنرجو سحبه وعدم نشره بعد اليوم."),
    "zh": ("回复：意见公布", "我们在网页上看到了我社的意见。理事会现已改变主意，请将其撤下，不再公布。"),
}
SUPPORTS = {
    "en": "Hello list, the Sandvik Boat Cooperative fully supports what Ana of the Harbour Union has written below, please count us with them.",
    "fr": "Bonjour à tous, la coopérative des bateaux de Sandvik soutient tout ce que la collègue de l'Union portuaire a écrit ci-dessous.",
    "es": "Hola a todos, la Cooperativa de Botes de Sandvik respalda lo que la compañera de la Unión Portuaria escribió más abajo.",
    "ru": "Всем здравствуйте, лодочный кооператив Сандвика поддерживает то, что коллега из Портового союза написала ниже.",
    "ar": "تحية للجميع، تعاونية قوارب ساندفيك تؤيد كل ما كتبته الزميلة من اتحاد الميناء أدناه.",
    "zh": "各位好，桑德维克船只合作社完全支持港口联盟同事在下面所写的内容，请将我们一并列入。",
}
LINKED = {
    "en": "Our response with its pictures is 48 MB, so it lies in our file service. Please download it within seven days.\n\nhttps://files.relay.example/d/8fK2\nPassword: not necessary\n",
    "fr": "Notre réponse illustrée pèse 48 Mo, elle se trouve donc chez nous. Merci de la télécharger sous sept jours.\n\nhttps://files.relay.example/d/8fK2\nMot de passe : aucun\n",
    "es": "Nuestra respuesta con fotos pesa 48 MB y está en nuestro servidor. Favor de descargarla en siete días.\n\nhttps://files.relay.example/d/8fK2\nContraseña: no hace falta\n",
    "ru": "Наш ответ с фотографиями занимает 48 МБ и лежит на нашем сервере. Просим скачать его в течение недели.\n\nhttps://files.relay.example/d/8fK2\nПароль: не нужен\n",
    "ar": "ردنا مع الصور حجمه كبير، وهو في خدمة الملفات لدينا. نرجو تحميل الملف خلال أسبوع.\n\nhttps://files.relay.example/d/8fK2\nكلمة المرور: لا حاجة إليها\n",
    "zh": "我社的意见连同照片有 48 MB，放在我们的文件服务器上，请在七天内下载。\n\nhttps://files.relay.example/d/8fK2\n密码：不需要\n",
}
REGULATORS = {
    "en": (
        "Stamp tariffs 2036",
        "Dear Regulatory Authority,\n\nQuestion 1: The cap of 5.4 per cent a year is too high.\nQuestion 2: Yes, a tariff for small parcels should stay.\nQuestion 3: No, four days for a letter will not do.\n\nTove Lind",
    ),
    "fr": (
        "Tarifs du timbre",
        "Monsieur le Président de l'Autorité de régulation,\n\nQuestion 1 – Le plafond de 5,4 % par an est excessif.\nQuestion 2 – Oui, un tarif petit envoi doit rester.\nQuestion 3 – Non, quatre jours pour une lettre ne conviennent pas.\n\nTove Lind",
    ),
    "es": (
        "Tarifas del sello",
        "Señores de la Autoridad Reguladora:\n\nPregunta 1: El tope del 5,4 % anual es excesivo.\nPregunta 2: Sí, debe quedar una tarifa para envíos pequeños.\nPregunta 3: No, cuatro días para una carta no sirven.\n\nTove Lind",
    ),
    "ru": (
        "Тарифы на марки",
        "Уважаемый регулятор!\n\nВопрос 1. Потолок в 5,4 % в год слишком высок.\nВопрос 2. Да, тариф на малые отправления нужен.\nВопрос 3. Нет, четыре дня для письма не годятся.\n\nTove Lind",
    ),
    "zh": (
        "邮票资费",
        "尊敬的监管局：\n\n问题1：每年百分之五点四的上限过高。\n问题2：是的，小件资费应当保留。\n问题3：不，信件四天送达不可接受。\n\nTove Lind",
    ),
}
FORMS = {
    "en": "1. Number of offices - 418\n2. Number of postmen - 2,906\n3. Letters, million - 11.2\n4. Parcels, million - 7.9",
    "ru": "1. Число отделений – 418\n2. Число почтальонов – 2 906\n3. Письма, млн – 11,2\n4. Посылки, млн – 7,9",
    "fr": "1. Nombre de bureaux : 418\n2. Nombre de facteurs : 2 906\n3. Lettres, millions : 11,2\n4. Colis, millions : 7,9",
    "zh": "1. 局所数：418\n2. 投递员数：2906\n3. 信函（百万）：11.2\n4. 包裹（百万）：7.9",
}


@pytest.mark.parametrize("language", STAYS)
def test_that_it_stays_is_no_withdrawal(language: str) -> None:
    verdict = verdict_of(a_mail(*STAYS[language], headers=[("In-Reply-To", "<ask@consult.example.int>")]))
    assert verdict.disposition.value == "correspondence", verdict.findings


@pytest.mark.parametrize("language", GOES)
def test_that_it_is_to_be_taken_away_is_one(language: str) -> None:
    assert verdict_of(a_mail(*GOES[language])).disposition.value == "withdrawal"


@pytest.mark.parametrize("language", SUPPORTS)
def test_what_another_wrote_is_supported(language: str) -> None:
    """Also where our list put its own address into From."""
    mail = a_mail(
        "[Links] Re: Open consultation",
        SUPPORTS[language],
        "Bo Lind via Links-list <links-list@consult.example.int>",
        headers=[
            ("Reply-To", "bo@sandvik.example"),
            ("List-Id", "<links-list.consult.example.int>"),
            ("In-Reply-To", "<1@relay.example>"),
        ],
    )
    verdict = verdict_of(mail, ChannelKind.LIST)
    assert (verdict.disposition.value, verdict.letter_to) == ("endorsement", "bo@sandvik.example"), verdict.findings


@pytest.mark.parametrize("language", LINKED)
def test_a_link_without_a_password_is_a_response(language: str) -> None:
    verdict = verdict_of(a_mail("Response (large file)", LINKED[language]))
    assert verdict.disposition.value == "response", verdict.findings
    assert "link_only" in verdict.flags


@pytest.mark.parametrize("language", REGULATORS)
def test_answers_to_a_regulator_are_not_ours(language: str) -> None:
    assert verdict_of(a_mail(*REGULATORS[language])).disposition.value == "misdirected"


@pytest.mark.parametrize("language", FORMS)
def test_the_figures_of_a_form_are_no_answers(language: str) -> None:
    assert verdict_of(a_mail("Form for 2034", f"Please find our form.\n\n{FORMS[language]}\n")).disposition.value == "misdirected"


def test_another_of_the_house_hands_on_the_same_file() -> None:
    document = (
        b"Question 1: " + b"Shared cables bring the price of a link down for every island of the group, and for its schools. " * 4
    )
    files = [("response.txt", document, "text/plain")]
    first = a_mail(
        "Response",
        "Please find our response.\n\nAna Berg\nRelay Islands Cooperative",
        files=files,
        message_id="<1@relay.example>",
    )
    again = a_mail("FW: Response", "For your information.\n\n---------- Forwarded message ---------\nFrom: Ana Berg <ana@relay.example>\nDate: Thu, 2 May 2024 at 10:00\nSubject: Response\nTo: <links@consult.example.int>\n\nPlease find our response.\n\nAna Berg", "Dean <dean@relay.example>", files=files, message_id="<2@relay.example>")  # fmt: skip
    stranger = a_mail(
        "Response",
        "Please find our response.\n\nBo Lind",
        "Bo Lind <bo@harbour.example>",
        files=files,
        message_id="<3@harbour.example>",
    )
    record = judge(the_round(), cases_of([first, again]), ())
    assert [item.disposition.value for item in record.filed].count("copy") == 1
    assert len(record.responses) == 1
    assert len(judge(the_round(), cases_of([first, stranger]), ()).responses) == 2

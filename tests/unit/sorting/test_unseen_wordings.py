"""What other rounds taught: mail that nobody asked for, other offices' mail, linked documents; each in several languages."""
# ruff: noqa: E501 - a case stands on one line, in its own script

from __future__ import annotations

import pytest

from intake.model.verdict import Disposition
from tests.fakes.mails import a_mail, verdict_of

PHISHING = [
    (
        "Storage notice",
        "Dear user,\n\nYour mailbox will be disabled tonight. Validate your password: http://desk-login.invalid/ok",
    ),
    (
        "Dernier avis",
        "Bonjour,\n\nVotre messagerie sera bloquée demain. Vérifiez votre mot de passe ici : http://aide-poste.invalid/v",
    ),
    (
        "Aviso urgente",
        "Estimado usuario:\n\nSu cuenta será desactivada hoy. Verifique su contraseña en http://correo-ayuda.invalid/x",
    ),
    (
        "Внимание",
        "Уважаемый пользователь!\n\nВаш ящик будет заблокирован сегодня. Подтвердите пароль: http://vhod-pochta.invalid/p",
    ),
    ("系统通知", "用户您好：\n\n您的邮箱今晚将被停用，请点击以下网址验证密码：http://mail-check.invalid/a"),
    ("تنبيه", "عزيزي المستخدم،\n\nسيتم تعليق بريدك الليلة. تحقق من كلمة المرور: http://barid-check.invalid/r"),
]
ABOUT_ACCOUNTS = [
    ("Response of the Savings Union", "Dear all,\n\nOur members' accounts are blocked and passwords expire while they are at sea; our paper is at https://savings-union.test/paper\n\nAnn Hill\nSavings Union, Fiji"),
    ("Avis de la Mutuelle", "Bonjour,\n\nDes comptes bloqués, des mots de passe qui expirent : notre avis sur cette consultation est ici, https://mutuelle-des-iles.test/avis\n\nLuc Morel"),
]  # fmt: skip
INVITATIONS = [
    ("Invitation: 4th World Congress on Water", "Dear Eminent Professor,\n\nGreetings of the day! We have only limited seats for a keynote speaker. Registration fee: USD 499. Group discount.\n\nTo unsubscribe write back."),
    ("Sommet mondial des réseaux", "Cher chercheur,\n\nNous cherchons un conférencier invité. Places limitées, tarif réduit jusqu'au 3 mai, frais d'inscription 450 EUR.\n\nPour vous désabonner, répondez STOP."),
    ("Congreso mundial de redes", "Distinguido profesor:\n\nLo invitamos como ponente principal. Cupos limitados, cuota de inscripción 400 USD.\n\nPara darse de baja responda STOP."),
    ("Всемирный конгресс", "Уважаемый исследователь!\n\nПриглашаем Вас как пленарного докладчика. Количество мест ограничено, регистрационный взнос 300 долларов. Чтобы отписаться, ответьте СТОП."),
]  # fmt: skip
OWN_AFFAIRS = [
    (
        "my allowance",
        "To the Benefits Office. Please send me a copy of my pension file no. 77-2 and tell me why the allowance fell in May. Ann Hill.",
    ),
    (
        "extrait",
        "Au service de la population. Je vous prie de me délivrer un acte de naissance au nom de ma fille. Jean Petit, Lyon.",
    ),
    (
        "mi expediente",
        "A la oficina de personal: ruego me envíen mi expediente de pensión y el recibo de sueldo de abril. Ana Ruiz.",
    ),
    ("справка", "В собес. Прошу выдать справку о доходах за март и сообщить номер очереди. Иван Петров, г. Тула."),
    ("طلب", "إلى إدارة المرور: أرجو إصدار رخصة القيادة باسمي بدل الضائع. سامي نور."),
]
LINKED = [
    ("Our position", "Good morning,\n\nWe are the Chamber of Small Hauliers (Malta). Our position is too large for mail; it can be downloaded at https://files-hauliers.test/d/8812\n\nRita Borg\nDirector"),
    ("Notre avis", "Bonjour,\n\nNotre avis est trop volumineux ; à télécharger ici : https://depot.transporteurs.test/d/8812\n\nLuc Morel\nDirecteur"),
    ("Позиция", "Здравствуйте!\n\nНаша позиция слишком велика для почты, скачать можно здесь: https://fayly.perevozchik.test/d/8812\n\nОлег Панин\nдиректор"),
]  # fmt: skip


@pytest.mark.parametrize("case", PHISHING, ids=lambda case: case[0])
def test_a_threat_to_the_mailbox_with_a_link_is_spam(case: tuple[str, str]) -> None:
    """Whatever password it speaks of, it is nobody's note to us."""
    assert verdict_of(a_mail(*case)).disposition is Disposition.SPAM


@pytest.mark.parametrize("case", ABOUT_ACCOUNTS, ids=lambda case: case[0])
def test_a_response_that_speaks_of_accounts_is_no_threat(case: tuple[str, str]) -> None:
    """Blocked accounts may be what a response is about."""
    assert verdict_of(a_mail(*case)).disposition is Disposition.RESPONSE


@pytest.mark.parametrize("case", INVITATIONS, ids=lambda case: case[0])
def test_a_congress_that_flatters_everybody_is_spam(case: tuple[str, str]) -> None:
    assert verdict_of(a_mail(*case)).disposition is Disposition.SPAM


@pytest.mark.parametrize("case", OWN_AFFAIRS, ids=lambda case: case[0])
def test_a_person_s_own_affair_with_another_office_is_misdirected(case: tuple[str, str]) -> None:
    assert verdict_of(a_mail(*case)).disposition is Disposition.MISDIRECTED


@pytest.mark.parametrize("case", LINKED, ids=lambda case: case[0])
def test_a_document_that_is_only_linked_is_a_response_with_a_link(case: tuple[str, str]) -> None:
    verdict = verdict_of(a_mail(*case))
    assert verdict.disposition is Disposition.RESPONSE
    assert "link_only" in verdict.flags


REFUSALS = [
    "Sir,\n\nThe Islanders' Assembly, a voluntary association, will not answer your list. It takes the cable for granted. On our eleven islands there is no cable, and the first thing to be settled is to know whether anybody would pay for one. We ask that this letter be printed with the others.\n\nTom Reid",
    "Monsieur,\n\nL'Assemblée des îles, association bénévole, ne répondra pas à votre liste. Elle suppose le câble acquis. Sur nos onze îles il n'y en a pas, et la première chose est de savoir si quelqu'un le paierait. Que cette lettre soit publiée avec les autres.\n\nYann Le Goff",
    "Señores:\n\nLa Asamblea de las Islas, asociación de voluntarios, no contestará a su lista. Da el cable por hecho. En nuestras once islas no lo hay, y lo primero es saber si alguien lo pagaría. Pedimos que esta carta se publique con las demás.\n\nPablo Rey",
]


@pytest.mark.parametrize("text", REFUSALS, ids=["en", "fr", "es"])
def test_a_letter_that_refuses_the_questions_asks_nobody(text: str) -> None:
    """ "The question is whether" puts no question to the secretariat."""
    assert verdict_of(a_mail("Letter", text)).disposition is Disposition.RESPONSE


SHORT_NOTES = [
    (Disposition.WITHDRAWAL, "Retiro", "Les rogamos que retiren nuestra contribución; el consejo no la aprobó. Pablo Rey"),
    (Disposition.WITHDRAWAL, "Письмо", "Просим считать наш ответ недействительным. Олег Панин"),
    (Disposition.ENDORSEMENT, "Adhesión", "Hacemos nuestra la respuesta de la Unión de Puertos y no añadimos nada. Pablo Rey"),
    (Disposition.AUTO_REPLY, "Re: pismo", "Hvala na poruci. Na godišnjem odmoru sam do ponedjeljka."),
    (
        Disposition.MISDIRECTED,
        "Claim",
        "Dear Airline, my flight was late by nine hours and I would like my money back. Ruth Hill",
    ),
    (Disposition.SPAM, "Срочно", "Микрозаймы и деньги до зарплаты без справок: http://zaem.invalid"),
]


@pytest.mark.parametrize("case", SHORT_NOTES, ids=lambda case: case[1])
def test_short_notes_in_other_words(case: tuple[Disposition, str, str]) -> None:
    assert verdict_of(a_mail(case[1], case[2])).disposition is case[0]

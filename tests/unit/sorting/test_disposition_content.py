"""What a message with content is: a response, a part, a new version, an addition, a copy sent again; in six languages."""
# ruff: noqa: E501 - a case stands on one line, in its own script

from __future__ import annotations

import pytest

from intake.model.verdict import Disposition
from tests.fakes.mails import a_mail, verdict_of

ANSWERS = {
    "en": "\n\nQuestion 1: Shared cables and open landing stations bring the price of a link down.\n\nQuestion 2: A light licence for small operators helps most of all.\n",
    "fr": "\n\nQuestion 1 : Des câbles partagés et des stations d'atterrissement ouvertes font baisser le prix.\n\nQuestion 2 : Une licence légère aide surtout les petits exploitants.\n",
    "es": "\n\nPregunta 1: Los cables compartidos y las estaciones abiertas bajan el precio del enlace.\n\nPregunta 2: Una licencia ligera ayuda sobre todo a los pequeños.\n",
    "ru": "\n\nВопрос 1. Общие кабели и открытые станции снижают цену линии.\n\nВопрос 2. Упрощенная лицензия больше всего помогает малым операторам.\n",
    "zh": "\n\n问题1：共享海缆和开放登陆站可以降低线路价格。\n\n问题2：简化许可对小型运营商帮助最大。\n",
    "ar": "\n\nالسؤال 1: الكابلات المشتركة ومحطات الإنزال المفتوحة تخفض سعر الوصلة.\n\nالسؤال 2: الترخيص المبسط يساعد صغار المشغلين أكثر من غيره.\n",
}

REVISIONS = [
    (
        "en",
        "Corrected response",
        "Dear all, please use this text instead of the one we sent on Monday; a figure in it was wrong.",
    ),
    ("en", "Our answers", "Kindly disregard the text sent earlier today. The correct one is below."),
    ("en", "Our answers (v2)", "This version supersedes our earlier submission."),
    ("fr", "Version corrigée", "Veuillez ne pas tenir compte de notre envoi de lundi ; le présent texte le remplace."),
    ("fr", "Nos réponses", "Le texte ci-dessous annule et remplace celui du 2 mai."),
    ("es", "Versión corregida", "Rogamos que no tengan en cuenta nuestro envío del lunes; este texto lo sustituye."),
    ("es", "Nuestras respuestas", "El presente documento reemplaza al enviado el 2 de mayo."),
    ("ru", "Исправленный ответ", "Просим не принимать во внимание письмо от 2 мая. Ниже исправленный текст."),
    ("ru", "Наши ответы", "Направляем уточненную редакцию нашего ответа взамен отправленной ранее."),
    ("zh", "更正后的答复", "请忽略我们周一发送的文本，以本文为准。"),
    ("zh", "答复（修订版）", "现提交修订稿，取代此前提交的版本。"),
    ("ar", "نسخة مصححة", "يرجى تجاهل النص المرسل يوم الاثنين واعتماد هذا النص."),
    ("ar", "ردودنا", "هذا النص يحل محل النص المرسل سابقاً."),
]
SUPPLEMENTS = [
    ("en", "Annex to our response", "Please find one more annex to the response that we sent on 3 May; the rest stays as it is."),
    ("en", "Additional information", "We would like to add the attached table to our submission."),
    ("fr", "Annexe complémentaire", "Veuillez joindre cette annexe à notre réponse du 3 mai, qui reste inchangée."),
    ("fr", "Complément", "En complément de notre contribution, voici un tableau."),
    ("es", "Anexo adicional", "Les rogamos añadir este anexo a nuestra respuesta del 3 de mayo, que no cambia."),
    ("es", "Complemento", "Como complemento de nuestra contribución enviamos un cuadro."),
    ("ru", "Дополнительное приложение", "Просим добавить это приложение к нашему ответу от 3 мая; сам ответ не меняется."),
    ("ru", "Дополнение", "В дополнение к нашему ответу направляем таблицу."),
    ("zh", "补充附件", "现补充提交一份附件，请附在我方5月3日答复之后，答复本身不变。"),
    ("ar", "ملحق إضافي", "نرجو إضافة هذا الملحق إلى ردنا المرسل في 3 مايو، ولا تغيير في الرد نفسه."),
    ("ar", "معلومات إضافية", "نرفق جدولاً استكمالاً لردنا."),
]
RESENT = [
    ("en", "Sending again", "Here is the file once more, this time without a password."),
    ("en", "With attachment", "Sorry, I forgot the attachment. Here it is."),
    ("en", "Complete text", "Our mail of this morning was cut off; here is the complete text again."),
    ("fr", "Nouvel envoi", "Voici de nouveau le fichier, cette fois sans mot de passe."),
    ("fr", "Pièce jointe", "Désolé, j'avais oublié la pièce jointe."),
    ("es", "Reenvío", "Enviamos de nuevo el archivo, ahora sin contraseña."),
    ("es", "Adjunto", "Disculpen, olvidé adjuntar el archivo."),
    ("ru", "Повторная отправка", "Высылаем файл повторно, теперь без пароля."),
    ("ru", "Вложение", "Извините, забыли приложить файл."),
    ("zh", "重新发送", "现重新发送文件，已取消密码。"),
    ("zh", "附件", "抱歉，刚才忘记添加附件。"),
    ("ar", "إعادة إرسال", "نعيد إرسال الملف بدون كلمة مرور."),
    ("ar", "المرفق", "عذراً، نسينا إرفاق الملف."),
]
PARTS = [
    ("en", "Our response, part 2 of 3", (2, 3)),
    ("en", "Response (1/2)", (1, 2)),
    ("en", "Second of three e-mails: our response", (2, 3)),
    ("en", "Response - mail two of two", (2, 2)),
    ("fr", "Notre réponse, partie 1 sur 2", (1, 2)),
    ("fr", "Réponse : première partie (sur deux)", (1, 2)),
    ("fr", "Deuxième de trois messages", (2, 3)),
    ("es", "Respuesta, parte 2 de 3", (2, 3)),
    ("es", "Respuesta: primera parte de dos", (1, 2)),
    ("ru", "Наш ответ, часть 1 из 3", (1, 3)),
    ("ru", "Ответ: вторая часть из двух", (2, 2)),
    ("ru", "Письмо первое из трех", (1, 3)),
    ("zh", "答复（第1部分，共2部分）", (1, 2)),
    ("zh", "答复：第二封，共三封", (2, 3)),
    ("zh", "答复 2/3", (2, 3)),
    ("ar", "ردنا، الجزء 1 من 2", (1, 2)),
    ("ar", "ردنا: الجزء الثاني من ثلاثة", (2, 3)),
    ("ar", "الرسالة الأولى من اثنتين", (1, 2)),
]
NO_PARTS = [
    ("en", "Response of 1/2/2024 to the consultation"),
    ("en", "Two of three families have no link"),
    ("fr", "Réponse à la question 1 sur 3"),
    ("es", "Respuesta del 2/5"),
    ("ru", "Ответ на вопрос 1 из 3"),
    ("zh", "答复（2024/5/2）"),
]
GENERAL = [
    (
        "en",
        "Our view",
        "The islands pay forty times the price of the mainland for the same link. Two operators own the only cable and neither has to share it. We ask the group to say that landing stations must be open to all, and that small satellite firms need one licence for a whole region instead of twelve.",
    ),
    (
        "fr",
        "Notre avis",
        "Les îles paient quarante fois le prix du continent pour une même liaison. Deux exploitants possèdent le seul câble et aucun n'est tenu de le partager. Nous demandons que les stations d'atterrissement soient ouvertes à tous et qu'une seule licence suffise aux petits exploitants de satellites pour une région entière.",
    ),
    (
        "es",
        "Nuestra opinión",
        "Las islas pagan cuarenta veces el precio del continente por el mismo enlace. Dos operadores son dueños del único cable y ninguno está obligado a compartirlo. Pedimos que las estaciones de aterrizaje estén abiertas a todos y que los pequeños operadores de satélites necesiten una sola licencia para toda la región.",
    ),
    (
        "ru",
        "Наше мнение",
        "Острова платят за ту же линию в сорок раз больше, чем материк. Единственный кабель принадлежит двум операторам, и ни один из них не обязан им делиться. Мы просим, чтобы станции были открыты для всех, а малым спутниковым операторам хватало одной лицензии на весь регион.",
    ),
    (
        "zh",
        "我们的意见",
        "岛屿居民为同样的线路支付的价格是大陆的四十倍。唯一的海缆由两家运营商拥有，双方都没有共享的义务。我们希望登陆站向所有人开放，并希望小型卫星运营商在整个区域只需一张许可证，而不是十二张。",
    ),
    (
        "ar",
        "رأينا",
        "تدفع الجزر مقابل الوصلة نفسها أربعين ضعف سعر البر الرئيسي. ويملك مشغلان الكابل الوحيد ولا يلزم أي منهما بتقاسمه. ونطلب أن تكون محطات الإنزال مفتوحة للجميع وأن يكفي ترخيص واحد لصغار مشغلي السواتل في المنطقة كلها بدلاً من اثني عشر.",
    ),
]
FORGOTTEN = [
    (
        "en",
        "Our response",
        "Dear secretariat,\n\nplease find attached our response to the consultation.\n\nBest regards,\nAna Berg",
    ),
    (
        "fr",
        "Notre réponse",
        "Madame, Monsieur,\n\nVeuillez trouver ci-joint notre réponse à la consultation.\n\nCordialement,\nAna Berg",
    ),
    (
        "es",
        "Nuestra respuesta",
        "Estimados señores:\n\nAdjunto encontrarán nuestra respuesta a la consulta.\n\nAtentamente,\nAna Berg",
    ),
    ("ru", "Наш ответ", "Уважаемые коллеги!\n\nНаправляем во вложении наш ответ на консультацию.\n\nС уважением,\nАна Берг"),
    ("zh", "答复", "尊敬的秘书处：\n\n随函附上我方对磋商的答复，请查收。\n\n此致\n安娜"),
    ("ar", "ردنا", "السادة الأمانة،\n\nتجدون مرفقاً ردنا على الاستشارة.\n\nمع التحية،\nآنا"),
]
TRANSLATED = [
    ("en", "English translation", "Attached is the English translation of the response that we sent yesterday."),
    ("fr", "Traduction", "Voici la traduction française de notre réponse d'hier."),
    ("es", "Traducción", "Enviamos la traducción al español de nuestra respuesta de ayer."),
    ("ru", "Перевод", "Направляем перевод нашего вчерашнего ответа на русский язык."),
    ("zh", "译文", "现提交我方昨日答复的中文译文。"),
    ("ar", "ترجمة", "نرسل الترجمة العربية لردنا المرسل أمس."),
]


def _shown(cases: list[tuple[str, ...]]) -> list[str]:
    return [f"{case[0]}-{index}" for index, case in enumerate(cases)]


@pytest.mark.parametrize(("language", "subject", "text"), REVISIONS, ids=_shown(REVISIONS))
def test_a_new_version_says_so(language: str, subject: str, text: str) -> None:
    verdict = verdict_of(a_mail(subject, text + ANSWERS[language]))
    assert (verdict.disposition, verdict.signals.replaces) == (Disposition.REVISION, True)
    assert [answer.question for answer in verdict.answers] == [1, 2]


@pytest.mark.parametrize(("language", "subject", "text"), SUPPLEMENTS, ids=_shown(SUPPLEMENTS))
def test_an_addition_says_so(language: str, subject: str, text: str) -> None:
    verdict = verdict_of(a_mail(subject, text, files=[("annex.csv", b"island;price\nEast;40\n", "text/csv")]))
    assert (verdict.disposition, verdict.signals.adds) == (Disposition.SUPPLEMENT, True)


@pytest.mark.parametrize(("language", "subject", "text"), RESENT, ids=_shown(RESENT))
def test_what_is_sent_again_says_so(language: str, subject: str, text: str) -> None:
    verdict = verdict_of(a_mail(subject, text + ANSWERS[language]))
    assert verdict.signals.resends
    assert verdict.disposition in (Disposition.RESPONSE, Disposition.REVISION)


@pytest.mark.parametrize(("language", "subject", "numbers"), PARTS, ids=_shown(PARTS))  # type: ignore[arg-type]
def test_a_part_counts_itself(language: str, subject: str, numbers: tuple[int, int]) -> None:
    verdict = verdict_of(a_mail(subject, ANSWERS[language]))
    assert (verdict.signals.part_number, verdict.signals.part_total) == numbers
    assert verdict.disposition is Disposition.PART


@pytest.mark.parametrize(("language", "subject"), NO_PARTS, ids=_shown(NO_PARTS))  # type: ignore[arg-type]
def test_dates_and_questions_are_no_parts(language: str, subject: str) -> None:
    verdict = verdict_of(a_mail(subject, ANSWERS[language]))
    assert verdict.signals.part_number is None
    assert verdict.disposition is Disposition.RESPONSE


@pytest.mark.parametrize(("language", "subject", "text"), GENERAL, ids=_shown(GENERAL))
def test_a_text_on_the_matter_is_a_response(language: str, subject: str, text: str) -> None:
    assert verdict_of(a_mail(subject, text)).disposition is Disposition.RESPONSE


@pytest.mark.parametrize(("language", "subject", "text"), GENERAL, ids=_shown(GENERAL))
def test_a_rhetorical_question_is_no_enquiry(language: str, subject: str, text: str) -> None:
    mark = {"zh": "为什么至今没有改变？", "ar": "فلماذا لم يتغير شيء؟", "ru": "Почему до сих пор ничего не изменилось?"}
    more = mark.get(
        language,
        {"fr": "Pourquoi rien ne change-t-il ?", "es": "¿Por qué nada cambia?"}.get(language, "Why has nothing changed?"),
    )
    assert verdict_of(a_mail(subject, f"{text} {more}")).disposition is Disposition.RESPONSE


@pytest.mark.parametrize(("language", "subject", "text"), FORGOTTEN, ids=_shown(FORGOTTEN))
def test_a_forgotten_file_is_announced(language: str, subject: str, text: str) -> None:
    verdict = verdict_of(a_mail(subject, text))
    assert verdict.disposition is Disposition.RESPONSE
    assert verdict.signals.announces
    assert not verdict_of(a_mail(subject, text, files=[("r.csv", b"a;b\n1;2\n", "text/csv")])).signals.announces


@pytest.mark.parametrize(("language", "subject", "text"), TRANSLATED, ids=_shown(TRANSLATED))
def test_a_translation_says_so(language: str, subject: str, text: str) -> None:
    assert verdict_of(a_mail(subject, text + ANSWERS[language])).signals.translates


@pytest.mark.parametrize(("language", "subject", "text"), FORGOTTEN, ids=_shown(FORGOTTEN))
def test_a_locked_file_that_is_presented_is_a_response(language: str, subject: str, text: str) -> None:
    more = {
        "en": "Please confirm receipt.",
        "fr": "Merci de confirmer la réception.",
        "es": "Rogamos confirmar la recepción.",
        "ru": "Просим подтвердить получение.",
        "zh": "请确认收到。",
        "ar": "نرجو تأكيد الاستلام.",
    }
    mail = a_mail(subject, f"{text}\n\n{more[language]}", files=[("r.bin", bytes(range(256)) * 4, "application/octet-stream")])
    assert verdict_of(mail).disposition is Disposition.RESPONSE


@pytest.mark.parametrize(("language", "subject", "text"), FORGOTTEN, ids=_shown(FORGOTTEN))
def test_a_link_in_place_of_a_file_is_a_response(language: str, subject: str, text: str) -> None:
    verdict = verdict_of(a_mail(subject, f"{text}\n\nhttps://drive.google.com/file/d/1AbCdEfGh/view\n"))
    assert verdict.disposition is Disposition.RESPONSE
    assert "link_only" in verdict.flags

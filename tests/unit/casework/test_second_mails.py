"""What a second mail of the same sender is, by what it says of the first: in its stead, beside it, or whole where that was cut."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.casework.judge import judge
from intake.model.record import Record
from tests.fakes.mails import AT, a_mail, cases_of, the_round

HOUR = timedelta(hours=1)
ONE = {
    "en": "Question 1: Shared cables and open landing stations bring the price of a link down for every island.\n",
    "fr": "Question 1 : Des câbles partagés et des stations ouvertes font baisser le prix pour toutes les îles.\n",
    "es": "Pregunta 1: Los cables compartidos y las estaciones abiertas bajan el precio para todas las islas.\n",
    "ru": "Вопрос 1: Общие кабели и открытые станции снижают цену связи для каждого острова региона.\n",
    "ar": "السؤال 1: الكابلات المشتركة والمحطات المفتوحة تخفض سعر الربط لكل جزيرة في المنطقة.\n",
    "zh": "问题1：共享海缆和开放登陆站能够降低每一个岛屿的连接价格，应当鼓励。\n",
}
TWO = {
    "en": "Question 2: A light licence for small operators helps most of all, with one form for the region.\n",
    "fr": "Question 2 : Une licence légère pour les petits opérateurs aide le plus, avec un seul formulaire.\n",
    "es": "Pregunta 2: Una licencia ligera para los operadores pequeños es lo que más ayuda, con un formulario.\n",
    "ru": "Вопрос 2: Больше всего помогает простая лицензия для малых операторов с единой формой.\n",
    "ar": "السؤال 2: رخصة مبسطة لصغار المشغلين هي ما يساعد أكثر، مع نموذج واحد للمنطقة كلها.\n",
    "zh": "问题2：对小型运营商最有帮助的是简易许可，全区域使用同一份表格。\n",
}
SIGNED = "\nAna Berg\nRelay Islands Cooperative\nTallinn, Estonia\n"
INSTEAD = {
    "en": "Figures were wrong. Please scrap the mail of Monday; what follows stands in its stead.",
    "fr": "Nos chiffres étaient faux. Jetez le message de lundi, ce qui suit vaut à sa place.",
    "es": "Las cifras estaban mal. Tiren el mensaje del lunes, lo que sigue vale en su lugar.",
    "ru": "Цифры были неверны. Просим выбросить письмо от понедельника, следующее действует вместо него.",
    "ar": "كانت الأرقام خاطئة. ارموا رسالة الاثنين، وما يلي يقوم مقامها.",
    "zh": "数字有误。请丢弃周一的邮件，以下文为准。",
}
BESIDE = {
    "en": "We now add the answer that was open; everything else stays.",
    "fr": "Nous ajoutons la réponse qui manquait; le reste ne change pas.",
    "es": "Agregamos la respuesta pendiente; el resto sigue igual.",
    "ru": "Добавляем ответ на второй вопрос, остальное без изменений.",
    "ar": "نضيف الإجابة عن السؤال الثاني، والباقي كما هو.",
    "zh": "补上对第二个问题的答复，其余不变。",
}
CUT = {
    "en": "The tablet swallowed half of our mail. Once more, in full:",
    "fr": "La tablette a tronqué notre courriel. Cette fois en entier :",
    "es": "La tableta cortó nuestro mensaje. Ahora va entero:",
    "ru": "Планшет оборвал наше письмо. Теперь целиком:",
    "ar": "انقطعت رسالتنا في الطريق. هذا هو النص كله:",
    "zh": "平板把我们的邮件截断了，这次是全文：",
}


def judged(*mails: object) -> Record:
    """Their record."""
    return judge(the_round(), cases_of(mails), ())  # type: ignore[arg-type]


def kinds(record: Record) -> list[str]:
    """The disposition of each mail."""
    return [filed.disposition.value for filed in record.filed]


@pytest.mark.parametrize("language", INSTEAD)
def test_a_text_in_the_place_of_another_is_a_new_version(language: str) -> None:
    changed = ONE[language].rstrip("\n。.") + " 2030.\n"
    first = a_mail("Our response", ONE[language] + TWO[language] + SIGNED)
    again = a_mail("Once more", f"{INSTEAD[language]}\n\n{changed}{TWO[language]}{SIGNED}", at=AT + HOUR)
    record = judged(first, again)
    assert kinds(record) == ["response", "revision"]
    assert [len(version.messages) for version in record.responses[0].versions] == [1, 1]


@pytest.mark.parametrize("language", BESIDE)
def test_an_answer_that_was_missing_replaces_nothing(language: str) -> None:
    first = a_mail("Our response", ONE[language] + SIGNED)
    more = a_mail("The open one", f"{BESIDE[language]}\n\n{TWO[language]}{SIGNED}", at=AT + HOUR)
    record = judged(first, more)
    assert kinds(record) == ["response", "supplement"]
    assert [item.question for _, item in record.responses[0].answers] == [1, 2]


@pytest.mark.parametrize("language", CUT)
def test_the_whole_of_a_cut_text_stands_in_its_version(language: str) -> None:
    cut = a_mail("Our response", (ONE[language] + TWO[language])[: len(ONE[language]) + len(TWO[language]) * 2 // 3])
    whole = a_mail("Our response", f"{CUT[language]}\n\n{ONE[language]}{TWO[language]}{SIGNED}", at=AT + HOUR)
    record = judged(cut, whole)
    assert kinds(record) == ["response", "copy"]
    assert [item.question for _, item in record.responses[0].answers] == [1, 2]


def test_a_cut_list_in_which_no_answer_was_told_apart_is_the_beginning_of_the_whole() -> None:
    subject = "Relay Islands Cooperative: answers"
    listed = (
        "\nI. Shared cables bring the price of a link down, at the cost of the shortest of them, for every island of the group.\n"
        "\nII. A light licence with one form for the whole region helps small operators, above all if it is renewed by po"
    )
    rest = "st.\n\nIII. Volunteers are trained in winter, when the boats are up and the nights are long.\n"
    cut = a_mail(subject, f"Hello,\n{listed}")
    whole = a_mail(subject, f"{CUT['en']}\n\nHello,\n{listed}{rest}{SIGNED}", at=AT + HOUR)
    record = judged(cut, whole)
    assert kinds(record) == ["response", "copy"]
    assert [len(version.messages) for version in record.responses[0].versions] == [2]
    assert [item.question for _, item in record.responses[0].answers] == [1, 2, 3]

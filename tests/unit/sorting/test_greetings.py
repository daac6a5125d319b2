"""A text that begins on the line of its greeting is a text; a line that only greets is none of the answer."""
# ruff: noqa: E501 - a mail stands on one line, in its own script

from __future__ import annotations

import pytest

from tests.fakes.mails import a_mail, verdict_of

ONE_LINE = {
    "en": ("Hello,", "freight to the next island costs more than all that we make and sell in a month."),
    "en-all": ("Dear all,", "a shared mast on the hill would serve the three villages of our bay at half the price!"),
    "fr": ("Bonjour,", "le transport vers l'île voisine coûte plus que tout ce que nous vendons en un mois."),
    "fr-known": (
        "Chers collègues,",
        "un pylône commun sur la colline servirait les trois villages de la baie pour la moitié du prix.",
    ),
    "es": ("Buenos días:", "el flete a la isla vecina cuesta más que todo lo que vendemos en un mes."),
    "es-known": ("Estimados señores,", "una torre compartida en la colina serviría a los tres pueblos de la bahía por la mitad."),
    "ru": ("Здравствуйте!", "Доставка на соседний остров стоит дороже, чем всё, что мы успеваем продать за целый месяц."),
    "ru-known": ("Уважаемые коллеги,", "общая мачта на холме обслужит все три деревни нашего залива и обойдётся вдвое дешевле."),
    "ar": ("السلام عليكم،", "تكلفة الشحن إلى الجزيرة المجاورة تفوق ثمن كل ما نبيعه خلال شهر كامل من العمل."),
    "ar-known": ("تحية طيبة،", "برج مشترك على التلة يخدم القرى الثلاث كلها في الخليج بنصف الكلفة التي ندفعها اليوم."),
    "zh": ("您好：", "我们是一家小绣坊，运到邻岛的费用比货物还贵。"),
    "zh-stop": ("您好。", "山上共用一座铁塔就能覆盖三个村庄。"),
    "zh-known": ("尊敬的各位同事，", "山上共用一座铁塔就能覆盖三个村庄。"),
}
ONLY_GREETS = [
    "Dear Sir, dear Madam,", "Dear Ms Lind, dear members of the Group,", "Ladies and gentlemen, dear colleagues of the Secretariat!", "Hello, dear members of the working group!",
    "Madame la Présidente, Mesdames et Messieurs les délégués,", "Bonjour, Mesdames et Messieurs du secrétariat !", "Estimada señora Lind, estimados miembros del Grupo:", "Buenos días, estimadas señoras y señores del grupo.",
    "Здравствуйте, уважаемые члены рабочей группы!", "Добрый день, уважаемые коллеги из секретариата!", "السلام عليكم ورحمة الله وبركاته، تحية طيبة وبعد،", "السادة أعضاء الفريق، تحية طيبة وبعد:", "尊敬的秘书处，各位代表，您好！", "各位专家：",
]  # fmt: skip


@pytest.mark.parametrize("name", ONE_LINE)
@pytest.mark.parametrize("signed", ["", "\n\nTove Lind"])
def test_words_behind_a_greeting_are_the_authors(name: str, signed: str) -> None:
    greeting, text = ONE_LINE[name]
    space = "" if name.startswith("zh") else " "
    verdict = verdict_of(a_mail("Links", f"{greeting}{space}{text}{signed}\n"))
    said = "\n".join(item.text for item in (*verdict.general, *verdict.unmapped))
    assert text.rstrip(".!。") in said


@pytest.mark.parametrize("line", ONLY_GREETS)
def test_a_line_that_only_greets_is_no_text(line: str) -> None:
    verdict = verdict_of(
        a_mail(
            "Links",
            f"{line}\n\nA shared mast on the hill would serve the three villages of the bay at half the price.\n\nTove Lind\n",
        )
    )
    said = "\n".join(item.text for item in (*verdict.general, *verdict.unmapped))
    assert said == "A shared mast on the hill would serve the three villages of the bay at half the price."

"""Answers inside a quotation that has no marks of its own: in colour, or behind the author's name in brackets; in six languages."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from intake.model.mail import Reading
from intake.model.text import SpanKind
from intake.reading.read_message import read_message
from tests.corpus.test_reading_corpus import WORDS, stretches

# header of the quoted mail, two questions, two answers, a name, that the answers are red
SIX = {
    "en": (("From", "Sent", "To", "Subject"),
           "Do you agree?", "What else?", "Yes, we agree.", "More training.", "Bob Smith", "Our answers are in red."),
    "fr": (("De", "Envoyé", "À", "Objet"),
           "Êtes-vous d'accord ?", "Quoi d'autre ?", "Oui, nous le sommes.", "Plus de formation.", "Anne Dupont", "Nos réponses sont en rouge."),
    "es": (("De", "Enviado el", "Para", "Asunto"),
           "¿Están de acuerdo?", "¿Qué más?", "Sí, lo estamos.", "Más formación.", "Ana Gómez", "Respondemos en rojo."),
    "ru": (("От", "Отправлено", "Кому", "Тема"),
           "Вы согласны?", "Что ещё?", "Да, мы согласны.", "Больше обучения.", "Иван Петров", "Наши ответы выделены красным."),
    "zh": (("发件人", "发送时间", "收件人", "主题"),
           "是否同意？", "还有什么？", "同意。", "更多培训。", "李明", "我们的答复见红色部分。"),
    "ar": (("من", "تم الإرسال", "إلى", "الموضوع"),
           "هل توافقون؟", "ماذا أيضا؟", "نعم نوافق.", "المزيد من التدريب.", "سارة علي", "إجاباتنا باللون الأحمر."),
}  # fmt: skip


def mail(name: str, plain: str | None, html: str | None) -> Reading:
    message = EmailMessage()
    message["From"] = f'"{name}" <writer@example.org>'
    message["Subject"] = "RE: Consultation"
    if plain is not None:
        message.set_content(plain)
    if html is not None and plain is None:
        message.set_content(html, subtype="html")
    elif html is not None:
        message.add_alternative(html, subtype="html")
    return read_message(message.as_bytes(), WORDS)


def head(fields: tuple[str, ...]) -> list[str]:
    values = "Office <office@example.net>", "Monday, 3 December 2018 10:00", "Writer <writer@example.org>", "Consultation"
    return [f"{field}: {value}" for field, value in zip(fields, values, strict=True)]


def page(cover: str, fields: tuple[str, ...], *rest: str) -> str:
    block = "<br>".join(line.replace("<", "&lt;") for line in head(fields))
    return f"<style>.a{{color:#c00000}}</style><p>{cover}</p><p>{block}</p>{''.join(rest)}"


def asked(words: str) -> str:
    return f"<p>{words}</p>"


@pytest.mark.parametrize(
    "how", ['<p style="color:red">{}</p>', "<p class=a>{}</p>", '<div><font color="#FF0000">{}</font></div>']
)
@pytest.mark.parametrize("both", [False, True], ids=["html", "with a plain part"])
@pytest.mark.parametrize("language", SIX)
def test_answers_in_colour_are_the_author_s(language: str, how: str, both: bool) -> None:
    fields, one, two, first, second, name, _ = SIX[language]
    html = page("...", fields, asked("Intro"), asked(one), how.format(first), asked(two), how.format(second), asked("Office"))
    plain = "\n\n".join(["...", "\n".join(head(fields)), "Intro", one, first, two, second, "Office"]) if both else None
    found = mail(name, plain, html)
    new, quoted = stretches(found, SpanKind.NEW), stretches(found, SpanKind.QUOTE)
    assert first in new
    assert second in new
    assert one in quoted
    assert two in quoted
    assert "Office" not in new


@pytest.mark.parametrize("language", SIX)
def test_an_author_may_say_that_the_answers_are_red(language: str) -> None:
    fields, one, _, first, _, name, said = SIX[language]
    found = mail(name, None, page(said, fields, asked("Intro"), asked(one), f'<p style="color:red">{first}</p>', asked("Office")))
    assert first in stretches(found, SpanKind.NEW)
    assert one in stretches(found, SpanKind.QUOTE)


@pytest.mark.parametrize("brackets", ["[{}] ", "[{}: ", "【{}】"])
@pytest.mark.parametrize("language", SIX)
def test_answers_behind_the_author_s_name_are_the_author_s(language: str, brackets: str) -> None:
    fields, one, two, first, second, name, _ = SIX[language]
    mark = brackets.format(name)
    rest = ["\n".join(head(fields)), "Intro", one, mark + first, two, mark + second, "[Office] " + one]
    found = mail(name, "\n\n".join(["...", *rest]), None)
    new = stretches(found, SpanKind.NEW)
    assert first in new
    assert second in new
    assert "Office" not in new
    assert two not in new


def test_an_answer_in_the_line_of_its_question() -> None:
    html = page(
        "x", SIX["en"][0], "<p>1. Agree? <font color=#0070C0>Yes.</font></p><p>2. Else? <font color=#0070C0>No.</font></p>"
    )
    found = mail("Bob", None, html)
    assert stretches(found, SpanKind.NEW).split() == ["x", "Yes.", "No."]


def test_answers_in_the_colour_of_the_cover_letter() -> None:
    html = page(
        '<span style="color:#1F497D">Dear all</span>', SIX["en"][0], "<p>Text.</p><p style='color:#1F497D'>Ours.</p><p>End.</p>"
    )
    assert "Ours." in stretches(mail("Bob", None, html), SpanKind.NEW)


@pytest.mark.parametrize(
    "rest",
    [
        ("<p>Note:</p>", "<p style='color:red'>DEADLINE</p>", "<p>and</p>", "<p style='color:red'>ADDRESS</p>", "<p>Bye</p>"),
        ("<p style='color:#1F497D'>DEADLINE of another's reply</p>", "<p style='color:#1F497D'>ADDRESS</p>"),
        ("<p>1. Agree?</p>", "<p style='color:#666'>DEADLINE</p>", "<p>2. Else?</p>", "<p style='color:#666'>ADDRESS</p>"),
    ],
    ids=["marked by whom is quoted", "all of one colour", "grey hints"],
)
def test_colours_of_the_quoted_author_stay_quoted(rest: tuple[str, ...]) -> None:
    new = stretches(mail("Bob", None, page("x", SIX["en"][0], *rest)), SpanKind.NEW)
    assert "DEADLINE" not in new
    assert "ADDRESS" not in new


# how an author says that the answers are in bold, in italics, on a coloured ground
SAID = {
    "en": ("Our answers are in bold.", "Our replies are in italics.", "Our answers are highlighted."),
    "fr": ("Nos réponses sont en gras.", "Nos réponses sont en italique.", "Nos réponses sont surlignées."),
    "es": ("Respondemos en negrita.", "Respondemos en cursiva.", "Nuestras respuestas están resaltadas."),
    "ru": ("Ответы набраны жирным шрифтом.", "Ответы набраны курсивом.", "Наши ответы выделены."),
    "zh": ("答复用粗体标出。", "答复用斜体标出。", "我们的答复已高亮显示。"),
    "ar": ("إجاباتنا بالخط العريض.", "إجاباتنا بخط مائل.", "إجاباتنا مظللة."),
}
HOWS = (
    ("<p><b>{}</b></p>", '<p style="font-weight:bold">{}</p>'),
    ("<p><i>{}</i></p>", '<p><span style="font-style:italic">{}</span></p>'),
    (
        '<p><span style="background:yellow;mso-highlight:yellow">{}</span></p>',
        "<table bgcolor='#E2EFD9'><tr><td>{}</td></tr></table>",
    ),
)


@pytest.mark.parametrize("way", range(3), ids=["bold", "italic", "ground"])
@pytest.mark.parametrize("both", [False, True], ids=["html", "with a plain part"])
@pytest.mark.parametrize("language", SIX)
def test_answers_in_other_letters_are_the_author_s_where_he_says_so_or_where_they_stand(
    language: str, both: bool, way: int
) -> None:
    fields, one, two, first, second, _, _ = SIX[language]
    for how in HOWS[way]:
        rest = asked("Intro"), asked(one), how.format(first), asked(two), how.format(second), asked("Office")
        for cover in ("...", SAID[language][way]):
            plain = "\n\n".join([cover, "\n".join(head(fields)), "Intro", one, first, two, second, "Office"]) if both else None
            found = mail("Bob", plain, page(cover, fields, *rest))
            new, quoted = stretches(found, SpanKind.NEW), stretches(found, SpanKind.QUOTE)
            assert first in new
            assert second in new
            assert one in quoted
            assert two in quoted
            assert "Office" not in new


@pytest.mark.parametrize(
    "rest",
    [
        ("<p>1. Do you agree with <b>DEADLINE</b>?</p>", "<p>2. And with <b>ADDRESS</b>?</p>", "<p>Bye</p>"),
        ("<p>1. Do you agree?</p>", "<p><b>DEADLINE</b> is near</p>", "<p>2. Else?</p>", "<p><b>ADDRESS</b> is below</p>"),
        (
            "<p><b>Dear all</b></p>",
            "<p>1. Do you agree?</p>",
            "<p><b>DEADLINE</b></p>",
            "<p>2. Else?</p>",
            "<p><b>ADDRESS</b></p>",
        ),
        ("<p>Note</p>", "<p style='background:yellow'>DEADLINE</p>", "<p>and</p>", "<p style='background:yellow'>ADDRESS</p>"),
        (
            "<p>1. Agree?</p>",
            "<p style='background:#eee'>DEADLINE</p>",
            "<p>2. Else?</p>",
            "<p style='background:#eee'>ADDRESS</p>",
        ),
        ("<p>Say:</p>", "<p><b>DEADLINE?</b></p>", "<p>and</p>", "<p><b>ADDRESS?</b></p>", "<p>Bye</p>"),
    ],
    ids=["words in a question", "words in a line", "as whoever is quoted begins", "below no question", "grey", "questions"],
)
def test_what_the_quoted_author_set_off_stays_quoted(rest: tuple[str, ...]) -> None:
    new = stretches(mail("Bob", None, page("x", SIX["en"][0], *rest)), SpanKind.NEW)
    assert "DEADLINE" not in new
    assert "ADDRESS" not in new


def test_of_two_grounds_and_colours_the_one_that_is_named_counts() -> None:
    rest = "<p>Text <span style='background:yellow'>DEADLINE</span></p>", "<p style='color:red'>Ours.</p>", "<p>End</p>"
    assert stretches(mail("Bob", None, page("See the red, in red.", SIX["en"][0], *rest)), SpanKind.NEW).split() == [
        *["See", "the", "red,", "in", "red."], "Ours.",
    ]  # fmt: skip


YANDEX = {
    "ru": ("Пересылаемое сообщение", "Завершение пересылаемого сообщения"),
    "en": ("Forwarded message", "End of forwarded message"),
}


@pytest.mark.parametrize("language", YANDEX)
@pytest.mark.parametrize("cover", ["", "См. ниже.\n\n"])
def test_what_yandex_forwards_is_a_forward(language: str, cover: str) -> None:
    begin, end = YANDEX[language]
    text = f'{cover}-------- {begin} --------\n10.12.2018, 15:30, "Иван" <ivan@example.ru>:\n\nМы согласны.\n\n-------- {end} --------\n\nАнна'
    found = mail("Anna", text, None)
    assert stretches(found, SpanKind.FORWARDED).strip() == "Мы согласны."
    assert stretches(found, SpanKind.NEW).split() == [*cover.split(), "Анна"]
    assert not stretches(found, SpanKind.QUOTE)


@pytest.mark.parametrize(
    "text",
    [
        "The number of countries that answered is this year by much\n> 9 more than in the year before.\n\nBob",
        "Мы хотели бы знать, во скольких делегациях доля женщин была\n> 50 % и в каком году это было.",
        "Nous voudrions savoir combien de délégations comptaient cette année\n> 50 % de femmes parmi leurs membres.",
        "Quisiéramos saber cuántas delegaciones tenían este año una cuota de\n> 50 % de mujeres entre sus miembros.",
        "我们想知道今年有多少个代表团的女性代表所占的比例已经达到了总数的\n> 50 % 并且是在哪一年达到的。",
        "نود أن نعرف كم عدد الوفود التي كانت نسبة النساء فيها هذا العام\n> 50 % من مجموع الأعضاء.",
    ],
)
def test_more_than_is_no_quotation(text: str) -> None:
    assert {span.kind for span in mail("Bob", text, None).spans} == {SpanKind.NEW}


@pytest.mark.parametrize(
    "text",
    ["Yes\n> 2. What do you want?\nMore.\n> 3. Else?\nNo", "We agree with that.\n> Do you agree?\n\nBob", "> 5 countries\nNo, six.",
     "This is what we think of the first of all your questions here\n> 2) And what of this?\nNothing."],
)  # fmt: skip
def test_a_line_with_a_mark_is_a_quotation(text: str) -> None:
    assert SpanKind.QUOTE in {span.kind for span in mail("Bob", text, None).spans}


@pytest.mark.parametrize("language", SIX)
@pytest.mark.parametrize("mark", ["==>", "-->", "→", "##"])
def test_answers_behind_a_mark_of_the_author_s_own(language: str, mark: str) -> None:
    fields, one, two, first, second, name, _ = SIX[language]
    quoted = "\n".join([*head(fields), "", f"1. {one}", f"{mark} {first}", "", f"2. {two}", f"{mark} {second}", "", "Office"])
    for cover in (f"Hello {mark}", "Hello."):  # named above; below two questions
        found = mail(name, f"{cover}\n\n{quoted}\n", None)
        own = "".join(found.text[span.start : span.end] for span in found.spans if span.kind is SpanKind.NEW)
        assert first in own
        assert second in own
        assert one not in own
        assert two not in own
    # one such line below no question is a list of the quoted author's
    lone = "\n".join([*head(fields), "", "Office.", f"{mark} {first}"])
    found = mail(name, f"Hello.\n\n{lone}\n", None)
    assert all(first not in found.text[span.start : span.end] for span in found.spans if span.kind is SpanKind.NEW)

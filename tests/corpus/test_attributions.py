"""Replies as mail programs write them in six languages: above, below and between what they quote.

`attributions.toml` holds the programs' own introductions; each is tried with every arrangement that the program allows.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from intake.model.text import SpanKind
from intake.reading.spans import spans_of
from intake.reading.words import reading_words

HERE = Path(__file__).parent
WORDS = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))
PROGRAMS = tomllib.loads((HERE / "attributions.toml").read_text("utf-8"))["program"]
OWN = {
    "en": ["Thank you for the invitation. Our answer to the first question is yes: cables should be protected.",
           "In March 2024 we wrote to the regulator about this, and nothing has changed since.", "Kind regards, Maria Lopez"],
    "fr": ["Merci pour votre invitation. Notre réponse à la première question est oui : il faut protéger les câbles.",
           "En mars 2024, nous avons écrit au régulateur à ce sujet, et rien n'a changé depuis.", "Bien cordialement, Maria Lopez"],
    "es": ["Gracias por la invitación. Nuestra respuesta a la primera pregunta es sí: hay que proteger los cables.",
           "En marzo de 2024 escribimos al regulador sobre este asunto, y nada ha cambiado.", "Saludos, Maria Lopez"],
    "ru": ["Благодарим за приглашение. Наш ответ на первый вопрос: да, кабели следует защищать.",
           "В марте 2024 года мы писали об этом регулятору, и с тех пор ничего не изменилось.", "С уважением, Мария Лопес"],
    "zh": ["感谢贵方的邀请。我们对第一个问题的回答是肯定的：应当保护海底电缆。", "2024年3月我们曾就此致函监管机构，至今没有变化。", "此致 马丽"],
    "ar": ["شكراً لكم على الدعوة. جوابنا عن السؤال الأول هو نعم: ينبغي حماية الكابلات.",
           "في مارس 2024 كتبنا إلى الهيئة المنظمة بهذا الشأن ولم يتغير شيء منذ ذلك الحين.", "مع التحية، ماريا لوبيز"],
}  # fmt: skip
QUOTED = {
    "en": [
        "Dear all, we invite you to take part in the consultation.",
        "1. What should be protected?",
        "2. Who should pay for it?",
    ],
    "fr": ["Mesdames, Messieurs, nous vous invitons à participer.", "1. Que faut-il protéger ?", "2. Qui doit payer ?"],
    "es": ["Estimados todos: les invitamos a participar en la consulta.", "1. ¿Qué debe protegerse?", "2. ¿Quién debe pagar?"],
    "ru": ["Уважаемые коллеги, приглашаем вас принять участие.", "1. Что следует защищать?", "2. Кто должен платить?"],
    "zh": ["各位同事，诚邀参加本次征求意见。", "1. 应当保护什么？", "2. 费用应由谁承担？"],
    "ar": ["السادة الكرام، ندعوكم إلى المشاركة في المشاورة.", "1. ما الذي ينبغي حمايته؟", "2. من ينبغي أن يدفع؟"],
}


class Case(Struct, frozen=True):
    """A text, the lines of the author's own, and those that are not his."""

    name: str
    text: str
    own: list[str]
    other: list[str]


def cases() -> Iterator[Case]:
    for program in PROGRAMS:
        for language in OWN:
            if language in program:
                name = f"{program['name']}-{language}"
                if program.get("marked"):
                    yield from marked(name, program[language], OWN[language], QUOTED[language], program.get("inside", False))
                if program.get("unmarked"):
                    yield from unmarked(name, program[language], OWN[language], QUOTED[language])


def marked(name: str, head: str, own: list[str], quoted: list[str], inside: bool) -> Iterator[Case]:
    """With "> " before each quoted line, in some programs before the introduction too."""
    heads = head.split("\n")
    head = "\n".join(f"> {line}" for line in heads) if inside else head
    lines = [f"> {line}" for line in quoted]
    other = [*filter(None, heads), *quoted]
    yield Case(f"{name}-above", "\n\n".join(own) + f"\n\n{head}\n\n" + "\n> \n".join(lines) + "\n", own, other)
    yield Case(f"{name}-below", f"{head}\n" + "\n>\n".join(lines) + "\n\n" + "\n\n".join(own) + "\n", own, other)
    between = "\n".join(f"{line}\n\n{answer}\n" for line, answer in zip(lines, own, strict=True))
    yield Case(f"{name}-between", f"{head}\n{between}", own, other)
    yield Case(f"{name}-twice", "\n".join([*own, "", head, *lines, f"> {heads[-1]}", ">> earlier words", ">"]), own, other)


def unmarked(name: str, head: str, own: list[str], quoted: list[str]) -> Iterator[Case]:
    """Everything below the introduction is somebody else's."""
    other = [*[line for line in head.split("\n") if line], *quoted]
    yield Case(f"{name}-unmarked", "\n\n".join(own) + f"\n\n{head}\n\n" + "\n\n".join(quoted) + "\n", own, other)
    yield Case(f"{name}-unmarked-tight", "\n".join(own) + f"\n\n\n\n{head}\n" + "\n".join(quoted), own, other)
    yield Case(f"{name}-unmarked-short", f"{own[0]}\n\n{head}\n\n{quoted[0]}\n\n{quoted[1]}\n", own[:1], other[:-1])


CASES = list(cases())


def missed(case: Case) -> tuple[list[str], list[str]]:
    """(own lines that are not found, others' lines that are taken for the author's)."""
    spans = spans_of(case.text, WORDS, reply=True)
    new = "".join(case.text[span.start : span.end] for span in spans if span.kind in (SpanKind.NEW, SpanKind.SIGNATURE))
    return [line for line in case.own if line not in new], [line for line in case.other if line in new]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_author_s_own_words_are_told_from_what_is_quoted(case: Case) -> None:
    assert missed(case) == ([], [])


if __name__ == "__main__":
    lost = [(case.name, missed(case)) for case in CASES if missed(case) != ([], [])]
    for name, (short, long) in lost:
        sys.stdout.write(f"{name}: {len(short)} lost, {long[:3]}\n")
    sys.stdout.write(f"{len(CASES)} cases, {sum(bool(m[0]) for _, m in lost)} with words lost, {len(lost)} not exact\n")

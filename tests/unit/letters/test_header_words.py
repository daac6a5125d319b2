"""Subjects and names arrive letter for letter: encoded words lose no space between them and gain none inside (RFC 2047, 6.2)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.header import decode_header, make_header

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intake.letters.dates import clean
from intake.letters.message import to_message
from intake.model.letter import Letter
from intake.model.round import LANGUAGES

WHEN = datetime(2027, 1, 5, tzinfo=UTC)
TEXTS = {
    "ar": "نشرة 24 ديسمبر 2017: رسائل جديدة 1، في انتظار قرار 9، وفي انتظار موافقة 12",
    "zh": "2017年12月24日简报：新来函1件，待处理9项，此外还有若干等待批准的信函和需要补充的答复",
    "en": "Receipt R-2027-0000-0000: your message on the open consultation, and a good many words more",
    "fr": "Accusé de réception R-2027-0000-0000: version révisée de votre réponse à la consultation",
    "ru": "Уведомление о получении R-2027-0000-0000: Ваше сообщение об открытой консультации",
    "es": "Acuse de recibo R-2027-0000-0000: su mensaje sobre la consulta abierta de la Unión",
}


def sent(subject: str, name: str, language: str = "en") -> bytes:
    letter = Letter(
        to="a@example.org", subject=subject, text="x\n", html="<p>x</p>", language=language, auto_submitted="auto-replied"
    )
    return to_message(letter, from_name=name, from_address="desk@example.org", message_id="<a@example.org>", date=WHEN)


def field(raw: bytes, name: str) -> str:
    """A field as mail programs read it: unfolded (RFC 5322, 2.2.3), encoded words decoded."""
    head = raw.split(b"\r\n\r\n")[0].decode("ascii")
    assert max(map(len, head.split("\r\n"))) <= 78
    value = next(line for line in re.sub(r"\r\n(?=[ \t])", "", head).split("\r\n") if line.startswith(f"{name}:"))
    return str(make_header(decode_header(value.partition(":")[2].strip())))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_subject_and_a_long_name_arrive_as_they_are(language: str) -> None:
    raw = sent(TEXTS[language], TEXTS[language], language)
    assert field(raw, "Subject") == TEXTS[language]
    assert field(raw, "From").replace('"', "") == f"{clean(TEXTS[language], 100)} <desk@example.org>"


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"], include_characters=" "), max_size=140)
)
@example("Ваше сообщение об открытой консультации, " * 3)
@example("a" * 140)
@example("=?utf-8?q?no?= word")
def test_any_subject_arrives_as_it_is(text: str) -> None:
    assert field(sent(text, "Desk"), "Subject") == clean(text, 150)

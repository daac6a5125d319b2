"""What programs put around a quoted or forwarded text, and boundaries that no header names; in six languages."""

from __future__ import annotations

import base64

import pytest

from intake.model.mail import Reading
from intake.model.text import SpanKind
from intake.reading.read_message import read_message
from intake.reading.spans import spans_of
from tests.corpus.test_reading_corpus import WORDS

OWN = {
    "en": "Roads first.",
    "fr": "Les routes d'abord.",
    "es": "Primero las carreteras.",
    "ru": "Сначала дороги.",
    "zh": "先修路。",
    "ar": "الطرق أولا.",
}
FORWARDS = {
    "en": ["Forwarded Message", "Begin forwarded message:"],
    "fr": ["Message transféré", "Début du message réexpédié :", "E-mail transféré"],
    "es": ["Mensaje reenviado", "Inicio del mensaje reenviado:"],
    "ru": ["Перенаправленное сообщение", "Пересылаемое сообщение", "Начало переадресованного сообщения:"],
    "zh": ["转发的消息", "转发邮件信息", "转发的邮件", "轉寄郵件", "以下是转发的邮件："],
    "ar": ["رسالة محوّلة", "الرسالة المُعاد توجيهها", "بداية الرسالة المحوّلة:"],
}
YAHOO = {
    "en": "On Tue, Dec 4, 2018 at 9:05 AM, Office<office@example.org> wrote:",
    "fr": "Le mar., déc. 4 2018 à 9:05, Bureau<office@example.org> a écrit :",
    "es": "El mar., 4 dic. 2018 a las 9:05, Oficina<office@example.org> escribió:",
    "ru": "вт, 4 дек. 2018 г. в 9:05 Бюро<office@example.org> написал(-а):",
    "zh": "2018年12月4日周二 9:05，办公室<office@example.org> 写道：",
    "ar": "في الثلاثاء، ٤ ديسمبر ٢٠١٨ في ٩:٠٥ ص، كتب المكتب<office@example.org>:",
}
HEAD = "{}\nSubject: Call\nDate: Tue, 4 Dec 2018 09:05:00 +0100\nFrom: Office <office@example.org>\nTo: b@example.org\n\nPlease answer."


def new(text: str, *, reply: bool = False, forward: bool = False) -> str:
    spans = spans_of(text, WORDS, reply=reply, forward=forward)
    return "".join(text[span.start : span.end] for span in spans if span.kind is SpanKind.NEW).strip()


@pytest.mark.parametrize(("language", "line"), [(language, line) for language, lines in FORWARDS.items() for line in lines])
@pytest.mark.parametrize("rule", ["-------- ", "---------- ", ""])
def test_the_line_above_a_forwarded_text(language: str, line: str, rule: str) -> None:
    own = OWN[language]
    marked = f"{rule}{line}{rule[::-1]}" if not line.endswith((":", "：")) else line
    text = f"{own}\n\n{HEAD.format(marked)}"
    assert new(text, forward=True) == own
    assert {span.kind for span in spans_of(text, WORDS, forward=True)} == {
        SpanKind.NEW,
        SpanKind.FORWARD_HEADER,
        SpanKind.FORWARDED,
    }


@pytest.mark.parametrize("language", OWN)
@pytest.mark.parametrize("gap", ["   ", "\n\n  "])
def test_a_quotation_in_the_line_of_its_introduction(language: str, gap: str) -> None:
    assert new(f"{OWN[language]}\n\n  {YAHOO[language]}{gap}Please answer.  \nThank you.\n", reply=True) == OWN[language]
    # a sentence of the author's with an address and a colon is none
    own = f"{OWN[language]}\n\noffice@example.org:  {OWN[language]}"
    assert new(own, reply=True) == own


@pytest.mark.parametrize("language", OWN)
def test_arrows_and_pipes(language: str) -> None:
    own = OWN[language]
    assert new(f"{own}\n\n>>> Office 04.12.2018 09:05 >>>\nPlease answer.\nThank you.", reply=True) == own
    assert new(f"| Please answer.\n| Thank you.\n\n{own}", reply=True) == own
    table = f"{own}\n\n| a | b |\n| 1 | 2 |\n\n| {own}"
    assert new(table, reply=True) == table
    assert new(f"| {own}\n| {own}") == f"| {own}\n| {own}"  # no reply


def divided(kind: str, parameter: str, mark: str, words: str) -> Reading:
    parts = "".join(f"--{mark}\n{part}\n" for part in (
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{words}",
        "Content-Type: application/pdf; name=a.pdf\n\n%PDF-1.4",
    ))  # fmt: skip
    head = "From: a@example.org\nSubject: Answer\nMIME-Version: 1.0\n"
    return read_message(f"{head}Content-Type: multipart/{kind}{parameter}\n\n{parts}--{mark}--\n".encode(), WORDS)


@pytest.mark.parametrize("language", OWN)
@pytest.mark.parametrize("parameter", ["", "; boundary=", '; boundary="other"', "; boundary=a; boundary=b"])
@pytest.mark.parametrize("mark", ["----=_Part_1", "b", "=_x (1)'?"])
def test_boundaries_that_no_header_names(language: str, parameter: str, mark: str) -> None:
    found = divided("mixed", parameter, mark, base64.b64encode(OWN[language].encode()).decode())
    assert found.text.strip() == OWN[language]
    assert [part.media_type for part in found.parts] == ["text/plain", "application/pdf", "multipart/mixed"]
    assert found.parts[-1].path == "whole.1"  # one leaf for readers that look for no boundary
    assert found.defects


def test_boundaries_inside_boundaries_cost_no_more_than_their_length() -> None:
    inner = "From: a@example.org\nMIME-Version: 1.0\n"
    body = "".join(f"--m{level}\nContent-Type: multipart/mixed\n\n--m{level}\n" for level in range(3000))
    assert read_message(f"{inner}Content-Type: multipart/mixed\n\n{body}".encode(), WORDS).sha256


def test_a_reply_that_is_taken_for_quotation_whole_says_so() -> None:
    head = "On Tue, 4 Dec 2018 at 09:05, Office <office@example.org> wrote:"
    found = read_message(f"From: a@example.org\nSubject: Re: Call\n\n{head}\n\n1. Why?\n\nCost.\n".encode(), WORDS)
    assert "nothing_new" in [item.code for item in found.defects]

"""Short mails in six languages: in what ways people number what they answer, and the kinds of mail that are rare.

`notes/answers.txt`: `# language | 1=how the answer begins | ...` and the mail; none where nothing is answered. `notes/dispositions.txt`:
`# disposition | subject | address | name` and the mail. Every second one is held out: measured, never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.fakes.mails import a_mail, verdict_of

NOTES = Path(__file__).with_name("notes")
HALVES = ("open", "held out")
# At first contact, before any rule was read: answers F1 0.793 and 0.793, dispositions 20 of 29 and 19 of 28.
ANSWERED = {"open": 0.97, "held out": 0.9}
SORTED = {"open": 0.95, "held out": 0.8}


@cache
def _blocks(name: str) -> tuple[tuple[list[str], str], ...]:
    blocks = re.split(r"(?m)^# (?=[a-z_]+ \|)", (NOTES / f"{name}.txt").read_text("utf-8"))[1:]
    return tuple(
        ([field.strip() for field in head.split("|")], text.strip()) for head, _, text in (block.partition("\n") for block in blocks)
    )  # fmt: skip


def _half(name: str, half: str) -> Iterator[tuple[list[str], str]]:
    yield from (block for number, block in enumerate(_blocks(name)) if number % 2 == HALVES.index(half))


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


@pytest.mark.parametrize("half", HALVES)
def test_what_is_answered(half: str) -> None:
    right = wanted = given = 0
    missed = []
    for (_, *labels), text in _half("answers", half):
        want = dict(label.split("=", 1) for label in labels if label)
        got = {str(answer.question): answer.text for answer in verdict_of(a_mail("Consultation", text)).answers}
        found = [number for number, start in want.items() if _plain(start) in _plain(got.get(number, ""))[: len(start) + 200]]
        right, wanted, given = right + len(found), wanted + len(want), given + len(got)
        if len(found) < max(len(want), len(got)):
            missed.append((text[:60], want, got))
    assert 2 * right / (wanted + given) >= ANSWERED[half], missed if half == "open" else len(missed)


@pytest.mark.parametrize("half", HALVES)
def test_the_rare_kinds(half: str) -> None:
    blocks = list(_half("dispositions", half))
    missed = []
    for (kind, subject, address, name), text in blocks:
        found = verdict_of(a_mail(subject, text, f'"{name}" <{address}>')).disposition.value
        if found != kind:
            missed.append((kind, subject, found))
    assert 1 - len(missed) / len(blocks) >= SORTED[half], missed if half == "open" else len(missed)


def test_a_colleague_s_forward_of_an_enclosed_mail_is_not_the_colleagues_own() -> None:
    inner = a_mail("Our answers", "Question 1: Share the cable.\n\nAna Ruiz", "Ana Ruiz <ana@union.example>")
    headers = [("In-Reply-To", "<1@consult.example.int>")]
    sender = "Bo Dahl <bo@consult.example.int>"
    passed_on = a_mail("Re: mail for you", "For your information, for the file.", sender, headers=headers, enclosed=[inner])
    assert verdict_of(passed_on).disposition.value != "correspondence"
    noted = a_mail("Re: mail for you", "Checked against the paper, nothing to do.", sender, headers=headers)
    assert verdict_of(noted).disposition.value == "correspondence"

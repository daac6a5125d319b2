"""Where words are said to stand, they stand: every passage and every proposal points into the text of its own part, however it came."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from intake.compilation.pieces import find_part, unit_of
from intake.model.verdict import Passage
from intake.sorting.classify import classify
from tests.fakes.mails import a_mail, arrival_of, tables, the_round

ANSWERS = "Question 1: We would open the spectrum.\n\nQuestion 2: Prices should fall, and the fund should pay.\n"
HOME = "I live at 12 Rose Lane, Springfield. My passport number is AB1234567.\n"


def answer_file(name: str = "answer.txt") -> tuple[str, bytes, str]:
    return name, (ANSWERS + HOME).encode(), "text/plain"


def inner(*, with_file: bool) -> EmailMessage:
    if with_file:
        return a_mail("Our answers", "Please find our answers enclosed.", "Ana Berg <ana@relay.example>", files=[answer_file()])
    return a_mail("Our answers", ANSWERS + HOME, "Ana Berg <ana@relay.example>")


SHAPES = {
    "body": lambda: a_mail("Answers", ANSWERS + HOME),
    "file": lambda: a_mail("Answers", "See the file.", files=[answer_file()]),
    "two files": lambda: a_mail(
        "Answers", "See the files.", files=[("cover.txt", b"A cover of no weight.", "text/plain"), answer_file()]
    ),
    "enclosed, body": lambda: a_mail("Fwd: answers", "See below.", enclosed=[inner(with_file=False)]),
    "enclosed, file": lambda: a_mail("Fwd: answers", "See below.", enclosed=[inner(with_file=True)]),
    "file, then enclosed file": lambda: a_mail(
        "Fwd: answers",
        "See below.",
        files=[("note.txt", b"A note of ours, nothing more.", "text/plain")],
        enclosed=[inner(with_file=True)],
    ),
    "enclosed in an enclosed": lambda: a_mail(
        "Fwd: Fwd", "See below.", enclosed=[a_mail("Fwd: answers", "From a colleague.", enclosed=[inner(with_file=True)])]
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_place_holds_its_words(shape: str) -> None:
    mail: EmailMessage = SHAPES[shape]()
    arrival = arrival_of(mail.as_bytes(policy=SMTP))
    verdict = classify(arrival, the_round(), tables())
    assert len(verdict.answers) == 2, shape
    passages: list[Passage] = [passage for answer in verdict.answers for passage in answer.passages]
    for passage in [*passages, *verdict.general, *verdict.unmapped]:
        text, _, _ = unit_of(arrival.reading, passage.part)
        assert " ".join(text[passage.start : passage.end].split()) == " ".join(passage.text.split())
    for item in verdict.withheld:
        text, _, _ = unit_of(arrival.reading, item.part)
        assert item.whole or "Rose Lane" in text[item.start : item.end] or "AB1234567" in text[item.start : item.end]
    for file in verdict.attachments:
        part = find_part(arrival.reading.parts, file.part)
        assert part is not None
        assert part.sha256 == file.sha256


@pytest.mark.parametrize(
    "label", ["Question {}", "Вопрос {}", "السؤال {}", "Pregunta {}", "第{}题", "第 {} 题", "问题 {}", "第 {} 个问题"]
)
def test_a_label_before_the_repeated_question_is_no_part_of_the_answer_before_it(label: str) -> None:
    """Set with spaces or without: what is quoted ends where the author ended it."""
    first, second = (question.text["en"] for question in the_round().questions[:2])
    one, two = "Our first view is this and it is long enough.", "Our second view is another one."
    text = f"{label.format(1)}\n\n{first}\n\n{one}\n\n{label.format(2)}\n\n{second}\n\n{two}\n"
    verdict = classify(arrival_of(a_mail("Answers", text)), the_round(), tables())
    assert [answer.text for answer in verdict.answers] == [one, two]

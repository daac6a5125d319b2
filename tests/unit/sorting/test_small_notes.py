"""A sentence that speaks of the matter is a response, one that speaks of nothing of ours belongs to a response or asks something."""
# ruff: noqa: E501 - a mail stands on one line, in its own script

from __future__ import annotations

import pytest

from intake.casework.judge import judge
from tests.fakes.mails import a_mail, cases_of, the_round

NOTHING = {
    "en": "The Bank acknowledges receipt of the letter of your Group dated 25 February and will revert to it in due course.",
    "fr": "La Banque accuse réception de la lettre de votre Groupe datée du 25 février et y reviendra le moment venu.",
    "es": "El Banco acusa recibo de la carta de su Grupo con fecha 25 de febrero y volverá sobre ella a su debido tiempo.",
    "ru": "Банк получил письмо вашей группы от 25 февраля, внимательно с ним ознакомится и вернётся к нему в установленном порядке позже.",
    "ar": "تلقى المصرف رسالة فريقكم المؤرخة 25 فبراير وسيعود إليها في الوقت المناسب بعد عرضها على الإدارة العامة فيه.",
    "zh": "本行已收到贵组二月二十五日的来函，待领导审阅之后将另行函告，特此说明。",
}


@pytest.mark.parametrize("language", NOTHING)
def test_a_note_on_nothing_of_ours_is_not_counted(language: str) -> None:
    record = judge(the_round(), cases_of([a_mail("Ref. 33/2024", NOTHING[language])]), ())
    assert record.counts.responses == 0
    assert record.filed[0].letter is not None


def test_our_own_title_in_the_subject_names_no_other_procedure() -> None:
    """Short words of the topic are words of the topic."""
    record = judge(the_round(), cases_of([a_mail("Re: Open consultation on remote links", "We regret that we cannot take part this time.\n\nAna Berg")]), ())  # fmt: skip
    assert record.filed[0].disposition.value != "misdirected"

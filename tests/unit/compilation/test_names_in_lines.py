"""Names that run against the line stay as they are written (UAX 9), in the documents' shell and in mails."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.doors.share import InstalledShare
from intake.model.direction import direction_of, isolated, marked
from intake.model.round import LANGUAGES
from intake.wiring import load_words

LRM, RLM = "\u200e", "\u200f"


@pytest.mark.parametrize("name", ["Hoshikawa Electric Co., Ltd.", "ТОО «Дала Телеком Сервис»", "«Связь» и школа", "(ex) Réseau"])
def test_a_sign_at_the_end_of_a_name_keeps_its_side(name: str) -> None:
    assert marked(name, "rtl") == f"{LRM}{name}{LRM}"
    assert marked(name, "ltr") == name


def test_an_arabic_name_in_latin_lines_likewise() -> None:
    assert marked("شركة النيل (مصر)", "ltr") == f"{RLM}شركة النيل (مصر){RLM}"
    assert marked("شركة النيل (مصر)", "rtl") == "شركة النيل (مصر)"


@pytest.mark.parametrize("name", ["Ministry of Communications", "西河大学", "4Women", "2019", "–", ""])
def test_nothing_is_added_where_nothing_can_move(name: str) -> None:
    assert marked(name, "rtl") == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_in_a_mail_is_isolated_where_it_may_disturb(language: str) -> None:
    assert (isolated("Ltd.", language) != "Ltd.") == (language == "ar")
    assert isolated("مصر.", language) == "\u2068مصر.\u2069"


def test_a_moment_ends_in_the_direction_of_its_line() -> None:
    told = load_words(InstalledShare())["ar"].moment(datetime(2017, 12, 23, 22, 59, tzinfo=UTC), "Europe/Zurich")
    assert told.endswith(f"{LRM}(+0100){LRM}{RLM}")
    assert direction_of("fa") == "rtl"

"""The shipped words are found from a checkout; the operator's own go first."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.doors.share import InstalledShare
from intake.errors import Misconfigured
from intake.wiring import load_templates


def test_shipped_files_are_found() -> None:
    """The example configuration is where the program looks for it."""
    assert "[service]" in InstalledShare().text("config", "intake.example.toml")


def test_the_operators_own_template_wins(tmp_path: Path) -> None:
    """A file of the same name in the operator's folder is taken instead."""
    shipped = InstalledShare()
    name = next(iter(shipped.files("templates")))
    own = tmp_path / name
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("our own words", "utf-8")
    assert InstalledShare(tmp_path).text("templates", *name.split("/")) == "our own words"
    assert shipped.text("templates", *name.split("/")) != "our own words"


def test_the_operators_words_need_only_what_they_change(tmp_path: Path) -> None:
    """A table of the operator lies over the shipped one, sentence by sentence."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "fr.toml").write_text(
        'closing = "Bien à vous,"\n[subject]\nlate = "Reçu {receipt} : hors délai"\n', "utf-8"
    )
    shipped, own = InstalledShare(), InstalledShare(tmp_path)
    before, after = (share.table("templates", "letters", "fr.toml") for share in (shipped, own))
    assert after["closing"] == "Bien à vous,"
    assert after["subject"]["late"] != before["subject"]["late"]
    assert after["subject"]["held"] == before["subject"]["held"]
    assert load_templates(own).table("letters", "fr")["closing"] == "Bien à vous,"


def test_every_fault_of_the_operators_templates_is_told_at_once(tmp_path: Path) -> None:
    """Two unknown keys at two depths, a table that is none, a sentence that nothing fills, a name that replaces nothing: one list."""
    own = {
        "letters/fr.toml": 'clossing = "Fin"\nsubject = "one for all"\n',
        "letters/es.toml": '[subject]\nlatte = "Tarde"\n',
        "letters/en.toml": '[subject]\nlate = "{no_such_value}"\n',
        "letters/zh.toml": "closing = ",
        "letters/french.toml": 'closing = "Fin"',
    }
    (tmp_path / "letters").mkdir()
    for name, text in own.items():
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(Misconfigured) as caught:
        load_templates(InstalledShare(tmp_path))
    told = "\n".join(caught.value.problems)
    for fault in (
        "'clossing'",
        "'subject' is a table",
        "'latte'",
        "no_such_value",
        "zh.toml: is not TOML",
        "french.toml: there is no",
    ):
        assert fault in told
    assert told.count("'clossing'") == 1


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("letters/fr.toml", 'clossing = "Bien à vous"', "unknown key 'clossing'"),
        ("letters/fr.toml", 'subject = "one for all"', "is a table"),
        ("letters/fr.toml", "closing = ", "is not TOML"),
        ("letters/fr.toml", 'closing = "Fin"\n[subject]\nlate = "{no_such_value}"', "late"),
        ("letters/letter.txt.j2", "{{ misspelt }}", "misspelt"),
        ("report/ru.toml", '[report]\nrunning = "Открыта {dzień}"', "nothing fills {dzień}"),
        ("synthesis/es.toml", '[synth]\nquestion = "Pregunta {n"', "question"),
        ("report/ru.toml", '[count]\ntwo = "{n} ответа"', "unknown key 'two'"),
        ("letters/french.toml", 'closing = "Fin"', "no shipped template"),
    ],
)
def test_an_operators_template_that_cannot_be_used_stops_the_start(tmp_path: Path, name: str, text: str, problem: str) -> None:
    """Each fault names the file or the letter."""
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    with pytest.raises(Misconfigured, match=problem):
        load_templates(InstalledShare(tmp_path))

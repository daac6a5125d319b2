"""Notices: whom they reach, that nobody is told twice, and that nothing is promised before it happened."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from intake.doors.share import InstalledShare
from intake.model.round import LANGUAGES
from intake.wiring import load_templates
from tests.fakes.office import intake, sample_office


@pytest.fixture
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Letters wait for a person; the sample round was imported, so none goes unasked."""
    folder = tmp_path_factory.mktemp("notices")
    path = sample_office(folder)
    text = path.read_text("utf-8").replace('mode = "off"', 'mode = "approve"')
    path.write_text(text + '[smtp]\nhost = "127.0.0.1"\nport = 1\ntls = "none"\n', "utf-8")
    return path


def said(config: Path, *words: object, code: int = 0) -> str:
    done = intake("--config", config, "--by", "ana", *words)
    assert done.returncode == code, done.stderr
    return (done.stdout + done.stderr).decode()


def letters_of(shown: str) -> list[str]:
    """The letters that --print shows, each from its recipient on; the last line's count is of these."""
    *letters, _ = re.split(r"(?m)^(?=To: \S+@\S+\nSubject: )|^(?=\d+ letters; nothing was queued$)", shown)[1:]
    assert len(letters) == int(shown.splitlines()[-1].split()[0])
    assert "\ufffd" not in shown, "letters are shown as a person reads them: no mark of a character that could not be shown"
    return letters


def test_nothing_is_announced_before_it_happened(config: Path, tmp_path: Path) -> None:
    """No extension, no publication, no outcome: each verb says what comes first."""
    assert "was not extended" in said(config, "notify", "extension", code=64)
    assert "intake release" in said(config, "notify", "publication", code=64)
    words = tmp_path / "words.toml"
    words.write_text('fr = ["Le groupe a pris note."]\n', "utf-8")
    assert "at least in English" in said(config, "notify", "outcome", "--words", words, code=64)
    words.write_text('de = ["x"]\n', "utf-8")
    said(config, "notify", "outcome", "--words", words, code=65)
    assert intake("--config", config, "--by", "nobody", "notify", "chase").returncode == 64


def test_each_thing_is_asked_for_once_in_the_respondents_language(config: Path) -> None:
    """The locked file of the sample round; a second run makes nothing new."""
    shown = said(config, "notify", "chase", "--print")
    assert "nothing was queued" in shown
    first = said(config, "notify", "chase")
    assert " chase " in first
    assert "suppressed" in first, "an imported response is not written to unasked"
    assert "0 letters" in said(config, "notify", "chase")


def test_an_extension_is_told_to_those_who_had_answered(config: Path) -> None:
    """Once for each extension, with both days."""
    said(config, "extend", "2099-01-02", "--reason", "asked for")
    shown = said(config, "notify", "extension", "--print")
    count = len(letters_of(shown))
    assert count > 5
    assert all("2099" in letter and "2025" in letter for letter in letters_of(shown)), "the new day and the one before"
    assert f"{count} letters; 0 had been made" in said(config, "notify", "extension")
    assert f"0 letters; {count} had been made" in said(config, "notify", "extension")
    said(config, "extend", "2099-02-02", "--reason", "again")
    assert f"{count} letters; 0 had been made" in said(config, "notify", "extension")


def test_publication_and_outcome_name_the_number_under_which_the_response_stands(config: Path, tmp_path: Path) -> None:
    """After a release, each printed respondent gets his own number; the officer's words stand in the letter as written."""
    said(config, "release")
    published = said(config, "notify", "publication")
    words = tmp_path / "words.toml"
    words.write_text('en = ["The group took note of {all} responses."]\nfr = ["Le groupe a pris note."]\n', "utf-8")
    told = said(config, "notify", "outcome", "--words", words)
    assert published.splitlines()[-1] == told.splitlines()[-1]
    listing = said(config, "notify", "outcome", "--words", words, "--print")
    letters = letters_of(listing)
    assert len(letters) == int(told.splitlines()[-1].split()[0])
    assert "The group took note of {all} responses." in listing
    tables = [load_templates(InstalledShare()).table("letters", language) for language in LANGUAGES]
    label = "|".join(re.escape(table["line"]["number"]) for table in tables)
    numbers = [re.findall(rf"(?m)^(?:{label})\W*(\d+)\W*$", letter) for letter in letters]
    assert all(len(found) == 1 for found in numbers), numbers
    assert len({found[0] for found in numbers}) == len(letters), "to each his own"

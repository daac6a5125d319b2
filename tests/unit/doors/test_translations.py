"""Translations that officers put into a folder: read with their maker and day, every fault told at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from intake.doors.translations import translations_in
from intake.errors import BadData

HEAD = "number: 7\nlanguage: en\nby: A. Translator\non: 2027-01-03\n\n"


def test_a_translation_has_its_maker_its_day_and_its_paragraphs(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(HEAD + "First line\ngoes on.\n\nSecond.\n", "utf-8")
    (tmp_path / "notes.md").write_text("no translation", "utf-8")
    (found,) = translations_in(tmp_path)
    assert (found.number, found.language, found.by, found.on) == (7, "en", "A. Translator", date(2027, 1, 3))
    assert found.text == ("First line goes on.", "Second.")
    assert translations_in(tmp_path / "nowhere") == ()


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("number: 7\n\ntext", "utf-8")
    (tmp_path / "b.txt").write_text(HEAD, "utf-8")
    (tmp_path / "c.txt").write_text(HEAD.replace("2027-01-03", "yesterday") + "text", "utf-8")
    with pytest.raises(BadData) as error:
        translations_in(tmp_path)
    said = str(error.value)
    assert "the head lacks language, by, on" in said
    assert "there is no text below the head" in said
    assert "c.txt" in said

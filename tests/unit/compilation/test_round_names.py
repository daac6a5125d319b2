"""Topic, group and reporting groups in the reader's language, in every paper; faults of the round's file by name."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import pytest
from msgspec.structs import replace

from intake.compilation.outline import outline_of
from intake.compilation.renderers import markdown
from intake.compilation.tables import group_name
from intake.digest.sample import sample_digest
from intake.doors.share import InstalledShare
from intake.errors import Misconfigured
from intake.model.edition import DigestRole
from intake.model.round import LANGUAGES, RoundNames
from intake.pipeline.daily import digest_letter
from intake.settings.rounds import round_from
from intake.wiring import load_templates, load_words
from tests.fakes.small_editions import full_edition

SHARE = InstalledShare()
WORDS = load_words(SHARE)
EXAMPLE = tomllib.loads(SHARE.text("config", "rounds", "example.toml.txt"))


def table(names: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(EXAMPLE) | {"names": names}


def test_the_names_of_a_round_are_read_and_every_fault_is_told() -> None:
    groups = {"Governments": "Gouvernements"}
    held = round_from(table({"fr": {"topic": "Le thème", "working_group": "GTC", "groups": groups}}), "r.toml")
    assert (held.said_in("fr").topic, held.said_in("fr").working_group) == ("Le thème", "GTC")
    assert held.said_in("ru") == held
    faulty = {"de": {}, "fr": {"theme": "x", "groups": {"Gov": "y"}}, "es": {"topic": 3}}
    with pytest.raises(Misconfigured) as told:
        round_from(table(faulty), "r.toml")
    for fault in ("names.de is no table", "unknown key names.fr.theme", "no reporting group 'Gov'", "names.es: topic"):
        assert fault in str(told.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reporting_group_has_words_in_every_language(language: str) -> None:
    held = round_from(table({language: {"groups": {"Governments": "Named"}}}), "r.toml")
    words = WORDS[language]
    assert group_name("Governments", held, words) == "Named"
    other = group_name("Individuals and unspecified", held, words)
    told = words.listed([words("category.individual"), words("category.unspecified")])
    assert other == ("Individuals and unspecified" if language == "en" else told)
    assert group_name("", held, words) == words("table.remainder")


@pytest.mark.parametrize("language", LANGUAGES)
def test_papers_and_digests_call_the_round_as_its_file_does_in_their_language(language: str) -> None:
    names = {language: RoundNames(topic="Тема темы", working_group="Рабочая группа")}
    made = full_edition(language)
    text = markdown.render(outline_of(replace(made, round=replace(made.round, names=names)), WORDS[language])).decode()
    assert made.round.topic not in text
    assert text.count("Тема темы") >= 3
    assert "Рабочая группа" in text
    digest = sample_digest()
    digest = replace(digest, round=replace(digest.round, names=names))
    letter = digest_letter(digest, DigestRole.DESK, language, load_templates(SHARE), WORDS)
    assert "Тема темы" in letter.text
    assert digest.round.topic not in letter.text + letter.html

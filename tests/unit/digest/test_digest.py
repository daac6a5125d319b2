"""The daily letter: figures that add up, tasks with their command, junk that looks real, letters that came back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from intake.digest.letter import AT_MOST, PARTS, digest_values, role_faults
from intake.digest.sample import sample_digest
from intake.doors.share import InstalledShare
from intake.errors import Misconfigured
from intake.model.edition import DigestRole
from intake.model.round import LANGUAGES
from intake.pipeline.daily import digest_letter
from intake.wiring import load_templates, load_words
from tests.fakes.office import facts, intake, sample_office

SHARE = InstalledShare()


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_office(tmp_path_factory.mktemp("digest"))


def test_every_task_has_a_command_that_exists_and_every_sum_holds(config: Path) -> None:
    """What the letter tells a person to type is a verb of this program; the printed sums are sums."""
    digest = facts(config, "digest", "--print", "--date", "2025-12-29")
    helps = intake("--help").stdout.decode()
    kinds = {item["kind"] for item in digest["needs_person"]}
    assert {"held", "late_pending", "withheld", "withdrawal", "chase"} <= kinds
    late = next(item["because"] for item in digest["needs_person"] if item["kind"] == "late_pending")
    assert late == "2025-12-28 00:47 (Europe/Zurich)", "the time of a late response is that of the house, as its deadline is"
    for item in digest["needs_person"]:
        for command in item["command"].split("   |   "):
            verb = command.removeprefix("intake ").split()[0]
            assert verb in helps or verb == "exclude"
    text = intake("--config", config, "digest", "--print", "--date", "2025-12-29").stdout.decode()
    for line in text.splitlines():
        match = re.match(r"- (?:archived messages|responses|counted): (\d+) \(.*?\) = (.*)$", line)
        if match:
            assert int(match[1]) == sum(int(number) for number in re.findall(r"(\d+)(?: \+|$)", match[2]))
    assert len(re.findall(r"^- (?:archived messages|responses|counted): ", text, re.MULTILINE)) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_day_is_cut_and_the_rest_is_told(language: str) -> None:
    """A letter of a thousand tasks is not read: the first ones, then how many more."""
    digest = sample_digest()
    many = replace(digest, needs_person=digest.needs_person * 50)
    words = load_words(SHARE)[language]
    values = digest_values(many, DigestRole.DESK, PARTS, load_templates(SHARE).table("digest", language), words.rooms, language)
    found = values["found"]
    assert isinstance(found, dict)
    assert len(found["tasks"]) == AT_MOST + 1
    assert str(len(many.needs_person) - AT_MOST) in found["tasks"][-1]["name"]


def test_dates_keep_their_order_in_a_right_to_left_letter() -> None:
    """In Arabic a bare 2027-01-05 06:00 would be read from the wrong end; in the other languages no mark stands. Days are written out."""
    templates, words = load_templates(SHARE), load_words(SHARE)
    arabic = digest_letter(sample_digest(), DigestRole.DESK, "ar", templates, words)
    assert "\u20662027-01-05 07:00\u2069" in arabic.text
    assert "9 يناير 2027" in arabic.text
    for language in ("en", "fr", "es", "ru", "zh"):
        assert "\u2066" not in digest_letter(sample_digest(), DigestRole.DESK, language, templates, words).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chair_reads_no_commands_and_no_addresses(language: str) -> None:
    """Figures, days and names; the desk's work is told by its number, and who else was not heard from by theirs."""
    digest, templates = sample_digest(), load_templates(SHARE)
    assert digest.silence is not None
    assert digest.silence.more, "the map is cut, which is where the desk is told a command"
    letter = digest_letter(digest, DigestRole.CHAIR, language, templates, load_words(SHARE))
    line = templates.table("digest", language)["line"]
    for told in (letter.text, letter.html):
        assert "intake " not in told
        assert "@" not in told
        assert line["decisions"].format(n=len(digest.needs_person)) in told
        assert line["more_silent"].format(n=digest.silence.more) in told


def test_a_role_with_an_unknown_part_stops_the_start(tmp_path: Path) -> None:
    """The operator's own order of parts is checked like every template."""
    assert role_faults(SHARE.table("templates", "digest", "roles.toml")) == []
    (tmp_path / "digest").mkdir()
    (tmp_path / "digest" / "roles.toml").write_text('desk = ["weather"]\n', "utf-8")
    with pytest.raises(Misconfigured, match="no part 'weather'"):
        load_templates(InstalledShare(tmp_path))


def test_the_records_reasons_to_hold_a_response_are_told_in_the_readers_language() -> None:
    """None is left in English elsewhere (tests/unit/digest/test_reasons.py finds each where it is written)."""
    said = "nobody is named; the same text as c-1a2b, of another respondent; a withdrawal was asked for; a person confirms"
    templates, words = load_templates(SHARE), load_words(SHARE)
    plain = sample_digest()
    held = replace(next(item for item in plain.needs_person if item.kind == "held"), because=said)
    for language in ("ar", "zh", "fr", "ru", "es"):
        text = digest_letter(replace(plain, needs_person=(held,)), DigestRole.DESK, language, templates, words).text
        assert "c-1a2b" in text
        assert not any(word in text for word in ("nobody", "another respondent", "asked for", "person confirms"))

"""Wrong configuration dies at start, with every fault in one list."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.errors import Misconfigured
from intake.settings import effective, load_round, load_settings

CASES = sorted(path for path in Path(__file__).parent.iterdir() if path.is_dir() and path.name.startswith("c-"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_wrong_configuration_names_all_its_faults(case: Path) -> None:
    """Every line of .expected-error stands in the one message, and nothing else is complained of."""
    expected = [line for line in (case / ".expected-error").read_text("utf-8").split("\n") if line]
    with pytest.raises(Misconfigured) as caught:
        load_settings(case / "intake.toml")
    problems = list(caught.value.problems)
    for line in expected:
        assert any(line in problem for problem in problems), (line, problems)
    assert len(problems) == len(expected), problems


def test_there_are_wrong_configurations_to_try() -> None:
    """The parametrised test above cannot pass by finding nothing."""
    assert len(CASES) >= 6


def _good(tmp_path: Path) -> Path:
    rounds = tmp_path / "rounds"
    rounds.mkdir()
    source = Path(__file__).resolve().parents[2] / "config" / "rounds" / "example.toml.txt"
    (rounds / "example.toml").write_text(source.read_text("utf-8"), "utf-8")
    config = tmp_path / "intake.toml"
    example = (source.parent.parent / "intake.example.toml").read_text("utf-8")
    config.write_text(example, "utf-8")
    return config


def test_the_example_configuration_is_good(tmp_path: Path) -> None:
    """What we ship as an example loads as it stands, and is shown with its values."""
    settings = load_settings(_good(tmp_path))
    assert settings.letters.mode.value == "approve"
    assert effective(settings)["rounds"] == ["example-round"]
    assert settings.service.state_dir.resolve() == (tmp_path / ".." / "var").resolve()


def test_environment_outranks_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """INTAKE__SECTION__KEY wins over intake.toml."""
    monkeypatch.setenv("INTAKE__LETTERS__MODE", "off")
    assert load_settings(_good(tmp_path)).letters.mode.value == "off"


def test_a_secret_that_others_may_read_is_a_fault(tmp_path: Path) -> None:
    """A password file must be its owner's alone."""
    config = _good(tmp_path)
    secret = tmp_path / "password"
    secret.write_text("x", "utf-8")
    secret.chmod(0o644)
    config.write_text(
        config.read_text("utf-8").replace('# password_file = "secrets/imap"', f'password_file = "{secret}"'), "utf-8"
    )
    with pytest.raises(Misconfigured, match="may be read by others"):
        load_settings(config)


def test_a_deadline_given_as_a_day_lasts_until_its_last_second(tmp_path: Path) -> None:
    """A local date means 23:59:59 in the round's zone."""
    settings = load_settings(_good(tmp_path))
    assert settings.round("example-round").dates.response_deadline.isoformat() == "2026-12-23T23:59:59+01:00"


def test_all_faults_of_a_round_come_at_once(tmp_path: Path) -> None:
    """A round with five faults names five."""
    path = tmp_path / "round.toml"
    path.write_text(
        'id = "x"\ntopic = ""\nworking_group = "g"\ntime_zone = "Mars/Olympus"\nquestionz = 1\n[dates]\ndecided = 2026-01-01\n'
        "opened = 2026-01-02\nresponse_deadline = 2026-03-01\nphysical_consultation = 2026-04-01\n"
        "group_meeting_start = 2026-04-02\n"
        '[channels]\naddress = "nobody"\n',
        "utf-8",
    )
    with pytest.raises(Misconfigured) as caught:
        load_round(path)
    text = str(caught.value)
    for wanted in ("unknown key 'questionz'", "topic", "Mars/Olympus", "group_meeting_end", "channels.address"):
        assert wanted in text

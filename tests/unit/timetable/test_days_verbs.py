"""timetable, extend, compliance and report as a person uses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.office import facts, intake, sample_office


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_office(tmp_path_factory.mktemp("calendar"))


def test_an_extension_moves_the_deadline_for_everything_and_can_be_undone(config: Path) -> None:
    """Later mail counts as on time, the sheet shows the reason, undo gives the old day back; a deadline is never shortened."""
    day = {item["id"]: item for item in facts(config, "timetable")}["deadline"]
    last = day["on"]
    done = intake("--config", config, "--by", "ana", "extend", "2099-01-01", "--reason", "asked for by many")
    assert done.returncode == 0, done.stderr
    ruling = done.stdout.decode().split()[1].rstrip(":")
    moved = {item["id"]: item for item in facts(config, "timetable")}["deadline"]
    assert (moved["on"], moved["was"], moved["reason"]) == ("2099-01-01", last, "asked for by many")
    assert not [item for item in facts(config, "responses") if item["timeliness"] == "late"]
    sheet = intake("--config", config, "compliance", "--language", "fr").stdout.decode()
    assert "asked for by many" in sheet
    assert "reportée du" in sheet
    shorter = intake("--config", config, "--by", "ana", "extend", "2098-01-01", "--reason", "no")
    assert shorter.returncode == 64
    assert intake("--config", config, "--by", "ana", "decide", ruling, "undo", "--reason", "error").returncode == 0
    assert {item["id"]: item for item in facts(config, "timetable")}["deadline"]["on"] == last


def test_what_if_shows_and_keeps_nothing(config: Path) -> None:
    """Two lists; the configured one stays."""
    asked = facts(config, "timetable", "--what-if", "physical_consultation=2099-03-02")
    before, after = ({item["id"]: item for item in asked[key]} for key in ("days", "what_if"))
    assert after["deadline"]["computed"] == "2099-01-31"
    assert after["deadline"]["on"] == before["deadline"]["on"]
    assert facts(config, "timetable") == asked["days"]
    assert intake("--config", config, "timetable", "--what-if", "never").returncode == 64


def test_the_report_prints_what_adds_up_and_refuses_what_does_not(config: Path, tmp_path: Path) -> None:
    """The figures are those of the record; a file of earlier figures that is wrong ends with 65."""
    counted = facts(config, "status")[0]["counts"]["counted"]
    text = intake("--config", config, "report", "--language", "fr", "--paragraph", "2.4").stdout.decode()
    assert f"{counted} réponses ont été reçues" in text
    assert "2.4 Dans" in text
    earlier = tmp_path / "earlier.toml"
    earlier.write_text(
        '[[rounds]]\nid = "a"\ntopic = "T"\nfrom = 2020-01-01\nto = 2020-02-01\nresponses = 52\n'
        "[rounds.groups]\ngovernment = 15\nprivate_sector = 15\ncivil_society = 11\nintergovernmental = 8\n",
        "utf-8",
    )
    text = intake("--config", config, "report", "--figures", earlier, "--years", "4").stdout.decode()
    assert "52 = 15 + 15 + 11 + 8 + 3" in text
    assert str(52 + counted) in text
    earlier.write_text(earlier.read_text("utf-8").replace("52", "48"), "utf-8")
    wrong = intake("--config", config, "report", "--figures", earlier)
    assert wrong.returncode == 65
    assert b"49, more than the 48" in wrong.stderr


def test_the_sheet_in_every_format(config: Path, tmp_path: Path) -> None:
    """DOCX, PDF, HTML and Markdown of one outline."""
    formats = [word for name in ("docx", "pdf", "html", "md") for word in ("--format", name)]
    done = intake("--config", config, "compliance", "--out", tmp_path, *formats)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "compliance.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "compliance.docx").read_bytes().startswith(b"PK")
    assert b"</html>" in (tmp_path / "compliance.html").read_bytes()

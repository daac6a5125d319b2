"""`intake rehearse` on folders that others made: what cannot be used is said, all of it, with 65 or 78; what can be understood is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner, Result

from intake.cli.app import app
from intake.cli.rehearse import read_arrivals
from intake.settings import load_round

DEMO = Path(__file__).resolve().parents[3] / "config" / "demo"
Change = Callable[[Path], object]


def folder_of(path: Path, messages: int = 3) -> Path:
    """The beginning of the sample round, without decisions."""
    (path / "messages").mkdir(parents=True)
    (path / "round.toml").write_bytes((DEMO / "round.toml").read_bytes())
    lines = (DEMO / "arrivals.jsonl").read_text("utf-8").splitlines()[:messages]
    (path / "arrivals.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    for line in lines:
        name = json.loads(line)["file"]
        (path / "messages" / name).write_bytes((DEMO / "messages" / name).read_bytes())
    return path


def rehearsed(folder: Path) -> Result:
    return CliRunner().invoke(app, ["rehearse", str(folder), "--out", str(folder / "out")])


def add(name: str, text: str) -> Change:
    def change(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text + "\n")

    return change


def swap(name: str, old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), "utf-8")

    return change


FAULTS: dict[str, tuple[Change, int, str]] = {
    "no round": (lambda folder: (folder / "round.toml").unlink(), 78, "round.toml: cannot be read"),
    "no TOML": (add("round.toml", "id = "), 78, "is not TOML"),
    "no arrivals": (lambda folder: (folder / "arrivals.jsonl").unlink(), 65, "arrivals.jsonl: No such file"),
    "no JSON": (add("arrivals.jsonl", '{"file": '), 65, "line 4 is not JSON"),
    "no object": (add("arrivals.jsonl", "[1]"), 65, "line 4 is no object"),
    "a key short": (add("arrivals.jsonl", '{"file": "0001.eml"}'), 65, "arrival 4: 'internaldate' is missing"),
    "no message": (lambda folder: (folder / "messages" / "0002.eml").unlink(), 65, "arrival 2: messages/0002.eml: No such file"),
    "no decision": (add("decisions.jsonl", '{"at": "2025-11-01", "action": "explode", "message": "0001.eml"}'), 65, "explode"),
    "no such message": (
        add("decisions.jsonl", '{"at": "2025-11-01", "action": "count", "message": "9.eml"}'),
        65,
        "no message '9.eml'",
    ),
    "merged into nothing": (
        add("decisions.jsonl", '{"at": "2025-11-01", "action": "merge", "message": "0001.eml", "set": {"into": "9.eml"}}'),
        65,
        "no message '9.eml'",
    ),
    "no zone": (swap("round.toml", "Europe/Zurich", "Mars/Phobos"), 78, "'Mars/Phobos' is no IANA zone"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_used_is_said(name: str, tmp_path: Path) -> None:
    change, code, words = FAULTS[name]
    change(folder_of(tmp_path / "round"))
    result = rehearsed(tmp_path / "round")
    assert result.exit_code != 0
    error = result.exception
    assert getattr(error, "exit_code", getattr(error, "code", None)) == code, (error, result.output)
    assert words in str(error) + result.output


def test_every_missing_message_is_named_at_once(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "round")
    for path in (folder / "messages").iterdir():
        path.unlink()
    result = rehearsed(folder)
    assert all(f"messages/{number:04}.eml" in str(result.exception) for number in (1, 2, 3))


def test_times_without_an_offset_are_of_the_rounds_zone(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "round", 1)
    add("arrivals.jsonl", '{"file": "0001.eml", "mailbox": "INBOX", "internaldate": "2025-12-01T10:00:00"}')(folder)
    mail = read_arrivals(folder, ZoneInfo("Asia/Kathmandu"))
    assert mail[-1].internaldate.utcoffset() == timedelta(hours=5, minutes=45)


def test_dates_in_quotation_marks_and_unknown_keys_are_understood(tmp_path: Path) -> None:
    text = (DEMO / "round.toml").read_text("utf-8").replace("[dates]", "surprise = 1\n[dates]", 1)
    plain = load_round(DEMO / "round.toml", strict=False)
    deadline = next(line for line in text.splitlines() if line.startswith("response_deadline"))
    opened = next(line for line in text.splitlines() if line.startswith("opened"))
    for line in (deadline, opened):
        key, _, value = line.partition("=")
        text = text.replace(line, f'{key}= "{value.partition("#")[0].strip()}"')
    (tmp_path / "round.toml").write_text(text, "utf-8")
    assert load_round(tmp_path / "round.toml", strict=False).dates == plain.dates


def test_a_round_without_mail_or_decisions_is_a_round(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "round", 0)
    result = rehearsed(folder)
    assert result.exit_code == 0, result.output
    assert json.loads((folder / "out" / "ledger.json").read_text("utf-8"))["messages"] == {}

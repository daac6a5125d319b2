"""sheet and apply, as officers use them: by the program, in processes of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.office import ROOT, intake, sample_office
from tests.fakes.orders import filled

MORE = (
    '[[officers]]\nname = "ben"\nrole = "editor"\naddress = "ben@example.org"\n[[officers]]\nname = "rita"\nrole = "reader"\n'
    '[decisions]\nsigning = "k1"\nkeys = { k1 = "key" }\n'
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    (folder / "key").write_text("0123456789abcdef" * 4)
    (folder / "key").chmod(0o600)
    return sample_office(folder, MORE).parent


@pytest.fixture
def config(office: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(office, tmp_path / "office")) / "intake.toml"


def run(config: Path, by: str, *words: object, code: int = 0) -> str:
    done = intake("--config", config, "--by", by, *words)
    assert done.returncode == code, (done.stdout, done.stderr)
    return (done.stdout + done.stderr).decode()


def sheet(config: Path, by: str = "ben") -> bytes:
    path = config.parent / "sheet.xlsx"
    assert "matters" in run(config, by, "sheet", "--out", path)
    return path.read_bytes()


def chosen(data: bytes, **wanted: tuple[Any, Any]) -> bytes:
    return filled(data, lambda cells, _: wanted.get(str(cells["What waits"]).replace(" ", "_")))


def test_a_sheet_is_made_filled_in_and_followed_once(config: Path) -> None:
    path = config.parent / "back.xlsx"
    path.write_bytes(chosen(sheet(config), late_response=("accept", "delayed by our list"), response_held=("count", "seen")))
    told = run(config, "ben", "apply", path)
    assert told.count("done") == 2
    statuses = [item["status"] for item in json.loads(run(config, "ana", "responses", "--json"))]
    assert not {"held", "late_pending"} & set(statuses)
    again = run(config, "ben", "apply", path, code=65)
    assert again.count("has been used before") == 2
    assert "matters" in run(config, "ben", "sheet", "--out", config.parent / "next.xlsx")


def test_refused_rows_are_told_by_line_and_the_exit_code_says_so(config: Path) -> None:
    path = config.parent / "back.xlsx"
    path.write_bytes(chosen(sheet(config), late_response=("=1", "x x"), response_held=("count", "seen")))
    found = intake("--config", config, "--by", "ben", "apply", path, "--json")
    assert found.returncode == 65
    outcomes = {item["refused"]: item for item in json.loads(found.stdout)}
    assert set(outcomes) == {None, "formula"}
    assert outcomes["formula"]["line"] > 5


def test_an_officer_s_sheet_is_his(config: Path) -> None:
    path = config.parent / "back.xlsx"
    path.write_bytes(chosen(sheet(config), response_held=("count", "seen")))
    assert "made out to somebody else" in run(config, "ana", "apply", path, code=65)
    assert "no officer" in run(config, "ana", "apply", path, "--officer", "nobody", code=64)
    assert "reader" in run(config, "rita", "apply", path, code=64)
    assert "no officer" in run(config, "eve", "sheet", "--out", path, code=64)


def test_a_sheet_of_another_round(config: Path) -> None:
    path = config.parent / "back.xlsx"
    path.write_bytes(chosen(sheet(config), response_held=("count", "seen")))
    text = (ROOT / "config" / "demo" / "round.toml").read_text("utf-8")
    (config.parent / "rounds" / "other.toml").write_text(text.replace('id = "schools-libraries-2025"', 'id = "other"'), "utf-8")
    assert "another round" in run(config, "ben", "apply", path, "--round", "other", code=65)
    assert "done" in run(config, "ben", "apply", path, "--round", "schools-libraries-2025")


def test_what_is_no_sheet_is_told(config: Path) -> None:
    path = config.parent / "back.xlsx"
    path.write_bytes(b"not a spreadsheet")
    assert "cannot be read" in run(config, "ben", "apply", path, code=65)
    path.write_bytes(sheet(config))
    assert "no row has a decision" in run(config, "ben", "apply", path, code=65)
    assert "no such file" in run(config, "ben", "apply", config.parent / "nowhere.xlsx", code=64)


def test_without_a_key_there_are_no_sheets(config: Path) -> None:
    config.write_text(config.read_text("utf-8").partition("[decisions]")[0], "utf-8")
    assert "[decisions]" in run(config, "ben", "sheet", "--out", config.parent / "x.xlsx", code=64)

"""Backup, restore, rebuild, erase and the bag as a person types them: exit codes, --json, whose right it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.office import facts, intake, sample_office

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_office(tmp_path_factory.mktemp("keeping"))


def as_ana(config: Path, *words: object) -> Any:
    done = intake("--config", config, "--by", "ana", *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def copied_by(folder: Path) -> list[tuple[str, int]]:
    """(how, number of objects) of each access to sealed originals in the newest snapshot's journal; no name stands in it."""
    text = max((folder / "snapshots").glob("*/journal.jsonl")).read_text()
    assert '"ana"' not in text
    entries = [json.loads(line) for line in text.splitlines()]
    return [(entry["payload"]["how"], entry["payload"]["objects"]) for entry in entries if entry["kind"] == "access"]


def test_keeping_and_forgetting_from_the_command_line(config: Path, tmp_path: Path) -> None:
    """A backup, an erasure, a rebuild, a drill from the backup: the sums say erased each time, and verify finds nothing."""
    assert intake("--config", config, "--by", "nobody", "erase", "1", "--reason", "asked").returncode == 64
    assert intake("--config", config, "--by", "ana", "erase", "1", "--reason", " ").returncode == 64
    assert intake("--config", config, "--by", "ana", "restore", tmp_path / "none", "--out", tmp_path / "x").returncode == 64
    assert intake("--config", config, "--by", "nobody", "backup", tmp_path / "backup").returncode == 64
    assert not (tmp_path / "backup").exists()
    made = as_ana(config, "backup", tmp_path / "backup")
    assert copied_by(tmp_path / "backup") == [("backup", 30)]
    assert (made["objects"], made["copied"], made["faults"]) == (30, 30, [])
    gone = as_ana(config, "erase", "1", "--reason", "asked for")
    count = len(gone["erased"]["messages"])
    assert count >= 1
    assert gone["tally"] == {"seen": 30, "archived": 30 - count, "same_bytes": 0, "vanished": 0, "erased": count}
    assert f"+ erased {count}" in intake("--config", config, "status").stdout.decode()
    built = as_ana(config, "rebuild")
    assert built["rebuilt"]["deliveries"] == 30
    assert next(iter(built["tally"].values()))["erased"] == count
    assert facts(config, "verify")["erased"] == count
    drill = as_ana(config, "restore", tmp_path / "backup", "--out", tmp_path / "drill")
    assert (drill["objects"], drill["erased"]) == (30 - count, count)
    assert intake("--config", config, "--by", "ana", "restore", tmp_path / "backup").returncode == 64
    assert intake("--config", config, "--by", "ana", "export", "bag", tmp_path / "bag").returncode == 0
    assert intake("--config", config, "--by", "ana", "export", "bag", tmp_path / "bag").returncode == 64
    assert (tmp_path / "bag" / "tagmanifest-sha512.txt").is_file()

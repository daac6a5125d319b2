"""An office with the sample round, letters off, nothing to reach: for the verbs as a person uses them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

INTAKE = Path(sys.executable).with_name("intake")
ROOT = Path(__file__).resolve().parents[2]


def intake(*words: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The program in a process of its own."""
    return subprocess.run([str(INTAKE), *map(str, words)], input=stdin, capture_output=True, timeout=180, check=False)


def sample_office(folder: Path, more: str = "") -> Path:
    """The path of its intake.toml; the sample round's messages are taken in."""
    (folder / "rounds").mkdir()
    (folder / "rounds" / "round.toml").write_bytes((ROOT / "config" / "demo" / "round.toml").read_bytes())
    path = folder / "intake.toml"
    path.write_text(
        '[service]\nstate_dir = "state"\nword_processor = ""\nrounds_dir = "rounds"\naddress = "desk@example.org"\nofficers = ["ana"]\n'
        f'[letters]\nmode = "off"\n{more}',
        "utf-8",
    )
    done = intake("--config", path, "--by", "ana", "import", ROOT / "config" / "demo" / "messages")
    assert done.returncode == 0, done.stderr
    return path


def facts(config: Path, *words: object) -> Any:
    """What a verb prints with --json."""
    done = intake("--config", config, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

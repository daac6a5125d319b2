"""Fuzzes every target in turn and adds what was done to docs/fuzz.json: seconds of processor time, executions, crashes.

`python -m tests.fuzz.run [--seconds N] [--targets a,b] [--work DIR]`; what crashes is left in DIR/found, for a person to mend, and
goes into the kept corpus by the next run, so that the tests replay it for ever.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.fuzz.corpus import keep, kept, seeds
from tests.fuzz.targets import TARGETS

FIGURES = Path("docs/fuzz.json")
SLICE_S = 100
SLOWEST_S = 20
MEMORY_MB = 3000
TIMED_OUT = 70
"""libFuzzer's exit code after its own alarm."""
_UNITS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


def main() -> int:
    """Ends 0 when nothing crashed, else 1."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=int, default=600, help="wall time in all")
    asked.add_argument("--targets", default=",".join(TARGETS))
    asked.add_argument("--work", type=Path, default=Path("build/fuzz"))
    options = asked.parse_args()
    names = [name for name in options.targets.split(",") if name in TARGETS]
    for name in names:
        _lay_out(name, options.work)
    left, crashes = options.seconds, 0
    while left > 0:
        for name in names:
            seconds = max(5, min(SLICE_S, left // len(names)))
            crashes += _slice(name, seconds, options.work)
        left -= max(5, min(SLICE_S, left // len(names))) * len(names)
    for name in names:
        _distil(name, options.work)
    figures = _figures()
    print(
        f"fuzz: {crashes} crashes in this run; in all {figures['totals']}; clean since the last: {figures['clean_since_last_crash']}"
    )
    return 1 if crashes else 0


def _lay_out(name: str, work: Path) -> None:
    """The working corpus: seeds, what is kept, what crashed before."""
    folder = work / name
    folder.mkdir(parents=True, exist_ok=True)
    (work / "found").mkdir(exist_ok=True)
    found = [path.read_bytes() for path in (work / "found").glob(f"{name}-*")]
    for item in [*seeds(name), *kept(name), *found]:
        (folder / hashlib.sha1(item).hexdigest()).write_bytes(item)  # noqa: S324 - a file name


def _slice(name: str, seconds: int, work: Path) -> int:
    """Run one target; gives 1 when it crashed."""
    command = [sys.executable, "-m", "tests.fuzz.drive", name, str(work / name)]
    command += [f"-max_total_time={seconds}", f"-timeout={SLOWEST_S}", f"-rss_limit_mb={MEMORY_MB}", "-print_final_stats=1"]
    command += ["-max_len=65536", f"-artifact_prefix={work / 'found' / name}-", "-verbosity=0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    units = _UNITS.search(said)
    starved = process.returncode == TIMED_OUT and _was_starved(name, work)
    crashed = int(process.returncode != 0 and not starved)
    if starved:
        print(
            f"fuzz: {name}: an input waited {SLOWEST_S} s for the processor and needs none of it: the machine's fault, kept as an input"
        )
    if crashed:
        print(f"--- {name} ended {process.returncode}\n{said[-3000:]}", file=sys.stderr)
    _note(name, round(used.ru_utime + used.ru_stime, 1), int(units.group(1)) if units else 0, crashed)
    return crashed


def _was_starved(name: str, work: Path) -> bool:
    """libFuzzer's alarm is by the wall's clock. The newest input that it named is run again: one that ends well in a tenth of the
    processor time had only to wait for other work on the machine."""
    newest = max((work / "found").glob(f"{name}-timeout-*"), key=lambda path: path.stat().st_mtime, default=None)
    if newest is None:
        return False
    again = subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz.drive", name, str(newest)], stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    _, status, used = os.wait4(again.pid, 0)
    again.returncode = os.waitstatus_to_exitcode(status)
    return again.returncode == 0 and used.ru_utime + used.ru_stime < SLOWEST_S / 4


def _distil(name: str, work: Path) -> None:
    """Keep the inputs that between them reach everything that all of them reach."""
    merged = work / f"{name}.merged"
    merged.mkdir(exist_ok=True)
    for old in merged.iterdir():
        old.unlink()
    launcher = (work / f"{name}.sh").absolute()
    launcher.write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.fuzz.drive {name} "$@"\n', "utf-8")
    launcher.chmod(0o755)
    command = [str(launcher), "-merge=1", f"-timeout={SLOWEST_S}", str(merged), str(work / name)]
    environment = os.environ | {"INTAKE_FUZZ_LAUNCHER": str(launcher)}
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=False)
    inputs = [path.read_bytes() for path in merged.iterdir()]
    if inputs:
        old_crashes = [path.read_bytes() for path in (work / "found").glob(f"{name}-*")]
        print(f"fuzz: {name}: {keep(name, inputs, old_crashes)} inputs kept")


def _figures() -> dict[str, Any]:
    if FIGURES.exists():
        figures: dict[str, Any] = json.loads(FIGURES.read_text("utf-8"))
        return figures
    return {"unit": "seconds are processor time", "totals": {}, "clean_since_last_crash": {}, "targets": {}, "runs": []}


def _note(target: str, seconds: float, executions: int, crashes: int) -> None:
    """Add a run; the runs of one state of the code and one target stand in one row; all sums are made anew from the rows."""
    figures = _figures()
    code = _code()
    rows = figures["runs"]
    row = next((item for item in rows if item.get("code") == code and item["target"] == target), None)
    if row is None:
        row = {"code": code, "commit": _commit(), "target": target, "seconds": 0.0, "executions": 0, "crashes": 0}
        rows.append(row)
    row["seconds"] = round(row["seconds"] + seconds, 1)
    row["executions"] += executions
    row["crashes"] += crashes
    figures["targets"] = {name: _sum([item for item in rows if item["target"] == name]) for name in TARGETS}
    figures["totals"] = _sum(rows)
    last = max((number for number, item in enumerate(rows) if item["crashes"]), default=-1)
    broken = {rows[number].get("code") for number in range(last + 1)}
    figures["clean_since_last_crash"] = _sum([item for item in rows[last + 1 :] if item.get("code") not in broken])
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _sum(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "seconds": round(sum(item["seconds"] for item in rows), 1),
        "executions": sum(item["executions"] for item in rows),
        "crashes": sum(item["crashes"] for item in rows),
    }


def _code() -> str:
    """What was fuzzed, by its content: the reading code, the values it makes, its phrases. Other commits change nothing in it."""
    files = [*sorted(Path("intake/reading").rglob("*.py")), Path("intake/model/mail.py"), Path("intake/model/text.py")]
    hashed = hashlib.sha256()
    for path in [*files, Path("config/reading.toml")]:
        hashed.update(path.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return hashed.hexdigest()[:12]


def _commit() -> str:
    """The commit that was checked out."""
    git = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], capture_output=True, text=True, check=False)
    return git.stdout.strip()


if __name__ == "__main__":
    raise SystemExit(main())

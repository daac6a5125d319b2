"""Runs every area of the benchmark, prints what it found and, with --add, adds the run to a file.

`python -m tests.bench.run [--quick] [--only wire,receive] [--add FILE]`; `make bench`, `make bench QUICK=1`.

An area is a module `tests/bench/<area>.py` with

    def figures(quick: bool) -> dict[str, Any]: ...

It is found by having that function; nothing else is to be registered. What it gives must be JSON; every name carries its unit
(`cpu_ms_per_message`, `peak_mb`). The key "aims", where there, holds name -> `measure.aim(found, limit)`: what was to be reached.
The key "absent" says in words what could not be measured here, and why. `quick`: seconds, not minutes, to see that it runs; the
figures are then no evidence. An area runs in a process of its own, so its peak memory is its own and its death is not the others';
it may take AREA_S seconds and must work without ../shared. Nothing that it leaves behind may be in the checkout.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import tests.bench
from intake.doors.clock import SystemClock
from tests.bench.measure import Cost, cost_of_command

AREA_S = 3600.0
_MARK = "figures: "


def main() -> int:
    """Ends 0 when every area gave its figures; aims that were missed are said, and no failure."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--only", default="", help="areas, with commas")
    asked.add_argument("--add", type=Path, help="add the run to this file")
    asked.add_argument("--area", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.area:
        return _one(options.area, options.quick)
    wanted = [name for name in options.only.split(",") if name]
    if unknown := set(wanted) - set(areas()):
        asked.error(f"no such area: {', '.join(sorted(unknown))}; there are {', '.join(areas())}")
    run = {
        "commit": _commit(),
        "at": SystemClock().now().isoformat(timespec="seconds"),
        "quick": options.quick,
        "machine": _machine(),
        "areas": {},
    }
    for name in wanted or areas():
        print(f"\n## {name}", flush=True)
        run["areas"][name] = found = _run(name, quick=options.quick)
        print(table(found), flush=True)
        if options.add:  # after each area: a run that is ended early leaves what it has
            _add(options.add, run)
    print(f"\n## Aims\n{_aims(run['areas'])}")
    return 1 if any("failed" in found for found in run["areas"].values()) else 0


def areas() -> tuple[str, ...]:
    """Modules here that have `figures`, by name."""
    folder = Path(tests.bench.__file__).parent
    names = sorted(item.name for item in pkgutil.iter_modules([str(folder)]))
    return tuple(name for name in names if "\ndef figures(" in (folder / f"{name}.py").read_text("utf-8"))


def table(found: dict[str, Any], depth: int = 0) -> str:
    """Figures as an indented list, in the order in which they were given."""
    lines = []
    for name, value in found.items():
        if name == "aims":
            continue
        if isinstance(value, dict):
            lines += [f"{'  ' * depth}{name}:", table(value, depth + 1)]
        else:
            lines.append(f"{'  ' * depth}{name}: {round(value, 4) if isinstance(value, float) else value}")
    return "\n".join(line for line in lines if line)


def _one(name: str, quick: bool) -> int:
    """In the area's own process."""
    found = importlib.import_module(f"tests.bench.{name}").figures(quick)
    print(_MARK + json.dumps(found))
    return 0


def _run(name: str, *, quick: bool) -> dict[str, Any]:
    words = [sys.executable, "-m", "tests.bench.run", "--area", name, *(["--quick"] if quick else [])]
    cost = cost_of_command(words, seconds=AREA_S, keep=1_000_000)
    line = next((line for line in reversed(cost.said.splitlines()) if line.startswith(_MARK)), None)
    if line is None or cost.code:
        return {"failed": f"ended {cost.code}", "said": cost.said[-2000:]}
    found: dict[str, Any] = json.loads(line.removeprefix(_MARK))
    return {**found, "took": _took(cost)}


def _took(cost: Cost) -> dict[str, float]:
    return {"cpu_s": round(cost.cpu_s, 2), "wall_s": round(cost.wall_s, 2), "peak_mb": round(cost.peak_mb, 1)}


def _aims(found: dict[str, Any]) -> str:
    lines = ["| area | aim | found | at most | |", "|---|---|---|---|---|"]
    for area, figures in found.items():
        for name, aim in figures.get("aims", {}).items():
            word = "reached" if aim["reached"] else "**not reached**"
            lines.append(f"| {area} | {name} | {aim['found']} | {aim['limit']} | {word} |")
    return "\n".join(lines)


def _machine() -> dict[str, Any]:
    load = os.getloadavg()[0]
    return {"cores": os.cpu_count(), "load_at_start": round(load, 2), "python": sys.version.split()[0]}


def _commit() -> str:
    """The commit, with a + when the checkout differs from it."""
    short = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    changed = subprocess.run(["git", "status", "--porcelain", "-uno"], capture_output=True, text=True, check=False).stdout.strip()
    return short + ("+" if changed else "")


def _add(path: Path, run: dict[str, Any]) -> None:
    """Append the run, or replace what stood of it, one to a line; above the runs what they come to: each aim as found last."""
    runs = json.loads(path.read_text("utf-8"))["runs"] if path.exists() else []
    runs = [item for item in runs if item.get("at") != run["at"]] + [run]
    aims = ",\n".join(json.dumps(item, ensure_ascii=False) for item in summary(runs))
    lines = ",\n".join(json.dumps(item, sort_keys=False) for item in runs)
    path.write_text(f'{{"what": {json.dumps(_WHAT)},\n"aims": [\n{aims}\n],\n"runs": [\n{lines}\n]}}\n', "utf-8")


_WHAT = (
    "aims: every figure that was asked for, as measured last (not with --quick; null where no run has): found, its unit (ratio: our "
    "processor time divided by the peer's, in one run on one machine), the limit, whether reached, and in which run. runs: all of them, "
    "with what they are made of."
)


def summary(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each aim once, as the newest run that measured it found it."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for run in runs:
        for area, figures in run.get("areas", {}).items() if not run.get("quick") else ():
            for name, aim in figures.get("aims", {}).items():
                where = {"area": area, "commit": run.get("commit", ""), "at": run.get("at", "")}
                found[area, name] = {"figure": name, "unit": "ratio", **aim, **where}
    never = {(area, name) for area, names in ASKED.items() for name in names} - found.keys()
    unknown = {"found": None, "reached": False, "why": "no run in this file has measured it"}
    found |= {(area, name): {"figure": name, **unknown, "area": area} for area, name in never}
    return [found[key] for key in sorted(found)]


ASKED = {
    "daemon": (
        "idle poll at 100000 archived, CPU ms",
        "ready after SIGKILL at 10000, s",
        "mail to acknowledgement, p99 s",
        "SIGTERM to the end, s",
        "one mail more at 100000 against 1000, CPU",
        *(f"peak MB at {count}" for count in (1_000, 10_000, 100_000)),
    ),
    "judging": ("10,000 sorted and judged on two cores, s", "growth"),
    "outbox": ("letter built and handed over, CPU ms", "letter built and handed over, CPU ms (aimed at)"),
    "receive": (
        "receive, CPU against bare imaplib",
        "receive, CPU against IMAPClient as it comes",
        "file syncs a message",
        "syncs a batch of 50 beside",
    ),
    "receive_sizes": ("receive, growth of CPU a message, 1,000 to 100,000", "receive, peak MB at any size"),
    "whole": (
        "whole way without documents' text, CPU against public-inbox",
        "whole way with documents' text, CPU against public-inbox",
        "whole way without documents' text, CPU against HyperKitty",
    ),
}
"""What was asked for, by area: a figure that no run has measured stands in the file's head as such."""


if __name__ == "__main__":
    sys.exit(main())

"""The whole matrix of poison and moment: `python -m tests.proxy.run [--out docs/proxy.json] [--jobs 3]`. Ends 0 when every cell is good."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import structlog

from tests.proxy.matrix import FLIP, Cell, Chamber, Outcome, cells
from tests.server.dovecot import Dovecot


def main() -> int:
    """Every cell, in as many processes as asked; each has a Dovecot of its own."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path)
    asked.add_argument("--jobs", type=int, default=3)
    options = asked.parse_args()
    begun = time.monotonic()
    groups = [list(group) for _key, group in groupby(cells(), key=lambda cell: (cell.protocol, cell.poison))]
    with ProcessPoolExecutor(options.jobs) as pool:
        outcomes = [outcome for group in pool.map(run_group, groups) for outcome in group]
    run = _sum(outcomes, time.monotonic() - begun)
    print(json.dumps(run, indent=1))
    if options.out:
        new = options.out.with_suffix(".new")
        new.write_text(json.dumps(run, indent=1, sort_keys=True) + "\n", "utf-8")
        os.replace(new, options.out)
    return 1 if run["bad"] else 0


def run_group(group: list[Cell]) -> list[Outcome]:
    """The cells of one poison and protocol, one after the other in one office."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    folder = Path(tempfile.mkdtemp(prefix="intake-proxy-"))
    folder.chmod(0o755)
    try:
        (folder / "dovecot").mkdir(mode=0o755)
        dovecot = Dovecot(folder / "dovecot")
        dovecot.start()
        try:
            chamber = Chamber(folder / "world", dovecot, tls=group[0].poison == FLIP)
            with chamber.opened() as office:
                return [chamber.run(office, cell) for cell in group]
        finally:
            dovecot.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sum(outcomes: list[Outcome], wall_s: float) -> dict[str, Any]:
    last: dict[tuple[str, str], Outcome] = {(item.cell.protocol, item.cell.poison): item for item in outcomes}
    totals = {
        name: sum(getattr(item, name) for item in last.values()) for name in ("lost", "twice", "third", "unknown", "unanswered")
    }
    bad = [msgspec.to_builtins(item) for item in outcomes if not item.good]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    second = [f"{item.cell.protocol}, {item.cell.poison}, {item.cell.moment}: {item.second}" for item in outcomes if item.second]
    return {
        "commit": commit,
        "cells": len(outcomes),
        "bites": sum(item.bites for item in outcomes),
        "mails": 2 * len(outcomes),
        **totals,
        "second_copies": second,
        "longest_pass_s": max(item.longest_pass_s for item in outcomes),
        "bad": bad,
        "wall_s": round(wall_s),
    }


if __name__ == "__main__":
    sys.exit(main())

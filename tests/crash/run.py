"""Kills the real daemon (SIGKILL) at every named point, before a real Dovecot and an SMTP sink, and counts afterwards.

`python -m tests.crash.run [--kills N] [--random N] [--seed S] [--points K1,K24] [--add FILE]`: N kills a point. Each point has a
world of its own: a mailbox, a state folder, one mail more before every kill; at the end one undisturbed life, then the sums.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.crash.doomed import POINTS
from tests.crash.world import World
from tests.server.dovecot import Dovecot

RANDOM = "random moment"
BEFORE_RECOVERY = ("K9 receipt renamed", "K24 committing", "K12 committed", "K25 dot sent")
"""Deaths that leave recovery something to do."""
DEATH_S = 90.0


def main() -> int:
    """Ends 0 when nothing was lost, nothing counted twice, no letter sent a third time and every kill was one."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=5)
    asked.add_argument("--random", type=int, default=5, help="kills at random moments")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--points", default="", help="beginnings of names, with commas")
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--add", type=Path, help="add the run to this file")
    options = asked.parse_args()
    wanted = tuple(f"{word} " for word in options.points.split(",") if word)
    points = [point for point in POINTS if not wanted or point.startswith(wanted)]
    if options.random and not wanted:
        points.append(RANDOM)
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="intake-crash-"))
    folder.chmod(0o755)
    try:
        (folder / "dovecot").mkdir(mode=0o755)
        dovecot = Dovecot(folder / "dovecot")
        dovecot.start()
        try:
            jobs = [
                (dovecot, folder, point, options.random if point == RANDOM else options.kills, options.seed) for point in points
            ]
            with ThreadPoolExecutor(options.jobs) as pool:
                results = list(pool.map(lambda job: kill_at(*job), jobs))
        finally:
            dovecot.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    run = _sum(results, options.seed, time.monotonic() - begun)
    print(json.dumps({key: value for key, value in run.items() if key != "points"}, indent=1))
    if options.add:
        _add(options.add, run)
    return 1 if run["faults"] else 0


def kill_at(dovecot: Dovecot, folder: Path, point: str, kills: int, seed: int) -> dict[str, Any]:
    """One point's world: what was killed, sent, kept, counted, seen."""
    chance = random.Random(f"{seed} {point}")
    faults: list[str] = []
    done: Counter[str] = Counter()
    second: Counter[str] = Counter()
    with World(folder / f"world-{point.split()[0]}", dovecot) as world:
        world.live()
        for number in range(kills):
            world.deliver(large=point.startswith("K16"))
            world.sink.rules = {"DOT": "451 later"} if point.startswith("K29") else {}
            deaths = [BEFORE_RECOVERY[number % len(BEFORE_RECOVERY)], point] if point.startswith("R") else [point]
            if point == RANDOM:
                deaths = [RANDOM]
            for death in deaths:
                before = world.second_copies()
                if _die(world, death, chance):
                    done[death] += 1
                else:
                    faults.append(f"{death}: not passed (kill {number + 1}); {world.log_end()}")
                if (more := world.second_copies() - before) > 0:
                    second[world.death_before] += more
                world.death_before = death
            world.sink.rules = {}
        before = world.second_copies()
        world.live(until_quiet=True)
        if (more := world.second_copies() - before) > 0:
            second[world.death_before] += more
        sums = world.sums()
    faults += [f"{point}: {fault}" for fault in sums.pop("faults")]
    print(f"{point}: {dict(done)} {sums} {'; '.join(faults)}", flush=True)
    return {"point": point, "kills": dict(done), "second": dict(second), "faults": faults, **sums}


def _die(world: World, death: str, chance: random.Random) -> bool:
    """One life with that death in it; whether it was that death."""
    world.mark.unlink(missing_ok=True)
    if death == RANDOM:
        process = world.start([str(world.intake)])
        try:
            process.wait(chance.uniform(0.05, 6.0))
        except subprocess.TimeoutExpired:
            process.kill()
        return process.wait(10) == -signal.SIGKILL
    process = world.start([sys.executable, "-m", "tests.crash.doomed", death, str(world.mark)])
    try:
        process.wait(DEATH_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
        return False
    return process.returncode == -signal.SIGKILL and world.mark.exists()


def _sum(results: list[dict[str, Any]], seed: int, wall_s: float) -> dict[str, Any]:
    kills: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for each in results:
        kills.update(each["kills"])
        second.update(each["second"])
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    added = {name: sum(each[name] for each in results) for name in ("messages", "lost", "twice", "third", "unknown")}
    return {
        "seed": seed,
        "commit": commit,
        "wall_s": round(wall_s),
        "kills": sum(kills.values()),
        **added,
        "second_copies": dict(second),
        "faults": [fault for each in results for fault in each["faults"]],
        "points": dict(kills),
    }


def _add(path: Path, run: dict[str, Any]) -> None:
    """Append the run, and write the totals anew from all runs."""
    runs = json.loads(path.read_text("utf-8"))["runs"] if path.exists() else []
    runs.append(run)
    totals: dict[str, Any] = {
        name: sum(each[name] for each in runs) for name in ("kills", "messages", "lost", "twice", "third", "unknown")
    }
    for name in ("second_copies", "points"):
        added: Counter[str] = Counter()
        for each in runs:
            added.update(each[name])
        totals[name] = dict(added)
    new = path.with_suffix(".new")
    new.write_text(json.dumps({"totals": totals, "runs": runs}, indent=1, sort_keys=True) + "\n", "utf-8")
    os.replace(new, path)


if __name__ == "__main__":
    sys.exit(main())

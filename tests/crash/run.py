"""Kills the real daemon (SIGKILL) at every named point, before a real Dovecot and an SMTP sink, and counts afterwards.

`python -m tests.crash.run [--kills N] [--random N] [--seed S] [--points K1,K24] [--add FILE]`: N kills a point. Each point has a
world of its own: a mailbox, a state folder, mail before every kill; at the end one undisturbed life, then the sums.
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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from tests.crash.doomed import POINTS
from tests.crash.lives import Mother
from tests.crash.world import BY_HAND, World
from tests.server.dovecot import Dovecot

RANDOM = "random moment"
BEFORE_RECOVERY = ("K9 receipt renamed", "K24 committing", "K12 committed", "K25 dot sent")
"""Deaths that leave recovery something to do; the second and the fourth a letter under way, without which R3 is not passed."""
BEFORE_R2 = ("K9 receipt renamed", "K10 transaction open", "K11 before commit")
"""Deaths that leave receipts which the ledger does not have: with none there is nothing to commit, and R2 is not passed."""
DEATH_S = 90.0
TRIES = 6
"""An act's number is drawn from a count that was made before: a life that has fewer is tried again."""
MAILS = 3
"""Messages that come before each kill."""

Words = Callable[[World], list[str]]
VERBS: dict[str, Words] = {
    "K39": lambda _world: ["--by", "officer", "release"],
    "K41b": lambda _world: ["status"],
    "K42": lambda _world: ["--by", "officer", "rebuild"],
    "K43": lambda world: ["backup", str(world.folder / "backup")],
    "K43b": lambda world: ["--by", "officer", "restore", str(world.folder / "backup"), "--replace"],
    "D1": lambda world: ["--by", "officer", "decide", world.some_message(), "exclude", "--reason", "a test"],
    "E1": lambda world: ["--by", "officer", "erase", world.some_message(), "--reason", "a test"],
    "I1": lambda world: world.slips.export(world.vault()),
    "I2": lambda world: world.slips.letter(world.vault()),
    "B1": lambda world: ["export", "bag", str(world.folder / "bag")],
}
"""Points in other verbs than `run`."""


def main() -> int:
    """Ends 0 when nothing was lost, nothing counted twice, no letter sent a third time and every kill was one."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=5)
    asked.add_argument("--random", type=int, default=5, help="kills at random moments")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--points", default="", help="beginnings of names, with commas")
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--add", type=Path, help="add the run to this file")
    asked.add_argument("--until", type=int, default=0, help="with --add: only what the file has fewer kills of than this")
    options = asked.parse_args()
    jobs = _jobs(options)
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="intake-crash-"))
    folder.chmod(0o755)
    mother = Mother()
    results: list[dict[str, Any]] = []
    before = _runs(options.add)
    try:
        (folder / "dovecot").mkdir(mode=0o755)
        dovecot = Dovecot(folder / "dovecot")
        dovecot.start()
        try:
            with ThreadPoolExecutor(options.jobs) as pool:
                waiting = [pool.submit(kill_at, dovecot, mother, folder, *job, options.seed) for job in jobs]
                for one in as_completed(waiting):
                    results.append(one.result())
                    run = _sum(results, options.seed, time.monotonic() - begun)
                    if options.add:  # after each point: a run that is cut short counts for what it did
                        _write(options.add, [*before, run])
        finally:
            dovecot.stop()
    finally:
        mother.end()
        shutil.rmtree(folder, ignore_errors=True)
    run = _sum(results, options.seed, time.monotonic() - begun)
    print(json.dumps({key: value for key, value in run.items() if key != "points"}, indent=1))
    return 1 if run["faults"] else 0


def _jobs(options: argparse.Namespace) -> list[tuple[str, int]]:
    """(point, kills)."""
    wanted = tuple(f"{word} " for word in options.points.split(",") if word)
    points = {point: options.kills for point in POINTS if not wanted or point.startswith(wanted)}
    if options.random and not wanted:
        points[RANDOM] = options.random
    if options.until:
        done: Counter[str] = Counter()
        for each in _runs(options.add):
            done.update(each["points"])
        points = {point: min(kills, options.until - done[point]) for point, kills in points.items()}
    return [(point, kills) for point, kills in points.items() if kills > 0]


NOTHING = {"messages": 0, "lost": 0, "twice": 0, "third": 0, "unknown": 0}


def kill_at(dovecot: Dovecot, mother: Mother, folder: Path, point: str, kills: int, seed: int) -> dict[str, Any]:
    """One point's world. A harness that fails there is a fault of that point, and its kills do not count."""
    try:
        return _kill_at(dovecot, mother, folder, point, kills, seed)
    except Exception as error:
        print(f"{point}: {type(error).__name__}: {error}", flush=True)
        return {"point": point, "kills": {}, "second": {}, "faults": [f"{point}: {type(error).__name__}: {error}"], **NOTHING}


def _kill_at(dovecot: Dovecot, mother: Mother, folder: Path, point: str, kills: int, seed: int) -> dict[str, Any]:
    """What was killed, sent, kept, counted, seen."""
    chance = random.Random(f"{seed} {point}")
    faults: list[str] = []
    done: Counter[str] = Counter()
    second: Counter[str] = Counter()
    with World(folder / f"world-{point.split()[0]}", dovecot, mother) as world:
        world.live()
        for number in range(kills):
            world.deliver(large=point.startswith("K16"), mails=1 if point.startswith("K16") else MAILS)
            world.sink.rules = {"DOT": "451 later"} if point.startswith("K29") else {}
            first = _death_before(point, number)
            deaths = [first, point] if point.startswith("R") else [point]
            for death in deaths if point != RANDOM else [RANDOM]:
                before, sent = world.second_copies(), len(world.sink.letters)
                if _die(world, death, chance):
                    done[death] += 1
                else:
                    faults.append(f"{death}: not passed (kill {number + 1}); {world.log_end()}")
                if (more := world.second_copies() - before) > 0:
                    second[world.death_before] += more
                if len(world.sink.letters) > sent:  # a life that sent nothing makes no second copy: it goes back to one before
                    world.death_before = death
            world.sink.rules = {}
        if point.startswith(BY_HAND):  # what died is done by somebody in the end
            world.once(VERBS[point.split()[0]](world))
        before = world.second_copies()
        world.live(until_quiet=True)
        if (more := world.second_copies() - before) > 0:
            second[world.death_before] += more
        sums = world.sums()
    faults += [f"{point}: {fault}" for fault in sums.pop("faults")]
    print(f"{point}: {dict(done)} {sums} {'; '.join(faults)}", flush=True)
    return {"point": point, "kills": dict(done), "second": dict(second), "faults": faults, **sums}


def _death_before(point: str, number: int) -> str:
    """What the life before the recovery dies of."""
    if point.startswith("R2"):
        return BEFORE_R2[number % len(BEFORE_R2)]
    return BEFORE_RECOVERY[2 * (number % 2) + 1 if point.startswith("R3") else number % 4]


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
    name = death.split()[0]
    world.prepare(name, verb=name in VERBS)
    words = VERBS[name](world) if name in VERBS else ["run"]
    if "any act" not in death:
        return _dies(world, name, words, death, 0)
    total = world.acts(name, words, death)
    for _ in range(TRIES):
        world.prepare(name, verb=name in VERBS)
        words = VERBS[name](world) if name in VERBS else ["run"]
        nth = chance.randint(1, total)
        if _dies(world, name, words, death, nth):
            return True
        total = max(1, nth - 1)  # this life had fewer acts than the one that was counted
    return False


def _dies(world: World, name: str, words: list[str], death: str, nth: int) -> bool:
    life = world.begin(words, point=death, nth=nth)
    try:
        if nth:
            world.see_out(life, words)
        else:
            life.wait(DEATH_S)
    except subprocess.TimeoutExpired:
        life.kill()
        life.wait(30)
    died = life.returncode == -signal.SIGKILL and world.mark.exists()
    if died:
        world.mend(name)
    return died


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


def _runs(path: Path | None) -> list[dict[str, Any]]:
    if path is None or not path.exists():
        return []
    runs: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["runs"]
    return runs


def _write(path: Path, runs: list[dict[str, Any]]) -> None:
    """All runs, and the totals anew from them."""
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

"""A soak: the real daemon before a real Dovecot and a sink, with people and operators at work on the mailbox, for as long as asked.

`python -m tests.soak.run --minutes 60 [--seed S] [--out docs/soak.json]`: mail comes in all the time; a churner moves, flags and
expunges it, deletes the server's indexes, kills sessions and restarts the server; the sink is at times slow, busy or gone. At the end
the sums, and the daemon's memory over time.
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
from pathlib import Path
from typing import Any

from tests.server.dovecot import Dovecot
from tests.soak.memory import Memory
from tests.soak.world import SoakWorld

MAIL_EVERY_S = 8.0
CHURN_EVERY_S = 4.0
RESTART_EVERY_S = 600.0
SETTLED_S = 480.0
"""A relay that was silent last rests for five minutes."""


class Soak:
    """One run; `acts` counts what was done to the mailbox."""

    def __init__(self, folder: Path, seed: int, minutes: float) -> None:
        self.acts: Counter[str] = Counter()
        self.unseen: set[str] = set()
        self.missing = 0
        self.memory = Memory()
        self._chance = random.Random(seed)
        self._folder = folder
        self._begun = time.monotonic()
        self._end = self._begun + minutes * 60
        (folder / "dovecot").mkdir(mode=0o755)
        self._dovecot = Dovecot(folder / "dovecot")

    def run(self) -> dict[str, Any]:
        """Start everything, churn until the end, let the daemon come to rest, add up."""
        self._dovecot.start()
        try:
            with SoakWorld(self._folder / "world", self._dovecot) as world:
                world.make_folders()
                process = world.start([str(world.intake)])
                try:
                    world.looked_at(process)
                    self._end += time.monotonic() - self._begun
                    self._churn(world, process)
                    world.sink.rules = {}
                    alive = process.poll() is None
                    self.missing = world.forget(self.unseen)
                    quiet = world.rest(process, SETTLED_S)
                finally:
                    begun = time.monotonic()
                    process.send_signal(signal.SIGTERM)
                    code = process.wait(30)
                    sigterm_s = round(time.monotonic() - begun, 1)
                sums = world.sums()
                faults = sums.pop("faults")
                faults += [] if alive and code == 0 else [f"the daemon ended by itself or badly: {code}; {world.log_end()}"]
                faults += [words] if (words := world.verify()) else []
                faults += [] if quiet else ["letters were not all settled eight minutes after the end"]
                return {
                    **sums,
                    "faults": faults,
                    "second_copies": world.second_copies(),
                    "sigterm_s": sigterm_s,
                }
        finally:
            self._dovecot.stop()

    def _churn(self, world: SoakWorld, process: subprocess.Popen[bytes]) -> None:
        mail = churn = time.monotonic()
        restart = mail + RESTART_EVERY_S / 2
        while (now := time.monotonic()) < self._end and process.poll() is None:
            if now >= mail:
                mail = now + self._chance.uniform(0.2, 2 * MAIL_EVERY_S)
                self._do("mail", lambda: world.deliver(large=self._chance.random() < 0.01))
            if now >= churn:
                churn = now + self._chance.uniform(0.2, 2 * CHURN_EVERY_S)
                name = self._chance.choice(("move", "move", "flag", "flag", "expunge", "indexes", "kick", "relay", "again"))
                self._do(name, lambda name=name: getattr(self, f"_{name}")(world))  # type: ignore[misc]
            if now >= restart:
                restart = now + RESTART_EVERY_S
                self._do("restart", self._restart)
            self.memory.look(process.pid)
            time.sleep(0.2)

    def _do(self, name: str, act: Callable[[], None]) -> None:
        """The other side's own troubles (a session killed under the churner) are no fault of the daemon."""
        try:
            act()
            self.acts[name] += 1
        except Exception as error:
            self.acts[f"{name} failed: {type(error).__name__}"] += 1

    def _restart(self) -> None:
        self._dovecot.stop()
        time.sleep(self._chance.uniform(0.5, 8))
        self._dovecot.resume()

    def _kick(self, world: SoakWorld) -> None:
        world.kick()

    def _indexes(self, world: SoakWorld) -> None:
        world.lose_indexes()

    def _again(self, world: SoakWorld) -> None:
        """The same bytes once more, as a second hop or a person's redirect brings them."""
        world.deliver_again(self._chance)

    def _relay(self, world: SoakWorld) -> None:
        rules = (
            {},
            {},
            {"RCPT": "451 greylisted"},
            {"DOT": "451 later"},
            {"MAIL": "421 busy"},
            {"DOT": "hang up"},
            {"DATA": "silence"},
        )
        world.sink.rules = dict(self._chance.choice(rules))

    def _flag(self, world: SoakWorld) -> None:
        with world.person(self._chance) as (client, uids, _other):
            if uids:
                client.add_flags(uids, [self._chance.choice((b"\\Seen", b"\\Flagged", b"\\Answered"))])

    def _move(self, world: SoakWorld) -> None:
        with world.person(self._chance) as (client, uids, other):
            if uids:
                client.move(uids, other)

    def _expunge(self, world: SoakWorld) -> None:
        """A person deletes: what the daemon had not stored then may be missing at the end, and only that."""
        with world.person(self._chance) as (client, uids, _other):
            self.unseen |= world.delete(client, uids)


def main() -> int:
    """Ends 0 when nothing was lost or doubled, the daemon lived and left when told."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=60.0)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--out", type=Path)
    options = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="intake-soak-"))
    folder.chmod(0o755)
    begun = time.monotonic()
    try:
        soak = Soak(folder, options.seed, options.minutes)
        result = soak.run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    run = {
        "commit": commit,
        "seed": options.seed,
        "wall_min": round((time.monotonic() - begun) / 60, 1),
        **result,
        "acts": dict(sorted(soak.acts.items())),
        "deleted_before_stored": {"tried": len(soak.unseen), "gone": soak.missing},
        "memory": soak.memory.figures(),
    }
    print(json.dumps(run, indent=1))
    if options.out:
        runs = json.loads(options.out.read_text("utf-8"))["runs"] if options.out.exists() else []
        new = options.out.with_suffix(".new")
        new.write_text(json.dumps({"runs": [*runs, run]}, indent=1, sort_keys=True) + "\n", "utf-8")
        os.replace(new, options.out)
    return 1 if run["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())

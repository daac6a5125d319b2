"""The parent's side of drafts: one child at a time prints one, beside the old one, while mail comes in.

The child opens the ledger at one moment and only reads it; what it lays out is put in its place by the daemon, by one exchange of
names (docs/STATES.md, W8). It dies with the daemon, and with its helpers: they are one process group.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from intake.model.round import Round
from intake.model.verdict import KnownRespondent

CHILD = "intake.drafting"
WALL_S = 3600.0
"""So long may one draft take (10,000 responses: about 15 minutes on one core)."""
_WORDS = 2000


class DraftJob(Struct, frozen=True, kw_only=True):
    """What a child needs to print the draft of a round: everything but the texts, which the ledger has. `at`: the cut-off.
    `doors`: those of the house on which the version of what was read hangs (`Office.doors`). `worksheet`: whether that of the
    synthesis is laid out with it. `parent`: who waits for it."""

    consultation: Round
    rounds: tuple[Round, ...]
    state_dir: str
    out: str
    language: str
    at: datetime
    templates_dir: str | None = None
    directory: tuple[KnownRespondent, ...] = ()
    archive: bool = False
    doors: str = ""
    worksheet: bool = False
    parent: int = 0


class Printed(Struct, frozen=True, kw_only=True):
    """How it ended. `problem` "": the draft lies in `folder`, every file of it synced."""

    round_id: str
    folder: Path
    problem: str = ""


class DraftPrinter:
    """At most one child. `end` leaves no process behind."""

    def __init__(self, wall_s: float = WALL_S, module: str = CHILD) -> None:
        self._wall_s = wall_s
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._job: DraftJob | None = None
        self._until = 0.0
        self._log: Path | None = None

    @property
    def busy(self) -> str:
        """The round whose draft is under way, else ""."""
        return self._job.consultation.id if self._job is not None else ""

    @property
    def ready(self) -> bool:
        """Whether a child has ended and waits to be heard."""
        return self._process is not None and self._process.poll() is not None

    def begin(self, job: DraftJob) -> None:
        """Start a child. What another one left half done is removed first."""
        assert self._process is None
        out = Path(job.out)
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(out, ignore_errors=True)
        self._log = out.with_name(out.name + ".log")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module], stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )
        self._job, self._until = job, time.monotonic() + self._wall_s
        assert self._process.stdin is not None
        with suppress(OSError):  # a child that is dead already is noticed when its end is asked for
            self._process.stdin.write(msgspec.json.encode(job))
            self._process.stdin.close()

    def finished(self) -> Printed | None:
        """How the child ended; None while it is at work, or when there is none. One that takes too long is ended."""
        if self._process is None or self._job is None:
            return None
        code = self._process.poll()
        if code is None and time.monotonic() < self._until:
            return None
        problem = f"took longer than {self._wall_s:.0f} s" if code is None else ("" if code == 0 else self._said(code))
        job = self._job
        self.end()
        return Printed(round_id=job.consultation.id, folder=Path(job.out), problem=problem)

    def end(self) -> None:
        """Kill what is under way, helpers and all; never raises, and waits for no process that takes its time to die."""
        process, self._process, self._job = self._process, None, None
        if process is None:
            return
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            process.wait(1.0)
        if self._log is not None:
            self._log.unlink(missing_ok=True)

    def _said(self, code: int) -> str:
        words = self._log.read_text("utf-8", "replace").strip()[-_WORDS:] if self._log is not None and self._log.exists() else ""
        return f"ended {code}: {words}"


def clear_half_printed(drafts: Path) -> None:
    """What children of a dead daemon left; erased words must not lie about."""
    for path in drafts.glob("*.made*") if drafts.is_dir() else ():
        shutil.rmtree(path) if path.is_dir() else path.unlink()

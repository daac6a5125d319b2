"""The daemon's side of revisions that officers order by mail: one child at a time prepares and releases them (releasing.py), while the
daemon waits for its turn."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from intake.pipeline import Office
from intake.pipeline.releasing import orders_due

log = structlog.get_logger("intake")
CHILD = "intake.releasing"
WALL_S = 3600.0
REST = timedelta(minutes=15)
"""After a child that failed: the disk may be full, a configuration half edited."""


@dataclass
class ReleaseKeeper:
    """`config`: the configuration that the child reads; without one nothing is begun."""

    config: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    until: float = 0.0
    not_before: datetime | None = None

    @property
    def busy(self) -> bool:
        """Whether a child is at work, and has not been for too long."""
        return self.process is not None and self.process.poll() is None and time.monotonic() < self.until

    def keep(self, office: Office) -> None:
        """Take note of a child that ended; begin one where an officer's order waits."""
        if self.busy:
            return
        now = office.now()
        if self.process is not None:
            code = self.process.poll()
            self.end()
            if code != 0:
                log.error("release", why=f"the child ended {code}")
                self.not_before = now + REST
        if self.config is None or (self.not_before is not None and now < self.not_before):
            return
        if any(orders_due(office, consultation) for consultation in office.rounds):
            command = [sys.executable, "-m", CHILD, str(self.config), str(os.getpid())]
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
            self.until = time.monotonic() + WALL_S

    def end(self) -> None:
        """Kill what is under way, helpers and all; never raises. What it had not finished is done by the next one."""
        process, self.process = self.process, None
        if process is not None:
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

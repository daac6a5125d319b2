"""The daemon's side of work that needs every message of a large round at once (aside.py): a child does it under the daemon's turn, and its
memory goes with it. The daemon's own stays small at any size of a round."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import structlog

from intake.aside import PIECE, AsideDone, AsideJob
from intake.model.round import Round
from intake.pipeline import Office, digest_day
from intake.pipeline.acquaintances import known_for
from intake.pipeline.basis import inputs_of
from intake.pipeline.reminders import remind, waiting_reminders

log = structlog.get_logger("intake")
CHILD = "intake.aside"
FROM = 1_500
"""Messages of a round from which a child does it; a smaller one takes a second or two and some ten megabytes."""


@dataclass
class AsideKeeper:
    """`config`: what the child reads; without one everything is done in the daemon's own process. `turn`: the lock of the writer's turn
    that the daemon holds now: the child keeps it, so that nobody else writes while it does, even when the daemon has died. `pulse`: called
    for each finished piece of work; what it raises ends the child."""

    config: Path | None = None
    turn: int | None = None
    least: int = FROM
    pulse: Callable[[], None] = lambda: None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def judge(self, office: Office, consultation: Round) -> bool:
        """Have a round judged from its first message on; False: that is to be done here."""
        return self._done(office, consultation, "judge") is not None

    def digest(self, office: Office, consultation: Round, day: date) -> datetime | None:
        """Have the digest of a day queued; gives up to when it tells. None: that is to be done here."""
        done = self._done(office, consultation, "digest", day)
        return done.at if done is not None else None

    def remind(self, office: Office, consultation: Round) -> tuple[str, ...] | None:
        """Have the reminders that are due queued; gives which. None: that is to be done here."""
        done = self._done(office, consultation, "remind")
        return done.said if done is not None else None

    def end(self) -> None:
        """Kill what is under way, helpers and all; never raises. A round that was half judged is judged anew."""
        process, self.process = self.process, None
        if process is not None:
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _done(self, office: Office, consultation: Round, what: str, day: date | None = None) -> AsideDone | None:
        if self.config is None or self.turn is None or office.ledger.tally(consultation.id).archived < self.least:
            return None
        office.refresh()
        job = AsideJob(
            what=what,
            round_id=consultation.id,
            inputs=inputs_of(office, consultation, known_for(office, consultation)),
            health=tuple(office.health),
            day=day,
            parent=os.getpid(),
        )
        try:
            answer = self._answer(job, self.turn)
            done = None if answer is None else msgspec.json.decode(answer, type=AsideDone)
        except OSError as error:
            log.error("aside", what=what, round=consultation.id, why=str(error))
            return None
        finally:
            self.end()
        if done is None:
            log.error("aside", what=what, round=consultation.id, why="the child did not do it; it is done here")
        return done

    def _answer(self, job: AsideJob, turn: int) -> bytes | None:
        """The child's last line where it ended well. Raises what `pulse` raises: then it is killed."""
        command = [sys.executable, "-m", CHILD, str(self.config)]
        self.process = process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=(turn,), start_new_session=True
        )
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdout:
            with suppress(BrokenPipeError):
                process.stdin.write(msgspec.json.encode(job))
                process.stdin.close()
            last = b""
            for line in process.stdout:
                self.pulse()
                last = line
        return last if process.wait() == 0 and last not in (b"", PIECE) else None


def due_digest(asides: AsideKeeper, office: Office, consultation: Round) -> None:
    """The digest of the newest local day whose hour has come, once; after an outage of days one digest says all that is new."""
    job = f"digest:{consultation.id}"
    local = office.now().astimezone(ZoneInfo(consultation.time_zone))
    day = local.date()
    if f"{local:%H:%M}" < office.letters.digest_at:
        day -= timedelta(days=1)
        if office.ledger.last_done(job) is None:
            return  # the first digest is that of a day on which we were there
    if office.ledger.claim_job(job, day.isoformat(), office.now()):
        at = asides.digest(office, consultation, day) or digest_day(office, consultation, day, queue=True).at
        office.ledger.finish_job(job, day.isoformat(), at)


def due_reminders(asides: AsideKeeper, office: Office, consultation: Round) -> None:
    """The reminders whose day has come, once each."""
    if not waiting_reminders(office, consultation):
        return
    said = asides.remind(office, consultation)
    if said is None:
        said = tuple(f"{item.day} of {item.on}" for item in remind(office, consultation))
    for reminder in said:
        log.info("reminder", round=consultation.id, of=reminder)

"""Work that needs every message of a round at once, in a process of its own (asidekeeping.py starts it and waits): `python -m intake.aside
CONFIG`, the job on its standard input. It works under the daemon's own turn, whose lock it holds until it ends, and takes its memory with
it. A line of one dot for each finished piece of work; the last line says what was done."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from intake.doors.bound import die_with_parent
from intake.errors import IntakeError, Misconfigured
from intake.model.round import Round
from intake.pipeline import Office, advance, digest_day
from intake.pipeline.acquaintances import known_for
from intake.pipeline.basis import inputs_of
from intake.pipeline.reminders import remind
from intake.settings import load_settings
from intake.wiring import open_configured

PIECE = b".\n"


class AsideJob(Struct, frozen=True, kw_only=True):
    """What a child does of a round. `inputs`: a hash of what the daemon judges by (pipeline.basis): a configuration that was changed
    since the daemon read it is not this child's to follow. `health`: what the daemon knows of its mailboxes; `day`: of a digest;
    `parent`: who waits."""

    what: str
    round_id: str
    inputs: str
    health: tuple[str, ...] = ()
    day: date | None = None
    parent: int = 0


class AsideDone(Struct, frozen=True, kw_only=True):
    """What was done. `at`: up to when a digest tells; `said`: the reminders queued, each as "day of date"."""

    at: datetime | None = None
    said: tuple[str, ...] = ()


def work(office: Office, consultation: Round, job: AsideJob) -> AsideDone:
    """Judge the round anew, queue its digest of a day, or its reminders."""
    if job.what == "judge":
        advance(office, consultation)
        return AsideDone()
    if job.what == "digest" and job.day is not None:
        return AsideDone(at=digest_day(office, consultation, job.day, queue=True).at)
    return AsideDone(said=tuple(f"{item.day} of {item.on}" for item in remind(office, consultation)))


def _pulse() -> None:
    sys.stdout.buffer.write(PIECE)
    sys.stdout.buffer.flush()


def main(config: Path) -> int:
    """0 when it was done; else the reason on standard error."""
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=AsideJob)
    die_with_parent(job.parent)
    try:
        with open_configured(load_settings(config), lent=True) as office:
            office.pulse = _pulse
            office.health[:] = job.health
            consultation = office.round(job.round_id)
            office.refresh()
            if inputs_of(office, consultation, known_for(office, consultation)) != job.inputs:
                raise Misconfigured(["the configuration has changed since the daemon read it: restart the daemon"])
            done = work(office, consultation, job)
    except (IntakeError, OSError, KeyError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(done) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

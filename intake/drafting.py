"""The draft of a round, printed in a process of its own (doors/printer.py starts it): `python -m intake.drafting`, the job on its
standard input. It reads the ledger as it stood at one moment, writes nothing there, and lays the files out in the job's folder."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from intake.doors.bound import die_with_parent, step_back
from intake.doors.printer import DraftJob
from intake.doors.site import lay_out
from intake.errors import IntakeError
from intake.pipeline.papers import assemble_round, last_edition, print_edition
from intake.preparing import SYNTHESIS, worksheet_files
from intake.wiring import open_reading_room

MEMORY_BYTES = 8 * 1024 * 1024 * 1024
"""That of the press: a child cannot give its helpers more than it has."""
CPU_S = 7200


def draft(job: DraftJob) -> None:
    """Assemble, let go of the ledger, print, lay out: every file synced when it returns. Raises IntakeError."""
    with open_reading_room(job) as office:
        before = last_edition(office, job.consultation)
        edition = assemble_round(office, job.consultation, language=job.language, before=before)
        sheet: dict[str, bytes] = {}
        if job.worksheet:
            sheet, _ = worksheet_files(office, job.consultation, job.language, Path(job.state_dir))
        office.ledger.close()
        beside = {f"{SYNTHESIS}/{name}": octets for name, octets in sheet.items()}
        lay_out(Path(job.out), {**print_edition(office, edition).files, **beside})


def main() -> int:
    """0 when the draft lies there; else the reason on standard error."""
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=DraftJob)
    die_with_parent(job.parent or None)
    step_back(MEMORY_BYTES, CPU_S)
    try:
        draft(job)
    except IntakeError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

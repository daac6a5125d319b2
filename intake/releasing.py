"""What officers ordered of the next revision, done in a process of its own (releasekeeping.py starts it): `python -m intake.releasing CONFIG
PARENT`. It takes the writer's turn like a command, but not while it prints; what it does not finish is done by the next one."""

from __future__ import annotations

import sys
from pathlib import Path

from intake.apart import open_to_release
from intake.doors.bound import die_with_parent, step_back
from intake.doors.site import revision_store
from intake.errors import IntakeError
from intake.pipeline.releasing import carry_out
from intake.settings import load_settings

MEMORY_BYTES = 8 * 1024 * 1024 * 1024
CPU_S = 7200


def main(config: Path) -> int:
    """0 when nothing is left to do; else the reason on standard error."""
    try:
        settings = load_settings(config)
        with open_to_release(settings) as office:
            for consultation in office.rounds:
                carry_out(office, consultation, revision_store(settings.service.state_dir))
    except (IntakeError, OSError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    die_with_parent(int(sys.argv[2]))
    step_back(MEMORY_BYTES, CPU_S)
    sys.exit(main(Path(sys.argv[1])))

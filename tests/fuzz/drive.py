"""One target under atheris: `python -m tests.fuzz.drive TARGET CORPUS_FOLDER [libFuzzer flags]`.

INTAKE_FUZZ_LAUNCHER: a file that can be executed in our stead (libFuzzer starts itself anew when it merges).
"""

from __future__ import annotations

import os
import sys

import atheris

with atheris.instrument_imports(include=["intake.reading", "email", "tests.fuzz.targets"]):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Fuzz until libFuzzer says that it is enough."""
    target = TARGETS[sys.argv.pop(1)]
    sys.argv[0] = os.environ.get("INTAKE_FUZZ_LAUNCHER", sys.argv[0])
    sys.setrecursionlimit(4000)  # as in the jailed child
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

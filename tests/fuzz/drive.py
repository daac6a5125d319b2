"""One target under atheris: `python -m tests.fuzz.drive TARGET CORPUS_FOLDER [libFuzzer flags]`."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["intake.reading", "email", "tests.fuzz.targets"]):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Fuzz until libFuzzer says that it is enough."""
    target = TARGETS[sys.argv.pop(1)]
    sys.setrecursionlimit(4000)  # as in the jailed child
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

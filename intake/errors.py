"""Every error the program raises on purpose; who is wrong is the type.

IntakeError
├── Misconfigured   the operator's files are wrong (exit 78); carries every problem at once
├── BadUsage        the command line is wrong (exit 64)
├── BadData         a file or record handed to us is wrong (exit 65)
├── Unreachable     the other side cannot be reached now; trying again later is right (exit 69)
├── Refused         the other side understood and said no; trying again is useless (exit 69)
├── TryAgain        we cannot do it now: disk full, lock held (exit 75)
│   └── NoRoom      the disk is full, or nearly
└── Broken          we are wrong: an invariant of ours does not hold (exit 70)
    └── Moved       a volume has not the pages that it had told; asked again, the press tells them safely
"""

from __future__ import annotations


class IntakeError(Exception):
    """Something this program can name."""

    exit_code = 70


class Misconfigured(IntakeError):
    """The configuration cannot be used; `problems` lists every fault found, not only the first."""

    exit_code = 78

    def __init__(self, problems: list[str] | tuple[str, ...]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class BadUsage(IntakeError):
    """The command line asks for something that makes no sense."""

    exit_code = 64


class BadData(IntakeError):
    """A file, row or record handed to us cannot be used."""

    exit_code = 65


class Unreachable(IntakeError):
    """The other side cannot be reached now; try again later."""

    exit_code = 69


class Refused(IntakeError):
    """The other side understood and said no; trying again will not help."""

    exit_code = 69


class TryAgain(IntakeError):
    """We cannot do it now (disk full, another instance holds the lock); the caller keeps what it has."""

    exit_code = 75


class NoRoom(TryAgain):
    """The disk is full, or so nearly that nothing more is taken in; it passes by itself when there is room again."""


class Broken(IntakeError):
    """An invariant of ours does not hold: our own fault."""

    exit_code = 70


class Moved(Broken):
    """A volume came out with other pages than those from which the numbers of the next were taken: print all again."""

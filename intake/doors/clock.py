"""Time. SystemClock is the world's; the others are for rehearsals and tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Now, UTC."""
        return datetime.now(UTC)  # noqa: TID251 -- the one place where the machine's time is read


class FixedClock:
    """Stands at one moment until it is set."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it was set to, UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Stand at another moment, earlier ones too (a clock that jumps back)."""
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move on."""
        self._at += by


class SteppingClock(FixedClock):
    """Goes on by `step` at each look, so that no two moments are equal."""

    def __init__(self, at: datetime, step: timedelta = timedelta(microseconds=1)) -> None:
        super().__init__(at)
        self._step = step

    def now(self) -> datetime:
        """A moment later than the one before."""
        self.advance(self._step)
        return super().now()

"""Originals rebuilt for release in a jailed child; one that dies or hangs costs its original, never the next one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

import msgspec

from intake.doors.jail import WALL_S, Child, Died
from intake.model.release import ReleasedForm, ToRelease

CHILD = "intake.doors.rebuild_child"


class JailedRebuilder:
    """Implements ports.Rebuilder with one child, started when first needed."""

    def __init__(self, phrases: str, wall_s: float = WALL_S, module: str = CHILD) -> None:
        self._phrases = phrases.encode("utf-8")
        self._wall_s = wall_s
        self._module = module
        self._child: Child | None = None

    def rebuild(self, jobs: Iterable[ToRelease]) -> Iterator[ReleasedForm]:
        """One ReleasedForm for each job, in order; "damaged" where the child died or took too long."""
        for job in jobs:
            child = self._child = self._child or Child(self._phrases, self._module)
            try:
                child.begin(msgspec.json.encode(job))
                yield msgspec.json.decode(child.octets(self._wall_s), type=ReleasedForm)
            except (TimeoutError, Died, OSError, msgspec.MsgspecError):
                self.close()
                yield ReleasedForm(because="damaged")

    def close(self) -> None:
        """End the child; never raises."""
        child, self._child = self._child, None
        if child is not None:
            with contextlib.suppress(OSError):
                child.end()

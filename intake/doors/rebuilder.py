"""Originals rebuilt for release in a jailed child; one that dies or hangs costs its original, never the next one."""

from __future__ import annotations

import contextlib
import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator

import msgspec

from intake.doors.jail import WALL_S, Child, Died
from intake.model.release import ReleasedForm, ToRelease

CHILD = "intake.doors.rebuild_child"
REMEMBERED_BYTES = 64 * 1024 * 1024
"""Released forms that are kept for the next revision of the same round, the oldest going first."""


class JailedRebuilder:
    """Implements ports.Rebuilder with one child, started when first needed."""

    def __init__(self, phrases: str, wall_s: float = WALL_S, module: str = CHILD) -> None:
        self._phrases = phrases.encode("utf-8")
        self._wall_s = wall_s
        self._module = module
        self._child: Child | None = None
        self._known: OrderedDict[str, ReleasedForm] = OrderedDict()

    def rebuild(self, jobs: Iterable[ToRelease]) -> Iterator[ReleasedForm]:
        """One ReleasedForm for each job, in order; "damaged" where the child died or took too long."""
        for job in jobs:
            asked = msgspec.json.encode(job)
            name = hashlib.sha256(asked).hexdigest()
            form = self._known.get(name)
            if form is None:
                form = self._ask(asked)
                self._remember(name, form)
            yield form

    def _ask(self, asked: bytes) -> ReleasedForm:
        child = self._child = self._child or Child(self._phrases, self._module)
        try:
            child.begin(asked)
            return msgspec.json.decode(child.octets(self._wall_s), type=ReleasedForm)
        except (TimeoutError, Died, OSError, msgspec.MsgspecError):
            self.close()
            return ReleasedForm(because="damaged")

    def _remember(self, name: str, form: ReleasedForm) -> None:
        """A pure function of what was asked; a child that died may have died of the machine, so that is not kept."""
        if form.because == "damaged":
            return
        self._known[name] = form
        while sum(len(item.octets) for item in self._known.values()) > REMEMBERED_BYTES:
            self._known.popitem(last=False)

    def close(self) -> None:
        """End the child; never raises."""
        child, self._child = self._child, None
        if child is not None:
            with contextlib.suppress(OSError):
                child.end()

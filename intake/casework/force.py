"""Which decisions are in force: none that was undone, none that waits for a second officer. The one place that says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from intake.model.record import NEEDS_SECOND, POSTING, Action, Ruling


def in_order(rulings: Iterable[Ruling]) -> list[Ruling]:
    """By time, then id: the order in which a later decision outranks an earlier one."""
    return sorted(rulings, key=lambda ruling: (ruling.at, ruling.id))


def standing(rulings: Sequence[Ruling]) -> tuple[Ruling, ...]:
    """The decisions in force, in order. An undone one is not; it is again when the undoing was itself undone."""
    force = _Force(rulings)
    return tuple(ruling for ruling in in_order(rulings) if force.of(ruling))


def waiting(rulings: Sequence[Ruling]) -> frozenset[str]:
    """Ids of decisions that would be in force had a second officer confirmed them: another person than the first."""
    force = _Force(rulings)
    return frozenset(ruling.id for ruling in rulings if not force.confirmed(ruling) and not force.undone(ruling))


def subject_of(ruling: Ruling) -> str:
    """The key of the case that a decision is about: a message, or one posting of a digest of the list."""
    posting = ruling.set.get(POSTING)
    return f"{ruling.message}#{posting}" if posting else ruling.message


class _Force:
    """Who undid and who confirmed what. Two decisions cannot undo each other: each names one that was there before."""

    def __init__(self, rulings: Sequence[Ruling]) -> None:
        self._undoing: dict[str, list[Ruling]] = {}
        self._seconding: dict[str, list[Ruling]] = {}
        self._known: dict[str, bool] = {}
        for ruling in rulings:
            if ruling.action in (Action.UNDO, Action.SECOND):
                table = self._undoing if ruling.action is Action.UNDO else self._seconding
                table.setdefault(str(ruling.set.get("ruling")), []).append(ruling)

    def of(self, ruling: Ruling) -> bool:
        if ruling.id not in self._known:
            self._known[ruling.id] = False  # a decision that names itself has no force
            self._known[ruling.id] = self.confirmed(ruling) and not self.undone(ruling)
        return self._known[ruling.id]

    def undone(self, ruling: Ruling) -> bool:
        return any(self.of(other) for other in self._undoing.get(ruling.id, ()))

    def confirmed(self, ruling: Ruling) -> bool:
        if not ruling.set.get(NEEDS_SECOND):
            return True
        return any(other.by != ruling.by and self.of(other) for other in self._seconding.get(ruling.id, ()))

"""What the books of the ledger share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from intake.doors.ledger.engine import Store

Item = TypeVar("Item")

_CHUNK = 500
"""Values in one IN (...): well below SQLite's limit on parameters."""


class Book:
    """One concern of the ledger, on the store that all share."""

    def __init__(self, store: Store) -> None:
        self._store = store


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """`items` in pieces that fit into one statement."""
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]

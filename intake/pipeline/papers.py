"""Papers: the daily digest, the draft compilation, and Rev. n by release. Every figure comes from the record's counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from intake.model.edition import Edition

Store = Callable[[str, int, Mapping[str, bytes]], None]


class Papers(Struct, frozen=True, kw_only=True):
    """An edition and its files by name."""

    edition: Edition
    files: dict[str, bytes]

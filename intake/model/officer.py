"""Who may do what in the house."""

from __future__ import annotations

from enum import IntEnum


class Role(IntEnum):
    """Each may do what those before may."""

    READER = 1
    EDITOR = 2
    RELEASER = 3
    ADMINISTRATOR = 4

"""What an extractor gives."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from intake.model.mail import PartState
from intake.model.text import Block
from intake.reading.limits import Limits


class Extract(Struct, frozen=True, kw_only=True):
    """Text of a document with its blocks, and what it was found to be. `pages` where the format has them. `hidden`: words in it that
    nobody sees who opens it; they are not in `text`. `files`: (name, octets) of the files that were put into it."""

    text: str = ""
    blocks: tuple[Block, ...] = ()
    state: PartState = PartState.OK
    pages: int | None = None
    defect: str = ""
    hidden: str = ""
    files: tuple[tuple[str, bytes], ...] = ()


Extractor = Callable[[bytes, Limits], Extract]
"""Total: a document that cannot be read gives state "damaged" or "encrypted" with a defect."""

"""What may leave of an original: its released form, or the reason why it is only listed."""

from __future__ import annotations

from msgspec import Struct


class ToRelease(Struct, frozen=True, kw_only=True):
    """An original to be rebuilt. `withheld`: words that may not stand in what leaves, as read (one entry a passage). With `sha256` the
    octets are those of a message, and the original is the part of it that has this hash, however deep it lies."""

    octets: bytes
    media_type: str
    withheld: tuple[str, ...] = ()
    sha256: str = ""


class ReleasedForm(Struct, frozen=True, kw_only=True):
    """What leaves: `octets` of `media_type`, with a file `suffix`; or nothing, and `because` says why it is only listed.

    `because`: infected, encrypted, unscanned, pending, withheld, damaged, layers, format, too_large. `removed` names what the original had
    and this has not: macros, ole, external_links, comments, tracked_changes, hidden_text, metadata, drawings, fields, scripts,
    attachments, annotations, tags.
    """

    octets: bytes = b""
    media_type: str = ""
    suffix: str = ""
    because: str = ""
    removed: tuple[str, ...] = ()
    pages: int | None = None

"""Where a message stood and when it was kept; and what brought several at once: an export of a form, an entry of an officer."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Coordinates(Struct, frozen=True, kw_only=True):
    """Where a message stood in a mailbox (RFC 3501 2.3.1.1): identity there, never identity of the message."""

    account: str
    folder: str
    uidvalidity: int
    uid: int


class Receipt(Struct, frozen=True, kw_only=True):
    """What is kept beside an object so that the ledger can be built again: one for each delivery."""

    sha256: str
    size_bytes: int
    at: Coordinates
    internaldate: datetime
    channel: str
    round_id: str
    stored_at: datetime
    answerable: bool
    sequence: int


class Import(Struct, frozen=True, kw_only=True):
    """What an officer brought in by one act, with the receipts of all its slips: kept as one file, so that all of it came or nothing.

    `kind`: "form" or "register". `by`: the officer; `who`: a keyed hash of that name, which is what the journal says. `entries`: the id
    of each slip, in the order of `receipts`: an entry that was erased is known again. `source_sha256`: the export as it was handed over
    ("" where there is none; its octets go when one of its slips is erased). `mapping`: the text of the mapping file that was used,
    `mapping_sha256` its hash. `reason`: the officer's, for a day in the past.
    """

    id: str
    kind: str
    round_id: str
    at: datetime
    by: str
    who: str
    receipts: tuple[Receipt, ...]
    entries: tuple[str, ...] = ()
    source_sha256: str = ""
    source_name: str = ""
    source_bytes: int = 0
    mapping: str = ""
    mapping_sha256: str = ""
    reason: str = ""

"""A message as read: parts, text, claims and defects. Values only; all of it can be thrown away and read again from the bytes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from intake.model.text import Block, Span


class Address(Struct, frozen=True, kw_only=True):
    """A mailbox as a header claims it. `address` is lower-cased in the domain only; either may be empty."""

    name: str = ""
    address: str = ""


class Defect(Struct, frozen=True, kw_only=True):
    """Something that could not be read as it should. `code` is stable (snake_case), `detail` is for people."""

    code: str
    detail: str = ""
    part: str | None = None


class PartState(StrEnum):
    """What an attachment was found to be (rounds/FORMAT.md, attachments)."""

    OK = "ok"
    IMAGE_ONLY = "image_only"
    ENCRYPTED = "encrypted"
    INFECTED = "infected"
    TRACKED_CHANGES = "tracked_changes"
    DAMAGED = "damaged"
    MACRO = "macro"
    IGNORED = "ignored"


class Scan(StrEnum):
    """What a virus scanner said of a file. `OFF`: none is configured. `UNSCANNED` is never clean: nobody has said so."""

    OFF = "off"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


class Part(Struct, frozen=True, kw_only=True):
    """One leaf part, container or attached message.

    `path` is dotted and counts from 1 ("1.2"; a member of a container goes on: "2.1"). `sha256` is of the bytes after transfer
    decoding only. `name` is safe to show and to use as a file name, `original_name` is what was sent. `inline`: shown in the
    body (disposition inline or referred to by Content-ID). `body`: this part is (part of) the message's own text, not an
    attachment. `text`/`blocks`: readable text of the part, empty when none; `language` of that text (ISO 639-1, "und").
    `children`: members of containers (zip, TNEF)
    or parts of an attached message. `message`: the Reading of an attached or opened message; never merged into the outer text.
    `hidden`: words of the file that nobody sees who opens it (a document's hidden text); they are not in `text`.
    `scan`: a scanner's word on this file, `scan_said` the signature or why there is none. `ocr`: the text was read from pictures.
    """

    path: str
    media_type: str
    sniffed_type: str
    size_bytes: int
    sha256: str
    name: str | None = None
    original_name: str | None = None
    content_id: str | None = None
    inline: bool = False
    body: bool = False
    state: PartState | None = None
    text: str = ""
    blocks: tuple[Block, ...] = ()
    language: str = "und"
    text_quality: float | None = None
    pages: int | None = None
    hidden: str = ""
    children: tuple[Part, ...] = ()
    message: Reading | None = None
    defects: tuple[Defect, ...] = ()
    scan: Scan = Scan.OFF
    scan_said: str = ""
    ocr: bool = False


class Hop(Struct, frozen=True, kw_only=True):
    """One Received header, topmost first. `by` and `from_` are lower-cased host names as written; `at` is aware or None."""

    raw: str
    by: str = ""
    from_: str = ""
    at: datetime | None = None


class Piece(Struct, frozen=True, kw_only=True):
    """What a message/partial says of itself (RFC 2046 5.2.2); `total` is None where only the last piece says it."""

    id: str
    number: int
    total: int | None = None


class Reading(Struct, frozen=True, kw_only=True):
    """A message as read from its bytes. Total: whatever the bytes, there is one.

    `text` is the whole readable body text (plain part, else HTML turned to text); `spans` mark what is new, quoted, signature
    and so on and cover it; `blocks` its layout. Attachments have their own text in their `Part`. `headers` are all headers in
    order, unfolded and decoded (name as written). `auth_results` are all Authentication-Results, in order, with the number of
    Received lines that stood above each: trust is decided later with the names of our own hosts. `held` names the reason why
    a message is set aside. `content_hash` is SHA-256 of the normalised new text and the attachment hashes (inline pictures
    and list footers left out): equal for a copy by another channel.
    `partial`: it is one piece of a message sent in several. `language` is ISO 639-1, "und" when it cannot be told.
    """

    sha256: str
    size_bytes: int
    message_id: str | None = None
    subject: str = ""
    from_: tuple[Address, ...] = ()
    sender: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    return_path: str | None = None
    date_claimed: datetime | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    list_id: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    received: tuple[Hop, ...] = ()
    auth_results: tuple[tuple[int, str], ...] = ()
    language: str = "und"
    text: str = ""
    spans: tuple[Span, ...] = ()
    blocks: tuple[Block, ...] = ()
    body_path: str | None = None
    parts: tuple[Part, ...] = ()
    defects: tuple[Defect, ...] = ()
    held: str | None = None
    content_hash: str = ""
    partial: Piece | None = None

    def header(self, name: str) -> str | None:
        """First header of that name (any case), decoded, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def header_all(self, name: str) -> tuple[str, ...]:
        """All headers of that name (any case), decoded, top to bottom."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)


class ChannelKind(StrEnum):
    """Where a message was found. `SENT`: a folder in which officers' own mail is kept; `FORM`, `REGISTER`: it is a slip."""

    ADDRESS = "address"
    LIST = "list"
    JUNK = "junk"
    OFFICE = "office"
    IMPORT = "import"
    SENT = "sent"
    FORM = "form"
    REGISTER = "register"


SLIPS = (ChannelKind.FORM, ChannelKind.REGISTER)
"""Channels of responses that came by no mail; their octets were made by us (model/slip.py)."""


class Trust(Struct, frozen=True, kw_only=True):
    """What our own hosts say of a message (reading.trust computes it from the trusted hosts' names).

    `received_at`: aware, UTC: the first of our hosts that took the mail from a host not ours; else INTERNALDATE.
    `received_by`: that host or "internaldate". `dmarc`, `spf`, `dkim`: results of our own hosts only, "none" when they say
    nothing. `spam`: marked as spam by our own host. `own`: no foreign host handled it (our own machine sent it).
    """

    received_at: datetime
    received_by: str
    dmarc: str = "none"
    spf: str = "none"
    dkim: str = "none"
    spam: bool = False
    own: bool = False


class OurLetter(Struct, frozen=True, kw_only=True):
    """A letter of ours that a message names by its signed token (letters/token.py), the part of its Message-ID before the @.

    `about`: the beginning of the hash of the message that the letter was about, "" for none. `how`: "is" (it is that letter, come
    back), "answers" (a reply to it), "encloses" (a report about it, or a forward)."""

    token: str
    kind: str
    about: str
    how: str


class Arrival(Struct, frozen=True, kw_only=True):
    """A message that reached a round: its Reading, where and when it was found, and what our hosts say of it.

    `key` = its SHA-256. `sequence` is the order of arrival at the mailbox. `internaldate` is aware. `answerable` is False for
    imported mail and mail older than the round's opening or the first poll: judged, never answered unless asked for.
    `inner_trust`: for an attached message that one of our own hosts had received before (a colleague's forward); `inner_trusts`: the
    same for each enclosed message, by its part path. `ours`: letters of ours that it names, verified.
    """

    key: str
    sequence: int
    channel: ChannelKind
    internaldate: datetime
    reading: Reading
    trust: Trust
    inner_trust: Trust | None = None
    inner_trusts: tuple[tuple[str, Trust], ...] = ()
    ours: tuple[OurLetter, ...] = ()
    answerable: bool = True

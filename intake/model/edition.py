"""The consolidated document as one value from which every format is printed, and the daily digest likewise."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from intake.model.mail import Arrival
from intake.model.record import Campaign, Counts
from intake.model.round import Day, Round
from intake.model.text import Block
from intake.model.verdict import Respondent, Verdict


class Source(Struct, frozen=True, kw_only=True):
    """A message as the press needs it: what was read and what it says on which question."""

    arrival: Arrival
    verdict: Verdict

    def posting(self, part: str) -> Source:
        """A posting of this digest, with the verdict on it; the message itself where `part` is ""."""
        return next(
            (Source(arrival=self.arrival, verdict=post.verdict) for post in self.verdict.posts if post.part == part), self
        )


class Audience(StrEnum):
    """Who an edition is for: the group, or the public (the third layer of DESIGN section 4)."""

    GROUP = "group"
    PUBLIC = "public"


class Piece(Struct, frozen=True, kw_only=True):
    """Words to print: blocks in their own language and direction, or a marker in their place.

    `withheld`: reason when this stands for words left out ("withheld pending decision", "redacted"); then `blocks` is empty.
    """

    blocks: tuple[Block, ...] = ()
    source: str = ""
    page: int | None = None
    withheld: str = ""


class EntryAnswer(Struct, frozen=True, kw_only=True):
    """One answer of an entry; `together` other questions that the same text answers."""

    question: int
    pieces: tuple[Piece, ...]
    together: tuple[int, ...] = ()


class EntryAttachment(Struct, frozen=True, kw_only=True):
    """An annex as listed: shown name, size, hash of the original, state; `attached` is False when only listed, `because` says why.
    `file`: its released form beside the document, with the hash `released_sha256`; `removed`: what the original had beyond it."""

    name: str
    size_bytes: int
    sha256: str
    state: str
    attached: bool = False
    because: str = ""
    file: str = ""
    released_sha256: str = ""
    removed: tuple[str, ...] = ()
    pages: int | None = None


class Translation(Struct, frozen=True, kw_only=True):
    """An unofficial translation of a response: who or what made it (`by`), and when. No part of the response, counted nowhere."""

    number: int
    language: str
    by: str
    on: date
    text: tuple[str, ...]


class Entry(Struct, frozen=True, kw_only=True):
    """One response as printed. `public_number` counts from 1 in the round and stays given."""

    public_number: int
    response_id: str
    respondent: Respondent
    co_signatories: tuple[str, ...]
    language: str
    received_at: datetime
    late: bool
    answers: tuple[EntryAnswer, ...]
    general: tuple[Piece, ...]
    unmapped: tuple[Piece, ...]
    attachments: tuple[EntryAttachment, ...]
    message_sha256: tuple[str, ...]
    supplement_sha256: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    abstract: str = ""
    translations: tuple[Translation, ...] = ()


class LeftOut(Struct, frozen=True, kw_only=True):
    """A response that is not printed, and why: withdrawn (tombstone), held, late pending, excluded, merged (`into` which number).
    `reason`: words of the officer who decided."""

    public_number: int | None
    what: str
    reason: str
    received_at: datetime | None = None
    name: str = ""
    into: int | None = None


class Change(Struct, frozen=True, kw_only=True):
    """One line of the change list against the revision before. `kind`: added, revised, supplemented, corrected, or why it is printed
    no more, as `LeftOut.what` says it (erased and group_only without a name). `details`: what differs (late, respondent, messages, answers, annexes, withheld,
    translation)."""

    kind: str
    public_number: int
    name: str
    details: tuple[str, ...] = ()


class CampaignEntry(Struct, frozen=True, kw_only=True):
    """A campaign, shown once with its number: representative text, copies, the rule that found it, and what single
    mails add to the text (language, pieces)."""

    campaign: Campaign
    copies: int
    text: tuple[Piece, ...]
    language: str
    similarity: float
    minimum: int
    personal: tuple[tuple[str, tuple[Piece, ...]], ...] = ()


class Edition(Struct, frozen=True, kw_only=True):
    """The compilation at a cut-off. `revision` None = draft (stamped DRAFT, unnumbered). The same record gives the same bytes.
    `withheld` and `redacted` count passages. `before`: the revision that the change list is against, with its day.

    `seen = archived + same_bytes + vanished + erased` and `archived = sum(counts.by_disposition)`: printed as the completeness proof.
    """

    round: Round
    language: str
    revision: int | None
    cut_off: datetime
    released_on: date | None
    released_by: str
    entries: tuple[Entry, ...]
    late_entries: tuple[Entry, ...]
    campaigns: tuple[CampaignEntry, ...]
    left_out: tuple[LeftOut, ...]
    changes: tuple[Change, ...]
    counts: Counts
    seen: int
    archived: int
    same_bytes: int
    vanished: int
    withheld: int
    redacted: int
    manifest_sha256: str
    erased: int = 0
    audience: Audience = Audience.GROUP
    before: tuple[int, date] | None = None


class DigestItem(Struct, frozen=True, kw_only=True):
    """One thing that needs a person, with the command that settles it. `subject` texts are cut and cleaned of control
    characters. `because`: words of others or of the record; `reason`: a key of the digest's words instead. `due`: day by which.

    Where an officer may decide by mail: `item` names what waits, stably; `acts` are the words' keys that fit; `state` a hash of all that
    the decision rests on, so that a decision on what has changed since is noticed; `message` the key of the message concerned.
    """

    kind: str
    number: str
    name: str
    because: str
    command: str
    reason: str = ""
    due: date | None = None
    item: str = ""
    acts: tuple[str, ...] = ()
    state: str = ""
    message: str = ""


class DigestRole(StrEnum):
    """Who a digest is written for."""

    DESK = "desk"
    CHAIR = "chair"
    TECHNICAL = "technical"


class DigestSilence(Struct, frozen=True, kw_only=True):
    """Who of the last round has not been heard from, while there is time: `title` of that round, categories and regions with how many it
    had, names as they were published (`more`: how many beside), and an invitation drafted, which nobody has sent."""

    title: str
    categories: tuple[tuple[str, int], ...]
    regions: tuple[tuple[str, int], ...]
    respondents: tuple[str, ...]
    heard: int
    more: int = 0
    draft_language: str = ""
    draft_subject: str = ""
    draft_text: str = ""


class Digest(Struct, frozen=True, kw_only=True):
    """A day of the record. `new_*` since the digest before; `counts` in all. Identity printed: seen = archived + same_bytes +
    vanished + erased. `new_responses`: (public number or id, name, category). `folders`: (account/folder, when it was looked at last).
    """

    round: Round
    day: date
    counts: Counts
    counts_yesterday: Counts
    new_messages: tuple[tuple[str, str, str, str], ...]
    new_responses: tuple[tuple[str, str, str], ...]
    needs_person: tuple[DigestItem, ...]
    junk: tuple[DigestItem, ...]
    bounced: tuple[DigestItem, ...]
    days_left: int
    timetable: tuple[Day, ...]
    running_out: tuple[Day, ...]
    seen: int
    archived: int
    same_bytes: int
    vanished: int
    letters_queued: int
    letters_sent: int
    letters_waiting_approval: int
    letters_failed: int
    set_aside: int
    unscanned: int
    withheld: int
    health: tuple[str, ...]
    folders: tuple[tuple[str, datetime | None], ...]
    journal_head: str
    erased: int = 0
    silence: DigestSilence | None = None

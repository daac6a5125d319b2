"""The record of a round: what became of each message, the responses, people's decisions. Casework's result; all of it can be
built again."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct, structs

from intake.model.verdict import Answer, Attachment, Disposition, Finding, Passage, Respondent, Withheld


class Status(StrEnum):
    """Where a response stands (rounds/FORMAT.md)."""

    COUNTED = "counted"
    HELD = "held"
    LATE_PENDING = "late_pending"
    WITHDRAWN = "withdrawn"
    EXCLUDED = "excluded"


class Timeliness(StrEnum):
    """Against the response deadline, by the trusted receipt time of the response's first message."""

    ON_TIME = "on_time"
    LATE = "late"


class Action(StrEnum):
    """What a person may decide."""

    ACCEPT_LATE = "accept_late"
    COUNT = "count"
    EXCLUDE = "exclude"
    WITHDRAW = "withdraw"
    ASSIGN = "assign"
    MERGE = "merge"
    SPLIT = "split"
    CONFIRM = "confirm"
    RELABEL = "relabel"
    REDACT = "redact"
    SEAL_PART = "seal_part"
    DISCLOSE = "disclose"
    PUBLISH_MODE = "publish_mode"
    SECOND = "second"
    EXTEND = "extend"
    UNDO = "undo"
    RELEASE = "release"
    ERRAND = "errand"


class PublishMode(StrEnum):
    """How a response leaves the house: whole; for the public without the name; to the group alone."""

    FULL = "full"
    WITHOUT_NAME = "without_name"
    GROUP_ONLY = "group_only"


WITHHOLDING = (Action.REDACT, Action.SEAL_PART, Action.DISCLOSE, Action.PUBLISH_MODE)
"""Decisions about what may leave the house; `set` of REDACT, SEAL_PART and DISCLOSE holds "spans", each
"message:part:start:end:reason" with the whole key; of PUBLISH_MODE "mode". They can be undone until the next release."""
POSTING = "posting"
"""Key in a ruling's `set`: which posting of a digest of the list it is about (its part), where `message` is a digest."""
ROUND_WIDE = (Action.UNDO, Action.SECOND, Action.EXTEND, Action.RELEASE, Action.ERRAND)
"""Decisions about no response by themselves: about another decision, the round, its next revision, its letters (ERRAND, set["act"])."""
NEEDS_SECOND = "second"
"""Key in a ruling's `set`: it is in force only when another officer has confirmed it (Action.SECOND, set["ruling"])."""


class Ruling(Struct, frozen=True, kw_only=True):
    """One decision of a person; append-only. `id` is unique and stable; `message` is the key (SHA-256) of a message of the
    response concerned ("" for those of ROUND_WIDE). `set` as in rounds/FORMAT.md, decisions.jsonl; `undo` names the id of another ruling in
    set["ruling"]."""

    id: str
    at: datetime
    by: str
    action: Action
    message: str
    reason: str
    set: dict[str, str | int | list[str]] = {}

    def without_words(self) -> Ruling:
        """The ruling after the erasure of its message: ids stay, words go."""
        ids = {name: value for name, value in self.set.items() if name in ("ruling", "into", POSTING)}
        return structs.replace(self, reason="", set=ids)


class LetterKind(StrEnum):
    """Why a letter goes to a person."""

    ACKNOWLEDGEMENT = "acknowledgement"
    REVISION = "revision"
    SUPPLEMENT = "supplement"
    PART = "part"
    COPY = "copy"
    LATE = "late"
    HELD = "held"
    ENDORSEMENT = "endorsement"
    CAMPAIGN = "campaign"
    WITHDRAWAL = "withdrawal"
    ENQUIRY = "enquiry"
    MISDIRECTED = "misdirected"
    CHASE = "chase"
    EXTENSION = "extension"
    PUBLICATION = "publication"
    OUTCOME = "outcome"
    PROOF = "proof"


ACKNOWLEDGEMENTS = (LetterKind.ACKNOWLEDGEMENT, LetterKind.REVISION, LetterKind.SUPPLEMENT)
"""Letters that a proof may go with."""
NOTICES = (LetterKind.CHASE, LetterKind.EXTENSION, LetterKind.PUBLICATION, LetterKind.OUTCOME, LetterKind.PROOF)
"""Letters that answer no message: something happened, and those concerned are told."""


class LetterDue(Struct, frozen=True, kw_only=True):
    """A letter that is due for a message: decided as data, composed later. `to` is one address; `language` one of the six."""

    kind: LetterKind
    to: str
    language: str


class Posted(Struct, frozen=True, kw_only=True):
    """What became of one posting of a digest of the list, or of one of several messages that a colleague encloses. `part` names it
    within the message; the rest is as in Filed."""

    part: str
    disposition: Disposition
    response: str | None
    why: str
    letter: LetterDue | None = None
    same_as: str | None = None
    sameness: str | None = None


class Filed(Struct, frozen=True, kw_only=True):
    """What became of one message. `response` is a response id or None. `letter` is what was due when the message came,
    `letter_waiting` what would be, had our own host authenticated the sender: a person may let it go.
    `same_as`: key of the message it repeats, `sameness` which of the four kinds: "same_bytes", "copy", "new_version",
    "new_text_old_id". `ours`: tokens of letters of ours that it is, answers or returns,
    by their signed token. `postings`: of a digest, each by itself; the message's own fields are those of the one that it is named for."""

    key: str
    disposition: Disposition
    response: str | None
    why: str
    letter: LetterDue | None = None
    no_letter_because: str = ""
    letter_waiting: LetterDue | None = None
    findings: tuple[Finding, ...] = ()
    same_as: str | None = None
    sameness: str | None = None
    held: str | None = None
    ours: tuple[str, ...] = ()
    postings: tuple[Posted, ...] = ()


class Version(Struct, frozen=True, kw_only=True):
    """One version of a response: message keys, the authoritative one first, then parts and copies that make it readable."""

    messages: tuple[str, ...]
    received_at: datetime
    late: bool = False


class ChaseDue(Struct, frozen=True, kw_only=True):
    """Something to ask the respondent for. `reason`: "unreadable", "encrypted", "link_only", "part_missing", "identity",
    "tracked_changes". `due_on`: local day of the round by which the answer is of use, before the synthesis day."""

    reason: str
    message: str
    closed_by: str | None = None
    due_on: date | None = None


class Response(Struct, frozen=True, kw_only=True):
    """One response, as the record has it now. `withheld`: proposals and decisions, by message. `waiting`: rulings that a second
    officer has not confirmed.

    `id` = "r-" and the first 12 hex digits of its first message's key (and "-" and the posting's part, where a digest brought it):
    stable whatever comes later; where a message turns up that was received before its first one, it keeps the id under which it was
    given a number. `received_at` is that of its first message (UTC).
    `current` indexes `versions`. `answers` come from the current version with its supplements. `cases`: of messages that are digests,
    which posting is meant ("KEY#PART"). `pending`: supplements that are late or doubtful and stand only when a person says so.
    """

    id: str
    respondent: Respondent
    co_signatories: tuple[str, ...]
    language: str
    received_at: datetime
    timeliness: Timeliness
    status: Status
    status_before_decisions: Status
    versions: tuple[Version, ...]
    current: int
    supplements: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    endorsements: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    answers: tuple[tuple[str, Answer], ...] = ()
    general: tuple[tuple[str, Passage], ...] = ()
    unmapped: tuple[tuple[str, Passage], ...] = ()
    attachments: tuple[tuple[str, Attachment], ...] = ()
    flags: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    withheld: tuple[tuple[str, Withheld], ...] = ()
    publish_mode: PublishMode = PublishMode.FULL
    waiting: tuple[str, ...] = ()
    abstract: str = ""
    chases: tuple[ChaseDue, ...] = ()
    merged_into: str | None = None
    rulings: tuple[str, ...] = ()


class Campaign(Struct, frozen=True, kw_only=True):
    """A cluster of near-identical mails: shown once, with the number and the rule that found it. `representative`, `messages`: their keys, a
    posting of a digest with its part after "#". `personal`: key and passage of what single mails add to the representative text."""

    id: str
    representative: str
    messages: tuple[str, ...]
    personal: tuple[tuple[str, Passage], ...] = ()
    similarity: float = 0.0
    minimum: int = 0


class Counts(Struct, frozen=True, kw_only=True):
    """Every figure of a round, counted in one place (casework.counting). Zero keys are left out of the tables.

    Identity: the sum over `by_disposition` is `messages`; the sums over `by_category`, `by_region`, `by_language` and
    `by_group` are each `counted`; the sum over `by_status` is `responses`.
    """

    messages: int
    responses: int
    counted: int
    by_status: dict[str, int]
    by_disposition: dict[str, int]
    by_category: dict[str, int]
    by_group: dict[str, int]
    by_region: dict[str, int]
    by_language: dict[str, int]
    by_question: dict[str, int]
    late_accepted: int
    withdrawn: int
    held: int
    set_aside: int
    campaign_copies: int


class Gone(Struct, frozen=True, kw_only=True):
    """A response that was given a number and is none any more: its mail belongs to another one now (`into`), or to none."""

    id: str
    into: str | None = None


class Record(Struct, frozen=True, kw_only=True):
    """All that casework knows of a round at a moment. A pure function of the set of arrivals, the rulings and the round; only the ids
    of responses, and `gone`, depend on the numbers that were given before."""

    round_id: str
    filed: tuple[Filed, ...]
    responses: tuple[Response, ...]
    campaigns: tuple[Campaign, ...]
    counts: Counts
    counts_before_decisions: Counts
    gone: tuple[Gone, ...] = ()

"""Letters as values: what is said, to whom; and what became of a hand-over."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from intake.model.record import LetterKind


class FileLine(Struct, frozen=True, kw_only=True):
    """One file as the acknowledgement lists it."""

    name: str
    size_bytes: int
    sha256: str
    state: str


class Proof(Struct, frozen=True, kw_only=True):
    """A response's entry as it will be printed. `rows`: (field, value in words); `answers`: (question, paragraphs), what is withheld as
    its marker; `reference`: by which an answer is known to be one to this letter."""

    rows: tuple[tuple[str, str], ...]
    answers: tuple[tuple[int, tuple[str, ...]], ...]
    general: tuple[str, ...]
    reference: str


class LetterFacts(Struct, frozen=True, kw_only=True):
    """Everything a letter may say. Templates get this and nothing else.

    `received_at` is UTC; templates show it in `time_zone` and UTC. `subject_echo` is the sender's subject, empty unless the
    sender was
    authenticated by our own host (a letter repeats no free text of an unauthenticated sender); the same holds for
    `organization`, `person` and file names. `understood`: question numbers found, in order. `in_time` None when it does not
    apply. Of notices: `deadline_before` an extension, `until` the day by which a chase is of use, `document` and `public_number` where
    the response appears, `statements` of the synthesis that cite it, `words` an officer's own paragraphs. `proof`: the entry as it will
    be printed; only for a sender whom our own host authenticated.
    """

    kind: LetterKind
    language: str
    to: str
    receipt_number: str
    round_topic: str
    working_group: str
    time_zone: str
    deadline: datetime
    received_at: datetime
    in_time: bool | None
    message_sha256: str
    reply_to_message_id: str | None
    references: tuple[str, ...] = ()
    person: str = ""
    organization: str = ""
    category: str = ""
    country: str = ""
    understood: tuple[int, ...] = ()
    questions_total: int = 0
    general: bool = False
    files: tuple[FileLine, ...] = ()
    earlier_receipt: str = ""
    part_number: int | None = None
    part_total: int | None = None
    reason: str = ""
    subject_echo: str = ""
    contact: str = ""
    address: str = ""
    public_page: str = ""
    deadline_before: datetime | None = None
    until: date | None = None
    public_number: int | None = None
    document: str = ""
    statements: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    proof: Proof | None = None


class Enclosed(Struct, frozen=True, kw_only=True):
    """A file that goes with a letter of the house; never with an answer to a respondent (RFC 3834, section 3.1.7)."""

    name: str
    media_type: str
    octets: bytes


class OfficeKind(StrEnum):
    """Letters of the house that answer no message."""

    RELEASE = "release"
    ANSWER = "answer"
    PREPARED = "prepared"
    SECOND = "second"
    RELEASED = "released"
    NOT_RELEASED = "not_released"


class OfficeFacts(Struct, frozen=True, kw_only=True):
    """What such a letter says. `rows`: (key of words.line, value); `lists`: (key of words.list, lines); `texts`: keys of words.text,
    `paragraphs` texts of others. `answer_to`: where an answer is awaited. `fill` fills the braces of subject and opening."""

    kind: OfficeKind
    language: str
    to: str
    working_group: str
    topic: str
    fill: dict[str, str] = {}
    rows: tuple[tuple[str, str], ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    texts: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    enclosed: tuple[Enclosed, ...] = ()
    reply_to_message_id: str | None = None
    answer_to: str = ""


class Letter(Struct, frozen=True, kw_only=True):
    """A composed letter. `text` first, `html` beside it; subjects are one line without control characters. One recipient."""

    to: str
    subject: str
    text: str
    html: str
    language: str
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    auto_submitted: str = "auto-replied"
    headers: tuple[tuple[str, str], ...] = ()
    enclosed: tuple[Enclosed, ...] = ()


class Outcome(StrEnum):
    """How a hand-over to SMTP ended."""

    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


class HandOver(Struct, frozen=True, kw_only=True):
    """The end of one attempt; `reply` is the server's last line or the error in words."""

    outcome: Outcome
    reply: str

"""What people say by mail before it is a decision: an officer's order and what became of it, a respondent's correction of a proof."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Refusal(StrEnum):
    """Why an order was not followed; each has its sentence in templates/orders."""

    UNKNOWN_OFFICER = "unknown_officer"
    NOT_AUTHENTICATED = "not_authenticated"
    NOT_ALLOWED = "not_allowed"
    NO_TOKEN = "no_token"  # noqa: S105 - a word, not a secret
    FORGED = "forged"
    WRONG_SENDER = "wrong_sender"
    OTHER_ROUND = "other_round"
    EXPIRED = "expired"
    SPENT = "spent"
    GONE = "gone"
    STALE = "stale"
    CONFLICT = "conflict"
    FORMULA = "formula"
    ALTERED = "altered"
    NO_ACT = "no_act"
    UNKNOWN_ACT = "unknown_act"
    NO_REASON = "no_reason"
    AMBIGUOUS = "ambiguous"
    UNREADABLE = "unreadable"
    NO_RESPONSE = "no_response"
    NO_WORDS = "no_words"
    NOT_FOUND = "not_found"
    OWN = "own"
    NOT_POSSIBLE = "not_possible"


SILENT = (Refusal.UNKNOWN_OFFICER, Refusal.NOT_AUTHENTICATED)
"""Nobody is written to: it is not known who wrote."""


class Way(StrEnum):
    """How an order came."""

    SHEET = "sheet"
    REPLY = "reply"
    FILE = "file"


class Ordered(Struct, frozen=True, kw_only=True):
    """An order before it is checked. `acts`: what its word may stand for; `beside`: acts that it names as well; `target`: the number of a
    response, or a decision's id, and `words` what of it (words, or a file's name), where it is about one that the matter does not name."""

    line: int
    number: str
    word: str
    acts: frozenset[str]
    token: str
    reason: str
    refused: Refusal | None = None
    beside: frozenset[str] = frozenset()
    target: str = ""
    words: str = ""


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a line: the decision, or why there is none. `number` and `act` as the officer wrote or was shown them; `detail`:
    the record's own words, for NOT_POSSIBLE. `shows`: ids of letters that the answer encloses; `later`: a letter of its own follows."""

    line: int
    number: str
    act: str
    ruling: str = ""
    refused: Refusal | None = None
    detail: str = ""
    waits: bool = False
    shows: tuple[str, ...] = ()
    later: bool = False


class Correction(Struct, frozen=True, kw_only=True):
    """What an answer says of its own entry. `message`: the answer; `target`: the message that began the response; `lines`: (field, value as
    written); `trusted`: our own host vouched for the sender."""

    message: str
    target: str
    lines: tuple[tuple[str, str], ...]
    trusted: bool

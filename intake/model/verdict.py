"""What one message looks like, alone: sorting's result. Threads, versions, copies and decisions are casework's."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from intake.model.mail import PartState, Scan


class Disposition(StrEnum):
    """What a message is; exactly one (rounds/FORMAT.md)."""

    RESPONSE = "response"
    REVISION = "revision"
    SUPPLEMENT = "supplement"
    PART = "part"
    COPY = "copy"
    ENDORSEMENT = "endorsement"
    CAMPAIGN = "campaign"
    WITHDRAWAL = "withdrawal"
    ENQUIRY = "enquiry"
    MISDIRECTED = "misdirected"
    CORRESPONDENCE = "correspondence"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    SPAM = "spam"


class Category(StrEnum):
    """Canonical stakeholder category (Tunis Agenda 35 and 36; rounds/FORMAT.md)."""

    GOVERNMENT = "government"
    PRIVATE_SECTOR = "private_sector"
    CIVIL_SOCIETY = "civil_society"
    INTERGOVERNMENTAL = "intergovernmental"
    INTERNATIONAL_ORG = "international_org"
    ACADEMIA = "academia"
    TECHNICAL_COMMUNITY = "technical_community"
    INDIVIDUAL = "individual"
    UNSPECIFIED = "unspecified"


class Region(StrEnum):
    """ITU's six regions, bodies of no one region, and what cannot be told."""

    AFRICA = "africa"
    AMERICAS = "americas"
    ARAB_STATES = "arab_states"
    ASIA_PACIFIC = "asia_pacific"
    CIS = "cis"
    EUROPE = "europe"
    INTERNATIONAL = "international"
    UNKNOWN = "unknown"


class Finding(Struct, frozen=True, kw_only=True):
    """One classifier's opinion. All are kept, not only the winner's. `finding` is a Disposition or a signal's name."""

    classifier: str
    finding: str
    because: str
    confidence: float


class Respondent(Struct, frozen=True, kw_only=True):
    """Who a text is filed for. `sources`: field -> where it was found ("declared", "signature", "letterhead", "attachment",
    "directory", "address", "officer"); `confidence`: field -> 0 to 1. `country` is ISO 3166-1 alpha-2 or None."""

    person: str | None = None
    title: str | None = None
    organization: str | None = None
    category: Category = Category.UNSPECIFIED
    country: str | None = None
    region: Region = Region.UNKNOWN
    sources: dict[str, str] = {}
    confidence: dict[str, float] = {}


class KnownRespondent(Struct, frozen=True, kw_only=True):
    """A sender that a person once confirmed, or that a directory names. `address`: a whole address, or "@domain"."""

    address: str
    person: str | None = None
    organization: str | None = None
    category: Category = Category.UNSPECIFIED
    country: str | None = None
    region: Region = Region.UNKNOWN


class Passage(Struct, frozen=True, kw_only=True):
    """A stretch of a message's own words: `part` is "" for the body, else a Part path; offsets into that unit's text.

    For a passage in the text of an attached message `part` is the path of that message/rfc822 part.
    """

    part: str
    start: int
    end: int
    text: str
    page: int | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """What a message says on one question, label and repeated question left out.

    `together` names the other questions answered by the same text. `how`: the kind of evidence ("numbered", "repeated
    question", "inline", "table", "heading", "prose", "old list").
    """

    question: int
    passages: tuple[Passage, ...]
    together: tuple[int, ...] = ()
    how: str = ""
    confidence: float = 1.0

    @property
    def text(self) -> str:
        """The passages' words, joined by an empty line."""
        return "\n\n".join(passage.text for passage in self.passages)


class Attachment(Struct, frozen=True, kw_only=True):
    """An attachment under its own name, as found after opening TNEF, S/MIME and attached messages. `scan`: a scanner's word;
    of an archive the worst of its members too."""

    part: str
    name: str
    sha256: str
    size_bytes: int
    state: PartState
    scan: Scan = Scan.OFF


class Signals(Struct, frozen=True, kw_only=True):
    """What a message says about its place among others. Hints, never rights.

    `part_number`/`part_total`: "2/3". `replaces`, `adds`, `withdraws`, `endorses`, `resends`: what the author says it does.
    `forwarder`: address of a colleague whose mail encloses the author's. `encloses`: Message-IDs of enclosed originals
    (bounces, forwards). `list_post`: came through our own list. `list_digest`: a digest of our list with several posts.
    `thanks_only`: nothing but thanks, a password, a covering word. `substance`: words of new text and attachments that say
    something on the matter.
    `house`: domain by which the sender's organization is known again, "" on a free mail host. `translates`: says that it is the
    same text in another language. `announces`: speaks of an attached document that is not there. `colleague`: another office of the
    house sent it. `hands_on`: a mail program put a forward's header into the text.
    `replies`: its subject is that of another mail, answered.
    """

    part_number: int | None = None
    part_total: int | None = None
    replaces: bool = False
    adds: bool = False
    withdraws: bool = False
    endorses: bool = False
    resends: bool = False
    forwarder: str | None = None
    encloses: tuple[str, ...] = ()
    list_post: bool = False
    list_digest: bool = False
    thanks_only: bool = False
    substance: int = 0
    house: str = ""
    translates: bool = False
    announces: bool = False
    colleague: bool = False
    hands_on: bool = False
    replies: bool = False


class OfSlip(Struct, frozen=True, kw_only=True):
    """What a slip says of itself (model/slip.py). `id`: the same for every state of one entry; `row`: another when it says something else.
    `vouched`: an officer entered it, or the form let nobody give an address that is not his. `belongs_to`: key of a message of the response
    that an officer says it belongs to."""

    id: str
    row: str
    vouched: bool = False
    belongs_to: str = ""


class Verdict(Struct, frozen=True, kw_only=True):
    """What one message looks like by itself, with every reason.

    `author` is the address the text comes from (inner author of a forward; original author of a list post), lower-cased.
    `letter_to`: where a letter to this message would go (single Reply-To not ours nor a list's, else From; inner author of a
    forward), None when no letter may ever be sent (RFC 3834). `letter_language` is one of the six. `minhash`: signature of the
    new text
    for near-duplicates. `general`: comments of substance outside the answers; `unmapped`: words that no rule could place.
    `posts`: the postings of a list digest, each judged alone.
    `slip`: it came by no mail. `recipients`: of an officer's own mail, to whom it went.
    `co_countries`: States among the co-signatories (ISO 3166-1). `doubts`: reasons why a person must decide (identity, authenticity, junk).
    """

    key: str
    disposition: Disposition
    confidence: float
    findings: tuple[Finding, ...]
    author: str = ""
    author_name: str = ""
    letter_to: str | None = None
    letter_language: str = "en"
    language: str = "und"
    respondent: Respondent = Respondent()
    co_signatories: tuple[str, ...] = ()
    co_countries: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    general: tuple[Passage, ...] = ()
    unmapped: tuple[Passage, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    flags: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    abstract: str = ""
    signals: Signals = Signals()
    minhash: tuple[int, ...] = ()
    posts: tuple[Post, ...] = ()
    slip: OfSlip | None = None
    recipients: tuple[str, ...] = ()


class Post(Struct, frozen=True, kw_only=True):
    """One posting of a digest of our list. `part`: its Part path, or its number where the digest is one text."""

    part: str
    message_id: str | None
    content_hash: str
    verdict: Verdict


class Withheld(Struct, frozen=True, kw_only=True):
    """A proposal to withhold words or a whole part (DESIGN section 4, What may leave the house). `start == end == 0` means the
    whole part.

    `reason`: "home_address", "telephone", "identity_number", "signature_image", "third_person", "confidential_part", "comments",
    "sealed_part", "name", "officer". `ruling`: the decision that withholds it; "" while it is a proposal.
    """

    part: str
    start: int
    end: int
    reason: str
    ruling: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is the part and not a stretch of words."""
        return self.start == self.end == 0

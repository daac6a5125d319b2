"""What the corridor works with: the doors behind their shapes, the words and tables, and the rules of the house for letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from intake.casework.judge import Case
from intake.compilation.words import Words
from intake.digest.tokens import Keys
from intake.letters.templates import TemplateSet
from intake.model.edition import DigestRole, Translation
from intake.model.ledger import Mark, OutboxState
from intake.model.mail import Arrival
from intake.model.officer import Officer
from intake.model.order import Correction
from intake.model.record import Record
from intake.model.round import Round
from intake.model.silence import LastRound
from intake.model.verdict import KnownRespondent, Verdict
from intake.pipeline.patience import Patience
from intake.pipeline.shelf import Shelf
from intake.ports import Clock, FolderState, Ledger, Post, Press, Reader, Rebuilder, Vault
from intake.ports_files import Ocr, Scanner, Unpacker, WordProcessor
from intake.synthesis.terms import NO_TERMS, Terms

if TYPE_CHECKING:
    from intake.sorting.tables import SortingTables

READING_VERSION = "10"
"""Goes up whenever reading would give another Reading for the same bytes; older cached Readings are then made again."""

VERDICT_VERSION = "7"
"""Likewise for sorting."""

EPOCH = "cases.epoch"
"""Setting: changes when a message is to be judged anew by every process."""


REMINDER_DAYS: Mapping[str, int] = {"deadline": -1, "synthesis": 3, "meeting": 3}
"""How many days before its day a reminder goes out, where the configuration says nothing; that of the deadline on the morning after."""


@dataclass(frozen=True)
class LetterPolicy:
    """How letters leave the house. `mode`: off, approve, send. Caps count letters let go (RFC 3834, section 2). `former`:
    keys before `secret`, with which letters were signed that may still come back. `digest_roles`: (role, language,
    addresses) beside the desk's, whose addresses are `digest_to`."""

    mode: str
    from_name: str
    from_address: str
    secret: bytes
    former: tuple[bytes, ...] = ()
    digest_to: tuple[str, ...] = ()
    digest_language: str = "en"
    digest_at: str = "07:30"
    digest_roles: tuple[tuple[DigestRole, str, tuple[str, ...]], ...] = ()
    public_page: str = ""
    reminder_days: Mapping[str, int] = field(default_factory=lambda: REMINDER_DAYS)
    cap_per_address_day: int = 5
    cap_per_domain_day: int = 50
    cap_per_hour: int = 200

    @property
    def domain(self) -> str:
        """Domain of our own Message-IDs."""
        return self.from_address.rpartition("@")[2]

    @property
    def first_state(self) -> OutboxState:
        """Where a letter to a respondent begins."""
        return {"send": OutboxState.QUEUED, "approve": OutboxState.WAITING_APPROVAL}.get(self.mode, OutboxState.SUPPRESSED)


@dataclass(frozen=True)
class OrderPolicy:
    """Who may decide by sheet and by mail, and with which keys tokens are signed. `all_rights`: names with every right, without an
    address. `valid`: how long a token is good."""

    keys: Keys
    officers: tuple[Officer, ...]
    all_rights: tuple[str, ...] = ()
    valid: timedelta = timedelta(days=14)

    @property
    def names(self) -> tuple[str, ...]:
        """Everybody to whom a token may have been made out."""
        deputies = (officer.deputy.name for officer in self.officers if officer.deputy is not None)
        return tuple(dict.fromkeys([*(officer.name for officer in self.officers), *deputies, *self.all_rights]))


@dataclass(frozen=True)
class Judged:
    """The record of a round as last made, without words, and the ledger's mark then: while it stands there is nothing to judge.
    `whole`: the same with its words, where somebody asked."""

    mark: Mark
    consultation: Round
    record: Record
    whole: Record | None = None
    known: tuple[KnownRespondent, ...] = ()


@dataclass(frozen=True)
class Advanced:
    """The ledger's mark when a round was brought up to date last (pipeline.growing), and how many responses it had then. `unscanned`: a
    file of it waits for the scanner's word."""

    mark: Mark
    consultation: Round
    known: tuple[KnownRespondent, ...]
    responses: int
    unscanned: bool = False


@dataclass(frozen=True)
class Complete:
    """A folder's state, under our numbering of it, all of whose messages are stored; and when that was last written down."""

    state: FolderState
    numbering: int
    noted_at: datetime


@dataclass
class Office:
    """Everything a step needs. One writer at a time: steps run while the writer's turn is held (`turn`).

    `guard` raises TryAgain before the disk is full. `pulse` is called after each finished piece of work (a batch stored, a chunk
    read, a letter settled); it raises TryAgain when the process has been told to stop.
    `turn` gives the file of its lock; `aside` judges a large round from its first message on in another process, and says whether it did.
    `relay_rests`: until when the relay is left alone (pipeline.send).
    `cases` remembers what was read and sorted, by round and key, without the words, which `shelves` find again: both can be thrown
    away at any time. `watched`: (account, folder, round id) of every folder that is polled. `published`: round id -> what the
    round before it published, where a file says so. `hosts`: account -> names of the other office's hosts whose Received lines are
    believed in its mailbox. `last_mail`: account -> (the highest sequence when it was looked up, when the newest message came).
    `folders`: (account, folder) -> its state at the last look; `complete`: the same, where all that it showed is stored.
    `judged`: the last record of each round, so that a look at a round to which nothing came costs one query;
    `advanced`: the same without the record (pipeline.growing). `rules`: a hash of casework's rules: what was kept under others is not gone
    on from.
    `warm`: sorting has been laid out. `directory`: respondents that the operator's file names; `taught`: what each
    round's decisions teach others. `doors`: which of scanner and OCR the house has, where this office has none of its own and only
    looks at what another one read. `second_officer`: actions that are in force only when another officer has
    confirmed them. `orders`: who decides by sheet and by mail, None where that is not configured; `order_mail`: round -> message key ->
    whether it is an officer's order, as far as looked at; `orders_settled`: up to which journal entry was looked, and the orders
    settled by then, by round; `errands_ended`: likewise, how the releases and errands that were ordered ended; `evidence`: likewise for the
    days on which the journal saw a duty done; `proof_mail`: round -> message key -> the correction of a proof that it proposes, as far as
    looked at. `cited`: round id -> public number -> the statements of the synthesis report released last that cite it.
    """

    rounds: tuple[Round, ...]
    vault: Vault
    ledger: Ledger
    reader: Reader
    press: Press
    rebuilder: Rebuilder
    clock: Clock
    sort: Callable[[Arrival, Round], Verdict]
    tables: Callable[[], SortingTables]
    templates: TemplateSet
    words: Mapping[str, Words]
    letters: LetterPolicy
    receipt_number: Callable[[str, int], str]
    typst_source: str
    released: Callable[[str, int, str], bytes | None] = lambda _round, _number, _name: None
    cited: Callable[[str], Mapping[int, Sequence[str]]] = lambda _round: {}
    translations: Callable[[str], tuple[Translation, ...]] = lambda _round: ()
    terms: Terms = NO_TERMS
    language: str = "en"
    second_officer: frozenset[str] = frozenset()
    post: Post | None = None
    unpacker: Unpacker | None = None
    scanner: Scanner | None = None
    ocr: Ocr | None = None
    word_processor: WordProcessor | None = None
    ocr_pages: int = 30
    doors: str = ""
    asked_again: datetime | None = None
    guard: Callable[[], None] = lambda: None
    pulse: Callable[[], None] = lambda: None
    turn: Callable[[], AbstractContextManager[int | None]] = nullcontext
    apart: Callable[[Round], AbstractContextManager[Office]] | None = None
    aside: Callable[[Round], bool] = lambda _round: False
    relay_rests: datetime | None = None
    epoch: str = ""
    rules: str = ""
    warm: bool = False
    watched: tuple[tuple[str, str, str], ...] = ()
    hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    published: Mapping[str, LastRound] = field(default_factory=dict)
    cases: dict[str, dict[str, Case]] = field(default_factory=dict)
    shelves: dict[str, Shelf] = field(default_factory=dict)
    last_mail: dict[str, tuple[int, datetime | None]] = field(default_factory=dict)
    health: list[str] = field(default_factory=list)
    folders: dict[tuple[str, str], FolderState] = field(default_factory=dict)
    complete: dict[tuple[str, str], Complete] = field(default_factory=dict)
    judged: dict[str, Judged] = field(default_factory=dict)
    advanced: dict[str, Advanced] = field(default_factory=dict)
    directory: tuple[KnownRespondent, ...] = ()
    taught: dict[str, tuple[Mark, tuple[KnownRespondent, ...]]] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    orders: OrderPolicy | None = None
    order_mail: dict[str, dict[str, bool]] = field(default_factory=dict)
    proof_mail: dict[str, dict[str, Correction | None]] = field(default_factory=dict)
    evidence: dict[str, tuple[int, dict[str, date]]] = field(default_factory=dict)
    orders_settled: tuple[int, dict[str, set[str]]] = field(default_factory=lambda: (0, {}))
    errands_ended: tuple[int, dict[str, dict[str, str]]] = field(default_factory=lambda: (0, {}))

    def to_print(self, consultation: Round) -> AbstractContextManager[Office]:
        """What a revision is printed from: this office, or where printing goes without the turn, the office as it stands."""
        return nullcontext(self) if self.apart is None else self.apart(consultation)

    def round(self, round_id: str) -> Round:
        """The round of that id. Raises KeyError."""
        return next(item for item in self.rounds if item.id == round_id)

    def forget(self, round_id: str, key: str) -> None:
        """Read and judge one message anew at the next look, in this process and in others."""
        self.cases.get(round_id, {}).pop(key, None)
        self.shelves.pop(round_id, None)
        self.judged.pop(round_id, None)
        self.advanced.pop(round_id, None)
        self.order_mail.get(round_id, {}).pop(key, None)
        self.proof_mail.get(round_id, {}).pop(key, None)
        self.ledger.put_setting(EPOCH, self.now().isoformat())

    def refresh(self) -> None:
        """Drop what is remembered when another process asked for a new look at some message."""
        epoch = self.ledger.setting(EPOCH) or ""
        if epoch != self.epoch:
            self.cases.clear()
            self.shelves.clear()
            self.judged.clear()
            self.advanced.clear()
            self.epoch = epoch

    def let_go(self, round_id: str) -> None:
        """Hold nothing of a large round in memory: the ledger has it."""
        for held in (self.cases, self.shelves, self.judged, self.order_mail, self.proof_mail):
            held.pop(round_id, None)

    def now(self) -> datetime:
        """Now, UTC."""
        return self.clock.now()

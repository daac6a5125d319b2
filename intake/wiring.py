"""Which door stands behind which shape: the only place where both are known."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from intake.compilation.words import Words, words_from
from intake.digest.replies import act_faults
from intake.doors.clock import SystemClock
from intake.doors.derived import forget_derived
from intake.doors.disk import DiskGuard
from intake.doors.jail import JailedReader
from intake.doors.ledger.aside import LedgerPlace
from intake.doors.ledger.engine import quick_check
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.ledger.numbers import receipt_number
from intake.doors.lock import Lock
from intake.doors.press import TypstPress
from intake.doors.printer import DraftJob
from intake.doors.rebuilder import JailedRebuilder
from intake.doors.rules import rules_hash
from intake.doors.share import InstalledShare
from intake.doors.site import revision_folder, statements_cited
from intake.doors.translations import translations_in
from intake.doors.unpacker import JailedUnpacker
from intake.doors.vault import FileVault
from intake.doors.word_processor import LibreOffice
from intake.errors import BadData, Misconfigured
from intake.fittings import letter_policy, ocr, scanner, smtp_post
from intake.letters.compose import check_templates
from intake.letters.invitation import invitation_problems
from intake.letters.office import office_problems
from intake.letters.templates import TemplateSet, template_set
from intake.model.edition import Edition
from intake.model.mail import Arrival
from intake.model.round import LANGUAGES, Round
from intake.model.verdict import KnownRespondent, Verdict
from intake.pipeline import LetterPolicy, Office
from intake.pipeline.daily import digest_problems
from intake.pipeline.erase import finish
from intake.pipeline.judge import remember
from intake.pipeline.matters import OFFERED
from intake.pipeline.rebuild import Rebuilt, catch_up, refill
from intake.pipeline.reminders import reminder_problems
from intake.ports import Clock, Ledger, Post
from intake.ports_files import Ocr, Scanner
from intake.ports_keeping import Known
from intake.settings import Settings
from intake.synthesis.outline import layout_faults
from intake.synthesis.terms import terms_from
from intake.tools import load_tables

if TYPE_CHECKING:
    from intake.sorting.tables import SortingTables

log = structlog.get_logger("intake")
WRITER = "writer.lock"
LETTER_ROOMS = ("letters", "office", "digest", "orders", "report", "synthesis", "bag", "invitation")


def sorter(tables: Callable[[], SortingTables]) -> Callable[[Arrival, Round], Verdict]:
    """What a message is, by rules and tables that are loaded when the first one is asked about: a second and tens of megabytes."""

    def sort(arrival: Arrival, consultation: Round) -> Verdict:
        from intake.sorting.classify import classify

        return classify(arrival, consultation, tables())

    return sort


def report_shell(share: InstalledShare, language: str) -> Words:
    """The words of timetable and reports in a language, for who has no office."""
    return words_from(language, {**load_words(share)[language].rooms, **share.table("templates", "report", f"{language}.toml")})


def load_words(share: InstalledShare) -> dict[str, Words]:
    """The words of the documents' shell, by language, with the layouts of their header block. Raises Misconfigured."""
    layouts = share.table("templates", "compilation", "layouts.toml")
    return {
        language: words_from(language, share.table("templates", "compilation", f"words.{language}.toml") | layouts)
        for language in LANGUAGES
    }


def load_templates(share: InstalledShare) -> TemplateSet:
    """The letters' templates, each rendered once with sample values. Raises Misconfigured: no template, no start."""
    share, faults = share.checked()
    files: dict[str, str] = {}
    tables: dict[str, dict[str, Any]] = {}
    for room in LETTER_ROOMS:
        for name, text in share.files("templates", room).items():
            if name.endswith(".toml"):
                tables[f"{room}/{name.removesuffix('.toml')}"] = share.table("templates", room, name)
            else:
                files[f"{room}/{name}"] = text
    try:
        templates = template_set(files, tables)
        shells = load_words(share)
    except Misconfigured as error:
        raise Misconfigured([*faults, *error.problems]) from error
    problems = [
        *faults,
        *check_templates(templates),
        *office_problems(templates),
        *invitation_problems(templates),
        *layout_faults(templates.words["synthesis/layouts"]),
        *digest_problems(templates, shells),
        *reminder_problems(templates, shells),
        *act_faults({language: templates.table("orders", language) for language in LANGUAGES}, OFFERED),
    ]
    if problems:
        raise Misconfigured(problems)
    return templates


@contextmanager
def open_office(
    rounds: tuple[Round, ...],
    state_dir: Path,
    letters: LetterPolicy,
    *,
    post: Post | None = None,
    clock: Clock | None = None,
    readers: int = 2,
    min_free_mb: int = 200,
    language: str = "en",
    hold: bool = True,
    templates_dir: Path | None = None,
    directory: tuple[KnownRespondent, ...] = (),
    heal: bool = False,
    lent: bool = False,
    scanner: Scanner | None = None,
    ocr: Ocr | None = None,
    ocr_pages: int = 30,
) -> Iterator[Office]:
    """An office on a state folder. `hold`: its writer's turn is held for the whole block; the daemon takes it step by step
    (`with office.turn():`), so that a person's commands come in between. `lent`: the turn is that of another process, which waits for
    this one: nothing is taken up again. Raises TryAgain when the turn does not come."""
    refuse_half_restored(state_dir)
    state_dir.mkdir(parents=True, exist_ok=True)
    share = InstalledShare(templates_dir)
    with ExitStack() as stack:
        if hold and not lent:
            stack.enter_context(writers_turn(state_dir))
        vault = FileVault(state_dir / "vault")
        clock = clock or SystemClock()
        with nullcontext() if hold else writers_turn(state_dir):
            ledger = open_ledger(state_dir, vault, clock, heal=heal)
        stack.callback(ledger.close)
        reader = JailedReader(share.text("config", "reading.toml"), readers)
        stack.callback(reader.close)
        unpacker = JailedUnpacker(share.text("config", "reading.toml"))
        stack.callback(unpacker.close)
        rebuilder = JailedRebuilder(share.text("config", "reading.toml"))
        stack.callback(rebuilder.close)
        office = Office(
            rounds=rounds, vault=vault, ledger=ledger, reader=reader, rebuilder=rebuilder, clock=clock, letters=letters, post=post,
            guard=DiskGuard(state_dir, min_bytes=min_free_mb * 1024 * 1024).check, language=language, unpacker=unpacker,
            scanner=scanner, ocr=ocr, ocr_pages=ocr_pages, directory=directory,
            **_words_and_tables(share, letters, state_dir),
        )  # fmt: skip
        if not hold:
            office.turn = lambda: writers_turn(state_dir)
        if not lent:
            _take_up(office, vault, state_dir)
        yield office


def _take_up(office: Office, vault: FileVault, state_dir: Path) -> None:
    """What a process that died left half done."""
    with office.turn():
        recover(vault, office.ledger, office.clock)
        finish(office, lambda: forget_derived(state_dir))


@contextmanager
def open_reading_room(job: DraftJob) -> Iterator[Office]:
    """An office that only looks: the ledger as it stood between two passes of the daemon, the last record of the round as it is.
    Nothing is recovered, numbered or written. Raises TryAgain when the writer's turn does not come."""
    state_dir = Path(job.state_dir)
    share = InstalledShare(Path(job.templates_dir) if job.templates_dir else None)
    with ExitStack() as stack:
        with writers_turn(state_dir, wait_s=600.0):
            ledger = SqliteLedger.still(state_dir / "ledger.sqlite3")
        stack.callback(ledger.close)
        reader = JailedReader(share.text("config", "reading.toml"), 1)
        stack.callback(reader.close)
        rebuilder = JailedRebuilder(share.text("config", "reading.toml"))
        stack.callback(rebuilder.close)
        policy = LetterPolicy(mode="off", from_name="", from_address="", secret=b"")
        office = Office(
            rounds=job.rounds, vault=FileVault(state_dir / "vault"), ledger=ledger, reader=reader, rebuilder=rebuilder,
            clock=_Stopped(job.at), letters=policy, language=job.language, directory=job.directory, doors=job.doors,
            **_words_and_tables(share, policy, state_dir),
        )  # fmt: skip
        if job.archive:
            office.press = TypstPress(archive=True)
        record = ledger.load_record(job.consultation.id)
        if record is None:
            raise BadData(f"{job.consultation.id}: nothing was recorded yet")
        remember(office, job.consultation, record)
        yield office


class _Stopped:
    """A clock that stands: the cut-off of what is printed."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """See ports.Clock."""
        return self._at


def _words_and_tables(share: InstalledShare, letters: LetterPolicy, state_dir: Path) -> dict[str, Any]:
    """What an office has from the shipped files, and the press."""

    @functools.cache
    def tables() -> SortingTables:
        return load_tables(share)

    return {
        "rules": rules_hash(),
        "press": TypstPress(),
        "sort": sorter(tables),
        "tables": tables,
        "templates": load_templates(share),
        "words": load_words(share),
        "terms": terms_from(share.table("config", "terms.toml")),
        "receipt_number": lambda key, year: receipt_number(letters.secret, key, year),
        "typst_source": share.text("templates", "compilation", "compilation.typ"),
        "translations": lambda round_id: translations_in(state_dir / "translations" / round_id),
        "cited": lambda round_id: statements_cited(state_dir, round_id),
        "released": lambda round_id, number, name: _released(state_dir, round_id, number, name),
    }


def _released(state_dir: Path, round_id: str, number: int, name: str) -> bytes | None:
    """A file of a released revision, as it was frozen."""
    path = revision_folder(state_dir, round_id, number) / name
    return path.read_bytes() if path.is_file() else None


@contextmanager
def writers_turn(state_dir: Path, wait_s: float = 60.0) -> Iterator[int]:
    """One writer at a time on a state folder; waits for its turn and gives the lock's file. Raises TryAgain when it does not come."""
    lock = Lock(state_dir / WRITER)
    lock.wait(wait_s)
    try:
        yield lock.handle
    finally:
        lock.__exit__(None, None, None)


def recover(vault: FileVault, ledger: Ledger, clock: Clock) -> None:
    """What a start does (docs/STATES.md), under the writer's turn."""
    vault.clean()
    catch_up(vault, ledger, clock.now())


def open_ledger(state_dir: Path, vault: FileVault, clock: Clock, *, heal: bool) -> SqliteLedger:
    """The ledger of a state folder. With `heal` one that is damaged, or behind the journal, is set aside and built again;
    without it BadData says what to do: only who is alone on the folder may do that."""
    place = LedgerPlace(state_dir / "ledger.sqlite3")
    why = "unfinished" if place.unfinished else ("damaged" if heal and quick_check(place.path) is not None else "")
    if not why:
        try:
            ledger = SqliteLedger.open(place.path)
            if follows(ledger, vault):
                return ledger
            ledger.close()
            why = "behind"
        except BadData:
            why = "damaged"
    if not heal:
        raise BadData(f"{place.path} is {why}: it is set aside and built again by the daemon's start, or by: intake rebuild")
    found = rebuild_ledger(state_dir, vault, clock, why)
    log.warning("ledger set aside and built again", why=why, deliveries=found.deliveries)
    return SqliteLedger.open(place.path)


def restoring_folder(state_dir: Path) -> Path:
    """Where a restore lays out what will be the state folder."""
    return state_dir.with_name(f"{state_dir.name}.restoring")


def refuse_half_restored(state_dir: Path) -> None:
    """A restore died before its last rename: beginning anew here would number and answer everything a second time. BadData."""
    if restoring_folder(state_dir).exists() and not (state_dir / "vault").exists():
        raise BadData(
            f"a restore to {state_dir} has not ended: run intake restore again (or remove {restoring_folder(state_dir)})"
        )


def rebuild_now(settings: Settings, clock: Clock | None = None) -> Rebuilt:
    """Build the ledger again because a person asks; the caller is alone on the folder."""
    state_dir = settings.service.state_dir
    refuse_half_restored(state_dir)
    with writers_turn(state_dir):
        vault = FileVault(state_dir / "vault")
        vault.clean()
        return rebuild_ledger(state_dir, vault, clock or SystemClock(), "asked")


def follows(ledger: SqliteLedger, vault: FileVault) -> bool:
    """Whether the ledger has the journal's last entry: an old copy, or one whose log was lost, has not."""
    seq, head = vault.journal_end()
    return seq == 0 or next((entry.head == head for entry in ledger.journal_entries(seq - 1)), False)


def rebuild_ledger(state_dir: Path, vault: FileVault, clock: Clock, why: str) -> Rebuilt:
    """Build the ledger again from the vault beside the old one, then put it in its place; the old one stays under another name."""
    place = LedgerPlace(state_dir / "ledger.sqlite3")
    place.begin()
    ledger = SqliteLedger.open(place.fresh)
    try:
        released = {}
        for path in sorted((state_dir / "revisions").glob("*/rev-*/edition.json")):
            edition = msgspec.json.decode(path.read_bytes(), type=Edition)
            released[path.parents[1].name, int(path.parent.name.removeprefix("rev-"))] = edition.released_by
        found = refill(vault, ledger, Known(released_by=released), clock.now(), why)
    finally:
        ledger.close()
    place.put_in_place(clock.now())
    return found


@contextmanager
def open_configured(
    settings: Settings, clock: Clock | None = None, *, hold: bool = True, heal: bool = False, lent: bool = False
) -> Iterator[Office]:
    """The office that a configuration describes. `heal`: see open_ledger; `lent`: see open_office."""
    refuse_half_restored(settings.service.state_dir)
    post = smtp_post(settings)
    try:
        with open_office(
            settings.rounds,
            settings.service.state_dir,
            letter_policy(settings),
            post=post,
            clock=clock,
            readers=settings.limits.readers,
            min_free_mb=settings.limits.min_free_mb,
            language=settings.service.language,
            hold=hold,
            templates_dir=settings.service.templates_dir,
            directory=settings.known,
            heal=heal,
            lent=lent,
            scanner=scanner(settings),
            ocr=ocr(settings),
            ocr_pages=settings.ocr.max_pages if settings.ocr else 0,
        ) as office:
            office.word_processor = LibreOffice(settings.service.word_processor) if settings.service.word_processor else None
            office.press = TypstPress(archive=settings.service.pdfa)
            office.second_officer = frozenset(settings.service.second_officer)
            if settings.decisions is not None:
                office.orders = settings.decisions.policy(settings.officers, settings.service.officers)
            office.watched = tuple((box.name, folder.name, folder.round) for box in settings.mailboxes for folder in box.folders)
            office.published = settings.published
            office.hosts = {box.name: tuple(map(str.lower, box.trusted_hosts)) for box in settings.mailboxes}
            yield office
    finally:
        if post is not None:
            post.close()

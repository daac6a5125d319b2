"""Which door stands behind which shape: the only place where both are known."""

from __future__ import annotations

import functools
import hashlib
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import structlog

from intake.compilation.words import Words, words_from
from intake.digest.replies import act_faults
from intake.doors.clock import SystemClock
from intake.doors.derived import forget_derived
from intake.doors.disk import DiskGuard
from intake.doors.imap import ImapMailbox
from intake.doors.imap_session import ImapAccount
from intake.doors.jail import JailedReader
from intake.doors.ledger.aside import LedgerPlace
from intake.doors.ledger.engine import quick_check
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.ledger.numbers import receipt_number
from intake.doors.lock import Lock
from intake.doors.login import KeptToken, TokenGrant, TokenSource
from intake.doors.ocr import TesseractOcr
from intake.doors.press import TypstPress
from intake.doors.rebuilder import JailedRebuilder
from intake.doors.scanner import ClamdScanner
from intake.doors.share import InstalledShare
from intake.doors.site import revision_folder
from intake.doors.smtp import SmtpPost, SmtpRelay
from intake.doors.translations import translations_in
from intake.doors.unpacker import JailedUnpacker
from intake.doors.vault import FileVault
from intake.doors.word_processor import LibreOffice
from intake.errors import BadData, Misconfigured, TryAgain
from intake.letters.compose import check_templates
from intake.letters.invitation import invitation_problems
from intake.letters.office import office_problems
from intake.letters.templates import TemplateSet, template_set
from intake.model.edition import DigestRole, Edition
from intake.model.round import LANGUAGES, Round
from intake.model.verdict import KnownRespondent
from intake.pipeline import LetterPolicy, Office
from intake.pipeline.daily import digest_problems
from intake.pipeline.erase import finish
from intake.pipeline.orders import OFFERED
from intake.pipeline.rebuild import Rebuilt, catch_up, refill
from intake.pipeline.reminders import reminder_problems
from intake.ports import Clock, Ledger, Post, Staging
from intake.ports_files import Ocr, Scanner
from intake.ports_keeping import Known
from intake.settings import MailboxSettings, Settings
from intake.settings.oauth import OAuthSettings
from intake.settings.program import secret_from
from intake.synthesis.outline import layout_faults
from intake.synthesis.terms import terms_from
from intake.tools import load_tables

log = structlog.get_logger("intake")
LETTER_ROOMS = ("letters", "office", "digest", "orders", "report", "synthesis", "bag", "invitation")


def load_words(share: InstalledShare) -> dict[str, Words]:
    """The words of the documents' shell, by language, with the layouts of their header block. Raises Misconfigured."""
    layouts = share.table("templates", "compilation", "layouts.toml")
    return {
        language: words_from(language, share.table("templates", "compilation", f"words.{language}.toml") | layouts)
        for language in LANGUAGES
    }


def load_templates(share: InstalledShare) -> TemplateSet:
    """The letters' templates, each rendered once with sample values. Raises Misconfigured: no template, no start."""
    files: dict[str, str] = {}
    tables: dict[str, dict[str, Any]] = {}
    for room in LETTER_ROOMS:
        for name, text in share.files("templates", room).items():
            if name.endswith(".toml"):
                tables[f"{room}/{name.removesuffix('.toml')}"] = share.table("templates", room, name)
            else:
                files[f"{room}/{name}"] = text
    templates = template_set(files, tables)
    shells = load_words(share)
    problems = [
        *share.own_faults(),
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
    scanner: Scanner | None = None,
    ocr: Ocr | None = None,
    ocr_pages: int = 30,
) -> Iterator[Office]:
    """An office on a state folder. `hold`: its writer's turn is held for the whole block; the daemon takes it step by step
    (`with office.turn():`), so that a person's commands come in between. Raises TryAgain when the turn does not come."""
    refuse_half_restored(state_dir)
    state_dir.mkdir(parents=True, exist_ok=True)
    share = InstalledShare(templates_dir)
    with ExitStack() as stack:
        if hold:
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
        guard = DiskGuard(state_dir, min_bytes=min_free_mb * 1024 * 1024)
        office = Office(
            rounds=rounds, vault=vault, ledger=ledger, reader=reader, rebuilder=rebuilder, clock=clock, letters=letters, post=post,
            guard=guard.check, language=language, unpacker=unpacker, scanner=scanner, ocr=ocr, ocr_pages=ocr_pages, directory=directory,
            **_words_and_tables(share, letters, state_dir),
        )  # fmt: skip
        if not hold:
            office.turn = lambda: writers_turn(state_dir)
        with office.turn():
            recover(vault, ledger, clock)
            finish(office, lambda: forget_derived(state_dir))
        yield office


def _words_and_tables(share: InstalledShare, letters: LetterPolicy, state_dir: Path) -> dict[str, Any]:
    """What an office has from the shipped files, and the press."""
    return {
        "press": TypstPress(),
        "tables": load_tables(share),
        "templates": load_templates(share),
        "words": load_words(share),
        "terms": terms_from(share.table("config", "terms.toml")),
        "receipt_number": lambda key, year: receipt_number(letters.secret, key, year),
        "typst_source": share.text("templates", "compilation", "compilation.typ"),
        "translations": lambda round_id: translations_in(state_dir / "translations" / round_id),
        "released": lambda round_id, number, name: _released(state_dir, round_id, number, name),
    }


def _released(state_dir: Path, round_id: str, number: int, name: str) -> bytes | None:
    """A file of a released revision, as it was frozen."""
    path = revision_folder(state_dir, round_id, number) / name
    return path.read_bytes() if path.is_file() else None


@contextmanager
def writers_turn(state_dir: Path, wait_s: float = 60.0) -> Iterator[None]:
    """One writer at a time on a state folder; waits for its turn. Raises TryAgain when it does not come."""
    end = time.monotonic() + wait_s
    lock = Lock(state_dir / "writer.lock")
    while True:
        try:
            lock.__enter__()
            break
        except TryAgain:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
    try:
        yield
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
def open_configured(settings: Settings, clock: Clock | None = None, *, hold: bool = True, heal: bool = False) -> Iterator[Office]:
    """The office that a configuration describes. `heal`: see open_ledger."""
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


def letter_policy(settings: Settings) -> LetterPolicy:
    """The rules for letters; the secret is read from its file or kept in the state folder."""
    secret = secret_from(settings.letters.secret_file)
    settings.service.state_dir.mkdir(parents=True, exist_ok=True)
    key = secret.encode() if secret else FileVault(settings.service.state_dir / "vault").secret()
    return LetterPolicy(
        mode=settings.letters.mode.value,
        from_name=settings.service.name,
        from_address=settings.service.address,
        secret=hashlib.sha256(key).digest(),
        former=tuple(
            hashlib.sha256(old.encode()).digest() for old in map(secret_from, settings.letters.former_secret_files) if old
        ),
        digest_to=settings.digest.to,
        digest_language=settings.digest.language,
        digest_at=settings.digest.at,
        digest_roles=tuple((DigestRole(item.role), item.language, item.to) for item in settings.digest.roles),
        public_page=settings.service.public_page,
        cap_per_address_day=settings.letters.cap_per_address_day,
        cap_per_domain_day=settings.letters.cap_per_domain_day,
        cap_per_hour=settings.letters.cap_per_hour,
    )


def mailbox(box: MailboxSettings, vault: Staging | None = None) -> ImapMailbox:
    """The IMAP door of one account."""
    account = ImapAccount(
        name=box.name,
        host=box.host,
        port=box.port,
        tls=box.tls,
        username=box.username,
        password=lambda: secret_from(box.password_file) or "",
        tokens=None if box.oauth is None else token_source(box.oauth),
        mechanism="auto" if box.oauth is None else box.oauth.mechanism,
        ca_file=box.ca_file,
        timeout_s=box.timeout_s,
    )
    return ImapMailbox(account, vault)


@functools.cache
def token_source(oauth: OAuthSettings) -> TokenSource:
    """One source a grant and process: its doors share the token and the count of refusals, also when a door is made anew."""
    kept = None
    if oauth.refresh_token_file is not None and oauth.kept_token_file is not None:
        kept = KeptToken(oauth.kept_token_file, lambda: secret_from(oauth.refresh_token_file) or "")
    grant = TokenGrant(
        endpoint=oauth.token_endpoint,
        client_id=oauth.client_id,
        grant=oauth.grant,
        scope=oauth.scope,
        client_secret=(lambda: secret_from(oauth.client_secret_file) or "") if oauth.client_secret_file else None,
        certificate_file=oauth.certificate_file,
        refresh_token=None if kept is None else kept.read,
        ca_file=oauth.ca_file,
    )
    return TokenSource(grant, keep=None if kept is None else kept.write)


def scanner(settings: Settings) -> ClamdScanner | None:
    """The virus scanner, or None when none is configured."""
    found = settings.scanner
    if found is None:
        return None
    age = timedelta(days=found.max_signature_age_d) if found.max_signature_age_d else None
    return ClamdScanner(found.address, timeout_s=found.timeout_s, max_bytes=found.max_mb * 1_000_000, max_age=age)


def ocr(settings: Settings) -> TesseractOcr | None:
    """The reader of pictures, or None when none is configured."""
    found = settings.ocr
    return None if found is None else TesseractOcr(found.command, found.languages, found.timeout_s)


def smtp_post(settings: Settings) -> SmtpPost | None:
    """The SMTP door, or None when none is configured."""
    smtp = settings.smtp
    if smtp is None:
        return None
    return SmtpPost(
        SmtpRelay(
            host=smtp.host,
            port=smtp.port,
            tls=smtp.tls,
            username=smtp.username,
            password=(lambda: secret_from(smtp.password_file) or "") if smtp.password_file else None,
            tokens=None if smtp.oauth is None else token_source(smtp.oauth),
            mechanism="auto" if smtp.oauth is None else smtp.oauth.mechanism,
            ca_file=smtp.ca_file,
            timeout_s=smtp.timeout_s,
        )
    )

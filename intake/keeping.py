"""Backups and the way back, as the command line uses them: which doors, in which order, under which lock."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.doors.backup import Backup, Restored, Snapshot, read_lines, refill_vault
from intake.doors.bag import check_bag, index_rows, write_bag
from intake.doors.clock import SystemClock
from intake.doors.durable import Disk
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.lock import Lock
from intake.doors.vault import FileVault
from intake.errors import BadData, BadUsage
from intake.model.ledger import Note, OutboxState, Tombstone
from intake.model.round import LANGUAGES, Round
from intake.pipeline import Office, judge_round
from intake.pipeline.rebuild import HELD_BEFORE, catch_up
from intake.ports import Clock, Receipt
from intake.wiring import follows, rebuild_ledger, restoring_folder


def back_up(
    state_dir: Path, folder: Path, keep_days: int, clock: Clock | None = None, *, told: Callable[[], None] = lambda: None
) -> Snapshot:
    """One snapshot more. TryAgain when another backup to the same place is at work. `told`: called before anything is copied."""
    if not (state_dir / "ledger.sqlite3").is_file():
        raise BadData(f"{state_dir}: nothing is here yet to be backed up")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Lock(folder / "backup.lock"):
        told()
        return Backup(folder).make(state_dir, (clock or SystemClock()).now(), keep_days)


def restore_snapshot(
    folder: Path, name: str | None, target: Path, state_dir: Path, *, replace: bool = False, clock: Clock | None = None
) -> Restored:
    """A snapshot to `target`, through a folder beside it. Erasures that `state_dir` knows of are done again."""
    clock = clock or SystemClock()
    now = clock.now()

    def lay_out(fresh: Path, stones: list[Tombstone]) -> Restored:
        done = Backup(folder).restore(name, fresh, stones)
        vault = FileVault(fresh / "vault")
        ledger = SqliteLedger.open(fresh / "ledger.sqlite3")
        try:
            if not follows(ledger, vault):
                raise BadData(f"snapshot {done.snapshot}: its ledger and its journal are not of one piece")
            catch_up(vault, ledger, now)
            waiting = ledger.letters(None, (OutboxState.QUEUED, OutboxState.WAITING_APPROVAL))
            ledger.move_letters([item.id for item in waiting], OutboxState.HELD, reason="restored from a backup", at=now)
            ledger.put_setting(HELD_BEFORE, now.isoformat())
            ledger.append([Note(kind="restored", payload={"snapshot": done.snapshot})], now)
            vault.keep_journal(ledger.journal_entries(vault.journal_seq()))
        finally:
            ledger.close()
        return done

    return _through(target, state_dir, lay_out, now, replace=replace)


def restore_bag(bag: Path, target: Path, state_dir: Path, *, replace: bool = False, clock: Clock | None = None) -> Restored:
    """What a bag holds, as a state folder of its own with one round; the ledger is built from it."""
    clock = clock or SystemClock()
    check_bag(bag)
    facts = bag / "data" / "facts"

    def lay_out(fresh: Path, stones: list[Tombstone]) -> Restored:
        fresh.mkdir(parents=True)
        vault = FileVault(fresh / "vault")
        gone = {stone.key: stone for stone in (*stones, *read_lines(facts / "tombstones.jsonl", Tombstone))}
        keys = dict.fromkeys(item.sha256 for item in read_lines(facts / "receipts.jsonl", Receipt) if item.sha256 not in gone)
        raws = ((bag / "data" / "messages" / f"{key}.eml").read_bytes() for key in keys)
        refill_vault(vault, facts, gone.values(), raws, bag / "data" / "sources")
        if (bag / "data" / "released").is_dir():
            shutil.copytree(bag / "data" / "released", fresh / "revisions" / next(_rounds(facts)))
        rebuild_ledger(fresh, vault, clock, "restored")
        return Restored(snapshot=bag.name, objects=len(keys), erased=len(gone), folder=str(fresh), before="")

    return _through(target, state_dir, lay_out, clock.now(), replace=replace)


def bag(office: Office, consultation: Round, out: Path, state_dir: Path, language: str) -> int:
    """Hand a round over to an archive; `language` is that of the index page. Gives the number of originals."""
    if out.exists():
        raise BadUsage(f"{out} is there already")
    if language not in LANGUAGES:
        raise BadUsage(f"{language!r} is none of {', '.join(LANGUAGES)}")
    record = judge_round(office, consultation)
    released = state_dir / "revisions" / consultation.id
    zone = ZoneInfo(consultation.time_zone)
    words = office.words[language]
    rows = [
        {**row, "disposition": words(f"disposition.{row['disposition']}"), "at": f"{row['at'].astimezone(zone):%Y-%m-%d %H:%M}"}
        for row in index_rows(record, office.ledger)
    ]
    papers = sorted(path.relative_to(released).as_posix() for path in released.rglob("*") if path.is_file())
    values = {
        "words": office.templates.words[f"bag/{language}"],
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "topic": consultation.topic,
        "rows": rows,
        "erased": office.ledger.tally(consultation.id).erased,
        "released": [f"released/{path}" for path in papers],
    }
    index = office.templates.render("bag/index.html.j2", values).encode()
    now = office.now()
    name = office.letters.from_name
    return write_bag(out, office.vault, office.ledger, consultation, at=now, index=index, released=released, organization=name)


def _rounds(facts: Path) -> Iterator[str]:
    return (item.round_id for item in read_lines(facts / "receipts.jsonl", Receipt))


def _through(
    target: Path, state_dir: Path, lay_out: Callable[[Path, list[Tombstone]], Restored], now: datetime, *, replace: bool
) -> Restored:
    """Lay out beside, then put in place by renames; a death in between leaves a folder that a start refuses to pass over."""
    full = target.is_dir() and any(target.iterdir())
    if full and not replace:
        raise BadUsage(f"{target} is not empty: --replace sets it aside, --out DIR restores elsewhere")
    stones = list(FileVault(state_dir / "vault").tombstones()) if (state_dir / "vault").is_dir() else []
    fresh = restoring_folder(target)
    if fresh.exists():
        shutil.rmtree(fresh)
    before = ""
    lock = Lock(target / "daemon.lock") if full else None
    if lock is not None:
        lock.__enter__()
    try:
        done = lay_out(fresh, stones)
        disk = Disk()
        if target.is_dir():
            aside = target.with_name(f"{target.name}.before-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
            disk.rename(target, aside)
            before = str(aside) if full else ""
            if not full:
                aside.rmdir()
        disk.rename(fresh, target)
        disk.sync_folders([target.parent])
    finally:
        if lock is not None:
            lock.__exit__(None, None, None)
    return Restored(snapshot=done.snapshot, objects=done.objects, erased=done.erased, folder=str(target), before=before)

"""Files that were made of messages: drafts, worksheets, older copies of the ledger. After an erasure they go; all can be made again."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from intake.doors.ledger.aside import LedgerPlace
from intake.model.edition import Edition


def forget_derived(state_dir: Path) -> None:
    """Remove drafts and worksheets of every round, and copies of the ledger from before."""
    for folder in (state_dir / "drafts", *(state_dir / "synthesis").glob("*/worksheet")):
        if folder.is_dir():
            shutil.rmtree(folder)
    for path in LedgerPlace(state_dir / "ledger.sqlite3").copies():
        path.unlink()


def released_with(state_dir: Path, round_id: str, keys: Iterable[str]) -> list[Path]:
    """Folders of released revisions that print one of these messages."""
    wanted = set(keys)
    found = []
    for path in sorted((state_dir / "revisions" / round_id).glob("rev-*/edition.json")):
        edition = msgspec.json.decode(path.read_bytes(), type=Edition)
        if any(wanted & set(entry.message_sha256) for entry in (*edition.entries, *edition.late_entries)):
            found.append(path.parent)
    return found


def empty_released(folder: Path, keys: Iterable[str]) -> None:
    """Take a released revision's printed files away; what stays is its manifest and the edition without the messages, by which
    the next release tells what has changed."""
    wanted = set(keys)
    path = folder / "edition.json"
    edition = msgspec.json.decode(path.read_bytes(), type=Edition)
    bare = replace(
        edition,
        entries=tuple(entry for entry in edition.entries if not wanted & set(entry.message_sha256)),
        late_entries=tuple(entry for entry in edition.late_entries if not wanted & set(entry.message_sha256)),
    )
    fresh = path.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(bare))
    fresh.chmod(0o440)
    fresh.replace(path)
    for printed in folder.iterdir():
        if printed.name not in ("edition.json", "manifest.json"):
            printed.unlink()

"""Files that were made of messages: drafts, worksheets, older copies of the ledger. After an erasure they go; all can be made again."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from intake.doors.ledger.aside import LedgerPlace
from intake.model.edition import Edition

EDITION, MANIFEST = "edition.json", "manifest.json"


def forget_derived(state_dir: Path) -> None:
    """Remove drafts and worksheets of every round, and copies of the ledger from before."""
    for folder in (state_dir / "drafts", *(state_dir / "synthesis").glob("*/worksheet")):
        if folder.is_dir():
            shutil.rmtree(folder)
    for path in LedgerPlace(state_dir / "ledger.sqlite3").copies():
        path.unlink()


def forget_drafts(state_dir: Path, round_id: str) -> None:
    """Remove the draft and the worksheet of a round: something that stands in them has been sealed. The next ones are laid out without."""
    for folder in (state_dir / "drafts" / round_id, state_dir / "synthesis" / round_id / "worksheet"):
        if folder.is_dir():
            shutil.rmtree(folder)


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
    """Take a released revision's printed files away; what stays is its manifest, without the names of who was erased, and the edition
    without the messages, by which the next release tells what has changed."""
    wanted = set(keys)
    if (folder / "public" / EDITION).is_file():
        empty_released(folder / "public", wanted)
    edition = msgspec.json.decode((folder / EDITION).read_bytes(), type=Edition)
    every = (*edition.entries, *edition.late_entries)
    gone = {entry.public_number for entry in every if wanted & set(entry.message_sha256)}
    bare = replace(
        edition,
        entries=tuple(entry for entry in edition.entries if entry.public_number not in gone),
        late_entries=tuple(entry for entry in edition.late_entries if entry.public_number not in gone),
        left_out=tuple(replace(item, name="") if item.public_number in gone else item for item in edition.left_out),
        changes=tuple(replace(item, name="") if item.public_number in gone else item for item in edition.changes),
    )
    _put(folder / EDITION, msgspec.json.encode(bare))
    manifest = msgspec.json.decode((folder / MANIFEST).read_bytes())
    for line in (*manifest["responses"], *manifest["changes"], *manifest["left_out"]):
        if line.get("number", line.get("public_number")) in gone:
            line |= {name: "" for name in ("name", "reason") if name in line}
            line |= {"annexes": []} if "annexes" in line else {}
    _put(folder / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
    for printed in folder.iterdir():
        if printed.is_dir() and printed.name != "public":
            shutil.rmtree(printed)
        elif printed.is_file() and printed.name not in (EDITION, MANIFEST):
            printed.unlink()


def _put(path: Path, content: bytes) -> None:
    """Frozen files are read-only: a new one takes the place."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.chmod(0o440)
    fresh.replace(path)

"""Papers to disk: built beside, synced, and put in place at once. A frozen folder is never written again."""

from __future__ import annotations

import ctypes
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

from intake.doors.durable import Disk, disk_errors
from intake.errors import BadData


def write_papers(folder: Path, files: Mapping[str, bytes], *, frozen: bool = False, disk: Disk | None = None) -> tuple[Path, ...]:
    """Replace a folder by these files, all or none. `frozen`: an existing folder is an error (BadData), the new one read-only.

    Readers see the old folder or the new one (where the system cannot exchange names, an old one may stand beside as NAME.old after a
    crash). Names are ours ("compilation.pdf"), never a message's. Raises TryAgain when the disk is full or fails.
    """
    disk = disk or Disk()
    if frozen and folder.exists():
        raise BadData(f"{folder} was released before; a released edition is never edited")
    fresh = folder.with_name(folder.name + ".new")
    lay_out(fresh, files, mode=0o440 if frozen else 0o640, disk=disk)
    with disk_errors(f"writing {folder.name}"):
        put_folder(fresh, folder, disk)
    return tuple(folder / name for name in sorted(files))


def lay_out(fresh: Path, files: Mapping[str, bytes], *, mode: int = 0o640, disk: Disk | None = None) -> None:
    """Write files into a new folder, each of them synced; one that a dead process left goes first. TryAgain when the disk fails."""
    disk = disk or Disk()
    with disk_errors(f"writing {fresh.name}"):
        fresh.parent.mkdir(parents=True, exist_ok=True)
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir()
        for name, content in sorted(files.items()):
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            disk.write_new(path, content, mode)


def put_folder(fresh: Path, folder: Path, disk: Disk) -> None:
    """Give a new folder of synced files its name, in the place of an old one if there is one: whoever looks sees the old or the new."""
    disk.sync_folders([path for path in sorted(fresh.rglob("*")) if path.is_dir()] + [fresh])
    old = folder.with_name(folder.name + ".old")
    if old.exists():
        shutil.rmtree(old)
    if not folder.exists():
        disk.rename(fresh, folder)
    elif not _exchange(fresh, folder):
        disk.rename(folder, old)
        disk.rename(fresh, folder)
    disk.sync_folders([folder.parent])
    for path in (fresh, old):
        if path.exists():
            shutil.rmtree(path)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two names in one act (renameat2, RENAME_EXCHANGE); False where the system or the file system cannot."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(renameat2(_AT_FDCWD, bytes(one), _AT_FDCWD, bytes(other), _RENAME_EXCHANGE) == 0)


_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def revision_folder(state_dir: Path, round_id: str, revision: int) -> Path:
    """Where the files of a released revision are."""
    return state_dir / "revisions" / round_id / f"rev-{revision}"


def freeze_papers(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """A folder that is never written again. The caller knows of no such release: what stands there was left by one that died before
    it was in the journal, and goes."""
    if folder.exists():
        shutil.rmtree(folder)
    return write_papers(folder, files, frozen=True)


def revision_store(state_dir: Path) -> Callable[[str, int, Mapping[str, bytes]], None]:
    """What freezes a revision's files below a state folder. It is asked for revisions that the record does not have."""

    def store(round_id: str, revision: int, files: Mapping[str, bytes]) -> None:
        freeze_papers(revision_folder(state_dir, round_id, revision), files)

    return store


def statements_cited(state_dir: Path, round_id: str) -> dict[int, list[str]]:
    """Public number -> statements that cite it, of the newest released synthesis report; none when there is no report yet."""
    released = state_dir / "synthesis" / round_id / "released"
    numbers = [path.name.rpartition("-")[2] for path in released.glob("synthesis_report-[0-9]*")]
    folders = [released / f"synthesis_report-{number}" for number in sorted(map(int, filter(str.isdigit, numbers)))]
    if not folders:
        return {}
    found: dict[int, list[str]] = defaultdict(list)
    for statement in json.loads((folders[-1] / "manifest.json").read_text("utf-8"))["statements"]:
        for number in statement["for"]:
            found[int(number)].append(str(statement["statement"]))
    return dict(found)

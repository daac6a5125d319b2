"""Papers to disk: built beside, synced, and put in place at once. A frozen folder is never written again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from intake.doors.durable import Disk, disk_errors
from intake.errors import BadData


def write_papers(folder: Path, files: Mapping[str, bytes], *, frozen: bool = False, disk: Disk | None = None) -> tuple[Path, ...]:
    """Replace a folder by these files, all or none. `frozen`: an existing folder is an error (BadData), the new one read-only.

    Readers see the old folder or the new one; after a crash between the two the old one stands beside, as NAME.old. Names are ours
    ("compilation.pdf"), never a message's. Raises TryAgain when the disk is full or fails.
    """
    disk = disk or Disk()
    if frozen and folder.exists():
        raise BadData(f"{folder} was released before; a released edition is never edited")
    fresh = folder.with_name(folder.name + ".new")
    old = folder.with_name(folder.name + ".old")
    with disk_errors(f"writing {folder.name}"):
        folder.parent.mkdir(parents=True, exist_ok=True)
        for leftover in (fresh, old):
            if leftover.exists():
                shutil.rmtree(leftover)
        fresh.mkdir()
        for name, content in sorted(files.items()):
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            disk.write_new(path, content, 0o440 if frozen else 0o640)
        disk.sync_folders([path for path in sorted(fresh.rglob("*")) if path.is_dir()] + [fresh])
        if folder.exists():
            disk.rename(folder, old)
        disk.rename(fresh, folder)
        disk.sync_folders([folder.parent])
        if old.exists():
            shutil.rmtree(old)
    return tuple(folder / name for name in sorted(files))


def revision_folder(state_dir: Path, round_id: str, revision: int) -> Path:
    """Where the files of a released revision are."""
    return state_dir / "revisions" / round_id / f"rev-{revision}"


def revision_store(state_dir: Path) -> Callable[[str, int, Mapping[str, bytes]], None]:
    """What freezes a revision's files below a state folder."""

    def store(round_id: str, revision: int, files: Mapping[str, bytes]) -> None:
        write_papers(revision_folder(state_dir, round_id, revision), files, frozen=True)

    return store

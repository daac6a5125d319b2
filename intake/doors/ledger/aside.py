"""A ledger that cannot be used is set aside under a name with the time, and one built anew takes its place.

The mark is there from before the first rename until after the last: a start that finds it builds again, whatever else it finds.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from intake.doors.durable import Disk, disk_errors

_BESIDE = ("-wal", "-shm")


class LedgerPlace:
    """The path of a ledger, and the files that stand beside it while it is rebuilt."""

    def __init__(self, path: Path, disk: Disk | None = None) -> None:
        self.path = path
        self.fresh = path.with_name(f"{path.name}.rebuilding")
        self.mark = path.with_name(f"{path.name}.rebuild-begun")
        self._disk = disk or Disk()

    @property
    def unfinished(self) -> bool:
        """Whether a rebuild died between setting the old file aside and the end."""
        return self.mark.exists()

    def begin(self) -> None:
        """Take away what a dead rebuild left."""
        for leftover in (self.fresh, *(self.fresh.with_name(self.fresh.name + end) for end in _BESIDE)):
            leftover.unlink(missing_ok=True)

    def put_in_place(self, at: datetime) -> Path | None:
        """The old file aside, the fresh one in its place; gives where the old one went, None when there was none."""
        aside: Path | None = None
        with disk_errors("putting the rebuilt ledger in place"):
            self._disk.sync_file(self.fresh)
            self.mark.touch()
            self._disk.sync_folders([self.path.parent])
            stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
            if self.path.exists():
                aside = self.path.with_name(f"{self.path.name}.set-aside-{stamp}")
                for end in (*_BESIDE, ""):
                    old = self.path.with_name(self.path.name + end)
                    if old.exists():
                        self._disk.rename(old, aside.with_name(aside.name + end))
            for end in _BESIDE:
                self.path.with_name(self.path.name + end).unlink(missing_ok=True)
            self._disk.rename(self.fresh, self.path)
            self._disk.sync_folders([self.path.parent])
            self._disk.unlink(self.mark)
            self._disk.sync_folders([self.path.parent])
        return aside

    def copies(self) -> list[Path]:
        """Older copies of the ledger beside it: set aside, or from before a migration."""
        names = (f"{self.path.name}.set-aside-*", f"{self.path.name}.before-*", f"{self.path.name}.rebuilding*")
        return sorted(path for name in names for path in self.path.parent.glob(name))

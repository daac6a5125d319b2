"""Clock, lock, disk guard, numbers."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from intake.doors import disk
from intake.doors.clock import FixedClock, SteppingClock, SystemClock
from intake.doors.disk import DiskGuard, Space, space_at
from intake.doors.durable import FOLDERS_SYNCED_ALONE, Disk
from intake.doors.ledger.numbers import message_id, receipt_number
from intake.doors.lock import Lock
from intake.errors import TryAgain

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_clocks_speak_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)
    fixed = FixedClock(datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=1))))
    assert fixed.now() == NOON
    assert fixed.now().utcoffset() == timedelta(0)
    fixed.advance(timedelta(days=1))
    fixed.set(NOON - timedelta(hours=1))
    assert fixed.now() == NOON - timedelta(hours=1)
    stepping = SteppingClock(NOON, timedelta(seconds=2))
    assert [stepping.now() - NOON for _look in range(3)] == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=6)]


def test_a_second_holder_is_told_who_the_first_is(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    imports = "import sys; from pathlib import Path; from intake.doors.lock import Lock"
    program = f"{imports}; Lock(Path(sys.argv[1])).__enter__(); print('held')"
    with Lock(path):
        with pytest.raises(TryAgain, match="already at work"), Lock(path):
            pass
        other = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False)
        assert other.returncode != 0
        assert "already at work" in other.stderr
    after = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False)
    assert after.stdout == "held\n", after.stderr
    with Lock(path):
        pass


def test_a_full_disk_is_seen_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Space(free_bytes=1000, total_bytes=10_000, free_inodes=50, inodes_total=100)
    monkeypatch.setattr(disk, "space_at", lambda _path: room)
    DiskGuard(tmp_path, min_percent=5, min_bytes=500).check()
    DiskGuard(tmp_path, min_percent=5, min_bytes=500).check(wanted_bytes=500)
    for guard, wanted in (
        (DiskGuard(tmp_path, min_percent=5, min_bytes=500), 501),
        (DiskGuard(tmp_path, min_percent=11, min_bytes=0), 0),
        (DiskGuard(tmp_path, min_percent=51, min_bytes=0), 0),
    ):
        with pytest.raises(TryAgain):
            guard.check(wanted)
    few_inodes = Space(free_bytes=9000, total_bytes=10_000, free_inodes=4, inodes_total=100)
    monkeypatch.setattr(disk, "space_at", lambda _path: few_inodes)
    with pytest.raises(TryAgain, match="inodes"):
        DiskGuard(tmp_path, min_percent=5, min_bytes=0).check()


def test_room_is_measured_where_the_path_is(tmp_path: Path) -> None:
    room = space_at(tmp_path)
    assert 0 < room.free_bytes <= room.total_bytes


def test_folders_are_synced_each_or_together(tmp_path: Path) -> None:
    names: list[str] = []
    folders = [tmp_path / str(number) for number in range(20)]
    for folder in folders:
        folder.mkdir()
    Disk(names.append).sync_folders(folders[:FOLDERS_SYNCED_ALONE])
    assert len(names) == FOLDERS_SYNCED_ALONE
    names.clear()
    Disk(names.append).sync_folders(folders)
    assert len(names) in (1, 20), "one syncfs, or one fsync each where the system has none"


def test_numbers_are_stable_private_and_readable() -> None:
    numbers = {receipt_number(b"s" * 32, f"{place:064x}", 2026) for place in range(2000)}
    assert len(numbers) == 2000
    assert all(re.fullmatch(r"R-2026-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", number) for number in numbers)
    assert receipt_number(b"a" * 32, "k", 2026) == receipt_number(b"a" * 32, "k", 2026)
    assert receipt_number(b"a" * 32, "k", 2026) != receipt_number(b"b" * 32, "k", 2026)
    one, other = message_id(b"s", "r1:k:acknowledgement", "example.int"), message_id(b"s", "r1:k:late", "example.int")
    assert one != other
    assert re.fullmatch(r"<letter\.[0-9a-f]{32}@example\.int>", one)

"""The daemon where it hurts: told to stop in the middle of a letter, a full disk, a damaged ledger, a restore that has not ended."""

from __future__ import annotations

import email
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.doors.ledger.ledger import SqliteLedger
from intake.model.ledger import OutboxState
from tests.crash.world import ROUND, World, _damage
from tests.fakes.smtp_server import SILENCE
from tests.server.dovecot import Dovecot
from tests.server.tools import unavailable, wait_until

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]


class SmallDiskWorld(World):
    LIMITS = ("min_free_mb = 8",)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 48 MB."""
    place = tmp_path / "world" / "state"
    place.mkdir(parents=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", place], capture_output=True, text=True, check=False)
    if done.returncode:
        unavailable(f"a small file system cannot be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


def facts(world: World) -> tuple[object, ...]:
    """What a person sees of the record."""
    ledger = SqliteLedger.open(world.folder / "state" / "ledger.sqlite3")
    try:
        return ledger.deliveries(ROUND), ledger.load_record(ROUND), ledger.numbers(ROUND), ledger.tally(ROUND)
    finally:
        ledger.close()


def test_it_leaves_within_ten_seconds_of_a_silent_server(tmp_path: Path, dovecot: Dovecot) -> None:
    """The relay took the letter and says nothing; the next life sends the same bytes once more, and no third time."""
    with World(tmp_path / "world", dovecot) as world:
        world.live()
        world.deliver()
        world.sink.rules = {"DOT": SILENCE}
        process = world.start([str(world.intake)])
        wait_until(lambda: any(b"ana@house1" in raw for raw in world.sink.letters), "the letter", 60)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert time.monotonic() - begun < 10
        assert "left at once" in world.log()
        world.sink.rules = {}
        world.live(until_quiet=True)
        assert world.sums()["faults"] == []


def test_a_damaged_ledger_is_set_aside_and_built_again(tmp_path: Path, dovecot: Dovecot) -> None:
    """The record is the same, no letter goes twice, and the mail that came meanwhile is answered."""
    with World(tmp_path / "world", dovecot) as world:
        world.live()
        world.deliver(mails=3)
        world.live(until_quiet=True)
        before, sent = facts(world), len(world.sink.letters)
        _damage(tmp_path / "world" / "state" / "ledger.sqlite3")
        world.live(until_quiet=True)
        assert facts(world) == before
        assert len(world.sink.letters) == sent
        assert list((tmp_path / "world" / "state").glob("ledger.sqlite3.set-aside-*"))
        assert "set aside and built again" in world.log()
        world.deliver()
        world.live(until_quiet=True)
        assert len(world.sink.letters) == sent + 1
        assert world.sums()["faults"] == []


def test_intake_waits_before_the_disk_is_full_and_goes_on_by_itself(small_disk: Path, tmp_path: Path, dovecot: Dovecot) -> None:
    """A real small file system: the mail waits in the mailbox, the daemon says so and lives, and takes it when there is room."""
    with SmallDiskWorld(tmp_path / "world", dovecot) as world:
        world.live()
        ballast = small_disk / "ballast"
        room = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        ballast.write_bytes(bytes(room - 6_000_000))
        world.deliver(mails=2)
        process = world.start([str(world.intake)])
        try:
            wait_until(lambda: "too little room on the disk" in world.log(), "its word", 60)
            assert process.poll() is None
            assert not list((small_disk / "vault" / "objects").glob("*/*.eml"))
            ballast.unlink()
            wait_until(lambda: len(list((small_disk / "vault" / "objects").glob("*/*.eml"))) == 2, "the mail", 60)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
        world.live(until_quiet=True)
        ledger = SqliteLedger.open(small_disk / "ledger.sqlite3")
        letters = [item for item in ledger.letters() if item.kind != "digest"]
        ledger.close()
        assert {item.state for item in letters} == {OutboxState.SENT}
        # One alarm and one word that it is over, to the desk; each mail's one letter is among the sums.
        assert [item.id.split(":")[1] for item in letters if item.kind == "notice"] == ["full", "room"]
        arrived = [email.message_from_bytes(raw) for raw in world.sink.letters]
        for item in letters:
            assert [letter["Message-ID"] for letter in arrived].count(item.message_id) == 1
        assert world.sums()["faults"] == []


def test_it_does_not_begin_anew_beside_a_restore_that_has_not_ended(tmp_path: Path, dovecot: Dovecot) -> None:
    """Between its last two renames a restore leaves no state folder; a start says so instead of answering everything again."""
    with World(tmp_path / "world", dovecot) as world:
        world.live()
        (tmp_path / "world" / "state").rename(tmp_path / "world" / "state.restoring")
        process = world.start([str(world.intake)])
        assert process.wait(60) == 65
        assert "has not ended" in world.log()
        assert not (tmp_path / "world" / "state" / "vault").exists()

"""Die at every step of intake and sending, start again, and compare: nothing lost, nothing twice, at most two copies of a letter.

A step is announced before it is done (durable.Disk, ledger Store). Death is an exception that nothing catches: temp files stay,
no clean-up runs, the transaction that was open is lost.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from intake.doors.durable import Disk
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.vault import FileVault
from intake.errors import TryAgain
from intake.model.ledger import MAX_COPIES, Numbers, OutboxState
from intake.model.record import Action, Ruling
from tests.fakes.mailbox import FakeMailbox
from tests.fakes.post import FakePost
from tests.fakes.receive import receive_once, recover
from tests.fakes.samples import NOON, letter, record, response

MESSAGES = [f"Subject: {number}\r\n\r\nbody {number % 5}\r\n".encode() for number in range(7)]


class DeadError(BaseException):
    """The process is gone."""


class Steps:
    """Counts steps and acts at the one that is asked for."""

    def __init__(self, at: int | None = None, act: Callable[[], BaseException] = DeadError, *, for_ever: bool = False) -> None:
        self.names: list[str] = []
        self._at = at
        self._act = act
        self._for_ever = for_ever

    def __call__(self, name: str) -> None:
        self.names.append(name)
        if self._at is not None and (len(self.names) == self._at or (self._for_ever and len(self.names) > self._at)):
            raise self._act()


class Life:
    """One life of the daemon on the same folder, mailbox and correspondents."""

    def __init__(self, folder: Path, mailbox: FakeMailbox, post: FakePost, steps: Steps) -> None:
        self._folder = folder
        self._mailbox = mailbox
        self._post = post
        self._steps = steps

    def run(self) -> None:
        """Start, receive, record, decide, send, until the end or death."""
        ledger: SqliteLedger | None = None
        try:
            vault = FileVault(self._folder / "vault", disk=Disk(self._steps))
            ledger = SqliteLedger.open(self._folder / "ledger.sqlite3", step=self._steps)
            vault.clean()
            recover(vault, ledger)
            self._mailbox.open()
            receive_once(self._mailbox, vault, ledger, "INBOX", batch=3)
            after = record(0, 1)
            numbers = Numbers(receipts={}, public={response(0).id: 1, response(1).id: 2})
            ledger.save_record(after, at=NOON, before=ledger.load_record("r1"), numbers=numbers, letters=[letter(0), letter(1)])
            decision = Ruling(id="d1", at=NOON, by="officer", action=Action.COUNT, message="ab" * 32, reason="r")
            ledger.add_ruling(vault.keep_ruling("r1", decision))
            self._send(ledger)
            vault.keep_journal(ledger.journal_entries(vault.journal_seq()))
        finally:
            if ledger is not None:
                ledger.close()

    def _send(self, ledger: SqliteLedger) -> None:
        while claimed := ledger.claim_due(NOON):
            for each in claimed:
                end = self._post.hand_over(each.raw, each.recipient, lambda each=each: ledger.mark_committing(each.id, NOON))  # type: ignore[misc]
                ledger.settle(each.id, end, at=NOON, retry_at=NOON)


class World:
    """A mailbox with mail, and what lives in it."""

    def __init__(self, folder: Path, start: Path | None = None) -> None:
        self.folder = folder
        if start is None:
            folder.mkdir()
        else:
            shutil.copytree(start, folder)
        self.mailbox = FakeMailbox()
        self.mailbox.deliver(MESSAGES)
        self.post = FakePost()

    def live(self, steps: Steps) -> None:
        Life(self.folder, self.mailbox, self.post, steps).run()

    def state(self) -> tuple[object, ...]:
        """Everything that must be the same however often the process died."""
        vault, ledger = FileVault(self.folder / "vault"), SqliteLedger.open(self.folder / "ledger.sqlite3")
        try:
            assert list(vault.faults()) == []
            assert ledger.verify_journal() == vault.journal_seq()
            return (
                tuple(vault.objects()),
                tuple((item.sha256, item.at) for item in vault.receipts()),
                tuple((item.sha256, item.at) for item in ledger.deliveries("r1")),
                ledger.tally("r1"),
                ledger.load_record("r1"),
                ledger.numbers("r1"),
                ledger.rulings("r1"),
                tuple(item.ruling for item in vault.rulings()),
                tuple(sorted(entry.kind for entry in ledger.journal_entries())),
                SqliteLedger.check(self.folder / "ledger.sqlite3"),
            )
        finally:
            ledger.close()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[object, ...], int]:
    world = World(tmp_path_factory.mktemp("crash") / "undisturbed")
    steps = Steps()
    world.live(steps)
    assert len(world.post.letters) == 2
    return world.state(), len(steps.names)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with an empty vault and ledger: laying one out is what takes most of the time."""
    folder = tmp_path_factory.mktemp("crash-start")
    FileVault(folder / "vault")
    SqliteLedger.open(folder / "ledger.sqlite3").close()
    return folder


def _second_points(total: int) -> Iterator[tuple[int, int]]:
    """Deaths during recovery: a second one soon after the start, for a spread of first ones."""
    for first in range(5, total, 9):
        for second in (2, 6, 11):
            yield first, second


def test_every_kind_of_step_is_passed(undisturbed: tuple[tuple[object, ...], int], tmp_path: Path) -> None:
    steps = Steps()
    World(tmp_path / "w").live(steps)
    kinds = {
        "disk.write",
        "disk.sync",
        "disk.rename",
        "disk.sync_folder",
        "disk.append",
        "ledger.begin",
        "ledger.commit",
        "ledger.committed",
    }
    assert kinds <= set(steps.names)


def test_death_at_every_step_changes_nothing_in_the_end(
    undisturbed: tuple[tuple[object, ...], int], start: Path, tmp_path: Path
) -> None:
    expected, _total = undisturbed
    whole = Steps()
    World(tmp_path / "whole", start).live(whole)
    second_copies = set()
    for point in range(1, len(whole.names) + 1):
        world = World(tmp_path / f"at{point}", start)
        with pytest.raises(DeadError):
            world.live(Steps(point))
        world.live(Steps())
        assert world.state() == expected, f"died at step {point} ({whole.names[point - 1]})"
        assert len(set(world.post.letters)) == 2
        assert len(world.post.letters) <= 3, "one death makes one second copy at most"
        if len(world.post.letters) == 3:
            second_copies.add(whole.names[point - 1])
    assert second_copies <= {"ledger.begin", "ledger.commit"}, "only between the answer to the dot and its commit"


def test_death_at_the_very_first_start_changes_nothing(undisturbed: tuple[tuple[object, ...], int], tmp_path: Path) -> None:
    expected, _total = undisturbed
    for point in range(1, 8):
        world = World(tmp_path / f"at{point}")
        with pytest.raises(DeadError):
            world.live(Steps(point))
        world.live(Steps())
        assert world.state() == expected, f"died at step {point}"


def test_death_during_recovery_changes_nothing_either(
    undisturbed: tuple[tuple[object, ...], int], start: Path, tmp_path: Path
) -> None:
    expected, _total = undisturbed
    whole = Steps()
    World(tmp_path / "whole", start).live(whole)
    for first, second in _second_points(len(whole.names)):
        world = World(tmp_path / f"at{first}-{second}", start)
        with pytest.raises(DeadError):
            world.live(Steps(first))
        with suppress(DeadError):  # a life that has little left to do ends before its second death
            world.live(Steps(second))
        world.live(Steps())
        assert world.state() == expected, f"died at steps {first} and {second}"
        assert max(world.post.letters.count(raw) for raw in world.post.letters) <= MAX_COPIES


def test_silence_and_death_together_never_make_a_third_copy(start: Path, tmp_path: Path) -> None:
    for point in range(1, 60):
        world = World(tmp_path / f"at{point}", start)
        world.post.refuse_at["dot"] = "lost"
        for life in (Steps(point), Steps(point + 7), Steps()):
            try:
                world.live(life)
            except DeadError:
                continue
        copies = [world.post.letters.count(raw) for raw in set(world.post.letters)]
        assert max(copies, default=0) <= MAX_COPIES
        ledger = SqliteLedger.open(world.folder / "ledger.sqlite3")
        assert {item.state for item in ledger.letters()} == {OutboxState.UNKNOWN}
        ledger.close()


@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
def test_a_disk_that_fails_at_every_call_stops_intake_and_loses_nothing(
    undisturbed: tuple[tuple[object, ...], int], start: Path, tmp_path: Path, for_ever: bool
) -> None:
    expected, _total = undisturbed

    def full() -> OSError:
        return OSError(28, "No space left on device")

    point = 0
    while True:
        point += 1
        world = World(tmp_path / f"at{point}", start)
        steps = Steps(point, full, for_ever=for_ever)
        life = Life(world.folder, world.mailbox, world.post, Steps())
        said = _receive_on(world, Disk(steps))
        if not said:
            break
        assert "full" in said
        life.run()
        assert world.state() == expected, f"call {point} ({steps.names[point - 1]})"
    assert point > 20


def _receive_on(world: World, disk: Disk) -> str:
    """Receive on that disk; gives what TryAgain says, "" when all went well."""
    ledger = SqliteLedger.open(world.folder / "ledger.sqlite3")
    try:
        vault = FileVault(world.folder / "vault", disk=disk)
        world.mailbox.open()
        receive_once(world.mailbox, vault, ledger, "INBOX", batch=3)
    except TryAgain as error:
        return str(error)
    finally:
        ledger.close()
    return ""

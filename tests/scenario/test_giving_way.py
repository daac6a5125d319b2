"""A pass that takes long lets a person's command in between, and a relay that is dead stops neither mail nor commands."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import intake.daemon as daemon_module
from intake.daemon import _cycle, _Daemon, _GaveWay, _wait
from intake.doors.lock import Lock
from intake.errors import TryAgain
from intake.model.ledger import OutboxState
from intake.model.letter import HandOver, Outcome
from intake.pipeline import LetterPolicy, Office, send_due
from intake.pipeline.send import AT_A_TIME, REST, Sent
from intake.settings import load_settings
from intake.wiring import open_office, writers_turn
from tests.fakes.samples import letter

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ROUND = Path(__file__).parents[2] / "config" / "demo" / "round.toml"


class _Clock:
    def __init__(self) -> None:
        self.at = AT

    def now(self) -> datetime:
        return self.at


class _SlowPost:
    """Each attempt takes its time on the office's clock."""

    def __init__(self, clock: _Clock, seconds: float, end: HandOver) -> None:
        self.clock, self.seconds, self.end, self.tries = clock, seconds, end, 0

    def hand_over(self, raw: bytes, recipient: str, before_dot: Callable[[], None]) -> HandOver:
        self.tries += 1
        self.clock.at += timedelta(seconds=self.seconds)
        if self.end.outcome is Outcome.SENT:
            before_dot()
        return self.end


@contextmanager
def living(folder: Path) -> Iterator[tuple[_Daemon, Office, _Clock]]:
    (folder / "rounds").mkdir()
    (folder / "rounds" / "round.toml").write_bytes(ROUND.read_bytes())
    (folder / "intake.toml").write_text(
        '[service]\nstate_dir = "state"\nrounds_dir = "rounds"\naddress = "desk@example.org"\n[letters]\nmode = "off"\n', "utf-8"
    )
    settings = load_settings(folder / "intake.toml")
    policy = LetterPolicy(mode="send", from_name="Desk", from_address="desk@example.org", secret=b"s" * 32, digest_at="23:59")
    clock = _Clock()
    with open_office(settings.rounds, folder / "state", policy, clock=clock, hold=False) as office:
        yield _Daemon(settings=settings), office, clock


@contextmanager
def waiting(folder: Path) -> Iterator[threading.Event]:
    """Somebody who waits for the writer's turn of a state folder, and says when he has it."""
    has = threading.Event()

    def take() -> None:
        with writers_turn(folder, wait_s=30.0):
            has.set()

    thread = threading.Thread(target=take)
    thread.start()
    try:
        yield has
    finally:
        thread.join()


def test_a_lock_tells_whether_somebody_waits_for_it(tmp_path: Path) -> None:
    mine = Lock(tmp_path / "writer.lock")
    with mine:
        assert not mine.wanted
        with waiting(tmp_path) as has:
            while not mine.wanted:
                time.sleep(0.01)
            assert not has.is_set()
            mine.__exit__(None, None, None)
            assert has.wait(30)
        assert not mine.wanted
    with Lock(tmp_path / "writer.lock"), pytest.raises(TryAgain):
        Lock(tmp_path / "writer.lock").wait(0.1)


def test_a_long_pass_gives_its_turn_away_and_goes_on_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = time.monotonic()
    with living(tmp_path) as (daemon, office, _):
        office.pulse = daemon.step
        passes: list[bool] = []

        def long_work(of: Office) -> Sent:
            """Until somebody waits who may have the turn; the second time there is nothing left."""
            passes.append(True)
            if len(passes) == 1:
                daemon.turn_since -= daemon_module.TURN_S
                while time.monotonic() - begun < 60:
                    of.pulse()
                    time.sleep(0.01)
            return Sent(states={})

        monkeypatch.setattr(daemon_module, "send_due", long_work)
        with waiting_once_begun(tmp_path / "state", passes) as has:
            _cycle(daemon, office)
            assert daemon.again
            _wait(daemon)
            assert has.wait(30), "the command had its turn between two passes"
        _cycle(daemon, office)
        assert (len(passes), daemon.again) == (2, False)
        with (tmp_path / "state" / "writer.lock.waiting").open("w") as mark:
            fcntl.flock(mark, fcntl.LOCK_SH)
            daemon.turn_since = time.monotonic()
            daemon.step()  # a pass that has only begun keeps its turn
            daemon.turn_since -= daemon_module.TURN_S
            with pytest.raises(_GaveWay):
                daemon.step()
        daemon.step()


@contextmanager
def waiting_once_begun(folder: Path, passes: list[bool]) -> Iterator[threading.Event]:
    """As `waiting`, from the moment on at which a pass is at its work."""
    has = threading.Event()

    def take() -> None:
        while not passes:
            time.sleep(0.01)
        with writers_turn(folder, wait_s=30.0):
            has.set()

    thread = threading.Thread(target=take)
    thread.start()
    try:
        yield has
    finally:
        thread.join()


def test_a_dead_relay_costs_one_attempt_and_is_left_alone(tmp_path: Path) -> None:
    with living(tmp_path) as (_, office, clock):
        office.ledger.queue_letters([letter(number) for number in range(1, 40)], AT)
        office.post = post = _SlowPost(clock, 60.0, HandOver(outcome=Outcome.TEMPORARY, reply="no answer"))
        assert send_due(office).states == {"queued": 1}
        assert send_due(office).states == {}
        assert post.tries == 1
        assert office.ledger.letter_counts("r1")[OutboxState.QUEUED] == 39, "what had begun with it is queued again"
        clock.at += REST
        assert send_due(office).states == {"queued": 1}
        clock.at -= timedelta(days=1)  # the clock is set back: that makes no day of five minutes
        office.post = _SlowPost(clock, 0.0, HandOver(outcome=Outcome.SENT, reply="250 ok"))
        assert send_due(office).states == {}, "nothing is due yet"
        clock.at += timedelta(days=1) + REST
        assert send_due(office).states["sent"] >= 37


def test_a_refusal_that_comes_quickly_lets_the_others_go(tmp_path: Path) -> None:
    with living(tmp_path) as (_, office, clock):
        office.ledger.queue_letters([letter(number) for number in range(1, 4)], AT)
        office.post = _SlowPost(clock, 1.0, HandOver(outcome=Outcome.TEMPORARY, reply="451 later"))
        assert send_due(office).states == {"queued": 3}
        assert office.relay_rests is None


def test_a_relay_that_takes_its_time_has_its_share_and_no_more(tmp_path: Path) -> None:
    with living(tmp_path) as (_, office, clock):
        office.ledger.queue_letters([letter(number) for number in range(1, 40)], AT)
        office.post = _SlowPost(clock, 4.0, HandOver(outcome=Outcome.SENT, reply="250 ok"))
        first = send_due(office)
        assert first == Sent(states={"sent": 5}, more=True)
        assert clock.at - AT == AT_A_TIME
        sent = 5
        while (again := send_due(office)).states:
            sent += again.states["sent"]
        assert sent == 39
        assert len(office.ledger.letters(states=(OutboxState.SENT,))) == 39

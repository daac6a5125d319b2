"""What needs every message of a large round is done by a child under the daemon's turn: the same record, letters and rows, and a child that
fails costs a second attempt and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

import intake.asidekeeping
from intake.asidekeeping import AsideKeeper, due_digest
from intake.doors.lock import Lock
from intake.errors import TryAgain
from intake.pipeline import Office, advance
from intake.settings import load_settings
from intake.wiring import open_configured
from tests.fakes.office import sample_office

pytestmark = pytest.mark.timeout(240)
AT = '[digest]\nto = ["desk@example.org"]\nat = "00:00"\n[smtp]\nhost = "127.0.0.1"\nport = 1\ntls = "none"\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The sample round in an office."""
    path = sample_office(tmp_path, AT)
    path.write_text(path.read_text("utf-8").replace('mode = "off"', 'mode = "approve"'), "utf-8")
    return path


@contextmanager
def living(config: Path, *, read: Path | None = None) -> Iterator[tuple[Office, AsideKeeper]]:
    """An office whose turn is held, as a daemon's in its pass. `read`: what the child reads, where that is another file."""
    keeper = AsideKeeper(config=read or config, least=1)
    with open_configured(load_settings(config), hold=False) as office, office.turn() as keeper.turn:
        office.aside = lambda consultation: keeper.judge(office, consultation)
        yield office, keeper


def anew(office: Office) -> None:
    """Have the record made again."""
    consultation = office.rounds[0]
    office.forget(consultation.id, "")
    advance(office, consultation)


def test_a_child_makes_the_record_that_the_daemon_would_have_made(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    for name in ("rounds", "state"):
        shutil.copytree(tmp_path / name, here / name)
    shutil.copy2(config, here / "intake.toml")
    with monkeypatch.context() as patched, living(config) as (office, _):
        patched.setattr("intake.pipeline.growing._anew", lambda *_: pytest.fail("it was judged in the daemon's own process"))
        anew(office)
        assert office.cases == office.judged == {}, "nothing of the round stays in memory"
        theirs = office.ledger.load_record(office.rounds[0].id)
        numbers = office.ledger.numbers(office.rounds[0].id)
        letters = [(item.id, item.state, item.recipient) for item in office.ledger.letters()]
        office.ledger.verify_journal()
    with living(here / "intake.toml") as (office, keeper):
        keeper.config = None
        anew(office)
        assert theirs == office.ledger.load_record(office.rounds[0].id)
        assert numbers.public == office.ledger.numbers(office.rounds[0].id).public
        assert letters == [(item.id, item.state, item.recipient) for item in office.ledger.letters()]
    assert theirs is not None
    assert theirs.counts.responses > 10


def test_what_a_child_cannot_do_is_done_here(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with living(config) as (office, keeper):
        monkeypatch.setattr(intake.asidekeeping, "CHILD", "intake.nothing_of_that_name")
        office.forget(office.rounds[0].id, "")
        assert not keeper.judge(office, office.rounds[0])
        advance(office, office.rounds[0])
        assert office.ledger.load_record(office.rounds[0].id) is not None
    monkeypatch.undo()
    other = tmp_path / "other.toml"
    other.write_text(config.read_text("utf-8"), "utf-8")
    path = tmp_path / "rounds" / "round.toml"
    with living(config, read=other) as (office, keeper):
        path.write_text(path.read_text("utf-8").replace("23:59:59", "12:00:00"), "utf-8")
        assert not keeper.judge(office, office.rounds[0]), "another round than the daemon's"


def test_a_child_queues_the_digest_of_the_day_once(config: Path) -> None:
    with living(config) as (office, keeper):
        consultation = office.rounds[0]
        office.health.append("mailbox main: throttled")
        before = office.now()
        due_digest(keeper, office, consultation)
        due_digest(keeper, office, consultation)
        made = [item for item in office.ledger.letters() if item.kind == "digest"]
        assert [item.recipient for item in made] == ["desk@example.org"]
        assert b"throttled" in made[0].raw, "what the daemon alone knows is told"
        done = office.ledger.last_done(f"digest:{consultation.id}")
        assert done is not None
        assert before <= done[1] <= office.now() + timedelta(seconds=1)


def test_a_child_keeps_the_turn_when_its_daemon_is_gone(tmp_path: Path) -> None:
    """A new daemon must not write beside the child of a dead one."""
    mine, other = Lock(tmp_path / "writer.lock"), Lock(tmp_path / "writer.lock")
    with mine:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(mine.handle,))
    with pytest.raises(TryAgain):
        other.__enter__()
    child.communicate(b"\n")
    with other:
        pass


def test_a_daemon_that_is_told_to_stop_takes_its_child_along(config: Path) -> None:
    def stop() -> None:
        raise TryAgain("told to stop")

    with living(config) as (office, keeper):
        office.forget(office.rounds[0].id, "")
        keeper.pulse = stop
        with pytest.raises(TryAgain):
            keeper.judge(office, office.rounds[0])
        assert keeper.process is None
        keeper.pulse = lambda: None
        advance(office, office.rounds[0])
        office.ledger.verify_journal()

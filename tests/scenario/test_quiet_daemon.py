"""A daemon to which nothing comes does next to nothing, and hears at once of whatever is committed beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import intake.daemon as daemon_module
from intake.daemon import _cycle, _Daemon
from intake.doors.ledger.ledger import SqliteLedger
from intake.pipeline import LetterPolicy, Office
from intake.pipeline.cases import warm_up
from intake.settings import load_settings
from intake.wiring import open_office
from tests.fakes.bureau import Bureau
from tests.fakes.samples import letter

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ROUND = Path(__file__).parents[2] / "config" / "demo" / "round.toml"


class _Clock:
    def __init__(self) -> None:
        self.at = AT

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each pass that was a whole one."""
    seen: list[int] = []
    whole = daemon_module.send_due

    def counted(office: Office, **more: Any) -> Any:
        seen.append(1)
        return whole(office, **more)

    monkeypatch.setattr(daemon_module, "send_due", counted)
    return seen


def test_only_what_is_committed_or_due_makes_a_whole_pass(tmp_path: Path, passes: list[int]) -> None:
    (tmp_path / "rounds").mkdir()
    (tmp_path / "rounds" / "round.toml").write_bytes(ROUND.read_bytes())
    (tmp_path / "intake.toml").write_text(
        '[service]\nstate_dir = "state"\nrounds_dir = "rounds"\naddress = "desk@example.org"\n[letters]\nmode = "off"\n', "utf-8"
    )
    settings = load_settings(tmp_path / "intake.toml")
    policy = LetterPolicy(mode="off", from_name="Desk", from_address="desk@example.org", secret=b"s" * 32, digest_at="23:59")
    clock = _Clock()
    with open_office(settings.rounds, tmp_path / "state", policy, clock=clock, hold=False) as office:
        daemon = _Daemon(settings=settings)

        def whole_passes(times: int) -> int:
            before = len(passes)
            for _ in range(times):
                _cycle(daemon, office)
            return len(passes) - before

        whole_passes(3)
        assert whole_passes(5) == 0
        beside = SqliteLedger.open(tmp_path / "state" / "ledger.sqlite3")
        beside.queue_letters([letter(1)], AT + timedelta(seconds=30))
        beside.close()
        assert whole_passes(1) == 1, "somebody committed"
        whole_passes(1)
        assert whole_passes(5) == 0
        clock.at += timedelta(seconds=31)
        assert whole_passes(1) == 1, "a letter is due"
        clock.at += timedelta(seconds=70)
        assert whole_passes(1) == 1, "the clock alone"


def test_sorting_is_laid_out_once_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with Bureau(tmp_path).life() as office:
        sorted_: list[str] = []
        old = office.sort
        office.sort = lambda arrival, consultation: (sorted_.append(arrival.key), old(arrival, consultation))[1]
        version = office.ledger.version()
        warm_up(office)
        warm_up(office)
        assert (sorted_, office.ledger.version()) == (["0" * 64], version)

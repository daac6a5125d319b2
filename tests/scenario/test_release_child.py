"""The daemon's child does what officers ordered of the next revision, and one that is killed is followed by one that finishes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from intake.pipeline.errands import order_errand
from intake.pipeline.releasing import order_release, orders_due
from intake.releasekeeping import ReleaseKeeper
from intake.settings import load_settings
from intake.wiring import open_configured
from tests.fakes.office import sample_office

pytestmark = pytest.mark.timeout(280)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The sample round in an office."""
    return sample_office(tmp_path)


def ended(keeper: ReleaseKeeper) -> int | None:
    """Wait for the child's end."""
    assert keeper.process is not None
    while keeper.busy:
        time.sleep(0.05)
    return keeper.process.poll()


def test_a_child_releases_what_was_ordered_once_and_a_killed_one_is_followed_by_another(config: Path) -> None:
    keeper = ReleaseKeeper(config=config)
    with open_configured(load_settings(config), hold=False) as office:
        consultation = office.rounds[0]
        keeper.keep(office)
        assert keeper.process is None, "nothing is ordered"
        with office.turn():
            order_errand(office, consultation, "prepare", "prepare:0", "ana", "", {})
            order_release(office, consultation, "ana", "agreed", {})
        assert len(orders_due(office, consultation)) == 2
        keeper.keep(office)
        keeper.end()
        assert len(orders_due(office, consultation)) == 2
        keeper.keep(office)
        assert ended(keeper) == 0
        keeper.keep(office)
        assert keeper.process is None, "nothing is left to do"
        assert orders_due(office, consultation) == []
        assert [(item.number, item.released_by) for item in office.ledger.revisions(consultation.id)] == [(0, "ana")]
        folder = config.parent / "state" / "revisions" / consultation.id / "rev-0"
        assert (folder / "compilation.pdf").is_file()
        (config.parent / "intake.toml").write_text("nothing = 1\n", "utf-8")
        with office.turn():
            order_release(office, consultation, "ana", "once more", {})
        keeper.keep(office)
        assert ended(keeper) == 1
        keeper.keep(office)
        assert keeper.process is None, "after a failure it rests"

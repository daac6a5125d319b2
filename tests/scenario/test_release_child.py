"""The daemon's child does what officers ordered of the next revision, and one that is killed is followed by one that finishes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from intake.apart import open_to_release
from intake.doors.site import revision_folder, revision_store
from intake.model.mail import ChannelKind
from intake.model.record import Action, Status
from intake.pipeline import Office, Watched, papers, take_in, verify
from intake.pipeline.deciding import Wish, decide
from intake.pipeline.errands import order_errand
from intake.pipeline.growing import advance
from intake.pipeline.judge import settle_round
from intake.pipeline.papers import Papers
from intake.pipeline.releasing import carry_out_release, order_release, orders_due
from intake.releasekeeping import ReleaseKeeper
from intake.settings import load_settings
from intake.wiring import open_configured
from tests.fakes.office import sample_office

pytestmark = pytest.mark.timeout(280)
NEW_MAIL = b"From: A <a@new.example>\r\nTo: desk@example.org\r\nMessage-ID: <new@new.example>\r\nSubject: Response\r\n\r\nQuestion 1. Words that came late.\r\n"


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


def test_mail_is_taken_in_while_a_revision_is_printed_and_is_of_the_next(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The turn is free meanwhile; the revision says what the record said when its printing began."""
    settings = load_settings(config)
    state = settings.service.state_dir
    printed = papers.print_edition
    came: list[int] = []

    def slow(office: Office, *words: Any, **more: Any) -> Papers:
        if not came:
            with open_configured(settings) as other:
                watched = Watched(account="import", folder="files", channel=ChannelKind.ADDRESS, round_id=other.rounds[0].id)
                came.append(take_in(other, watched, [(NEW_MAIL, other.now())]))
                advance(other, other.rounds[0])
        return printed(office, *words, **more)

    monkeypatch.setattr(papers, "print_edition", slow)
    with open_to_release(settings) as office:
        consultation = office.rounds[0]
        before = len(settle_round(office, consultation).filed)
        ruling = order_release(office, consultation, "ana", "agreed", {})
        ended = carry_out_release(office, consultation, ruling, revision_store(state))
        assert (ended.end, came) == ("done", [1])
        assert len(settle_round(office, consultation).filed) == before + 1
        folder = revision_folder(state, consultation.id, 0)
        assert "Words that came late" not in (folder / "compilation.md").read_text("utf-8")
        assert orders_due(office, consultation) == []
        assert verify(office).faults == ()


def test_what_is_decided_while_a_revision_is_printed_makes_the_order_void(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that somebody seals in these minutes are in no revision, and nothing half is left."""
    settings = load_settings(config)
    state = settings.service.state_dir
    printed = papers.print_edition
    sealed: list[str] = []

    def slow(office: Office, *words: Any, **more: Any) -> Papers:
        if not sealed:
            with open_configured(settings) as other:
                record = settle_round(other, other.rounds[0])
                number = next(item.id for item in record.responses if item.status is Status.COUNTED)
                wish = Wish(number=number, action=Action.PUBLISH_MODE, by="ana", reason="r", fields={"mode": "group-only"})
                sealed.append(decide(other, wish).ruling.id)
        return printed(office, *words, **more)

    monkeypatch.setattr(papers, "print_edition", slow)
    with open_to_release(settings) as office:
        consultation = office.rounds[0]
        ruling = order_release(office, consultation, "ana", "agreed", {})
        ended = carry_out_release(office, consultation, ruling, revision_store(state))
        assert ended.end == "stale"
        assert len(sealed) == 1
        assert office.ledger.revisions(consultation.id) == ()
        assert not revision_folder(state, consultation.id, 0).exists()
        again = order_release(office, consultation, "ana", "agreed", {})
        assert carry_out_release(office, consultation, again, revision_store(state)).end == "done"

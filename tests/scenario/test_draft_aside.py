"""A draft is printed beside the daemon: passes go on, the newest state is printed, erased words never come back by a late draft."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import intake.draftkeeping
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.printer import DraftJob, DraftPrinter, Printed
from intake.errors import Broken
from intake.model.ledger import Note
from intake.model.record import Action
from intake.pipeline.office import EPOCH
from intake.pipeline.rulings import record_ruling
from tests.fakes.bureau import ROUND, Bureau, mail

pytestmark = pytest.mark.timeout(300)


class Slow:
    """A printer whose child is at work until `done` is set."""

    def __init__(self) -> None:
        self.jobs: list[DraftJob] = []
        self.done = False
        self.working = False

    @property
    def busy(self) -> str:
        """A round while there is work."""
        return ROUND if self.working else ""

    ready = False

    def begin(self, job: DraftJob) -> None:
        """Take it."""
        self.jobs.append(job)
        self.working = True

    def finished(self) -> Printed | None:
        """A folder with the draft, once."""
        if not self.done:
            return None
        self.done = self.working = False
        folder = Path(self.jobs[-1].out)
        folder.mkdir(parents=True)
        (folder / "compilation.md").write_text(f"draft {len(self.jobs)}")
        return Printed(round_id=ROUND, folder=folder)

    def end(self) -> None:
        """The daemon leaves."""
        self.working = False


def test_mail_is_answered_while_a_draft_is_under_way_and_the_newest_state_is_next(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path)
    with bureau.life() as office:
        slow = bureau.daemon.drafts.printer = Slow()  # type: ignore[assignment]
        bureau.cycle(office)
        for number in range(4):
            bureau.mailbox.deliver([mail(number)], bureau.clock.now())
            bureau.cycle(office, 2)
            assert len(office.ledger.load_record(ROUND).responses) == number + 1  # type: ignore[union-attr]
            assert len(slow.jobs) == 1, "one at a time"
        assert len(bureau.letters("acknowledgement")) == 4
        slow.done = True
        bureau.cycle(office)
        assert (bureau.state_dir / "drafts" / ROUND / "compilation.md").read_text() == "draft 1"
        bureau.clock.advance(timedelta(seconds=intake.draftkeeping.DRAFT_EVERY_S))
        bureau.cycle(office)
        assert len(slow.jobs) == 2, "of the newest state, and none of those between"
        slow.done = True
        bureau.cycle(office)
        bureau.clock.advance(timedelta(hours=1))
        bureau.cycle(office, 3)
        assert len(slow.jobs) == 2, "nothing has changed"


def test_a_draft_that_was_begun_before_an_erasure_is_thrown_away(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path)
    with bureau.life() as office:
        slow = bureau.daemon.drafts.printer = Slow()  # type: ignore[assignment]
        bureau.mailbox.deliver([mail(1)], bureau.clock.now())
        bureau.cycle(office)
        assert len(slow.jobs) == 1
        office.ledger.put_setting(EPOCH, "something was erased")
        slow.done = True
        bureau.cycle(office)
        assert not (bureau.state_dir / "drafts" / ROUND).exists()
        assert not Path(slow.jobs[0].out).exists()
        bureau.clock.advance(timedelta(hours=1))
        bureau.cycle(office)
        assert len(slow.jobs) == 2, "and made anew"


def test_what_was_printed_before_words_were_sealed_goes_at_once(tmp_path: Path) -> None:
    """The draft that stands, the one under way, and the worksheet: none of them waits for the quarter of an hour."""
    bureau = Bureau(tmp_path)
    with bureau.life() as office:
        slow = bureau.daemon.drafts.printer = Slow()  # type: ignore[assignment]
        bureau.mailbox.deliver([mail(1)], bureau.clock.now())
        bureau.cycle(office)
        slow.done = True
        bureau.cycle(office)
        draft = bureau.state_dir / "drafts" / ROUND
        worksheet = bureau.state_dir / "synthesis" / ROUND / "worksheet"
        worksheet.mkdir(parents=True)
        assert draft.exists()
        key = office.ledger.load_record(ROUND).filed[0].key  # type: ignore[union-attr]
        fields: dict[str, Any] = {"spans": [f"{key}::3:9:officer"]}
        record_ruling(office, ROUND, Action.REDACT, key, "ana", "private", fields)
        bureau.cycle(office)
        assert not draft.exists()
        assert not worksheet.exists()
        assert len(slow.jobs) == 2, "the next one is begun at once"
        bureau.clock.advance(timedelta(seconds=1))
        record_ruling(office, ROUND, Action.SEAL_PART, key, "ana", "private", {"spans": [f"{key}:2:0:0:sealed_part"]})
        slow.done = True
        bureau.cycle(office)
        assert not draft.exists(), "begun before the second seal"
        bureau.cycle(office)
        assert len(slow.jobs) == 3
        slow.done = True
        bureau.cycle(office)
        assert (draft / "compilation.md").read_text() == "draft 3"
        bureau.clock.advance(timedelta(hours=1))
        bureau.cycle(office, 2)
        assert draft.exists()
        assert len(slow.jobs) == 3


def test_the_child_prints_what_the_ledger_says_and_writes_nothing_there(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path)
    with bureau.life() as office:
        bureau.cycle(office)
        bureau.clock.advance(timedelta(days=1))
        bureau.mailbox.deliver([mail(number) for number in range(3)], bureau.clock.now())
        bureau.daemon.drafts.printer = DraftPrinter()
        bureau.cycle(office)
        before = office.ledger.version()
        end = time.monotonic() + 200
        while not bureau.daemon.drafts.printer.ready:
            assert time.monotonic() < end
            time.sleep(0.1)
        assert office.ledger.version() == before
        bureau.cycle(office)
        drafts = bureau.state_dir / "drafts"
        assert {path.name for path in drafts.iterdir()} == {ROUND}, [path.read_text()[-3000:] for path in drafts.glob("*.log")]
        text = (drafts / ROUND / "compilation.md").read_text("utf-8")
        assert all(f"house {number} says what no other house has said" in text for number in range(3))
        assert (drafts / ROUND / "compilation.pdf").read_bytes().startswith(b"%PDF-")


def test_from_the_reminder_of_the_synthesis_on_its_worksheet_is_laid_out_by_the_scheduler(tmp_path: Path) -> None:
    """Though nothing came that day: the child prints once more, with passages and points files to begin with; an officer's file stays."""
    bureau = Bureau(tmp_path)
    with bureau.life() as office:
        bureau.cycle(office)
        bureau.mailbox.deliver([mail(1)], bureau.clock.now())
        folder = bureau.state_dir / "synthesis" / ROUND
        points = folder / "points" / "synthesis_report.md"

        def printed() -> None:
            bureau.daemon.drafts.printer = DraftPrinter()
            bureau.cycle(office)
            while not bureau.daemon.drafts.printer.ready:
                time.sleep(0.05)
            bureau.cycle(office)

        printed()
        assert not folder.exists(), "it is not yet time"
        bureau.clock.set(datetime(2027, 1, 4, 9, tzinfo=UTC))
        printed()
        assert "house 1 says what no other house has said" in (folder / "worksheet" / "worksheet.md").read_text("utf-8")
        assert points.is_file()
        assert not (bureau.state_dir / "drafts" / ROUND / "synthesis").exists()
        points.write_text(points.read_text("utf-8") + "\nmine\n", "utf-8")
        bureau.mailbox.deliver([mail(2)], bureau.clock.now())
        bureau.clock.advance(timedelta(hours=1))
        printed()
        assert points.read_text("utf-8").endswith("mine\n")


def test_a_ledger_that_stands_still_sees_nothing_new_and_writes_nothing(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path)
    with bureau.life() as office:
        bureau.mailbox.deliver([mail(0)], bureau.clock.now())
        bureau.cycle(office)
        still = SqliteLedger.still(bureau.state_dir / "ledger.sqlite3")
        head = still.journal_head()
        office.ledger.append([Note(kind="k", payload={})], bureau.clock.now())
        assert still.journal_head() == head != office.ledger.journal_head()
        with pytest.raises(Broken):
            still.put_setting("a", "b")
        readings = still.readings([case.arrival.key for case in office.cases[ROUND].values()], "none")
        still.save_readings(list(readings.values()), "2")
        still.close()

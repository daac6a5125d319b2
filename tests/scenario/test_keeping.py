"""Backups, the way back, erasures in old backups, a bag for an archive: in one process, with the sample round."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import bagit
import pytest
from lxml import etree

from intake.doors.backup import Backup
from intake.doors.bag import PREMIS, check_bag
from intake.doors.clock import SteppingClock
from intake.errors import BadData, BadUsage
from intake.keeping import back_up, bag, restore_bag, restore_snapshot
from intake.model.ledger import OutboxState
from intake.model.record import Action
from intake.pipeline import verify
from intake.pipeline.erase import ask
from tests.fakes.house import House, sample_mail


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "state")
    made.take(sample_mail()[:12])
    made.judge()
    key = next(iter(made.office.vault.objects()))
    made.rule(Action.ASSIGN, key, organization="The Registry")
    made.judge()
    yield made
    made.close()


def later(house: House) -> SteppingClock:
    return SteppingClock(house.clock.now(), timedelta(seconds=1))


def opened(house: House, folder: Path) -> House:
    return House(folder, later(house))


def test_a_backup_comes_back_with_everything_and_sends_nothing_anew(house: House, tmp_path: Path) -> None:
    """The record, numbers and decisions are those of the moment; letters that had not gone wait for a person; only new objects are copied."""
    assert house.going()
    before = house.facts()
    first = back_up(house.folder, tmp_path / "backup", 35, house.clock)
    assert first.copied == len(list(house.office.vault.objects()))
    house.take(sample_mail()[12:14])
    house.judge()
    second = back_up(house.folder, tmp_path / "backup", 35, house.clock)
    assert second.copied == 2
    done = restore_snapshot(tmp_path / "backup", first.id, tmp_path / "drill", house.folder, clock=later(house))
    assert done.objects == first.copied
    drill = opened(house, tmp_path / "drill")
    assert drill.facts() == before
    assert drill.going() == []
    assert verify(drill.office).faults == ()
    drill.take(
        sample_mail()[12:14], at=second.made_at
    )  # the mailbox still shows what came after the snapshot: it may have been answered
    drill.judge()
    assert drill.going() == []
    assert {item.state for item in drill.office.ledger.letters()} <= {OutboxState.HELD, OutboxState.SUPPRESSED}
    drill.close()


def test_restore_touches_nothing_unless_told(house: House, tmp_path: Path) -> None:
    """A folder with something in it is not overwritten; with --replace it is set aside whole."""
    back_up(house.folder, tmp_path / "backup", 35, house.clock)
    house.close()
    with pytest.raises(BadUsage, match="--replace"):
        restore_snapshot(tmp_path / "backup", None, house.folder, house.folder)
    done = restore_snapshot(tmp_path / "backup", None, house.folder, house.folder, replace=True, clock=later(house))
    assert (Path(done.before) / "vault" / "journal.jsonl").exists()
    house.office = house._open()
    assert verify(house.office).faults == ()


def test_a_spoilt_backup_is_refused(house: House, tmp_path: Path) -> None:
    """A flipped byte in an object or in a snapshot's file is told before anything is put in place."""
    made = back_up(house.folder, tmp_path / "backup", 35, house.clock)
    for path in (
        next((tmp_path / "backup" / "objects").glob("*/*.eml")),
        tmp_path / "backup" / "snapshots" / made.id / "rulings.jsonl",
    ):
        good = path.read_bytes()
        path.chmod(0o600)
        path.write_bytes(bytes([good[0] ^ 1]) + good[1:])
        with pytest.raises(BadData, match="damaged"):
            restore_snapshot(tmp_path / "backup", None, tmp_path / "drill", house.folder)
        assert not (tmp_path / "drill").exists()
        path.write_bytes(good)


def test_backups_expire_and_forget(house: House, tmp_path: Path) -> None:
    """After an erasure the next backup drops the object; a restore of an older one erases again; what has expired goes."""
    old = back_up(house.folder, tmp_path / "backup", 2, house.clock)
    shutil.copytree(tmp_path / "backup", tmp_path / "elsewhere")
    key = sorted(house.office.vault.objects())[3]
    house.erase([key])
    back_up(house.folder, tmp_path / "backup", 2, house.clock)
    assert not list((tmp_path / "backup" / "objects").glob(f"*/{key}.eml"))
    for place in ("backup", "elsewhere"):
        drill = tmp_path / f"drill-{place}"
        done = restore_snapshot(tmp_path / place, old.id, drill, house.folder, clock=later(house))
        assert done.erased == 1
        back = opened(house, drill)
        back.judge()
        assert key not in set(back.office.vault.objects())
        assert back.office.ledger.tally(back.round.id).erased == 1
        assert verify(back.office).faults == ()
        back.close()
    house.clock.advance(timedelta(days=3))
    back_up(house.folder, tmp_path / "backup", 2, house.clock)
    assert old.id not in [item.id for item in Backup(tmp_path / "backup").snapshots()]


def test_two_officers(house: House) -> None:
    """The first asks, the second agrees; the same one twice is refused."""
    key = sorted(house.office.vault.objects())[0]
    assert ask(house.office, house.round, [key], "ana", "asked for") is None
    with pytest.raises(BadUsage, match="another officer"):
        ask(house.office, house.round, [key], "ana", "again")
    agreed = ask(house.office, house.round, [key], "ben", "yes")
    assert agreed is not None
    assert (agreed.by, agreed.reason) == ("ana", "asked for")


def test_a_bag_is_one_by_the_library_of_congress_reads_alone_and_comes_back(house: House, tmp_path: Path) -> None:
    """Valid by the `bagit` library; the index names every message; events are PREMIS; a new state made from it says the same."""
    house.release()
    gone = sorted(house.office.vault.objects())[5]
    house.erase([gone])
    before = house.facts()
    count = bag(house.office, house.round, tmp_path / "bag", house.folder, "ar")
    assert count == 11
    found = bagit.Bag(str(tmp_path / "bag"))
    assert found.validate()
    assert found.info["External-Identifier"] == house.round.id
    assert {"sha256", "sha512"} <= set(found.algorithms)
    page = (tmp_path / "bag" / "data" / "index.html").read_text("utf-8")
    assert 'dir="rtl"' in page
    with (tmp_path / "bag" / "data" / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["file"] for line in lines} == {f"messages/{key}.eml" for key in house.office.vault.objects()}
    assert all(line["file"] in page and (tmp_path / "bag" / "data" / line["file"]).is_file() for line in lines)
    events = etree.parse(str(tmp_path / "bag" / "data" / "events.xml"))
    kinds = {item.text for item in events.iter(f"{{{PREMIS}}}eventType")}
    assert {"ingestion", "classification", "decision", "publication", "deletion", "fixity check"} <= kinds
    record = json.loads((tmp_path / "bag" / "data" / "record.json").read_bytes())
    assert record["tally"]["erased"] == 1
    restore_bag(tmp_path / "bag", tmp_path / "again", house.folder, clock=later(house))
    again = opened(house, tmp_path / "again")
    again.judge()
    assert again.facts() == before
    assert again.going() == []
    assert verify(again.office).faults == ()
    again.close()
    (tmp_path / "bag" / "data" / "index.csv").write_bytes(b"changed")
    with pytest.raises(BadData, match=r"index\.csv was changed"):
        check_bag(tmp_path / "bag")
    assert not found.is_valid()

"""A form's export and registered letters into the record: nothing doubled, nothing half, nothing forgotten that should stay or kept that was erased."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from intake.doors.durable import Disk
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.vault import FileVault
from intake.errors import BadUsage
from intake.keeping import back_up, bag, restore_bag, restore_snapshot
from intake.model.ledger import OutboxState
from intake.model.record import Action, Status
from intake.pipeline import verify
from intake.pipeline.slips import register_slip
from intake.slips.slip import Slip, hashed, slip_octets, with_row
from tests.fakes.forms import MAPPING, bring, export, read, row
from tests.fakes.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "state")
    yield made
    made.close()


def letter(reference: str = "P-1", **changes: object) -> Slip:
    """A letter on paper."""
    values: dict[str, object] = {
        "organization": "Coastal Union", "category": "civil_society", "country": "PT", "vouched": True, "reference": reference, "by": "ana",
        "text": "Question 1: Landing stations must be open to every operator at the cost of their upkeep.",
        "at": datetime.fromisoformat("2025-11-20T12:00:00+01:00"), **changes,
    }  # fmt: skip
    return with_row(Slip(kind="register", source="paper", id=hashed("register", reference)[:32], row="", **values))  # type: ignore[arg-type]


def sound(house: House) -> None:
    """The sums hold, every object is whole and named."""
    house.judge()
    found = verify(house.office)
    assert found.faults == ()
    assert house.office.ledger.tally(house.round.id).holds


def test_the_same_export_twice_and_a_grown_one(house: House) -> None:
    """Only rows that are new come; the receipt's time is the form's."""
    first = export(row(1), row(2))
    assert bring(house, first).new == (2, 3)
    assert (bring(house, first).new, bring(house, first).same) == ((), (2, 3))
    grown = bring(house, export(row(1), row(2), row(3)))
    assert (grown.new, grown.same) == ((4,), (2, 3))
    record = house.judge()
    assert (record.counts.messages, record.counts.counted) == (3, 3)
    assert [item.received_at.isoformat() for item in record.responses] == [f"2025-11-0{day}T09:00:00+00:00" for day in (2, 3, 4)]
    assert [item.source_bytes for item in house.office.vault.imports()] == [len(first), len(export(row(1), row(2), row(3)))]
    sound(house)


def test_a_changed_row_is_a_revision_of_its_own_response(house: House) -> None:
    """Also without an address; received when we saw it, for the form tells no later time; a mapping that is another needs a word."""
    bring(house, export(row(1), row(2)))
    found = bring(house, export(row(1, one="Something else is said here now about the coast."), row(2)))
    assert (found.changed, found.same) == ((2,), (3,))
    record = house.judge()
    response = next(item for item in record.responses if len(item.versions) == 2)
    assert record.counts.responses == 2
    assert response.versions[1].received_at > house.clock.now().replace(hour=0, minute=0)
    assert response.versions[1].late, "the deadline had passed when it was seen"
    assert response.answers[0][1].text.startswith("Answer 1"), "a late revision waits for a person"
    moved = MAPPING.replace('person = "Name"\n', "")
    with pytest.raises(BadUsage, match="mapping is another"):
        bring(house, export(row(1), row(2)), moved)
    assert len(bring(house, export(row(1), row(2)), moved, remap=True).changed) == 2
    sound(house)


def test_the_form_tells_when_a_row_was_changed(house: House) -> None:
    """Then that is the time of the revision, and on time it stands."""
    text = MAPPING.replace('id = "ID"', 'id = "ID"\nchanged = "Changed"')
    head = [
        "ID",
        "Sent",
        "Organization",
        "Name",
        "Category",
        "Country",
        "E-mail",
        "One",
        "Two",
        "Three",
        "Four",
        "Other",
        "Changed",
    ]
    bring(house, export([*row(1), ""], head=head), text)
    bring(
        house, export([*row(1, one="The whole coast says otherwise by now, and at length."), "2025-12-01 10:00"], head=head), text
    )
    (response,) = house.judge().responses
    assert response.answers[0][1].text.startswith("The whole coast")
    assert response.received_at.isoformat() == "2025-11-02T09:00:00+00:00"


def test_what_was_erased_stays_away_and_its_export_goes(house: House) -> None:
    """The export held the words as well. Imported again, the row is known, and the octets of the export are kept no more."""
    data = export(row(1), row(2))
    found = bring(house, data)
    (source,) = [item.source_sha256 for item in house.office.vault.imports()]
    assert house.office.vault.source(source) == data
    house.judge()
    house.erase([found.keys[0]])
    assert house.office.vault.source(source) is None
    sound(house)
    again = bring(house, export(row(1), row(2), row(3)))
    assert (again.erased, again.new, again.same) == ((2,), (4,), (3,))
    assert b"Answer 1" not in b"".join(path.read_bytes() for path in house.folder.rglob("vault/**/*") if path.is_file())
    house.again()
    sound(house)
    assert house.office.ledger.tally(house.round.id).erased == 1


def test_letters_follow_the_rules_of_every_letter(house: House) -> None:
    """Not answered unless asked for; an address that the form did not prove waits for a person; none, no letter."""
    bring(house, export(row(1, email="ana@island1.example")))
    bring(house, export(row(1, email="ana@island1.example"), row(2, email="ana@island2.example"), row(3)), answer=True)
    proven = MAPPING.replace("[answers]", "email_verified = true\n[answers]").replace('form = "web"', 'form = "other"')
    bring(house, export(row(4, email="ana@island4.example")), proven, answer=True)
    states = {item.recipient: (item.state, item.reason) for item in house.office.ledger.letters(house.round.id)}
    assert states["ana@island1.example"][0] is OutboxState.SUPPRESSED
    assert states["ana@island2.example"] == (OutboxState.HELD, "the form did not prove that the address is the respondent's")
    assert states["ana@island4.example"][0] is OutboxState.QUEUED
    assert len(states) == 3


def test_a_letter_on_paper_is_registered_once(house: House) -> None:
    """With its number; the same again is nothing, something else under that number is refused unless it corrects."""
    found = register_slip(house.office, house.round, letter(), by="ana", reason="stamp")
    assert len(found.keys) == 1
    assert register_slip(house.office, house.round, letter(), by="ben", reason="").keys == ()
    other = letter(text="Question 1: Another text that was read more carefully than the first one.")
    with pytest.raises(BadUsage, match="P-1: was registered before"):
        register_slip(house.office, house.round, other, by="ana", reason="")
    register_slip(house.office, house.round, other, by="ana", reason="misread", correct=True)
    (response,) = house.judge().responses
    assert [filed.letter for filed in house.judge().filed] == [None, None]
    assert len(response.versions) == 2
    kept = list(house.office.vault.imports())
    assert [(item.kind, item.by, item.reason) for item in kept] == [("register", "ana", "stamp"), ("register", "ana", "misread")]
    said = [entry.payload for entry in house.office.ledger.journal_entries() if entry.kind == "imported"]
    assert [item["import"] for item in said] == [item.id for item in kept]
    assert "ana" not in str(said)
    sound(house)


def test_where_an_officer_says_that_it_belongs(house: House) -> None:
    """A letter names the response that it adds to, whoever sent that."""
    bring(house, export(row(1)))
    (first,) = house.judge().responses
    text = "Question 2: The running costs are met by a fund of the operators."
    register_slip(house.office, house.round, letter(belongs_to=first.messages[0], text=text), by="ana", reason="")
    (response,) = house.judge().responses
    assert [answer.question for _key, answer in response.answers] == [1, 2]


class Death(Exception):
    """The process ends here."""


class Doomed:
    """Dies at the n-th act of the disk or the ledger, and says whether it came so far."""

    def __init__(self, at: int) -> None:
        self.at, self.count = at, 0

    def __call__(self, name: str) -> None:
        self.count += 1
        if self.count == self.at:
            raise Death(name)


def _lives(folder: Path, act: Callable[[House], object], at: int) -> tuple[bool, int]:
    """A house on a copy of a folder that dies at the n-th act of `act`: (died, messages after the next start, before any new import)."""
    made = House(folder)
    doomed = Doomed(0)
    made.office.ledger.close()
    made.office.vault = FileVault(folder / "vault", disk=Disk(doomed))
    made.office.ledger = SqliteLedger.open(folder / "ledger.sqlite3", step=doomed)
    died = False
    doomed.at, doomed.count = at, 0
    try:
        act(made)
    except Death:
        died = True
    doomed.at = 0
    made.again()
    count = made.judge().counts.messages
    found = [fault for fault in verify(made.office).faults if "has no receipt" not in fault]
    assert found == [], (at, found)
    act(made)
    assert made.judge().counts.messages == AFTER
    assert verify(made.office).faults == ()
    journal = [entry.payload["import"] for entry in made.office.ledger.journal_entries() if entry.kind == "imported"]
    assert sorted(map(str, journal)) == sorted(item.id for item in made.office.vault.imports())
    made.close()
    return died, count


AFTER = 4


@pytest.mark.parametrize("kind", ["form", "register"])
def test_killed_anywhere_all_of_it_came_or_nothing(kind: str, tmp_path: Path) -> None:
    """At every write, sync, rename and commit in turn. The next start finds the record before or after, and the same act again gives the
    same whole record: no row twice, none missing, no journal entry missing."""
    begin = tmp_path / "begin"
    made = House(begin)
    bring(made, export(*(row(number) for number in range(1, 2 if kind == "form" else 4))))
    made.judge()
    made.close()

    def act(house: House) -> object:
        if kind == "form":
            return bring(house, export(*(row(number) for number in range(1, 5))))
        return register_slip(house.office, house.round, letter(), by="ana", reason="stamp")

    seen: set[int] = set()
    for at in range(1, 200, 1 if os.environ.get("INTAKE_DEEP") else 2):
        folder = tmp_path / f"at-{at}"
        shutil.copytree(begin, folder)
        died, count = _lives(folder, act, at)
        if not died:
            break
        assert count in (AFTER - (3 if kind == "form" else 1), AFTER), f"act {at}: something half came: {count} messages"
        seen.add(count)
    assert at > 15, "there are that many acts"
    assert len(seen) == 2, "deaths before it came and after"


def test_octets_are_those_of_what_was_said(house: House) -> None:
    """A slip can be made again from the export: archives need no word of ours for it."""
    data = export(row(1), row(2))
    bring(house, data)
    made = {hashed_octets(slip_octets(slip, house.round.channels.address)) for slip in read(house, data).slips}
    assert made == set(house.office.vault.objects())


def hashed_octets(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def test_decisions_hold_for_slips_as_for_mail(house: House) -> None:
    """A person excludes and counts again."""
    found = bring(house, export(row(1)))
    house.rule(Action.EXCLUDE, found.keys[0])
    assert [item.status for item in house.judge().responses] == [Status.EXCLUDED]
    assert house.judge().counts.counted == 0


def test_an_import_goes_with_backup_and_bag(house: House, tmp_path: Path) -> None:
    """Restored, the record is the same, the export is there octet for octet, and the same rows again bring nothing. A bag holds both."""
    data = export(row(1), row(2))
    bring(house, data)
    register_slip(house.office, house.round, letter(), by="ana", reason="stamp")
    record = house.judge()
    bag(house.office, house.round, tmp_path / "bag", house.folder, "en")
    (source,) = (tmp_path / "bag" / "data" / "sources").iterdir()
    assert source.read_bytes() == data
    back_up(house.folder, tmp_path / "backup", 30, house.clock)
    house.close()
    restore_snapshot(tmp_path / "backup", None, tmp_path / "again", house.folder, clock=house.clock)
    restore_bag(tmp_path / "bag", tmp_path / "of-bag", house.folder, clock=house.clock)
    for folder in ("again", "of-bag"):
        other = House(tmp_path / folder)
        assert other.judge().responses == record.responses
        assert [item.kind for item in other.office.vault.imports()] == ["form", "register"]
        assert other.office.vault.source(source.name) == data
        assert bring(other, data).new == ()
        assert verify(other.office).faults == ()
        other.close()


def test_a_backup_forgets_what_was_erased(house: House, tmp_path: Path) -> None:
    """The export goes from the place of the backups, too, and a restore does not bring it back."""
    found = bring(house, export(row(1), row(2)))
    house.judge()
    back_up(house.folder, tmp_path / "backup", 30, house.clock)
    assert len(list((tmp_path / "backup" / "sources").iterdir())) == 1
    house.erase([found.keys[0]])
    back_up(house.folder, tmp_path / "backup", 30, house.clock)
    assert list((tmp_path / "backup" / "sources").iterdir()) == []
    house.close()
    restore_snapshot(tmp_path / "backup", None, tmp_path / "again", house.folder, clock=house.clock)
    assert not any(b"Answer 1:" in path.read_bytes() for path in (tmp_path / "again" / "vault").rglob("*") if path.is_file())


def test_a_damaged_or_missing_export_is_told(house: House) -> None:
    bring(house, export(row(1)))
    house.judge()
    (path,) = (house.folder / "vault" / "sources").iterdir()
    whole = path.read_bytes()
    path.chmod(0o640)
    path.write_bytes(whole + b"x")
    assert any("damaged" in fault for fault in verify(house.office).faults)
    path.unlink()
    assert any("missing" in fault for fault in verify(house.office).faults)
    (told,) = (house.folder / "vault" / "imports").iterdir()
    told.chmod(0o640)
    told.write_bytes(b"{}")
    assert any("cannot be read" in fault for fault in verify(house.office).faults)

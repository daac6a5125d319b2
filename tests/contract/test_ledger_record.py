"""What the ledger promises of deliveries, caches, the record and people's decisions; in memory and on disk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.vault import FileVault, commitment
from intake.errors import BadData, TryAgain
from intake.model.ledger import Folder, KeptRuling, Note, Numbers, Revision, Tally
from intake.model.record import Action, Campaign, Ruling, Status
from intake.model.verdict import Disposition, Verdict
from intake.ports import Coordinates, Ledger
from tests.fakes.samples import NOON, filed, key, letter, reading, receipt, record, response


@pytest.fixture(params=["memory", "file"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    opened = SqliteLedger.open(None if request.param == "memory" else tmp_path / "ledger.sqlite3")
    yield opened
    opened.close()


def test_deliveries_are_seen_by_place_and_the_same_again_is_silent(ledger: Ledger) -> None:
    assert ledger.last_sequence() == 0
    ledger.record_deliveries([receipt(1), receipt(2)])
    ledger.record_deliveries([receipt(2, sequence=99), receipt(3)])
    assert ledger.seen_uids("main", "INBOX", 7) == {1, 2, 3}
    assert ledger.seen_uids("main", "INBOX", 8) == set()
    assert ledger.seen_uids("main", "Junk", 7) == set()
    assert ledger.deliveries("r1") == (receipt(1), receipt(2), receipt(3))
    assert ledger.last_sequence() == 3


def test_the_identity_of_the_tally_holds_with_repeats_and_vanished_ones(ledger: Ledger) -> None:
    again = Coordinates(account="main", folder="INBOX", uidvalidity=8, uid=1)
    ledger.record_deliveries([receipt(1), receipt(2), receipt(1, at=again, sequence=3)])
    gone = [Coordinates(account="main", folder="INBOX", uidvalidity=7, uid=uid) for uid in (5, 6)]
    ledger.record_vanished("r1", "address", gone, NOON)
    ledger.record_vanished("r1", "address", gone, NOON)
    assert ledger.tally("r1") == Tally(seen=5, archived=2, same_bytes=1, vanished=2)
    assert ledger.seen_uids("main", "INBOX", 7) == {1, 2}, "vanished ones are asked for again"
    ledger.record_deliveries([receipt(5, sequence=4)])
    assert ledger.tally("r1") == Tally(seen=5, archived=3, same_bytes=1, vanished=1)
    ledger.record_vanished("r1", "address", [receipt(5).at], NOON)
    assert ledger.tally("r1").vanished == 1, "what was once stored has not vanished"


def test_arrivals_give_each_message_once_by_its_earliest_delivery(ledger: Ledger) -> None:
    junk = receipt(1, at=Coordinates(account="main", folder="Junk", uidvalidity=1, uid=1), channel="junk", sequence=1)
    inbox = receipt(1, sequence=2, internaldate=junk.internaldate - timedelta(minutes=5))
    other = receipt(2, sequence=3, round_id="r2")
    ledger.record_deliveries([junk])
    assert ledger.arrivals("r1") == (junk,)
    ledger.record_deliveries([inbox, other])
    assert ledger.arrivals("r1") == (inbox,)
    assert ledger.arrivals("r1", after_sequence=1) == (inbox,), "an earlier delivery that came later is news"
    assert ledger.arrivals("r1", after_sequence=2) == ()


def test_the_first_poll_of_a_folder_stays(ledger: Ledger) -> None:
    first = Folder(account="main", folder="INBOX", uidvalidity=7, uidnext=4, first_polled_at=NOON, polled_at=NOON)
    assert ledger.folder("main", "INBOX") is None
    ledger.save_folder(first)
    later = msgspec.structs.replace(first, uidvalidity=8, first_polled_at=NOON + timedelta(1), polled_at=NOON + timedelta(1))
    ledger.save_folder(later)
    assert ledger.folder("main", "INBOX") == msgspec.structs.replace(later, first_polled_at=NOON)


def test_readings_are_kept_by_version(ledger: Ledger) -> None:
    ledger.record_deliveries([receipt(number) for number in (3, 1, 2)])
    assert ledger.unread("r1", "v1", 2) == (key(1), key(2))
    ledger.save_readings([reading(1), reading(2)], "v1")
    assert ledger.readings([key(1), key(3)], "v1") == {key(1): reading(1)}
    assert ledger.unread("r1", "v1", 9) == (key(3),)
    ledger.save_readings([reading(1, "new words")], "v2")
    assert ledger.readings([key(1)], "v1") == {}
    assert ledger.readings([key(1)], "v2")[key(1)].text == "new words"
    many = [key(number) for number in range(1200)]
    assert set(ledger.readings(many, "v1")) == {key(2)}


def test_verdicts_are_kept_by_round_and_version(ledger: Ledger) -> None:
    verdict = Verdict(key=key(1), disposition=Disposition.RESPONSE, confidence=0.9, findings=(), minhash=(2**63, 1))
    ledger.save_verdicts("r1", [verdict], "v1")
    assert ledger.verdicts("r1", [key(1)], "v1") == {key(1): verdict}
    assert ledger.verdicts("r2", [key(1)], "v1") == {}
    assert ledger.verdicts("r1", [key(1)], "v2") == {}


def test_a_record_comes_back_equal_whole_or_by_difference(ledger: Ledger) -> None:
    assert ledger.load_record("r1") is None
    first = record(1, 2, 3)
    ledger.save_record(first, at=NOON)
    assert ledger.load_record("r1") == first
    second = msgspec.structs.replace(
        record(4, 1, 3),
        responses=(response(1), response(3, Status.WITHDRAWN), response(4)),
        campaigns=(Campaign(id="c1", representative=key(4), messages=(key(4),)),),
    )
    ledger.save_record(second, at=NOON, before=first)
    assert ledger.load_record("r1") == second
    ledger.save_record(first, at=NOON)
    assert ledger.load_record("r1") == first


def test_only_what_differs_is_written(ledger: Ledger) -> None:
    first = record(1, 2)
    ledger.save_record(first, at=NOON)
    second = msgspec.structs.replace(first, filed=(filed(1), filed(2, Disposition.SPAM)))
    lie = msgspec.structs.replace(first, filed=(filed(1, Disposition.COPY), filed(2)))
    ledger.save_record(second, at=NOON, before=first)
    ledger.save_record(lie, at=NOON, before=msgspec.structs.replace(lie, filed=(filed(1, Disposition.COPY), filed(3))))
    kept = ledger.load_record("r1")
    assert kept is not None
    assert [item.disposition for item in kept.filed] == [Disposition.RESPONSE, Disposition.RESPONSE], (
        "the first row was not touched"
    )


def test_numbers_once_given_stay_given(ledger: Ledger) -> None:
    one = Numbers(receipts={key(1): "R-2026-AAAA-BBBB"}, public={response(1).id: 1})
    ledger.save_record(record(1), at=NOON, numbers=one)
    ledger.save_record(record(1), at=NOON, numbers=one)
    assert ledger.numbers("r1") == one
    assert ledger.find_receipt(" r-2026-aaaa-bbbb ") == ("r1", key(1))
    assert ledger.find_receipt("R-2026-AAAA-CCCC") is None
    for wrong in (
        Numbers(public={response(1).id: 2}),
        Numbers(public={response(2).id: 1}),
        Numbers(receipts={key(2): "R-2026-AAAA-BBBB"}),
    ):
        with pytest.raises(TryAgain):
            ledger.save_record(record(1, 2), at=NOON, numbers=wrong)
    assert ledger.load_record("r1") == record(1), "nothing of a transaction that failed"
    assert ledger.numbers("r1") == one
    assert [entry.kind for entry in ledger.journal_entries()] == ["numbers"]


def test_a_record_brings_its_letters_and_notes_or_nothing(ledger: Ledger) -> None:
    ledger.save_record(record(1), at=NOON, letters=[letter(1)], notes=[Note(kind="filed", payload={"message": key(1)})])
    ledger.save_record(record(1), at=NOON, letters=[letter(1, raw=b"other")])
    assert [(item.id, item.raw) for item in ledger.letters("r1")] == [(letter(1).id, letter(1).raw)]
    assert [entry.payload for entry in ledger.journal_entries()] == [{"message": key(1)}]


def test_rulings_are_append_only_and_journalled_without_their_words(ledger: Ledger) -> None:
    ruling = Ruling(
        id="d1", at=NOON, by="officer", action=Action.ASSIGN, message=key(1), reason="Mme X said so", set={"country": "FR"}
    )
    kept = KeptRuling(round_id="r1", ruling=ruling, salt="s", commitment=commitment("s", ruling))
    assert ledger.add_ruling(kept)
    assert not ledger.add_ruling(kept)
    earlier = msgspec.structs.replace(ruling, id="d0", at=NOON - timedelta(1))
    ledger.add_ruling(KeptRuling(round_id="r1", ruling=earlier, salt="s", commitment="c"))
    assert ledger.rulings("r1") == (earlier, ruling)
    assert ledger.rulings("r2") == ()
    entries = list(ledger.journal_entries())
    assert [entry.payload["ruling"] for entry in entries] == ["d1", "d0"]
    assert "Mme X" not in str(entries)


def test_a_revision_is_released_once(ledger: Ledger) -> None:
    revision = Revision(round_id="r1", number=1, released_at=NOON, released_by="officer", manifest_sha256="ab" * 32)
    ledger.add_revision(revision)
    with pytest.raises(BadData):
        ledger.add_revision(revision)
    assert ledger.revisions("r1") == (revision,)
    assert [entry.kind for entry in ledger.journal_entries()] == ["revision"]


def test_many_numbers_at_once_still_make_a_journal_that_its_file_can_end_with(ledger: Ledger, tmp_path: Path) -> None:
    many = Numbers(receipts={key(number): f"R-{number}" for number in range(6000)})
    ledger.save_record(record(1), at=NOON, numbers=many)
    vault = FileVault(tmp_path / "vault")
    vault.keep_journal(ledger.journal_entries())
    assert vault.journal_seq() == ledger.verify_journal()


def test_the_version_tells_of_every_commit_whoever_made_it_and_of_nothing_else(tmp_path: Path) -> None:
    mine, another = (SqliteLedger.open(tmp_path / "ledger.sqlite3") for _ in range(2))
    first = mine.version()
    mine.arrivals("r1")
    another.mark("r1")
    assert mine.version() == first
    mine.put_setting("a", "1")
    second = mine.version()
    another.record_deliveries([receipt(1)])
    assert len({first, second, mine.version()}) == 3
    for ledger in (mine, another):
        ledger.close()

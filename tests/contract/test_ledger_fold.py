"""What the ledger promises of what a fold keeps, and of a record that grows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from intake.doors.ledger.ledger import SqliteLedger
from intake.errors import TryAgain
from intake.model.ledger import Note, Numbers, Tombstone
from intake.ports import Ledger
from tests.fakes.samples import NOON, filed, key, letter, record, response

LATER = NOON + timedelta(hours=1)


@pytest.fixture(params=["memory", "file"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    opened = SqliteLedger.open(None if request.param == "memory" else tmp_path / "ledger.sqlite3")
    yield opened
    opened.close()


def test_rows_are_kept_by_round_and_name(ledger: Ledger) -> None:
    ledger.keep_fold("r1", [(b"0a\x00\xff", b"one"), (b"0b", b"two")], anew=True)
    ledger.keep_fold("r2", [(b"0b", b"another")], anew=True)
    ledger.keep_fold("r1", [(b"0b", b"three")], anew=False)
    assert [ledger.fold_row("r1", name) for name in (b"0a\x00\xff", b"0b", b"0c")] == [b"one", b"three", None]
    ledger.copy_fold("r1", b"0", b"1")
    assert [ledger.fold_row("r1", name) for name in (b"1a\x00\xff", b"1b", b"0b")] == [b"one", b"three", b"three"]
    assert ledger.fold_row("r2", b"1b") is None
    ledger.keep_fold("r1", [(b"0c", b"four")], anew=True)
    assert [ledger.fold_row("r1", name) for name in (b"0a\x00\xff", b"1b", b"0c")] == [None, None, b"four"]
    assert ledger.fold_row("r2", b"0b") == b"another"


def test_an_erasure_throws_every_row_away(ledger: Ledger) -> None:
    ledger.keep_fold("r1", [(b"0a", b"one")], anew=True)
    ledger.keep_fold("r2", [(b"0a", b"two")], anew=True)
    ledger.erase([Tombstone(round_id="r1", key=key(1), at=NOON, by="ana", second="", reason="asked for")])
    assert ledger.fold_row("r1", b"0a") is None
    assert ledger.fold_row("r2", b"0a") is None


def test_a_record_grows_by_what_is_new_all_or_nothing(ledger: Ledger) -> None:
    whole = record(1)
    ledger.save_record(whole, at=NOON)
    part = replace(whole, filed=(filed(2),), responses=(response(2),))
    grown = {"rows": {b"0a": b"row"}, "numbers": Numbers(public={response(2).id: 7}), "letters": [letter(2)], "notes": [Note(kind="filed", payload={})]}  # fmt: skip  # noqa: E501
    with pytest.raises(TryAgain):
        ledger.grow_record(part, at=LATER, since=LATER, **grown)  # type: ignore[arg-type]
    assert ledger.load_record("r1") == whole
    assert (ledger.fold_row("r1", b"0a"), ledger.letter(letter(2).id), ledger.last_public("r1")) == (None, None, 0)
    ledger.grow_record(part, at=LATER, since=NOON, **grown)  # type: ignore[arg-type]
    loaded = ledger.load_record("r1")
    assert loaded is not None
    assert [item.key for item in loaded.filed] == [key(1), key(2)]
    assert {item.id for item in loaded.responses} == {response(1).id, response(2).id}
    assert (ledger.fold_row("r1", b"0a"), ledger.last_public("r1"), ledger.mark("r1").saved_at) == (b"row", 7, LATER)
    assert ledger.letter(letter(2).id) is not None
    assert ledger.numbers_of("r1", [response(2).id]).public == {response(2).id: 7}
    assert ledger.filed_beginning("r1", key(2)[:12]) == (key(2),)
    assert set(ledger.responses_of("r1", [response(1).id, "r-none"])) == {response(1).id}


def test_the_journal_is_read_by_kind(ledger: Ledger) -> None:
    ledger.append([Note(kind=kind, payload={}) for kind in ("a", "b", "a")], NOON)
    assert ledger.journal_length() == 3
    assert [entry.seq for entry in ledger.journal_entries(1, ["a"])] == [3]

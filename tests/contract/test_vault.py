"""What every vault promises: the fake in memory and the folders on disk."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from intake.doors.disk import DiskGuard
from intake.doors.durable import FILES_SYNCED_ALONE, Disk
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.vault import FileVault, commitment
from intake.errors import BadData, Broken, TryAgain
from intake.model.ledger import Note, Tombstone
from intake.model.record import Action, Ruling
from intake.ports import Coordinates, Receipt, Vault
from tests.fakes.vault import FakeVault

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
Damage = Callable[[str], None]


def _damage_on_disk(root: Path) -> Damage:
    def damage(sha256: str) -> None:
        path = root / "objects" / sha256[:2] / f"{sha256}.eml"
        path.chmod(0o640)
        raw = bytearray(path.read_bytes())
        raw[0] ^= 1
        path.write_bytes(bytes(raw))

    return damage


@pytest.fixture(params=["fake", "files"])
def vault_and_damage(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Vault, Damage]:
    if request.param == "fake":
        fake = FakeVault(tmp_path)
        return fake, fake.damage
    return FileVault(tmp_path / "vault"), _damage_on_disk(tmp_path / "vault")


@pytest.fixture
def vault(vault_and_damage: tuple[Vault, Damage]) -> Vault:
    return vault_and_damage[0]


def receipt(sha256: str, uid: int, sequence: int | None = None) -> Receipt:
    return Receipt(
        sha256=sha256,
        size_bytes=3,
        at=Coordinates(account="main", folder="INBOX", uidvalidity=7, uid=uid),
        internaldate=NOON,
        channel="address",
        round_id="r1",
        stored_at=NOON,
        answerable=True,
        sequence=uid if sequence is None else sequence,
    )


def ruling(number: int, reason: str = "a mission speaks for its State") -> Ruling:
    return Ruling(id=f"d{number}", at=NOON, by="officer", action=Action.COUNT, message="ab" * 32, reason=reason)


def test_put_gives_names_in_order_and_the_bytes_come_back(vault: Vault) -> None:
    raws = [b"From: a\r\n\r\nnaked \x00\xff bytes\r\n", b"", b"x" * 100_000]
    names = vault.put(raws)
    assert names == tuple(hashlib.sha256(raw).hexdigest() for raw in raws)
    assert [vault.get(name) for name in names] == raws
    assert list(vault.objects()) == sorted(names)


def test_the_same_bytes_again_are_silent_also_within_a_batch(vault: Vault) -> None:
    first = vault.put([b"one", b"one"])
    assert vault.put([b"one"]) == first[:1]
    assert list(vault.objects()) == [first[0]]


def test_a_staged_message_is_put_like_bytes(vault: Vault) -> None:
    staged = vault.stage(iter([b"first ", b"second"]))
    assert len(staged) == 12
    assert vault.put([staged, b"other"])[0] == staged.sha256
    assert vault.get(staged.sha256) == b"first second"
    again = vault.stage([b"first second"])
    assert vault.put([again]) == (staged.sha256,)


def test_missing_and_damaged_objects_are_bad_data(vault_and_damage: tuple[Vault, Damage]) -> None:
    vault, damage = vault_and_damage
    with pytest.raises(BadData):
        vault.get("0" * 64)
    (name,) = vault.put([b"one"])
    damage(name)
    assert vault.has(name)
    with pytest.raises(BadData):
        vault.get(name)
    vault.put([b"one"])
    assert vault.get(name) == b"one", "good bytes that come again replace damaged ones"


def test_receipts_come_back_in_order_of_sequence_and_once(vault: Vault) -> None:
    (name,) = vault.put([b"one"])
    later, earlier = receipt(name, 4, 9), receipt(name, 5, 8)
    vault.put_receipts([later, earlier])
    vault.put_receipts([msgspec.structs.replace(later, sequence=77)])
    assert list(vault.receipts()) == [earlier, later]


def test_a_ruling_is_kept_once_with_a_commitment_that_can_be_checked(vault: Vault) -> None:
    kept = vault.keep_ruling("r1", ruling(1))
    assert vault.keep_ruling("r1", ruling(1, "another text")) == kept
    assert kept.commitment == commitment(kept.salt, kept.ruling)
    assert kept.commitment != commitment(kept.salt, ruling(1, "another text"))
    other = vault.keep_ruling("r2", ruling(1))
    assert [item.round_id for item in vault.rulings()] == ["r1", "r2"]
    assert other in list(vault.rulings())


def test_the_journal_is_caught_up_and_refuses_another_chain(vault: Vault) -> None:
    ledger, other = SqliteLedger.open(None), SqliteLedger.open(None)
    for book, word in ((ledger, "a"), (other, "b")):
        book.append([Note(kind=word, payload={"n": number}) for number in range(3)], NOON)
    vault.keep_journal(ledger.journal_entries())
    ledger.append([Note(kind="a", payload={"n": 3})], NOON)
    vault.keep_journal(ledger.journal_entries(vault.journal_seq()))
    vault.keep_journal(ledger.journal_entries())
    assert vault.journal_seq() == 4
    assert list(vault.journal()) == list(ledger.journal_entries())
    other.append([Note(kind="b", payload={}), Note(kind="b", payload={})], NOON)
    with pytest.raises(Broken):
        vault.keep_journal(other.journal_entries())
    ledger.close()
    other.close()


# what only the disk has


def test_a_batch_of_receipts_is_one_file_and_the_same_batch_again_is_silent(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    batch = [receipt("ab" * 32, number) for number in range(1, 51)]
    vault.put_receipts(batch)
    vault.put_receipts(batch)
    (path,) = (tmp_path / "vault" / "receipts").rglob("*.*")
    assert path.name.startswith("0000000001-0000000050-50-")
    assert list(vault.receipts()) == batch


def test_files_that_the_ledger_has_in_full_are_not_read_again(tmp_path: Path) -> None:
    """By their names; where two files claim one number (a commit failed in between) both are read."""
    vault = FileVault(tmp_path / "vault")
    first, second = [receipt("ab" * 32, number) for number in (1, 2, 3)], [receipt("cd" * 32, number) for number in (4, 5)]
    vault.put_receipts(first)
    vault.put_receipts(second)
    assert list(vault.receipts({1, 2, 3})) == second
    assert list(vault.receipts({1, 2, 3, 4})) == second
    assert list(vault.receipts({1, 2, 3, 4, 5})) == []
    again = [receipt("ef" * 32, 9, 4)]
    vault.put_receipts(again)
    assert list(vault.receipts({1, 2, 3, 4, 5})) == [*second[:1], *again, *second[1:]]


def test_receipts_of_before_have_a_file_each_and_are_read_as_they_are(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    folder = tmp_path / "vault" / "receipts" / "0123456789abcdef"
    folder.mkdir()
    old = receipt("ab" * 32, 7)
    (folder / ("a" * 40 + ".json")).write_bytes(msgspec.json.encode(old) + b"\n")
    new = receipt("cd" * 32, 8)
    vault.put_receipts([new])
    assert list(vault.receipts()) == [old, new]
    assert list(vault.receipts({7, 8})) == [old], "nothing in its name says what it holds"
    (folder / ("b" * 40 + ".json")).write_bytes(b"{")
    assert "a receipt in " + "b" * 40 + ".json cannot be read" in list(vault.faults())


def test_a_line_that_is_damaged_costs_no_other(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    vault.put_receipts([receipt("ab" * 32, number) for number in (1, 2, 3)])
    (path,) = (tmp_path / "vault" / "receipts").rglob("*.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.chmod(0o640)
    path.write_bytes(lines[0] + b"#" + lines[1] + lines[2])
    assert [item.sequence for item in vault.receipts()] == [1, 3]
    assert any(path.name in fault for fault in vault.faults())


def test_objects_are_read_only_files_under_their_hash(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    (name,) = vault.put([b"one"])
    path = tmp_path / "vault" / "objects" / name[:2] / f"{name}.eml"
    assert stat.S_IMODE(path.stat().st_mode) & ~0o440 == 0
    assert os.listdir(tmp_path / "vault" / "staging") == []


def test_clean_removes_what_a_dead_process_left(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    vault.stage([b"half"])
    assert FileVault(tmp_path / "vault").clean() == 1
    assert vault.clean() == 0


def test_a_name_that_is_no_hash_never_becomes_a_path(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    for name in ("../../etc/passwd", "AB" * 32, "ab", "ab" * 31 + "a/"):
        with pytest.raises(BadData):
            vault.get(name)


def test_too_little_room_is_said_before_anything_is_written(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault", guard=DiskGuard(tmp_path, min_percent=0, min_bytes=1 << 60))
    with pytest.raises(TryAgain, match="room"):
        vault.put([b"one"])
    assert list(vault.objects()) == []
    FileVault(tmp_path / "vault", guard=DiskGuard(tmp_path, min_percent=0, min_bytes=0)).put([b"one"])


def test_a_batch_that_fails_leaves_no_temp_files(tmp_path: Path) -> None:
    names: list[str] = []

    def full(name: str) -> None:
        names.append(name)
        if names.count("disk.write") == 3:
            raise OSError(28, "No space left on device")

    FileVault(tmp_path / "vault")
    vault = FileVault(tmp_path / "vault", disk=Disk(full))
    with pytest.raises(TryAgain, match="full"):
        vault.put([b"one", b"two", b"three"])
    assert list(vault.objects()) == []
    assert os.listdir(tmp_path / "vault" / "staging") == []


def test_a_batch_costs_at_most_two_syncs_a_message_and_shares_the_rest(tmp_path: Path) -> None:
    names: list[str] = []
    vault = FileVault(tmp_path / "vault", disk=Disk(names.append))
    vault.put_receipts([receipt(vault.put([b"the first of this process"])[0], 1)])
    for batch in (1, 2, 3, 50):
        names.clear()
        shas = vault.put([f"message {batch} {number}".encode() for number in range(batch)])
        vault.put_receipts([receipt(sha, batch * 100 + number) for number, sha in enumerate(shas)])
        together = 2 if batch > FILES_SYNCED_ALONE else batch + 1
        assert names.count("disk.sync") in (together, batch + 1), "the second where the system has no syncfs"
        assert names.count("disk.sync_folder") <= 4 - 1, "the fourth is the ledger's commit"


def test_a_torn_last_line_of_the_journal_is_cut_off_and_written_again(tmp_path: Path) -> None:
    ledger = SqliteLedger.open(None)
    ledger.append([Note(kind="k", payload={"n": 1}), Note(kind="k", payload={"n": 2})], NOON)
    vault = FileVault(tmp_path / "vault")
    vault.keep_journal(ledger.journal_entries())
    path = tmp_path / "vault" / "journal.jsonl"
    whole = path.read_bytes()
    for cut in (1, 40, len(whole) - whole.index(b"\n") - 2):
        path.write_bytes(whole[:-cut])
        assert vault.journal_seq() == 1
        assert len(list(vault.journal())) == 1
        vault.keep_journal(ledger.journal_entries())
        assert path.read_bytes() == whole
    ledger.close()


def test_faults_names_what_does_not_hold_and_slices_cover_everything(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    names = vault.put([f"message {number}".encode() for number in range(6)])
    vault.put_receipts([receipt(name, number) for number, name in enumerate(names[:5])])
    _damage_on_disk(tmp_path / "vault")(names[0])
    (tmp_path / "vault" / "objects" / names[1][:2] / f"{names[1]}.eml").unlink()
    found = {fault for part in (1, 2, 3) for fault in vault.faults(part, 3)}
    assert found == {
        f"object {names[0]} is damaged",
        f"object {names[1]} is missing, a receipt names it",
        f"object {names[5]} has no receipt",
    }


def test_the_secret_is_made_once(tmp_path: Path) -> None:
    first = FileVault(tmp_path / "vault").secret()
    assert len(first) == 32
    assert FileVault(tmp_path / "vault").secret() == first


def stone(key: str, *rulings: str) -> Tombstone:
    return Tombstone(round_id="r1", key=key, at=NOON, by="ana", second="", reason="asked for", rulings=rulings)


def test_what_is_erased_stays_away(vault: Vault) -> None:
    """The tombstone is kept once, opens its commitment, and the same bytes are not taken again; the rest stays."""
    gone, kept = vault.put([b"gone", b"kept"])
    vault.put_receipts([receipt(gone, 1), receipt(kept, 2)])
    first = vault.keep_tombstone(stone(gone))
    assert vault.keep_tombstone(stone(gone)) == first
    assert vault.holds(first)
    assert not vault.holds(msgspec.structs.replace(first, reason="another"))
    for _ in range(2):
        vault.bury(first)
        assert list(vault.objects()) == [kept]
    assert vault.put([b"gone"]) == (gone,)
    assert list(vault.objects()) == [kept]
    assert list(vault.tombstones()) == [first]
    assert list(vault.faults()) == []


def test_words_of_decisions_go_with_their_message(vault: Vault) -> None:
    """Id, officer, action and commitment stay; reason, values and salt go; other decisions keep theirs."""
    (gone,) = vault.put([b"gone"])
    about = Ruling(
        id="d1", at=NOON, by="ana", action=Action.ASSIGN, message=gone, reason="the letterhead", set={"organization": "X"}
    )
    other = Ruling(id="d2", at=NOON, by="ana", action=Action.COUNT, message="ab" * 32, reason="in time")
    kept = [vault.keep_ruling("r1", item) for item in (about, other)]
    vault.bury(vault.keep_tombstone(stone(gone, "d1")))
    bare, whole = vault.rulings()
    assert (bare.ruling.id, bare.ruling.by, bare.commitment) == ("d1", "ana", kept[0].commitment)
    assert (bare.ruling.reason, bare.ruling.set, bare.salt) == ("", {}, "")
    assert whole == kept[1]
    assert vault.holds(whole)

"""Power fails after every act of the vault's door, and whatever was not synced may be there or not: no state is a bad one.

The ledger's file is SQLite's trade (WAL, synchronous=FULL): a commit that was told is there, one under way is there or not. A state is
bad when an object is not whole, a receipt has no object, a row of the ledger has no receipt or object, the journal's file is not a
beginning of the ledger's journal, or a draft is there in part. A sample of states is laid out on a real disk and lived on from.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from intake.doors.durable import Disk as Door
from intake.model.ledger import JournalEntry
from intake.ports import Receipt
from tests.fakes.bureau import ROUND, Bureau, mail
from tests.fakes.power import Disk, Recorder, Tree

pytestmark = pytest.mark.timeout(1200)
DEEP = bool(os.environ.get("INTAKE_DEEP"))
MAILS = 8 if DEEP else 6
LIVED = 200 if DEEP else 12


class Run:
    """A recorded run: the disk before, the acts with the ledger's commits among them, a copy of the ledger at each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bureau = Bureau(folder / "world")
        with self.bureau.life() as office:
            self.bureau.cycle(office)
        self.before = tree(self.bureau.state_dir)
        every = self.bureau.state_dir.rglob("*")
        self.folders = {str(path.relative_to(self.bureau.state_dir)) for path in every if path.is_dir()}
        shutil.copytree(self.bureau.state_dir, folder / "before")
        self.bureau.clock.advance(timedelta(days=1))
        self.bureau.mailbox.deliver([mail(number) for number in range(MAILS)], self.bureau.clock.now())
        self.recorder = Recorder(self.bureau.state_dir)
        self.commits: list[Path] = []
        self._copy()

    def record(self, patch: pytest.MonkeyPatch) -> None:
        """One pass of the daemon."""
        self.recorder.install(patch)
        try:
            with self.bureau.life(Door(), self._step) as office:
                self.bureau.cycle(office)
        finally:
            self.recorder.listening = False

    def _step(self, name: str) -> None:
        if name == "ledger.committed":
            self.recorder.note("commit", self._copy())

    def _copy(self) -> int:
        path = self.folder / f"ledger-{len(self.commits)}.sqlite3"
        with sqlite3.connect(self.bureau.state_dir / "ledger.sqlite3") as source:
            source.execute("VACUUM INTO ?", (str(path),))
        source.close()
        self.commits.append(path)
        return len(self.commits) - 1

    def crashes(self) -> Iterator[tuple[int, Tree, list[int]]]:
        """(act, state, ledgers that may be there) after each act; a commit under way is there or not."""
        disk, commit = Disk(self.before, self.folders), 0
        for number, act in enumerate(self.recorder.acts):
            under_way = self.recorder.acts[number + 1][1:] if self._commits_next(number) else ()
            if act[0] == "commit":
                commit = act[1]
            else:
                disk.act(*act)
            for state in disk.crashes():
                yield number, state, [commit, *under_way]

    def _commits_next(self, number: int) -> bool:
        return number + 1 < len(self.recorder.acts) and self.recorder.acts[number + 1][0] == "commit"


def tree(folder: Path) -> Tree:
    """The vault's and the papers' files, without what belongs to SQLite and without locks."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "ledger" not in path.name and path.suffix != ".lock"
    }


class Ledgers:
    """What each copy of the ledger relies on."""

    def __init__(self, copies: list[Path]) -> None:
        self.rows: list[set[tuple[str, int, int]]] = []
        self.heads: list[list[str]] = []
        for path in copies:
            with sqlite3.connect(path) as base:
                found = base.execute("SELECT sha256, uidvalidity, uid FROM delivery WHERE sha256 IS NOT NULL").fetchall()
                self.heads.append([row[0] for row in base.execute("SELECT head FROM journal ORDER BY seq")])
            base.close()
            self.rows.append({tuple(row) for row in found})  # type: ignore[misc]


_SOUND: dict[tuple[str, bytes], Any] = {}


def _object(name: str, data: bytes) -> bool:
    key = (name, data)
    if key not in _SOUND:
        _SOUND[key] = hashlib.sha256(data).hexdigest() == Path(name).stem
    return bool(_SOUND[key])


def _receipt(name: str, data: bytes) -> Receipt | None:
    key = (name, data)
    if key not in _SOUND:
        try:
            _SOUND[key] = msgspec.json.decode(data, type=Receipt)
        except msgspec.MsgspecError:
            _SOUND[key] = None
    return _SOUND[key]  # type: ignore[no-any-return]


def bad(state: Tree, ledgers: Ledgers, commit: int, papers: frozenset[str]) -> str:
    """What is wrong with a state, "" when nothing."""
    objects, placed, drafts = set(), set(), set()
    for name, data in state.items():
        if name.startswith("vault/objects/"):
            if not _object(name, data):
                return f"{name} is not whole"
            objects.add(Path(name).stem)
        elif name.startswith("vault/receipts/"):
            for line in data.splitlines() or [b""]:
                receipt = _receipt(name, line)
                if receipt is None:
                    return f"{name} cannot be read"
                placed.add((receipt.sha256, receipt.at.uidvalidity, receipt.at.uid))
        elif name.startswith(f"drafts/{ROUND}/"):
            if not data:
                return f"{name} is empty"
            drafts.add(Path(name).name)
    if missing := {key for key, _validity, _uid in placed} - objects:
        return f"receipt without object {missing}"
    if missing_rows := ledgers.rows[commit] - placed:
        return f"row without receipt {missing_rows}"
    if drafts and drafts != papers:
        return f"a draft in part: {drafts}"
    lines = state.get("vault/journal.jsonl", b"").split(b"\n")[:-1]
    heads = [_head(line) for line in lines]
    known = ledgers.heads[-1]
    return "" if heads == known[: len(heads)] and len(heads) <= len(ledgers.heads[commit]) else "a journal that is not ours"


def _head(line: bytes) -> str:
    key = ("head", line)
    if key not in _SOUND:
        _SOUND[key] = msgspec.json.decode(line, type=JournalEntry).head
    return str(_SOUND[key])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    with pytest.MonkeyPatch.context() as patch:
        recorded = Run(tmp_path_factory.mktemp("power"))
        recorded.record(patch)
    return recorded


def test_no_state_that_power_can_leave_is_a_bad_one(run: Run) -> None:
    ledgers = Ledgers(run.commits)
    papers = frozenset(path.name for path in (run.bureau.state_dir / "drafts" / ROUND).iterdir())
    count = 0
    for number, state, commits in run.crashes():
        for commit in commits:
            count += 1
            fault = bad(state, ledgers, commit, papers)
            assert not fault, f"after act {number} {run.recorder.acts[number][:2]}: {fault}"
    assert count > (100_000 if DEEP else 5_000), f"{len(run.recorder.acts)} acts leave {count} states"


def test_a_state_that_is_lived_on_from_ends_as_if_nothing_had_been(run: Run, tmp_path: Path) -> None:
    """A sample, laid out on a real disk: the next start and a few passes make it what the undisturbed run is."""
    run.bureau.settle()
    expected = run.bureau.facts()
    states = list(run.crashes()) if not DEEP else None
    chance = random.Random(4)
    total = len(states) if states is not None else 133_000
    wanted = set(chance.sample(range(total), LIVED))
    for place, (number, state, commits) in enumerate(states if states is not None else run.crashes()):
        if place not in wanted:
            continue
        folder = tmp_path / f"at{place}"
        lay_out(folder / "state", state, run.commits[chance.choice(commits)])
        bureau = Bureau(folder, at=run.bureau.clock.now() - timedelta(hours=3, minutes=4))
        bureau.mailbox = run.bureau.mailbox
        bureau.settle()
        found = bureau.facts()
        for name in ("objects", "receipts", "deliveries", "tally", "record", "letters", "staging", "draft"):
            assert found[name] == expected[name], f"act {number} {run.recorder.acts[number][:2]}: {name}"
        assert {key for key, _ in found["numbers"].receipts.items()} == {key for key, _ in expected["numbers"].receipts.items()}
        shutil.rmtree(folder)


def lay_out(folder: Path, state: Tree, ledger: Path) -> None:
    """The state on a real disk."""
    for name, data in state.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    shutil.copyfile(ledger, folder / "ledger.sqlite3")


def test_a_door_that_forgets_one_sync_is_found_out(tmp_path: Path) -> None:
    """The test can fail: without the sync of the files, or without that of the folders, there are bad states."""

    class NoFileSync(Door):
        def _sync_handle(self, handle: int) -> None:
            return

        def sync_files(self, paths: Any) -> None:
            return

    class NoFolderSync(Door):
        def sync_folders(self, folders: Any) -> None:
            return

    for careless in (NoFileSync, NoFolderSync):
        with pytest.MonkeyPatch.context() as patch:
            (tmp_path / careless.__name__).mkdir()
            recorded = Run(tmp_path / careless.__name__)
            recorded.recorder.install(patch)
            try:
                with recorded.bureau.life(careless(), recorded._step) as office:
                    recorded.bureau.cycle(office)
            finally:
                recorded.recorder.listening = False
        ledgers = Ledgers(recorded.commits)
        papers = frozenset(path.name for path in (recorded.bureau.state_dir / "drafts" / ROUND).iterdir())
        assert any(bad(state, ledgers, commit, papers) for _number, state, commits in recorded.crashes() for commit in commits), (
            careless.__name__
        )

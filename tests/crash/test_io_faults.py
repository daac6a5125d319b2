"""Every write, sync, rename and commit fails, once and for ever, while the real daemon's pass goes on: receive, judge, digest, send,
draft. The process lives through it, and what stands afterwards is what an undisturbed run leaves.

As SQLite tests itself: the n-th call fails, for n = 1, 2, 3, ... until a run in which none was left to fail.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import exc

from intake.doors import durable
from intake.doors.durable import Disk
from intake.errors import TryAgain
from intake.model.ledger import MAX_COPIES
from tests.fakes.bureau import Bureau, mail

pytestmark = pytest.mark.timeout(1200)
DEEP = bool(os.environ.get("INTAKE_DEEP"))
"""Every call and not a spread of them."""
LARGE = mail(5, text="Question 1. " + "A long answer of house five. " * 900)


def disk_full(name: str) -> Exception:
    """ENOSPC from the system, or what SQLite makes of it."""
    return _failed(name, errno.ENOSPC, "database or disk is full")


def input_output(name: str) -> Exception:
    """EIO likewise."""
    return _failed(name, errno.EIO, "disk I/O error")


def _failed(name: str, number: int, words: str) -> Exception:
    if name.startswith("ledger"):
        return exc.OperationalError("COMMIT", {}, sqlite3.OperationalError(words))
    return OSError(number, os.strerror(number))


class Faults:
    """Counts the acts by name; the one at `at` fails, and with `for_ever` every later one until `mended`."""

    def __init__(self, at: int = 0, error: Callable[[str], Exception] = disk_full, *, for_ever: bool = False) -> None:
        self.names: list[str] = []
        self.mended = False
        self._at = at
        self._error = error
        self._for_ever = for_ever

    def __call__(self, name: str) -> None:
        self.names.append(name)
        number = len(self.names)
        if self._at and not self.mended and (number == self._at or (self._for_ever and number > self._at)):
            raise self._error(name)

    @property
    def came(self) -> bool:
        """Whether there was a call of that number."""
        return len(self.names) >= self._at


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder that has been polled once, so that mail which comes now is answered."""
    folder = tmp_path_factory.mktemp("faults-start")
    bureau = Bureau(folder)
    with bureau.life() as office:
        bureau.cycle(office)
    return folder


def world(folder: Path, start: Path) -> Bureau:
    """A day later: two folders with mail, one of it large, one twice, one that no letter may answer; a digest is due."""
    bureau = Bureau(folder, start=start)
    bureau.clock.advance(timedelta(days=1))
    bureau.mailbox.deliver(
        [mail(1), mail(2), mail(1), LARGE, mail(3, head="Auto-Submitted: auto-replied\r\n")], bureau.clock.now()
    )
    bureau.mailbox.deliver(
        [mail(4, head="List-Id: <consultation-list.lists.example.org>\r\n"), mail(2)], bureau.clock.now(), "LIST"
    )
    return bureau


@pytest.fixture(scope="module")
def undisturbed(start: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[str]]:
    bureau = world(tmp_path_factory.mktemp("faults") / "undisturbed", start)
    faults = Faults()
    with bureau.life(Disk(faults), faults) as office:
        bureau.cycle(office)
    bureau.settle()
    assert len(bureau.letters()) == 5, "four acknowledgements and the digest"
    facts = bureau.facts()
    assert len(facts["draft"]) == 5, "the draft in its formats, with the manifest"
    return facts, faults.names


def same(bureau: Bureau, expected: dict[str, Any], where: str) -> None:
    found = bureau.facts()
    for name, value in expected.items():
        if name == "digest":  # when it was made may differ, not that it was
            assert found[name][0] == value[0], where
        else:
            assert found[name] == value, f"{where}: {name}"
    assert max(bureau.letters().values()) <= MAX_COPIES, where


def _points(total: int) -> range:
    return range(1, total + 1, 1 if DEEP else 5)


def test_every_kind_of_act_is_among_those_that_fail(undisturbed: tuple[dict[str, Any], list[str]]) -> None:
    _facts, names = undisturbed
    kinds = {"disk.write", "disk.sync", "disk.rename", "disk.sync_folder", "disk.append"}
    assert kinds | {"ledger.begin", "ledger.commit", "ledger.committed"} <= set(names)
    assert len(names) > 80


def test_a_call_that_fails_once_is_made_good_by_the_same_process(
    undisturbed: tuple[dict[str, Any], list[str]], start: Path, tmp_path: Path
) -> None:
    """ENOSPC and EIO by turns."""
    expected, names = undisturbed
    for point in _points(len(names) + 3):
        error = (disk_full, input_output)[point % 2]
        bureau = world(tmp_path / f"at{point}", start)
        faults = Faults(point, error)
        with _Born(bureau, faults) as office:
            bureau.cycle(office, 3)
            bureau.cycle(office, 3, 60)
        same(bureau, expected, f"{error.__name__} at call {point} ({faults.names[point - 1] if faults.came else 'none left'})")


def test_a_disk_that_fails_for_ever_stops_the_work_loses_nothing_and_the_work_goes_on_by_itself(
    undisturbed: tuple[dict[str, Any], list[str]], start: Path, tmp_path: Path
) -> None:
    expected, names = undisturbed
    for point in _points(len(names)):
        bureau = world(tmp_path / f"at{point}", start)
        faults = Faults(point, for_ever=True)
        faults.mended = True
        with bureau.life(Disk(faults), faults) as office:
            faults.names.clear()
            faults.mended = False
            bureau.cycle(office, 4, 10)
            assert max(bureau.letters().values(), default=0) <= MAX_COPIES
            faults.mended = True
            bureau.cycle(office, 3)
            bureau.cycle(office, 3, 60)
        same(bureau, expected, f"for ever from call {point} ({names[point - 1]})")


class _Born:
    """A life whose very start may fail: then the next start is the one (systemd's)."""

    def __init__(self, bureau: Bureau, faults: Faults) -> None:
        self._bureau, self._faults = bureau, faults

    def __enter__(self) -> Any:
        for _start in range(2):
            self._life = self._bureau.life(Disk(self._faults), self._faults)
            with suppress(TryAgain):
                return self._life.__enter__()
        raise AssertionError("two starts failed by one fault")

    def __exit__(self, *error: Any) -> None:
        self._life.__exit__(*error)


@pytest.mark.parametrize("most", [1, 7, 4096])
def test_writes_that_take_only_part_are_gone_on_with(
    undisturbed: tuple[dict[str, Any], list[str]], start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """write(2) may take less than it was given (a signal, a quota's edge)."""
    expected, _names = undisturbed
    bureau = world(tmp_path / "short", start)

    class Os:
        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

        def write(self, handle: int, data: Any) -> int:
            return os.write(handle, data[: max(1, min(most, len(data)))])

    monkeypatch.setattr(durable, "os", Os())
    with bureau.life() as office:
        bureau.cycle(office, 3)
    bureau.settle()
    same(bureau, expected, f"at most {most} bytes a write")

"""What every scanner promises: the fake, our client before a server that speaks clamd's words, and before a real clamd."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.doors.scanner import ClamdScanner
from intake.errors import Refused, Unreachable
from intake.model.mail import Scan
from intake.ports_files import Scanner
from tests.fakes.files import SIGNATURE, ClamdLike, FakeScanner
from tests.server.clamd import CLAMD, MOST, clamd

NOW = datetime(2026, 11, 30, tzinfo=UTC)
REAL = pytest.param("clamd", marks=[pytest.mark.server, pytest.mark.skipif(CLAMD is None, reason="no clamd on this machine")])


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if CLAMD is None:
        yield ""
        return
    with clamd(tmp_path_factory.mktemp("clamd")) as address:
        yield address


@pytest.fixture(params=["fake", "like", REAL])
def scanner(request: pytest.FixtureRequest, real: str) -> Iterator[Scanner]:
    if request.param == "fake":
        yield FakeScanner(most=MOST)
    elif request.param == "like":
        server = ClamdLike(most=MOST)
        yield ClamdScanner(server.address, timeout_s=5.0)
        server.close()
    else:
        yield ClamdScanner(real, timeout_s=20.0)


def test_clean_and_infected_are_told_apart(scanner: Scanner) -> None:
    assert scanner.scan(b"nothing to find").scan is Scan.CLEAN
    assert scanner.scan(b"").scan is Scan.CLEAN
    found = scanner.scan(b"before " + SIGNATURE + b" after")
    assert found.scan is Scan.INFECTED
    assert found.said.startswith("Test.Words")
    assert not found.later
    assert scanner.scan(b"x" * 600_000 + SIGNATURE).scan is Scan.INFECTED
    assert "ClamAV" in scanner.standing()


def test_what_is_larger_than_its_limit_is_not_clean(scanner: Scanner) -> None:
    found = scanner.scan(b"x" * (MOST + 1_000_000))
    assert found.scan is Scan.UNSCANNED
    assert found.said


@pytest.mark.server
@pytest.mark.skipif(CLAMD is None, reason="no clamd on this machine")
def test_a_real_one_looks_into_archives(real: str) -> None:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", SIGNATURE)
    assert ClamdScanner(real).scan(box.getvalue()).scan is Scan.INFECTED


@pytest.mark.parametrize("address", ["unix:/nowhere/clamd.ctl", "tcp:127.0.0.1:1"])
def test_one_that_is_not_there_has_said_nothing(address: str) -> None:
    for scanner in (ClamdScanner(address, timeout_s=2.0), FakeScanner("down")):
        found = scanner.scan(b"x")
        assert (found.scan, found.later) == (Scan.UNSCANNED, True)
        with pytest.raises(Unreachable):
            scanner.standing()


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"stream: OK, I think\0",
        b"stream: FOUND\0",
        b"OK\0",
        b"\xff\xfe\0",
        b"stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\0",
        b"stream: Heuristics.Encrypted.Zip FOUND\0",
        b"Can't allocate memory ERROR\0",
        b"stream: OK\0stream: X FOUND\0",
        b"x" * 10_000,
    ],
)
def test_no_other_word_is_clean_or_infected(reply: bytes) -> None:
    server = ClamdLike(reply=reply)
    try:
        assert ClamdScanner(server.address, timeout_s=5.0).scan(b"x").scan is Scan.UNSCANNED
    finally:
        server.close()


@pytest.mark.parametrize(("made", "fits"), [(NOW - timedelta(days=6), True), (NOW - timedelta(days=8), False), (None, False)])
def test_old_signatures_make_everything_unscanned(made: datetime | None, fits: bool) -> None:
    server = ClamdLike(made=made)
    try:
        scanner = ClamdScanner(server.address, timeout_s=5.0, max_age=timedelta(days=7), now=lambda: NOW)
        assert scanner.scan(b"x").scan is (Scan.CLEAN if fits else Scan.UNSCANNED)
        if not fits:
            with pytest.raises(Refused):
                scanner.standing()
    finally:
        server.close()


def test_our_own_limit_is_kept_without_asking() -> None:
    found = ClamdScanner("unix:/nowhere", max_bytes=10).scan(b"x" * 11)
    assert (found.scan, found.later) == (Scan.UNSCANNED, False)
    assert Path("/nowhere").exists() is False

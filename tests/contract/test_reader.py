"""What every reader promises: the one in this process and the jailed children."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.doors.direct_reader import DirectReader
from intake.doors.jail import JailedReader
from intake.ports import Reader

PHRASES = Path("config/reading.toml").read_text("utf-8")
FAULTY = "tests.fakes.reader_child"


def message(number: int, fault: str = "") -> bytes:
    head = f"X-Fault: {fault}\r\n" if fault else ""
    return f"From: a{number}@one.example\r\nSubject: No {number}\r\n{head}\r\nWords of number {number}.\r\n".encode()


@pytest.fixture(params=["direct", "jailed"])
def reader(request: pytest.FixtureRequest) -> Iterator[Reader]:
    made: Reader = DirectReader(PHRASES) if request.param == "direct" else JailedReader(PHRASES, children=2)
    yield made
    made.close()


@pytest.fixture
def faulty() -> Iterator[JailedReader]:
    made = JailedReader(PHRASES, children=2, module=FAULTY)
    yield made
    made.close()


def test_one_reading_for_each_message_in_order(reader: Reader) -> None:
    raws = [message(number) for number in range(7)]
    readings = list(reader.read(raws))
    assert [reading.subject for reading in readings] == [f"No {number}" for number in range(7)]
    assert [reading.sha256 for reading in readings] == [hashlib.sha256(raw).hexdigest() for raw in raws]


def test_nothing_gives_nothing_and_an_empty_message_gives_a_reading(reader: Reader) -> None:
    assert list(reader.read([])) == []
    (empty,) = reader.read([b""])
    assert empty.size_bytes == 0
    assert empty.text == ""


def test_bytes_that_are_no_mail_give_a_reading(reader: Reader) -> None:
    raws = [b"\x00" * 1000, bytes(range(256)) * 20, b"\r\n\r\n", b"From", "لا شيء".encode("cp1256")]
    for raw, reading in zip(raws, reader.read(raws), strict=True):
        assert reading.size_bytes == len(raw)
        reading.text.encode("utf-8")


def test_both_read_the_same(reader: Reader) -> None:
    raws = [message(1), b"Content-Type: text/html\r\n\r\n<p>One</p><ul><li>two</li></ul>"]
    assert list(reader.read(raws)) == list(DirectReader(PHRASES).read(raws))


def test_it_may_be_asked_again_after_closing(reader: Reader) -> None:
    assert [reading.subject for reading in reader.read([message(1)])] == ["No 1"]
    reader.close()
    assert [reading.subject for reading in reader.read([message(2)])] == ["No 2"]


def test_a_child_that_dies_costs_its_message_only(faulty: JailedReader) -> None:
    readings = list(faulty.read([message(1), message(2, "die"), message(3)]))
    assert [reading.held is None for reading in readings] == [True, False, True]
    assert "died" in (readings[1].held or "")
    assert readings[1].sha256 == hashlib.sha256(message(2, "die")).hexdigest()


def test_what_is_set_aside_still_says_who_and_lists_its_parts(faulty: JailedReader) -> None:
    (reading,) = faulty.read([message(4, "die")])
    assert reading.subject == "No 4"
    assert [part.sha256 for part in reading.parts] == [hashlib.sha256(b"Words of number 4.").hexdigest()]


def test_a_child_that_hangs_is_ended(faulty: JailedReader) -> None:
    list(faulty.read([message(3), message(4)]))  # both children run: a slow machine starts them slowly
    faulty._wall_s = 3.0
    readings = list(faulty.read([message(1, "hang"), message(2)]))
    assert "too long" in (readings[0].held or "")
    assert readings[1].held is None


def test_a_child_has_no_more_memory_than_it_is_given(faulty: JailedReader) -> None:
    readings = list(faulty.read([message(1, "memory"), message(2)]))
    assert readings[0].held is not None
    assert readings[1].held is None


def test_who_stops_asking_leaves_no_children(faulty: JailedReader) -> None:
    asked = faulty.read(message(number) for number in range(10))
    next(asked)
    asked.close()  # type: ignore[attr-defined]  # a generator
    assert [reading.subject for reading in faulty.read([message(3)])] == ["No 3"]


def test_the_largest_of_mail_is_not_copied_on_its_way_to_a_child() -> None:
    size = 40_000_000
    raw = message(1) + b"x" * 998 + b"\r\n"
    raw += (b"y" * 998 + b"\r\n") * (size // 1000)
    reader = JailedReader(PHRASES, children=1)
    list(reader.read([message(2)]))
    tracemalloc.start()
    try:
        (reading,) = reader.read([raw])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        reader.close()
    assert (reading.subject, reading.size_bytes) == ("No 1", len(raw))
    assert peak < size // 2, "what is taken beside the octets is the answer: a text of two million characters"


PROBE = """
import os, socket, sys
from intake.doors.confined import confine
isolated = confine()
reached = True
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2).close()
except OSError:
    reached = False
try:
    os.write(os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT), b"x" * 10)
    wrote = True
except OSError:
    wrote = False
print(isolated, reached, wrote)
"""


def test_a_confined_child_reaches_no_host_and_writes_no_file(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        answer = subprocess.run(
            [sys.executable, "-c", PROBE, port, str(tmp_path / "probe")], capture_output=True, text=True, check=False
        ).stdout.split()
    if answer[:1] != ["True"]:
        pytest.skip("this machine permits no network namespaces to us")
    assert answer[1:] == ["False", "False"]


def test_a_child_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTAKE__SMTP__PASSWORD", "hush")
    reader = JailedReader(PHRASES, children=1)
    list(reader.read([message(1)]))
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    if not children.exists():
        reader.close()
        pytest.skip("no /proc here")
    names = children.read_text().split()
    environments = [
        Path(f"/proc/{pid}/environ").read_bytes() for pid in names if b"jail_child" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    reader.close()
    assert environments
    assert all(b"hush" not in environment for environment in environments)

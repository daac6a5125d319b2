"""What every reader promises: the one in this process and the jailed children."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import tracemalloc
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.doors.direct_reader import DirectReader
from intake.doors.jail import JailedReader
from intake.doors.jail_standing import standing
from intake.errors import Refused
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
import errno, json, os, socket, subprocess, sys
from intake.doors import confined
if sys.argv[3] == "no namespaces":
    confined._CLONE_NEWNET = confined._CLONE_NEWUSER = 1  # what no kernel knows
held = confined.confine()
def tried(what):
    try:
        what()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"
def call(address):
    family = socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX
    with socket.socket(family, socket.SOCK_STREAM) as found:
        found.settimeout(2)
        found.connect(address)
print(json.dumps({
    "held": held,
    "host": tried(lambda: call(("127.0.0.1", int(sys.argv[1])))),
    "service": tried(lambda: call(sys.argv[2] + "/service")),
    "program": tried(lambda: os.execv("/bin/true", ["true"])),
    "secret": tried(lambda: open(sys.argv[2] + "/secret").read()),
    "write": tried(lambda: os.write(os.open(sys.argv[2] + "/made", os.O_WRONLY | os.O_CREAT), b"x")),
    "library": tried(lambda: __import__("xlrd.book") and __import__("wave")),
}), flush=True)
"""


@pytest.mark.parametrize("kernel", ["as it is", "no namespaces"])
def test_a_confined_child_reaches_nobody_starts_nothing_and_sees_no_secret(tmp_path: Path, kernel: str) -> None:
    (tmp_path / "secret").write_text("hush")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as service:
        service.bind(str(tmp_path / "service"))
        service.listen()
        port = str(server.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", PROBE, port, str(tmp_path), kernel], capture_output=True, text=True, check=False
        )
    found = json.loads(done.stdout)
    held = found.pop("held")
    if kernel == "no namespaces":
        assert "namespace" not in held
    if "sockets" not in held:
        pytest.skip("this machine has no seccomp for us")
    assert (found["host"], found["service"], found["program"]) == ("EPERM", "EPERM", "EPERM")
    assert found["library"] == "done"
    assert found["write"] in ("EACCES", "EFBIG")
    if "files" in held:
        assert found["secret"] == "EACCES"


def test_what_holds_the_children_is_told_by_trying(monkeypatch: pytest.MonkeyPatch) -> None:
    told = standing()
    assert told
    monkeypatch.setattr(
        "intake.doors.jail_standing.subprocess.run", lambda *_a, **_k: Namespace(stdout=b'{"held": [], "reached": true}')
    )
    with pytest.raises(Refused, match="sockets"):
        standing()


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

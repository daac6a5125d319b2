"""The order of writes and syncs as the kernel sees it: from a trace of the system calls of a whole pass (docs/STATES.md, W2 to W7, A1 to A5)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.traced import MAILS
from tests.fakes.bureau import ROOT
from tests.fakes.smtp_server import OddSmtpServer
from tests.server.tools import program, unavailable

pytestmark = [pytest.mark.server, pytest.mark.timeout(200)]
CALLS = "openat,write,pwrite64,fsync,fdatasync,syncfs,rename,renameat,renameat2,sendto,recvfrom,ftruncate"
LETTERS = MAILS + 2
_CALL = re.compile(r"^\d+ +(\w+)\((.*)$")
_ON = re.compile(r"^\d+<([^>]*)>")
_NAMES = re.compile(r'"((?:[^"\\]|\\.)*)"')


class Call:
    """One line of the trace: what, on which file or connection, with which strings."""

    def __init__(self, line: str) -> None:
        found = _CALL.match(line)
        self.name, words = (found.group(1), found.group(2)) if found else ("", "")
        on = _ON.match(words)
        self.on = on.group(1) if on else ""
        self.strings = _NAMES.findall(words)
        self.good = not re.search(r"= -1 E", line)

    @property
    def syncs(self) -> bool:
        """Whether it makes something durable."""
        return self.name in ("fsync", "fdatasync", "syncfs")

    def writes(self, part: str) -> bool:
        """Whether it writes to a file whose path has that part."""
        return self.name in ("write", "pwrite64") and part in self.on


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """The calls of one process, in order."""
    folder = tmp_path_factory.mktemp("trace")
    strace = program("strace", "strace")
    with OddSmtpServer() as sink:
        words = [strace, "-f", "-y", "-s", "200", "-e", f"trace={CALLS}", "-o", str(folder / "calls")]
        words += [sys.executable, "-m", "tests.crash.traced", str(folder / "world"), str(sink.port)]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=150, check=False)
        if done.returncode != 0 and ("ptrace" in done.stderr or "not permitted" in done.stderr):
            unavailable(f"the kernel lets nobody be traced here: {done.stderr[-200:]}")
        assert done.returncode == 0, done.stderr[-2000:]
        assert len(sink.letters) == LETTERS, "two digests, and the acknowledgements"
    lines = (folder / "calls").read_text("utf-8", "replace").splitlines()
    assert not any("unfinished" in line and "vault" in line for line in lines), "one thread does all work"
    return [call for call in map(Call, lines) if call.name and call.good]


def _renames(trace: list[Call], part: str) -> list[tuple[int, str, str]]:
    return [
        (place, call.strings[0], call.strings[-1])
        for place, call in enumerate(trace)
        if call.name.startswith("rename") and part in call.strings[-1]
    ]


def test_every_file_is_synced_after_its_last_write_and_before_it_gets_its_name(trace: list[Call]) -> None:
    found = [*_renames(trace, "/objects/"), *_renames(trace, "/receipts/")]
    assert len(found) == MAILS + 1, "the objects, and one file with all receipts of the batch"
    for place, old, _new in found:
        last_write = max(at for at, call in enumerate(trace[:place]) if call.writes(old))
        together = [at for at, call in enumerate(trace[:place]) if call.name == "syncfs" and "/vault/" in call.on]
        syncs = [at for at, call in enumerate(trace[:place]) if call.syncs and call.on == old] + together
        assert syncs, old
        assert last_write < max(syncs) < place


def _synced(trace: list[Call], folders: set[str], after: int) -> int:
    """Where the last of these folders was synced after that place: one by one, or all by syncfs."""
    for at in range(after, len(trace)):
        call = trace[at]
        if call.name == "syncfs" and "/vault/" in call.on:
            return at
        if call.syncs:
            folders = folders - {call.on}
            if not folders:
                return at
    raise AssertionError(f"never synced: {folders}")


def test_objects_then_their_folders_then_receipts_then_theirs_then_the_commit(trace: list[Call]) -> None:
    objects, receipts = _renames(trace, "/objects/"), _renames(trace, "/receipts/")
    objects_done = _synced(trace, {str(Path(new).parent) for _at, _old, new in objects}, objects[-1][0])
    assert objects_done < receipts[0][0], "no receipt gets its name before its object's folder is synced"
    receipts_done = _synced(trace, {str(Path(new).parent) for _at, _old, new in receipts}, receipts[-1][0])
    written = [at for at, call in enumerate(trace) if call.writes("ledger.sqlite3-wal") and objects[0][0] < at]
    assert receipts_done < written[0], "no row is written before its receipt's folder is synced"
    committed = next(at for at, call in enumerate(trace) if at > written[0] and call.syncs and "ledger.sqlite3-wal" in call.on)
    assert committed, "and the commit is synced (synchronous=FULL)"


def test_a_batch_costs_at_most_two_syncs_a_message_and_four_beside(trace: list[Call]) -> None:
    objects, receipts = _renames(trace, "/objects/"), _renames(trace, "/receipts/")
    staged = next(at for at, call in enumerate(trace) if call.writes("/staging/"))
    committed = next(
        at for at, call in enumerate(trace) if at > receipts[-1][0] and call.syncs and "ledger.sqlite3-wal" in call.on
    )
    syncs = [call for call in trace[staged : committed + 1] if call.syncs]
    assert objects[0][0] < receipts[0][0] < committed
    assert len(syncs) <= 2 * MAILS + 4, [call.on for call in syncs]


def test_the_mark_is_synced_between_the_letter_and_its_dot_and_the_answer_before_the_next(trace: list[Call]) -> None:
    dots = [at for at, call in enumerate(trace) if call.name == "sendto" and call.strings[-1:] == [r".\r\n"]]
    assert len(dots) == LETTERS
    for dot in dots:
        body = max(at for at, call in enumerate(trace[:dot]) if call.name == "sendto" and at != dot)
        wal = [at for at, call in enumerate(trace) if call.writes("ledger.sqlite3-wal")]
        syncs = [at for at, call in enumerate(trace) if call.syncs and "ledger.sqlite3-wal" in call.on]
        marks = [at for at in wal if body < at < dot]
        assert marks, "A3: 'committing' is written after the body and before the dot"
        assert any(max(marks) < at < dot for at in syncs), "and synced before the dot"
        answer = next(at for at, call in enumerate(trace) if at > dot and call.name == "recvfrom" and "250" in call.strings[0])
        settled = [at for at in wal if at > answer]
        assert settled, "A5: what the server said is written"
        following = [
            at for at, call in enumerate(trace) if at > answer and call.name == "sendto" and "MAIL FROM" in call.strings[-1]
        ]
        synced = next(at for at in syncs if at > settled[0])
        assert not following or synced < following[0], "and synced before the next letter begins"


def test_the_journal_is_synced_after_each_append(trace: list[Call]) -> None:
    appends = [at for at, call in enumerate(trace) if call.writes("journal.jsonl")]
    assert appends
    for at in appends:
        after = next(call for call in trace[at + 1 :] if call.on.endswith("journal.jsonl") and call.name in ("fsync", "write"))
        assert after.name == "fsync"

"""The child that prints drafts: it ends by itself, is ended when it takes too long, and never outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.doors.printer import DraftJob, DraftPrinter, Printed, clear_half_printed
from tests.fakes.mails import the_round

CHILDREN = {
    "good": "import sys, json, pathlib\njob = json.load(sys.stdin)\nout = pathlib.Path(job['out'])\nout.mkdir()\n(out / 'a.md').write_text('x')\n",
    "bad": "import sys\nsys.stdin.read()\nsys.exit('no paper')\n",
    "slow": "import subprocess, sys, time\nsubprocess.Popen(['sleep', '600'])\ntime.sleep(600)\n",
    "orphan": "import sys, json, time\nfrom intake.doors.bound import die_with_parent\ndie_with_parent(json.load(sys.stdin)['parent'])\n"
    "print('here', flush=True)\ntime.sleep(600)\n",
}


@pytest.fixture
def printer_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    for name, text in CHILDREN.items():
        (tmp_path / f"draft_child_{name}.py").write_text(text, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return lambda name, wall_s=60.0: DraftPrinter(wall_s, f"draft_child_{name}")


def job(tmp_path: Path) -> DraftJob:
    return DraftJob(
        consultation=the_round(), rounds=(the_round(),), state_dir=str(tmp_path), out=str(tmp_path / "drafts" / "r.made"),
        language="en", at=datetime(2026, 3, 1, tzinfo=UTC), parent=os.getpid(),
    )  # fmt: skip


def wait(printer: DraftPrinter, seconds: float = 30.0) -> Printed:
    end = time.monotonic() + seconds
    while (found := printer.finished()) is None:
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def test_what_a_child_lays_out_is_told_once(tmp_path: Path, printer_of: object) -> None:
    printer = printer_of("good")  # type: ignore[operator]
    (tmp_path / "drafts" / "r.made").mkdir(parents=True)
    printer.begin(job(tmp_path))
    assert printer.busy == the_round().id
    found = wait(printer)
    assert (found.problem, sorted(path.name for path in found.folder.iterdir())) == ("", ["a.md"])
    assert printer.finished() is None
    assert not printer.busy
    assert sorted(path.name for path in (tmp_path / "drafts").iterdir()) == ["r.made"], "its log is gone"


def test_a_child_that_fails_says_why(tmp_path: Path, printer_of: object) -> None:
    printer = printer_of("bad")  # type: ignore[operator]
    printer.begin(job(tmp_path))
    assert wait(printer).problem == "ended 1: no paper"


def test_one_that_takes_too_long_is_ended_with_its_helpers(tmp_path: Path, printer_of: object) -> None:
    printer = printer_of("slow", 0.5)  # type: ignore[operator]
    printer.begin(job(tmp_path))
    group = printer._process.pid
    assert "longer than" in wait(printer).problem
    end = time.monotonic() + 20
    while _group_is_there(group):  # the helper is nobody's child any more and is waited for by the system
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="parents are watched by the kernel on Linux alone")
def test_a_child_dies_with_its_parent(tmp_path: Path, printer_of: object) -> None:
    printer_of("orphan")  # type: ignore[operator]
    parent = (
        "import sys, time\nfrom pathlib import Path\nfrom tests.unit.doors.test_printer import job\n"
        "from intake.doors.printer import DraftPrinter\n"
        "printer = DraftPrinter(60.0, 'draft_child_orphan')\nprinter.begin(job(Path(sys.argv[1])))\n"
        "print(printer._process.pid, flush=True)\ntime.sleep(600)\n"
    )
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[3])])
    with subprocess.Popen(
        [sys.executable, "-c", parent, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path}
    ) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        log = tmp_path / "drafts" / "r.made.log"
        while not (log.exists() and "here" in log.read_text()):
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        end = time.monotonic() + 20
        while _alive(child):
            assert time.monotonic() < end, "it lives on without its parent"
            time.sleep(0.02)


def _group_is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def test_what_children_of_a_dead_daemon_left_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "r.made").mkdir()
    (tmp_path / "r.made" / "a.md").write_text("erased words")
    (tmp_path / "r.made.log").write_text("")
    (tmp_path / "r").mkdir()
    clear_half_printed(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["r"]
    clear_half_printed(tmp_path / "nowhere")

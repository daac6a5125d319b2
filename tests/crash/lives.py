"""Lives of the program, cheaply: one process has everything loaded, and each life is a fork of it that can be killed for good.

`python -m tests.crash.lives` reads a JSON line for each order and answers with one. The program's own files are read once (words,
tables); where a point has nothing to do with the jail, messages are read in the process itself.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_BEAT_S = 0.1


class Life:
    """One life, as a Popen would show it."""

    def __init__(self, mother: Mother, pid: int) -> None:
        self._mother = mother
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it lives."""
        if self.returncode is None:
            self.returncode = self._mother.ask(do="poll", pid=self.pid)["code"]
        return self.returncode

    def wait(self, timeout_s: float) -> int:
        """Wait for its end. Raises TimeoutExpired."""
        end = time.monotonic() + timeout_s
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("life", timeout_s)
            time.sleep(_BEAT_S)
        return code

    def send_signal(self, number: int) -> None:
        """To that process alone; it is ours until it has been waited for."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


class Mother:
    """The process that has everything loaded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        command = [sys.executable, "-m", "tests.crash.lives"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, words: list[str], log: Path, **more: Any) -> Life:
        """A life with these words; `point`, `mark`, `nth`, `days` as doomed.live takes them."""
        return Life(self, self.ask(do="start", words=words, log=str(log), **more)["pid"])

    def ask(self, **order: Any) -> dict[str, Any]:
        """One order, one answer."""
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
            return answer

    def end(self) -> None:
        """No more lives."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)


def _serve() -> None:
    from tests.crash import doomed

    doomed.load()
    gc.collect()
    gc.freeze()
    orders, answers = sys.stdin, sys.stdout
    for line in orders:
        order = json.loads(line)
        if order.pop("do") == "poll":
            found, status = os.waitpid(order["pid"], os.WNOHANG)
            code = os.waitstatus_to_exitcode(status) if found else None
            answers.write(json.dumps({"code": code}) + "\n")
            answers.flush()
            continue
        pid = os.fork()
        if pid == 0:
            _live(order)
        answers.write(json.dumps({"pid": pid}) + "\n")
        answers.flush()


def _live(order: dict[str, Any]) -> None:
    """In the child: never returns."""
    from tests.crash import doomed

    code = 70
    try:
        log = os.open(order.pop("log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        sys.stdin, sys.stdout = open(0), open(1, "w", buffering=1)  # noqa: SIM115 - they live as long as the process
        sys.stderr = open(2, "w", buffering=1)  # noqa: SIM115
        os.chdir(ROOT)
        code = doomed.live(**order)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve()

"""What every area measures with: processor time, wall time, peak memory, bytes on disk, medians."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

Value = TypeVar("Value")
MB = 1024 * 1024


class Cost(Struct, frozen=True, kw_only=True):
    """What something took. `cpu_s`: user and system, of the process and the children it waited for."""

    cpu_s: float
    wall_s: float
    peak_mb: float = 0.0
    code: int = 0
    said: str = ""


def cpu_now_s() -> float:
    """Processor time so far, of this process and the children that it has waited for."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def cost_of(work: Callable[[], Value]) -> tuple[Cost, Value]:
    """What a call took in this process, and what it gave."""
    wall, cpu = time.perf_counter(), cpu_now_s()
    value = work()
    return Cost(cpu_s=cpu_now_s() - cpu, wall_s=time.perf_counter() - wall), value


def cost_of_command(command: Sequence[str], *, seconds: float = 600.0, keep: int = 20_000, **more: Any) -> Cost:
    """What a process took, its largest resident set with it (children that it waited for included). `code` -9 when it was ended
    after `seconds`. `keep`: the last so many characters of what it said. A small process starts it: a fork's memory is not its own.
    """
    words = [sys.executable, "-S", "-E", "-c", _LAUNCHER, str(seconds), *command]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more)
    said, _, last = done.stdout.decode("utf-8", "replace").rpartition(_MARK)
    found = json.loads(last)
    return Cost(**found, said=said[-keep:])


_MARK = "\ncost: "
_LAUNCHER = """
import os, resource, signal, sys, time
begun = time.perf_counter()
child = os.fork()
if child == 0:
    os.setsid()
    os.execvp(sys.argv[2], sys.argv[2:])
signal.signal(signal.SIGALRM, lambda *_: os.killpg(child, 9))
signal.setitimer(signal.ITIMER_REAL, float(sys.argv[1]))
status, used = os.wait4(child, 0)[1:]
code = -9 if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
print("\\ncost: {" + f'"cpu_s": {used.ru_utime + used.ru_stime}, "wall_s": {time.perf_counter() - begun}, '
      f'"peak_mb": {used.ru_maxrss / 1024}, "code": {code}' + "}")
"""


def in_a_child(module: str, *words: str, seconds: float = 600.0) -> tuple[Cost, dict[str, Any]]:
    """Run `python -m module words` and take the last line that it prints as JSON: memory of one measurement is not another's."""
    cost = cost_of_command([sys.executable, "-m", module, *words], seconds=seconds)
    try:
        value = json.loads(cost.said.strip().splitlines()[-1])
    except (ValueError, IndexError):
        value = {"failed": f"ended {cost.code}: {cost.said[-400:]}"}
    return cost, value


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def bytes_below(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def peak_mb_of(pid: int | str = "self") -> float:
    """The largest resident set that a living process has had (VmHWM)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def cpu_s_of(pid: int) -> float:
    """Processor time of a living process, user and system, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def aim(found: float, limit: float, unit: str = "ratio") -> dict[str, Any]:
    """An aim as run.py prints it: reached where `found` is not above `limit`. `unit`: "ratio" is ours divided by the peer's."""
    return {"found": round(found, 4), "limit": limit, "unit": unit, "reached": found <= limit}

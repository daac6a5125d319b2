"""What a helper process owes its parent: it dies with it, it works behind it, and it takes no more than it is given."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int | None = None) -> None:
    """SIGKILL for this process when its parent ends (Linux; elsewhere nothing). `parent`: who that was; gone already: end now."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def step_back(memory_bytes: int, cpu_s: int) -> None:
    """Let others go first, be the first to go where memory is short, and stay within these limits."""
    os.nice(10)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800", "ascii")
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, resource.RLIM_INFINITY))  # helpers set their own, and none may be raised
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

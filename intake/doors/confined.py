"""What every confined child does, whatever its work: gives up what it does not need, then answers a frame with a frame."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import struct
import sys
import tomllib
from collections.abc import Callable
from typing import BinaryIO

from intake.doors.fence import refuse_files, refuse_sockets
from intake.reading.words import ReadingWords, reading_words

MEMORY_BYTES = 3 * 1024 * 1024 * 1024
CPU_S = 60
"""Processor time of one job."""
_CLONE_NEWUSER, _CLONE_NEWNET, _PR_SET_NO_NEW_PRIVS, _PR_SET_PDEATHSIG = 0x10000000, 0x40000000, 38, 1
_SIGKILL = 9
_FRAMES = 4000
"""How deep Python may call: mail nests as deep as the limits of reading allow."""

Work = Callable[[str, bytes, ReadingWords], bytes]
"""(reason to do no more than the least, the job's bytes, phrases) to the answer's bytes."""


def run(work: Work) -> None:
    """Confine, then serve until the parent closes the pipe."""
    confine()
    sys.setrecursionlimit(_FRAMES)
    outbox = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever a library prints goes nowhere: standard output is the answer's pipe.
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    serve(work, sys.stdin.buffer, outbox)


def confine() -> tuple[str, ...]:
    """Give up what reading does not need. What of it the kernel granted: "namespace" (a network of its own without interfaces),
    "sockets" (none can be opened), "files" (none but the interpreter's can be read)."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    alone = libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0
    files = refuse_files(libc)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    sockets = refuse_sockets(libc)  # the last: what is done above may need what it refuses
    return tuple(name for name, held in (("namespace", alone), ("sockets", sockets), ("files", files)) if held)


def serve(work: Work, inbox: BinaryIO, outbox: BinaryIO) -> None:
    """First frame: the phrases as TOML. Then a frame a job: two bytes of length, the reason to do the least (none: do all), the
    job. Each frame begins with eight bytes of length; the answer likewise."""
    words = reading_words(tomllib.loads(inbox.read(_size_of(inbox)).decode("utf-8")))
    while size := _size_of(inbox):
        said = struct.unpack(">H", inbox.read(2))[0]
        reason = inbox.read(said).decode("utf-8", "replace")
        job = inbox.read(size - 2 - said)
        _more_time()
        answer = work(reason, job, words)
        outbox.write(struct.pack(">Q", len(answer)))
        outbox.write(answer)
        outbox.flush()


def _more_time() -> None:
    """CPU_S seconds of processor time for the next job, beyond what was used so far; then the kernel ends the child."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_S, resource.RLIM_INFINITY))


def _size_of(stream: BinaryIO) -> int:
    """Length of the next frame; 0 when there is none."""
    head = stream.read(8)
    return struct.unpack(">Q", head)[0] if len(head) == 8 else 0

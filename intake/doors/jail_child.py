"""The child that reads hostile formats: bytes in, Reading out, over pipes; without network, secrets or much memory."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import struct
import sys
import tomllib
from typing import BinaryIO

import msgspec

from intake.reading.read_message import read_message, set_aside
from intake.reading.words import reading_words

MEMORY_BYTES = 3 * 1024 * 1024 * 1024
CPU_S = 60
"""Processor time of one message."""
_CLONE_NEWUSER, _CLONE_NEWNET, _PR_SET_NO_NEW_PRIVS, _PR_SET_PDEATHSIG = 0x10000000, 0x40000000, 38, 1
_SIGKILL = 9


def confine() -> bool:
    """Give up what reading does not need. True when the network is gone (a namespace of its own without interfaces)."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    isolated: bool = libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    return isolated


def serve(inbox: BinaryIO, outbox: BinaryIO) -> None:
    """First frame: the phrases as TOML. Then a frame a message (jail._frame_of); each with eight bytes of length; the answer likewise."""
    words = reading_words(tomllib.loads(frame_of(inbox).decode("utf-8")))
    encoder = msgspec.json.Encoder()
    while True:
        frame = frame_of(inbox)
        if not frame:
            return
        size = struct.unpack(">H", frame[:2])[0]
        reason, raw = frame[2 : 2 + size].decode("utf-8", "replace"), frame[2 + size :]
        more_time()
        answer = encoder.encode(set_aside(raw, reason) if reason else read_message(raw, words))
        outbox.write(struct.pack(">Q", len(answer)) + answer)
        outbox.flush()


def more_time() -> None:
    """CPU_S seconds of processor time for the next message, beyond what was used so far; then the kernel ends the child."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_S, resource.RLIM_INFINITY))


def frame_of(stream: BinaryIO) -> bytes:
    """The next frame; empty when there is none."""
    head = stream.read(8)
    if len(head) < 8:
        return b""
    return stream.read(struct.unpack(">Q", head)[0])


def main() -> None:
    """Confine, then serve until the parent closes the pipe."""
    confine()
    sys.setrecursionlimit(4000)
    outbox = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever a library prints goes nowhere: standard output is the answer's pipe.
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    serve(sys.stdin.buffer, outbox)


if __name__ == "__main__":
    main()

"""The child that takes messages apart for a scanner and for reading by eye: a job in, bytes out, confined like the one that reads."""

from __future__ import annotations

import contextlib
import os
import struct
import sys
import tomllib
from typing import BinaryIO

import msgspec

from intake.doors.jail_child import confine, frame_of, more_time
from intake.model.examination import ToUnpack
from intake.reading.unpack import unpack
from intake.reading.words import reading_words


def serve(inbox: BinaryIO, outbox: BinaryIO) -> None:
    """First frame: the phrases as TOML. Then a frame a job: two bytes of nothing, a ToUnpack (jail._frame_of)."""
    words = reading_words(tomllib.loads(frame_of(inbox).decode("utf-8")))
    while frame := frame_of(inbox):
        more_time()
        answer = msgspec.msgpack.encode(unpack(msgspec.msgpack.decode(frame[2:], type=ToUnpack), words))
        outbox.write(struct.pack(">Q", len(answer)) + answer)
        outbox.flush()


def main() -> None:
    """Confine, then serve until the parent closes the pipe."""
    confine()
    sys.setrecursionlimit(4000)
    outbox = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with contextlib.suppress(OSError):  # whatever a library prints goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    serve(sys.stdin.buffer, outbox)


if __name__ == "__main__":
    main()

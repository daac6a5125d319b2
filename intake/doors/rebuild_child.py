"""The child that rebuilds originals for release: a job in, a ReleasedForm out, confined like the one that reads."""

from __future__ import annotations

import contextlib
import os
import struct
import sys
from typing import BinaryIO

import msgspec

from intake.doors.jail_child import confine, frame_of, more_time
from intake.model.release import ToRelease
from intake.publication.released_form import release


def serve(inbox: BinaryIO, outbox: BinaryIO) -> None:
    """A first frame without use here, then a frame a job: two bytes of nothing, a ToRelease as JSON (jail._frame_of)."""
    frame_of(inbox)
    while frame := frame_of(inbox):
        more_time()
        answer = msgspec.json.encode(release(msgspec.json.decode(frame[2:], type=ToRelease)))
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

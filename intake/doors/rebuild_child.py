"""The child that rebuilds originals for release: a job in, a ReleasedForm out, confined like the one that reads."""

from __future__ import annotations

import contextlib
import os
import struct
import sys
import tomllib
from typing import BinaryIO

import msgspec
from msgspec.structs import replace

from intake.doors.jail_child import confine, frame_of, more_time
from intake.model.release import ReleasedForm, ToRelease
from intake.publication.released_form import release
from intake.reading.read_message import collect
from intake.reading.words import reading_words


def serve(inbox: BinaryIO, outbox: BinaryIO) -> None:
    """A first frame with the phrases by which messages are read, then a frame a job: two bytes of nothing, a ToRelease as JSON."""
    words = reading_words(tomllib.loads(frame_of(inbox).decode("utf-8")))
    while frame := frame_of(inbox):
        more_time()
        job = msgspec.json.decode(frame[2:], type=ToRelease)
        octets = collect(job.octets, words, {job.sha256}).get(job.sha256) if job.sha256 else job.octets
        form = release(replace(job, octets=octets)) if octets is not None else ReleasedForm(because="damaged")
        answer = msgspec.json.encode(form)
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

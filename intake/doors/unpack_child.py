"""The child that takes messages apart for a scanner and for reading by eye: a job in, bytes out, confined like the one that reads."""

from __future__ import annotations

import msgspec

from intake.doors.confined import run
from intake.model.examination import ToUnpack
from intake.reading.unpack import unpack
from intake.reading.words import ReadingWords


def work(_reason: str, job: bytes, words: ReadingWords) -> bytes:
    """A ToUnpack as msgpack to what was unpacked."""
    return msgspec.msgpack.encode(unpack(msgspec.msgpack.decode(job, type=ToUnpack), words))


def main() -> None:
    """Serve until the parent closes the pipe."""
    run(work)


if __name__ == "__main__":
    main()

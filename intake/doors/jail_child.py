"""The child that reads hostile formats: bytes in, Reading out, over pipes; without network, secrets or much memory."""

from __future__ import annotations

import msgspec

from intake.doors.confined import run
from intake.reading.read_message import read_message, set_aside
from intake.reading.words import ReadingWords


def work(reason: str, raw: bytes, words: ReadingWords) -> bytes:
    """A message's Reading as JSON. `reason`: only set it aside, for it was too much for another child."""
    return msgspec.json.encode(set_aside(raw, reason) if reason else read_message(raw, words))


def main() -> None:
    """Serve until the parent closes the pipe."""
    run(work)


if __name__ == "__main__":
    main()

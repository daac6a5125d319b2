"""A jailed child with faults on demand: it dies, hangs or takes memory at messages that ask for it."""

from __future__ import annotations

import os
import time

from intake.doors import confined, jail_child
from intake.model.mail import Reading
from intake.reading.read_message import read_message
from intake.reading.words import ReadingWords


def faulty(raw: bytes, words: ReadingWords) -> Reading:
    """What read_message gives, unless the message asks for a fault."""
    if b"X-Fault: die" in raw:
        os._exit(1)
    if b"X-Fault: hang" in raw:
        time.sleep(3600)
    while b"X-Fault: spin" in raw:
        pass
    if b"X-Fault: memory" in raw:
        bytearray(64 * 1024 * 1024 * 1024)
    return read_message(raw, words)


if __name__ == "__main__":
    jail_child.read_message = faulty
    confined.CPU_S = 2
    jail_child.main()

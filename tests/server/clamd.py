"""A clamd of one's own with one harmless signature, on a socket below a folder of the test's."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fakes.files import SIGNATURE

CLAMD = shutil.which("clamd", path=os.environ.get("PATH", "") + ":/usr/sbin")
MOST = 2_000_000


@contextmanager
def clamd(folder: Path) -> Iterator[str]:
    """Its address, once it answers."""
    data = folder / "signatures"
    data.mkdir()
    (data / "test.ndb").write_text(f"Test.Words:0:*:{SIGNATURE.hex()}\n")
    place = folder / "clamd.ctl"
    config = folder / "clamd.conf"
    config.write_text(
        f"Foreground yes\nDatabaseDirectory {data}\nLocalSocket {place}\nStreamMaxLength {MOST}\nAlertExceedsMax yes\n"
        f"TemporaryDirectory {folder}\nMaxThreads 2\nLogFile {folder / 'clamd.log'}\n"
        + ("User root\n" if os.getuid() == 0 else "")
    )
    assert CLAMD is not None
    process = subprocess.Popen([CLAMD, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket(socket.AF_UNIX) as link:
                if place.exists() and link.connect_ex(str(place)) == 0:
                    break
            assert process.poll() is None, (folder / "clamd.log").read_text()
            time.sleep(0.05)
        yield f"unix:{place}"
    finally:
        process.terminate()
        process.wait(20)

"""What the areas run against: a Dovecot of our own with the load in it, an SMTP server that takes everything, scratch room."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from intake.doors.clock import SystemClock
from tests.bench.corpus import maildir
from tests.server.dovecot import Dovecot
from tests.server.tools import free_port, listens, program, wait_until

NOBODY = 65534


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder outside the checkout, open to the servers' users, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="intake-bench-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def dovecot(folder: Path) -> Iterator[Dovecot]:
    """Running below `folder`."""
    (folder / "dovecot").mkdir(mode=0o755)
    server = Dovecot(folder / "dovecot")
    server.start()
    try:
        yield server
    finally:
        server.stop()


def soon() -> datetime:
    """A moment after any first look of these minutes: mail dated from here on is answered."""
    return SystemClock().now().replace(microsecond=0) + timedelta(minutes=10)


def mailbox(server: Dovecot, folder: Path, count: int, *, small: bool = False) -> tuple[str, Path, int]:
    """A user whose INBOX holds the load: (user, its Maildir, bytes). Dovecot's index is made here, not in anyone's measurement."""
    user = server.new_user()
    box = folder / "dovecot" / "mail" / user
    size = maildir(box, count, soon(), small=small)
    if os.getuid() == 0:
        for path in (box, *box.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    client = server.client(user)
    client.socket().settimeout(600)  # a new index of a hundred thousand files
    client.select_folder("INBOX", readonly=True)
    uids = client.search("ALL")
    for start in range(0, len(uids), 1_000):  # a list of ten thousand is refused as too long
        client.fetch(uids[start : start + 1_000], ["RFC822.SIZE"])
    client.logout()
    return user, box, size


@contextmanager
def smtp_sink() -> Iterator[int]:
    """Port of a server in C that takes every letter and keeps none: its processor time is not ours."""
    port = free_port()
    words = [program("smtp-sink", "postfix"), *(["-u", "nobody"] if os.getuid() == 0 else []), f"127.0.0.1:{port}", "100"]
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: listens(port), "smtp-sink")
        yield port
    finally:
        process.terminate()
        process.wait(10)

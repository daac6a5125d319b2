"""The demonstration's servers, on loopback, as child processes: pymap for IMAP, and an SMTP server that delivers into it.

Mail for the consultation's folders is appended by IMAP with the time of its topmost Received line, as a delivery agent would
have done; everything else (our own letters) is written to a folder as .eml. Nothing ever leaves the machine.
"""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from intake.errors import Unreachable

USER, PASSWORD = "demouser", "demopass"
START_S = 30.0


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, child: subprocess.Popen[bytes], what: str) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if child.poll() is not None:
            raise Unreachable(f"the embedded {what} server ended with status {child.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise Unreachable(f"the embedded {what} server did not answer within {START_S:.0f} s")


class Playground:
    """Both servers; a context manager. `folders`: recipient address -> folder; the other recipients' mail goes to `sink`."""

    def __init__(self, folders: Mapping[str, str], sink: Path) -> None:
        self._folders = dict(folders)
        self._sink = sink
        self._children: list[subprocess.Popen[bytes]] = []
        self.imap_port = free_port()
        self.smtp_port = free_port()

    def __enter__(self) -> Playground:
        """Start both and wait until they answer. Raises Unreachable when one does not."""
        self._sink.mkdir(parents=True, exist_ok=True)
        log = (self._sink.parent / "servers.log").open("wb")
        environment = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR")}
        pymap = Path(sys.executable).with_name("pymap")
        imap = [str(pymap), "--host", "127.0.0.1", "--port", str(self.imap_port), "--no-tls", "--no-service", "admin",
                "--no-service", "managesieve", "dict"]  # fmt: skip
        smtp = [sys.executable, "-m", "intake.doors.playground_smtp", str(self.smtp_port), str(self.imap_port), str(self._sink)]
        smtp += [f"{address}={folder}" for address, folder in self._folders.items()]
        try:
            for command, port, what in ((imap, self.imap_port, "IMAP"), (smtp, self.smtp_port, "SMTP")):
                child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
                self._children.append(child)
                _wait_for(port, child, what)
        except BaseException:
            self.__exit__()
            raise
        finally:
            log.close()
        return self

    def __exit__(self, *_: object) -> None:
        """End both."""
        for child in reversed(self._children):
            child.terminate()
        for child in reversed(self._children):
            try:
                child.wait(timeout=5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._children.clear()

    def deliver(self, raw: bytes, sender: str, address: str) -> None:
        """Hand one message in by SMTP, as the world would."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=30) as client:
            client.sendmail(sender, [address], raw, mail_options=["BODY=8BITMIME"])

"""What the servers of the tests share: programs, ports, a certificate authority, waiting."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


def unavailable(reason: str) -> NoReturn:
    """Skip with the reason; where CI is set nothing may be skipped."""
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(reason)
    pytest.skip(reason)


def program(name: str, package: str) -> str:
    """Path of a program, or skip."""
    found = shutil.which(name, path=_PATH)
    if found is None:
        unavailable(f"{name} is not installed (deploy/test-servers.sh installs {package} on Debian)")
    return found


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    """Ask again and again; a server that does not come up fails the test with `what`."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            pytest.fail(f"{what}: not within {seconds} s")
        time.sleep(0.02)


def listens(port: int) -> bool:
    """Whether somebody accepts connections there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class Authority:
    """A certificate authority of our own and one certificate for the address 127.0.0.1 (not for the name localhost)."""

    def __init__(self, folder: Path) -> None:
        self.ca_file = folder / "ca.pem"
        self.certificate = folder / "server.pem"
        self.key = folder / "server.key"
        openssl = program("openssl", "openssl")
        self._run(openssl, folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Test authority",
                  "-keyout", "ca.key", "-out", "ca.pem")  # fmt: skip
        self._run(openssl, folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test server",
                  "-keyout", "server.key", "-out", "server.csr")  # fmt: skip
        (folder / "server.ext").write_text("subjectAltName = IP:127.0.0.1\n")
        self._run(openssl, folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                  "-days", "2", "-extfile", "server.ext", "-out", "server.pem")  # fmt: skip

    def _run(self, openssl: str, folder: Path, *words: str) -> None:
        subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)

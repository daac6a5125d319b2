"""Fixtures of the real servers; conftest files name the module as a plugin of theirs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.smtp_server import OddSmtpServer
from tests.server.dovecot import Dovecot
from tests.server.postfix import Postfix


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder that the servers' own users can pass through (pytest's are closed to them), with a short path for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="intake-servers-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def dovecot(server_folder: Path) -> Iterator[Dovecot]:
    """One Dovecot for all tests of a process."""
    folder = server_folder / "dovecot"
    folder.mkdir(mode=0o755)
    server = Dovecot(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sink() -> Iterator[OddSmtpServer]:
    """Where everything that Postfix relays ends."""
    with OddSmtpServer() as server:
        yield server


@pytest.fixture(scope="session")
def postfix(server_folder: Path, sink: OddSmtpServer) -> Iterator[Postfix]:
    """One Postfix for all tests of a process."""
    folder = server_folder / "postfix"
    folder.mkdir(mode=0o755)
    server = Postfix(folder, sink.port)
    server.start()
    yield server
    server.stop()

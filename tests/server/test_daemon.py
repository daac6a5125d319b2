"""The daemon as a process: ready, at work within seconds of a mail, alone on its state, gone within ten seconds of SIGTERM."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from intake.doors.clock import SystemClock
from tests.fakes.smtp_server import OddSmtpServer
from tests.server.dovecot import Dovecot
from tests.server.postfix import Postfix
from tests.server.test_round import ROOT, configure, make_folders
from tests.server.tools import wait_until

pytestmark = [pytest.mark.server, pytest.mark.timeout(180)]
INTAKE = Path(sys.executable).with_name("intake")


@contextmanager
def daemon(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], socket.socket]]:
    """`intake run` with a notification socket; killed at the end when it still lives."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(folder / "notify"))
    listener.settimeout(30)
    environment = {**os.environ, "NOTIFY_SOCKET": str(folder / "notify")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(INTAKE), "--config", str(folder / "intake.toml"), "run"], stdout=log, stderr=log, env=environment
        )
        try:
            yield process, listener
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(10)
            listener.close()


def test_it_is_ready_answers_a_mail_and_leaves_when_told(
    tmp_path: Path, dovecot: Dovecot, postfix: Postfix, sink: OddSmtpServer
) -> None:
    """READY=1, then WATCHDOG=1 after a finished pass; a mail is acknowledged through the relay; SIGTERM ends it with 0."""
    user = dovecot.new_user()
    make_folders(dovecot, user)
    configure(tmp_path, ROOT / "config" / "rounds" / "example.toml.txt", dovecot, user, postfix)
    config = tmp_path / "intake.toml"
    config.write_text(config.read_text("utf-8") + "[poll]\nevery_s = 2.0\n", "utf-8")
    before = len(sink.letters)
    with daemon(tmp_path) as (process, listener):
        assert listener.recv(100) == b"READY=1"
        assert listener.recv(100) == b"WATCHDOG=1"
        mail = b"From: Ana <ana@example.org>\r\nTo: consultation@example.org\r\nMessage-ID: <daemon@example.org>\r\n\r\nQuestion 1. Our answer.\r\n"
        dovecot.deliver(user, [mail], SystemClock().now() + timedelta(minutes=1))
        wait_until(lambda: len(sink.letters) > before, "the acknowledgement", 40)
        second = subprocess.run(
            [str(INTAKE), "--config", str(config), "run"], capture_output=True, text=True, timeout=60, check=False
        )
        assert second.returncode == 75
        assert "already at work" in second.stderr
        status = subprocess.run(
            [str(INTAKE), "--config", str(config), "status"], capture_output=True, text=True, timeout=90, check=False
        )
        assert status.returncode == 0, status.stderr
        assert "archived 1 = response 1" in status.stdout
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert time.monotonic() - begun < 10
    assert len(sink.letters) == before + 1


def test_a_server_that_cannot_be_reached_is_waited_for(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> None:
    """The daemon stays up and says so; `poll` exits 75, `check` 69; nothing hangs."""
    user = dovecot.new_user()
    configure(tmp_path, ROOT / "config" / "rounds" / "example.toml.txt", dovecot, user, postfix)
    config = tmp_path / "intake.toml"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    config.write_text(config.read_text("utf-8").replace(f"port = {dovecot.account(user).port}", f"port = {port}"), "utf-8")
    check = subprocess.run(
        [str(INTAKE), "--config", str(config), "check"], capture_output=True, text=True, timeout=90, check=False
    )
    assert check.returncode == 69
    assert "FAULT" in check.stdout
    with daemon(tmp_path) as (process, listener):
        assert listener.recv(100) == b"READY=1"
        assert listener.recv(100) == b"WATCHDOG=1"
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_wrong_password_unknown_folder_and_no_tls_come_in_one_list(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> None:
    """`check` and `run` name every fault at once and exit 78, without a traceback and without the password."""
    user = dovecot.new_user()
    configure(tmp_path, ROOT / "config" / "rounds" / "example.toml.txt", dovecot, user, postfix)
    config = tmp_path / "intake.toml"
    account = dovecot.account(user)
    wrong = tmp_path / "wrong"
    wrong.write_text("not-the-password", "utf-8")
    wrong.chmod(0o600)
    second = (
        f'[[mailboxes]]\nname = "second"\nhost = "{account.host}"\nport = {account.port}\nusername = "{user}"\npassword_file = "wrong"\n'
        f'ca_file = "{dovecot.ca_file}"\n[[mailboxes.folders]]\nname = "INBOX"\nchannel = "address"\nround = "example-round"\n'
        f'[[mailboxes]]\nname = "third"\nhost = "{account.host}"\nport = {dovecot.plain_port}\nusername = "{user}"\npassword_file = "wrong"\n'
        'timeout_s = 5.0\n[[mailboxes.folders]]\nname = "INBOX"\nchannel = "address"\nround = "example-round"\n[smtp]'
    )
    config.write_text(config.read_text("utf-8").replace("[smtp]", second), "utf-8")
    for verb in ("check", "run"):
        done = subprocess.run(
            [str(INTAKE), "--config", str(config), verb], capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 78, done.stdout + done.stderr
        for wanted in ("folder LIST", "folder JUNK", "mailbox second", "mailbox third"):
            assert wanted in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
        assert "not-the-password" not in done.stdout + done.stderr

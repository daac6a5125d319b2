"""A private Dovecot: its own folder, user, passwd-file and certificate; ports of loopback only."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from imapclient import IMAPClient

from intake.doors.imap_session import ImapAccount
from tests.server.tools import Authority, free_port, listens, program, unavailable, wait_until

PASSWORD = "correct horse"
_USERS = 300

_CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 0
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = yes
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
mail_max_userip_connections = 100
auth_mechanisms = plain login{token_mechanisms}
{token_passdb}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  mailbox Junk {{
    auto = create
  }}
}}
"""

_TOKEN_PASSDB = """\
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf.ext
}}
"""

_OAUTH2 = """\
introspection_mode = get
introspection_url = http://127.0.0.1:{port}/introspect?token=
username_attribute = username
active_attribute = active
active_value = true
"""


class Dovecot:
    """Running from `start` to `stop`. Each test takes a user of its own."""

    def __init__(self, folder: Path, token_port: int = 0) -> None:
        self._token_port = token_port
        self._binary = program("dovecot", "dovecot-imapd")
        self._doveadm = program("doveadm", "dovecot-core")
        version = subprocess.run([self._binary, "--version"], capture_output=True, text=True, check=True).stdout
        if not version.startswith("2.3"):
            unavailable(f"these tests configure Dovecot 2.3; this is {version.split()[0]}")
        self._folder = folder
        self.tls_port, self.plain_port = free_port(), free_port()
        self._authority = Authority(folder)
        self._users = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def maildirs(self) -> Path:
        """Below it each user's Maildir."""
        return self._folder / "mail"

    @property
    def ca_file(self) -> Path:
        """What a client must trust."""
        return self._authority.ca_file

    def start(self) -> None:
        """Write the configuration and wait for the ports."""
        root = os.getuid() == 0
        for name in ("run", "mail", "home"):
            (self._folder / name).mkdir(mode=0o777)
            (self._folder / name).chmod(0o777)
        me = getpass.getuser()
        # Dovecot looks at the file's time, to the second: all users stand there from the start
        (self._folder / "users").write_text("".join(f"user{number}:{PASSWORD}\n" for number in range(1, _USERS)))
        tokens = self._token_port > 0
        if tokens:
            (self._folder / "oauth2.conf.ext").write_text(_OAUTH2.format(port=self._token_port))
        (self._folder / "dovecot.conf").write_text(
            _CONFIG.format(
                folder=self._folder,
                token_mechanisms=" xoauth2 oauthbearer" if tokens else "",
                token_passdb=_TOKEN_PASSDB.format(folder=self._folder) if tokens else "",
                internal="dovecot" if root else me,
                internal_group="dovecot" if root else me,
                login="dovenull" if root else me,
                certificate=self._authority.certificate,
                key=self._authority.key,
                uid=65534 if root else os.getuid(),
                gid=65534 if root else os.getgid(),
                plain_port=self.plain_port,
                tls_port=self.tls_port,
            )
        )
        self.resume()

    def resume(self) -> None:
        """Start it (again) as it is configured."""
        command = [self._binary, "-F", "-c", str(self._folder / "dovecot.conf")]
        with (self._folder / "stderr").open("wb") as said:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
        wait_until(lambda: listens(self.tls_port) and listens(self.plain_port), f"Dovecot: {self._said()}")

    def stop(self) -> None:
        """End it and its children."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)

    def new_user(self) -> str:
        """A user with an empty INBOX."""
        self._users += 1
        return f"user{self._users}"

    def set_password(self, user: str, password: str) -> None:
        """From the next log-in on."""
        lines = (self._folder / "users").read_text().splitlines()
        kept = [f"{user}:{password}" if line.split(":")[0] == user else line for line in lines]
        time.sleep(1.1)  # the file is looked at once a second
        path = self._folder / "users"
        later = path.stat().st_mtime + 10
        path.write_text("\n".join(kept) + "\n")
        os.utime(path, (later, later))

    def account(self, user: str, **changes: object) -> ImapAccount:
        """How the daemon is told to reach that user."""
        values: dict[str, object] = {
            "name": "main",
            "host": "127.0.0.1",
            "port": self.tls_port,
            "username": user,
            "password": lambda: PASSWORD,
            "ca_file": self.ca_file,
            "timeout_s": 10.0,
        }
        return ImapAccount(**{**values, **changes})  # type: ignore[arg-type]

    def client(self, user: str) -> IMAPClient:
        """Another session, as a person at a mail program has."""
        client = IMAPClient("127.0.0.1", self.plain_port, ssl=False, timeout=10)
        client.login(user, PASSWORD)
        return client

    def deliver(self, user: str, raws: Sequence[bytes], at: datetime | None = None, folder: str = "INBOX") -> None:
        """Append messages, with an INTERNALDATE."""
        client = self.client(user)
        for raw in raws:
            client.append(folder, raw, msg_time=at)
        client.logout()

    def remove(self, user: str, uids: Sequence[int], folder: str = "INBOX") -> None:
        """Delete and expunge messages."""
        client = self.client(user)
        client.select_folder(folder)
        client.delete_messages(uids)
        client.expunge(uids)
        client.logout()

    def kick(self, user: str) -> None:
        """Kill every session of a user, as an operator does."""
        self._admin("kick", user)

    def lose_indexes(self, user: str) -> None:
        """Delete Dovecot's own files: UIDVALIDITY changes and UIDs begin again."""
        time.sleep(1.1)  # UIDVALIDITY is the second in which the index is made
        for path in (self._folder / "mail" / user).rglob("dovecot*"):
            if path.is_file():
                path.unlink()

    def rename_folder(self, user: str, old: str, new: str) -> None:
        """As a person does."""
        client = self.client(user)
        client.rename_folder(old, new)
        client.logout()

    def remove_user_mail(self, user: str) -> None:
        """Everything of a user goes."""
        shutil.rmtree(self._folder / "mail" / user)

    def _admin(self, *words: str) -> None:
        command = [self._doveadm, "-c", str(self._folder / "dovecot.conf"), *words]
        subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL, timeout=20)

    def _said(self) -> str:
        return "".join(
            path.read_text("utf-8", "replace") for path in (self._folder / "log", self._folder / "stderr") if path.exists()
        )

"""A private Postfix that takes letters on loopback, with and without TLS, and relays them to one sink on loopback only."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.server.tools import Authority, free_port, listens, program, unavailable, wait_until

_MAIN = """\
compatibility_level = 3.6
config_directory = {folder}/etc
queue_directory = {folder}/spool
data_directory = {folder}/data
daemon_directory = {daemons}
command_directory = {commands}
maillog_file_prefixes = {folder}
maillog_file = {folder}/log
myhostname = relay.example.int
mydestination =
local_transport = error:no local mail
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{sink_port}
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtp_tls_security_level = none
smtpd_tls_security_level = may
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_session_cache_database =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{nobody@example.org = 550 5.1.1 no such person}},
    {{greylisted@example.org = 450 4.2.0 come again}} }}, permit_mynetworks, reject
smtpd_peername_lookup = no
smtputf8_enable = yes
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 4s
"""

_HOMES = """\
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {base}
virtual_mailbox_maps = inline:{{ {mailboxes} }}
virtual_minimum_uid = 100
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
"""

_INSIDE = """\
127.0.0.1:{inside_port} inet n - n - - smtpd
  -o {{ smtpd_sender_restrictions = check_sender_access inline:{{ {vouched} }} }}
virtual unix - n n - - virtual
"""
"""Where the house's own people hand their mail in: what a milter writes of those who signed in is a line of this table."""

_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{tls_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Running from `start` to `stop`. What it relays goes to `sink_port` and nowhere else."""

    def __init__(self, folder: Path, sink_port: int, homes: Mapping[str, str] | None = None, base: Path | None = None) -> None:
        """`homes`: address -> user of the Dovecot whose Maildirs lie below `base`; the house's own people, vouched for inside."""
        self._binary = program("postfix", "postfix")
        program("postconf", "postfix")
        if os.getuid() != 0:
            unavailable("Postfix starts for root only")
        self._folder = folder
        self._sink_port = sink_port
        self.port, self.tls_port, self.inside_port = free_port(), free_port(), free_port()
        self._homes, self._base = dict(homes or {}), base
        self._authority = Authority(folder)

    @property
    def ca_file(self) -> Path:
        """What a client must trust."""
        return self._authority.ca_file

    def start(self) -> None:
        """Write the configuration and wait for the ports."""
        for name in ("etc", "spool", "data"):
            (self._folder / name).mkdir(mode=0o755)
        (self._folder / "etc" / "main.cf").write_text(
            _MAIN.format(
                folder=self._folder,
                daemons=self._default("daemon_directory"),
                commands=self._default("command_directory"),
                sink_port=self._sink_port,
                certificate=self._authority.certificate,
                key=self._authority.key,
            )
        )
        (self._folder / "etc" / "master.cf").write_text(_MASTER.format(port=self.port, tls_port=self.tls_port))
        if self._homes:
            self._add_homes()
        subprocess.run(["chown", "postfix", str(self._folder / "data")], check=True)
        self.resume()

    def _add_homes(self) -> None:
        """Mail for the house's own addresses goes into Dovecot's Maildirs."""
        domains = sorted({address.partition("@")[2] for address in self._homes})
        mailboxes = ", ".join(f"{{ {address} = {user}/ }}" for address, user in self._homes.items())
        told = "Authentication-Results: relay.example.int; auth=pass smtp.auth={0}"
        vouched = ", ".join(f"{{ {address} = PREPEND {told.format(address)} }}" for address in self._homes)
        with (self._folder / "etc" / "main.cf").open("a") as main:
            main.write(_HOMES.format(domains=" ".join(domains), base=self._base, mailboxes=mailboxes))
        with (self._folder / "etc" / "master.cf").open("a") as master:
            master.write(_INSIDE.format(inside_port=self.inside_port, vouched=vouched))

    def resume(self) -> None:
        """Start it (again)."""
        done = self._command("start")
        wait_until(lambda: listens(self.port) and listens(self.tls_port), f"Postfix: {done.stderr} {self._said()}")

    def stop(self) -> None:
        """Stop its own master process and what that started."""
        self._command("stop")

    def _command(self, word: str) -> subprocess.CompletedProcess[str]:
        command = [self._binary, "-c", str(self._folder / "etc"), word]
        return subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)

    def _default(self, name: str) -> str:
        command = [program("postconf", "postfix"), "-d", "-h", name]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def _said(self) -> str:
        log = self._folder / "log"
        return log.read_text("utf-8", "replace")[-2000:] if log.exists() else ""

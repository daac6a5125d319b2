"""The daemon as it runs: idle polls, memory, one mail more, readiness after SIGKILL, and from mail to acknowledgement with IDLE."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

from tests.bench.corpus import messages
from tests.bench.house import ROUND, round_file
from tests.bench.measure import aim, cpu_s_of, in_a_child, peak_mb_of
from tests.bench.servers import NOBODY, dovecot, scratch, soon
from tests.fakes.smtp_server import OddSmtpServer
from tests.server.dovecot import PASSWORD, Dovecot

_POLLS = 30
_MORE = 12
"""Mails more, the same at each size: the system counts in hundredths of a second."""
_SETTLE_S = 900.0


def figures(quick: bool) -> dict[str, Any]:
    """Processor time is that of the daemon's own process; its reading children are aside."""
    sizes = (200,) if quick else (1_000, 10_000, 100_000)
    found: dict[str, Any] = {}
    with scratch() as folder, dovecot(folder) as server:
        for count in sizes:
            found[f"archived {count}"] = _archived(server, folder, count)
        found["mail to acknowledgement"] = _latency(server, folder, 10 if quick else 120)
    first, last = found[f"archived {sizes[0]}"], found[f"archived {sizes[-1]}"]
    middle = found[f"archived {sizes[min(1, len(sizes) - 1)]}"]
    found["aims"] = {
        f"idle poll at {sizes[-1]} archived, CPU ms": aim(last["idle_poll_cpu_ms"], 5.0, "ms"),
        f"ready after SIGKILL at {sizes[min(1, len(sizes) - 1)]}, s": aim(middle["ready_after_kill_s"], 5.0, "s"),
        "mail to acknowledgement, p99 s": aim(found["mail to acknowledgement"]["p99_s"], 2.0, "s"),
        f"one mail more at {sizes[-1]} against {sizes[0]}, CPU": aim(
            last["one_mail_more_cpu_ms"] / first["one_mail_more_cpu_ms"], 1.1
        ),
        "SIGTERM to the end, s": aim(max(found[f"archived {count}"]["sigterm_s"] for count in sizes), 10.0, "s"),
    } | {f"peak MB at {count}": aim(found[f"archived {count}"]["peak_mb"], 150.0, "MB") for count in sizes}
    return found


class _Life:
    """One run of the daemon on a state folder."""

    def __init__(self, where: Path) -> None:
        self._log = where / "log"
        self._log.write_bytes(b"")
        self.begun = time.monotonic()
        with self._log.open("ab") as log:
            words = [str(Path(sys.executable).with_name("intake")), "--config", str(where / "intake.toml"), "run"]
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def ready_s(self) -> float:
        """Seconds from the start to its word that it is ready."""
        _until(lambda: b"ready" in self._log.read_bytes() or self.process.poll() is not None, _SETTLE_S)
        if self.process.poll() is not None:
            raise RuntimeError(self._log.read_text("utf-8", "replace")[-2000:])
        return time.monotonic() - self.begun

    def settled(self) -> None:
        """Wait until it has had nothing to do for a while: three stretches of five seconds with less than a tenth of a second each. A
        draft that is printed beside it is not waited for."""
        end, calm = time.monotonic() + _SETTLE_S, 0
        while calm < 3 and time.monotonic() < end:
            before = cpu_s_of(self.process.pid)
            time.sleep(5.0)
            calm = calm + 1 if cpu_s_of(self.process.pid) - before < 0.1 else 0

    def end(self, how: int = signal.SIGTERM) -> float:
        """And wait; gives the seconds that it took."""
        begun = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(60)
        return time.monotonic() - begun


def _archived(server: Dovecot, folder: Path, count: int) -> dict[str, float]:
    where = folder / f"archived-{count}"
    where.mkdir()
    user = server.new_user()
    places = _tiny_mails(server, folder / "dovecot" / "mail" / user, user, count)
    (where / "places.json").write_text(json.dumps(places))
    with OddSmtpServer() as sink:
        _configure(where, server, user, sink.port, idle=False, every_s=1.0)
        _cost, _done = in_a_child("tests.bench.many", str(where), str(where / "places.json"), seconds=3600)
        first = _Life(where)
        first.ready_s()
        first.settled()
        anew = peak_mb_of(first.process.pid)  # this life has judged the round from its first message on
        first.end(signal.SIGKILL)
        second = _Life(where)
        pid = second.process.pid
        found = {"ready_after_kill_s": round(second.ready_s(), 2), "ready_after_kill_cpu_s": round(cpu_s_of(pid), 2)}
        second.settled()
        before = cpu_s_of(pid)
        time.sleep(_POLLS)
        found["idle_poll_cpu_ms"] = round((cpu_s_of(pid) - before) * 1000 / _POLLS, 2)
        costs = [_one_more(server, user, sink, pid, raw) for raw in _answered(_MORE + 1, seed=1)]
        found["first_mail_cpu_ms"], found["one_mail_more_cpu_ms"] = costs[0], round(sum(costs[1:]) / _MORE, 1)
        second.settled()
        found["peak_mb_judging_anew"] = round(anew, 1)
        found["peak_mb"] = round(max(anew, peak_mb_of(pid)), 1)
        found["sigterm_s"] = round(second.end(), 2)
    return found


def _one_more(server: Dovecot, user: str, sink: OddSmtpServer, pid: int, raw: bytes) -> float:
    """Processor milliseconds of the daemon from a mail to its letter and the pass after it; the first one loads sorting's tables."""
    before, letters = cpu_s_of(pid), len(sink.letters)
    server.deliver(user, [raw], soon())
    _until(lambda: len(sink.letters) > letters, 120)
    time.sleep(3.0)
    return round((cpu_s_of(pid) - before) * 1000, 1)


def _answered(count: int, seed: int) -> list[bytes]:
    """Mails that are answered: no machine's, no advertisement, none twice."""
    every = dict.fromkeys(raw for _at, raw in messages(20 * count, soon(), small=True, seed=seed))
    return [raw for raw in every if b"Auto-Submitted" not in raw and b"You have won" not in raw and b"report-type" not in raw][
        :count
    ]


def _tiny_mails(server: Dovecot, box: Path, user: str, count: int) -> list[tuple[int, int, str]]:
    """A folder with so many mails of a line, and where each stands: the daemon is told that it has them."""
    at = soon() - timedelta(days=5)
    for name in ("cur", "new", "tmp"):
        (box / name).mkdir(parents=True)
    for number in range(count):
        path = box / "cur" / f"{1_700_000_000 + number}.M{number}P1.bench:2,"
        path.write_bytes(b"Subject: x\r\n\r\nx\r\n")
        os.utime(path, (at.timestamp() + number, at.timestamp() + number))
    if os.getuid() == 0:
        for path in (box, *box.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    client = server.client(user)
    client.socket().settimeout(600)  # a new index of a hundred thousand files
    client.normalise_times = False
    uidvalidity = client.select_folder("INBOX", readonly=True)[b"UIDVALIDITY"]
    uids = [uid for first in range(1, count + 1, 20_000) for uid in client.search([f"{first}:{min(first + 19_999, count)}"])]
    places = []
    for start in range(0, len(uids), 1_000):
        for uid, values in sorted(client.fetch(uids[start : start + 1_000], ["INTERNALDATE"]).items()):
            places.append((uidvalidity, uid, values[b"INTERNALDATE"].astimezone(UTC).isoformat()))
    client.logout()
    return places


def _latency(server: Dovecot, folder: Path, count: int) -> dict[str, float]:
    """One mail a second into the mailbox; the moment at which the relay has taken its acknowledgement."""
    where = folder / "latency"
    where.mkdir()
    user = server.new_user()
    with OddSmtpServer() as sink, _noting(sink) as taken:
        _configure(where, server, user, sink.port, idle=True, every_s=30.0)
        life = _Life(where)
        life.ready_s()
        life.settled()
        sent: dict[bytes, float] = {}
        for number, (_at, raw) in enumerate(messages(4 * count, soon(), small=True, seed=2)):
            if len(sent) == count or b"Auto-Submitted" in raw or b"You have won" in raw or raw in sent:
                continue
            begun = time.monotonic()
            sent[f"person{number}@house{number}.example".encode()] = begun
            server.deliver(user, [raw], soon())
            time.sleep(max(0.0, begun + 1.0 - time.monotonic()))
        _until(lambda: len(sink.letters) >= 0.97 * len(sent), 60)
        time.sleep(3)
        life.end()
    waits = sorted(at - sent[who] for who, at in taken.items() if who in sent)
    if not waits:
        raise RuntimeError("no letter came")
    return {
        "mails": len(sent),
        "letters": len(waits),
        "median_s": round(waits[len(waits) // 2], 2),
        "p99_s": round(waits[min(len(waits) - 1, int(len(waits) * 0.99))], 2),
    }


@contextmanager
def _noting(sink: OddSmtpServer) -> Iterator[dict[bytes, float]]:
    """When each letter was first seen at the sink, by recipient."""
    taken: dict[bytes, float] = {}
    stop = threading.Event()

    def look() -> None:
        seen = 0
        while not stop.wait(0.01):
            for raw in sink.letters[seen:]:
                seen += 1
                head = raw.partition(b"\r\n\r\n")[0]
                to = next((line[4:].strip() for line in head.split(b"\r\n") if line.startswith(b"To: ")), b"")
                taken.setdefault(to, time.monotonic())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield taken
    finally:
        stop.set()
        thread.join()


def _configure(where: Path, server: Dovecot, user: str, smtp_port: int, *, idle: bool, every_s: float) -> None:
    round_file(where / "rounds")
    (where / "password").write_text(PASSWORD)
    (where / "password").chmod(0o600)
    (where / "intake.toml").write_text(
        f"""[service]
state_dir = "state"
rounds_dir = "rounds"
address = "secretariat@example.org"
[poll]
every_s = {every_s}
idle = {str(idle).lower()}
[letters]
mode = "send"
cap_per_hour = 1000000
cap_per_domain_day = 1000000
[[mailboxes]]
name = "main"
host = "127.0.0.1"
port = {server.tls_port}
tls = "implicit"
username = "{user}"
password_file = "password"
ca_file = "{server.ca_file}"
[[mailboxes.folders]]
name = "INBOX"
channel = "address"
round = "{ROUND}"
[smtp]
host = "127.0.0.1"
port = {smtp_port}
tls = "none"
"""
    )


def _until(done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.02)

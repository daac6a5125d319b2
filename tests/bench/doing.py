"""One measurement in a process of its own: `python -m tests.bench.doing WHAT PORT USER FOLDER`; the last line is JSON.

Only the work is measured, not Python's start: {"n", "bytes", "cpu_s", "wall_s", "peak_mb", ...}.
"""

from __future__ import annotations

import imaplib
import json
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from intake.doors.durable import Disk
from intake.doors.imap import ImapMailbox
from intake.doors.imap_session import ImapAccount
from intake.doors.jail import CHILD
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.vault import FileVault
from intake.pipeline import Office, judge_round, receive
from intake.pipeline.receive import Received
from tests.bench.house import WATCHED, office
from tests.bench.measure import cost_of, peak_mb_of
from tests.fakes.mails import a_mail, arrival_of
from tests.server.dovecot import PASSWORD

BATCH = 50


def account(port: int, user: str) -> ImapAccount:
    """Without TLS, as the peers are measured."""
    return ImapAccount(name="main", host="127.0.0.1", port=port, tls="none", username=user, password=lambda: PASSWORD)


def bare_socket(port: int, user: str, _folder: Path) -> dict[str, Any]:
    """One FETCH for all, drained."""
    size, buffer, tail = 0, bytearray(1 << 18), b""
    with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as answers:
        answers.readline()
        for command in (f'a LOGIN {user} "{PASSWORD}"', "b EXAMINE INBOX"):
            line.sendall(command.encode() + b"\r\n")
            while not (answer := answers.readline()).startswith(command[:2].encode()):
                if answer.endswith(b" EXISTS\r\n"):
                    count = int(answer.split()[1])
        line.sendall(b"z UID FETCH 1:* (BODY.PEEK[])\r\n")
        while b"\r\nz OK" not in tail:
            got = line.recv_into(buffer)
            size += got
            tail = (tail + bytes(buffer[max(0, got - 128) : got]))[-128:]
    return {"n": count, "bytes": size}


def bare_imaplib(port: int, user: str, _folder: Path) -> dict[str, Any]:
    """FETCH in batches of 50 bodies with UID and INTERNALDATE, thrown away."""
    client = imaplib.IMAP4("127.0.0.1", port)
    client.login(user, PASSWORD)
    client.select("INBOX", readonly=True)
    uids = client.uid("SEARCH", "ALL")[1][0].split()
    count = size = 0
    for start in range(0, len(uids), BATCH):
        for item in client.uid("FETCH", b",".join(uids[start : start + BATCH]), "(BODY.PEEK[] INTERNALDATE)")[1]:
            if isinstance(item, tuple):
                count, size = count + 1, size + len(item[1])
    client.logout()
    return {"n": count, "bytes": size}


def imapclient_as_it_comes(port: int, user: str, _folder: Path) -> dict[str, Any]:
    """The same through IMAPClient with nothing set."""
    from imapclient import IMAPClient

    client = IMAPClient("127.0.0.1", port, ssl=False)
    client.login(user, PASSWORD)
    client.select_folder("INBOX", readonly=True)
    uids = client.search("ALL")
    count = size = 0
    for start in range(0, len(uids), BATCH):
        for values in client.fetch(uids[start : start + BATCH], ["BODY.PEEK[]", "INTERNALDATE"]).values():
            count, size = count + 1, size + len(values[b"BODY[]"])
    client.logout()
    return {"n": count, "bytes": size}


def ours_received(port: int, user: str, folder: Path) -> dict[str, Any]:
    """Fetched, hashed, durable with receipt and row: `receive` as the daemon calls it, log-in included."""
    with office(folder) as made:
        door = ImapMailbox(account(port, user), made.vault)
        cost, got = cost_of(lambda: _received(made, door))
        size = sum(item.size_bytes for item in made.ledger.deliveries(WATCHED.round_id))
        return {"n": got.stored, "bytes": size, "cpu_s": cost.cpu_s, "wall_s": cost.wall_s}


def _received(made: Office, door: ImapMailbox) -> Received:
    door.open()
    got = receive(made, door, WATCHED)
    door.close()
    return got


def ours_syncs(port: int, user: str, folder: Path) -> dict[str, Any]:
    """The same with every sync counted."""
    said: list[str] = []
    with office(folder) as made:
        made.vault = FileVault(folder / "state" / "vault", disk=Disk(said.append))
        made.ledger.close()
        made.ledger = SqliteLedger.open(folder / "state" / "ledger.sqlite3", step=said.append)
        said.clear()
        got = _received(made, ImapMailbox(account(port, user), made.vault))
        made.ledger.close()
    files = said.count("disk.sync")
    beside = said.count("disk.sync_folder") + said.count("ledger.commit")
    return {"n": got.stored, "file_syncs": files, "folder_syncs_and_commits": beside}


def _whole(port: int, user: str, folder: Path, child: str) -> dict[str, Any]:
    with office(folder, child=child) as made:
        made.sort(arrival_of(a_mail("Warm", "Nothing.\n")), made.rounds[0])  # tables are loaded once a process, as imports are
        first, got = cost_of(lambda: _received(made, ImapMailbox(account(port, user), made.vault)))
        second, _record = cost_of(lambda: judge_round(made, made.rounds[0]))
        third, _none = cost_of(made.reader.close)  # the children are waited for: their time is counted here
        letters = sum(made.ledger.letter_counts(WATCHED.round_id).values())
    steps = {"received": first.cpu_s, "sorted_recorded_queued": second.cpu_s, "read_by_children": third.cpu_s}
    cpu_s, wall_s = sum(steps.values()), first.wall_s + second.wall_s
    return {"n": got.stored, "letters": letters, "steps_cpu_s": steps, "cpu_s": cpu_s, "wall_s": wall_s}


def ours_whole_way(port: int, user: str, folder: Path) -> dict[str, Any]:
    """Received, read, sorted, recorded, letters queued; documents are lists of bytes."""
    return _whole(port, user, folder, "tests.bench.reading_child")


def ours_whole_way_with_text(port: int, user: str, folder: Path) -> dict[str, Any]:
    """The same with the text of every document."""
    return _whole(port, user, folder, CHILD)


WORK: dict[str, Callable[[int, str, Path], dict[str, Any]]] = {
    work.__name__: work
    for work in (
        bare_socket,
        bare_imaplib,
        imapclient_as_it_comes,
        ours_received,
        ours_syncs,
        ours_whole_way,
        ours_whole_way_with_text,
    )
}


def main() -> None:
    """See the module."""
    what, port, user, folder = sys.argv[1:5]
    cost, found = cost_of(lambda: WORK[what](int(port), user, Path(folder)))
    sys.stdout.write(json.dumps({"cpu_s": cost.cpu_s, "wall_s": cost.wall_s, "peak_mb": peak_mb_of(), **found}) + "\n")


if __name__ == "__main__":
    main()

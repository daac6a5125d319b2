"""Receiving: fetched, hashed, durable, beside the bare wire, IMAPClient as it comes and mbsync, from one Dovecot in one run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.measure import aim, bytes_below, cost_of_command, in_a_child, median
from tests.bench.servers import dovecot, mailbox, scratch
from tests.server.dovecot import PASSWORD, Dovecot

_READERS = ("bare_socket", "bare_imaplib", "imapclient_as_it_comes", "ours_received")


def figures(quick: bool) -> dict[str, Any]:
    """CPU is the client's; the server's is the same for all. Medians of the runs, which take turns."""
    count, runs = (100, 1) if quick else (1_000, 3)
    with scratch() as folder, dovecot(folder) as server:
        user, _box, size = mailbox(server, folder, count)
        readers: dict[str, Callable[[Path], dict[str, float]]] = {
            name: lambda where, name=name: ours(server, user, name, where) for name in _READERS
        }
        if shutil.which("mbsync"):
            readers["mbsync"] = lambda where: _mbsync(server, user, where)
        found: dict[str, Any] = {"messages": count, "mb": round(size / 1e6, 1), "runs": runs}
        found |= _side_by_side(readers, folder, count, runs)
        if "mbsync" not in readers:
            found["absent"] = "mbsync is not installed (deploy/bench-peers.sh)"
        found["syncs"] = _syncs(server, user, folder)
    imaplib, mine = found["bare_imaplib"], found["ours_received"]
    found["aims"] = {
        "receive, CPU against bare imaplib": aim(mine["cpu_ms_per_message"] / imaplib["cpu_ms_per_message"], 5.0),
        "receive, CPU against bare imaplib (aimed at)": aim(mine["cpu_ms_per_message"] / imaplib["cpu_ms_per_message"], 3.0),
        "receive, CPU against IMAPClient as it comes": aim(
            mine["cpu_ms_per_message"] / found["imapclient_as_it_comes"]["cpu_ms_per_message"], 1.0
        ),
        "file syncs a message": aim(found["syncs"]["file_syncs_per_message"], 2.0, "syncs"),
        "syncs a batch of 50 beside": aim(found["syncs"]["others_per_batch"], 4.0, "syncs"),
    }
    return found


def _side_by_side(
    readers: dict[str, Callable[[Path], dict[str, float]]], folder: Path, count: int, runs: int
) -> dict[str, dict[str, float]]:
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in readers}
    for run in range(runs):
        for name, read in readers.items():
            where = folder / f"{name}-{run}"
            where.mkdir()
            taken[name].append({**read(where), "disk_kb_per_message": bytes_below(where) / 1024 / count})
            shutil.rmtree(where)
    return {
        name: {key: round(median([item[key] for item in each]), 4) for key in each[0]}
        | {"worst_cpu_ms": max(i["cpu_ms_per_message"] for i in each)}
        for name, each in taken.items()
    }


def ours(server: Dovecot, user: str, what: str, where: Path) -> dict[str, float]:
    _cost, found = in_a_child("tests.bench.doing", what, str(server.plain_port), user, str(where))
    return _per_message(found["n"], found["cpu_s"], found["wall_s"], found["peak_mb"])


def _per_message(count: int, cpu_s: float, wall_s: float, peak_mb: float) -> dict[str, float]:
    return {"cpu_ms_per_message": cpu_s * 1000 / count, "wall_ms_per_message": wall_s * 1000 / count, "peak_mb": peak_mb}


def _mbsync(server: Dovecot, user: str, where: Path) -> dict[str, float]:
    """Copies the folder into a Maildir; its process as a whole."""
    (where / "rc").write_text(
        f'IMAPAccount a\nHost 127.0.0.1\nPort {server.plain_port}\nUser {user}\nPass "{PASSWORD}"\nSSLType None\nAuthMechs LOGIN\n\n'
        f"IMAPStore far\nAccount a\n\nMaildirStore near\nInbox {where}/INBOX\nPath {where}/\n\n"
        f"Channel c\nFar :far:INBOX\nNear :near:INBOX\nSync Pull\nCreate Near\nSyncState {where}/state/\n"
    )
    (where / "state").mkdir()
    cost = cost_of_command(["mbsync", "-c", str(where / "rc"), "c"])
    count = sum(1 for _ in (where / "INBOX").glob("*/*"))
    if cost.code or not count:
        raise RuntimeError(f"mbsync ended {cost.code}: {cost.said[-300:]}")
    return _per_message(count, cost.cpu_s, cost.wall_s, cost.peak_mb)


def _syncs(server: Dovecot, user: str, folder: Path) -> dict[str, float]:
    where = folder / "syncs"
    where.mkdir()
    _cost, found = in_a_child("tests.bench.doing", "ours_syncs", str(server.plain_port), user, str(where))
    shutil.rmtree(where)
    batches = -(-found["n"] // 50)
    return {
        "file_syncs_per_message": found["file_syncs"] / found["n"],
        "others_per_batch": round(found["folder_syncs_and_commits"] / batches, 2),
    }

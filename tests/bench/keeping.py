"""The vault's keeping at 10,000 messages: backup, the next backup, restore, rebuild and verify, as the drill runs them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from intake.doors.vault import FileVault
from intake.keeping import back_up, restore_snapshot
from intake.pipeline.rebuild import refill
from intake.pipeline.receive import take_in
from intake.ports_keeping import Known
from tests.bench.corpus import messages
from tests.bench.house import WATCHED, office
from tests.bench.many import Unsynced
from tests.bench.measure import bytes_below, cost_of
from tests.bench.servers import scratch, soon


def figures(quick: bool) -> dict[str, Any]:
    """Small messages, as they are right after they were received; processor time and wall time of each step."""
    count = 200 if quick else 10_000
    with scratch() as folder:
        state, store = folder / "state", folder / "backup"
        with office(folder) as made:
            made.vault = FileVault(state / "vault", disk=Unsynced())
            take_in(made, WATCHED, ((raw, at) for at, raw in messages(count, soon(), small=True)))
        found: dict[str, Any] = {"messages": count, "mb": round(bytes_below(state) / 1e6, 1)}
        steps: tuple[tuple[str, Callable[[], object]], ...] = (
            ("backup", lambda: back_up(state, store, 30)),
            ("backup again", lambda: back_up(state, store, 30)),
            ("restore", lambda: restore_snapshot(store, None, folder / "restored", folder / "restored")),
            ("verify objects and receipts", lambda: list(FileVault(folder / "restored" / "vault").faults())),
            ("rebuild", lambda: _rebuilt(state, folder / "fresh")),
        )
        for name, step in steps:
            cost, _ = cost_of(step)
            found[name] = {"cpu_s": round(cost.cpu_s, 2), "wall_s": round(cost.wall_s, 2)}
    return found


def _rebuilt(state: Path, fresh: Path) -> None:
    from intake.doors.clock import SystemClock
    from intake.doors.ledger.ledger import SqliteLedger

    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    ledger = SqliteLedger.open(fresh / "ledger.sqlite3")
    refill(FileVault(state / "vault"), ledger, Known(), SystemClock().now(), "asked")
    ledger.close()

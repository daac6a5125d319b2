"""Receiving at all sizes: 1,000 and 100,000 small messages, 10,000 large ones; growth and peak memory."""

from __future__ import annotations

import shutil
from typing import Any

from tests.bench.measure import aim
from tests.bench.receive import ours
from tests.bench.servers import dovecot, mailbox, scratch

_FULL = (("small first", 1_000, True), ("large", 10_000, False), ("small last", 100_000, True))
_QUICK = (("small first", 200, True), ("small last", 400, True))


def figures(quick: bool) -> dict[str, Any]:
    """One run of each; the first is run twice and the cheaper taken, so that its noise does not make the growth look small."""
    found: dict[str, Any] = {}
    with scratch() as folder, dovecot(folder) as server:
        for name, count, small in _QUICK if quick else _FULL:
            user, box, _size = mailbox(server, folder, count, small=small)
            each = []
            for _ in range(2 if count <= 1_000 else 1):
                where = folder / "sizes"
                where.mkdir()
                each.append(ours(server, user, "ours_received", where))
                shutil.rmtree(where)
            found[name] = {"messages": float(count), **min(each, key=lambda item: item["cpu_ms_per_message"])}
            shutil.rmtree(box)
    small, large = found["small first"], found["small last"]
    found["aims"] = {
        "receive, growth of CPU a message, 1,000 to 100,000": aim(large["cpu_ms_per_message"] / small["cpu_ms_per_message"], 1.1),
        "receive, peak MB at any size": aim(max(item["peak_mb"] for item in found.values()), 150.0, "MB"),
    }
    return found

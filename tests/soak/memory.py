"""A process's memory over time, as the system counts it."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

EVERY_S = 5.0
TAIL_KB = 1024


class Memory:
    """RssAnon and RssFile of the daemon itself (its readers are processes of their own), and its open files, every few seconds."""

    def __init__(self) -> None:
        self._samples: list[tuple[float, int, int]] = []
        self._peak_kb = 0
        self._begun = time.monotonic()

    def look(self, pid: int) -> None:
        """Take a sample when one is due; nothing when the process is gone."""
        at = time.monotonic() - self._begun
        if self._samples and at - self._samples[-1][0] < EVERY_S:
            return
        try:
            lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
            files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        except OSError:
            return
        values = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith(" kB")}
        self._samples.append((at, values.get("VmRSS", 0), files))
        self._peak_kb = values.get("VmHWM", 0)

    def figures(self) -> dict[str, Any]:
        """Medians of tenths of the run in MB, what the last tenth has over the third, the peak, and open files likewise."""
        tenths = [self._samples[len(self._samples) * part // 10 : len(self._samples) * (part + 1) // 10] for part in range(10)]
        if not all(tenths):
            return {"samples": len(self._samples)}
        rss = [round(median(item[1] for item in tenth) / TAIL_KB, 1) for tenth in tenths]
        files = [median(item[2] for item in tenth) for tenth in tenths]
        return {
            "samples": len(self._samples),
            "rss_mb_by_tenth": rss,
            "growth_percent_third_to_last_tenth": round(100 * (rss[-1] / rss[2] - 1), 1),
            "peak_mb": round(self._peak_kb / TAIL_KB, 1),
            "open_files_by_tenth": files,
        }

"""The sums of the crash harness can fail: a lost object, a letter sent a third time, a letter that never came."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.world import World
from tests.server.dovecot import Dovecot

pytestmark = [pytest.mark.server, pytest.mark.timeout(240)]


def test_what_is_lost_or_sent_too_often_is_told(tmp_path: Path, dovecot: Dovecot) -> None:
    with World(tmp_path / "world", dovecot) as world:
        world.live()
        world.deliver()
        world.live(until_quiet=True)
        assert world.sums() == {"messages": 1, "lost": 0, "twice": 0, "third": 0, "unknown": 0, "faults": []}
        world.sink.letters *= 3  # the acknowledgement, and the day's letter where its hour is past
        assert world.sums()["third"] == len(set(world.sink.letters)) > 0
        world.sink.letters.clear()
        assert "no letter" in str(world.sums()["faults"])
        for path in (tmp_path / "world" / "state" / "vault" / "objects").rglob("*.eml"):
            path.unlink()
        assert world.sums()["lost"] == 1

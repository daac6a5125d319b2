"""An office for the load: the sample round with its days around today, letters on, caps out of the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from intake.doors.clock import SystemClock
from intake.doors.jail import CHILD, JailedReader
from intake.doors.share import InstalledShare
from intake.model.mail import ChannelKind
from intake.model.round import Round
from intake.pipeline import LetterPolicy, Office, Watched
from intake.ports import Post
from intake.settings.rounds import load_round
from intake.wiring import open_office

ROUND = "schools-libraries-2025"
WATCHED = Watched(account="main", folder="INBOX", channel=ChannelKind.ADDRESS, round_id=ROUND)
_SAMPLE = Path(__file__).parents[2] / "config" / "demo" / "round.toml"
_DAYS = {
    "decided": -20,
    "opened": -10,
    "response_deadline": 60,
    "physical_consultation": 92,
    "group_meeting_start": 94,
    "group_meeting_end": 95,
}


def round_file(folder: Path) -> Path:
    """The round as a file."""
    text = _SAMPLE.read_text("utf-8")
    for name, days in _DAYS.items():
        day = (SystemClock().now() + timedelta(days=days)).date()
        text = re.sub(rf"(?m)^{name} = \S+", f"{name} = {day.isoformat()}", text)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "round.toml"
    path.write_text(text, "utf-8")
    return path


def the_round(folder: Path) -> Round:
    """The round as a value."""
    return load_round(round_file(folder))


@contextmanager
def office(folder: Path, *, post: Post | None = None, readers: int = 2, child: str = CHILD) -> Iterator[Office]:
    """Open on `folder`/state. `child`: the module that reads."""
    policy = LetterPolicy(
        mode="send",
        from_name="Secretariat",
        from_address="secretariat@example.org",
        secret=b"s" * 32,
        cap_per_address_day=10**9,
        cap_per_domain_day=10**9,
        cap_per_hour=10**9,
    )
    with open_office((the_round(folder),), folder / "state", policy, post=post, readers=readers) as made:
        if child != CHILD:
            made.reader.close()
            made.reader = JailedReader(InstalledShare(None).text("config", "reading.toml"), readers, module=child)
        yield made
        made.reader.close()

"""What was known at an instant: the office as it stood then, to be looked at (`--as-of`)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.doors.clock import FixedClock
from intake.doors.past import PastLedger, PastVault
from intake.pipeline import Office, judge_round
from intake.pipeline.patience import Patience


@contextmanager
def office_at(office: Office, instant: datetime) -> Iterator[Office]:
    """The office as it was then: messages stored, decisions taken, numbers given, revisions released and letters gone by then, judged by
    the rules and the configuration of today. Nothing is written, sent or given a number for good; what was erased since stays erased.
    """
    with (
        tempfile.TemporaryDirectory(prefix="as-of-") as folder,
        closing(PastLedger.at(instant, office.ledger, office.vault, Path(folder) / "ledger.sqlite3")) as ledger,
    ):
        past = replace(
            office,
            ledger=ledger,
            vault=PastVault(office.vault, instant),
            clock=FixedClock(instant),
            letters=replace(office.letters, mode="off"),
            translations=lambda round_id: tuple(
                item for item in office.translations(round_id) if item.on <= _day(office, round_id, instant)
            ),
            post=None,
            scanner=None,
            ocr=None,
            watched=(),
            cases={},
            last_mail={},
            health=[],
            folders={},
            complete={},
            judged={},
            order_mail={},
            proof_mail={},
            orders_settled=(0, {}),
            errands_ended=(0, {}),
            taught={},
            patience=Patience(),
        )
        for consultation in sorted(past.rounds, key=lambda item: (item.dates.opened, item.id)):
            judge_round(past, consultation)
        yield past


def _day(office: Office, round_id: str, instant: datetime) -> date:
    return instant.astimezone(ZoneInfo(office.round(round_id).time_zone)).date()


@contextmanager
def looked_at(office: Office, instant: datetime | None) -> Iterator[Office]:
    """The office as it is, or as it was at an instant."""
    if instant is None:
        yield office
        return
    with office_at(office, instant) as past:
        yield past

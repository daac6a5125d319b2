"""A round with days that were really held, and decisions that extend it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from intake.model.record import Action, Ruling
from intake.model.round import Channels, Dates, Round

ZONE = ZoneInfo("Europe/Zurich")


def consultation(**changes: object) -> Round:
    """The consultation on the gender divide, with the days that it really had."""
    values: dict[str, object] = {
        "decided": date(2017, 9, 21),
        "opened": date(2017, 9, 28),
        "response_deadline": datetime(2017, 12, 23, 23, 59, 59, tzinfo=ZONE),
        "physical_consultation": date(2018, 1, 22),
        "group_meeting_start": date(2018, 1, 25),
        "group_meeting_end": date(2018, 1, 26),
        **changes,
    }
    return Round(
        id="gender",
        topic="Bridging the digital gender divide",
        working_group="CWG-Internet",
        legal_basis=(),
        time_zone="Europe/Zurich",
        dates=Dates(**values),
        questions=(),
        channels=Channels(address="c@example.org"),
        reporting_groups={},
    )


def extend(number: int, until: date, at: date = date(2017, 12, 20), reason: str = "asked for") -> Ruling:
    deadline = datetime(until.year, until.month, until.day, 23, 59, 59, tzinfo=ZONE).isoformat()
    when = datetime(at.year, at.month, at.day, 9, tzinfo=UTC)
    return Ruling(id=f"d-{number}", at=when, by="a", action=Action.EXTEND, message="", reason=reason, set={"deadline": deadline})

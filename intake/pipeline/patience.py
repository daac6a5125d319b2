"""Patience with a message that a server shows and does not give: asked for again, less and less often."""

from __future__ import annotations

from datetime import datetime, timedelta

Place = tuple[str, str, int, int]
"""Account, folder, numbering, UID."""

LONGEST = timedelta(hours=1)


class Patience:
    """In memory only: after a start everything is asked for once more."""

    def __init__(self) -> None:
        self._places: dict[Place, tuple[int, datetime]] = {}

    def refused(self, place: Place, now: datetime) -> None:
        """It was not given: next at once, then after a minute, two, four, an hour at most."""
        tries = self._places.get(place, (0, now))[0]
        wait = timedelta(0) if tries == 0 else min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST)
        self._places[place] = (tries + 1, now + wait)

    def is_due(self, place: Place, now: datetime) -> bool:
        """Whether to ask for it now."""
        known = self._places.get(place)
        return known is None or now >= known[1]

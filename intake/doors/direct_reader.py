"""Reading in this process, without a jail: for tests, and for messages of one's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator

from intake.model.mail import Reading
from intake.reading.read_message import read_message
from intake.reading.words import reading_words


class DirectReader:
    """Implements ports.Reader. Nothing is confined: what kills the process kills it."""

    def __init__(self, phrases: str) -> None:
        self._words = reading_words(tomllib.loads(phrases))

    def read(self, raws: Iterable[bytes]) -> Iterator[Reading]:
        """One Reading for each message, in order."""
        for raw in raws:
            yield read_message(raw, self._words)

    def close(self) -> None:
        """Nothing to end."""

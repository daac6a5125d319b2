"""Reading and sorting without any state: what `inspect` needs of the doors, and no ledger, mailbox or letter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.doors.jail import JailedReader
from intake.doors.share import InstalledShare
from intake.model.mail import Arrival, Reading, Trust
from intake.model.round import Round
from intake.model.verdict import Verdict
from intake.reading.trust import trust_of

if TYPE_CHECKING:
    from intake.sorting.tables import SortingTables

SORTING_TABLES = ("dispositions", "countries", "cities", "organizations", "answers")


@dataclass
class Tools:
    """Reading and sorting without any state: for `inspect`."""

    reader: JailedReader
    tables: SortingTables

    def trust(self, reading: Reading, consultation: Round, internaldate: datetime) -> Trust:
        """What the round's own hosts say of a message."""
        return trust_of(reading, consultation.channels.trusted_hosts, internaldate)

    def classify(self, arrival: Arrival, consultation: Round) -> Verdict:
        """The verdict on one message."""
        from intake.sorting.classify import classify  # its libraries are large, and few verbs sort

        return classify(arrival, consultation, self.tables)


def load_tables(share: InstalledShare) -> SortingTables:
    """Sorting's vocabularies from config/."""
    from intake.sorting.tables import sorting_tables

    return sorting_tables({name: share.table("config", f"{name}.toml") for name in SORTING_TABLES})


@contextmanager
def open_tools(readers: int = 2) -> Iterator[Tools]:
    """Reading and sorting, for as long as the block lasts."""
    share = InstalledShare()
    reader = JailedReader(share.text("config", "reading.toml"), readers)
    try:
        yield Tools(reader=reader, tables=load_tables(share))
    finally:
        reader.close()

"""The ledger: every book on one SQLite file. See ports.Ledger for what each method promises."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from intake.doors.durable import Step, no_step
from intake.doors.ledger.caches import CacheBook
from intake.doors.ledger.deliveries import DeliveryBook
from intake.doors.ledger.engine import Store, quick_check
from intake.doors.ledger.erasures import ErasureBook
from intake.doors.ledger.folds import FoldBook
from intake.doors.ledger.jobs import JobBook
from intake.doors.ledger.journal import JournalBook
from intake.doors.ledger.outbox import OutboxBook
from intake.doors.ledger.records import RecordBook
from intake.doors.ledger.restoring import RestoreBook
from intake.errors import BadData


class SqliteLedger(DeliveryBook, CacheBook, RecordBook, FoldBook, OutboxBook, JournalBook, ErasureBook, RestoreBook, JobBook):
    """One file, one writer at a time, every method one transaction; safe to use from several threads."""

    @classmethod
    def open(cls, path: Path | None, *, step: Step = no_step) -> Self:
        """Open, making or migrating the file (a copy from before stays beside it); None is a ledger in memory.

        Raises Misconfigured when a newer program wrote it, BadData when it is damaged, TryAgain when it cannot be used now.
        """
        store = Store(path, step)
        try:
            store.prepare()
        except BaseException:
            store.close()
            raise
        return cls(store)

    @classmethod
    def still(cls, path: Path) -> Self:
        """The file as it stands now, until `close`, however it goes on; only to be read: what is written is Broken, and caches are
        not kept. Raises BadData or Misconfigured where the file is not of this program's shape."""
        store = Store(path, still=True)
        if not path.is_file() or not store.current():
            store.close()
            raise BadData(f"{path}: nothing that can be read as it stands")
        return cls(store)

    @staticmethod
    def check(path: Path) -> str | None:
        """None when the file is sound or absent, else what is wrong with it: set it aside and build it again."""
        return quick_check(path)

    def version(self) -> int:
        """See ports.Ledger."""
        return self._store.version()

    def close(self) -> None:
        """See ports.Ledger."""
        self._store.close()

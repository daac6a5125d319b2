"""One row for each period of a job, and the few values that a person sets while running."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from intake.doors.ledger.book import Book
from intake.doors.ledger.journal import append_notes
from intake.doors.ledger.tables import METADATA
from intake.model.ledger import Note

_JOB = METADATA.tables["job"]
_SETTING = METADATA.tables["setting"]


class JobBook(Book):
    """See ports.Jobs."""

    def claim_job(self, job: str, period: str, at: datetime) -> bool:
        """See ports.Jobs. What is done costs a look and no commit: this is asked at every pass."""
        this = (_JOB.c.job == job, _JOB.c.period == period)
        if self.job_done(job, period):
            return False
        with self._store.writing() as connection:
            connection.execute(insert(_JOB).on_conflict_do_nothing(), {"job": job, "period": period})
            free = update(_JOB).where(*this, _JOB.c.claimed_at.is_(None), _JOB.c.done_at.is_(None))
            return connection.execute(free.values(claimed_at=at)).rowcount == 1

    def job_done(self, job: str, period: str) -> bool:
        """See ports.Jobs."""
        wanted = select(_JOB.c.job).where(_JOB.c.job == job, _JOB.c.period == period, _JOB.c.done_at.is_not(None))
        with self._store.reading() as connection:
            return connection.execute(wanted).first() is not None

    def finish_job(self, job: str, period: str, at: datetime) -> None:
        """See ports.Jobs."""
        with self._store.writing() as connection:
            done = update(_JOB).where(_JOB.c.job == job, _JOB.c.period == period, _JOB.c.done_at.is_(None)).values(done_at=at)
            if connection.execute(done).rowcount == 1:
                append_notes(connection, [Note(kind="job", payload={"job": job, "period": period})], at)

    def last_done(self, job: str) -> tuple[str, datetime] | None:
        """See ports.Jobs."""
        wanted = select(_JOB.c.period, _JOB.c.done_at).where(_JOB.c.job == job, _JOB.c.done_at.is_not(None))
        with self._store.reading() as connection:
            row = connection.execute(wanted.order_by(_JOB.c.period.desc()).limit(1)).one_or_none()
        return None if row is None else (row.period, row.done_at)

    def done_before(self, job: str, period: str) -> datetime | None:
        """See ports.Jobs."""
        wanted = select(_JOB.c.done_at).where(_JOB.c.job == job, _JOB.c.period < period, _JOB.c.done_at.is_not(None))
        with self._store.reading() as connection:
            found: datetime | None = connection.execute(wanted.order_by(_JOB.c.period.desc()).limit(1)).scalar_one_or_none()
            return found

    def release_jobs(self) -> int:
        """See ports.Jobs."""
        begun = (_JOB.c.claimed_at.is_not(None), _JOB.c.done_at.is_(None))
        with self._store.reading() as connection:
            if connection.execute(select(_JOB.c.job).where(*begun).limit(1)).first() is None:
                return 0
        with self._store.writing() as connection:
            left = update(_JOB).where(*begun)
            return connection.execute(left.values(claimed_at=None)).rowcount

    def setting(self, key: str) -> str | None:
        """See ports.Jobs."""
        with self._store.reading() as connection:
            return connection.execute(select(_SETTING.c.value).where(_SETTING.c.key == key)).scalar_one_or_none()

    def put_setting(self, key: str, value: str | None) -> None:
        """See ports.Jobs."""
        with self._store.writing() as connection:
            connection.execute(delete(_SETTING).where(_SETTING.c.key == key))
            if value is not None:
                connection.execute(insert(_SETTING), {"key": key, "value": value})

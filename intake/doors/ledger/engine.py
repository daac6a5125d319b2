"""The connection to the ledger's one file: pragmas, transactions, migrations, errors in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, inspect, text
from sqlalchemy.pool import StaticPool

from intake.doors.durable import Step, no_step
from intake.doors.ledger.tables import METADATA
from intake.errors import BadData, Broken, IntakeError, Misconfigured, TryAgain

SCHEMA_HEAD = "0004"
"""The newest migration; equal to Alembic's own head (a test says so), known without importing Alembic."""

_BUSY_MS = 15_000
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_MS}")


class Store:
    """Transactions on the file. Steps: "ledger.begin", "ledger.commit" (before), "ledger.committed" (after, not yet told)."""

    def __init__(self, path: Path | None, step: Step = no_step, *, still: bool = False) -> None:
        """`still`: the file as it stands at the first look, until `close`; nothing is written."""
        self._still = still
        self._one_view: Connection | None = None
        self._path = path
        self._step = step
        self._engine = _make_engine(path)
        self._watch: sqlite3.Connection | None = None
        self._looks = 0

    def prepare(self) -> None:
        """Bring the schema to ours. Misconfigured: the file was written by a newer program; BadData: it is damaged."""
        with self._words():
            found = self._revision()
            if found == SCHEMA_HEAD:
                return
            if found is None and self._path is None:
                with self.writing() as connection:
                    METADATA.create_all(connection)
                    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
                    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": SCHEMA_HEAD})
                return
            self._migrate(found)

    @property
    def still(self) -> bool:
        """Whether nothing is ever written through this."""
        return self._still

    def current(self) -> bool:
        """Whether the schema is ours; begins the view of one that stands still."""
        with self._words():
            return self._revision() == SCHEMA_HEAD

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view of the file."""
        if self._still:
            with self._words():
                if self._one_view is None:
                    self._one_view = self._engine.connect()
                    self._one_view.begin()
                yield self._one_view
            return
        with self._words(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that holds the write lock from its start; all of it or nothing is there afterwards."""
        if self._still:
            raise Broken("the ledger is only read here")
        with self._words(), self._engine.connect().execution_options(intake_write=True) as connection:
            self._step("ledger.begin")
            with connection.begin():
                yield connection
                self._step("ledger.commit")
            self._step("ledger.committed")

    def squeeze(self) -> None:
        """Write the file anew without its free pages and fold the log in: what was deleted is gone from the file too."""
        if self._path is None:
            return
        self._engine.dispose()
        try:
            connection = sqlite3.connect(self._path, timeout=_BUSY_MS / 1000, isolation_level=None)
            try:
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                connection.close()
        except sqlite3.OperationalError as error:
            raise TryAgain(f"the ledger cannot be written anew now: {error}") from error

    def version(self) -> int:
        """Another number after every commit on the file, whoever made it. It costs no transaction."""
        if self._path is None:
            self._looks += 1
            return self._looks
        with self._words():
            if self._watch is None:
                self._watch = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Let go of the file; SQLite folds the write-ahead log in with the last connection."""
        if self._one_view is not None:
            self._one_view.close()
            self._one_view = None
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        self._engine.dispose()

    def _revision(self) -> str | None:
        with self.reading() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()

    def _migrate(self, found: str | None) -> None:
        from intake.doors.ledger.migrations.run import known_revisions, upgrade

        if found is not None:
            if found not in known_revisions():
                raise Misconfigured([f"{self._path}: written by a newer program (schema {found}); install that one again"])
            self._keep_copy(found)
        with self.writing() as connection:
            upgrade(connection)

    def _keep_copy(self, found: str) -> None:
        """A copy of the file as it was before the migration, beside it."""
        assert self._path is not None
        copy = self._path.with_name(f"{self._path.name}.before-{SCHEMA_HEAD}-from-{found}")
        copy.unlink(missing_ok=True)
        with sqlite3.connect(self._path) as source:
            source.execute("VACUUM INTO ?", (str(copy),))
        source.close()

    @contextmanager
    def _words(self) -> Iterator[None]:
        try:
            yield
        except IntakeError:
            raise
        except exc.OperationalError as error:
            raise TryAgain(f"the ledger cannot be used now: {error.orig}") from error
        except exc.DatabaseError as error:
            if isinstance(error, exc.IntegrityError):
                raise
            raise BadData(f"the ledger is damaged: {error.orig}") from error


def quick_check(path: Path) -> str | None:
    """None when the file is sound or absent, else what is wrong with it: set it aside and rebuild."""
    if not path.exists():
        return None
    try:
        connection = sqlite3.connect(path)
        try:
            found = [row[0] for row in connection.execute("PRAGMA quick_check(5)")]
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if found == ["ok"] else "; ".join(found)


def _make_engine(path: Path | None) -> Engine:
    if path is None:
        engine = create_engine(
            "sqlite://", poolclass=StaticPool, pool_reset_on_return=None, connect_args={"check_same_thread": False}
        )
    else:
        engine = create_engine(f"sqlite:///{path}", pool_reset_on_return=None)  # `reading` and `writing` end what they begin

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are ours, not the driver's
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("intake_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine

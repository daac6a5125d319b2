"""The schema that migrations make is the schema of the tables; a file of another program is told, not touched."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from intake.doors.ledger.engine import SCHEMA_HEAD, Store
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.ledger.migrations.run import known_revisions, upgrade
from intake.doors.ledger.tables import METADATA
from intake.errors import BadData, Misconfigured
from tests.fakes.samples import NOON, letter, receipt, record


def _schema(path: Path) -> set[tuple[str, str, str]]:
    """Columns, keys and indexes as SQLite itself tells them."""
    found: set[tuple[str, str, str]] = set()
    connection = sqlite3.connect(path)
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'alembic%'"):
        for pragma in ("table_info", "index_list", "foreign_key_list"):
            for row in connection.execute(f"PRAGMA {pragma}({table})"):
                found.add((table, pragma, str(row[1:])))
        for row in connection.execute(f"PRAGMA index_list({table})").fetchall():
            columns = [column[2] for column in connection.execute(f"PRAGMA index_info({row[1]})")]
            found.add((table, row[1], str(columns)))
    connection.close()
    return found


def test_a_migrated_file_is_a_fresh_one(tmp_path: Path) -> None:
    fresh = create_engine(f"sqlite:///{tmp_path / 'fresh'}")
    METADATA.create_all(fresh)
    fresh.dispose()
    SqliteLedger.open(tmp_path / "migrated").close()
    assert _schema(tmp_path / "migrated") == _schema(tmp_path / "fresh")
    assert len(_schema(tmp_path / "fresh")) > 100


def test_alembic_finds_nothing_to_change(tmp_path: Path) -> None:
    SqliteLedger.open(tmp_path / "ledger").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'ledger'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA) == []
    engine.dispose()


def test_the_head_is_known_without_alembic() -> None:
    assert known_revisions()[0] == SCHEMA_HEAD


def test_every_step_of_the_schema_can_be_taken_one_by_one(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'steps'}")
    for revision in reversed(known_revisions()):
        with engine.begin() as connection:
            upgrade(connection, revision)
    engine.dispose()
    SqliteLedger.open(tmp_path / "whole").close()
    assert _schema(tmp_path / "steps") == _schema(tmp_path / "whole")


def test_a_migration_that_dies_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    class DeadError(BaseException):
        pass

    def die(name: str) -> None:
        if name == "ledger.commit":
            raise DeadError

    with pytest.raises(DeadError):
        SqliteLedger.open(tmp_path / "ledger", step=die)
    assert _schema(tmp_path / "ledger") == set()
    ledger = SqliteLedger.open(tmp_path / "ledger")
    ledger.record_deliveries([receipt(1)])
    ledger.close()


def test_what_is_kept_survives_opening_again(tmp_path: Path) -> None:
    ledger = SqliteLedger.open(tmp_path / "ledger")
    ledger.save_record(record(1, 2), at=NOON, letters=[letter(1)])
    ledger.close()
    ledger = SqliteLedger.open(tmp_path / "ledger")
    assert ledger.load_record("r1") == record(1, 2)
    assert [item.id for item in ledger.letters()] == [letter(1).id]
    ledger.close()


def test_a_file_of_a_newer_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    SqliteLedger.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(Misconfigured, match="newer program"):
        SqliteLedger.open(path)
    assert [item.name for item in tmp_path.iterdir() if "before" in item.name] == []


def test_a_damaged_file_is_told_before_it_is_used(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    assert SqliteLedger.check(path) is None
    ledger = SqliteLedger.open(path)
    ledger.record_deliveries([receipt(number) for number in range(2000)])
    ledger.close()
    assert SqliteLedger.check(path) is None
    raw = bytearray(path.read_bytes())
    for place in range(4096 * 3, len(raw) - 4096, 4096):
        raw[place : place + 64] = b"\xff" * 64
    path.write_bytes(raw)
    assert SqliteLedger.check(path) is not None
    path.write_bytes(b"this is no database" * 100)
    assert SqliteLedger.check(path) is not None
    with pytest.raises(BadData):
        SqliteLedger.open(path)


def test_every_connection_has_its_pragmas(tmp_path: Path) -> None:
    store = Store(tmp_path / "ledger")
    store.prepare()
    with store.reading() as one, store.reading() as two:
        for connection in (one, two):
            found = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
            assert found == ["wal", 2, 1]
    store.close()

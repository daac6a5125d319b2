"""The table of verbs says what the modules say, and a verb pays only for what it needs itself."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from intake.cli.verbs import VERBS, load_verb


@pytest.mark.parametrize("name", VERBS)
def test_the_line_in_help_is_the_verb_s_own(name: str) -> None:
    """The table is a copy; this keeps it one."""
    assert inspect.cleandoc(load_verb(name).help).split("\n\n")[0].replace("\n", " ") == VERBS[name][1]


def _loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"], capture_output=True, text=True, timeout=60, check=True
    )
    return set(done.stdout.split())


def test_the_help_loads_no_library_of_a_verb() -> None:
    """Neither the ledger's libraries nor the rooms."""
    loaded = _loaded_by("import intake.cli")
    heavy = {"sqlalchemy", "sqlmodel", "structlog", "icalendar", "imapclient", "aiosmtplib", "pydantic", "lxml", "apscheduler"}
    assert not loaded & heavy
    assert not {name for name in loaded if name.startswith(("intake.pipeline", "intake.doors", "intake.sorting"))}


def test_inspect_loads_no_ledger_and_no_mail_server() -> None:
    """It stores nothing and reaches nothing."""
    loaded = _loaded_by("from intake.cli.verbs import load_verb\nload_verb('inspect')")
    assert "intake.reading.partial" in loaded
    assert not loaded & {"sqlalchemy", "sqlmodel", "structlog", "icalendar", "imapclient", "aiosmtplib", "apscheduler"}

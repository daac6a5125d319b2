"""One mail more costs an archive of thousands what it costs one of hundreds: counted in SQLite's steps and in calls of functions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from intake.pipeline import Office, advance, receive
from intake.pipeline.alarm import AlarmRule, watch_over
from intake.pipeline.cases import warm_up
from intake.pipeline.resume import resume
from tests.bench.corpus import messages
from tests.bench.house import WATCHED, office
from tests.bench.many import fill
from tests.bench.servers import soon
from tests.fakes.mailbox import FakeMailbox

FEW, MANY = 600, 1_800
PRECISE = 10
"""Steps between two looks at SQLite's counter."""


class _Work:
    def __init__(self) -> None:
        self.on = True
        self.steps = 0
        self.calls = 0

    def add_steps(self) -> None:
        self.steps += PRECISE * self.on

    def add_call(self, _frame: Any, what: str, _arg: Any) -> None:
        self.calls += what in ("call", "c_call")


@contextmanager
def _counted(made: Office) -> Iterator[_Work]:
    work, engine = _Work(), made.ledger._store._engine  # type: ignore[attr-defined]

    def watch(connection: Any, *_: Any) -> None:
        connection.set_progress_handler(work.add_steps, PRECISE)

    event.listen(engine, "checkout", watch)
    sys.setprofile(work.add_call)
    try:
        yield work
    finally:
        sys.setprofile(None)
        work.on = False
        event.remove(engine, "checkout", watch)


def _answered_mails() -> Iterator[bytes]:
    every = (raw for _, raw in messages(80, soon(), small=True, seed=11))
    return (raw for raw in every if b"Auto-Submitted" not in raw and b"You have won" not in raw)


def _one_mail_more(folder: Path, archived: int) -> _Work:
    folder.mkdir()
    with office(folder) as made:
        mailbox, at = FakeMailbox(), soon() - timedelta(days=5)
        mailbox.open()
        mailbox.deliver([b"Subject: x\r\n\r\nx\r\n"] * archived, at)
        fill(made, folder, [(1000, uid, at) for uid in range(1, archived + 1)])
        made.watched = ((WATCHED.account, WATCHED.folder, WATCHED.round_id),)
        warm_up(made)
        _pass(made, mailbox)
        with made.ledger._store.writing() as connection:  # type: ignore[attr-defined]
            connection.execute(text("UPDATE letter SET state = 'sent', created_at = :then"), {"then": f"{at:%Y-%m-%d %H:%M:%S}"})
        mails = _answered_mails()
        mailbox.deliver([next(mails)], soon())
        _pass(made, mailbox)  # the first one of a process looks at what the journal has
        mailbox.deliver([next(mails)], soon())
        letters = len(made.ledger.letters())
        with _counted(made) as work:
            for _ in range(3):  # the mail; the look that finds nothing more; an idle one
                _pass(made, mailbox)
        assert len(made.ledger.letters()) == letters + 1, "it was taken in and answered"
        assert mailbox.fetched == 2
        return work


def _pass(made: Office, mailbox: FakeMailbox) -> None:
    """What the daemon does in a pass, without its papers."""
    resume(made.vault, made.ledger, made.now())
    receive(made, mailbox, WATCHED)
    watch_over(made, AlarmRule(), {})
    for consultation in made.rounds:
        advance(made, consultation)


@pytest.mark.timeout(300)
def test_one_mail_more_costs_an_archive_of_thousands_what_it_costs_one_of_hundreds(tmp_path: Path) -> None:
    few, many = _one_mail_more(tmp_path / "few", FEW), _one_mail_more(tmp_path / "many", MANY)
    assert many.steps <= 1.1 * few.steps, f"SQLite's steps: {few.steps} with {FEW} archived, {many.steps} with {MANY}"
    assert many.calls <= 1.1 * few.calls, f"calls: {few.calls} with {FEW} archived, {many.calls} with {MANY}"

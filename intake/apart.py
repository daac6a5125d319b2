"""Printing without the writer's turn: a revision of thousands of responses is minutes of work, and mail need not wait for them. What is
printed is the ledger as it stood at one moment; the turn is taken for that moment, and again for freezing (pipeline.papers.release)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

from intake.doors.clock import FixedClock
from intake.doors.ledger.ledger import SqliteLedger
from intake.model.round import Round
from intake.pipeline import Office
from intake.pipeline.examine import doors_of
from intake.pipeline.judge import remember, settle_round
from intake.settings import Settings
from intake.wiring import open_configured, writers_turn

BACK_S = 600.0
"""How long is waited for the turn after printing: a daemon's pass, or a command."""


class _Turn:
    """The writer's turn of one state folder, taken once and let go in between."""

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir
        self._stack = ExitStack()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Raises TryAgain when it does not come."""
        self._take(60.0)
        try:
            yield
        finally:
            self._stack.close()

    @contextmanager
    def let_go(self) -> Iterator[None]:
        """Others may write within; raises TryAgain when it does not come back."""
        self._stack.close()
        try:
            yield
        finally:
            self._take(BACK_S)

    def _take(self, wait_s: float) -> None:
        self._stack = ExitStack()
        self._stack.enter_context(writers_turn(self._state_dir, wait_s=wait_s))


@contextmanager
def open_to_release(settings: Settings) -> Iterator[Office]:
    """The office of a configuration with the writer's turn held but while something is printed (`Office.apart`)."""
    with open_configured(settings, hold=False) as office:
        turn = _Turn(settings.service.state_dir)
        office.turn = nullcontext
        office.apart = partial(_apart, office, turn, settings.service.state_dir / "ledger.sqlite3")
        with turn.held():
            yield office


@contextmanager
def _apart(office: Office, turn: _Turn, path: Path, consultation: Round) -> Iterator[Office]:
    """The office as it stands now, to be looked at while others write."""
    settle_round(office, consultation)
    doors = office.doors or doors_of(office)
    with closing(SqliteLedger.still(path)) as ledger:
        still = replace(
            office, ledger=ledger, clock=FixedClock(office.now()), letters=replace(office.letters, mode="off"), post=None, scanner=None,
            ocr=None, doors=doors, apart=None, cases={}, shelves={}, judged={}, advanced={}, taught={}, order_mail={}, proof_mail={},
        )  # fmt: skip
        record = ledger.load_record(consultation.id)
        if record is not None:
            remember(still, consultation, record)
        with turn.let_go():
            yield still

"""The stories of test_any_crash once more, with a fold that is kept from the first message on."""

from __future__ import annotations

import pytest

from intake.doors.ledger.ledger import SqliteLedger
from tests.property import test_any_crash as stories

pytestmark = pytest.mark.timeout(1200)


def test_what_was_kept_survives_any_order_repetition_and_death(monkeypatch: pytest.MonkeyPatch) -> None:
    grown: list[str] = []
    old = SqliteLedger.grow_record
    monkeypatch.setattr("intake.pipeline.growing.KEPT_FROM", 1)
    monkeypatch.setattr(SqliteLedger, "grow_record", lambda *words, **named: (grown.append(""), old(*words, **named))[1])
    stories.test_order_repetition_and_death_cannot_matter()
    assert grown

"""Decisions by sheet, by answer and by command give the same record; killed at any step and begun again, too."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from intake.model.edition import DigestItem
from intake.model.record import Action, Record
from intake.pipeline import settle_orders, verify
from intake.pipeline.deciding import Wish, decide
from intake.pipeline.errands import order_errand, run_errand
from intake.pipeline.matters import beside, each_response, offered_to, single_letters, token_for, waiting
from intake.pipeline.sheets import rows_of_sheet
from tests.fakes.orders import OrderHouse, filled, mail_from

pytestmark = pytest.mark.timeout(900)
BEN = "ben@council-group.example"
QUICK = settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
WAYS = ("command", "sheet", "reply")
COMMANDS: dict[str, tuple[Action, dict[str, str]]] = {
    "count": (Action.COUNT, {}),
    "exclude": (Action.EXCLUDE, {}),
    "accept_late": (Action.ACCEPT_LATE, {}),
    "withdraw": (Action.WITHDRAW, {}),
    "keep": (Action.RELABEL, {"disposition": "correspondence"}),
    "redact": (Action.REDACT, {}),
    "disclose": (Action.DISCLOSE, {}),
    "group_only": (Action.PUBLISH_MODE, {"mode": "group-only"}),
    "leave": (Action.RELABEL, {"disposition": "correspondence"}),
}
WORDS = {"accept_late": "accept", "group_only": "group only"}
ERRANDS = ("ask", "approve", "show")


@cache
def begun() -> Path:
    """The sample round, taken in once."""
    made = OrderHouse(Path(tempfile.mkdtemp()) / "state")
    made.fill()
    made.office.ledger.squeeze()
    made.close()
    return made.folder


@contextmanager
def house(step: Callable[[str], None] | None = None) -> Iterator[OrderHouse]:
    with tempfile.TemporaryDirectory() as folder:
        made = OrderHouse(Path(shutil.copytree(begun(), Path(folder) / "state")), step=step)
        made.judge()
        try:
            yield made
        finally:
            made.close()


def matters(made: OrderHouse) -> list[DigestItem]:
    """What waits, stretch by stretch where there are several, and a response of which nothing waits: as a sheet lists it."""
    return [*rows_of_sheet(waiting(made.office, made.round)), *list(each_response(made.office, made.round))[:1]]


def by_command(made: OrderHouse, item: DigestItem, act: str, reason: str) -> None:
    """As the digest tells it to be typed."""
    if act in ERRANDS:
        run_errand(made.office, made.round, order_errand(made.office, made.round, act, item.item, "ben", reason, {}))
        return
    action, fields = COMMANDS[act]
    kind, _, rest = item.item.partition(":")
    number: str = item.number
    asked: dict[str, Any] = dict(fields)
    if act == "keep":
        number = rest
    if kind == "stretch":
        response = next(one for one in made.judge().responses if item.message in one.messages)
        key, part, start, end, why = rest.split(":")
        places = [(m, s.part, str(s.start), str(s.end), s.reason) for m, s in response.withheld]
        asked["proposal"] = str(places.index((key, part, start, end, why)) + 1)
    decide(made.office, Wish(number=number, action=action, by="ben", reason=reason, fields=asked, round_id=made.round.id))


def sheet_rows(made: OrderHouse) -> list[str]:
    """The matters of the sheet's rows: what waits, letter by letter, what may be asked for, each response."""
    office, letters = made.office, list(single_letters(made.office, made.round))
    found = [*rows_of_sheet(waiting(office, made.round)), *(letters if len(letters) > 1 else ()), *beside(office, made.round)]
    found = [item for item in found if item.kind != "any"] + list(each_response(office, made.round))
    return [item.item for item in offered_to(office, made.round, made.person("ben"), found)]


def by_sheet(made: OrderHouse, chosen: list[tuple[DigestItem, str, str]]) -> None:
    """All rows of one sheet."""
    tokens = iter(chosen)
    by_place = {item.item: (WORDS.get(act, act), reason) for item, act, reason in tokens}
    rows = sheet_rows(made)
    data = filled(made.sheet("ben"), lambda _cells, number: by_place.get(rows[number]))
    made.receive(mail_from(BEN, "Please find the sheet.\n", made.clock.now(), files=[("sheet.xlsx", data)]))


def by_reply(made: OrderHouse, item: DigestItem, act: str, reason: str) -> None:
    token = token_for(made.office, made.round, made.person("ben"), item, made.clock.now())
    made.receive(mail_from(BEN, f"{WORDS.get(act, act)} {token}: {reason}\n", made.clock.now()))


def said(record: Record) -> Any:
    """The record as it stands, without the names of decisions and without the mails that brought them."""
    text = msgspec.json.encode({"responses": record.responses, "campaigns": record.campaigns}).decode()
    ids = sorted({ruling for response in record.responses for ruling in (*response.rulings, *response.waiting)})
    for ruling in ids:
        text = text.replace(ruling, "d-")
    counts = {
        key: value for key, value in msgspec.to_builtins(record.counts).items() if key not in ("messages", "by_disposition")
    }
    return msgspec.json.decode(text), counts


@QUICK
@given(st.data())
def test_sheet_answer_and_command_give_the_same_record(data: st.DataObject) -> None:
    with house() as made:
        items = matters(made)
    assert len(items) >= 6
    chosen = []
    for item in items:
        act = data.draw(st.sampled_from(["", *item.acts] if item.kind != "response" else ["", "group_only", "exclude"]))
        if act:
            chosen.append((item, act, f"so it is, {len(chosen)}"))
    found = {}
    for way in WAYS:
        with house() as made:
            if way == "sheet" and chosen:
                by_sheet(made, chosen)
            for item, act, reason in chosen if way != "sheet" else ():
                (by_command if way == "command" else by_reply)(made, item, act, reason)
            assert made.refused() == []
            assert len(made.rulings()) == len(chosen)
            letters = sorted(
                (item.kind, item.recipient, item.state) for item in made.office.ledger.letters() if item.kind != "answer"
            )
            orders = sorted((ruling.action, ruling.by, ruling.reason) for ruling in made.rulings())
            found[way] = (said(made.judge()), orders, letters)
            assert verify(made.office).faults == ()
            before = made.facts()
            made.rebuild(lose=True)
            made.judge()
            assert made.facts() == before
    assert found["command"] == found["sheet"] == found["reply"]


class DeadError(BaseException):
    """The process is gone."""


class Steps:
    """Counts writes, and dies at the one that is asked for."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.at: int | None = None

    def __call__(self, name: str) -> None:
        self.names.append(name)
        if self.at is not None and len(self.names) >= self.at:
            raise DeadError


def test_killed_at_any_write_while_a_sheet_is_followed_nothing_is_half_done_or_done_twice() -> None:
    """One row good, one without a reason, one good: at each write of vault and ledger (every third; with INTAKE_DEEP=1 every one) the
    process dies, starts again, and ends with the same."""

    def run(at: int | None) -> tuple[Any, ...]:
        steps = Steps()
        with house(steps) as made:
            wanted = {
                "response held": ("count", "so it is"),
                "late response": ("accept", None),
                "withdrawal asked for": ("withdraw", "asked"),
            }
            data = filled(made.sheet("ben"), lambda cells, _: wanted.get(cells["What waits"]))
            made.take([mail_from(BEN, "The sheet.\n", made.clock.now(), files=[("s.xlsx", data)]).as_bytes()])
            steps.names.clear()
            steps.at = at
            try:
                settle_orders(made.office, made.round)
                made.judge()
                assert at is None or len(steps.names) < at
            except DeadError:
                steps.at = None
                made.again()
                settle_orders(made.office, made.round)
                made.judge()
            steps.at = None
            count = len(steps.names)
            assert verify(made.office).faults == ()
            assert settle_orders(made.office, made.round) == 0
            letters = [(item.kind, item.recipient) for item in made.office.ledger.letters() if item.kind == "answer"]
            rulings = sorted((ruling.id, ruling.action, ruling.reason) for ruling in made.rulings())
            # tokens hold the time, so that ids differ between runs: their number does not
            return (
                count if at is None else None,
                said(made.judge()),
                [rest for _, *rest in rulings],
                letters,
                made.refused(),
                len(made.followed()),
            )

    total, *undisturbed = run(None)
    assert total > 10
    assert undisturbed[2] == [("answer", BEN)]
    assert undisturbed[3] == ["no_reason"]
    every = 1 if os.environ.get("INTAKE_DEEP") == "1" else 3
    for at in range(1, int(total) + 1, every):
        _, *found = run(at)
        assert found == undisturbed, f"killed at write {at} of {total}"

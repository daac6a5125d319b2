"""A revision is prepared and released by command, by sheet and by answer: the same is printed, kept, handed over and remembered; by two
officers where the house wants two."""

from __future__ import annotations

import email
import email.policy
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from intake.doors.site import revision_store
from intake.model.officer import Role
from intake.model.record import Action, Ruling
from intake.pipeline import verify
from intake.pipeline.deciding import Wish, decide
from intake.pipeline.errands import order_errand
from intake.pipeline.releasing import carry_out_release, order_release, orders_due
from tests.fakes.desk import Desk, offered, text_of
from tests.fakes.orders import BEN, choose, filled, laid, mail_from

pytestmark = pytest.mark.timeout(900)
QUICK = settings(max_examples=2, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
WAYS = ("command", "sheet", "reply")
EVA = "eva@council-group.example"
KINDS = {"prepare": "next revision", "release": "next revision", "confirm": "a second officer must confirm"}


@cache
def begun() -> Path:
    """The sample round, taken in once."""
    return laid(Path(tempfile.mkdtemp()) / "state", Desk)


@contextmanager
def house(*, two: bool) -> Iterator[Desk]:
    """Ben and Eva may release."""
    with tempfile.TemporaryDirectory() as folder:
        made = Desk(Path(shutil.copytree(begun(), Path(folder) / "state")))
        assert made.policy is not None
        ben = changed(made.policy.officers[0], role=Role.RELEASER, deputy=None)
        made.policy = replace(made.policy, officers=(ben, changed(ben, name="eva", address=EVA)))
        made.office.orders = made.policy
        made.office.second_officer = frozenset({"release"} if two else ())
        made.judge()
        try:
            yield made
        finally:
            made.close()


def the_mail(made: Desk, address: str) -> Any:
    """The last letter to an officer, his digest where he has none."""
    letters = [item for item in made.office.ledger.letters() if item.recipient == address]
    if not letters:
        letters = [made.digest()[address]]
    return email.message_from_bytes(letters[-1].raw, policy=email.policy.default)


def by_mail(made: Desk, way: str, sender: str, word: str, reason: str) -> None:
    """He says the word that his last letter, or the sheet in it, offers."""
    letter = the_mail(made, sender)
    if way == "reply":
        _, token = offered(text_of(letter), word if word != "confirm" else "confirm / undo")
        made.receive(mail_from(sender, f"{word} {token}: {reason}\n", made.clock.now()))
        return
    (sheet,) = [part.get_content() for part in letter.iter_attachments() if str(part.get_filename()).endswith(".xlsx")]
    data = filled(sheet, choose(KINDS[word], word, reason))
    made.receive(mail_from(sender, "The sheet.\n", made.clock.now(), files=[("sheet.xlsx", data)]))


def by_command(made: Desk, word: str, by: str, reason: str) -> None:
    """As the verbs do it: `release`, `decide D second`; to prepare is an errand, which is kept like theirs."""
    office, consultation = made.office, made.round
    if word == "prepare":
        order_errand(office, consultation, word, "prepare:0", by, reason, {})
        return
    if word == "release":
        ruling = order_release(office, consultation, by, reason, {})
    else:
        (ruling,) = [item for item in made.rulings() if item.action is Action.RELEASE]
        decide(office, Wish(number=ruling.id, action=Action.SECOND, by=by, reason=reason, fields={}, round_id=consultation.id))
    if word == "confirm" or not office.second_officer:
        carry_out_release(office, consultation, ruling, revision_store(made.folder))


def printed(made: Desk) -> Any:
    """What the revision says: all of it but the moment and the hash that this moment is part of."""
    found = made._released(made.round.id, 0, "edition.json")
    assert found is not None
    edition = msgspec.json.decode(found)
    for name in ("cut_off", "manifest_sha256", "released_on", "seen", "archived", "counts"):
        edition.pop(name)  # an officer's own mail is a message, too
    return edition


def orders(rulings: list[Ruling]) -> list[Any]:
    """What was ordered, without the marks of the way by which it came."""
    ids = {ruling.id: str(number) for number, ruling in enumerate(rulings)}
    return [
        (
            item.action,
            item.by,
            item.reason,
            sorted(
                (key, ids.get(str(value), value)) for key, value in item.set.items() if key not in ("via", "state", "content")
            ),
        )
        for item in rulings
    ]


@QUICK
@given(two=st.booleans(), left_out=st.booleans())
def test_prepare_and_release_by_sheet_answer_and_command_give_the_same_record(two: bool, left_out: bool) -> None:
    found = {}
    steps = [("prepare", "ben"), ("release", "ben"), *([("confirm", "eva")] if two else [])]
    for way in WAYS:
        with house(two=two) as made:
            made.clock.advance(timedelta(days=1))
            if left_out:
                first = next(item for item in made.judge().responses if item.status.value == "counted")
                made.rule(Action.EXCLUDE, first.messages[0])
                made.judge()
            for number, (word, by) in enumerate(steps):
                reason = f"so it is, {number}"
                if way == "command":
                    by_command(made, word, by, reason)
                else:
                    by_mail(made, way, BEN if by == "ben" else EVA, word, reason)
                made.work()
            assert made.refused() == []
            assert orders_due(made.office, made.round) == []
            assert verify(made.office).faults == ()
            (revision,) = made.office.ledger.revisions(made.round.id)
            ends = [e.payload["end"] for e in made.office.ledger.journal_entries() if e.kind == "errand"]
            (letter,) = [item for item in made.office.ledger.letters() if item.kind == "release"]
            found[way] = {
                **printed(made),
                "orders": orders(made.rulings()),
                "by": revision.released_by,
                "ends": sorted(ends),
                "letter": (letter.recipient, letter.state),
            }
            before = made.facts()
            made.rebuild(lose=True)
            made.judge()
            assert made.facts() == before
    for way in WAYS:
        for key, value in found[way].items():
            assert value == found["command"][key], f"{way}: {key}"

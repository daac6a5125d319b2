"""The ledger can be thrown away: built again from vault and journal it says the same. And the house forgets: after any erasures
chain, sums, verify and rebuild still hold, and no octet of what was erased is left."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from intake.model.ledger import OutboxState
from intake.model.record import Action
from intake.pipeline import verify
from intake.ports import Coordinates
from tests.fakes.house import House, sample_mail

pytestmark = pytest.mark.timeout(900)
ACTS = ("take", "take", "take", "rule", "rule", "vanish", "release", "judge", "digest", "again")
ACTIONS = (Action.ASSIGN, Action.EXCLUDE, Action.WITHDRAW, Action.COUNT, Action.MERGE, Action.SPLIT, Action.RELABEL, Action.UNDO)
QUICK = settings(max_examples=10, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
"""Without shrinking: a story takes a second, and a failing one is short enough to read."""
STORY = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 999)), min_size=3, max_size=9)


@contextmanager
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory() as folder:
        made = House(Path(folder) / "state")
        try:
            yield made
        finally:
            made.close()


def live(made: House, story: list[tuple[str, int]]) -> None:
    """Mail comes, people decide, days pass."""
    mail = sample_mail()
    made.take(mail[:2])
    for act, number in story:
        keys = list(made.office.vault.objects())
        if act == "take":
            made.take([mail[number % len(mail)], mail[number * 7 % len(mail)]], answerable=number % 5 != 0)
        elif act == "rule" and keys:
            _rule(made, keys, number)
        elif act == "vanish":
            place = Coordinates(account="main", folder="INBOX", uidvalidity=1, uid=100_000 + number)
            made.office.ledger.record_vanished(made.round.id, "address", [place], made.clock.now())
        elif act == "release":
            made.release()
        elif act == "digest":
            if made.office.ledger.claim_job(f"digest:{made.round.id}", f"2026-11-{number % 28 + 1:02}", made.clock.now()):
                made.office.ledger.finish_job(f"digest:{made.round.id}", f"2026-11-{number % 28 + 1:02}", made.clock.now())
        elif act == "again":
            made.again()
        else:
            made.judge()
    made.judge()


def _rule(made: House, keys: list[str], number: int) -> None:
    action = ACTIONS[number % len(ACTIONS)]
    key = keys[number % len(keys)]
    rulings = made.office.ledger.rulings(made.round.id)
    if action is Action.UNDO:
        if rulings:
            made.rule(action, "", ruling=rulings[number % len(rulings)].id)
    elif action is Action.MERGE:
        made.rule(action, key, into=keys[(number + 1) % len(keys)])
    elif action is Action.RELABEL:
        made.rule(action, key, disposition="enquiry")
    else:
        made.rule(action, key, **({"organization": "The Registry"} if action is Action.ASSIGN else {}))


@QUICK
@given(STORY, st.booleans())
def test_a_ledger_built_again_says_the_same(story: list[tuple[str, int]], lost: bool) -> None:
    with house() as made:
        live(made, story)
        made.again()
        before, head = made.facts(), made.office.ledger.journal_head()
        letters_before = {item.id: item for item in made.office.ledger.letters()}
        made.rebuild(lose=lost)
        made.judge()
        assert made.facts() == before
        assert made.going() == []
        for item in made.office.ledger.letters():
            assert item.state in (OutboxState.HELD, OutboxState.SUPPRESSED)
            if item.id in letters_before and letters_before[item.id].state is not OutboxState.SUPPRESSED:
                assert item.state is OutboxState.HELD
        assert head in {entry.prev for entry in made.office.ledger.journal_entries()}
        assert verify(made.office).faults == ()


@QUICK
@given(STORY, st.lists(st.integers(0, 999), min_size=1, max_size=4), STORY)
def test_the_house_can_forget(story: list[tuple[str, int]], chosen: list[int], afterwards: list[tuple[str, int]]) -> None:
    with house() as made:
        live(made, story)
        seen = made.office.ledger.tally(made.round.id).seen
        keys = list(made.office.vault.objects())
        gone = sorted({keys[number % len(keys)] for number in chosen})
        raws = {key: made.office.vault.get(key) for key in gone}
        made.erase(gone)
        tally = made.office.ledger.tally(made.round.id)
        assert (tally.seen, tally.erased, tally.holds) == (seen, len(gone), True)
        assert verify(made.office).faults == ()
        record = made.office.ledger.load_record(made.round.id)
        assert record is not None
        assert not {item.key for item in record.filed} & set(gone)
        for key in gone:
            with pytest.raises(Exception, match="cannot be read"):
                made.office.vault.get(key)
        assert all(ruling.reason == "" for ruling in made.office.ledger.rulings(made.round.id) if ruling.message in gone)
        made.take(raws.values())  # type: ignore[arg-type]  # the mailbox still shows them
        assert not set(gone) & set(made.office.vault.objects())
        live(made, afterwards)
        made.again()
        before = made.facts()
        assert set(before["erased"]) == set(gone)
        made.rebuild(lose=True)
        made.judge()
        assert made.facts() == before
        assert verify(made.office).faults == ()


def test_no_octet_of_what_was_erased_is_left() -> None:
    """Not in the vault, the ledger's pages, its log, the letters or the journal."""
    with house() as made:
        secret = b"Zanzibar Undersea Orchestra"
        raw = (
            b"From: Ana Quux <ana.quux@orchestra.example>\r\nTo: consultation@example.org\r\nSubject: Response of the Zanzibar Undersea Orchestra\r\n"
            b"Message-ID: <1@orchestra.example>\r\n\r\nQuestion 1. The Zanzibar Undersea Orchestra asks for quiet.\r\n"
        )
        made.take([*sample_mail()[:3], raw])
        made.judge()
        (key,) = [name for name in made.office.vault.objects() if made.office.vault.get(name) == raw]
        made.rule(Action.ASSIGN, key, organization="Zanzibar Undersea Orchestra")
        made.judge()
        assert any(item.message == key for item in made.office.ledger.letters())
        assert made.office.ledger.erased() == {}
        made.erase([key])
        made.close()
        for path in made.folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert secret not in content, path
                assert b"ana.quux" not in content, path
        made.office = made._open()
        assert verify(made.office).faults == ()

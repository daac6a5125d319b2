"""A machine that does to an office what the world does, in any order: mail, people at the mailbox, servers that lose their files or go
away, a relay in every mood, death at any step, a disk that fails, a clock that jumps; and looks after each act whether the promises
still hold.

The office is the real one (vault, ledger and the daemon's own pass); mailbox and relay are the fakes that pass the contract suite.
INTAKE_MACHINE=runs,steps makes it deeper (in `make test` 5 runs of 20 steps).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
import structlog
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from intake.doors.durable import Disk
from intake.errors import TryAgain, Unreachable
from intake.model.ledger import MAX_COPIES, OutboxState
from intake.pipeline import Office, growing
from tests.crash.test_io_faults import Faults, disk_full, input_output
from tests.fakes.bureau import ROUND, Bureau, mail
from tests.fakes.mailbox import FakeFolder

RUNS, STEPS = (int(word) for word in os.environ.get("INTAKE_MACHINE", "5,20").split(","))
pytestmark = pytest.mark.timeout(1200)
FOLDERS = ("INBOX", "LIST")
HEADS = ("", "", "", "Auto-Submitted: auto-replied\r\n", "List-Id: <consultation-list.lists.example.org>\r\n")


class DeadError(BaseException):
    """The process is gone."""


class World(RuleBasedStateMachine):
    """What was shown by the mailbox at a look is ours for ever; what was not may have been taken away before."""

    def __init__(self) -> None:
        super().__init__()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
        self.kept_from, growing.KEPT_FROM = growing.KEPT_FROM, 1
        self.folder = Path(tempfile.mkdtemp(prefix="intake-machine-"))
        self.bureau = Bureau(self.folder)
        self.bureau.drafts = False
        self.delivered: dict[str, bytes] = {}
        self.stored: set[str] = set()
        self.numbers: dict[str, str] = {}
        self.public: dict[str, int] = {}
        self.letters: dict[str, bytes] = {}
        self.copy: FakeFolder | None = None
        self.number = 0

    @initialize()
    def first_look(self) -> None:
        self._live(1)

    def teardown(self) -> None:
        """Peace: everything that the mailbox still shows is stored, judged and answered or known to be unsure."""
        try:
            self.bureau.post.refuse_at.clear()
            self.bureau.mailbox.broken = None
            for name in FOLDERS:
                self.bureau.mailbox.folders.setdefault(name, FakeFolder())
            self._live(2)
            self.bureau.clock.advance(timedelta(hours=12))
            self._live(8, minutes=600)
            self._holds()
            facts = self.bureau.facts()
            shown = {hashlib.sha256(raw).hexdigest() for raw in self._shown()}
            assert shown <= set(facts["objects"]), "what the mailbox shows is stored"
            with self.bureau.life() as office:
                for item in office.ledger.letters():
                    assert item.state not in (OutboxState.SENDING, OutboxState.COMMITTING, OutboxState.QUEUED), item.id
        finally:
            growing.KEPT_FROM = self.kept_from
            shutil.rmtree(self.folder, ignore_errors=True)

    # what the world does

    @rule(count=st.integers(1, 3), head=st.sampled_from(HEADS), folder=st.sampled_from(FOLDERS), large=st.booleans())
    def mail_comes(self, count: int, head: str, folder: str, large: bool) -> None:
        for _mail in range(count):
            self.number += 1
            text = f"Question 1. Answer {self.number}. " + "Much more is to be said. " * (600 if large else 1)
            self._deliver(mail(self.number, head=head, text=f"{text}\r\nAna Berg\r\nHouse {self.number} Foundation"), folder)

    @precondition(lambda self: bool(self.delivered))
    @rule(data=st.data(), folder=st.sampled_from(FOLDERS))
    def the_same_bytes_come_again(self, data: st.DataObject, folder: str) -> None:
        self._deliver(self.delivered[data.draw(st.sampled_from(sorted(self.delivered)))], folder)

    @rule(data=st.data(), source=st.sampled_from(FOLDERS))
    def a_person_moves_or_deletes(self, data: st.DataObject, source: str) -> None:
        place = self.bureau.mailbox.folders.get(source)
        if place is None or not place.messages:
            return
        uid = data.draw(st.sampled_from(sorted(place.messages)))
        raw, at = place.messages[uid]
        self.bureau.mailbox.remove([uid], source)
        other = next(name for name in FOLDERS if name != source)
        if data.draw(st.booleans()) and other in self.bureau.mailbox.folders:
            self.bureau.mailbox.deliver([raw], at, other)

    @rule(folder=st.sampled_from(FOLDERS))
    def the_server_loses_its_indexes(self, folder: str) -> None:
        if folder in self.bureau.mailbox.folders:
            self.bureau.mailbox.renumber(folder)

    @rule()
    def a_copy_of_the_mailbox_is_made(self) -> None:
        place = self.bureau.mailbox.folders.get("INBOX")
        if place is not None:
            self.copy = FakeFolder()
            self.copy.uidvalidity, self.copy.uidnext, self.copy.messages = place.uidvalidity, place.uidnext, dict(place.messages)

    @precondition(lambda self: self.copy is not None)
    @rule()
    def the_mailbox_is_put_back_from_the_copy(self) -> None:
        assert self.copy is not None
        place = self.bureau.mailbox.folders.get("INBOX")
        if place is not None and place.uidvalidity == self.copy.uidvalidity:
            self.bureau.mailbox.restore(self.copy)

    @rule(folder=st.sampled_from(FOLDERS), back=st.booleans())
    def a_folder_goes_or_comes(self, folder: str, back: bool) -> None:
        folders = self.bureau.mailbox.folders
        if back and folder not in folders:
            folders[folder] = FakeFolder()
            folders[folder].uidvalidity = 5000 + self.number
        elif not back:
            folders.pop(folder, None)

    @rule(step=st.sampled_from(("", "rcpt", "body", "dot")), reply=st.sampled_from(("450 later", "lost", "421 busy")))
    def the_relay_has_a_mood(self, step: str, reply: str) -> None:
        self.bureau.post.refuse_at.clear()
        if step:
            self.bureau.post.refuse_at[step] = reply

    @rule()
    def the_link_to_the_mailbox_breaks(self) -> None:
        self.bureau.mailbox.broken = Unreachable("gone")

    @rule(minutes=st.sampled_from((1, 10, 45, 300, 1500, 4320)))
    def time_passes(self, minutes: int) -> None:
        self.bureau.clock.advance(timedelta(minutes=minutes))

    @rule(minutes=st.sampled_from((5, 90, 1500)))
    def the_clock_jumps_back(self, minutes: int) -> None:
        self.bureau.clock.advance(timedelta(minutes=-minutes))

    # what the program does

    @rule(times=st.integers(1, 3))
    def the_daemon_works(self, times: int) -> None:
        self._live(times)

    @rule(at=st.integers(1, 90))
    def the_daemon_dies(self, at: int) -> None:
        count = [0]

        def step(_name: str) -> None:
            count[0] += 1
            if count[0] == at:
                raise DeadError

        with suppress(DeadError), self.bureau.life(Disk(step), step) as office:
            self._pass(office, 1)

    @rule(at=st.integers(1, 60), for_ever=st.booleans(), error=st.sampled_from((disk_full, input_output)))
    def the_disk_fails(self, at: int, for_ever: bool, error: Any) -> None:
        faults = Faults(at, error, for_ever=for_ever)
        with suppress(TryAgain), self.bureau.life(Disk(faults), faults) as office:
            self._pass(office, 2)

    # what must hold

    @invariant()
    def promises(self) -> None:
        self._holds()

    def _holds(self) -> None:
        copies = self.bureau.letters()
        assert max(copies.values(), default=0) <= MAX_COPIES, "more than two copies of a letter"
        with self.bureau.life() as office:
            objects = set(office.vault.objects())
            assert self.stored <= objects, "what was stored is there"
            self.stored = objects
            for name in objects:
                assert office.vault.get(name) == self.delivered[name], "stored as it came"
            ledger = office.ledger
            tally = ledger.tally(ROUND)
            assert tally.seen == tally.archived + tally.same_bytes + tally.vanished
            assert tally.archived == len({item.sha256 for item in office.vault.receipts()})
            ledger.verify_journal()
            given = ledger.numbers(ROUND)
            assert self.numbers.items() <= given.receipts.items(), "a receipt number changed"
            assert self.public.items() <= given.public.items(), "a public number changed"
            assert len(set(given.public.values())) == len(given.public), "a public number was given twice"
            self.numbers, self.public = dict(given.receipts), dict(given.public)
            record = ledger.load_record(ROUND)
            if record is not None:
                counts = record.counts
                assert sum(counts.by_disposition.values()) == counts.messages == len(record.filed)
                assert len({filed.key for filed in record.filed}) == len(record.filed)
            raws = {item.id: item.raw for item in ledger.letters()}
            assert self.letters.items() <= raws.items(), "a letter changed after it was queued"
            self.letters = raws
            by_message: dict[str, int] = {}
            for item in ledger.letters():
                if item.message:
                    by_message[item.message] = by_message.get(item.message, 0) + 1
            assert max(by_message.values(), default=0) <= 1, "two letters for one message"

    # how

    def _live(self, times: int, minutes: float = 1.0) -> None:
        with self.bureau.life() as office:
            self._pass(office, times, minutes)

    def _pass(self, office: Office, times: int, minutes: float = 1.0) -> None:
        self.bureau.cycle(office, times, minutes)

    def _deliver(self, raw: bytes, folder: str) -> None:
        if folder in self.bureau.mailbox.folders:
            self.delivered[hashlib.sha256(raw).hexdigest()] = raw
            self.bureau.mailbox.deliver([raw], self.bureau.clock.now(), folder)

    def _shown(self) -> list[bytes]:
        return [raw for place in self.bureau.mailbox.folders.values() for raw, _at in place.messages.values()]


TestWorld = World.TestCase
TestWorld.settings = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize="INTAKE_MACHINE" not in os.environ,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)

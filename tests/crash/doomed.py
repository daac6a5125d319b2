"""The program with a death in it: SIGKILL of its own process at one named point. The product itself knows nothing of this.

`live(point, mark, nth, days, words)`: `point` is a key of POINTS; the file `mark` is written at the moment of death, so that a process
that ended otherwise is never counted as killed. `nth`: at points that name any act, at the n-th one. `days`: the clock is ahead.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiosmtplib.protocol
from sqlalchemy import Connection

import intake.daemon
import intake.doors.site
import intake.draftkeeping
import intake.keeping
import intake.pipeline.erase
import intake.pipeline.growing
import intake.pipeline.rebuild
import intake.wiring
from intake.asidekeeping import AsideKeeper
from intake.doors import imap_fetch
from intake.doors.clock import SystemClock
from intake.doors.direct_reader import DirectReader
from intake.doors.durable import Disk
from intake.doors.imap import ImapMailbox
from intake.doors.jail import Child
from intake.doors.ledger.engine import Store
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.printer import DraftPrinter
from intake.doors.share import InstalledShare
from intake.doors.smtp import SmtpPost, _Line
from intake.doors.vault import FileVault
from intake.draftkeeping import DraftKeeper
from intake.model.letter import Outcome

_MARK = [Path("mark")]
_INSIDE: set[str] = set()
"""Names of the wrapped acts that are under way, and "live" once a folder has been looked at (before that it is recovery)."""


def die(when: bool = True) -> None:
    """Be gone, as at a power cut: nothing is closed, nothing cleaned up."""
    if when:
        _MARK[0].write_text("dead", "utf-8")
        os.kill(os.getpid(), signal.SIGKILL)


def _wrap(owner: Any, name: str, before: Callable[..., None] | None, after: Callable[[Any], None] | None) -> None:
    old = getattr(owner, name)

    @functools.wraps(old)
    def new(*words: Any, **named: Any) -> Any:
        if before is not None:
            before(*words, **named)
        result = old(*words, **named)
        if after is not None:
            after(result)
        return result

    setattr(owner, name, new)


def _inside(owner: Any, name: str) -> None:
    """Keep in mind that this act is under way; the two ways in which a record is saved under one name."""
    old = getattr(owner, name)

    @functools.wraps(old)
    def new(*words: Any, **named: Any) -> Any:
        told = "recorded" if name in ("save_record", "grow_record") else name
        _INSIDE.add(told)
        try:
            return old(*words, **named)
        finally:
            _INSIDE.discard(told)

    setattr(owner, name, new)


def _before(owner: Any, name: str, *needs: str) -> Callable[[], None]:
    return lambda: _wrap(owner, name, lambda *_w, **_n: die(_INSIDE.issuperset(needs)), None)


def _after(owner: Any, name: str, *needs: str) -> Callable[[], None]:
    return lambda: _wrap(owner, name, None, lambda _result: die(_INSIDE.issuperset(needs)))


def _step(step: str, *needs: str) -> Callable[[], None]:
    """At a step that the ledger announces."""

    def arm() -> None:
        old = Store.__init__

        def new(self: Store, path: Path | None, _step: Any = None) -> None:
            old(self, path, lambda name: die(name == step and _INSIDE.issuperset(needs)))

        Store.__init__ = new  # type: ignore[method-assign]

    return arm


def _half_temp() -> None:
    def new(_self: Disk, handle: int, data: bytes) -> None:
        os.write(handle, data[: len(data) // 2])
        die("live" in _INSIDE)
        os.write(handle, data[len(data) // 2 :])

    Disk._write_all = new  # type: ignore[method-assign]


def _between_pieces() -> None:
    old = imap_fetch._pieces

    def new(*words: Any) -> Iterator[bytes]:
        for number, piece in enumerate(old(*words)):
            die(number == 1)
            yield piece

    imap_fetch._pieces = new


def _rcpt_ok() -> None:
    old = aiosmtplib.SMTP.execute_command

    async def new(self: aiosmtplib.SMTP, *words: bytes, **named: Any) -> Any:
        result = await old(self, *words, **named)
        die(words[0].startswith(b"RCPT"))
        return result

    aiosmtplib.SMTP.execute_command = new  # type: ignore[method-assign]


def _half_body() -> None:
    old = _Line._body

    async def new(self: _Line, client: aiosmtplib.SMTP, body: bytes) -> None:
        await old(self, client, body[: len(body) // 2])
        die()

    _Line._body = new  # type: ignore[method-assign]


def _dot_sent() -> None:
    old = aiosmtplib.protocol.SMTPProtocol.write

    def new(self: aiosmtplib.protocol.SMTPProtocol, data: bytes) -> None:
        old(self, data)
        die(data == b".\r\n")

    aiosmtplib.protocol.SMTPProtocol.write = new  # type: ignore[method-assign]


def _temporary() -> None:
    def before(_ledger: Any, _letter: str, end: Any, **_named: Any) -> None:
        die(end.outcome is Outcome.TEMPORARY)

    _wrap(SqliteLedger, "settle", before, None)


def _claimed() -> None:
    _wrap(SqliteLedger, "claim_due", None, lambda claimed: die(bool(claimed)))


def _to_claim() -> None:
    _wrap(SqliteLedger, "claim_due", lambda ledger, now, *_w, **_n: die(not ledger._nothing_due(now)), None)


def _daily_sent() -> None:
    old = SqliteLedger.settle

    def new(self: SqliteLedger, letter_id: str, *words: Any, **named: Any) -> Any:
        state = old(self, letter_id, *words, **named)
        die(letter_id.startswith("digest:"))
        return state

    SqliteLedger.settle = new  # type: ignore[method-assign]


def _in_place() -> None:
    _after(intake.doors.site, "_exchange")()
    _after(Disk, "rename", "put_folder")()


def _printed() -> None:
    _wrap(DraftPrinter, "finished", None, lambda printed: die(printed is not None))


def _aside() -> None:
    """Every round is large enough for a child."""
    _wrap(AsideKeeper, "_done", lambda keeper, *_words: setattr(keeper, "least", 1), None)


def _child_at_work() -> None:
    def before(keeper: AsideKeeper, *_words: Any) -> None:
        keeper.pulse = die  # at the first piece of work that it tells of

    _aside()
    _wrap(AsideKeeper, "_answer", before, None)


def _child_done() -> None:
    _aside()
    _wrap(AsideKeeper, "_answer", None, lambda answer: die(answer is not None))


def _claimed_job() -> None:
    _wrap(SqliteLedger, "claim_job", None, die)


def _any_act() -> None:
    """Every change of a file and every step of the ledger counts; the one that was asked for is not done."""

    def tick() -> None:
        _COUNT[0] += 1
        die(_COUNT[0] == _COUNT[1])

    def heard(event: str, words: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = words
            if isinstance(path, str) and path.startswith(_HOME[0]) and int(flags or 0) & (os.O_WRONLY | os.O_RDWR):
                tick()
        elif event in _CHANGES and str(words[0]).startswith(_HOME[0]):
            tick()

    sys.addaudithook(heard)
    old = Store.__init__

    def new(self: Store, path: Path | None, _step: Any = None) -> None:
        old(self, path, lambda _name: tick())

    Store.__init__ = new  # type: ignore[method-assign]
    _wrap(Disk, "sync_folders", lambda *_w: tick(), None)
    _wrap(Disk, "sync_files", lambda *_w: tick(), None)
    _wrap(Disk, "_sync_handle", lambda *_w: tick(), None)


_CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"})
_COUNT = [0, 0]
"""Acts so far, and the one to die at (0: none)."""
_HOME = ["/"]


POINTS: dict[str, Callable[[], None]] = {
    "K1 folder selected": _after(ImapMailbox, "scan"),
    "K2 message fetched": _after(imap_fetch, "_checked"),
    "K3 temp half written": _half_temp,
    "K4 temp written": _before(Disk, "sync_files", "live", "put"),
    "K5 temp synced": _after(Disk, "sync_files", "live", "put"),
    "K6 object renamed": _after(Disk, "rename", "live", "put"),
    "K7 folder synced": _after(Disk, "sync_folders", "live", "put"),
    "K8 receipt temp": _after(Disk, "_sync_handle", "live", "put_receipts"),
    "K9 receipt renamed": _after(Disk, "rename", "live", "put_receipts"),
    "K10 transaction open": _after(Connection, "execute", "live", "record_deliveries"),
    "K11 before commit": _step("ledger.commit", "live", "record_deliveries"),
    "K12 committed": _step("ledger.committed", "live", "record_deliveries"),
    "K16 between pieces": _between_pieces,
    "K17 reader at work": _before(Child, "answer"),
    "K18 reader done": _after(Child, "answer"),
    "K19 before sending": _to_claim,
    "K20 sending": _claimed,
    "K21 recipient taken": _rcpt_ok,
    "K22 half a body": _half_body,
    "K23 before the mark": _before(SqliteLedger, "mark_committing"),
    "K24 committing": _after(SqliteLedger, "mark_committing"),
    "K25 dot sent": _dot_sent,
    "K26 reply read": _after(SmtpPost, "hand_over"),
    "K27 before sent": _step("ledger.commit", "settle"),
    "K28 sent": _after(SqliteLedger, "settle"),
    "K29 refused for now": _temporary,
    "K30 log-in done": _after(ImapMailbox, "open"),
    "K31 reading row": _step("ledger.commit", "live", "save_readings"),
    "K32 verdict row": _step("ledger.commit", "live", "save_verdicts"),
    "K33 record row": _step("ledger.commit", "recorded"),
    "K33b fold kept": _step("ledger.commit", "keep_fold"),
    "K33c child judging": _child_at_work,
    "K33d child has judged": _child_done,
    "K34 daily letter queued": _step("ledger.commit", "queue_letters"),
    "K34b daily letter committed": _after(SqliteLedger, "queue_letters"),
    "K35 daily letter sent": _daily_sent,
    "K36 draft under way": _after(DraftPrinter, "begin"),
    "K37 draft printed": _printed,
    "K38 papers in place": _in_place,
    "K39 release, any act": _any_act,
    "K40 job claimed": _claimed_job,
    "K40b job row": _step("ledger.commit", "finish_job"),
    "K41 migration, before commit": _step("ledger.commit", "_migrate"),
    "K41b migration, any act": _any_act,
    "K42 rebuild, any act": _any_act,
    "K42b damaged ledger at start, any act": _any_act,
    "K43 backup, any act": _any_act,
    "K43b restore, any act": _any_act,
    "K44 journal appended": _after(Disk, "append"),
    "R1 recovery, temp files gone": _after(FileVault, "clean"),
    "R2 recovery, receipts before commit": _step("ledger.commit", "recover", "record_deliveries"),
    "R3 recovery, letters before commit": _step("ledger.commit", "recover", "recover_outbox"),
    "R4 recovery, letters back": _after(SqliteLedger, "recover_outbox"),
    "R5 recovery, any act": _any_act,
    "D1 decision, any act": _any_act,
    "E1 erasure, any act": _any_act,
    "I1 import, any act": _any_act,
    "I2 register, any act": _any_act,
    "B1 bag, any act": _any_act,
    "A1 daemon, any act": _any_act,
}
"""The K numbers are those of docs/MEASURED.md; R stands for recovery, D, E and B for a decision, an erasure, a bag, I for what is
brought in by hand; A for any act."""

JAILED = ("K17", "K18", "K36", "K37", "K38", "A1")
"""Points whose lives read in the jail, as the daemon does, and build drafts; the others read in the process itself."""


def load() -> None:
    """Everything that a life needs and that is no state: imports, words, tables."""
    import intake.cli.vault
    import intake.cli.work

    share = InstalledShare(None)
    for name in ("load_tables", "load_templates", "load_words"):
        value = getattr(intake.wiring, name)(share)
        setattr(intake.wiring, name, lambda _share, value=value: value)
    _READER.append(DirectReader(share.text("config", "reading.toml")))
    list(_READER[0].read([b"From: a@b.example\r\n\r\nQuestion 1. A word.\r\n"]))


_READER: list[DirectReader] = []


class _Shared:
    """The reader that the mother loaded."""

    def __init__(self, *_words: Any) -> None:
        pass

    def read(self, raws: Iterable[bytes]) -> Iterator[Any]:
        """See ports.Reader."""
        return _READER[0].read(raws)

    def close(self) -> None:
        """Nothing to end."""


def live(words: list[str], point: str = "", mark: str = "mark", nth: int = 0, days: int = 0, home: str = "/") -> int:
    """Arm the point, then be the program."""
    _MARK[0], _HOME[0], _COUNT[1] = Path(mark), home, nth
    if not point.startswith(JAILED):
        intake.wiring.JailedReader = _Shared  # type: ignore[misc,assignment]
        DraftKeeper.keep = lambda *_words: None  # type: ignore[method-assign,assignment]
    if days:
        old = SystemClock.now
        SystemClock.now = lambda self: old(self) + timedelta(days=days)  # type: ignore[method-assign]
    intake.pipeline.growing.KEPT_FROM = 1
    _wrap(ImapMailbox, "scan", None, lambda _result: _INSIDE.add("live"))
    if point:
        POINTS[point]()
    for owner, name in (
        (FileVault, "put"),
        (FileVault, "put_receipts"),
        (Store, "_migrate"),
        *((SqliteLedger, name) for name in BOOKED),
        (intake.wiring, "recover"),
        (intake.doors.site, "put_folder"),
        (intake.draftkeeping, "put_folder"),
    ):
        _inside(owner, name)
    from intake.cli import main as program

    sys.argv = ["intake", *words]
    try:
        return int(program() or 0)
    finally:
        Path(f"{mark}.acts").write_text(str(_COUNT[0]), "utf-8")


BOOKED = (
    "record_deliveries",
    "settle",
    "save_record",
    "keep_fold",
    "grow_record",
    "save_readings",
    "save_verdicts",
    "queue_letters",
    "finish_job",
    "recover_outbox",
)

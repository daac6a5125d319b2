"""The daemon: when. APScheduler gives the ticks, IDLE shortens the wait, the watchdog is fed by real work only.

One thread does all work, one step at a time, each under the writer's turn; a person's commands come in between. Whatever a
server does, the daemon stays up: it backs off with jitter and says since when.
"""

from __future__ import annotations

import random
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from intake.asidekeeping import AsideKeeper, due_digest, due_reminders
from intake.doors.imap import ImapMailbox
from intake.doors.lock import Lock
from intake.doors.printer import clear_half_printed
from intake.doors.service_manager import hear_the_end, notify
from intake.doors.site import revision_store
from intake.draftkeeping import DraftKeeper
from intake.errors import IntakeError, NoRoom, Refused, TryAgain, Unreachable
from intake.fittings import mailbox
from intake.pipeline import Office, Watched, advance, let_go_of_large, receive, send_due, settle_orders
from intake.pipeline.alarm import AlarmRule, watch_over
from intake.pipeline.cases import warm_up
from intake.pipeline.releasing import carry_out
from intake.pipeline.resume import resume
from intake.releasekeeping import ReleaseKeeper
from intake.servers import look_at_servers
from intake.settings import MailboxSettings, Settings
from intake.wiring import WRITER, open_configured, refuse_half_restored

log = structlog.get_logger("intake")
BACKOFF_S = (5.0, 15.0, 60.0, 300.0)
LEAVE_WITHIN_S = 5.0
"""After SIGTERM; systemd and people are promised ten."""
TURN_S = 10.0
"""So long a pass keeps the writer's turn while somebody waits for it: a person's command waits a minute at most, and then leaves."""
QUIET = timedelta(minutes=1)
"""Whatever depends on the clock alone (alarms, digests, letters put off) is looked at this often while nothing changes."""
BREATH_S = 0.5
"""Between a pass that gave way and the next: whoever waits looks twenty times a second."""
FILL_EVERY = timedelta(hours=1)
AUTH_FAILURES = 3
"""After so many refused log-ins in a row the account is left alone for an hour: no account gets locked by us."""


class _GaveWay(TryAgain):
    """A command has its turn; this pass goes on behind it."""


@dataclass
class _Watch:
    """One account between looks."""

    box: MailboxSettings
    door: ImapMailbox | None = None
    failures: int = 0
    refused: int = 0
    not_before: datetime | None = None
    since: datetime | None = None
    said: str = ""
    fault: str = ""
    filled: float | None = None
    asked_fill: datetime | None = None


@dataclass
class _Daemon:
    settings: Settings
    stop: threading.Event = field(default_factory=threading.Event)
    wake: threading.Event = field(default_factory=threading.Event)
    watches: list[_Watch] = field(default_factory=list)
    drafts: DraftKeeper = field(default_factory=DraftKeeper)
    releases: ReleaseKeeper = field(default_factory=ReleaseKeeper)
    asides: AsideKeeper = field(default_factory=AsideKeeper)
    quiet: tuple[int, datetime, datetime] | None = None
    """The ledger's version over a whole pass that changed nothing, when that was, and until when only mailboxes are looked at."""

    full: datetime | None = None
    last_beat: float = 0.0
    turn_since: float = 0.0
    again: bool = False
    """The pass stopped for others' sake: the next one begins at once."""

    def end(self) -> None:
        """Finish the piece of work and leave."""
        self.stop.set()
        self.wake.set()

    def pulse(self) -> None:
        """A piece of work is finished: the watchdog hears of it, at most once a second. Raises TryAgain when it is time to leave."""
        if time.monotonic() - self.last_beat >= 1.0:
            self.last_beat = time.monotonic()
            notify("WATCHDOG=1")
        if self.stop.is_set():
            raise TryAgain("told to stop")

    def step(self) -> None:
        """As `pulse`; and where somebody waits for the writer's turn, and this pass has had it for a while, it is given away."""
        self.pulse()
        if time.monotonic() - self.turn_since >= TURN_S and Lock(self.settings.service.state_dir / WRITER).wanted:
            raise _GaveWay("somebody waits for the writer's turn")


def look_once(office: Office, settings: Settings) -> dict[str, Any]:
    """One cycle: every folder of every account, then judge and send. What failed is told, the rest goes on."""
    watches = [_Watch(box=box) for box in settings.mailboxes]
    folders: list[dict[str, Any]] = []
    resume(office.vault, office.ledger, office.now())
    try:
        for watch in watches:
            folders += _look_at(office, watch)
    finally:
        for watch in watches:
            if watch.door is not None:
                watch.door.close()
    for consultation in office.rounds:
        settle_orders(office, consultation)
        carry_out(office, consultation, revision_store(settings.service.state_dir))
        advance(office, consultation)
    sent = send_due(office)
    problems = [f"{line['account']}/{line['folder']}: {line['problem']}" for line in folders if line["problem"]]
    return {"folders": folders, "letters": sent.states, "problems": problems}


def _look_at(office: Office, watch: _Watch) -> list[dict[str, Any]]:
    """Every folder of one account. A folder that fails is told; a dead connection ends this look."""
    lines: list[dict[str, Any]] = []
    for folder in watch.box.folders:
        line: dict[str, Any] = {
            "account": watch.box.name,
            "folder": folder.name,
            "stored": 0,
            "vanished": 0,
            "problem": "",
            "fault": "",
        }
        lines.append(line)
        watched = Watched(account=watch.box.name, folder=folder.name, channel=folder.channel, round_id=folder.round)
        try:
            if watch.door is None:
                door = mailbox(watch.box, office.vault)
                door.open()
                watch.door = door
            got = receive(office, watch.door, watched)
            line |= {"stored": got.stored, "vanished": got.vanished}
        except Unreachable as error:
            line |= {"problem": str(error), "fault": "unreachable"}
            _drop(watch)
            break
        except Refused as error:
            line |= {"problem": str(error), "fault": "refused"}
            if watch.door is None:
                watch.refused += 1
                break
        except NoRoom as error:
            line |= {"problem": str(error), "fault": "room"}
            break
        except _GaveWay:
            raise
        except TryAgain as error:
            line["problem"] = str(error)
            break
    return lines


def _drop(watch: _Watch) -> None:
    if watch.door is not None:
        watch.door.close()
        watch.door = None


def run_daemon(settings: Settings, config: Path | None = None) -> int:
    """Work until SIGTERM or SIGINT; gives the exit code. A second daemon on the same state says so and leaves (TryAgain). `config`: what
    a child reads that releases what officers order."""
    daemon = _Daemon(settings=settings, watches=[_Watch(box=box) for box in settings.mailboxes])
    daemon.releases.config = daemon.asides.config = config
    hear_the_end(daemon.end, LEAVE_WITHIN_S)
    refuse_half_restored(settings.service.state_dir)
    settings.service.state_dir.mkdir(parents=True, exist_ok=True)
    with Lock(settings.service.state_dir / "daemon.lock"), open_configured(settings, hold=False, heal=True) as office:
        office.pulse = daemon.step
        office.aside = lambda consultation: daemon.asides.judge(office, consultation)
        daemon.asides.pulse = daemon.pulse
        clear_half_printed(settings.service.state_dir / "drafts")
        first = look_at_servers(settings)
        if first.refused:
            first.raise_faults()
        for why in first.warnings:
            log.warning("machine", why=why)
        scheduler = _scheduler(daemon)
        scheduler.start()
        notify("READY=1")
        log.info("ready", rounds=[item.id for item in office.rounds], letters=office.letters.mode)
        try:
            while not daemon.stop.is_set():
                _cycle(daemon, office)
                _apart("warming up", lambda: warm_up(office))
                _wait(daemon)
        finally:
            notify("STOPPING=1")
            scheduler.shutdown(wait=False)
            daemon.drafts.end()
            daemon.releases.end()
            daemon.asides.end()
            for watch in daemon.watches:
                _drop(watch)
    log.info("stopped")
    return 0


def _scheduler(daemon: _Daemon) -> BackgroundScheduler:
    """Ticks only: whether a day has its digest is a row in the ledger (one a job and period), so no tick is lost or doubled."""
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        daemon.wake.set,
        "interval",
        seconds=daemon.settings.poll.every_s,
        id="poll",
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    return scheduler


def _cycle(daemon: _Daemon, office: Office) -> None:
    """One pass over everything; only finished work feeds the watchdog."""
    now = office.now()
    quiet, daemon.quiet = daemon.quiet, None
    try:
        with office.turn() as daemon.asides.turn:
            daemon.turn_since = time.monotonic()
            begun = office.ledger.version()
            still = quiet is not None and quiet[0] == begun and quiet[1] <= now < quiet[2] and not daemon.drafts.printer.ready
            if not still:
                resume(office.vault, office.ledger, now)
            for watch in daemon.watches:
                if daemon.stop.is_set():
                    return
                _look_watch(office, watch, now)
            if still and office.ledger.version() == begun:
                daemon.quiet = quiet
                notify("WATCHDOG=1")
                return
            daemon.full = _full_since(office, daemon.full)
            watch_over(office, _rule(daemon.settings), _failing(daemon), full=daemon.full, filled=_filled(daemon))
            for consultation in office.rounds:
                settle_orders(office, consultation)
            responses = [(consultation, advance(office, consultation)) for consultation in office.rounds]
            for consultation in office.rounds:
                _apart("digest", lambda item=consultation: due_digest(daemon.asides, office, item))  # type: ignore[misc]
                _apart("reminder", lambda item=consultation: due_reminders(daemon.asides, office, item))  # type: ignore[misc]
            sent = send_due(office)
            daemon.again = sent.more
            if sent.states:
                log.info("letters", **sent.states)
            for consultation, number in responses:
                _apart("draft", lambda item=consultation, of=number: daemon.drafts.keep(daemon.settings, office, item, of))  # type: ignore[misc]
            _apart("draft", lambda: daemon.drafts.take_over(daemon.settings, office))
            _apart("release", lambda: daemon.releases.keep(office))
            let_go_of_large(office)
            if office.ledger.version() == begun:
                until = now + QUIET
                daemon.quiet = (begun, now, min(until, office.ledger.next_due() or until))
        notify("WATCHDOG=1")
    except _GaveWay as error:
        daemon.again = True
        log.info("gave way", why=str(error))
    except TryAgain as error:
        log.warning("try again", why=str(error))
        if daemon.releases.busy:  # it has the writer's turn, for an hour at most
            notify("WATCHDOG=1")
    except OSError as error:
        log.error("world", why=str(error))


def _apart(what: str, work: Callable[[], None]) -> None:
    """A paper that cannot be made stops neither mail nor letters; it is tried again later."""
    try:
        work()
    except (TryAgain, OSError) as error:
        log.warning("try again", what=what, why=str(error))
    except Exception as error:
        places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-3:]]
        log.error(what, why=f"{type(error).__name__}: {error}"[:500], at=places)


def _rule(settings: Settings) -> AlarmRule:
    return AlarmRule(unreachable_min=settings.alarm.unreachable_min, silent_h=settings.alarm.silent_h)


def _failing(daemon: _Daemon) -> dict[str, tuple[datetime, str]]:
    """Accounts whose last looks failed: since when, and what was said. That our disk is full is no fault of theirs."""
    failing = (watch for watch in daemon.watches if watch.since is not None and watch.fault != "room")
    return {watch.box.name: (watch.since, watch.said) for watch in failing if watch.since is not None}


def _filled(daemon: _Daemon) -> dict[str, float]:
    return {watch.box.name: watch.filled for watch in daemon.watches if watch.filled is not None}


def _full_since(office: Office, since: datetime | None) -> datetime | None:
    """Since when the disk has too little room to take anything in; None when there is room."""
    try:
        office.guard()
    except NoRoom:
        return since or office.now()
    return None


def _ask_fill(watch: _Watch, now: datetime) -> None:
    """How full the account is, once an hour."""
    if watch.door is None or (watch.asked_fill is not None and now - watch.asked_fill < FILL_EVERY):
        return
    try:
        watch.filled = watch.door.fill(watch.box.folders[0].name)
        watch.asked_fill = now
    except IntakeError as error:
        log.warning("link lost", account=watch.box.name, why=str(error))
        _drop(watch)


def _look_watch(office: Office, watch: _Watch, now: datetime) -> None:
    if watch.not_before is not None and now < watch.not_before:
        return
    lines = _look_at(office, watch)
    problems = [line for line in lines if line["problem"]]
    for line in lines:
        if line["stored"] or line["problem"]:
            log.info("folder", **line)
    where = f"mailbox {watch.box.name}"
    office.health[:] = [text for text in office.health if not text.startswith(where)]
    if not problems:
        _ask_fill(watch, now)
        if watch.since is not None:
            log.info("mailbox reached again", account=watch.box.name)
        watch.failures = watch.refused = 0
        watch.not_before = watch.since = None
        return
    watch.since = watch.since or now
    watch.said, watch.fault = str(problems[0]["problem"]), str(problems[0]["fault"])
    office.health.append(f"{where}: {problems[0]['problem']} (since {watch.since:%Y-%m-%d %H:%M} UTC)")
    if watch.door is None:
        wait_s = BACKOFF_S[min(watch.failures, len(BACKOFF_S) - 1)] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
        if watch.refused >= AUTH_FAILURES:
            wait_s = 3600.0
        watch.failures += 1
        watch.not_before = now + timedelta(seconds=wait_s)


def _wait(daemon: _Daemon) -> None:
    """Until the next tick; with one account and IDLE, news ends the wait."""
    daemon.wake.clear()
    if daemon.stop.is_set():
        return
    again, daemon.again = daemon.again, False
    if again:
        daemon.wake.wait(BREATH_S)
        return
    watch = daemon.watches[0] if len(daemon.watches) == 1 else None
    if watch is None or watch.door is None or not daemon.settings.poll.idle:
        daemon.wake.wait(daemon.settings.poll.every_s)
        return
    end = time.monotonic() + daemon.settings.poll.every_s
    try:
        # In short stretches, so that SIGTERM is heard within seconds.
        while (left := end - time.monotonic()) > 0 and not daemon.wake.is_set():
            begun = time.monotonic()
            if watch.door.wait(watch.box.folders[0].name, min(5.0, left)):
                return
            if time.monotonic() - begun < 0.5:  # no IDLE here: the tick ends the wait
                daemon.wake.wait(left)
                return
    except IntakeError as error:
        log.warning("link lost", account=watch.box.name, why=str(error))
        _drop(watch)

"""The daemon's drafts: when one is due, of what, and how it gets its place. The printing is a child's (doors/printer.py)."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from intake.doors.derived import forget_drafts
from intake.doors.durable import Disk, disk_errors
from intake.doors.printer import DraftJob, DraftPrinter, Printed
from intake.doors.site import put_folder
from intake.model.record import Action
from intake.model.round import Round
from intake.pipeline import Office
from intake.pipeline.examine import doors_of
from intake.pipeline.office import EPOCH
from intake.pipeline.reminders import synthesis_due
from intake.preparing import SYNTHESIS, put_worksheet
from intake.settings import Settings

log = structlog.get_logger("intake")
DRAFT_EVERY_S = 900.0
"""A draft is begun at most this often while the record changes."""


@dataclass(frozen=True)
class DraftOf:
    """What a draft was begun of: another record was saved, or something erased or to be read anew, or something sealed by an officer, or
    the time of the synthesis worksheet has come, when these differ."""

    saved_at: datetime | None
    epoch: str | None
    sealed: frozenset[str] = frozenset()
    worksheet: str = ""


@dataclass
class DraftKeeper:
    """`begun`: by round, when the last draft was begun and of what; None when it failed."""

    printer: DraftPrinter = field(default_factory=DraftPrinter)
    disk: Disk = field(default_factory=Disk)
    begun: dict[str, tuple[datetime, DraftOf | None]] = field(default_factory=dict)

    def keep(self, settings: Settings, office: Office, consultation: Round, responses: int) -> None:
        """Have the draft printed when the record has changed and has responses: at most every DRAFT_EVERY_S, one at a time, always of the
        newest state. What was printed before an officer sealed words or a file goes at once, and the next is begun at once."""
        last = self.begun.get(consultation.id)
        now = office.now()
        sealed = _sealed(office, consultation)
        if last is not None and last[1] is not None and not sealed <= last[1].sealed:
            forget_drafts(settings.service.state_dir, consultation.id)
            last = self.begun[consultation.id] = (now - timedelta(seconds=DRAFT_EVERY_S), None)
        if not responses or self.printer.busy or (last is not None and now - last[0] < timedelta(seconds=DRAFT_EVERY_S)):
            return
        of = DraftOf(saved_at=office.ledger.mark(consultation.id).saved_at, epoch=office.ledger.setting(EPOCH), sealed=sealed)
        of = replace(of, worksheet=synthesis_due(office, consultation))
        if last is not None and last[1] == of:
            return
        self.begun[consultation.id] = (now, None)  # one that cannot even begin is tried again later
        service = settings.service
        self.printer.begin(
            DraftJob(
                consultation=consultation,
                rounds=office.rounds,
                state_dir=str(service.state_dir),
                out=str(service.state_dir / "drafts" / f"{consultation.id}.made"),
                language=office.language,
                at=now,
                templates_dir=str(service.templates_dir) if service.templates_dir else None,
                directory=office.directory,
                archive=service.pdfa,
                doors=doors_of(office),
                worksheet=bool(of.worksheet),
                parent=os.getpid(),
            )
        )
        self.begun[consultation.id] = (now, of)

    def take_over(self, settings: Settings, office: Office) -> None:
        """Put a draft that is printed in its place, by one exchange of names; one begun before something was erased or sealed is thrown away."""
        printed = self.printer.finished()
        if printed is None:
            return
        begun, of = self.begun.get(printed.round_id, (office.now(), None))
        self.begun[printed.round_id] = (begun, None)
        if not printed.problem and of is not None and of.epoch == office.ledger.setting(EPOCH):
            self._put(printed, settings)
            self.begun[printed.round_id] = (begun, of)
            return
        shutil.rmtree(printed.folder, ignore_errors=True)
        if printed.problem:
            log.error("draft", round=printed.round_id, why=printed.problem)

    def end(self) -> None:
        """Nothing is printed any more; the next start begins anew."""
        self.printer.end()

    def _put(self, printed: Printed, settings: Settings) -> None:
        beside = printed.folder / SYNTHESIS
        if beside.is_dir():
            files = {path.name: path.read_bytes() for path in beside.iterdir()}
            shutil.rmtree(beside)
            put_worksheet(files, settings.service.state_dir, printed.round_id)
        with disk_errors("putting a draft in its place"):
            put_folder(printed.folder, settings.service.state_dir / "drafts" / printed.round_id, self.disk)


def _sealed(office: Office, consultation: Round) -> frozenset[str]:
    """Decisions by which something must not be printed any more, also those that wait for a second officer."""
    found = office.ledger.rulings(consultation.id)
    return frozenset(ruling.id for ruling in found if ruling.action in (Action.REDACT, Action.SEAL_PART))

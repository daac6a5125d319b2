"""A whole office on a folder, in this process, with the sample round and a reader without a jail: quick enough for properties."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from intake.doors.clock import SteppingClock
from intake.doors.direct_reader import DirectReader
from intake.doors.share import InstalledShare
from intake.doors.site import revision_folder, write_papers
from intake.doors.vault import FileVault
from intake.model.ledger import OutboxState, Revision
from intake.model.mail import ChannelKind, Reading
from intake.model.record import Action, Ruling
from intake.pipeline import LetterPolicy, Office, judge_round, take_in
from intake.pipeline.erase import erase
from intake.pipeline.papers import assemble_round
from intake.pipeline.receive import Watched
from intake.settings.rounds import load_round
from intake.wiring import _words_and_tables, open_ledger, rebuild_ledger, recover

ROOT = Path(__file__).resolve().parents[2]
BEGUN = datetime(2026, 11, 2, 9, tzinfo=UTC)


@cache
def sample_mail() -> tuple[bytes, ...]:
    """The sample round's messages."""
    return tuple(path.read_bytes() for path in sorted((ROOT / "config" / "demo" / "messages").glob("*.eml")))


@cache
def sample_round() -> Any:
    """The sample round."""
    return load_round(ROOT / "config" / "demo" / "round.toml")


@cache
def _shipped() -> tuple[LetterPolicy, dict[str, Any]]:
    policy = LetterPolicy(mode="send", from_name="Desk", from_address="desk@example.org", secret=b"s" * 32)
    return policy, _words_and_tables(InstalledShare(None), policy, Path("/nonexistent"))


class RememberingReader:
    """Each message is read once in the life of the tests."""

    known: dict[bytes, Reading] = {}  # noqa: RUF012 - shared on purpose

    def __init__(self) -> None:
        self._reader = DirectReader(InstalledShare(None).text("config", "reading.toml"))

    def read(self, raws: Iterable[bytes]) -> Iterator[Reading]:
        """See ports.Reader."""
        for raw in raws:
            if raw not in self.known:
                (self.known[raw],) = self._reader.read([raw])
            yield self.known[raw]

    def close(self) -> None:
        """Nothing to end."""


class House:
    """A state folder and its office; `again` is a new start on the same folder."""

    def __init__(self, folder: Path, clock: SteppingClock | None = None) -> None:
        self.folder = folder
        self.clock = clock or SteppingClock(BEGUN, timedelta(seconds=1))
        self.round = sample_round()
        folder.mkdir(exist_ok=True)
        self.office = self._open()

    def _open(self) -> Office:
        policy, shipped = _shipped()
        vault = FileVault(self.folder / "vault")
        ledger = open_ledger(self.folder, vault, self.clock, heal=True)
        recover(vault, ledger, self.clock)
        return Office(
            rounds=(self.round,), vault=vault, ledger=ledger, reader=RememberingReader(), clock=self.clock, letters=policy,
            rebuilder=_NoRebuilder(), **shipped
        )  # fmt: skip

    def close(self) -> None:
        """End this life."""
        self.office.ledger.close()

    def again(self) -> None:
        """A new start."""
        self.close()
        self.office = self._open()

    def take(self, raws: Sequence[bytes], *, answerable: bool = True, at: datetime | None = None) -> None:
        """Messages come; `at`: their INTERNALDATE, now by default."""
        watched = Watched(account="main", folder="INBOX", channel=ChannelKind.ADDRESS, round_id=self.round.id)
        take_in(self.office, watched, [(raw, at or self.clock.now()) for raw in raws], answerable=answerable)

    def judge(self) -> Any:
        """The record as it is now."""
        return judge_round(self.office, self.round)

    def rule(self, action: Action, key: str, **fields: Any) -> Ruling:
        """A person decides."""
        now = self.clock.now()
        ruling = Ruling(id=f"d-{now.timestamp():.0f}", at=now, by="ana", action=action, message=key, reason="because", set=fields)
        self.office.ledger.add_ruling(self.office.vault.keep_ruling(self.round.id, ruling))
        return ruling

    def erase(self, keys: Sequence[str]) -> None:
        """An officer erases."""
        erase(self.office, self.round, keys, by="ana", second="", reason="asked for", derived=lambda: None)

    def release(self) -> None:
        """Freeze a revision, its papers left out."""
        number = len(self.office.ledger.revisions(self.round.id))
        edition = assemble_round(self.office, self.round, language="en", revision=number, released_by="ana")
        folder = revision_folder(self.folder, self.round.id, number)
        write_papers(folder, {"edition.json": msgspec.json.encode(edition)}, frozen=True)
        self.office.ledger.add_revision(
            Revision(
                round_id=self.round.id, number=number, released_at=edition.cut_off, released_by="ana",
                manifest_sha256=edition.manifest_sha256,
            )
        )  # fmt: skip

    def rebuild(self, *, lose: bool = False) -> None:
        """The ledger is built again; with `lose` its file is gone before."""
        self.close()
        if lose:
            for path in self.folder.glob("ledger.sqlite3*"):
                path.unlink()
        rebuild_ledger(self.folder, FileVault(self.folder / "vault"), self.clock, "asked")
        self.office = self._open()

    def facts(self) -> dict[str, Any]:
        """Everything that a rebuild must give back."""
        ledger, name = self.office.ledger, self.round.id
        return {
            "deliveries": ledger.deliveries(name),
            "tally": ledger.tally(name),
            "record": ledger.load_record(name),
            "numbers": ledger.numbers(name),
            "rulings": ledger.rulings(name),
            "revisions": ledger.revisions(name),
            "erased": ledger.erased(),
            "done": ledger.last_done(f"digest:{name}"),
        }

    def going(self) -> list[str]:
        """Letters that would go out by themselves."""
        return [item.id for item in self.office.ledger.letters() if item.state in (OutboxState.QUEUED, OutboxState.SENDING)]

    def copy_to(self, folder: Path) -> House:
        """Another house with the same folder's content."""
        self.office.ledger.squeeze()
        shutil.copytree(self.folder, folder)
        return House(folder, SteppingClock(self.clock.now(), timedelta(seconds=1)))


class _NoRebuilder:
    """Papers are left out here."""

    def rebuild(self, jobs: object) -> tuple[()]:
        """See ports.Rebuilder."""
        return ()

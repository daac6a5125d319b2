"""A mailbox in memory, with what happens to real ones: people, other sessions, lost indexes, dead links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from intake.errors import Refused, Unreachable
from intake.ports import Coordinates, Fetched, FolderState, Staged, Staging
from tests.fakes.samples import NOON


class FakeFolder:
    """One folder: its numbering and its messages by UID."""

    def __init__(self) -> None:
        self.uidvalidity = 1000
        self.uidnext = 1
        self.messages: dict[int, tuple[bytes, datetime]] = {}


class FakeMailbox:
    """See ports.Mailbox. `broken` lets the next call fail; `fetched` counts the bodies given away; large ones
    are put into `staging` when there is one."""

    def __init__(self, account: str = "main", folders: Sequence[str] = ("INBOX",)) -> None:
        self.filled: float | None = None
        self.account = account
        self.folders = {name: FakeFolder() for name in folders}
        self.broken: Exception | None = None
        self.staging: Staging | None = None
        self.large_bytes = 10_000
        self.fetched = 0
        self._open = False
        self._states: dict[str, FolderState] = {}

    # what the world does

    def deliver(self, raws: Sequence[bytes], at: datetime = NOON, folder: str = "INBOX") -> None:
        """New mail."""
        place = self.folders[folder]
        for raw in raws:
            place.messages[place.uidnext] = (raw, at)
            place.uidnext += 1

    def remove(self, uids: Sequence[int], folder: str = "INBOX") -> None:
        """A person expunges messages."""
        for uid in uids:
            self.folders[folder].messages.pop(uid, None)

    def renumber(self, folder: str = "INBOX") -> None:
        """The server lost its indexes: new UIDVALIDITY, UIDs from 1."""
        place = self.folders[folder]
        kept = [place.messages[uid] for uid in sorted(place.messages)]
        place.uidvalidity += 1
        place.messages = dict(enumerate(kept, 1))
        place.uidnext = len(kept) + 1

    def restore(self, copy: FakeFolder, folder: str = "INBOX") -> None:
        """The folder is put back from a copy: same UIDVALIDITY, UIDs of what came later are given again."""
        place = self.folders[folder]
        place.uidvalidity, place.uidnext, place.messages = copy.uidvalidity, copy.uidnext, dict(copy.messages)

    # the port

    def open(self) -> None:
        """Connect."""
        self._fail()
        self._open = True

    def close(self) -> None:
        """Log out."""
        self._open = False

    def scan(self, folder: str) -> FolderState:
        """The folder as it stands."""
        place = self._folder(folder)
        state = FolderState(uidvalidity=place.uidvalidity, uidnext=place.uidnext, uids=tuple(sorted(place.messages)))
        if self._states.get(folder) != state:
            self._states[folder] = state
        return self._states[folder]

    def fetch(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> Iterator[Fetched]:
        """One by one; the world may act between two."""
        if self._folder(folder).uidvalidity != uidvalidity:
            raise Unreachable("the folder was numbered anew")
        for uid in sorted(uids):
            place = self._folder(folder)
            raw, at = place.messages.get(uid, (None, NOON))
            self.fetched += raw is not None
            coordinates = Coordinates(account=self.account, folder=folder, uidvalidity=uidvalidity, uid=uid)
            given: bytes | Staged | None = raw
            if raw is not None and self.staging is not None and len(raw) > self.large_bytes:
                given = self.staging.stage(raw[start : start + 4096] for start in range(0, len(raw), 4096))
            yield Fetched(at=coordinates, internaldate=at, raw=given, problem="" if raw is not None else "vanished")

    def dates(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> dict[int, datetime]:
        """Of those that are there."""
        place = self._folder(folder)
        if place.uidvalidity != uidvalidity:
            raise Unreachable("the folder was numbered anew")
        return {uid: place.messages[uid][1] for uid in uids if uid in place.messages}

    def fill(self, folder: str) -> float | None:
        """As a test set it."""
        self._folder(folder)
        return self.filled

    def wait(self, folder: str, timeout_s: float) -> bool:
        """News is what the last scan did not show; no time passes."""
        place = self._folder(folder)
        known = self._states.get(folder)
        return known is None or (known.uidvalidity, known.uidnext) != (place.uidvalidity, place.uidnext)

    def _folder(self, folder: str) -> FakeFolder:
        self._fail()
        if not self._open:
            raise Unreachable("not connected")
        if folder not in self.folders:
            raise Refused(f"no folder {folder!r}")
        return self.folders[folder]

    def _fail(self) -> None:
        if self.broken is not None:
            error, self.broken = self.broken, None
            self._open = False
            raise error

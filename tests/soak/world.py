"""The world of the crash harness with people in it: two folders, somebody at a mail program, mail that is deleted."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from typing import Any

from imapclient import IMAPClient

from intake.doors.clock import SystemClock
from intake.doors.ledger.ledger import SqliteLedger
from intake.errors import TryAgain
from intake.model.ledger import OutboxState
from tests.crash.world import ROOT, World


class SoakWorld(World):
    """Both folders are watched: what a person moves from one to the other is the same message, seen twice."""

    FOLDERS = ("INBOX", "Archive")
    SMTP = ("timeout_s = 10.0",)

    def make_folders(self) -> None:
        """What the server does not have by itself."""
        client = self._dovecot.client(self._user)
        client.create_folder("Archive")
        client.logout()

    def looked_at(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for the daemon's first look at every folder: what came before it is kept and counted, and never answered. Under load that
        look can be minutes after the start."""
        self._wait(self._has_looked, process)
        if not self._has_looked():
            raise RuntimeError(f"the daemon has looked at no mailbox: {self.log_end()}")

    def _has_looked(self) -> bool:
        path = self._folder / "state" / "ledger.sqlite3"
        if not path.exists():
            return False
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as ledger:
                return {*self.FOLDERS} <= {row[0] for row in ledger.execute("SELECT folder FROM folder_state")}
        except sqlite3.Error:
            return False

    def deliver_again(self, chance: random.Random) -> None:
        """The very bytes of a mail that is in the mailbox, once more, as a second hop brings them."""
        with self.person(chance) as (client, uids, _other):
            for values in client.fetch(uids[:1], [b"BODY.PEEK[]"]).values():
                self._dovecot.deliver(self._user, [values[b"BODY[]"]], SystemClock().now() + timedelta(minutes=1))

    @contextmanager
    def person(self, chance: random.Random) -> Iterator[tuple[IMAPClient, list[int], str]]:
        """Somebody's session in one of the folders: the client, a few UIDs, the name of the other folder."""
        here, other = chance.sample(self.FOLDERS, 2)
        client = self._dovecot.client(self._user)
        try:
            client.select_folder(here)
            uids = client.search("ALL")
            yield client, chance.sample(uids, min(len(uids), chance.randint(1, 5))), other
            client.logout()
        finally:
            with suppress(Exception):
                client.shutdown()

    def delete(self, client: IMAPClient, uids: Sequence[int]) -> set[str]:
        """Delete and expunge; gives what the daemon had not stored at that moment."""
        unseen = set()
        for values in client.fetch(uids, [b"BODY.PEEK[]"]).values():
            sha256 = hashlib.sha256(values[b"BODY[]"]).hexdigest()
            if not self._has_stored(sha256):
                unseen.add(sha256)
        client.delete_messages(uids)
        client.expunge(uids)
        return unseen

    def forget(self, unseen: set[str]) -> int:
        """What a person deleted before it was stored is nobody's loss but the sender's; gives how many are really missing."""
        missing = [sha256 for sha256 in unseen if sha256 in self._sent and not self._has_stored(sha256)]
        for sha256 in missing:
            del self._sent[sha256]
        return len(missing)

    def verify(self) -> str:
        """What `intake verify` says when it is not content."""
        words = [str(self.intake), "--config", str(self._folder / "intake.toml"), "verify"]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        return (
            ""
            if done.returncode == 0
            else f"intake verify ended with {done.returncode}: {done.stdout[-500:]} {done.stderr[-500:]}"
        )

    def _seen_again(self, rows: Counter[str]) -> int:
        """People move mail and servers number anew: the same message is seen often, and counts once."""
        return 0

    def kick(self) -> None:
        """An operator ends every session."""
        self._dovecot.kick(self._user)

    def lose_indexes(self) -> None:
        """The server's own files go."""
        self._dovecot.lose_indexes(self._user)

    def rest(self, process: subprocess.Popen[bytes], seconds: float) -> bool:
        """Until every letter is settled; letters that wait for their next try are made due by a person's word."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and process.poll() is None:
            if self._is_quiet():
                return True
            self._hurry()
            time.sleep(2)
        return False

    def _hurry(self) -> None:
        ledger: Any = SqliteLedger.open(self._folder / "state" / "ledger.sqlite3")
        now = SystemClock().now()
        try:
            waiting = [item.id for item in ledger.letters(states=(OutboxState.QUEUED,)) if item.next_at > now]
            with suppress(TryAgain):
                ledger.move_letters(waiting, OutboxState.HELD, reason="", at=now)
                ledger.move_letters(waiting, OutboxState.QUEUED, reason="", at=now)
        finally:
            ledger.close()

    def _has_stored(self, sha256: str) -> bool:
        return (self._folder / "state" / "vault" / "objects" / sha256[:2] / f"{sha256}.eml").exists()

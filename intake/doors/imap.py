"""An IMAP account as ports.Mailbox, over IMAPClient: EXAMINE, UID SEARCH, BODY.PEEK[] and IDLE; never a change.

Not safe for several threads: one object for each. After Unreachable the connection is gone and `open` makes a new one.
"""

from __future__ import annotations

import imaplib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from time import monotonic
from typing import Any

from imapclient import IMAPClient

from intake.doors.imap_fetch import NOT_PARSED, FetchLimits, fetch_messages, internal_dates
from intake.doors.imap_session import ImapAccount, connect, folder_error, imap_errors, safe, shut
from intake.errors import Refused, TryAgain, Unreachable
from intake.ports import Coordinates, Fetched, FolderState, Staging

_SEARCH_PAGE = 20_000
"""Messages asked for in one SEARCH: imaplib refuses answers of more than a million bytes."""
ANSWER_S = 10.0
"""How long a server may take to end IDLE or to say how a folder stands, while we wait for news."""
_FULL_SCAN_EVERY = 100
"""So many scans believe UIDNEXT and EXISTS; then one compares every UID."""


class _Known:
    """What the last scan of a folder gave, and the EXISTS that it stood for."""

    def __init__(self, state: FolderState, exists: int) -> None:
        self.state = state
        self.exists = exists
        self.scans = 0


class ImapMailbox:
    """See ports.Mailbox. `staging` takes messages above `limits.large_bytes`; without it they come as bytes."""

    def __init__(
        self,
        account: ImapAccount,
        staging: Staging | None = None,
        *,
        limits: FetchLimits | None = None,
        idle_slice_s: float = 45.0,
    ) -> None:
        self._account = account
        self._staging = staging
        self._limits = limits or FetchLimits()
        self._idle_slice_s = idle_slice_s
        self._client: IMAPClient | None = None
        self._open_folder: tuple[str, int] | None = None
        self._known: dict[str, _Known] = {}
        self._stand_in = 0

    def open(self) -> None:
        """See ports.Mailbox; nothing when it is open."""
        if self._client is None:
            self._client = connect(self._account)
            self._stand_in = -1 - secrets.randbelow(2**31)

    def close(self) -> None:
        """See ports.Mailbox."""
        client, self._client, self._open_folder = self._client, None, None
        if client is None:
            return
        try:
            client.logout()
        except (OSError, imaplib.IMAP4.error):
            shut(client)

    def scan(self, folder: str) -> FolderState:
        """See ports.Mailbox. A folder that has not changed costs one round trip."""
        with self._session() as client:
            uidvalidity, uidnext, exists = self._examine(client, folder)
            known = self._known.get(folder)
            if known is not None and known.state.uidvalidity == uidvalidity and known.scans < _FULL_SCAN_EVERY:
                known.scans += 1
                if uidnext == known.state.uidnext and exists == known.exists and uidnext:
                    return known.state
                uids = self._grown(client, known, exists)
            else:
                uids = _all_uids(client, exists)
            state = FolderState(uidvalidity=uidvalidity, uidnext=uidnext or (uids[-1] + 1 if uids else 1), uids=uids)
            if known is not None and known.state == state:
                state = known.state
            self._known[folder] = _Known(state, exists)
            return state

    def fetch(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> Iterator[Fetched]:
        """See ports.Mailbox. Raises Unreachable when the folder was numbered anew meanwhile: scan again."""
        with self._session() as client:
            self._again(client, folder, uidvalidity)
            for answer in fetch_messages(client, sorted(set(uids)), self._limits, self._staging):
                at = Coordinates(account=self._account.name, folder=folder, uidvalidity=uidvalidity, uid=answer.uid)
                yield Fetched(at=at, internaldate=answer.internaldate, raw=answer.raw, problem=answer.problem)

    def dates(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> dict[int, datetime]:
        """See ports.Mailbox."""
        with self._session() as client:
            self._again(client, folder, uidvalidity)
            return internal_dates(client, sorted(set(uids)))

    def fill(self, folder: str) -> float | None:
        """See ports.Mailbox. A server that refuses to say, or says what cannot be understood, says nothing."""
        with self._session() as client:
            if not client.has_capability("QUOTA"):
                return None
            try:
                _roots, limits = client.get_quota_root(safe(folder))
            except imaplib.IMAP4.abort:
                raise
            except (imaplib.IMAP4.error, *NOT_PARSED):
                return None
            return max((item.usage / item.limit for item in limits if item.limit > 0), default=None)

    def _again(self, client: IMAPClient, folder: str, uidvalidity: int) -> None:
        """The folder is open as it was when it was scanned. Raises Unreachable when it was numbered anew meanwhile."""
        if self._open_folder != (folder, uidvalidity) and self._examine(client, folder)[0] != uidvalidity:
            raise Unreachable(f"{self._account.where}: folder {folder!r} was numbered anew; it is looked at again")

    def wait(self, folder: str, timeout_s: float) -> bool:
        """See ports.Mailbox. IDLE is renewed every `idle_slice_s`, and the answer to that is waited for `ANSWER_S` at most: a dead
        link shows within a minute."""
        with self._session() as client, _less_patience(client, ANSWER_S):
            if not client.has_capability("IDLE"):
                return False
            uidvalidity, uidnext, exists = self._examine(client, folder)
            known = self._known.get(folder)
            if known is None or (uidvalidity, exists) != (known.state.uidvalidity, known.exists):
                return True
            if uidnext and uidnext != known.state.uidnext:
                return True
            end = monotonic() + timeout_s
            while (left := end - monotonic()) > 0:
                if self._idle_once(client, min(left, self._idle_slice_s)):
                    return True
            return False

    def _idle_once(self, client: IMAPClient, timeout_s: float) -> bool:
        end = monotonic() + timeout_s
        client.idle()
        answers: list[Any] = []
        while not _has_read_ahead(client):
            answers = client.idle_check(timeout=max(end - monotonic(), 0))
            # IMAPClient gives an empty list at once, again and again, when the other side is gone; DONE then fails
            if not answers or _is_news(answers) or _is_good_bye(answers) or monotonic() >= end:
                break
        if not _is_good_bye(answers):
            answers = [*answers, *client.idle_done()[1]]
        if _is_good_bye(answers):
            raise Unreachable(f"{self._account.where}: the server says good-bye")
        return _is_news(answers)

    def _examine(self, client: IMAPClient, folder: str) -> tuple[int, int, int]:
        """(UIDVALIDITY, UIDNEXT or 0, EXISTS) of a folder, now open read-only."""
        self._open_folder = None
        try:
            found: dict[bytes, Any] = client.select_folder(safe(folder), readonly=True)
        except ValueError:
            found = _lenient(client._imap.untagged_responses)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise folder_error(self._account, folder, error) from error
        # a server that gives no UIDVALIDITY keeps no UIDs: another number for each session, sameness is told by the bytes
        uidvalidity = found.get(b"UIDVALIDITY") or self._stand_in
        self._open_folder = (folder, uidvalidity)
        return uidvalidity, found.get(b"UIDNEXT") or 0, found.get(b"EXISTS", -1)

    def _grown(self, client: IMAPClient, known: _Known, exists: int) -> tuple[int, ...]:
        """All UIDs, asking only for new ones where nothing can have gone."""
        if exists > known.exists and known.state.uidnext:
            first = known.state.uidnext
            # "n:*" always names the last message, also when its UID is below n
            new = tuple(uid for uid in _search(client, f"UID {first}:*") if uid >= first)
            if len(known.state.uids) + len(new) == exists:
                return known.state.uids + new
        return _all_uids(client, exists)

    @contextmanager
    def _session(self) -> Iterator[IMAPClient]:
        """The open connection for one call; it is given up when the call ends in a way that may leave it out of step."""
        if self._client is None:
            raise Unreachable(f"{self._account.where}: not connected")
        try:
            with imap_errors(self._account):
                yield self._client
        except (GeneratorExit, Refused, TryAgain):
            raise
        except BaseException:
            client, self._client, self._open_folder = self._client, None, None
            if client is not None:
                shut(client)
            raise


@contextmanager
def _less_patience(client: IMAPClient, seconds: float) -> Iterator[None]:
    """Within it the server's answers are waited for no longer than that."""
    sock = client.socket()
    patience = sock.gettimeout()
    sock.settimeout(min(seconds, patience or seconds))
    try:
        yield
    finally:
        with suppress(OSError):
            sock.settimeout(patience)


def _lenient(untagged: dict[str, list[bytes]]) -> dict[bytes, Any]:
    """The numbers in the answer to EXAMINE where one of them is none (UIDVALIDITY NIL)."""
    lines = {name.encode("ascii", "replace"): (values or [b""])[-1] for name, values in untagged.items()}
    return {name: int(value) for name, value in lines.items() if isinstance(value, bytes) and value.isdigit()}


def _is_news(answers: Sequence[Any]) -> bool:
    return any(len(answer) > 1 and answer[1] in (b"EXISTS", b"RECENT") for answer in answers)


def _is_good_bye(answers: Sequence[Any]) -> bool:
    return any(answer[0] == b"BYE" for answer in answers)


def _has_read_ahead(client: IMAPClient) -> bool:
    """Whether lines wait in imaplib's buffer, where no poll of the socket sees them (they came with the answer to IDLE)."""
    own_buffer = getattr(client._imap, "_readbuf", None)  # Python 3.14
    if own_buffer is not None:
        return bool(own_buffer)
    sock = client.socket()
    patience = sock.gettimeout()
    sock.settimeout(0)
    try:
        return bool(client._imap.file.peek(1))
    except OSError:
        return False
    finally:
        sock.settimeout(patience)


def _all_uids(client: IMAPClient, exists: int) -> tuple[int, ...]:
    if exists == 0:
        return ()
    if exists <= _SEARCH_PAGE:  # also when the server did not say how many there are
        return tuple(_search(client, "ALL"))
    found: set[int] = set()
    for first in range(1, exists + 1, _SEARCH_PAGE):
        found.update(_search(client, f"{first}:{min(first + _SEARCH_PAGE - 1, exists)}"))
    return tuple(sorted(found))


def _search(client: IMAPClient, criterion: str) -> list[int]:
    """UIDs, ascending. Some servers answer in several lines, which IMAPClient.search refuses."""
    lines = client._raw_command_untagged(b"SEARCH", [criterion.encode("ascii")])
    found: set[int] = set()
    for line in lines:
        for word in (line or b"").split():
            if not word.isdigit():
                break
            found.add(int(word))
    return sorted(found)

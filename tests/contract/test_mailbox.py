"""What every mailbox promises: the fake in memory and IMAPClient on a real Dovecot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

import pytest

from intake.doors.imap import ImapMailbox
from intake.doors.imap_fetch import FetchLimits
from intake.errors import Refused, Unreachable
from intake.ports import Fetched, Mailbox
from tests.fakes.mailbox import FakeMailbox
from tests.server.dovecot import Dovecot

AT = datetime(2018, 1, 3, 23, 14, 9, tzinfo=timezone(timedelta(hours=1)))


class World(Protocol):
    """What happens to a mailbox from elsewhere."""

    def deliver(self, raws: Sequence[bytes], at: datetime = ..., folder: str = ...) -> None: ...
    def remove(self, uids: Sequence[int]) -> None: ...
    def renumber(self) -> None: ...


class _DovecotWorld:
    def __init__(self, server: Dovecot, user: str) -> None:
        self._server = server
        self._user = user

    def deliver(self, raws: Sequence[bytes], at: datetime = AT, folder: str = "INBOX") -> None:
        self._server.deliver(self._user, raws, at, folder)

    def remove(self, uids: Sequence[int]) -> None:
        self._server.remove(self._user, uids)

    def renumber(self) -> None:
        self._server.lose_indexes(self._user)


@pytest.fixture(params=["fake", pytest.param("dovecot", marks=pytest.mark.server)])
def both(request: pytest.FixtureRequest) -> Iterator[tuple[Mailbox, World]]:
    if request.param == "fake":
        fake = FakeMailbox(folders=("INBOX", "Junk"))
        yield fake, fake
        return
    server: Dovecot = request.getfixturevalue("dovecot")
    user = server.new_user()
    mailbox = ImapMailbox(server.account(user), limits=FetchLimits(batch_messages=3))
    yield mailbox, _DovecotWorld(server, user)
    mailbox.close()


def raw(number: int) -> bytes:
    return f"From: p{number}@example.org\r\nSubject: {number}\r\n\r\nBody {number}\r\n".encode()


def fetch_all(mailbox: Mailbox, folder: str = "INBOX") -> list[Fetched]:
    state = mailbox.scan(folder)
    return list(mailbox.fetch(folder, state.uidvalidity, state.uids))


def test_messages_come_as_they_are_with_their_dates_oldest_first(both: tuple[Mailbox, World]) -> None:
    mailbox, world = both
    strange = b"Subject: =?x?\r\n\r\nlone dot\r\n.\r\n\xff\xfe\x80 and {12}\r\nFrom here\r\n"
    world.deliver([raw(1), strange, *(raw(number) for number in range(3, 9))], AT)
    mailbox.open()
    got = fetch_all(mailbox)
    assert [item.raw for item in got] == [raw(1), strange, *(raw(number) for number in range(3, 9))]
    assert [item.at.uid for item in got] == list(range(1, 9))
    assert {(item.at.account, item.at.folder) for item in got} == {("main", "INBOX")}
    assert {item.internaldate for item in got} == {AT.astimezone(UTC)}
    assert {item.problem for item in got} == {""}


def test_an_empty_folder_is_a_state_too(both: tuple[Mailbox, World]) -> None:
    mailbox, _world = both
    mailbox.open()
    state = mailbox.scan("INBOX")
    assert (state.uids, state.uidnext) == ((), 1)
    assert list(mailbox.fetch("INBOX", state.uidvalidity, [])) == []


def test_a_scan_without_change_gives_the_same_object_and_news_another(both: tuple[Mailbox, World]) -> None:
    mailbox, world = both
    world.deliver([raw(1), raw(2)])
    mailbox.open()
    first = mailbox.scan("INBOX")
    assert mailbox.scan("INBOX") is first
    assert not mailbox.wait("INBOX", 0.05)
    world.deliver([raw(3)])
    assert mailbox.wait("INBOX", 5)
    second = mailbox.scan("INBOX")
    assert (second.uids, second.uidnext) == ((1, 2, 3), 4)
    world.remove([2])
    assert mailbox.scan("INBOX").uids == (1, 3)
    world.deliver([raw(4)])
    world.remove([1])
    assert mailbox.scan("INBOX").uids == (3, 4)


def test_what_went_between_scan_and_fetch_is_vanished(both: tuple[Mailbox, World]) -> None:
    mailbox, world = both
    world.deliver([raw(number) for number in range(1, 6)])
    mailbox.open()
    state = mailbox.scan("INBOX")
    world.remove([2, 5])
    got = {item.at.uid: item for item in mailbox.fetch("INBOX", state.uidvalidity, state.uids)}
    assert {uid: item.raw for uid, item in got.items()} == {1: raw(1), 2: None, 3: raw(3), 4: raw(4), 5: None}
    assert all(item.problem for uid, item in got.items() if uid in (2, 5))


def test_a_folder_numbered_anew_is_noticed_and_read_again(both: tuple[Mailbox, World]) -> None:
    mailbox, world = both
    world.deliver([raw(1), raw(2), raw(3)])
    mailbox.open()
    before = mailbox.scan("INBOX")
    mailbox.close()
    world.remove([1])
    world.renumber()
    mailbox.open()
    with pytest.raises(Unreachable):
        list(mailbox.fetch("INBOX", before.uidvalidity, [2]))
    mailbox.open()
    after = mailbox.scan("INBOX")
    assert after.uidvalidity != before.uidvalidity
    assert after.uids == (1, 2)
    assert [item.raw for item in fetch_all(mailbox)] == [raw(2), raw(3)]


def test_an_unknown_folder_is_refused_and_not_made(both: tuple[Mailbox, World]) -> None:
    mailbox, world = both
    world.deliver([raw(1)])
    mailbox.open()
    for _again in range(2):
        with pytest.raises(Refused, match="Nowhere"):
            mailbox.scan("Nowhere")
    assert mailbox.scan("INBOX").uids == (1,), "the connection is still good"


def test_several_folders_of_one_account(both: tuple[Mailbox, World]) -> None:
    mailbox, world = both
    world.deliver([raw(1)])
    world.deliver([raw(2), raw(3)], AT, "Junk")
    mailbox.open()
    inbox, junk = mailbox.scan("INBOX"), mailbox.scan("Junk")
    assert (inbox.uids, junk.uids) == ((1,), (1, 2))
    assert [item.raw for item in mailbox.fetch("INBOX", inbox.uidvalidity, inbox.uids)] == [raw(1)]
    assert [item.raw for item in mailbox.fetch("Junk", junk.uidvalidity, junk.uids)] == [raw(2), raw(3)]
    assert mailbox.scan("INBOX") is inbox


@pytest.mark.parametrize(
    "call",
    [
        lambda mailbox: mailbox.scan("INBOX"),
        lambda mailbox: list(mailbox.fetch("INBOX", 1, [1])),
        lambda mailbox: mailbox.wait("INBOX", 1),
    ],
    ids=["scan", "fetch", "wait"],
)
def test_without_a_connection_everything_is_unreachable(both: tuple[Mailbox, World], call: Callable[[Mailbox], object]) -> None:
    mailbox, _world = both
    mailbox.close()
    with pytest.raises(Unreachable):
        call(mailbox)

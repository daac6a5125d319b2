"""Answers that good servers do not give, and servers that go silent: from a server that says what the test tells it to."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from intake.doors.imap import ImapMailbox
from intake.doors.imap_fetch import FetchLimits
from intake.doors.imap_session import ImapAccount, safe
from intake.doors.vault import FileVault
from intake.errors import Refused, Unreachable
from intake.ports import Fetched, Staged
from tests.fakes.imap_server import SILENCE, Answer, OddImapServer

BODY = b"Subject: x\r\n\r\nhello\r\n"


def account(server: OddImapServer, **changes: object) -> ImapAccount:
    values: dict[str, object] = {
        "name": "main", "host": "127.0.0.1", "port": server.port, "tls": "none", "username": "u", "password": lambda: "p",
        "timeout_s": 1.0, "connect_timeout_s": 1.0,
    }  # fmt: skip
    return ImapAccount(**{**values, **changes})  # type: ignore[arg-type]


def sizes(size: int = len(BODY)) -> tuple[bytes, Answer]:
    lines = b"".join(
        b'* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE "01-Jan-2020 00:00:00 +0000")\r\n' % (uid, uid, size) for uid in (1, 2)
    )
    return rb"UID FETCH .*SIZE.*", lines


def body(uid: int, raw: bytes = BODY, name: bytes = b"BODY[]") -> bytes:
    return b"* %d FETCH (UID %d %s {%d}\r\n%s)\r\n" % (uid, uid, name, len(raw), raw)


def run(server: OddImapServer, **settings: object) -> list[Fetched]:
    mailbox = ImapMailbox(account(server), **settings)  # type: ignore[arg-type]
    mailbox.open()
    try:
        state = mailbox.scan("INBOX")
        return list(mailbox.fetch("INBOX", state.uidvalidity, state.uids))
    finally:
        mailbox.close()


def test_body_nil_is_no_message() -> None:
    with OddImapServer(sizes(), (rb"UID FETCH .*BODY.*", body(1) + b"* 2 FETCH (UID 2 BODY[] NIL)\r\n")) as server:
        got = run(server)
    assert [item.raw for item in got] == [BODY, None]


def test_a_line_of_another_message_in_between_is_harmless() -> None:
    noise = b"* 7 FETCH (UID 70 FLAGS (\\Seen))\r\n* 9 EXISTS\r\n* 4 EXPUNGE\r\n"
    with OddImapServer(sizes(), (rb"UID FETCH .*BODY.*", body(1) + noise + body(2))) as server:
        assert [item.raw for item in run(server)] == [BODY, BODY]


def test_search_answered_in_two_lines_loses_nothing() -> None:
    rules = (rb"UID SEARCH .*", b"* SEARCH 2\r\n* SEARCH 1\r\n* SEARCH\r\n"), sizes(), (rb"UID FETCH .*BODY.*", body(1) + body(2))
    with OddImapServer(*rules) as server:
        assert [item.at.uid for item in run(server)] == [1, 2]


def test_one_message_that_the_server_cannot_give_does_not_stop_the_other() -> None:
    def bodies(match: re.Match[bytes]) -> bytes:
        wanted = match.group(1).split(b",")
        return b"TAG NO cannot read 2\r\n" if b"2" in wanted else body(1)

    with OddImapServer(sizes(), (rb"UID FETCH (\S+) .*BODY.*", bodies)) as server:
        good, bad = run(server)
    assert good.raw == BODY
    assert bad.raw is None
    assert "cannot read 2" in bad.problem


def test_an_answer_that_cannot_be_parsed_is_asked_for_one_by_one() -> None:
    def bodies(match: re.Match[bytes]) -> bytes:
        uid = match.group(1)
        return body(int(uid)) if uid.isdigit() else b"* 1 FETCH (UID 1 BODY[]\r\n"

    with OddImapServer(sizes(), (rb"UID FETCH (\S+) .*BODY.*", bodies)) as server:
        assert [item.raw for item in run(server)] == [BODY, BODY]


def test_a_size_that_was_announced_otherwise_is_believed_when_it_comes_twice() -> None:
    with OddImapServer(sizes(5), (rb"UID FETCH .*BODY.*", body(1) + body(2))) as server:
        got = run(server)
    assert [item.raw for item in got] == [BODY, BODY]
    assert all("5 bytes were announced" in item.problem for item in got)


def test_other_bytes_the_second_time_are_not_believed() -> None:
    given = [0]

    def bodies(match: re.Match[bytes]) -> bytes:
        given[0] += 1
        return body(1, BODY[: given[0]]) + body(2)

    with OddImapServer(sizes(), (rb"UID FETCH .*BODY.*", bodies)) as server:
        first, second = run(server)
    assert first.raw is None
    assert second.raw == BODY


@pytest.mark.parametrize("staged", [False, True])
def test_a_large_message_comes_in_pieces(tmp_path: Path, staged: bool) -> None:
    whole = bytes(range(256)) * 10

    def piece(match: re.Match[bytes]) -> bytes:
        start, length = int(match.group(2)), int(match.group(3))
        return body(int(match.group(1)), whole[start : start + length], b"BODY[]<%d>" % start)

    limits = FetchLimits(large_bytes=1000, piece_bytes=512)
    vault = FileVault(tmp_path / "vault")
    with OddImapServer(sizes(len(whole)), (rb"UID FETCH (\d+) \(BODY.PEEK\[\]<(\d+)\.(\d+)>\)", piece)) as server:
        got = run(server, limits=limits, staging=vault if staged else None)
        assert sum(b"BODY.PEEK" in command for command in server.commands) == 2 * 6
    assert all(isinstance(item.raw, Staged) is staged for item in got)
    names = vault.put([item.raw for item in got if item.raw is not None])
    assert [vault.get(name) for name in names] == [whole, whole]


def test_a_large_message_that_goes_half_way_leaves_nothing_in_staging(tmp_path: Path) -> None:
    def piece(match: re.Match[bytes]) -> bytes:
        return body(1, b"x" * 512, b"BODY[]<0>") if match.group(1) == b"0" else b"* 1 FETCH (UID 1 BODY[]<512> NIL)\r\n"

    vault = FileVault(tmp_path / "vault")
    with OddImapServer(sizes(2000), (rb"UID FETCH .*BODY.PEEK\[\]<(\d+)\..*", piece)) as server:
        got = run(server, limits=FetchLimits(large_bytes=1000, piece_bytes=512), staging=vault)
    assert [item.raw for item in got] == [None, None]
    assert vault.clean() == 0


def test_a_server_without_uidvalidity_is_read_anew_in_each_session() -> None:
    examine = (rb"EXAMINE .*", b"* 2 EXISTS\r\n* OK [UIDVALIDITY NIL] x\r\n")
    with OddImapServer(examine, sizes(), (rb"UID FETCH .*BODY.*", body(1) + body(2))) as server:
        first, second = run(server), run(server)
    assert [item.raw for item in first] == [BODY, BODY]
    assert first[0].at.uidvalidity < 0
    assert first[0].at.uidvalidity != second[0].at.uidvalidity


def test_the_connection_that_breaks_in_the_middle_of_a_body_gives_nothing_of_it() -> None:
    cut = body(1)[:40]
    with OddImapServer(sizes(), (rb"UID FETCH .*BODY.*", lambda match: cut + b"TAG")) as server, pytest.raises(Unreachable):
        run(server)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (b"[AUTHENTICATIONFAILED] no", Refused),
        (b"wrong", Refused),
        (b"[LIMIT] too many", Unreachable),
        (b"[UNAVAILABLE] x", Unreachable),
    ],
)
def test_a_refused_log_in_and_one_that_must_wait_are_told_apart(words: bytes, kind: type[Exception]) -> None:
    rule = (rb"LOGIN .*", b"TAG NO " + words + b"\r\n")
    with OddImapServer(rule) as server, pytest.raises(kind, match=words.split()[-1].decode()) as caught:
        ImapMailbox(account(server)).open()
    assert "b'" not in str(caught.value)


def test_a_folder_that_is_locked_now_is_no_wrong_name() -> None:
    rule = (rb"EXAMINE .*", b"TAG NO [INUSE] rebuilding\r\n")
    with OddImapServer(rule) as server, pytest.raises(Unreachable, match="rebuilding"):
        run(server)


def test_a_silent_server_is_given_up_in_time() -> None:
    with OddImapServer((rb"UID SEARCH .*", SILENCE)) as server:
        begun = time.monotonic()
        with pytest.raises(Unreachable):
            run(server)
        assert time.monotonic() - begun < 10


def idle_mailbox(server: OddImapServer) -> ImapMailbox:
    mailbox = ImapMailbox(account(server), idle_slice_s=0.3)
    mailbox.open()
    mailbox.scan("INBOX")
    return mailbox


def test_idle_notices_new_mail_and_ignores_talk() -> None:
    rules = (rb"IDLE", b"+ idling\r\n* OK Still here\r\n* 3 EXISTS\r\n")
    with OddImapServer(rules) as server:
        mailbox = idle_mailbox(server)
        assert mailbox.wait("INBOX", 5)
        mailbox.close()


def test_idle_without_news_is_renewed_and_ends_in_time() -> None:
    with OddImapServer((rb"IDLE", b"+ idling\r\n")) as server:
        mailbox = idle_mailbox(server)
        assert not mailbox.wait("INBOX", 0.8)
        assert server.commands.count(b"IDLE") >= 2
        mailbox.close()


@pytest.mark.parametrize("last", [b"* BYE shutting down\r\n", b"* BYE\r\n"])
def test_good_bye_during_idle_is_unreachable(last: bytes) -> None:
    with OddImapServer((rb"IDLE", b"+ idling\r\n" + last)) as server:
        mailbox = idle_mailbox(server)
        with pytest.raises(Unreachable, match="good-bye"):
            mailbox.wait("INBOX", 5)


def test_a_dead_link_during_idle_is_noticed_without_spinning() -> None:
    with OddImapServer((rb"IDLE", b"+ idling\r\n")) as server:
        mailbox = idle_mailbox(server)
        server.hang_up()
        begun = time.process_time()
        with pytest.raises(Unreachable):
            mailbox.wait("INBOX", 30)
        assert time.process_time() - begun < 1


def test_a_half_open_link_is_noticed_at_the_next_renewal() -> None:
    with OddImapServer((rb"IDLE", b"+ idling\r\n")) as server:
        mailbox = idle_mailbox(server)
        server._answer = lambda connection, line: (
            True if line.strip() == b"DONE" else OddImapServer._answer(server, connection, line)
        )  # type: ignore[method-assign]
        begun = time.monotonic()
        with pytest.raises(Unreachable):
            mailbox.wait("INBOX", 30)
        assert time.monotonic() - begun < 10


def test_mail_between_scan_and_idle_is_not_slept_over() -> None:
    def examine(match: re.Match[bytes]) -> bytes:
        exists = 2 if len([c for c in server.commands if c.startswith(b"EXAMINE")]) < 2 else 3
        return b"* %d EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT %d] x\r\n" % (exists, exists + 1)

    with OddImapServer((rb"EXAMINE .*", examine), (rb"IDLE", b"+ idling\r\n")) as server:
        mailbox = idle_mailbox(server)
        assert mailbox.wait("INBOX", 30)
        assert b"IDLE" not in server.commands
        mailbox.close()


def test_a_server_without_idle_says_no_at_once() -> None:
    with OddImapServer((rb"CAPABILITY", b"* CAPABILITY IMAP4rev1\r\n")) as server:
        mailbox = idle_mailbox(server)
        assert not mailbox.wait("INBOX", 30)
        mailbox.close()


def test_starttls_that_is_not_offered_sends_no_password() -> None:
    with OddImapServer() as server:
        with pytest.raises(Refused, match="no STARTTLS"):
            ImapMailbox(account(server, tls="starttls")).open()
        assert not any(command.startswith(b"LOGIN") for command in server.commands)


def test_a_log_in_before_tls_is_not_believed() -> None:
    with OddImapServer(greeting=b"* PREAUTH welcome\r\n") as server, pytest.raises(Refused, match="before TLS"):
        ImapMailbox(account(server, tls="starttls")).open()


def test_a_server_that_does_not_speak_tls_is_refused() -> None:
    with OddImapServer() as server, pytest.raises(Refused, match="TLS"):
        ImapMailbox(account(server, tls="implicit")).open()


def test_no_plain_text_to_another_machine() -> None:
    with OddImapServer() as server:
        for host in ("192.0.2.1", "mail.example.org", "127.0.0.1.example.org", "::ffff:192.0.2.1"):
            with pytest.raises(Refused, match="without TLS"):
                ImapMailbox(account(server, host=host)).open()
        assert server.commands == []


@pytest.mark.parametrize("name", ["a\r\nX LOGOUT", "a\nb", "nul\0", "tab\t", "\x7f"])
def test_control_characters_never_reach_the_server(name: str) -> None:
    with pytest.raises(Refused):
        safe(name)
    with OddImapServer() as server:
        mailbox = ImapMailbox(account(server))
        mailbox.open()
        with pytest.raises(Refused):
            mailbox.scan(name)
        mailbox.close()
        with pytest.raises(Refused):
            ImapMailbox(account(server, username=name)).open()
        assert not any(command.startswith((b"EXAMINE", b"X")) for command in server.commands)


def test_nobody_there_is_unreachable() -> None:
    with OddImapServer() as server:
        gone = account(server)
    with pytest.raises(Unreachable, match="cannot be reached"):
        ImapMailbox(gone).open()
    with pytest.raises(Unreachable, match="cannot be reached"):
        ImapMailbox(account(server, host="no-such-host.invalid", tls="implicit")).open()


QUOTA = (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1 IDLE QUOTA\r\n")


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        (b'* QUOTAROOT INBOX "" x\r\n* QUOTA "" (STORAGE 850 1000 MESSAGE 1 10)\r\n* QUOTA x (STORAGE 1 1000)\r\n', 0.85),
        (b'* QUOTAROOT INBOX ""\r\n* QUOTA "" (STORAGE 850 0)\r\n', None),
        (b"* QUOTAROOT INBOX\r\n", None),
        (b"TAG NO not here\r\n", None),
        (b"TAG BAD what\r\n", None),
        (b'* QUOTAROOT INBOX ""\r\n* QUOTA "" (STORAGE lots)\r\n', None),
    ],
)
def test_how_full_an_account_is(answer: bytes, share: float | None) -> None:
    with OddImapServer(QUOTA, (rb"GETQUOTAROOT .*", answer)) as server:
        mailbox = ImapMailbox(account(server))
        mailbox.open()
        assert mailbox.fill("INBOX") == share
        assert mailbox.scan("INBOX").uids == (1, 2), "the connection is in step"
        mailbox.close()


def test_a_server_without_quotas_is_not_asked() -> None:
    with OddImapServer() as server:
        mailbox = ImapMailbox(account(server))
        mailbox.open()
        assert mailbox.fill("INBOX") is None
        mailbox.close()
    assert not any(b"QUOTA" in command for command in server.commands)

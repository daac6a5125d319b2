"""The mailbox as it really is, through the daemon's own pass: folders put back from copies, made anew, throttled; hostile mail whose words
never reach a command."""

from __future__ import annotations

import re
import shutil
import time
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.doors import imap
from intake.doors.imap import ImapMailbox
from intake.doors.imap_session import ImapAccount
from intake.doors.smtp import SmtpPost, SmtpRelay
from intake.errors import Unreachable
from intake.pipeline.patience import Patience
from tests.fakes.bureau import OPEN, ROUND, Bureau, mail
from tests.fakes.imap_server import OddImapServer
from tests.fakes.smtp_server import OddSmtpServer
from tests.server.dovecot import Dovecot
from tests.server.test_odd_imap import BODY, account, body, idle_mailbox, run, sizes


def office_at(folder: Path, dovecot: Dovecot) -> tuple[Bureau, str]:
    """An office before a real Dovecot; letters go to the fake relay."""
    user = dovecot.new_user()
    client = dovecot.client(user)
    client.create_folder("LIST")
    client.logout()
    bureau = Bureau(folder)
    bureau.drafts = False
    bureau.doors = (lambda staging: ImapMailbox(dovecot.account(user), staging), bureau.post)
    return bureau, user


def subjects(bureau: Bureau) -> set[str]:
    with bureau.life() as office:
        return {re.findall(rb"Subject: ([^\r]*)", office.vault.get(name))[0].decode() for name in office.vault.objects()}


@pytest.mark.server
def test_a_mailbox_put_back_from_a_copy_gives_uids_a_second_time_and_nothing_is_lost(tmp_path: Path, dovecot: Dovecot) -> None:
    """The copy has UIDs 1 and 2; 3 was stored and is gone; the next mail gets UID 3 again under the same UIDVALIDITY."""
    bureau, user = office_at(tmp_path / "world", dovecot)
    home = dovecot._folder / "mail" / user
    dovecot.deliver(user, [mail(1), mail(2)], OPEN)
    with bureau.life() as office:
        bureau.cycle(office)
    shutil.copytree(home, tmp_path / "copy")
    dovecot.deliver(user, [mail(3), mail(4)], OPEN + timedelta(minutes=5))
    with bureau.life() as office:
        bureau.cycle(office)
    shutil.rmtree(home)
    shutil.copytree(tmp_path / "copy", home)
    for path in [home, *home.rglob("*")]:
        shutil.chown(path, 65534, 65534)
    dovecot.deliver(user, [mail(5), mail(6), mail(7)], OPEN + timedelta(minutes=9))
    with bureau.life() as office:
        bureau.cycle(office, 2)
        tally = office.ledger.tally(ROUND)
    assert subjects(bureau) == {f"Response {number}" for number in range(1, 8)}
    assert tally.archived == 7
    bureau.facts()


@pytest.mark.server
def test_a_folder_made_anew_under_its_name_is_another_folder(tmp_path: Path, dovecot: Dovecot) -> None:
    bureau, user = office_at(tmp_path / "world", dovecot)
    dovecot.deliver(user, [mail(1)], OPEN, "LIST")
    with bureau.life() as office:
        bureau.cycle(office)
        time.sleep(1.1)
        client = dovecot.client(user)
        client.delete_folder("LIST")
        client.logout()
        bureau.cycle(office, 2, 30)
        assert any("LIST" in line for line in office.health), "a missing folder is told, and not made"
        dovecot.deliver(user, [mail(2)], OPEN)
        bureau.cycle(office, 1, 30)
        client = dovecot.client(user)
        client.create_folder("LIST")
        client.logout()
        dovecot.deliver(user, [mail(3)], OPEN, "LIST")
        bureau.cycle(office, 2, 30)
        assert not any("LIST" in line for line in office.health)
    assert subjects(bureau) == {"Response 1", "Response 2", "Response 3"}


def test_a_throttled_fetch_says_nothing_about_the_messages() -> None:
    """NO [LIMIT] to a batch: come again; not one UID after the other, and nothing has vanished."""
    with OddImapServer(sizes(), (rb"UID FETCH .*BODY.*", b"TAG NO [LIMIT] too much\r\n")) as server:
        with pytest.raises(Unreachable, match="too much"):
            run(server)
        assert sum(b"BODY.PEEK" in command for command in server.commands) == 1


def test_a_server_s_fault_with_one_message_does_not_stop_the_other() -> None:
    def bodies(match: re.Match[bytes]) -> bytes:
        return b"TAG NO [SERVERBUG] broken file\r\n" if b"2" in match.group(1) else body(1)

    with OddImapServer(sizes(), (rb"UID FETCH (\S+) .*BODY.*", bodies)) as server:
        assert [item.raw for item in run(server)] == [BODY, None]


def test_a_dead_link_shows_within_a_minute_however_patient_the_account_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """IDLE is ended after at most 45 seconds, and the answer to that is waited for ten: not the account's own patience of minutes."""
    assert 45.0 + imap.ANSWER_S <= 60.0
    monkeypatch.setattr(imap, "ANSWER_S", 0.4)
    with OddImapServer((rb"IDLE", b"+ idling\r\n")) as server:
        mailbox = idle_mailbox(server)
        assert mailbox._client is not None
        mailbox._client.socket().settimeout(3600)
        server._answer = lambda connection, line: (  # type: ignore[method-assign]
            True if line.strip() == b"DONE" else OddImapServer._answer(server, connection, line)
        )
        with pytest.raises(Unreachable):
            mailbox.wait("INBOX", 3600)


def test_what_a_server_never_gives_is_asked_for_less_and_less_often() -> None:
    patience, place, asked = Patience(), ("main", "INBOX", 1, 7), 0
    for minute in range(24 * 60):
        now = OPEN + timedelta(minutes=minute)
        if patience.is_due(place, now):
            asked += 1
            patience.refused(place, now)
    assert 24 < asked < 40, "some quick tries, then once an hour"
    assert patience.is_due(("main", "INBOX", 1, 8), OPEN)


pytestmark = pytest.mark.timeout(1200)
MARK = "zqxj"
HOSTILE = st.lists(
    st.sampled_from(
        ("\r\n", "\n", "\0", " ", '"', "\\", "{3}", "{3+}", ")", "*", "%", "a1 LOGOUT", "RCPT TO:<x@y>", ".", "é", "中", "x")
    ),
    max_size=8,
).map(lambda pieces: MARK + "".join(pieces) + MARK)


def hostile(words: list[str]) -> bytes:
    """Every place of a message that a sender fills, filled with that; in the clear and as encoded words."""
    import base64

    clear = [re.sub(r"[\r\n\0]", " ", word) for word in words]
    coded = [f"=?utf-8?b?{base64.b64encode(word.encode()).decode()}?=" for word in words]
    lines = [
        f"From: {coded[0]} <ana@house.example>", f"Reply-To: \"{clear[1].replace(chr(34), '').replace(chr(92), '')}\" <ben@house.example>",
        f"To: {coded[2]} <consultation@example.org>", f"Subject: {coded[3]}", f"Message-ID: <{clear[4]}@house.example>",
        f"In-Reply-To: <{clear[5]}>", f"References: <{clear[0]}> <{clear[1]}>", f"List-Id: {clear[2]}", f"X-{MARK}: {clear[3]}",
        "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"', "", "--b", f"Content-Type: text/plain; charset={clear[4]}",
        "", f"Question 1. {words[5]}", "--b", "Content-Type: application/pdf", f"Content-Disposition: attachment; filename=\"{clear[0]}\"", "",
        words[1], "--b--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode("utf-8", "replace")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(words=st.lists(HOSTILE, min_size=6, max_size=6))
def test_no_byte_of_a_message_reaches_a_command_of_imap_or_smtp(
    tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    """Only the address that a letter goes to does, as RCPT's one argument, after its check."""
    raw = hostile(words)
    given: dict[str, bool] = {"yes": False}

    def exists(_match: re.Match[bytes]) -> bytes:
        return b"* %d EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT %d] x\r\n" % ((1, 2) if given["yes"] else (0, 1))

    date = (OPEN + timedelta(minutes=30)).strftime("%d-%b-%Y %H:%M:%S +0000").encode()
    rules = (
        (rb"EXAMINE .*", exists),
        (rb"UID SEARCH .*", b"* SEARCH 1\r\n"),
        (rb"UID FETCH .*(SIZE|DATE).*", b'* 1 FETCH (UID 1 RFC822.SIZE %d INTERNALDATE "%s")\r\n' % (len(raw), date)),
        (rb"UID FETCH .*BODY.*", body(1, raw)),
    )
    with OddImapServer(*rules) as server, OddSmtpServer() as sink:
        bureau = Bureau(tmp_path_factory.mktemp("hostile"))
        bureau.drafts = False
        who: ImapAccount = account(server, timeout_s=5.0)
        post = SmtpPost(SmtpRelay(host="127.0.0.1", port=sink.port, tls="none", timeout_s=5))
        bureau.doors = (lambda staging: ImapMailbox(who, staging), post)
        with bureau.life() as office:
            bureau.cycle(office)
            given["yes"] = True
            bureau.cycle(office, 2)
            assert list(office.vault.get(name) for name in office.vault.objects()) == [raw]
        post.close()
    assert any(b"BODY.PEEK" in command for command in server.commands)
    assert not [command for command in server.commands if MARK.encode() in command]
    assert {command.split(b" ")[0] for command in server.commands} <= {
        b"CAPABILITY",
        b"LOGIN",
        b"EXAMINE",
        b"UID",
        b"LOGOUT",
        b"NOOP",
        b"ID",
    }
    assert not [command for command in sink.commands if MARK in command]
    recipients = [command for command in sink.commands if command.startswith("RCPT")]
    assert set(recipients) <= {
        f"RCPT TO:<{name}> NOTIFY=NEVER" for name in ("ana@house.example", "ben@house.example", "desk@example.org")
    }

"""The IMAP door before a real Dovecot, with people and operators at work on the other side."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest

from intake.doors.imap import ImapMailbox
from intake.doors.imap_fetch import FetchLimits
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.vault import FileVault
from intake.errors import IntakeError, Refused, Unreachable
from intake.ports import Staged
from tests.fakes.receive import receive_once
from tests.fakes.samples import NOON
from tests.server.dovecot import PASSWORD, Dovecot

pytestmark = pytest.mark.server


def raw(number: int, size: int = 0) -> bytes:
    return f"From: p{number}@example.org\r\nSubject: {number}\r\n\r\n".encode() + b"0123456789abcd\r\n" * (1 + size // 16)


def error_of(mailbox: ImapMailbox) -> IntakeError:
    with pytest.raises((Refused, Unreachable)) as caught:
        mailbox.open()
    assert PASSWORD not in str(caught.value)
    return caught.value


def test_our_own_authority_is_needed_and_enough(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    mailbox = ImapMailbox(dovecot.account(user))
    mailbox.open()
    assert mailbox.scan("INBOX").uids == ()
    mailbox.close()
    untrusted = error_of(ImapMailbox(dovecot.account(user, ca_file=None)))
    assert isinstance(untrusted, Refused)
    assert "certificate" in str(untrusted)
    wrong_name = error_of(ImapMailbox(dovecot.account(user, host="localhost")))
    assert isinstance(wrong_name, Refused)
    assert "localhost" in str(wrong_name)
    no_file = error_of(ImapMailbox(dovecot.account(user, ca_file=dovecot.ca_file.with_name("none.pem"))))
    assert isinstance(no_file, Refused)


def test_starttls_and_plain_text_by_explicit_setting(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    for settings in ({"tls": "starttls"}, {"tls": "none", "ca_file": None}):
        mailbox = ImapMailbox(dovecot.account(user, port=dovecot.plain_port, **settings))
        mailbox.open()
        assert mailbox.scan("INBOX").uids == ()
        mailbox.close()
    untrusted = error_of(ImapMailbox(dovecot.account(user, port=dovecot.plain_port, tls="starttls", ca_file=None)))
    assert "certificate" in str(untrusted)
    wrong_port = error_of(ImapMailbox(dovecot.account(user, port=dovecot.plain_port)))
    assert isinstance(wrong_port, Refused)
    assert "TLS" in str(wrong_port)


def test_a_wrong_password_is_refused_and_a_changed_one_is_asked_for_anew(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    wrong = error_of(ImapMailbox(dovecot.account(user, password="battery staple")))
    assert isinstance(wrong, Refused)
    assert "Authentication failed" in str(wrong)
    secret = [PASSWORD]
    mailbox = ImapMailbox(dovecot.account(user, password=lambda: secret[0]))
    mailbox.open()
    mailbox.close()
    dovecot.set_password(user, "пароль")
    assert isinstance(error_of(mailbox), Refused)
    secret[0] = "пароль"
    mailbox.open()
    mailbox.close()


def test_four_hundred_messages_are_received_once_and_stay_unread(dovecot: Dovecot, tmp_path: Path) -> None:
    user = dovecot.new_user()
    raws = [raw(number, 40 * (number % 50)) for number in range(400)]
    dovecot.deliver(user, raws, NOON)
    vault, ledger = FileVault(tmp_path / "vault"), SqliteLedger.open(tmp_path / "ledger.sqlite3")
    mailbox = ImapMailbox(dovecot.account(user), vault)
    mailbox.open()
    assert receive_once(mailbox, vault, ledger, "INBOX") == 400
    assert receive_once(mailbox, vault, ledger, "INBOX") == 0
    assert sorted(vault.objects()) == sorted({hashlib.sha256(item).hexdigest() for item in raws})
    assert [receipt.sha256 for receipt in ledger.deliveries("r1")] == [hashlib.sha256(item).hexdigest() for item in raws]
    assert {receipt.internaldate for receipt in ledger.deliveries("r1")} == {NOON}
    mailbox.close()
    other = dovecot.client(user)
    other.select_folder("INBOX")
    assert other.search("UNSEEN") == list(range(1, 401)), "reading must leave no trace"
    other.logout()
    ledger.close()


def test_lost_indexes_bring_every_message_again_and_no_new_object(dovecot: Dovecot, tmp_path: Path) -> None:
    user = dovecot.new_user()
    dovecot.deliver(user, [raw(1), raw(2), raw(3)], NOON)
    vault, ledger = FileVault(tmp_path / "vault"), SqliteLedger.open(tmp_path / "ledger.sqlite3")
    mailbox = ImapMailbox(dovecot.account(user), vault)
    mailbox.open()
    receive_once(mailbox, vault, ledger, "INBOX")
    mailbox.close()
    dovecot.lose_indexes(user)
    dovecot.deliver(user, [raw(4)], NOON)
    mailbox.open()
    assert receive_once(mailbox, vault, ledger, "INBOX") == 4
    tally = ledger.tally("r1")
    assert (tally.seen, tally.archived, tally.same_bytes, tally.vanished) == (7, 4, 3, 0)
    assert len(ledger.arrivals("r1")) == 4
    mailbox.close()
    ledger.close()


def test_expunged_between_scan_and_fetch_is_no_empty_message(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    dovecot.deliver(user, [raw(number) for number in range(1, 5)], NOON)
    mailbox = ImapMailbox(dovecot.account(user), limits=FetchLimits(batch_messages=1))
    mailbox.open()
    state = mailbox.scan("INBOX")
    got = mailbox.fetch("INBOX", state.uidvalidity, state.uids)
    first = next(got)
    dovecot.remove(user, [3, 4])
    rest = list(got)
    assert first.raw == raw(1)
    assert [item.raw for item in rest] == [raw(2), None, None]
    mailbox.close()


def test_people_read_flag_and_move_before_we_look(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    dovecot.deliver(user, [raw(number) for number in range(1, 6)], NOON)
    person = dovecot.client(user)
    person.select_folder("INBOX")
    person.add_flags([1, 2], [b"\\Seen", b"\\Flagged"])
    person.move([4], "Junk")
    person.logout()
    mailbox = ImapMailbox(dovecot.account(user))
    mailbox.open()
    state = mailbox.scan("INBOX")
    assert state.uids == (1, 2, 3, 5)
    assert [item.raw for item in mailbox.fetch("INBOX", state.uidvalidity, state.uids)] == [raw(n) for n in (1, 2, 3, 5)]
    assert len(mailbox.scan("Junk").uids) == 1
    mailbox.close()


def test_a_folder_renamed_under_us_breaks_the_connection_and_is_then_unknown(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    maker = dovecot.client(user)
    maker.create_folder("Réponses")
    maker.logout()
    dovecot.deliver(user, [raw(1)], NOON, "Réponses")
    mailbox = ImapMailbox(dovecot.account(user))
    mailbox.open()
    state = mailbox.scan("Réponses")
    dovecot.rename_folder(user, "Réponses", "Ответы")

    def look() -> None:
        list(mailbox.fetch("Réponses", state.uidvalidity, state.uids))
        mailbox.scan("Réponses")

    with pytest.raises((Unreachable, Refused)):
        look()
    mailbox.open()
    with pytest.raises(Refused, match="Réponses"):
        mailbox.scan("Réponses")
    assert len(mailbox.scan("Ответы").uids) == 1
    mailbox.close()


def test_idle_notices_new_mail_soon(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    mailbox = ImapMailbox(dovecot.account(user))
    mailbox.open()
    mailbox.scan("INBOX")
    assert not mailbox.wait("INBOX", 0.3)
    sender = threading.Timer(0.4, dovecot.deliver, (user, [raw(1)]))
    sender.start()
    begun = time.monotonic()
    assert mailbox.wait("INBOX", 20)
    assert time.monotonic() - begun < 10
    sender.join()
    assert mailbox.scan("INBOX").uids == (1,)
    mailbox.close()


def test_a_killed_session_is_noticed_and_the_next_one_works(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    dovecot.deliver(user, [raw(1)], NOON)
    mailbox = ImapMailbox(dovecot.account(user))
    mailbox.open()
    mailbox.scan("INBOX")
    killer = threading.Timer(0.3, dovecot.kick, (user,))
    killer.start()
    with pytest.raises(Unreachable):
        mailbox.wait("INBOX", 30)
    killer.join()
    with pytest.raises(Unreachable, match="not connected"):
        mailbox.scan("INBOX")
    mailbox.open()
    assert mailbox.scan("INBOX").uids == (1,)
    mailbox.close()


def test_a_large_message_is_fetched_in_flat_memory(dovecot: Dovecot, tmp_path: Path) -> None:
    user = dovecot.new_user()
    large = raw(1, 24 * 1024 * 1024)
    dovecot.deliver(user, [raw(0), large, raw(2)], NOON)
    expected = hashlib.sha256(large).hexdigest()
    size = len(large)
    del large
    vault = FileVault(tmp_path / "vault")
    mailbox = ImapMailbox(dovecot.account(user), vault)
    mailbox.open()
    state = mailbox.scan("INBOX")
    tracemalloc.start()
    names = [vault.put([item.raw])[0] for item in mailbox.fetch("INBOX", state.uidvalidity, state.uids) if item.raw is not None]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert names[1] == expected
    assert len(vault.get(expected)) == size
    assert peak < 8 * 1024 * 1024
    mailbox.close()


def test_with_staging_small_ones_come_as_bytes_and_large_ones_staged(dovecot: Dovecot, tmp_path: Path) -> None:
    user = dovecot.new_user()
    dovecot.deliver(user, [raw(0), raw(1, 5000)], NOON)
    mailbox = ImapMailbox(
        dovecot.account(user), FileVault(tmp_path / "vault"), limits=FetchLimits(large_bytes=4000, piece_bytes=512)
    )
    mailbox.open()
    state = mailbox.scan("INBOX")
    small, large = mailbox.fetch("INBOX", state.uidvalidity, state.uids)
    assert small.raw == raw(0)
    assert isinstance(large.raw, Staged)
    assert large.raw.sha256 == hashlib.sha256(raw(1, 5000)).hexdigest()
    mailbox.close()


def test_imaplib_keeps_no_trace_of_bodies_and_passwords(dovecot: Dovecot, caplog: pytest.LogCaptureFixture) -> None:
    """IMAPClient sets imaplib's trace level to 5; each body is then formatted twice for a log that nobody reads."""
    user = dovecot.new_user()
    dovecot.deliver(user, [raw(1)], NOON)
    for settings in ({}, {"tls": "starttls", "port": dovecot.plain_port}):
        with caplog.at_level(logging.DEBUG):
            mailbox = ImapMailbox(dovecot.account(user, **settings))
            mailbox.open()
            assert mailbox._client is not None
            assert mailbox._client._imap.debug == 0
            state = mailbox.scan("INBOX")
            list(mailbox.fetch("INBOX", state.uidvalidity, state.uids))
            mailbox.close()
    assert PASSWORD not in caplog.text
    assert "0123456789abcd" not in caplog.text


def test_an_idle_poll_of_a_full_folder_asks_nothing_but_how_it_stands(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    dovecot.deliver(user, [raw(number) for number in range(50)], NOON - timedelta(days=1))
    mailbox = ImapMailbox(dovecot.account(user))
    mailbox.open()
    first = mailbox.scan("INBOX")
    assert mailbox._client is not None
    sent: list[bytes] = []
    original = mailbox._client._imap.send
    mailbox._client._imap.send = lambda data: (sent.append(bytes(data)), original(data))[1]
    assert all(mailbox.scan("INBOX") is first for _again in range(5))
    assert len(sent) == 5
    assert all(b"EXAMINE" in line for line in sent)
    dovecot.deliver(user, [raw(51)], NOON)
    sent.clear()
    assert mailbox.scan("INBOX").uids == (*first.uids, 51)
    assert any(b"UID 51:*" in line for line in sent), "only what is new is asked for"
    mailbox.close()

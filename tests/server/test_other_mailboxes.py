"""Other channels from real Dovecots: officers' own mail in a sent folder, and another office's mailbox that is opened by tokens only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.daemon import look_once
from intake.doors.clock import FixedClock
from intake.model.mail import ChannelKind
from intake.model.verdict import Disposition
from intake.settings import Settings, load_settings
from intake.wiring import open_configured
from tests.fakes.token_endpoint import TokenEndpoint
from tests.server.dovecot import Dovecot
from tests.server.test_tokens import endpoint, token_dovecot

__all__ = ["endpoint", "token_dovecot"]
pytestmark = [pytest.mark.server, pytest.mark.timeout(280)]
ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
ACCOUNT = """\
[[mailboxes]]
name = "{name}"
host = "127.0.0.1"
port = {port}
username = "{user}"
ca_file = "{ca}"
"""
FOLDER = '[[mailboxes.folders]]\nname = "{0}"\nchannel = "{1}"\nround = "example-round"\n'


def mail(sender: str, text: str, subject: str, *, host: str = "mx1.example.org", more: str = "") -> bytes:
    return (
        f"Received: from out (out [192.0.2.1]) by {host} with ESMTPS; Sun, 1 Nov 2026 12:30:00 +0000\r\nFrom: {sender}\r\n"
        f"To: consultation@example.org\r\nSubject: {subject}\r\nMessage-ID: <{abs(hash((sender, subject)))}@{sender.partition('@')[2]}>\r\n"
        f"{more}\r\n{text}\r\n"
    ).encode()


def configured(folder: Path, dovecot: Dovecot, user: str, other: Dovecot, theirs: str, endpoint: TokenEndpoint) -> Settings:
    (folder / "rounds").mkdir()
    (folder / "rounds" / "round.toml").write_bytes((ROOT / "config" / "rounds" / "example.toml.txt").read_bytes())
    for name, octets in (("password", dovecot.account(user).password()), ("client", "hush")):
        (folder / name).write_text(octets, "utf-8")
        (folder / name).chmod(0o600)
    text = '[service]\nstate_dir = "state"\nrounds_dir = "rounds"\nword_processor = ""\naddress = "secretariat@example.org"\n[letters]\nmode = "off"\n'
    text += ACCOUNT.format(name="main", port=dovecot.tls_port, user=user, ca=dovecot.ca_file) + 'password_file = "password"\n'
    text += FOLDER.format("INBOX", "address") + FOLDER.format("Sent", "sent")
    text += (
        ACCOUNT.format(name="ministry", port=other.tls_port, user=theirs, ca=other.ca_file)
        + 'trusted_hosts = ["mx.ministry.example"]\n'
    )
    text += f'[mailboxes.oauth]\ntoken_endpoint = "{endpoint.url}"\nclient_id = "intake"\nclient_secret_file = "client"\n'
    text += FOLDER.format("INBOX", "office")
    (folder / "intake.toml").write_text(text, "utf-8")
    return load_settings(folder / "intake.toml")


def test_a_sent_folder_and_another_offices_mailbox_by_token_join_the_record(
    tmp_path: Path, dovecot: Dovecot, token_dovecot: Dovecot, endpoint: TokenEndpoint
) -> None:
    """The same response by both ways is one; an officer's reply belongs to the file; between two looks the token runs out and the session is
    thrown out, and nothing is lost, nothing doubled, and the endpoint is asked once more."""
    user, theirs = dovecot.new_user(), token_dovecot.new_user()
    endpoint.user = theirs
    client = dovecot.client(user)
    client.create_folder("Sent")
    client.logout()
    settings = configured(tmp_path, dovecot, user, token_dovecot, theirs, endpoint)
    clock = FixedClock(NOW)
    with open_configured(settings, clock) as office:
        assert not look_once(office, settings)["problems"]
        later = NOW + timedelta(minutes=30)
        ours = mail(
            "ana@nairobi.example",
            "Question 1. Power is what we lack.\r\n\r\nAna Berg\r\nUniversity of Nairobi, Kenya",
            "Our response",
        )
        dovecot.deliver(user, [ours], later)
        known = ours.split(b"Message-ID: <")[1].split(b">")[0].decode()
        answers = f"In-Reply-To: <{known}>\r\n"
        reply = mail("desk@example.org", "Thank you, we have it.", "Re: Our response", more=answers)
        dovecot.deliver(user, [reply], later, "Sent")
        token_dovecot.deliver(theirs, [ours.replace(b"by mx1.example.org", b"by mx.ministry.example")], later)
        clock.set(later + timedelta(minutes=5))
        assert not look_once(office, settings)["problems"]
        endpoint.withdraw_all()
        token_dovecot.kick(theirs)
        second = mail(
            "li@net.example",
            "Question 1. Spare parts.\r\n\r\nLi Wei\r\nNet Society, China",
            "Response",
            host="mx.ministry.example",
        )
        token_dovecot.deliver(theirs, [second], later + timedelta(minutes=10))
        clock.advance(timedelta(minutes=10))
        look_once(office, settings)
        clock.advance(timedelta(minutes=5))
        assert not look_once(office, settings)["problems"]
        record = office.ledger.load_record("example-round")
        tally = office.ledger.tally("example-round")
        channels = {receipt.channel for receipt in office.ledger.arrivals("example-round")}
        keys = {item.key: office.vault.get(item.key) for item in record.filed} if record is not None else {}
    assert record is not None
    assert channels == {ChannelKind.ADDRESS, ChannelKind.SENT, ChannelKind.OFFICE}
    (sent,) = [item for item in record.filed if keys[item.key] == reply]
    assert (sent.disposition, sent.letter, sent.letter_waiting) == (Disposition.CORRESPONDENCE, None, None)
    assert sorted(item.respondent.organization or "" for item in record.responses) == ["Net Society", "University of Nairobi"]
    assert tally.holds
    assert (tally.seen, tally.archived) == (4, 4)
    assert len(endpoint.forms) <= 4, "an account is not locked by asking"

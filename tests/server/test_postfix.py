"""The SMTP door before a real Postfix that relays to a sink, and before smtp-sink with its faults."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.smtp import SmtpPost, SmtpRelay
from intake.errors import Refused
from intake.model.ledger import OutboxState
from intake.model.letter import Outcome
from intake.ports import Ledger
from tests.fakes.samples import NOON, letter
from tests.fakes.smtp_server import OddSmtpServer
from tests.server.postfix import Postfix
from tests.server.tools import free_port, listens, program, wait_until

pytestmark = pytest.mark.server
LETTER = "Subject: received\r\nMessage-ID: <letter.1@example.int>\r\nMIME-Version: 1.0\r\n\r\n.Bonjour\r\n.\r\nمرحبا\r\n".encode()


def relay(server: Postfix, **changes: object) -> SmtpRelay:
    values: dict[str, object] = {
        "host": "127.0.0.1",
        "port": server.port,
        "tls": "starttls",
        "ca_file": server.ca_file,
        "timeout_s": 10.0,
    }
    return SmtpRelay(**{**values, **changes})  # type: ignore[arg-type]


def hand_over(settings: SmtpRelay, to: str = "ana@example.org", raw: bytes = LETTER) -> tuple[Outcome, str]:
    post = SmtpPost(settings)
    try:
        end = post.hand_over(raw, to, lambda: None)
    finally:
        post.close()
    return end.outcome, end.reply


def send_due(ledger: Ledger, settings: SmtpRelay) -> list[OutboxState]:
    """A1 to A5 for everything that is due."""
    post = SmtpPost(settings)
    ends = []
    for each in ledger.claim_due(NOON, 100):
        end = post.hand_over(each.raw, each.recipient, lambda each=each: ledger.mark_committing(each.id, NOON))  # type: ignore[misc]
        ends.append(ledger.settle(each.id, end, at=NOON, retry_at=NOON))
    post.close()
    return ends


def arrived(sink: OddSmtpServer, mark: bytes) -> list[bytes]:
    """Letters of one test: others may still be on their way."""
    return [raw for raw in list(sink.letters) if mark in raw]


@pytest.mark.parametrize("mode", ["starttls", "implicit"])
def test_a_letter_is_relayed_as_it_is_with_the_null_sender(postfix: Postfix, sink: OddSmtpServer, mode: str) -> None:
    mark = f"<letter.{mode}@example.int>".encode()
    raw = LETTER.replace(b"<letter.1@example.int>", mark)
    settings = relay(postfix, tls=mode, port=postfix.tls_port if mode == "implicit" else postfix.port)
    outcome, reply = hand_over(settings, f"{mode}@example.org", raw)
    assert outcome is Outcome.SENT, reply
    assert "queued as" in reply
    wait_until(lambda: len(arrived(sink, mark)) == 1, "the relayed letter")
    assert arrived(sink, mark)[0].endswith(LETTER.partition(b"\r\n\r\n")[2])
    commands = list(sink.commands)
    recipient = next(place for place, command in enumerate(commands) if command.startswith(f"RCPT TO:<{mode}@example.org>"))
    assert commands[recipient - 1].startswith("MAIL FROM:<>")


def test_an_unknown_authority_and_a_wrong_name_get_no_letter(postfix: Postfix) -> None:
    for settings in (relay(postfix, ca_file=None), relay(postfix, host="localhost"), relay(postfix, tls="implicit")):
        outcome, reply = hand_over(settings)
        assert outcome is Outcome.TEMPORARY, reply
    with pytest.raises(Refused, match="certificate"):
        SmtpPost(relay(postfix, ca_file=None)).check()
    SmtpPost(relay(postfix)).check()


def test_refusals_are_read_by_their_code(postfix: Postfix) -> None:
    assert hand_over(relay(postfix), "nobody@example.org") == (
        Outcome.PERMANENT,
        "550 5.1.1 <nobody@example.org>: Recipient address rejected: no such person",
    )
    assert hand_over(relay(postfix), "greylisted@example.org")[0] is Outcome.TEMPORARY
    assert hand_over(relay(postfix), "用户@例子.example")[0] is Outcome.SENT


def test_an_outage_keeps_the_letters_and_ends_with_each_sent_once(postfix: Postfix, sink: OddSmtpServer, tmp_path: Path) -> None:
    ledger = SqliteLedger.open(tmp_path / "ledger.sqlite3")
    ledger.queue_letters([letter(number) for number in range(12)], NOON)
    postfix.stop()
    assert send_due(ledger, relay(postfix)) == [OutboxState.QUEUED] * 12
    assert {each.tries for each in ledger.letters()} == {1}
    postfix.resume()
    assert send_due(ledger, relay(postfix)) == [OutboxState.SENT] * 12
    assert send_due(ledger, relay(postfix)) == []
    for number in range(12):
        mark = f"Subject: {number}\r\n".encode()
        wait_until(lambda mark=mark: len(arrived(sink, mark)) == 1, f"letter {number}")  # type: ignore[misc]
    ledger.close()


@contextmanager
def smtp_sink(*faults: str) -> Iterator[SmtpRelay]:
    """Postfix's own fault server; run by the user nobody where we are root."""
    port = free_port()
    process = subprocess.Popen(
        [program("smtp-sink", "postfix"), *(("-u", "nobody") if os.getuid() == 0 else ()), *faults, f"127.0.0.1:{port}", "10"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: listens(port), "smtp-sink")
        yield SmtpRelay(host="127.0.0.1", port=port, tls="none", timeout_s=5, dot_timeout_s=1)
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize(
    ("faults", "outcome"),
    [
        ((), Outcome.SENT),
        (("-r", "."), Outcome.TEMPORARY),
        (("-f", "."), Outcome.PERMANENT),
        (("-r", "rcpt"), Outcome.TEMPORARY),
        (("-f", "rcpt"), Outcome.PERMANENT),
        (("-q", "data"), Outcome.TEMPORARY),
        (("-q", "."), Outcome.UNKNOWN),
        (("-Q", "."), Outcome.TEMPORARY),
        (("-W", ".:3"), Outcome.UNKNOWN),
    ],
    ids=lambda value: " ".join(value) or "no fault" if isinstance(value, tuple) else value.value,
)
def test_every_fault_of_smtp_sink_is_told_rightly(faults: tuple[str, ...], outcome: Outcome) -> None:
    with smtp_sink(*faults) as settings:
        assert hand_over(settings)[0] is outcome


def test_a_connection_dropped_after_the_dot_is_tried_once_more_and_then_left_to_a_person() -> None:
    ledger = SqliteLedger.open(None)
    ledger.queue_letters([letter(1)], NOON)
    with smtp_sink("-q", ".") as settings:
        assert send_due(ledger, settings) == [OutboxState.QUEUED]
        assert send_due(ledger, settings) == [OutboxState.UNKNOWN]
        assert send_due(ledger, settings) == []
    ledger.close()

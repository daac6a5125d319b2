"""What SMTP servers say and fail to say, and what we say to them."""

from __future__ import annotations

import re
import time

import pytest

from intake.doors.smtp import SmtpPost, SmtpRelay
from intake.errors import Refused, Unreachable
from intake.model.letter import HandOver, Outcome
from tests.fakes.smtp_server import HANG_UP, SILENCE, OddSmtpServer

LETTER = b"Subject: x\r\n\r\nbody\r\n"


def relay(server: OddSmtpServer, **changes: object) -> SmtpRelay:
    values: dict[str, object] = {"host": "127.0.0.1", "port": server.port, "tls": "none", "timeout_s": 1.0, "dot_timeout_s": 1.0}
    return SmtpRelay(**{**values, **changes})  # type: ignore[arg-type]


def send(server: OddSmtpServer, raw: bytes = LETTER, to: str = "ana@example.org", **changes: object) -> HandOver:
    post = SmtpPost(relay(server, **changes))
    try:
        return post.hand_over(raw, to, lambda: None)
    finally:
        post.close()


def test_null_sender_one_recipient_and_no_reports() -> None:
    with OddSmtpServer() as server:
        assert send(server).outcome is Outcome.SENT
        assert [command for command in server.commands if command.startswith(("MAIL", "RCPT"))] == [
            "MAIL FROM:<>",
            "RCPT TO:<ana@example.org> NOTIFY=NEVER",
        ]
    with OddSmtpServer(extensions=()) as server:
        assert send(server).outcome is Outcome.SENT
        assert "RCPT TO:<ana@example.org>" in server.commands


def test_letters_share_a_connection_and_a_dead_one_is_made_anew() -> None:
    with OddSmtpServer() as server:
        post = SmtpPost(relay(server))
        for _letter in range(3):
            assert post.hand_over(LETTER, "ana@example.org", lambda: None).outcome is Outcome.SENT
        assert server.connections == 1
        server.hang_up()
        time.sleep(0.05)
        assert post.hand_over(LETTER, "ana@example.org", lambda: None).outcome is Outcome.SENT
        assert server.connections == 2
        post.close()
        post.close()
        assert post.hand_over(LETTER, "ana@example.org", lambda: None).outcome is Outcome.SENT
        post.close()
        assert len(server.letters) == 5


def test_a_refusal_does_not_spoil_the_next_letter() -> None:
    with OddSmtpServer({"RCPT": "550 nobody"}) as server:
        post = SmtpPost(relay(server))
        assert post.hand_over(LETTER, "no@example.org", lambda: None).outcome is Outcome.PERMANENT
        server.rules.clear()
        assert post.hand_over(LETTER, "ana@example.org", lambda: None).outcome is Outcome.SENT
        assert server.connections == 1
        post.close()


def test_line_ends_and_dots_are_made_fit_for_the_wire() -> None:
    with OddSmtpServer() as server:
        send(server, b"Subject: x\n\n.one\r..two\r\n.\nlast")
        assert server.letters == [b"Subject: x\r\n\r\n.one\r\n..two\r\n.\r\nlast\r\n"]


@pytest.mark.parametrize("step", ["EHLO", "MAIL"])
def test_refusals_that_concern_us_wait_for_an_operator(step: str) -> None:
    with OddSmtpServer({step: "550 not you", "HELO": "550 not you"}) as server:
        assert send(server).outcome is Outcome.TEMPORARY


@pytest.mark.parametrize(
    ("step", "how"),
    [*((step, how) for step in ("EHLO", "MAIL", "RCPT", "DATA") for how in (HANG_UP, SILENCE)), ("BODY", HANG_UP)],
)
def test_before_the_dot_every_loss_is_sure(step: str, how: str) -> None:
    with OddSmtpServer({step: how}) as server:
        # more than the sockets between us hold: the loss is met before the whole letter was given away
        assert send(server, LETTER + (b"x" * 900 + b"\r\n") * 10_000).outcome is Outcome.TEMPORARY
        assert server.letters == []


@pytest.mark.parametrize("how", [HANG_UP, SILENCE, "999 what", "hello"])
def test_after_the_dot_only_a_plain_answer_is_sure(how: str) -> None:
    with OddSmtpServer({"DOT": how}) as server:
        assert send(server).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(("reply", "outcome"), [("552 too big", Outcome.PERMANENT), ("451 busy", Outcome.TEMPORARY)])
def test_a_refusal_in_the_middle_of_the_letter_is_heard(reply: str, outcome: Outcome) -> None:
    marks: list[str] = []
    with OddSmtpServer({"BODY": reply}) as server:
        post = SmtpPost(relay(server))
        end = post.hand_over(LETTER + (b"x" * 900 + b"\r\n") * 10_000, "ana@example.org", lambda: marks.append("dot"))
        post.close()
    assert (end.outcome, end.reply, marks) == (outcome, reply, [])


def test_addresses_of_other_scripts() -> None:
    with OddSmtpServer() as server:
        assert send(server, to="用户@例子.example").outcome is Outcome.SENT
        assert "MAIL FROM:<> SMTPUTF8" in server.commands
        assert "RCPT TO:<用户@xn--fsqu00a.example> NOTIFY=NEVER" in server.commands
        assert send(server, to="user@例子.example").outcome is Outcome.SENT
        assert "RCPT TO:<user@xn--fsqu00a.example> NOTIFY=NEVER" in server.commands
    with OddSmtpServer(extensions=()) as server:
        assert send(server, to="用户@例子.example").outcome is Outcome.PERMANENT
        assert send(server, to="user@例子.example").outcome is Outcome.SENT


def test_eight_bit_letters_are_announced() -> None:
    raw = "Subject: x\r\n\r\nпривет\r\n".encode()
    with OddSmtpServer() as server:
        assert send(server, raw).outcome is Outcome.SENT
        assert "MAIL FROM:<> BODY=8BITMIME" in server.commands
    with OddSmtpServer(extensions=()) as server:
        assert send(server, raw).outcome is Outcome.PERMANENT


DOUBTFUL = (
    '"a\r\nRCPT TO:<evil@x.example>"@b.example',
    "a@y.example>\r\nRCPT TO:<e@z.example",
    "a b@c.example",
    "<a@b.example>",
    "a@b@c.example",
    "@b.example",
    "a@",
    "a" * 65 + "@b.example",
    "a,b@c.example",
)


@pytest.mark.parametrize("address", DOUBTFUL)
def test_doubtful_addresses_never_become_a_command(address: str) -> None:
    with OddSmtpServer() as server:
        assert send(server, to=address).outcome is Outcome.PERMANENT
        assert server.commands == []


def test_tls_that_is_not_offered_is_said_and_nothing_is_sent() -> None:
    with OddSmtpServer() as server:
        for mode in ("starttls", "implicit"):
            end = send(server, tls=mode, username="me", password="secret")
            assert end.outcome is Outcome.TEMPORARY
            with pytest.raises((Refused, Unreachable)):
                SmtpPost(relay(server, tls=mode)).check()
        assert not any(command.startswith(("AUTH", "MAIL")) for command in server.commands)


def test_no_plain_text_to_another_machine() -> None:
    with OddSmtpServer() as server:
        end = send(server, host="192.0.2.1")
        assert end.outcome is Outcome.TEMPORARY
        assert "without TLS" in end.reply


def test_nobody_there_is_temporary_and_check_says_so() -> None:
    with OddSmtpServer() as server:
        gone = relay(server)
        SmtpPost(gone).check()
    post = SmtpPost(gone)
    assert post.hand_over(LETTER, "ana@example.org", lambda: None).outcome is Outcome.TEMPORARY
    with pytest.raises(Unreachable, match=re.escape(gone.where)):
        post.check()
    post.close()


def test_a_secret_is_not_shown() -> None:
    assert "hush" not in repr(SmtpRelay(host="h", username="u", password="hush"))

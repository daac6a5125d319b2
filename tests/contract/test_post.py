"""What every post promises: the fake in memory and aiosmtplib before an SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import pytest

from intake.doors.smtp import SmtpPost, SmtpRelay
from intake.model.letter import Outcome
from intake.ports import Post
from tests.fakes.post import FakePost
from tests.fakes.smtp_server import HANG_UP, OddSmtpServer

LETTER = b"Subject: x\r\n\r\n.a lone dot\r\n.\r\nmore\r\n"
TO = "ana@example.org"


class World(Protocol):
    """The other side."""

    letters: list[bytes]

    def refuse(self, step: str, reply: str) -> None: ...


class _Fake(FakePost):
    def refuse(self, step: str, reply: str) -> None:
        self.refuse_at[step] = reply


class _Server(OddSmtpServer):
    def refuse(self, step: str, reply: str) -> None:
        self.rules[step.upper()] = HANG_UP if reply == "lost" else reply


@pytest.fixture(params=["fake", "smtp"])
def both(request: pytest.FixtureRequest) -> Iterator[tuple[Post, World]]:
    if request.param == "fake":
        fake = _Fake()
        yield fake, fake
        return
    with _Server() as server:
        post = SmtpPost(SmtpRelay(host="127.0.0.1", port=server.port, tls="none", timeout_s=5, dot_timeout_s=5))
        yield post, server
        post.close()


class Dot:
    """Counts, and may refuse."""

    def __init__(self, error: Exception | None = None) -> None:
        self.calls = 0
        self._error = error

    def __call__(self) -> None:
        self.calls += 1
        if self._error is not None:
            raise self._error


def test_a_letter_arrives_as_it_is_and_the_dot_is_announced_once(both: tuple[Post, World]) -> None:
    post, world = both
    for number in (1, 2):
        dot = Dot()
        end = post.hand_over(LETTER, TO, dot)
        assert (end.outcome, dot.calls) == (Outcome.SENT, 1)
        assert end.reply.startswith("250")
        assert world.letters == [LETTER] * number


@pytest.mark.parametrize(
    ("reply", "outcome"), [("450 later", Outcome.TEMPORARY), ("550 nobody", Outcome.PERMANENT), ("421 x", Outcome.TEMPORARY)]
)
def test_a_refused_recipient_hears_of_no_dot(both: tuple[Post, World], reply: str, outcome: Outcome) -> None:
    post, world = both
    world.refuse("rcpt", reply)
    dot = Dot()
    end = post.hand_over(LETTER, TO, dot)
    assert (end.outcome, end.reply, dot.calls) == (outcome, reply, 0)
    assert world.letters == []


@pytest.mark.parametrize(
    ("reply", "outcome"), [("451 later", Outcome.TEMPORARY), ("554 no", Outcome.PERMANENT), ("250 ok", Outcome.SENT)]
)
def test_the_answer_to_the_dot_decides(both: tuple[Post, World], reply: str, outcome: Outcome) -> None:
    post, world = both
    world.refuse("dot", reply)
    dot = Dot()
    end = post.hand_over(LETTER, TO, dot)
    assert (end.outcome, end.reply, dot.calls) == (outcome, reply, 1)


def test_a_connection_lost_within_the_letter_is_sure(both: tuple[Post, World]) -> None:
    post, world = both
    world.refuse("body", "lost")
    dot = Dot()
    assert post.hand_over(LETTER * 200_000, TO, dot).outcome is Outcome.TEMPORARY
    assert world.letters == []


def test_a_connection_lost_after_the_dot_is_not(both: tuple[Post, World]) -> None:
    post, world = both
    world.refuse("dot", "lost")
    dot = Dot()
    assert post.hand_over(LETTER, TO, dot).outcome is Outcome.UNKNOWN
    assert (dot.calls, world.letters) == (1, [LETTER])


def test_when_the_mark_cannot_be_made_nothing_is_handed_over(both: tuple[Post, World]) -> None:
    post, world = both
    with pytest.raises(KeyError):
        post.hand_over(LETTER, TO, Dot(KeyError("disk full")))
    assert world.letters == []
    assert post.hand_over(LETTER, TO, Dot()).outcome is Outcome.SENT
    assert world.letters == [LETTER]


@pytest.mark.parametrize("address", ["", "nobody", "a@b.example\r\nRCPT TO:<evil@x.example>", "a\0@b.example"])
def test_what_is_no_address_never_reaches_the_server(both: tuple[Post, World], address: str) -> None:
    post, world = both
    dot = Dot()
    assert post.hand_over(LETTER, address, dot).outcome is Outcome.PERMANENT
    assert (dot.calls, world.letters) == (0, [])

"""A spread of the matrix (all of it: `make proxy`): one moment of each poison and protocol, another in each run of the numbers below."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from tests.proxy.matrix import FLIP, FLIPS, MOMENTS, Cell, Chamber
from tests.proxy.toxic import POISONS, Toxic
from tests.server.dovecot import Dovecot

pytestmark = [pytest.mark.server, pytest.mark.timeout(1200)]


@pytest.mark.parametrize("protocol", ["imap", "smtp"])
def test_each_poison_at_a_moment_loses_nothing_and_doubles_nothing(protocol: str, tmp_path: Path, dovecot: Dovecot) -> None:
    chamber = Chamber(tmp_path / "world", dovecot)
    with chamber.opened() as office:
        for number, poison in enumerate(item for item in POISONS if item != FLIP):
            # the moments between which something is half done are the last ones
            moment = MOMENTS[protocol][(11 - number) % 12][0]
            outcome = chamber.run(office, Cell(protocol=protocol, poison=poison, moment=moment))
            assert outcome.good, outcome


def test_bits_that_flip_within_tls_are_noticed(tmp_path: Path, dovecot: Dovecot) -> None:
    chamber = Chamber(tmp_path / "world", dovecot, tls=True)
    with chamber.opened() as office:
        for count in FLIPS[3::4]:
            outcome = chamber.run(office, Cell(protocol="imap", poison=FLIP, moment=f"after {count} bytes"))
            assert outcome.good, outcome


def _echo(listener: socket.socket) -> None:
    connection, _peer = listener.accept()
    with connection:
        while data := connection.recv(4096):
            connection.sendall(data)


@pytest.mark.parametrize("poison", POISONS)
def test_the_proxy_itself_does_what_its_poisons_say(poison: str) -> None:
    """Without poison every byte passes; with one the other side sees just that."""
    import threading

    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_echo, args=(listener,), daemon=True).start()
    with listener, Toxic(listener.getsockname()[1]) as proxy, socket.create_connection(("127.0.0.1", proxy.port), 5) as client:
        client.sendall(b"before ")
        assert client.recv(100) == b"before "
        proxy.poisoned(poison, b"NOW", True)
        client.settimeout(0.5)
        client.sendall(b"x NOW " + b"y" * 3000)
        got = b""
        begun = time.monotonic()
        try:
            while len(got) < 3006 and (data := client.recv(4096)):
                got += data
            ended = "whole" if len(got) == 3006 else "closed"
        except TimeoutError:
            ended = "silent"
        except ConnectionResetError:
            ended = "reset"
        assert proxy.bites == 1
        whole = b"x NOW " + b"y" * 3000
        expected = {
            "down": ("closed", "reset"), "timeout": ("silent",), "reset": ("reset",), "limit bytes": ("closed", "reset"),
        }.get(poison, ("whole",))  # fmt: skip
        assert ended in expected, (ended, len(got))
        if poison == FLIP:
            assert len(got) == len(whole)
            assert got != whole
        elif ended == "whole":
            assert got == whole
        if poison in ("latency", "bandwidth"):
            assert time.monotonic() - begun > 0.05
        if poison == "limit bytes":
            assert len(got) <= 20

"""An IMAP server that says what a test tells it to: for answers that no good server gives."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

Answer = bytes | Callable[[re.Match[bytes]], bytes] | None
"""Lines before the tagged OK; a whole tagged answer when it begins with the tag's placeholder; None hangs up; b"..." silence."""

SILENCE = b"\0silence"

_DEFAULTS: tuple[tuple[bytes, Answer], ...] = (
    (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1 IDLE\r\n"),
    (rb"LOGIN .*", b""),
    (rb"LOGOUT", b"* BYE\r\n"),
    (rb"EXAMINE .*", b"* FLAGS ()\r\n* 2 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT 3] x\r\n"),
    (rb"UID SEARCH .*", b"* SEARCH 1 2\r\n"),
)


class OddImapServer:
    """One connection after the other. `rules`: pattern of the command without its tag -> what comes before "tag OK done".

    An answer with "TAG" in it is sent as it is, with the tag in that place.
    """

    def __init__(self, *rules: tuple[bytes, Answer], greeting: bytes = b"* OK hello\r\n") -> None:
        self._rules = (*rules, *_DEFAULTS)
        self._greeting = greeting
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.commands: list[bytes] = []
        self._sockets: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()
        self._thread.join(5)

    def hang_up(self) -> None:
        """Break every connection."""
        for each in self._sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def _serve(self) -> None:
        while True:
            try:
                connection, _peer = self._listener.accept()
            except OSError:
                return
            self._sockets.append(connection)
            with connection, connection.makefile("rb") as lines:
                try:
                    connection.sendall(self._greeting)
                    while self._answer(connection, lines.readline()):
                        pass
                except OSError:
                    continue

    def _answer(self, connection: socket.socket, line: bytes) -> bool:
        tag, _space, command = line.strip().partition(b" ")
        if not tag:
            return False
        self.commands.append(command or tag)
        if tag == b"DONE":
            connection.sendall(self._idle_tag + b" OK done\r\n")
            return True
        for pattern, answer in self._rules:
            match = re.fullmatch(pattern, command)
            if match is None:
                continue
            said = answer(match) if callable(answer) else answer
            if said is None:
                return False
            if said == SILENCE:
                return True
            if command == b"IDLE":
                self._idle_tag = tag
                connection.sendall(said)
            else:
                connection.sendall(said.replace(b"TAG", tag) if b"TAG" in said else said + tag + b" OK done\r\n")
            return True
        connection.sendall(tag + b" BAD what\r\n")
        return True

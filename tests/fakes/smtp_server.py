"""An SMTP server that takes letters, or does to them what a test tells it to."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Self

HANG_UP = "hang up"
SILENCE = "silence"


class OddSmtpServer:
    """`rules`: the verb (EHLO, MAIL, RCPT, DATA, BODY, DOT, RSET) -> a reply line, HANG_UP or SILENCE; everything else is taken.

    BODY is said in the middle of the letter; DOT answers the final dot, after the letter was taken unless it is refused.
    """

    def __init__(
        self, rules: dict[str, str] | None = None, extensions: tuple[str, ...] = ("8BITMIME", "SMTPUTF8", "DSN")
    ) -> None:
        self.rules = rules or {}
        self._extensions = extensions
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.commands: list[str] = []
        self.letters: list[bytes] = []
        self.connections = 0
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()
        for thread in self._threads:
            thread.join(5)

    def hang_up(self) -> None:
        """Break every connection."""
        for each in self._sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def _accept(self) -> None:
        while True:
            try:
                connection, _peer = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._sockets.append(connection)
            self._threads.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            try:
                connection.sendall(b"220 hello\r\n")
                while (line := lines.readline()) and self._answer(
                    connection, lines, line.decode("utf-8", "replace").rstrip("\r\n")
                ):
                    pass
            except OSError:
                return

    def _answer(self, connection: socket.socket, lines: socket.SocketIO, command: str) -> bool:  # type: ignore[override]
        self.commands.append(command)
        verb = command.split(" ")[0].split(":")[0].upper()
        default = {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 ok")
        if verb == "EHLO":
            default = "\r\n".join([*(f"250-{word}" for word in ("test", *self._extensions)), "250 HELP"])
        reply = self.rules.get(verb, default)
        if not self._say(connection, reply):
            return reply == SILENCE
        if verb == "DATA" and reply.startswith("354"):
            return self._letter(connection, lines)
        return verb != "QUIT"

    def _letter(self, connection: socket.socket, lines: socket.SocketIO) -> bool:
        body = b""
        if "BODY" in self.rules and not self._say(connection, self.rules["BODY"]):
            return False
        while (line := lines.readline()) != b".\r\n":
            if not line:
                return False
            body += line[1:] if line.startswith(b".") else line
        reply = self.rules.get("DOT", "250 taken")
        if not reply.startswith(("4", "5")):
            self.letters.append(body)
        return self._say(connection, reply) or reply == SILENCE

    def _say(self, connection: socket.socket, reply: str) -> bool:
        if reply == HANG_UP:
            connection.shutdown(socket.SHUT_RDWR)
        if reply in (HANG_UP, SILENCE):
            return False
        connection.sendall(reply.encode() + b"\r\n")
        return True

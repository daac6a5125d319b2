"""Child process of the demonstration: SMTP in, IMAP APPEND or a file out (ports, sink and address=folder as arguments)."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from intake.doors.playground import PASSWORD, USER


def delivered_at(raw: bytes) -> datetime | None:
    """The time of the topmost Received line: when the last host delivered it."""
    head = raw.split(b"\r\n\r\n", 1)[0].replace(b"\r\n\t", b" ").replace(b"\r\n ", b" ")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"received:"):
            try:
                return parsedate_to_datetime(line.rsplit(b";", 1)[-1].strip().decode("ascii", "replace"))
            except ValueError:
                return None
    return None


class Deliverer:
    """aiosmtpd handler: one connection to the IMAP server, one message after the other."""

    def __init__(self, imap_port: int, sink: Path, folders: dict[str, str]) -> None:
        self._sink = sink
        self._folders = folders
        self._count = 0
        self._imap = IMAPClient("127.0.0.1", port=imap_port, ssl=False, timeout=30)
        self._imap._imap.debug = 0  # imaplib's trace formats every literal twice
        self._imap.login(USER, PASSWORD)
        for folder in sorted(set(folders.values()) - {"INBOX"}):
            with contextlib.suppress(IMAPClientError):  # it exists already
                self._imap.create_folder(folder)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802 - the name is aiosmtpd's
        """Deliver to each recipient; 250 only when it is stored."""
        raw: bytes = envelope.original_content
        for recipient in envelope.rcpt_tos:
            folder = self._folders.get(recipient.lower())
            if folder is None:
                self._count += 1
                (self._sink / f"{self._count:04d}.eml").write_bytes(raw)
            else:
                self._imap.append(folder, raw, msg_time=delivered_at(raw))
        return "250 stored"


def main() -> None:
    """Serve until ended."""
    smtp_port, imap_port, sink = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    folders = dict(argument.lower().split("=", 1) for argument in sys.argv[4:])
    folders = {address: ("INBOX" if folder == "inbox" else folder.upper()) for address, folder in folders.items()}
    handler = Deliverer(imap_port, sink, folders)
    controller = Controller(handler, hostname="127.0.0.1", port=smtp_port, data_size_limit=64 * 1024 * 1024)
    controller.start()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.new_event_loop().run_forever()


if __name__ == "__main__":
    main()

"""What the service tells systemd (sd_notify)."""

from __future__ import annotations

import os
import socket

import structlog

log = structlog.get_logger("intake")


def notify(state: str) -> None:
    """Tell systemd (sd_notify): a datagram on the socket it names; nothing where there is none."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        try:
            channel.connect(address)
            channel.send(state.encode())
        except OSError as error:
            log.warning("systemd not told", why=str(error))

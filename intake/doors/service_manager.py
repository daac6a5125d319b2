"""What the service tells systemd (sd_notify), and hears from it."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable

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


def hear_the_end(end: Callable[[], None], within_s: float) -> None:
    """SIGTERM and SIGINT end the daemon; what cannot be finished in time (a server that is silent) is dropped: the next start takes
    every half-done step up again, as after a death. A thread hears of them through a pipe: whatever the working thread waits for or
    holds, nothing is done in the signal's own moment."""
    hears, tells = os.pipe2(os.O_CLOEXEC)
    os.set_blocking(tells, False)
    signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)

    def listen() -> None:
        while os.read(hears, 1)[0] not in (signal.SIGTERM, signal.SIGINT):
            continue
        end()
        time.sleep(within_s)
        log.warning("left at once", why="a step could not be finished in time; the next start takes it up")
        os._exit(0)

    threading.Thread(target=listen, name="signals", daemon=True).start()

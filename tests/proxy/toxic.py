"""A TCP proxy on loopback that does to a connection what networks do: toxiproxy's eight toxics, and flipped bits.

One thread, asyncio. A poison begins when the words of its moment pass (a pattern in what one side says, counted from the start of a
connection), and stays until `calm`.
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import threading
from types import TracebackType
from typing import Self

POISONS = ("latency", "down", "bandwidth", "slow close", "timeout", "reset", "slicer", "limit bytes", "bit flip")
"""What happens from the moment on: every piece comes later; the connection ends and nobody listens; so many bytes a second; the end
comes late; nothing passes any more; the connection is reset; pieces of a few bytes; it ends after so many bytes; bits change."""
LATENCY_S = 0.15
BYTES_A_SECOND = 40_000
SLOW_CLOSE_S = 1.0
LIMIT_BYTES = 11
CHUNK = 65536


class Toxic:
    """Listens on `port`, hands on to `target`. The moment of a poison: a pattern in what one side says, or how many bytes it has said;
    an empty pattern is the connection itself."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._links: set[_Link] = set()
        self.port = 0
        self.poison = ""
        self.moment: bytes | int = b""
        self.by_server = False
        self.bites = 0
        """How often the poison took effect: a test in which it did not proves nothing."""

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def poisoned(self, poison: str, moment: bytes | int, by_server: bool) -> None:
        """From now on, on every connection that reaches the moment."""
        self.moment, self.by_server, self.bites = moment, by_server, 0
        self.poison = poison

    def calm(self) -> None:
        """No poison; what hangs is let go, and the door is open again."""
        self.poison = ""
        asyncio.run_coroutine_threadsafe(self._recover(), self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _recover(self) -> None:
        for link in list(self._links):
            link.abort()
        if self._server is None:
            await self._listen()

    async def _close(self) -> None:
        self._shut_door()
        tasks = []
        for link in list(self._links):
            link.abort()
            tasks.append(link.task)
        await asyncio.gather(*tasks, return_exceptions=True)

    def _shut_door(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link(self, writer)
        self._links.add(link)
        try:
            await link.live(reader, self._target)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            link.abort()
            self._links.discard(link)

    def down(self) -> None:
        """Nobody listens any more, and every connection ends."""
        self._shut_door()
        for link in list(self._links):
            link.abort()


class _Link:
    """One connection through the proxy."""

    def __init__(self, proxy: Toxic, client: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._client = client
        self._server: asyncio.StreamWriter | None = None
        self._begun = False
        self._left = LIMIT_BYTES
        self.task = asyncio.current_task()

    async def live(self, reader: asyncio.StreamReader, target: int) -> None:
        """Both directions, until one side ends."""
        if self._proxy.poison and self._proxy.moment == b"" and not await self._begin():
            return
        from_server, self._server = await asyncio.open_connection("127.0.0.1", target, limit=CHUNK)
        there = asyncio.create_task(self._pass(reader, self._server, by_server=False))
        back = asyncio.create_task(self._pass(from_server, self._client, by_server=True))
        done, left = await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
        if self._is("slow close"):
            await asyncio.sleep(SLOW_CLOSE_S)
        for each in left:
            each.cancel()
        await asyncio.gather(*done, *left, return_exceptions=True)

    def abort(self) -> None:
        """End both sides at once."""
        for side in (self._client, self._server):
            if side is not None:
                side.transport.abort()

    def _is(self, *poisons: str) -> bool:
        return self._begun and self._proxy.poison in poisons

    async def _begin(self) -> bool:
        """The moment has come; whether the connection goes on."""
        self._begun = True
        self._proxy.bites += 1
        if self._is("down"):
            self._proxy.down()
            return False
        if self._is("reset"):
            _reset(self._client)
            if self._server is not None:
                self._server.transport.abort()
            return False
        return True

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, by_server: bool) -> None:
        said = b""
        while data := await reader.read(CHUNK):
            proxy = self._proxy
            if proxy.poison and proxy.moment != b"" and not self._begun and by_server is proxy.by_server:
                said += data
                place = _place(proxy.moment, said)
                if place is not None:
                    fresh = max(0, place - (len(said) - len(data)))
                    writer.write(data[:fresh])  # what stood before the moment passes untouched
                    await writer.drain()
                    data = data[fresh:]
                    if not await self._begin():
                        return
            if data and not await self._hand_on(writer, data):
                return

    async def _hand_on(self, writer: asyncio.StreamWriter, data: bytes) -> bool:
        if self._is("timeout"):
            await asyncio.sleep(3600)
        if self._is("latency"):
            await asyncio.sleep(LATENCY_S)
        if self._is("limit bytes"):
            data, self._left = data[: self._left], self._left - len(data)
        if self._is("bit flip") and data:
            data = bytes([data[0] ^ 0x10]) + data[1:]
        while data:
            size = len(data)
            if self._is("slicer"):
                size = 3 if len(data) < 4000 else 1000
            elif self._is("bandwidth"):
                size = 1000
            writer.write(data[:size])
            await writer.drain()
            if self._is("bandwidth"):
                await asyncio.sleep(size / BYTES_A_SECOND)
            elif self._is("slicer"):
                await asyncio.sleep(0)
            data = data[size:]
        return not (self._is("limit bytes") and self._left <= 0)


def _place(moment: bytes | int, said: bytes) -> int | None:
    """Where the moment stands in what was said, None before it."""
    if isinstance(moment, int):
        return moment if len(said) > moment else None
    found = re.search(moment, said)
    return None if found is None else found.start()


def _reset(writer: asyncio.StreamWriter) -> None:
    """RST instead of FIN: the socket lingers for no second."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()

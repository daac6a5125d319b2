"""Messages taken apart in a jailed child for a scanner and for reading by eye; one that dies costs its message, never the next one."""

from __future__ import annotations

import contextlib

import msgspec

from intake.doors.jail import MESSAGES_A_CHILD, WALL_S, Child, Died
from intake.model.examination import ToUnpack, Unpacked

CHILD = "intake.doors.unpack_child"


class JailedUnpacker:
    """Implements ports_files.Unpacker with one child, started when first needed. `phrases`: config/reading.toml."""

    def __init__(self, phrases: str, wall_s: float = WALL_S, module: str = CHILD) -> None:
        self._phrases = phrases.encode("utf-8")
        self._wall_s = wall_s
        self._module = module
        self._child: Child | None = None

    def unpack(self, job: ToUnpack) -> Unpacked:
        """See ports_files.Unpacker."""
        child = self._child = self._child or Child(self._phrases, self._module)
        try:
            child.begin(msgspec.msgpack.encode(job))
            found = msgspec.msgpack.decode(child.octets(self._wall_s), type=Unpacked)
        except TimeoutError:
            self.close()
            return Unpacked(because=f"took too long: more than {self._wall_s:.0f} s to unpack")
        except (Died, OSError, msgspec.MsgspecError) as error:
            self.close()
            return Unpacked(because=f"unpacker died: {error}")
        if child.read >= MESSAGES_A_CHILD:
            self.close()
        return found

    def close(self) -> None:
        """End the child; never raises."""
        child, self._child = self._child, None
        if child is not None:
            with contextlib.suppress(OSError):
                child.end()

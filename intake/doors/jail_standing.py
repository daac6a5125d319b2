"""What holds a confined child on this machine: one is confined, tries what it may not, and tells."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

from intake.doors.confined import confine
from intake.errors import Refused

_SAID = {"namespace": "a network of their own", "sockets": "no socket and no program", "files": "no file but the interpreter's"}
_WAIT_S = 30.0


def standing() -> str:
    """What the kernel refuses the children that read mail, for a person. Raises Refused where nothing keeps them from the network."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__], capture_output=True, stdin=subprocess.DEVNULL, timeout=_WAIT_S, check=False
        )
        found = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        raise Refused(f"a confined child could not be tried: {type(error).__name__}") from error
    if found["reached"]:
        raise Refused("this system lets the children that read mail open sockets: no seccomp and no namespaces here")
    return ", ".join(_SAID[name] for name in found["held"])


def _reaches() -> bool:
    """Whether something that listens here, outside the child's own network, can be reached."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as found:
            found.settimeout(1.0)
            return found.connect_ex(("127.0.0.1", 9)) in (0, 111)  # connected, or a host was asked and refused
    except OSError:
        return False


def main() -> None:
    """Confine this process and print what came of it as JSON."""
    out = os.dup(sys.stdout.fileno())
    held = confine()
    os.write(out, json.dumps({"held": held, "reached": _reaches()}).encode())


if __name__ == "__main__":
    main()

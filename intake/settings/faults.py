"""What is wrong with a server's section or a file of secrets, in words."""

from __future__ import annotations

import stat
from pathlib import Path


def tls_faults(where: str, tls: str, host: str) -> list[str]:
    """Without TLS on loopback alone."""
    if tls == "none" and host not in ("127.0.0.1", "::1", "localhost"):
        return [f"{where}: tls = 'none' is allowed on loopback only, not for {host!r}"]
    return []


def secret_faults(where: str, path: Path | None) -> list[str]:
    """A secret's file is there, and its owner's alone."""
    if path is None:
        return []
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return [f"{where}: {path} cannot be read: {error.strerror}"]
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [f"{where}: {path} may be read by others than its owner (chmod 600 it)"]
    return []

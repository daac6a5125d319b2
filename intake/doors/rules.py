"""A hash of the rules by which messages become a record: what was kept under other rules is not gone on from."""

from __future__ import annotations

import functools
import hashlib
from importlib.resources import files


@functools.cache
def rules_hash() -> str:
    """SHA-256 over the text of casework and of the model, the program's own files."""
    found = hashlib.sha256()
    for package in ("intake.casework", "intake.model"):
        for item in sorted(files(package).iterdir(), key=lambda item: item.name):
            if item.name.endswith(".py"):
                found.update(item.name.encode() + b"\0" + item.read_bytes())
    return found.hexdigest()

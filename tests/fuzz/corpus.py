"""The kept corpus: one archive a target with what fuzzing found worth keeping, beside our own messages as seeds."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from intake.reading.extractors import EXTRACTORS
from intake.reading.headers import raw_headers
from intake.reading.rough import rough_leaves
from intake.reading.walk import parse
from tests.fuzz.targets import SMALL

HERE = Path(__file__).parent
MESSAGES = HERE.parent / "corpus" / "reading"
LONGEST = 4_000
MOST = 400
"""Bytes of an input, and inputs of a target, that are kept: the shortest first."""


def kept(target: str) -> list[bytes]:
    """What is kept of a target, in order."""
    path = HERE / "corpus" / f"{target}.zip"
    if not path.exists():
        return []
    with zipfile.ZipFile(path) as box:
        return [box.read(name) for name in sorted(box.namelist())]


def keep(target: str, inputs: list[bytes], always: list[bytes]) -> int:
    """Write the archive anew, the same bytes for the same inputs; gives how many were kept. `always`: what once broke a promise."""
    path = HERE / "corpus" / f"{target}.zip"
    path.parent.mkdir(exist_ok=True)
    chosen = sorted({item for item in inputs if len(item) <= LONGEST}, key=lambda item: (len(item), item))[:MOST]
    chosen += sorted(set(always) - set(chosen))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box:
        for item in chosen:
            box.writestr(zipfile.ZipInfo(hashlib.sha256(item).hexdigest()[:16]), item)
    return len(chosen)


def seeds(target: str) -> list[bytes]:
    """Our own messages in the form that a target takes."""
    raws = [path.read_bytes() for path in sorted(MESSAGES.glob("*.eml")) if path.stat().st_size < 40_000]
    if target == "message":
        return raws
    if target == "header":
        return [value.encode("ascii", "surrogateescape") for raw in raws for _, value in raw_headers(parse(raw))]
    found: list[bytes] = []
    for leaf in (leaf for raw in raws for leaf in rough_leaves(raw, SMALL)):
        kind = leaf.part.get_content_type()
        if target == "text" and kind == "text/plain":
            found += [b"\x00" + leaf.data, b"\x81" + leaf.data]
        elif target == "html" and kind == "text/html":
            found.append(leaf.data)
        elif target == "document":
            found += [bytes([number]) + leaf.data for number, (sort, _) in enumerate(EXTRACTORS) if sort in (kind, "text/plain")]
        elif target == "attachment":
            found.append(b"\x00\x0a" + leaf.data)
    return found

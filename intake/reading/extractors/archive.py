"""Zip containers, looked at before they are inflated: members, sizes, ratio."""

from __future__ import annotations

import io
import zipfile
import zlib

from intake.reading.limits import Limits


class Unfit(Exception):
    """Not inflated: the words say why."""


def open_zip(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """The container, checked against bombs. Raises Unfit."""
    try:
        box = zipfile.ZipFile(io.BytesIO(data))
        infos = box.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, IndexError) as error:
        raise Unfit(f"damaged container: {error}") from error
    if len(infos) > 20 * limits.members:
        raise Unfit(f"more than {20 * limits.members} members")
    total = sum(info.file_size for info in infos)
    if total > limits.unpacked_bytes:
        raise Unfit(f"inflates to {total} bytes")
    if total > 10 * 1024 * 1024 and total > limits.unpack_ratio * max(1, len(data)):
        raise Unfit("inflates beyond the allowed ratio")
    return box


def member(box: zipfile.ZipFile, name: str, limits: Limits) -> bytes | None:
    """A member's bytes, never more than the limit; None when it is not there, locked or damaged."""
    try:
        info = box.getinfo(name)
        if info.flag_bits & 1 or info.file_size > limits.document_bytes:
            return None
        with box.open(info) as handle:
            return handle.read(limits.document_bytes)
    except (KeyError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        return None

"""tar, gzip, bzip2 and xz by the standard library: the files inside, within the limits; nothing is ever written to a disk."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from intake.reading.extractors.archive import Unfit
from intake.reading.limits import Limits

_OPEN: dict[str, Callable[[BinaryIO], Any]] = {
    "application/gzip": gzip.open,
    "application/x-bzip2": bz2.open,
    "application/x-xz": lzma.open,
}
_PIECE = 1 << 20
TARBALLS = ("application/x-tar", *_OPEN)


def files_in(data: bytes, kind: str, name: str | None, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of the files, at most `limits.members`. Raises Unfit: damaged, or more than the limits allow."""
    plain = data if kind == "application/x-tar" else _unpacked(data, kind, limits)
    if not is_tar(plain):
        if kind == "application/x-tar":
            raise Unfit("damaged archive: no tar header")
        yield _inner_name(name), plain
        return
    yield from _members(plain, limits)


def is_tar(data: bytes) -> bool:
    """POSIX and GNU archives by their mark; older ones by the check sum of their first header."""
    if data[257:262] == b"ustar":
        return True
    head = data[:512]
    if len(head) < 512 or not head[:1].strip(b"\0"):
        return False
    try:
        said = int(head[148:156].strip(b"\0 ") or b"x", 8)
    except ValueError:
        return False
    return said == sum(head[:148]) + sum(head[156:]) + 8 * 32


def _unpacked(data: bytes, kind: str, limits: Limits) -> bytes:
    out, size = [], 0
    most = min(limits.unpacked_bytes, max(10 * 1024 * 1024, limits.unpack_ratio * len(data)))
    try:
        with _OPEN[kind](io.BytesIO(data)) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > most:
                    raise Unfit(f"inflates to more than {most} bytes")
                out.append(piece)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
        raise Unfit(f"damaged archive: {type(error).__name__}") from error
    return b"".join(out)


def _members(plain: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    count = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as box:
            for info in box:
                if not info.isfile():
                    continue
                count += 1
                if count > limits.members:
                    raise Unfit(f"more than {limits.members} members")
                handle: BinaryIO | None = box.extractfile(info)  # type: ignore[assignment]  # IO[bytes]
                if handle is not None and info.size <= limits.document_bytes:
                    yield info.name, handle.read(limits.document_bytes)
    except (tarfile.TarError, OSError, EOFError, ValueError, OverflowError) as error:
        raise Unfit(f"damaged archive: {type(error).__name__}") from error


def _inner_name(name: str | None) -> str:
    stem, dot, suffix = (name or "").rpartition(".")
    return stem if dot and suffix.lower() in ("gz", "bz2", "xz") and stem else (name or "file")

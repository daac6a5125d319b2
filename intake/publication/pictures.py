"""Pictures without what cameras and programs write beside them: PNG by chunks, JPEG by segments."""

from __future__ import annotations

import struct
import zlib

from intake.model.release import ReleasedForm

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT", b"bKGD")
_STANDALONE = (0x01, *range(0xD0, 0xD9))
_ADOBE, _JFIF = 0xEE, 0xE0


def picture_alone(octets: bytes) -> ReleasedForm:
    """PNG or JPEG with its pixels and what is needed to show them; anything else is damaged."""
    for strip, suffix, kind in ((bare_png, "png", "image/png"), (bare_jpeg, "jpg", "image/jpeg")):
        found = strip(octets)
        if found is not None:
            return ReleasedForm(
                octets=found, media_type=kind, suffix=suffix, removed=("metadata",) if len(found) < len(octets) else ()
            )
    return ReleasedForm(because="damaged")


def bare_png(octets: bytes) -> bytes | None:
    """The chunks that make the picture (PNG 3rd ed., 11); what stands after IEND is dropped. None when it is no whole PNG."""
    if not octets.startswith(_PNG):
        return None
    out, at = [_PNG], len(_PNG)
    while at + 12 <= len(octets):
        (size,) = struct.unpack(">I", octets[at : at + 4])
        kind, end = octets[at + 4 : at + 8], at + 12 + size
        if end > len(octets) or zlib.crc32(octets[at + 4 : end - 4]) != struct.unpack(">I", octets[end - 4 : end])[0]:
            return None
        if kind in _PNG_KEPT:
            out.append(octets[at:end])
        if kind == b"IEND":
            return b"".join(out)
        at = end
    return None


def bare_jpeg(octets: bytes) -> bytes | None:
    """The segments that make the picture (ITU-T T.81, B.1): JFIF and Adobe's colour mark stay, other APPn and comments go.

    What stands after the end of the image (an MPO's second picture, a thumbnail) is dropped. None when it is no whole JPEG.
    """
    if not octets.startswith(b"\xff\xd8"):
        return None
    out, at = [b"\xff\xd8"], 2
    while at + 2 <= len(octets):
        if octets[at] != 0xFF:
            return None
        mark = octets[at + 1]
        if mark == 0xFF:
            at += 1
            continue
        if mark == 0xD9:
            return b"".join(out) + b"\xff\xd9"
        if mark in _STANDALONE:
            at += 2
            continue
        size = int.from_bytes(octets[at + 2 : at + 4], "big")
        end = at + 2 + size
        if size < 2 or end > len(octets):
            return None
        if not (0xE0 <= mark <= 0xEF or mark == 0xFE) or _shows(mark, octets[at + 4 : end]):
            out.append(octets[at:end])
        if mark == 0xDA:
            end = _after_scan(octets, end)
            out.append(octets[at + 2 + size : end])
        at = end
    return None


def _shows(mark: int, body: bytes) -> bool:
    """JFIF without a thumbnail, or Adobe's mark: both change how colours are shown."""
    if mark == _JFIF:
        return body.startswith(b"JFIF\x00") and len(body) == 14
    return mark == _ADOBE and body.startswith(b"Adobe") and len(body) == 12


def _after_scan(octets: bytes, at: int) -> int:
    """Where the entropy-coded data end: at the next mark that is neither stuffing nor a restart."""
    while True:
        at = octets.find(b"\xff", at)
        if at < 0 or at + 1 >= len(octets):
            return len(octets)
        if octets[at + 1] != 0 and not 0xD0 <= octets[at + 1] <= 0xD7 and octets[at + 1] != 0xFF:
            return at
        at += 1 if octets[at + 1] == 0xFF else 2

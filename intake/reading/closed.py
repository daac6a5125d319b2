"""Parts that are not opened, and why: locked ones, signatures, decoration, pictures, programs."""

from __future__ import annotations

from intake.model.mail import PartState
from intake.reading.containers import UNOPENED
from intake.reading.sniff import PROGRAMS

_SIGNATURES = (
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-keys",
)
_PGP_MESSAGE = b"-----BEGIN PGP MESSAGE-----"
_DECORATION = ("application/applefile", "text/vcard", "text/x-vcard", "text/directory", "text/calendar", "application/ics")
_BY_NAME_ONLY = ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint")
"""What a file is only called: its bytes say nothing of the kind, or they would have been sniffed."""
_SMALL_PICTURE = 150_000
NOT_SO = "not a file of the kind that it is called"


def closed(kind: str, sniffed: str, name: str, data: bytes, inline: bool) -> tuple[PartState, str] | None:
    """(state, why) of what is not opened; None for what may be."""
    armoured = data.lstrip()[:27] == _PGP_MESSAGE
    if armoured or ((kind == "application/pgp-encrypted" or name.endswith((".gpg", ".pgp"))) and _is_packet(data)):
        return PartState.ENCRYPTED, "PGP message"
    if kind == "application/pgp-encrypted" or kind in _SIGNATURES or name.endswith((".p7s", ".asc", ".sig")):
        return PartState.IGNORED, ""
    if kind in _DECORATION or sniffed in _DECORATION or name.endswith((".vcf", ".ics")):
        return PartState.IGNORED, ""
    if not data:
        return PartState.DAMAGED, "an empty file"
    if sniffed.startswith("image/"):
        small = len(data) < _SMALL_PICTURE and (inline or not name or name.startswith(("image", "logo", "signature", "outlook-")))
        return (PartState.IGNORED if small else PartState.IMAGE_ONLY), ""
    if sniffed in UNOPENED:
        return PartState.DAMAGED, UNOPENED[sniffed]
    if sniffed in PROGRAMS:
        return PartState.DAMAGED, f"{PROGRAMS[sniffed]}: not opened, nothing in it can be read"
    if sniffed in _BY_NAME_ONLY:
        return PartState.DAMAGED, NOT_SO
    return None


def _is_packet(data: bytes) -> bool:
    """Whether bytes begin as an encrypted OpenPGP message does: a session key, or encrypted data (RFC 9580 4.2, 5)."""
    tag = (data[0] & 0x3F if data[0] & 0x40 else (data[0] & 0x3C) >> 2) if data and data[0] & 0x80 else 0
    return tag in (1, 3, 9, 18, 20)

"""Compressed RTF as Outlook keeps it in winmail.dat (MS-OXRTFCP): LZFu and uncompressed streams to RTF."""

from __future__ import annotations

import struct

_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArial"
    b"Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What every stream may refer to from its first byte (MS-OXRTFCP 2.1.2.1)."""
_WINDOW = 4096
LONGEST = 16 * 1024 * 1024


def decompress(data: bytes) -> bytes:
    """The RTF; b"" for what is none. Damaged streams give what can be read; never more than LONGEST bytes."""
    if len(data) < 16:
        return b""
    kind, content = data[8:12], data[16:]
    wanted = min(LONGEST, int(struct.unpack_from("<I", data, 4)[0]))
    if kind == _PLAIN:
        return content[:wanted]
    return _expand(content, wanted) if kind == _COMPRESSED else b""


def _expand(data: bytes, wanted: int) -> bytes:
    window = bytearray(_DICTIONARY.ljust(_WINDOW, b"\0"))
    write, out, at = len(_DICTIONARY), bytearray(), 0
    while at < len(data) and len(out) < wanted:
        control, at = data[at], at + 1
        for bit in range(8):
            if control >> bit & 1:
                if at + 2 > len(data):
                    return bytes(out)
                word, at = (data[at] << 8) | data[at + 1], at + 2
                offset, length = word >> 4, (word & 0x0F) + 2
                if offset == write % _WINDOW:
                    return bytes(out)
                for step in range(length):
                    byte = window[(offset + step) % _WINDOW]
                    window[write % _WINDOW] = byte
                    write += 1
                    out.append(byte)
            elif at < len(data):
                window[write % _WINDOW] = data[at]
                write += 1
                out.append(data[at])
                at += 1
            else:
                return bytes(out)
    return bytes(out[:wanted])

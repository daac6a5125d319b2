"""How deep a message is nested, found without building its tree: one pass over delimiters and types. Linear."""

from __future__ import annotations

import re

_MARK = re.compile(
    rb"^(?:--(?P<line>[^\r\n]{1,200})|content-type:[ \t]*(?:(?P<many>multipart/[^\r\n]*(?:\r?\n[ \t][^\r\n]*){0,20})|(?P<one>message/(?:rfc822|global|news))))",
    re.M | re.I,
)
BOUNDARY = re.compile(rb"boundary\s*=\s*(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))", re.I)


def deepest(raw: bytes, stop: int) -> int:
    """The deepest level of parts; stops counting beyond `stop`."""
    opened: list[bytes] = []
    place: dict[bytes, int] = {}
    most = 0
    for match in _MARK.finditer(raw):
        line = match.group("line")
        if line is not None:
            level = _level(line.rstrip(), place)
            while level is not None and len(opened) > level:
                place.pop(opened.pop(), None)
            continue
        found = BOUNDARY.search(match.group("many") or b"")
        name = (found.group(1) or found.group(2)).rstrip() if found else b"\0%d" % len(opened)
        place[name] = len(opened)
        opened.append(name)
        most = max(most, len(opened))
        if most > stop:
            break
    return most


def _level(line: bytes, place: dict[bytes, int]) -> int | None:
    """How many stay open after a line: a delimiter ends what is inside its multipart, a closing one the multipart too."""
    if line in place:
        return place[line] + 1
    return place.get(line.removesuffix(b"--")) if line.endswith(b"--") else None

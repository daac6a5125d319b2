"""format=flowed (RFC 3676): soft line ends joined, quotations kept at their depth."""

from __future__ import annotations


def unflow(text: str, delete_space: bool) -> str:
    """The text with its paragraphs' lines joined."""
    out: list[str] = []
    current: str | None = None
    depth_before = 0
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        if bare.startswith(" "):
            bare = bare[1:]
        soft = bare.endswith(" ") and bare != "-- "
        if current is not None and depth != depth_before:
            out.append(current)
            current = None
        piece = bare[:-1] if soft and delete_space else bare
        mark = ">" * depth + (" " if depth else "")
        current = mark + piece if current is None else current + piece
        depth_before = depth
        if not soft:
            out.append(current)
            current = None
    if current is not None:
        out.append(current)
    return "\n".join(line.rstrip() if line != "-- " else line for line in out)

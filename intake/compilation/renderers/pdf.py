"""PDF: the outline as data for the Typst source; no text of a message ever becomes markup."""

from __future__ import annotations

import msgspec

from intake.compilation.nodes import Outline


def typst_data(outline: Outline) -> bytes:
    """data.json for templates/compilation/compilation.typ; the same outline gives the same octets."""
    year, month, day = (int(piece) for piece in outline.date.split("-"))
    facts = msgspec.to_builtins(outline)
    facts |= {"year": year, "month": month, "day": day}
    return msgspec.json.encode(facts, order="sorted")

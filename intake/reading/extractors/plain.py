"""Text files and HTML files."""

from __future__ import annotations

import re

from intake.reading.builder import plain_blocks
from intake.reading.decode import decode_text
from intake.reading.extractors.base import Extract
from intake.reading.html import read_html, seen_only
from intake.reading.limits import Limits


def extract_text(data: bytes, limits: Limits) -> Extract:
    """A text file in whatever charset it is."""
    text, defect = decode_text(data[: 4 * limits.text_chars], None)
    text = text[: limits.text_chars]
    return Extract(text=text, blocks=plain_blocks(text), defect=defect or "")


def extract_html(data: bytes, limits: Limits) -> Extract:
    """An HTML file; its own charset declaration is a hint."""
    match = re.search(rb"charset\s*=\s*[\"']?([\w.:-]{2,40})", data[:4096], re.I)
    source, _ = decode_text(data[: limits.html_bytes], match.group(1).decode("ascii", "replace") if match else None)
    page, hidden = seen_only(read_html(source, limits.text_chars, limits.html_depth))
    return Extract(text=page.text, blocks=page.blocks, defect=page.defect, hidden=hidden)

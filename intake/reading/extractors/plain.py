"""Text files and HTML files."""

from __future__ import annotations

import email
import re

from intake.model.mail import PartState
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


def extract_mht(data: bytes, limits: Limits) -> Extract:
    """A page saved with its pictures (RFC 2557): its first page of HTML, else its first text."""
    leaves = [part for part in email.message_from_bytes(data).walk() if part.get_content_maintype() == "text"]
    leaf = next((part for part in leaves if part.get_content_type() == "text/html"), leaves[0] if leaves else None)
    payload = leaf.get_payload(decode=True) if leaf is not None else None
    if leaf is None or not isinstance(payload, bytes):
        return Extract(state=PartState.DAMAGED, defect="a saved page (MHTML) without a page")
    charset = leaf.get_content_charset()
    if charset:
        payload = decode_text(payload[: limits.html_bytes], charset)[0].encode("utf-8", "replace")
        payload = b"<meta charset=utf-8>" + payload
    return extract_html(payload, limits) if leaf.get_content_type() == "text/html" else extract_text(payload, limits)

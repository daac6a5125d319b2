"""Text files, RTF and HTML files."""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from intake.model.mail import PartState
from intake.reading.builder import plain_blocks
from intake.reading.decode import clean, decode_text
from intake.reading.extractors.base import Extract
from intake.reading.html import read_html
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
    page = read_html(source, limits.text_chars, limits.html_depth)
    return Extract(text=page.text, blocks=page.blocks, defect=page.defect)


def extract_rtf(data: bytes, limits: Limits) -> Extract:
    """The words of an RTF file with its own code page."""
    page = re.search(rb"\\ansicpg(\d{3,5})", data[:4000])
    encoding = f"cp{page.group(1).decode()}" if page else "cp1252"
    try:
        "".encode(encoding)
    except LookupError:
        encoding = "cp1252"
    try:
        source = data[: limits.document_bytes].decode("latin-1")
        text = rtf_to_text(source, encoding=encoding, errors="replace")  # type: ignore[no-untyped-call]  # it ships no types
    except Exception as error:  # striprtf raises whatever its tables raise
        return Extract(state=PartState.DAMAGED, defect=f"RTF: {type(error).__name__}")
    text = clean(text)[: limits.text_chars].strip("\n")
    return Extract(text=text, blocks=plain_blocks(text))

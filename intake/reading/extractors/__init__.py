"""The extractors, one line a format: a type as sniffed, and who reads it."""

from __future__ import annotations

from intake.reading.extractors import docx, odt, office, ole, pdf, plain, rtf, xlsx
from intake.reading.extractors.base import Extract, Extractor

_OOXML = "application/vnd.openxmlformats-officedocument."

EXTRACTORS: tuple[tuple[str, Extractor], ...] = (
    ("application/pdf", pdf.extract),
    (_OOXML + "wordprocessingml.document", docx.extract),
    (_OOXML + "spreadsheetml.sheet", xlsx.extract),
    (_OOXML + "presentationml.presentation", office.extract_pptx),
    ("application/vnd.oasis.opendocument.text", odt.extract),
    ("application/vnd.oasis.opendocument.spreadsheet", odt.extract),
    ("application/vnd.oasis.opendocument.presentation", odt.extract),
    ("application/vnd.oasis.opendocument.text-flat-xml", odt.extract_flat),
    ("application/x-wordml", docx.extract_wordml),
    ("application/x-flat-opc", docx.extract_flat),
    ("multipart/related", plain.extract_mht),
    ("application/rtf", rtf.extract),
    ("text/html", plain.extract_html),
    ("text/plain", plain.extract_text),
    ("text/csv", plain.extract_text),
    ("application/x-ole-storage", ole.extract_ole),
)

__all__ = ["EXTRACTORS", "Extract", "Extractor", "extractor_of"]


def extractor_of(sniffed: str) -> Extractor | None:
    """Who reads that type; None when nobody does."""
    plain = sniffed.removesuffix("-web").removesuffix("-template").removesuffix("-master")  # of OpenDocument
    return next((extractor for kind, extractor in EXTRACTORS if kind == plain), None)

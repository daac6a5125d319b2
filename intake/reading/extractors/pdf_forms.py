"""Boxes of a PDF form (ISO 32000-1, 12.7.4.2): which are ticked, each with the words beside it. A tick alone, somewhere in a text, says
nothing; which box it stands in is an answer."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from msgspec import Struct

from intake.reading.decode import clean

_MOST_BOXES = 500
_REACH = 260.0  # points beside a box in which its words begin
_SLACK = 3.0
_LONGEST = 200
_TICKED, _EMPTY = "\u2612", "\u2610"


class _Box(Struct, frozen=True, kw_only=True):
    left: float
    bottom: float
    right: float
    top: float
    ticked: bool
    name: str


def boxes_of(document: pdfium.PdfDocument, number: int) -> list[str]:
    """The boxes of a page from the top, "\u2612 words" or "\u2610 words"; none where none is ticked. The page must not be flattened yet."""
    if document.formenv is None:
        return []
    page = document[number]
    try:
        boxes = list(_boxes(document, page))
        if not any(box.ticked for box in boxes):
            return []
        textpage = page.get_textpage()
        try:
            return [f"{_TICKED if box.ticked else _EMPTY} {_label(textpage, box, boxes)}" for box in boxes]
        finally:
            textpage.close()
    finally:
        page.close()


def _boxes(document: pdfium.PdfDocument, page: pdfium.PdfPage) -> Iterator[_Box]:
    found: list[_Box] = []
    for at in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), _MOST_BOXES)):
        note = pdfium_c.FPDFPage_GetAnnot(page, at)
        if not note:
            continue
        kind = pdfium_c.FPDFAnnot_GetFormFieldType(document.formenv, note)
        area = pdfium_c.FS_RECTF()
        if kind in (pdfium_c.FPDF_FORMFIELD_CHECKBOX, pdfium_c.FPDF_FORMFIELD_RADIOBUTTON) and pdfium_c.FPDFAnnot_GetRect(
            note, area
        ):
            ticked = bool(pdfium_c.FPDFAnnot_IsChecked(document.formenv, note))
            name = _said(pdfium_c.FPDFAnnot_GetFormFieldAlternateName, document, note) or " ".join(
                filter(None, (_said(read, document, note) for read in _NAMES))
            )
            found.append(_Box(left=area.left, bottom=area.bottom, right=area.right, top=area.top, ticked=ticked, name=name))
        pdfium_c.FPDFPage_CloseAnnot(note)
    yield from sorted(found, key=lambda box: (-round(box.top / 8), box.left))


_NAMES = (pdfium_c.FPDFAnnot_GetFormFieldName, pdfium_c.FPDFAnnot_GetFormFieldExportValue)


def _said(read: Callable[..., int], document: pdfium.PdfDocument, note: object) -> str:
    size = read(document.formenv, note, None, 0)
    if not 2 < size < 4 * _LONGEST:
        return ""
    room = (ctypes.c_ushort * (size // 2))()
    read(document.formenv, note, room, size)
    return clean(bytes(room).decode("utf-16-le", "replace").rstrip("\0")).strip()


def _label(textpage: pdfium.PdfTextPage, box: _Box, boxes: list[_Box]) -> str:
    """The words on the line of a box, up to the next one: behind it, else before it; else what the form calls it."""
    beside = [other for other in boxes if other is not box and other.bottom < box.top and other.top > box.bottom]
    after = min((other.left for other in beside if other.left >= box.right), default=box.right + _REACH)
    before = max((other.right for other in beside if other.right <= box.left), default=box.left - _REACH)
    for left, right in ((box.right, min(after, box.right + _REACH)), (max(before, box.left - _REACH), box.left)):
        words = clean(textpage.get_text_bounded(left, box.bottom - _SLACK, right, box.top + _SLACK))
        if words := " ".join(words.split()):
            return words[:_LONGEST]
    return box.name[:_LONGEST]

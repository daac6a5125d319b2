"""How cells of a workbook look (ISO/IEC 29500-1, 18.3, 18.8): what nobody sees who opens it, what its author struck out."""

from __future__ import annotations

from lxml import etree

from intake.reading.extractors.xml import local
from intake.reading.styles import WHITE, alike, colour_of

STRUCK, UNSEEN = "struck", "unseen"
_MOST_COLUMNS = 16_384
_NOTHING = ";;;"


class SheetLooks:
    """What the formats of a workbook say of its cells."""

    def __init__(self, styles: etree._Element | None) -> None:
        fonts = _children(styles, "fonts")
        fills = [_fills(fill) for fill in _children(styles, "fills")]
        codes = {item.get("numFmtId", ""): item.get("formatCode", "") for item in _children(styles, "numFmts")}
        self._white: set[int] = set()
        self._nothing: set[int] = set()
        self._struck: set[int] = set()
        for index, form in enumerate(_children(styles, "cellXfs")):
            font, fill = _at(form, "fontId"), _at(form, "fillId")
            if font < len(fonts) and is_struck(fonts[font]):
                self._struck.add(index)
            if font < len(fonts) and _is_white(fonts[font]) and not (fill < len(fills) and fills[fill]):
                self._white.add(index)
            if codes.get(form.get("numFmtId", ""), "").replace(" ", "") == _NOTHING:
                self._nothing.add(index)

    def columns(self, root: etree._Element) -> tuple[frozenset[int], bool]:
        """(columns that are hidden, whether cells may have a ground that their format does not say) of a sheet."""
        unseen: set[int] = set()
        for item in root.iter("{*}col"):
            if item.get("hidden", "") in ("1", "true"):
                unseen.update(range(max(1, _at(item, "min")), min(_at(item, "max"), _MOST_COLUMNS) + 1))
        return frozenset(unseen), next(root.iter("{*}tablePart", "{*}conditionalFormatting"), None) is not None

    def of(self, cell: etree._Element, row: etree._Element, column: int, around: tuple[frozenset[int], bool]) -> str:
        """ "struck", "unseen" or ""."""
        unseen, grounds = around
        form = _at(cell, "s")
        gone = column in unseen or row.get("hidden", "") in ("1", "true") or form in self._nothing
        if gone or (form in self._white and not grounds):
            return UNSEEN
        return STRUCK if form in self._struck else ""


def is_struck(properties: etree._Element) -> bool:
    """Whether a font, or the properties of a run, strike words out."""
    return any(local(item) == "strike" and item.get("val", "1") not in ("0", "false") for item in properties)


def _is_white(font: etree._Element) -> bool:
    for item in font:
        if local(item) == "color":
            told = colour_of(f"#{item.get('rgb', '')[-6:]}") if item.get("rgb") else None
            return (told is not None and alike(told, WHITE)) or (item.get("theme") == "0" and item.get("tint", "0") in ("0", ""))
    return False


def _fills(fill: etree._Element) -> bool:
    """Whether a fill gives a ground that may not be white."""
    for item in fill.iter("{*}patternFill"):
        if item.get("patternType", "none") == "none":
            return False
        front = next(item.iter("{*}fgColor"), None)
        told = colour_of(f"#{front.get('rgb', '')[-6:]}") if front is not None and front.get("rgb") else None
        return told is None or not alike(told, WHITE)
    return True


def _children(styles: etree._Element | None, name: str) -> list[etree._Element]:
    found = next((item for item in styles if local(item) == name), None) if styles is not None else None
    return [item for item in found if local(item)] if found is not None else []


def _at(item: etree._Element, name: str) -> int:
    value = item.get(name, "0")
    return int(value) if value.isdecimal() and len(value) < 7 else 0

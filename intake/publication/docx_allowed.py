"""What a rebuilt DOCX may hold: elements, their attributes, and where each stands (ECMA-376 part 1, chapter 17)."""

from __future__ import annotations

import re

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


RUN_MARKS = _names(
    "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline color spacing w kern position sz szCs highlight u shd vertAlign rtl cs em lang"
)
PARAGRAPH_MARKS = _names(
    "pStyle keepNext keepLines pageBreakBefore widowControl numPr ilvl numId pBdr top left bottom right between bar start end shd tabs tab bidi "
    "spacing ind contextualSpacing jc textDirection textAlignment outlineLvl"
)
TABLE_MARKS = _names(
    "tblPr tblStyle bidiVisual tblW jc tblInd tblBorders insideH insideV tblLayout tblCellMar tblCellSpacing tblLook shd top left bottom right start end "
    "tblGrid gridCol trPr cantSplit trHeight tblHeader tcPr tcW gridSpan vMerge hMerge tcBorders tcMar vAlign noWrap textDirection tl2br tr2bl"
)
SECTION_MARKS = _names("sectPr type pgSz pgMar cols col bidi titlePg docGrid pgNumType vAlign textDirection rtlGutter")
TEXT = _names("p pPr r rPr t tab br cr noBreakHyphen softHyphen ptab tbl tr tc")
CONTENT = TEXT | RUN_MARKS | PARAGRAPH_MARKS | TABLE_MARKS | SECTION_MARKS

STYLES = (
    _names("styles docDefaults rPrDefault pPrDefault style name basedOn next link uiPriority qFormat tblStylePr")
    | _names("rPr pPr tblPr trPr tcPr") | RUN_MARKS | PARAGRAPH_MARKS | TABLE_MARKS
)  # fmt: skip
NUMBERING = (
    _names("numbering abstractNum multiLevelType lvl start numFmt lvlRestart pStyle isLgl suff lvlText lvlJc num abstractNumId")
    | _names("lvlOverride startOverride rPr pPr") | RUN_MARKS | PARAGRAPH_MARKS
)  # fmt: skip

UNWRAPPED = _names("ins moveTo sdt sdtContent smartTag customXml hyperlink fldSimple dir bdo body hdr ftr footnotes endnotes")
"""Their children stay in their place; they themselves go."""
DROPPED = {
    "del": "tracked_changes", "moveFrom": "tracked_changes", "delText": "tracked_changes", "rPrChange": "tracked_changes",
    "pPrChange": "tracked_changes", "sectPrChange": "tracked_changes", "tblPrChange": "tracked_changes", "ins": "tracked_changes",
    "comment": "comments", "commentReference": "comments", "commentRangeStart": "comments",
    "object": "ole", "control": "ole", "altChunk": "external_links", "subDoc": "external_links",
    "fldSimple": "fields", "instrText": "fields", "pict": "drawings",
}  # fmt: skip
"""Elements that go, and what the reader of the manifest is told has gone."""

_VALUE = re.compile(r"[\w .,;:+\-%#()/&'·•–—−▪►◦○●■□➢✓§*\uf000-\uf0ff]{0,80}", re.UNICODE)
_AUTHORS = re.compile(r"rsid.*|author|date|initials|dateUtc|.*Theme.*|theme.*", re.IGNORECASE)


def allowed_attributes(name: str, attributes: dict[str, str]) -> dict[str, str]:
    """Attributes of the same vocabulary that neither name a person nor refer to another part."""
    kept = {}
    for key, value in attributes.items():
        space, _, local = key.rpartition("}")
        if space != "{" + W:
            if key == "{http://www.w3.org/XML/1998/namespace}space":
                kept[key] = value
            continue
        if _AUTHORS.fullmatch(local) or (
            local == "id" and name not in ("footnote", "endnote", "footnoteReference", "endnoteReference")
        ):
            continue
        if _VALUE.fullmatch(value):
            kept[key] = value
    return kept

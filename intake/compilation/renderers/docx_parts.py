"""The fixed parts of the DOCX container: styles, numbering of pages, settings, properties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from intake.compilation.nodes import Outline

_NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FONTS = '<w:rFonts w:ascii="Noto Sans" w:hAnsi="Noto Sans" w:eastAsia="Noto Sans CJK SC" w:cs="Noto Sans Arabic"/>'
_WIDTH = 9638  # A4 less margins of 2 cm, in twentieths of a point
_DOTS = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{_WIDTH}"/></w:tabs>'
"""Contents: the page's number at the end of the line; a right tab stands at the left where reading runs the other way."""

_STYLES = (
    # id, name, based on, next, paragraph properties, run properties
    ("Title", "Title", "Normal", '<w:spacing w:before="360" w:after="120"/>', '<w:b/><w:bCs/><w:sz w:val="40"/><w:szCs w:val="40"/>'),
    ("Subtitle", "Subtitle", "Normal", '<w:spacing w:after="240"/>', '<w:sz w:val="28"/><w:szCs w:val="28"/><w:color w:val="0B4F8A"/>'),
    ("Heading1", "heading 1", "Normal", '<w:keepNext/><w:spacing w:before="360" w:after="120"/><w:outlineLvl w:val="0"/>',
     '<w:b/><w:bCs/><w:sz w:val="32"/><w:szCs w:val="32"/><w:color w:val="0B4F8A"/>'),
    ("Heading2", "heading 2", "Normal", '<w:keepNext/><w:spacing w:before="300" w:after="100"/><w:outlineLvl w:val="1"/>',
     '<w:b/><w:bCs/><w:sz w:val="26"/><w:szCs w:val="26"/>'),
    ("Heading3", "heading 3", "Normal", '<w:keepNext/><w:spacing w:before="200" w:after="60"/><w:outlineLvl w:val="2"/>',
     '<w:b/><w:bCs/><w:sz w:val="22"/><w:szCs w:val="22"/><w:color w:val="444444"/>'),
    ("ContentsTitle", "Contents Title", "Normal", '<w:pageBreakBefore/><w:spacing w:after="120"/>', '<w:b/><w:bCs/><w:sz w:val="32"/><w:szCs w:val="32"/>'),
    ("TOC1", "toc 1", "Normal", f'{_DOTS}<w:spacing w:before="80" w:after="20"/>', "<w:b/><w:bCs/>"),
    ("TOC2", "toc 2", "Normal", f'{_DOTS}<w:spacing w:after="0"/><w:ind w:start="284"/>', ""),
    ("BodyText", "Body Text", "Normal", '<w:spacing w:after="120"/>', ""),
    ("CoverText", "Cover Text", "Normal", '<w:spacing w:after="20"/>', ""),
    ("Numbered", "Numbered Paragraph", "BodyText", '<w:tabs><w:tab w:val="num" w:pos="567"/></w:tabs><w:ind w:start="567" w:hanging="567"/>', ""),
    ("ListItem", "List Item", "BodyText",
     '<w:spacing w:after="60"/><w:tabs><w:tab w:val="num" w:pos="340"/></w:tabs><w:ind w:start="340" w:hanging="340"/>', ""),
    ("BoxLabel", "Box Label", "Normal", '<w:keepNext/><w:spacing w:before="80" w:after="20"/>', "<w:b/><w:bCs/>"),
    ("BoxText", "Box Text", "Normal", '<w:spacing w:after="80"/>', ""),
    ("Chart", "Chart", "Normal", '<w:spacing w:before="60" w:after="200"/>', ""),
    ("Translation", "Translation", "Normal", '<w:spacing w:after="100"/><w:ind w:start="170"/>', "<w:i/><w:iCs/>"),
    ("Facts", "Facts", "Normal", '<w:spacing w:after="20"/>', '<w:sz w:val="19"/><w:szCs w:val="19"/>'),
    ("Note", "Note", "Normal", '<w:spacing w:before="60" w:after="60"/>', '<w:i/><w:iCs/><w:sz w:val="19"/><w:szCs w:val="19"/><w:color w:val="4A4A4A"/>'),
    ("Marker", "Marker", "Normal", '<w:spacing w:before="60" w:after="60"/><w:shd w:val="clear" w:color="auto" w:fill="FFF4D6"/>', ""),
    ("Draft", "Draft", "Normal", '<w:spacing w:before="120" w:after="120"/>', '<w:b/><w:bCs/><w:color w:val="A40000"/>'),
    ("Question", "Question", "Normal", '<w:spacing w:before="60" w:after="120"/><w:shd w:val="clear" w:color="auto" w:fill="F2F5F8"/>', ""),
    ("Response", "Response", "Normal", '<w:spacing w:after="100"/><w:ind w:start="170"/>', ""),
    ("ResponseHeading", "Response Heading", "Response", "<w:keepNext/>", "<w:b/><w:bCs/>"),
    ("ResponseList", "Response List", "Response", '<w:ind w:start="454" w:hanging="284"/>', ""),
    ("TableText", "Table Text", "Normal", '<w:spacing w:before="20" w:after="20"/>', '<w:sz w:val="19"/><w:szCs w:val="19"/>'),
    ("Caption", "caption", "Normal", '<w:keepNext/><w:spacing w:before="160" w:after="60"/>', "<w:b/><w:bCs/>"),
    ("Header", "header", "Normal", "", '<w:sz w:val="18"/><w:szCs w:val="18"/><w:color w:val="4A4A4A"/>'),
    ("Footer", "footer", "Normal", '<w:jc w:val="center"/>', '<w:sz w:val="18"/><w:szCs w:val="18"/><w:color w:val="4A4A4A"/>'),
)  # fmt: skip


def cell(content: str, *, shaded: bool = False) -> str:
    """A table cell."""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="E6EDF3"/>' if shaded else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/>{shade}</w:tcPr>{content}</w:tc>'


def row(cells: str, *, head: bool) -> str:
    """A table row; a head row repeats on each page."""
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{cells}</w:tr>"


def table(rows: str, shares: Sequence[int], rtl: bool) -> str:
    """A table with thin lines, its columns as wide as their shares."""
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="9AA7B3"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{_WIDTH * share // sum(shares)}"/>' for share in shares)
    visual = "<w:bidiVisual/>" if rtl else ""
    return (
        f'<w:tbl><w:tblPr>{visual}<w:tblW w:w="5000" w:type="pct"/><w:tblLayout w:type="fixed"/><w:tblBorders>{lines}</w:tblBorders>'
        f'<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def layout_table(left: str, right: str, rtl: bool) -> str:
    """The header block of the house: meeting left, document right; no lines."""
    visual = "<w:bidiVisual/>" if rtl else ""
    half = _WIDTH // 2
    return (
        f'<w:tbl><w:tblPr>{visual}<w:tblW w:w="5000" w:type="pct"/></w:tblPr><w:tblGrid><w:gridCol w:w="{half}"/><w:gridCol w:w="{half}"/></w:tblGrid>'
        f"<w:tr>{cell(left)}{cell(right)}</w:tr></w:tbl>"
    )


DOCUMENT_HEAD = f"{_HEAD}<w:document {_NS}><w:body>"


def document_tail(outline: Outline) -> str:
    """What ends the main part."""
    return f"{_section(outline)}</w:body></w:document>"


def parts(outline: Outline, charts: int) -> Iterator[tuple[str, str]]:
    """All members of the container but the main part and the charts, in a fixed order."""
    yield "[Content_Types].xml", _HEAD + _content_types(charts)
    yield "_rels/.rels", _HEAD + _RELS
    yield "word/_rels/document.xml.rels", _HEAD + _document_rels(charts)
    yield "word/styles.xml", _HEAD + _styles(outline)
    yield (
        "word/settings.xml",
        f'{_HEAD}<w:settings {_NS}><w:updateFields w:val="false"/><w:themeFontLang w:val="{outline.language}"/></w:settings>',
    )
    label = escape(f"{outline.symbol} – {outline.stamp}")
    yield (
        "word/header1.xml",
        f'{_HEAD}<w:hdr {_NS}><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:t>{label}</w:t></w:r></w:p></w:hdr>',
    )
    yield "word/footer1.xml", f"{_HEAD}<w:ftr {_NS}>{_footer(outline)}</w:ftr>"
    yield "docProps/core.xml", _HEAD + _core(outline)


def _section(outline: Outline) -> str:
    bidi = "<w:bidi/>" if outline.direction == "rtl" else ""
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" '
        f'w:gutter="0"/>{bidi}</w:sectPr>'
    )


def _footer(outline: Outline) -> str:
    before, _, rest = outline.page_of.partition("{page}")
    between, _, after = rest.partition("{pages}")
    pieces = (_text(before), _field("PAGE"), _text(between), _field("NUMPAGES"), _text(after))
    bidi = "<w:bidi/>" if outline.direction == "rtl" else ""
    return f'<w:p><w:pPr><w:pStyle w:val="Footer"/>{bidi}</w:pPr>{"".join(pieces)}</w:p>'


def _text(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r>' if words else ""


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _styles(outline: Outline) -> str:
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_FONTS}<w:sz w:val="21"/><w:szCs w:val="21"/>'
        f'<w:lang w:val="{outline.language}" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    own = "".join(
        f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/><w:basedOn w:val="{base}"/><w:qFormat/>'
        f"<w:pPr>{layout}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
        for identity, name, base, layout, letters in _STYLES
    )
    return f"<w:styles {_NS}>{defaults}{normal}{own}</w:styles>"


def _core(outline: Outline) -> str:
    stamp = f"{outline.date}T00:00:00Z"
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{escape(outline.title)}</dc:title>'
        f"<dc:language>{outline.language}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified></cp:coreProperties>'
    )


_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"


def _content_types(charts: int) -> str:
    drawn = "".join(
        f'<Override PartName="/word/charts/chart{number}.xml" ContentType="{_CHART}"/>' for number in range(1, charts + 1)
    )
    return _CONTENT_TYPES.replace("</Types>", f"{drawn}</Types>")


def _document_rels(charts: int) -> str:
    drawn = "".join(
        f'<Relationship Id="rIdChart{number}" Type="{_REL}chart" Target="charts/chart{number}.xml"/>'
        for number in range(1, charts + 1)
    )
    return _DOCUMENT_RELS.replace("</Relationships>", f"{drawn}</Relationships>")


_CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}{kind}+xml"/>'
        for name, kind in (
            ("document", "document.main"), ("styles", "styles"), ("settings", "settings"), ("header1", "header"), ("footer1", "footer"),
        )
    )
    + '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)  # fmt: skip
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_REL}officeDocument" Target="word/document.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>'
)
_DOCUMENT_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    + "".join(
        f'<Relationship Id="rId{number}" Type="{_REL}{kind}" Target="{target}"/>'
        for number, kind, target in (
            (1, "styles", "styles.xml"), (2, "settings", "settings.xml"), (3, "header", "header1.xml"), (4, "footer", "footer1.xml"),
        )
    )
    + "</Relationships>"
)  # fmt: skip

"""DOCX written directly as XML: real styles, contents field, header and footer with page numbers, language and direction tags."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from intake.compilation.nodes import Contents, Cover, Facts, Heading, Line, Node, Outline, Quoted, Table, Told
from intake.compilation.renderers import docx_chart, docx_parts
from intake.model.text import Block, BlockKind, Run

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STYLE = {"note": "Note", "source": "Note", "marker": "Marker", "draft": "Draft", "item": "ListItem", "numbered": "Numbered"}
_EASTERN = {"ja": "ja-JP", "ko": "ko-KR"}
"""Which forms of the characters that Chinese, Japanese and Korean share are wanted; else those of simplified Chinese."""
_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def render(outline: Outline) -> bytes:
    """One .docx; the same outline gives the same octets."""
    charts = [node for node in outline.nodes if isinstance(node, Table) and node.bars]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in docx_parts.parts(outline, len(charts)):
            _member(box, name, (content,))
        for number, node in enumerate(charts, 1):
            _member(box, f"word/charts/chart{number}.xml", (docx_chart.chart(node, outline),))
        _member(box, "word/document.xml", _document(outline))
    return buffer.getvalue()


def _member(box: zipfile.ZipFile, name: str, pieces: Iterable[str]) -> None:
    """A member written piece by piece: the whole of a long document never stands in memory."""
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    with box.open(info, "w") as handle:
        for piece in pieces:
            handle.write(piece.encode("utf-8"))


def _document(outline: Outline) -> Iterator[str]:
    yield docx_parts.DOCUMENT_HEAD
    numbers = iter(range(1, 1_000_000_000))
    charts = 0
    for node in outline.nodes:
        yield from _node(node, outline, numbers)
        if isinstance(node, Table) and node.bars:
            charts += 1
            yield paragraph("Chart", docx_chart.inline(node, charts))
    yield docx_parts.document_tail(outline)


def say(text: str) -> str:
    """Text that XML 1.0 allows; overrides of direction are shown, not obeyed."""
    text = _ILLEGAL.sub("\ufffd", text)
    return escape("".join("\ufffd" if char in "\u202a\u202b\u202d\u202e" else char for char in text))


def paragraph(style: str, runs: str, *, rtl: bool = False, extra: str = "") -> str:
    """A paragraph of a style."""
    bidi = "<w:bidi/>" if rtl else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{bidi}{extra}</w:pPr>{runs}</w:p>'


def run(text: str, language: str, *, bold: bool = False, italic: bool = False, struck: bool = False) -> str:
    """A run with its language; line ends become breaks; right-to-left text is marked as such."""
    rtl = bool(_RTL.search(text))
    marks = ("<w:b/><w:bCs/>" if bold else "") + ("<w:i/><w:iCs/>" if italic else "") + ("<w:strike/>" if struck else "")
    marks += "<w:rtl/>" if rtl else ""
    tag = language or "en"
    lang = f'<w:lang w:val="{tag}" w:eastAsia="{_EASTERN.get(tag, "zh-CN")}" w:bidi="{tag if rtl else "ar-SA"}"/>'
    pieces = say(text).split("\n")
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{piece}</w:t>' for piece in pieces)
    return f"<w:r><w:rPr>{marks}{lang}</w:rPr>{words}</w:r>"


def _node(node: Node, outline: Outline, numbers: Iterator[int]) -> Iterator[str]:
    language, rtl = outline.language, outline.direction == "rtl"
    if isinstance(node, Cover):
        yield from _cover(node, outline, rtl)
    elif isinstance(node, Contents):
        yield paragraph("ContentsTitle", run(node.title, language), rtl=rtl)
        yield from _contents(node, outline, rtl)
    elif isinstance(node, Heading):
        mark = next(numbers)
        runs = f'<w:bookmarkStart w:id="{mark}" w:name="{_bookmark(node.anchor)}"/>{run(node.text, language)}<w:bookmarkEnd w:id="{mark}"/>'
        yield paragraph(f"Heading{node.level}", runs, rtl=rtl, extra="<w:pageBreakBefore/>" if node.fresh else "")
    elif isinstance(node, Line):
        style = _STYLE.get("numbered" if node.label else node.style, "BodyText")
        label = run(f"{node.label}\t", language) if node.label else run("–\t", language) if node.style == "item" else ""
        yield paragraph(style, label.replace("\t</w:t>", "</w:t><w:tab/>") + run(node.text, language), rtl=rtl)
    elif isinstance(node, Quoted):
        yield paragraph("Question", run(node.text, node.language), rtl=node.direction == "rtl")
    elif isinstance(node, Facts):
        for label, value in node.pairs:
            yield paragraph("Facts", run(f"{label}{outline.colon}", language, bold=True) + run(value, language), rtl=rtl)
    elif isinstance(node, Table):
        yield paragraph("Caption", run(node.caption, language), rtl=rtl)
        widths = node.widths or ((7, 3) if len(node.head) == 2 else ())  # a label and a number
        yield _table([node.head, *node.rows], language, rtl, head=True, total=node.total, widths=widths)
        yield paragraph("BodyText", "")
    elif isinstance(node, Told):
        yield from _told(node)


def _bookmark(anchor: str) -> str:
    return "_" + re.sub(r"[^A-Za-z0-9]", "_", anchor)[:38]


def _cover(node: Cover, outline: Outline, rtl: bool) -> Iterator[str]:
    language = outline.language
    left = paragraph("CoverText", run(node.group, language, bold=True), rtl=rtl)
    left += paragraph("CoverText", run(node.meeting, language), rtl=rtl) if node.meeting else ""
    right = "".join(
        paragraph("CoverText", run(text, language, bold=bold), rtl=rtl)
        for text, bold in ((node.document, True), (node.date, False), (node.original, False))
    )
    yield docx_parts.layout_table(left, right, rtl)
    yield paragraph("Title", run(node.title, language), rtl=rtl)
    if node.topic:
        yield paragraph("Subtitle", run(node.topic, language), rtl=rtl)
    for label, value in node.facts:
        yield paragraph("Facts", run(f"{label}{outline.colon}", language, bold=True) + run(value, language), rtl=rtl)
    if node.box:
        inner = "".join(
            paragraph("BoxLabel", run(label, language), rtl=rtl) + paragraph("BoxText", run(text, language), rtl=rtl)
            for label, text in node.box
        )
        yield docx_parts.table(docx_parts.row(docx_parts.cell(inner), head=False), (1,), rtl)


def _contents(node: Contents, outline: Outline, rtl: bool) -> Iterator[str]:
    """The contents field, filled with what is there. Each line refers to its page; what it shows until a word processor updates it is
    the page that one has told us, or a dash."""
    told = {line.anchor: line.place for line in node.lines}
    entries = [node for node in outline.nodes if isinstance(node, Heading) and node.level <= 2]
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    for index, entry in enumerate(entries):
        mark = _bookmark(entry.anchor)
        page = (
            f'<w:r><w:tab/></w:r><w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve"> PAGEREF {mark} \\h '
            f'</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{told.get(entry.anchor, "–")}</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
        link = f"<w:hyperlink w:anchor={quoteattr(mark)}>{run(entry.text, outline.language)}{page}</w:hyperlink>"
        runs = (begin if index == 0 else "") + link + (end if index == len(entries) - 1 else "")
        yield paragraph(f"TOC{entry.level}", runs, rtl=rtl)


def _table(
    rows: Sequence[Sequence[str]], language: str, rtl: bool, *, head: bool, total: bool, widths: Sequence[int] = ()
) -> str:
    out = []
    for index, row in enumerate(rows):
        first, last = head and index == 0, total and index == len(rows) - 1
        cells = "".join(
            docx_parts.cell(paragraph("TableText", run(text, language, bold=first or last), rtl=rtl), shaded=first)
            for text in row
        )
        out.append(docx_parts.row(cells, head=first))
    return docx_parts.table("".join(out), widths or (1,) * max((len(row) for row in rows), default=1), rtl)


def _told(node: Told) -> Iterator[str]:
    rtl = node.direction == "rtl"
    rows: list[Block] = []
    for block in (*node.blocks, None):
        if block is not None and block.kind is BlockKind.TABLE_ROW:
            rows.append(block)
            continue
        if rows:
            yield _told_table(rows, node.language, rtl)
            yield paragraph("Response", "")
            rows = []
        if block is None:
            break
        style = {BlockKind.HEADING: "ResponseHeading", BlockKind.LIST_ITEM: "ResponseList"}.get(block.kind, "Response")
        style = "Translation" if node.of == "translation" else style
        deeper = style == "ResponseList" and block.level > 1
        indent = f'<w:ind w:start="{454 + 284 * (min(block.level, 6) - 1)}" w:hanging="284"/>' if deeper else ""
        yield paragraph(style, _runs(block.runs, node.language), rtl=rtl, extra=indent)


def _told_table(rows: Sequence[Block], language: str, rtl: bool) -> str:
    width = max(len(block.cells) for block in rows)
    out = []
    for block in rows:
        cells = [paragraph("TableText", _runs(cell, language), rtl=rtl) for cell in block.cells]
        cells += [paragraph("TableText", "", rtl=rtl)] * (width - len(cells))
        out.append(docx_parts.row("".join(docx_parts.cell(content) for content in cells), head=False))
    return docx_parts.table("".join(out), (1,) * width, rtl)


def _runs(runs: Sequence[Run], language: str) -> str:
    return "".join(run(item.text, language, bold=item.bold, italic=item.italic, struck=item.struck) for item in runs)

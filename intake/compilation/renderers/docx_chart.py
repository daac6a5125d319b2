"""Bar charts of a DOCX: drawn by the word processor from the numbers of the table above (ECMA-376 part 1, 21.2), no picture, no workbook."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from intake.compilation.nodes import Outline, Table

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_BAR_EMU, _HEAD_EMU, _WIDTH_EMU = 230_000, 320_000, 5_900_000


def pairs(node: Table) -> list[tuple[str, int]]:
    """Label and number of each bar; the total is none."""
    rows = node.rows[:-1] if node.total else node.rows
    return [(row[0], int(row[-1])) for row in rows if row[-1].isdigit()]


def inline(node: Table, number: int) -> str:
    """The run that holds a chart; its text alternative says all its numbers."""
    said = quoteattr(f"{node.caption}: " + "; ".join(f"{label} {value}" for label, value in pairs(node)))
    height = _HEAD_EMU + _BAR_EMU * max(1, len(pairs(node)))
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_WP}" distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{_WIDTH_EMU}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name="Chart {number}" descr={said}/><wp:cNvGraphicFramePr/>'
        f'<a:graphic xmlns:a="{_A}"><a:graphicData uri="{_C}"><c:chart xmlns:c="{_C}" xmlns:r="{_R}" r:id="rIdChart{number}"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def chart(node: Table, outline: Outline) -> str:
    """The chart's own part: one series of horizontal bars, first row on top, from the side where reading begins."""
    found = pairs(node)
    rtl = outline.direction == "rtl"
    labels = "".join(f'<c:pt idx="{index}"><c:v>{escape(label)}</c:v></c:pt>' for index, (label, _) in enumerate(found))
    values = "".join(f'<c:pt idx="{index}"><c:v>{value}</c:v></c:pt>' for index, (_, value) in enumerate(found))
    count = f'<c:ptCount val="{len(found)}"/>'
    side = "r" if rtl else "l"
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}"><c:roundedCorners val="0"/><c:chart>'
        '<c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        '<c:ser><c:idx val="0"/><c:order val="0"/><c:spPr><a:solidFill><a:srgbClr val="0B4F8A"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
        f"<c:cat><c:strLit>{count}{labels}</c:strLit></c:cat><c:val><c:numLit><c:formatCode>0</c:formatCode>{count}{values}</c:numLit></c:val></c:ser>"
        '<c:dLbls><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbls><c:gapWidth val="40"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{side}"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:crossAx val="2"/></c:catAx>'
        f'<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="{"maxMin" if rtl else "minMax"}"/><c:min val="0"/></c:scaling><c:delete val="1"/>'
        '<c:axPos val="t"/><c:numFmt formatCode="0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="none"/>'
        '<c:crossAx val="1"/></c:valAx></c:plotArea><c:plotVisOnly val="1"/></c:chart></c:chartSpace>'
    )

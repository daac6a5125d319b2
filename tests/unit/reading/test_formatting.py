"""Emphasis and links of DOCX and ODT, of their own and by their styles; white letters; lists that begin anew; in six languages."""

from __future__ import annotations

import pytest

from intake.model.mail import Part
from intake.model.text import BlockKind
from tests.unit.reading.test_states import ANY, docx, odt, read, zipped

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SIX = ["نؤيد", "我们支持", "We agree", "Nous soutenons", "Мы поддерживаем", "Apoyamos"]
STYLES = f"""<w:styles xmlns:w="{W}">
<w:style w:styleId="Strong"><w:rPr><w:b/></w:rPr></w:style><w:style w:styleId="Mine"><w:basedOn w:val="Strong"/></w:style>
<w:style w:styleId="Slant"><w:rPr><w:i/></w:rPr></w:style><w:style w:styleId="Heading1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="Heading1"/></w:style>
<w:style w:styleId="Dark"><w:pPr><w:shd w:val="clear" w:fill="1F3864"/></w:pPr></w:style></w:styles>"""
LINKS = (
    '<Relationships xmlns="x"><Relationship Id="rId9" TargetMode="External" Target="https://example.org/paper"/>'
    '<Relationship Id="rId8" Target="media/a.png"/></Relationships>'
)
STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
FO = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"


def word(body: str, **more: str) -> Part:
    members = {"word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{R}">{body}</w:document>', "word/styles.xml": STYLES}
    return read("a.docx", ANY, zipped({**members, "word/_rels/document.xml.rels": LINKS, **more}))


def run(words: str, marks: str = "") -> str:
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def open_document(styles: str, body: str) -> Part:
    head = f'<s:styles xmlns:s="{STYLE}" xmlns:f="{FO}">{styles}</s:styles>'
    return read("a.odt", ANY, odt(f'{head}<x xmlns:l="http://www.w3.org/1999/xlink">{body}</x>'))


def looks(part: Part) -> list[tuple[str, str]]:
    return [
        (run.text, "b" * run.bold + "i" * run.italic + "s" * run.struck + (run.link or ""))
        for block in part.blocks
        for run in (*block.runs, *(run for cell in block.cells for run in cell))
    ]


@pytest.mark.parametrize("words", SIX)
def test_emphasis_and_links_of_word(words: str) -> None:
    def of(marks: str, paragraph: str = "") -> list[tuple[str, str]]:
        return looks(word(f"<w:body><w:p><w:pPr>{paragraph}</w:pPr>{run('x ')}{run(words, marks)}</w:p></w:body>"))

    assert of("<w:b/>") == [("x ", ""), (words, "b")]
    assert of('<w:rStyle w:val="Mine"/>') == [("x ", ""), (words, "b")]
    assert of('<w:rtl/><w:bCs/><w:b w:val="0"/>') == [("x ", ""), (words, "b")]
    assert of('<w:bCs/><w:b w:val="0"/>') == [("x ", ""), (words, "")]
    assert of('<w:i w:val="0"/>', '<w:pStyle w:val="Slant"/>') == [("x ", "i"), (words, "")]
    assert of("", '<w:pStyle w:val="Heading1"/>') == [("x ", ""), (words, "")]
    field = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>"
    asked = "<w:r><w:instrText> HYPERLINK &quot;https://example.org/f&quot; \\h </w:instrText></w:r>"
    for source, link in (
        (f'<w:hyperlink r:id="rId9">{run(words)}</w:hyperlink>', "https://example.org/paper"),
        (f'<w:hyperlink r:id="rId9"><w:ins>{run(words)}</w:ins></w:hyperlink>', "https://example.org/paper"),
        (f'<w:hyperlink r:id="rId8">{run(words)}</w:hyperlink>', ""),
        (field.format("begin") + asked + field.format("separate") + run(words) + field.format("end"), "https://example.org/f"),
    ):
        assert looks(word(f"<w:body><w:p>{run('x ')}{source}{run(' y')}</w:p></w:body>")) == [
            ("x ", ""),
            (words, link),
            (" y", ""),
        ]


@pytest.mark.parametrize("words", SIX)
def test_emphasis_and_links_of_open_document(words: str) -> None:
    styles = (
        '<s:style s:name="B"><s:text-properties f:font-weight="bold"/></s:style><s:style s:name="C" s:parent-style-name="B"/>'
        '<s:style s:name="A"><s:text-properties s:font-weight-complex="bold"/></s:style>'
        '<s:style s:name="I"><s:text-properties f:font-style="italic"/></s:style>'
        '<s:style s:name="N"><s:text-properties f:font-weight="normal"/></s:style>'
    )
    for name, mark in (("B", "b"), ("C", "b"), ("A", "b"), ("I", "i"), ("N", "")):
        body = f'<t:p>x <t:span t:style-name="{name}">{words}</t:span></t:p>'
        assert looks(open_document(styles, body)) == [("x ", ""), (words, mark)], name
    inside = f'<t:p t:style-name="C">x <t:span t:style-name="I">{words}</t:span><t:span t:style-name="N">y</t:span></t:p>'
    assert looks(open_document(styles, inside)) == [("x ", "b"), (words, "bi"), ("y", "")]
    link = f'<t:p>x <t:a l:href="https://example.org/p">{words}</t:a> y</t:p>'
    assert looks(open_document("", link)) == [("x ", ""), (words, "https://example.org/p"), (" y", "")]
    assert looks(open_document(styles, f'<t:h t:style-name="B" t:outline-level="1">{words}</t:h>')) == [(words, "")]


WHITE = '<w:color w:val="FFFFFF"/>'


@pytest.mark.parametrize(
    ("marks", "paragraph", "seen"),
    [
        (WHITE, "", False),
        ('<w:color w:val="FEFEFE"/>', "", False),
        (WHITE + '<w:highlight w:val="black"/>', "", True),
        (WHITE + '<w:shd w:val="clear" w:fill="000000"/>', "", True),
        (WHITE + '<w:shd w:val="clear" w:fill="FFFFFF"/>', "", False),
        (WHITE, '<w:shd w:val="clear" w:fill="1F3864"/>', True),
        (WHITE, '<w:pStyle w:val="Dark"/>', True),
        ('<w:color w:val="auto"/>', "", True),
    ],
)
def test_white_letters_on_white_are_hidden_and_on_a_ground_are_not(marks: str, paragraph: str, seen: bool) -> None:
    for words in SIX:
        part = word(f"<w:body><w:p><w:pPr>{paragraph}</w:pPr>{run('SEEN ')}{run(words, marks)}</w:p></w:body>")
        assert (words in part.text) is seen
        assert (words in part.hidden) is not seen


def test_white_letters_in_cells_boxes_and_on_dark_pages_are_seen() -> None:
    paragraph = f"<w:p>{run('Head', WHITE)}</w:p>"
    cell = "<w:tbl>{}<w:tr><w:tc>{}" + paragraph + "</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    dark = '<w:tcPr><w:shd w:val="clear" w:fill="000000"/></w:tcPr>'
    styled = '<w:tblPr><w:tblStyle w:val="GridTable4"/></w:tblPr>'
    for body in (
        f"<w:body>{cell.format('', dark)}</w:body>",
        f"<w:body>{cell.format(styled, '')}</w:body>",
        f"<w:body><w:p><w:r><w:drawing><w:txbxContent>{paragraph}</w:txbxContent></w:drawing></w:r></w:p></w:body>",
        f'<w:background w:color="000000"/><w:body>{paragraph}</w:body>',
    ):
        assert word(body).text.strip() == "Head"
    assert word(f"<w:body>{cell.format('', '')}<w:p>{run('x')}</w:p></w:body>").hidden == "Head"


def test_white_letters_of_open_document() -> None:
    styles = (
        '<s:style s:name="W"><s:text-properties f:color="#ffffff"/></s:style>'
        '<s:style s:name="D"><s:text-properties f:color="#ffffff" f:background-color="#000000"/></s:style>'
        '<s:style s:name="P"><s:paragraph-properties f:background-color="#1f3864"/></s:style>'
    )
    part = open_document(
        styles,
        '<t:p>SEEN <t:span t:style-name="W">gone</t:span> <t:span t:style-name="D">one</t:span></t:p><t:p t:style-name="P"><t:span '
        't:style-name="W">two</t:span></t:p><z:table-row xmlns:z="z"><z:table-cell><t:p t:style-name="W">three</t:p></z:table-cell>'
        "</z:table-row>",
    )
    assert (part.text.split(), part.hidden) == (["SEEN", "one", "two", "three"], "gone")


def test_a_list_that_begins_anew_is_numbered_anew_and_styles_pass_lists_and_headings_on() -> None:
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="0"/>{override}</w:num></w:numbering>'
    )
    styles = STYLES.replace(
        "</w:styles>",
        '<w:style w:styleId="L"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="M"><w:basedOn w:val="L"/></w:style></w:styles>',
    )

    def item(number: int) -> str:
        return f'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr></w:pPr>{run("x")}</w:p>'

    body = "".join(map(item, (1, 1, 2, 2))) + f'<w:p><w:pPr><w:pStyle w:val="M"/></w:pPr>{run("x")}</w:p>'
    body += f'<w:p><w:pPr><w:pStyle w:val="Own"/></w:pPr>{run("y")}</w:p>'
    part = word(f"<w:body>{body}</w:body>", **{"word/numbering.xml": numbering, "word/styles.xml": styles})
    assert [block.label for block in part.blocks] == ["1.", "2.", "1.", "2.", "3.", ""]
    assert part.blocks[-1].kind is BlockKind.HEADING


def test_links_stay_within_the_document_s_own_list() -> None:
    assert looks(read("b.docx", ANY, docx(f'<w:p><w:hyperlink xmlns:r="{R}" r:id="rId1">{run("x")}</w:hyperlink></w:p>'))) == [
        ("x", "")
    ]

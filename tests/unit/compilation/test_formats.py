"""What the formats promise: a PDF for the archive, a DOCX with real styles and charts, nothing of the shell in the wrong language."""

from __future__ import annotations

import io
import json
import zipfile

import docx
import pikepdf
import pytest
from lxml import etree
from msgspec.structs import replace

from intake.compilation.outline import outline_of
from intake.compilation.renderers.docx import render
from intake.compilation.renderers.pdf import pages_of, typst_data
from intake.doors.press import TypstPress
from intake.doors.share import InstalledShare
from intake.model.outline import Facts, Heading, Table
from intake.model.round import LANGUAGES
from intake.wiring import load_words
from tests.fakes.small_editions import full_edition

SHARE = InstalledShare()
SOURCE = SHARE.text("templates", "compilation", "compilation.typ")
WORDS = load_words(SHARE)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.mark.parametrize("archive", [False, True])
def test_the_pdf_is_for_all_readers_and_on_request_for_the_archive(archive: bool) -> None:
    outline = outline_of(full_edition("ar"), WORDS["ar"])
    raw = TypstPress(archive=archive).typeset(SOURCE, typst_data(outline)).pdf
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        with pdf.open_metadata() as data:
            assert data.get("pdfuaid:part") == "1"
            assert (data.get("pdfaid:part"), data.get("pdfaid:conformance")) == (("2", "A") if archive else (None, None))
        kinds = {
            str(item.get("/S")) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item and "/P" in item
        }
        assert str(pdf.Root.Lang) == "ar"
        assert str(pdf.Root.ViewerPreferences.get("/Direction", "/R2L")) == "/R2L"
    assert {"/H1", "/H2", "/H3", "/Table", "/TR", "/TH", "/TD", "/P", "/TOC", "/TOCI", "/Caption"} <= kinds
    count, places = pages_of(raw, outline)
    assert sorted(places) == sorted(node.anchor for node in outline.nodes if isinstance(node, Heading) and node.level <= 2)
    assert count > 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_docx_has_styles_contents_numbers_of_pages_and_a_chart_for_each_table_of_figures(language: str) -> None:
    outline = outline_of(full_edition(language), WORDS[language])
    raw = render(outline)
    document = docx.Document(io.BytesIO(raw))
    used = {paragraph.style.name for paragraph in document.paragraphs}
    assert {
        "Heading 1",
        "Heading 2",
        "Heading 3",
        "Title",
        "toc 1",
        "Numbered Paragraph",
        "List Item",
        "Translation",
        "Response",
    } <= used
    with zipfile.ZipFile(io.BytesIO(raw)) as box:
        parts = {name: box.read(name) for name in box.namelist()}
    for name, content in parts.items():
        assert etree.fromstring(content) is not None, name
    charts = [name for name in parts if name.startswith("word/charts/")]
    assert len(charts) == sum(isinstance(node, Table) and node.bars for node in outline.nodes) == 5
    body = parts["word/document.xml"].decode("utf-8")
    assert body.count("<c:chart ") == 5
    assert 'descr="' in body
    assert b"PAGE" in parts["word/footer1.xml"]
    assert b"NUMPAGES" in parts["word/footer1.xml"]
    assert ("<w:bidi/>" in body.partition("TOC ")[0]) == (language == "ar")
    ids = [mark.get(f"{W}id") for mark in etree.fromstring(parts["word/document.xml"]).iter(f"{W}bookmarkStart")]
    assert len(set(ids)) == len(ids)


def test_one_edition_gives_the_same_octets_twice() -> None:
    outlines = [outline_of(full_edition("ru"), WORDS["ru"]) for _ in range(2)]
    assert render(outlines[0]) == render(outlines[1])
    first, second = (TypstPress().typeset(SOURCE, typst_data(outline)).pdf for outline in outlines)
    assert first == second


def test_a_name_of_a_file_can_be_parted_in_its_column_and_a_hash_stays_whole() -> None:
    """Places to part stand after the marks of a name; without them the words are the same."""
    name, sha = "Respuestas_Mexico_cuestionario-final.xlsx", "0a" * 32
    outline = replace(
        outline_of(full_edition("en"), WORDS["en"]),
        nodes=(Table(caption="c", head=("a", "b"), rows=((name, sha),)), Facts(pairs=(("hash", sha), ("file", "x" * 70)))),
    )
    nodes = json.loads(typst_data(outline))["nodes"]
    (shown, whole), ((_, same), (_, long)) = nodes[0]["rows"][0], nodes[1]["pairs"]
    assert shown.split("\u200b") == ["Respuestas_", "Mexico_", "cuestionario-", "final.", "xlsx"]
    assert (whole, same) == (sha, sha)
    assert long.replace("\u200b", "") == "x" * 70 != long

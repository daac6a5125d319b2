"""The word processor lays a DOCX of ours out; its contents then say the pages on which the headings stand."""

from __future__ import annotations

import io
import re
import shutil
import zipfile

import pypdfium2
import pytest

from intake.compilation.outline import outline_of
from intake.compilation.renderers import docx
from intake.doors.share import InstalledShare
from intake.doors.word_processor import LibreOffice
from intake.model.outline import Heading
from intake.pipeline.printing import docx_file
from intake.wiring import load_words
from tests.fakes.small_editions import full_edition

WORDS = load_words(InstalledShare())
needs_it = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def contents_of(raw: bytes) -> dict[str, str]:
    """Bookmark -> what the contents show as its page."""
    with zipfile.ZipFile(io.BytesIO(raw)) as box:
        text = box.read("word/document.xml").decode("utf-8")
    return dict(re.findall(r" PAGEREF (\S+) \\h </w:instrText>.*?separate\"/></w:r><w:r><w:t>([^<]*)</w:t>", text))


@needs_it
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_contents_say_where_a_heading_is_found(language: str) -> None:
    outline = outline_of(full_edition(language), WORDS[language])
    raw = docx_file(outline, LibreOffice())
    shown = contents_of(raw)
    laid_out = LibreOffice().laid_out(raw)
    assert laid_out is not None
    pages = ["".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(laid_out)]
    headings = [node for node in outline.nodes if isinstance(node, Heading) and node.level <= 2]
    assert len(shown) == len(headings) > 10
    for heading, place in zip(headings, shown.values(), strict=True):
        if language == "fr" and not re.search("[\u0600-\u06ff]", heading.text):  # a line of two directions is read back turned
            assert "".join(heading.text.partition("–")[0].split()) in pages[int(place) - 1]
    numbers = [int(place) for place in shown.values()]
    assert numbers == sorted(numbers)
    assert numbers[-1] > 3
    assert docx_file(outline, LibreOffice()) == raw


def test_without_a_word_processor_the_contents_show_a_dash() -> None:
    outline = outline_of(full_edition("en"), WORDS["en"])
    assert LibreOffice("no-such-program").laid_out(docx.render(outline)) is None
    assert set(contents_of(docx_file(outline, LibreOffice("no-such-program"))).values()) == {"–"}
    assert docx_file(outline, None) == docx.render(outline)


@needs_it
def test_one_that_takes_too_long_is_given_up() -> None:
    assert LibreOffice(wall_s=0.01).laid_out(docx.render(outline_of(full_edition("en"), WORDS["en"]))) is None

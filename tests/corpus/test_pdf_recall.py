"""The text of PDF files in six languages, made by several programs and, for Arabic, by hand as old producers draw it.

`python -m tests.corpus.test_pdf_recall` prints the table of docs/READING.md.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import typst
from docx.oxml import OxmlElement

from intake.reading.extractors.pdf import extract, normal
from intake.reading.limits import Limits
from tests.fakes.arabic_pdf import FASHIONS, Font, pdf
from tests.fakes.six_languages import ANSWERS, recall

ENOUGH = 0.97
FONTS = "Noto Naskh Arabic", "Noto Sans", "Noto Sans CJK SC"
MANY = 5
TWICE = 3
"""How often the answers stand in a file: so that lines break in several ways."""


def arabic_font() -> Path | None:
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path(sys.prefix) / "share/fonts")
    return next((path for folder in folders for path in folder.rglob("NotoNaskhArabic-Regular.ttf")), None)


needs_font = pytest.mark.skipif(arabic_font() is None, reason="no Noto Naskh Arabic here (make fonts)")


def by_typst(folder: Path, language: str, columns: int) -> bytes:
    names = ", ".join(f'"{name}"' for name in FONTS)
    words = "\n\n".join(f"#text({_quoted(text)})" for text in ANSWERS[language] * TWICE)
    source = folder / f"{language}-{columns}.typ"
    source.write_text(
        f'#set page(columns: {columns})\n#set text(font: ({names}), lang: "{language}")\n#set par(justify: true)\n{words}\n',
        "utf-8",
    )
    made = typst.compile(str(source), font_paths=[str(Path(sys.prefix) / "share/fonts")])
    assert isinstance(made, bytes)
    return made


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def by_office(folder: Path, language: str) -> bytes:
    """LibreOffice, from a Word file; Arabic paragraphs run from the right and are justified."""
    document = docx.Document()
    for text in ANSWERS[language] * TWICE:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(text)
        run.font.name = "Noto Sans"
        if language == "ar":
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
            run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))
    source = folder / f"{language}.docx"
    document.save(str(source))
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
    ]
    subprocess.run([*command, str(source)], capture_output=True, timeout=200, check=True)
    return source.with_suffix(".pdf").read_bytes()


def by_browser(folder: Path, language: str, fonts: tuple[str, ...] = FONTS) -> bytes:
    direction = "rtl" if language == "ar" else "ltr"
    style = f"font-family:{','.join(repr(name) for name in fonts)};text-align:justify"
    words = "".join(f"<p>{html.escape(text)}</p>" for text in ANSWERS[language] * TWICE)
    source = folder / f"{language}.html"
    source.write_text(f'<html lang="{language}" dir="{direction}"><meta charset="utf-8"><body style="{style}">{words}', "utf-8")
    target = source.with_suffix(".printed.pdf")
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--user-data-dir={folder}/browser",
    ]
    subprocess.run([*command, f"--print-to-pdf={target}", source.as_uri()], capture_output=True, timeout=100, check=True)
    return target.read_bytes()


def found_in(data: bytes, language: str, times: int = TWICE) -> float:
    return recall("\n".join(ANSWERS[language] * times), extract(data, Limits()).text, language)


@needs_font
@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("language", ANSWERS)
def test_what_typst_sets(tmp_path: Path, language: str, columns: int) -> None:
    assert found_in(by_typst(tmp_path, language, columns), language) >= ENOUGH


@needs_font
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_libreoffice_prints(tmp_path: Path, language: str) -> None:
    assert found_in(by_office(tmp_path, language), language) >= ENOUGH


@needs_font
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium here")
@pytest.mark.parametrize("language", ["ar", "zh"])
def test_what_a_browser_prints(tmp_path: Path, language: str) -> None:
    assert found_in(by_browser(tmp_path, language), language) >= ENOUGH


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium here")
@pytest.mark.parametrize("face", ["Noto Sans Arabic", "Noto Naskh Arabic", "DejaVu Sans", "Amiri"])
def test_a_mark_on_lam_alef_is_said_once_and_parts_no_word(tmp_path: Path, face: str) -> None:
    """A browser draws the mark first, with all the letters of its cluster beside it, and then the letters that bear it. Where the
    face is not there, the browser takes another: the words must come out all the same."""
    words = extract(by_browser(tmp_path, "ar", (face,)), Limits()).text.split()
    for word in ("أولاً", "شاملاً", "كاملاً", "عاجلاً", "فضلاً", "حقٌّ"):
        assert words.count(word) == TWICE, word


DEJAVU = Path("/usr/share/fonts/truetype/dejavu")


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium here")
@pytest.mark.parametrize("face", ["DejaVu Sans", "DejaVu Sans Mono"])
def test_what_a_browser_prints_in_a_font_whose_boxes_are_its_ink(tmp_path: Path, face: str) -> None:
    if not (DEJAVU / f"{face.replace(' ', '')}.ttf").exists():
        pytest.skip(f"no {face} here")
    assert found_in(by_browser(tmp_path, "ar", (face,)), "ar") >= ENOUGH


@needs_font
@pytest.mark.parametrize("fashion", FASHIONS)
def test_arabic_comes_out_in_logical_order_however_it_is_drawn(fashion: str) -> None:
    path = arabic_font()
    assert path is not None
    # A program that knows no right to left puts a mark beside any letter: pages of many marks are not measured so.
    answers = [text for text in ANSWERS["ar"] if "backwards" not in fashion or len(re.findall("[\u064b-\u0652]", text)) < MANY]
    words = extract(pdf(answers, fashion, Font(path)), Limits()).text
    assert recall("\n".join(answers), words, "ar") >= ENOUGH
    assert words.index("الاستشارة") < words.index("الكابلات") < words.index("القرار") < words.index("دبي")


def measured() -> None:
    makers: dict[str, Callable[[Path, str], bytes]] = {
        "Typst, one column": lambda folder, language: by_typst(folder, language, 1),
        "Typst, two columns": lambda folder, language: by_typst(folder, language, 2),
        "LibreOffice": by_office,
        "Chromium": by_browser,
    }
    for name, make in makers.items():
        with tempfile.TemporaryDirectory() as folder:
            row = [f"{found_in(make(Path(folder), language), language):.3f}" for language in ANSWERS]
        sys.stdout.write(f"| {name} | {' | '.join(row)} |\n")
    path = arabic_font()
    for fashion in FASHIONS if path else ():
        sys.stdout.write(f"| by hand: {fashion} | {found_in(pdf(ANSWERS['ar'], fashion, Font(path)), 'ar', 1):.3f} |\n")


if __name__ == "__main__":
    measured()


@pytest.mark.parametrize(
    ("drawn", "wanted"),
    [
        ("سهلا،ً ثم", "سهلاً، ثم"),
        ("مثلا.ً", "مثلاً."),
        ("حق\u0651\u064c", "حق\u064c\u0651"),
        ("حق\u064c\u0651", "حق\u064c\u0651"),
        ("قال: \u064bx", "قال: \u064bx"),
    ],
)
def test_marks_stand_on_their_letter_in_one_order(drawn: str, wanted: str) -> None:
    assert normal(drawn) == wanted

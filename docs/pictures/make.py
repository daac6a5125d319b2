"""The pictures of docs/GUIDE.md, made from the sample values of the tests: `.venv/bin/python docs/pictures/make.py` in the checkout.

Needs Chromium (`chromium` on the path), poppler's pdftoppm and LibreOffice; nothing of it is needed to run the program.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from msgspec.structs import replace  # noqa: E402

from intake.casework.compliance import compliance_outline  # noqa: E402 - the checkout goes on the path first
from intake.casework.timetable import extensions, timetable  # noqa: E402
from intake.compilation.outline import outline_of  # noqa: E402
from intake.compilation.renderers import html  # noqa: E402
from intake.compilation.renderers.pdf import typst_data  # noqa: E402
from intake.compilation.words import Words, words_from  # noqa: E402
from intake.digest.sample import sample_digest  # noqa: E402
from intake.doors.press import TypstPress  # noqa: E402
from intake.doors.share import InstalledShare  # noqa: E402
from intake.doors.word_processor import LibreOffice  # noqa: E402
from intake.letters.compose import compose, sample_facts  # noqa: E402
from intake.model.edition import DigestRole  # noqa: E402
from intake.model.outline import Outline  # noqa: E402
from intake.model.record import LetterKind  # noqa: E402
from intake.model.round import LANGUAGES  # noqa: E402
from intake.model.synthesis import Kind  # noqa: E402
from intake.pipeline.daily import digest_letter  # noqa: E402
from intake.pipeline.printing import docx_file  # noqa: E402
from intake.synthesis.matrix import matrix_of  # noqa: E402
from intake.synthesis.outline import Document, document_outline  # noqa: E402
from intake.synthesis.points import check, points_from  # noqa: E402
from intake.synthesis.terms import terms_from  # noqa: E402
from intake.wiring import load_templates, load_words  # noqa: E402
from tests.fakes.points import POINTS  # noqa: E402
from tests.fakes.rounds import consultation, extend  # noqa: E402
from tests.fakes.small_editions import edition, full_edition  # noqa: E402

SHARE = InstalledShare()
OWN = {
    "letters/fr.toml": 'greeting = "Chère correspondante, cher correspondant,"\nclosing = "Avec nos meilleures salutations,"\n',
    "letters/letter.html.j2": SHARE.text("templates", "letters", "letter.html.j2")
    .replace('padding:1rem">', 'padding:1rem;border-top:8px solid #7a1f5c">', 1)
    .replace("#f2f5f8", "#f8f0f5"),
}


def telephone(name: str, pages: list[str], height: int, width: int = 390) -> None:
    """HTML pages side by side, each as wide as a telephone (Chromium's own window is never narrower than 500)."""
    with tempfile.TemporaryDirectory() as folder:
        frames = ""
        for number, page in enumerate(pages):
            (Path(folder) / f"{number}.html").write_text(page, "utf-8")
            style = f"width:{width}px;height:{height}px;border:0;background:#fff;margin:0 8px"
            frames += f'<iframe src="{number}.html" style="{style}"></iframe>'
        body = f'<body style="margin:8px 0;background:#8a94a0;white-space:nowrap;font-size:0">{frames}</body>'
        (Path(folder) / "all.html").write_text(body, "utf-8")
        size = f"--window-size={max(500, (width + 16) * len(pages))},{height + 16}"
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", size]
        target = f"--screenshot={HERE / name}"
        subprocess.run(["chromium", *options, target, f"file://{folder}/all.html"], check=True, capture_output=True, timeout=120)  # noqa: S607


def page_of(name: str, outline: Outline, page: int) -> None:
    """One page of a document's PDF."""
    pdf = TypstPress().typeset(SHARE.text("templates", "compilation", "compilation.typ"), typst_data(outline)).pdf
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        path.write_bytes(pdf)
        command = ["pdftoppm", "-png", "-r", "60", "-f", str(page), "-l", str(page), "-singlefile", str(path), str(HERE / name)]
        subprocess.run(command, check=True, timeout=120)


def pages(name: str, documents: Sequence[tuple[bytes, int, int]], columns: int, width: int = 330) -> None:
    """Pages side by side: (document, first page, last page) each; PDF octets."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (pdf, first, last) in enumerate(documents):
            (Path(folder) / f"{number}.pdf").write_bytes(pdf)
            command = [
                "pdftoppm",
                "-png",
                "-r",
                "72",
                "-f",
                str(first),
                "-l",
                str(last),
                f"{folder}/{number}.pdf",
                f"{folder}/{number:02}",
            ]
            subprocess.run(command, check=True, timeout=120, capture_output=True)
        drawn = sorted(Path(folder).glob("*.png"))
        style = f"width:{width - 10}px;margin:5px;vertical-align:top"
        body = "".join(f'<img src="{path.name}" style="{style}">' for path in drawn)
        (Path(folder) / "all.html").write_text(f'<body style="margin:0;background:#8a94a0;font-size:0">{body}</body>', "utf-8")
        rows = -(-len(drawn) // columns)
        size = f"--window-size={columns * width},{rows * int((width - 10) * 2**0.5 + 10)}"
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", size]
        command = ["chromium", *options, f"--screenshot={HERE / name}", f"file://{folder}/all.html"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def compilations(words: Mapping[str, Words]) -> None:
    """Every kind of page of a compilation: the covers in six languages, a whole one, one in Arabic, the DOCX in a word processor."""
    source = SHARE.text("templates", "compilation", "compilation.typ")
    made = {}
    for language in LANGUAGES:
        on = date(2026, 3, 2) if language in ("fr", "ar", "zh") else date(2017, 12, 24)
        outline = outline_of(replace(full_edition(language), released_on=on), words[language])
        made[language] = (outline, TypstPress().typeset(source, typst_data(outline)).pdf)
    pages("compilation-covers.png", [(made[language][1], 1, 1) for language in LANGUAGES], 3)
    pages("compilation-pages.png", [(made["en"][1], 1, 12)], 4)
    pages("compilation-arabic.png", [(made["ar"][1], 2, 9)], 4)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "compilation.docx"
        path.write_bytes(docx_file(made["ru"][0], LibreOffice()))
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", folder, str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        pages("compilation-docx.png", [((Path(folder) / "compilation.pdf").read_bytes(), 1, 8)], 4)
    telephone("compilation-html.png", [html.render(made[language][0]).decode("utf-8") for language in ("es", "ar", "zh")], 900)


def shell(language: str) -> Words:
    """The words of every paper."""
    table = SHARE.table("templates", "compilation", f"words.{language}.toml")
    for room in ("report", "synthesis"):
        table |= SHARE.table("templates", room, f"{language}.toml")
    return words_from(language, table)


def main() -> None:
    """All of them; with the word "compilation" those of the compilation alone."""
    templates, words = load_templates(SHARE), load_words(SHARE)
    compilations(words)
    if "compilation" in sys.argv[1:]:
        return
    digest = sample_digest()
    digest = replace(digest, needs_person=digest.needs_person[:3])
    letters = [digest_letter(digest, DigestRole.DESK, language, templates, words).html for language in ("en", "ar")]
    telephone("digest.png", letters, 900)
    acknowledgements = [
        compose(sample_facts(LetterKind.ACKNOWLEDGEMENT, language), templates).html for language in ("fr", "ar", "zh")
    ]
    telephone("letters.png", acknowledgements, 900)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in OWN.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        own = load_templates(InstalledShare(Path(folder)))
        facts = sample_facts(LetterKind.ACKNOWLEDGEMENT, "fr")
        telephone("own-words.png", [compose(facts, templates).html, compose(facts, own).html], 560)
    matrix = matrix_of(edition(), terms_from(SHARE.table("config", "terms.toml")))
    findings = check(*points_from(POINTS), edition(), matrix)
    document = Document(
        kind=Kind.SYNTHESIS_REPORT,
        edition=edition(),
        findings=findings,
        matrix=matrix,
        points_sha256="f" * 64,
        on=date(2018, 1, 6),
        number=0,
        released_by="A. Officer",
    )
    page_of("synthesis", document_outline(document, shell("en"), ["points_quoted", "uncited"]), 1)
    moved = [extend(1, date(2017, 12, 30), reason="demandée par plusieurs administrations")]
    days = timetable(consultation(), date(2018, 2, 1), moved, {"synthesis": date(2018, 1, 9)})
    sheet = compliance_outline(consultation(), days, extensions(consultation(), moved), date(2018, 2, 1), shell("fr"))
    page_of("compliance", sheet, 1)


if __name__ == "__main__":
    main()

"""The sample round whole, in simulated time: what it leaves is complete, reconciles, is the same twice, and tells nothing withheld."""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import json
import re
import shutil
import unicodedata
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import docx
import pikepdf
import pypdfium2
import pytest
from typer.testing import CliRunner

from intake.cli.app import app
from intake.cli.rehearse import read_arrivals
from intake.doors.share import InstalledShare
from intake.model.mail import Arrival, ChannelKind
from intake.reading.read_message import read_message
from intake.reading.trust import trust_of
from intake.reading.words import reading_words
from intake.settings import load_round
from intake.sorting.classify import classify
from intake.tools import load_tables

ROUND = Path(__file__).resolve().parents[2] / "config" / "demo"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("played")
    result = CliRunner().invoke(app, ["rehearse", str(ROUND), "--out", str(out)])
    assert result.exit_code == 0, result.output
    return out


def newest(played: Path) -> Path:
    return max((played / "compilation").iterdir(), key=lambda path: int(path.name.partition("-")[2]))


def squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def test_every_message_is_in_one_state_and_the_sums_hold(played: Path) -> None:
    """The ledger accounts for every arrival; tables add up to what is counted."""
    ledger = json.loads((played / "ledger.json").read_text("utf-8"))
    arrivals = [json.loads(line)["file"] for line in (ROUND / "arrivals.jsonl").read_text("utf-8").splitlines()]
    assert sorted(ledger["messages"]) == sorted(arrivals)
    for moment in ("before_decisions", "after_decisions"):
        counts = ledger[moment]
        assert counts["messages"] == len(arrivals)
        for table in ("by_category", "by_region", "by_language"):
            assert sum(counts[table].values()) == counts["counted"]
    counted = [item for item in ledger["responses"].values() if item["status"] == "counted"]
    assert len(counted) == ledger["after_decisions"]["counted"]


def test_one_letter_for_each_message_that_is_due_one(played: Path) -> None:
    """As many letters as the ledger says, each to the address it names, each by the rules of RFC 3834."""
    ledger = json.loads((played / "ledger.json").read_text("utf-8"))
    due = sorted(item["acknowledge"]["to"].lower() for item in ledger["messages"].values() if item["acknowledge"])
    letters = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in (played / "letters").iterdir()
    ]
    assert sorted(letter["To"].addresses[0].addr_spec.lower() for letter in letters) == due
    for letter in letters:
        assert letter["Auto-Submitted"] == "auto-replied"
        assert letter["X-Auto-Response-Suppress"] == "All"
        assert not list(letter.iter_attachments())
        assert letter.get_body(("plain",)) is not None


def test_rehearsed_twice_the_documents_are_the_same_octets(played: Path, tmp_path: Path) -> None:
    """The same mail, decisions and clock give the same files, in every format."""
    result = CliRunner().invoke(app, ["rehearse", str(ROUND), "--out", str(tmp_path)])
    assert result.exit_code == 0
    one = {path.relative_to(played): path.read_bytes() for path in (played / "compilation").rglob("*.*")}
    two = {path.relative_to(tmp_path): path.read_bytes() for path in (tmp_path / "compilation").rglob("*.*")}
    assert one == two
    assert len(one) >= 5


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_every_revisions_docx_says_on_which_pages_its_headings_stand(played: Path) -> None:
    """No dash in the contents of any: it is the file that people open."""
    for folder in (played / "compilation").iterdir():
        with zipfile.ZipFile(folder / "compilation.docx") as held:
            text = held.read("word/document.xml").decode()
        pages = re.findall(r"PAGEREF .*?separate.*?<w:t>(.*?)</w:t>", text)
        assert len(pages) > 20
        assert all(page.isdecimal() for page in pages)
        assert list(map(int, pages)) == sorted(map(int, pages))


def test_the_pdf_is_tagged_has_a_title_and_all_six_scripts(played: Path) -> None:
    """PDF/UA-1 by its own mark; words of every language can be taken out again."""
    raw = (newest(played) / "compilation.pdf").read_bytes()
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as data:
            assert data.get("pdfuaid:part") == "1"
            assert "Compilation" in str(data.get("dc:title"))
    document = pypdfium2.PdfDocument(raw)
    text = squeezed("".join(page.get_textpage().get_text_bounded() for page in document))
    for word in ("obstacles", "villages", "библиотек", "学校", "الإنترنت", "bibliotecas"):
        assert squeezed(word) in text, word


def test_the_docx_opens_with_real_styles_and_directions(played: Path) -> None:
    """A word processor's own reader finds headings, tables, right-to-left paragraphs and languages."""
    path = newest(played) / "compilation.docx"
    document = docx.Document(str(path))
    styles = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Heading 1", "Heading 2", "Heading 3", "Title"} <= styles
    assert len(document.tables) >= 6
    xml = zipfile.ZipFile(path).read("word/document.xml").decode("utf-8")
    assert "<w:bidi/>" in xml
    for language in ("ar", "zh", "en", "fr", "ru", "es"):
        assert f'w:val="{language}"' in xml, language
    assert "TOC \\o" in xml


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.outside: list[str] = []
        self.languages: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "a":
            self.links.append(str(values.get("href")))
        if "src" in values or tag in ("script", "iframe", "object", "link"):
            self.outside.append(tag)
        if values.get("lang"):
            self.languages.add(str(values["lang"]))


def test_the_html_has_headings_in_order_anchors_that_resolve_and_nothing_from_outside(played: Path) -> None:
    """One h1, no level skipped, every link inside, languages of the responses marked."""
    page = _Page()
    page.feed((newest(played) / "compilation.html").read_text("utf-8"))
    assert page.levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.levels, page.levels[1:], strict=False))
    assert len(set(page.ids)) == len(page.ids)
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert not page.outside
    assert {"ar", "zh", "ru", "es", "fr"} <= page.languages


def withheld_words() -> list[str]:
    """What the program proposes to withhold in the sample round, from the messages themselves."""
    consultation = load_round(ROUND / "round.toml", strict=False)
    share = InstalledShare()
    words, tables = reading_words(share.table("config", "reading.toml")), load_tables(share)
    found = []
    for item in read_arrivals(ROUND):
        reading = read_message(item.raw, words)
        trust = trust_of(reading, consultation.channels.trusted_hosts, item.internaldate)
        arrival = Arrival(
            key=reading.sha256,
            sequence=0,
            channel=ChannelKind.ADDRESS,
            internaldate=item.internaldate,
            reading=reading,
            trust=trust,
        )
        verdict = classify(arrival, consultation, tables)
        for proposal in verdict.withheld:
            part = next((part for part in reading.parts if part.path == proposal.part), None)
            text = reading.text if not proposal.part else part.text if part else ""
            piece = text if proposal.start == proposal.end == 0 else text[proposal.start : proposal.end]
            found += [squeezed(line) for line in piece.split("\n") if len(squeezed(line)) >= 25]
    return found


def test_nothing_withheld_leaves_in_any_format(played: Path) -> None:
    """Words that are proposed to be withheld stand in no file of any revision, unpacked, metadata included."""
    secrets = withheld_words()
    assert len(secrets) >= 3
    for path in (played / "compilation").rglob("*.*"):
        raw = path.read_bytes()
        if path.suffix == ".docx":
            box = zipfile.ZipFile(path)
            text = " ".join(re.sub(r"<[^>]+>", "", box.read(name).decode("utf-8")) for name in box.namelist())
        elif path.suffix == ".pdf":
            text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(raw))
            text += str(pikepdf.open(io.BytesIO(raw)).docinfo)
        else:
            text = re.sub(r"<[^>]+>|\\\\", "", raw.decode("utf-8"))
        for secret in secrets:
            assert secret not in squeezed(text), (path.name, secret[:20])


def test_papers_of_a_revision_are_complete(played: Path) -> None:
    """Each revision has its four formats, its annexes, and a manifest with the hash of each; the manifest's own hash can be made again."""
    formats = {"compilation.docx", "compilation.html", "compilation.md", "compilation.pdf"}
    for folder in (played / "compilation").iterdir():
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        annexes = {item["file"] for response in manifest["responses"] for item in response["annexes"] if item["attached"]}
        assert len(annexes) >= 5
        assert set(manifest["files"]) == formats | annexes
        for name, sha256 in manifest["files"].items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
        listed = json.dumps(manifest["listed"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(listed.encode("utf-8")).hexdigest() == manifest["manifest_sha256"]
        assert manifest["manifest_sha256"] in (folder / "compilation.md").read_text("utf-8")
    assert (played / "site" / "index.html").is_file()

"""Every counted response stands exactly once in each part of each format, and the words printed are the words read, minus what is withheld."""

from __future__ import annotations

import contextlib
import email
import email.policy
import hashlib
import html
import io
import json
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pypdfium2
import pytest
from msgspec import Struct

from intake.cli.rehearse import _lines, read_arrivals
from intake.compilation.annexes import NEVER
from intake.compilation.outline import outline_of
from intake.compilation.pieces import unit_of
from intake.doors.clock import FixedClock
from intake.doors.share import InstalledShare
from intake.model.edition import Source
from intake.model.outline import Line
from intake.model.record import Record, Response, Status
from intake.model.text import Run
from intake.model.verdict import Passage
from intake.pipeline import LetterPolicy
from intake.pipeline.cases import cases_of
from intake.pipeline.rehearsal import Play, rehearse
from intake.settings import load_round
from intake.wiring import load_words, open_office
from tests.fakes.odd_round import write_round
from tests.fakes.printed import bare, from_docx, from_html, from_markdown

pytestmark = pytest.mark.timeout(900)  # the labelled round is played whole, on machines that do other work too
HERE = Path(__file__).resolve()
SAMPLE = HERE.parents[2] / "config" / "demo"
LABELLED = HERE.parents[3] / "shared" / "rounds" / "gender-2018"
ODD = Path("odd")  # written by tests/fakes/odd_round.py


class Played(Struct, frozen=True):
    """A round after its rehearsal."""

    play: Play
    record: Record
    numbers: dict[str, int]
    sources: dict[str, Source]

    @property
    def files(self) -> dict[str, bytes]:
        return self.play.revisions[max(self.play.revisions)].files


@pytest.fixture(
    scope="module", params=[SAMPLE, ODD, pytest.param(LABELLED, marks=pytest.mark.shared)], ids=["sample", "odd", "labelled"]
)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder: Path = request.param
    if folder == ODD:
        folder = write_round(tmp_path_factory.mktemp("odd") / "round")
    if not folder.is_dir():
        pytest.skip("the labelled round is not beside the checkout")
    consultation = load_round(folder / "round.toml", strict=False)
    mail = read_arrivals(folder)
    policy = LetterPolicy(mode="off", from_name="-", from_address="desk@example.org", secret=b"x")
    clock = FixedClock(min(item.internaldate for item in mail))
    with (
        tempfile.TemporaryDirectory() as state,
        open_office((consultation,), Path(state), policy, clock=clock, min_free_mb=1) as office,
    ):
        play = rehearse(office, clock, consultation, mail, _lines(folder / "decisions.jsonl"))
        sources = {case.key: Source(arrival=case.arrival, verdict=case.verdict) for case in cases_of(office, consultation)}
        return Played(play, play.record, dict(office.ledger.numbers(consultation.id).public), sources)


def counted(played: Played) -> Iterator[tuple[int, Response]]:
    for item in played.record.responses:
        if item.status is Status.COUNTED:
            yield played.numbers[item.id], item


def read_words(response: Response, played: Played, found: list[tuple[str, Passage]]) -> str:
    """The words of passages as they were read, without what is withheld; straight from the record, not by the press."""
    out = []
    for key, passage in found:
        text = unit_of(played.sources[key].arrival.reading, passage.part)[0]
        hidden = [item for message, item in response.withheld if message == key and item.part == passage.part]
        if any(item.start == item.end == 0 for item in hidden):
            continue
        gone = {at for item in hidden for at in range(item.start, item.end)}
        out.append("".join(text[at] for at in range(passage.start, passage.end) if at not in gone))
    return bare("".join(out))


def expected(played: Played) -> dict[tuple[int, str], str]:
    """(number, place) -> words; a place is a question's number, general or unmapped."""
    found = {}
    for number, item in counted(played):
        for key, answer in item.answers:
            found[number, str(answer.question)] = read_words(item, played, [(key, passage) for passage in answer.passages])
        for place in ("general", "unmapped"):
            if getattr(item, place):
                found[number, place] = read_words(item, played, list(getattr(item, place)))
    return found


def repeated(played: Played) -> set[tuple[int, str]]:
    """Places whose words stand under an earlier question already, as they answer both."""
    again = set()
    for number, item in counted(played):
        answers = [answer for _, answer in item.answers]
        for answer in answers:
            if any(
                one.question < answer.question and one.passages == answer.passages and one.question in answer.together
                for one in answers
            ):
                again.add((number, str(answer.question)))
    return again


PART_A = re.compile(r"response-(\d+)-(?:question-)?(\d+|general|unmapped)")
PART_B = re.compile(r"answers-(\d+|general|unmapped)-(\d+)")


def places(by_anchor: dict[str, str]) -> tuple[dict[tuple[int, str], str], dict[tuple[int, str], str]]:
    """(part A, part B) of what stands below each anchor."""
    first = {(int(m.group(1)), m.group(2)): bare(text) for anchor, text in by_anchor.items() if (m := PART_A.fullmatch(anchor))}
    second = {(int(m.group(2)), m.group(1)): bare(text) for anchor, text in by_anchor.items() if (m := PART_B.fullmatch(anchor))}
    return first, second


@pytest.mark.parametrize("kind", ["html", "docx", "md"])
def test_words_printed_are_words_read_and_each_response_stands_once_in_each_part(played: Played, kind: str) -> None:
    raw = played.files[f"compilation.{kind}"]
    edition = played.play.revisions[max(played.play.revisions)].edition
    shell = {bare(node.text) for node in outline_of(edition, load_words(InstalledShare())["en"]).nodes if isinstance(node, Line)}
    anchors, words = from_html(raw) if kind == "html" else from_docx(raw) if kind == "docx" else from_markdown(raw, shell)
    for number, _ in counted(played):
        assert anchors[f"response-{number}"] == 1
        assert any(re.fullmatch(rf"answers-\w+-{number}", anchor) for anchor in anchors)
    assert max(count for anchor, count in anchors.items() if anchor.startswith(("response-", "answers-"))) == 1
    first, second = places(words)
    wanted, again = expected(played), repeated(played)
    strip = (
        (lambda text: re.sub(r"[•·*–—-]", "", text)) if kind == "md" else (lambda text: text)
    )  # Markdown draws its own bullets
    assert {place: strip(text) for place, text in second.items()} == {place: strip(text) for place, text in wanted.items()}
    assert {place: strip(text) for place, text in first.items() if place not in again} == {
        place: strip(text) for place, text in wanted.items() if place not in again
    }
    assert all(first[place] == "" for place in again)


def without_marks(text: str) -> str:
    """Letters and digits alone: vowel signs stand above their letters in a PDF, and readers take them out on a line of their own."""
    return squeezed("".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Mn"))


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) == "Mn"


SIGNS = "[\u064b-\u0655\u0670]"
BEARING = re.compile(f"\u0644{SIGNS}*\u0627{SIGNS}*|.{SIGNS}+")
"""A letter with its signs; lam and alef, drawn as one, with theirs."""


def _longest_unmarked(word: str) -> str:
    """The longest run of a word's letters that bear no sign: the others stand elsewhere in what the reader gives."""
    return max(BEARING.sub(" ", word).split(), key=len, default="")


def test_the_pdf_has_every_paragraph_twice(played: Played) -> None:
    """Paragraphs as one reader of PDF takes them out (pypdfium2). Arabic and tables as another does (poppler), which gives words that run
    from right to left in the order in which they are read: cells each by itself, for a table may go on overleaf; Arabic word by word,
    for its lines are parted where signs stand above them."""
    edition = played.play.revisions[max(played.play.revisions)].edition
    raw = played.files["compilation.pdf"]
    text = ""
    for page in pypdfium2.PdfDocument(raw):
        lines = page.get_textpage().get_text_bounded().split("\n")
        text += "\n".join(lines[1:-1])  # the page's head and foot
    text = squeezed(without_codes(text))
    poppler = shutil.which("pdftotext")
    logical = (
        without_marks(subprocess.run([poppler, "-", "-"], input=raw, capture_output=True, check=True).stdout.decode())
        if poppler
        else ""
    )
    for entry in (*edition.entries, *edition.late_entries):
        for block in (block for answer in entry.answers for piece in answer.pieces for block in piece.blocks):
            said = "".join(run.text for run in (*block.runs, *(run for cell in block.cells for run in (*cell, Run(text=" ")))))
            if not ARABIC.search(said) and not block.cells:
                assert text.count(squeezed(shown(said))) >= 2, (entry.public_number, said[:80])
            elif poppler:
                for word in (word.strip(".,:;!?،؛؟()[]«»\"'") for word in said.split()):  # a stop may stand on the other side
                    # a vowel sign that stands in a line of its own parts a word at its letter in the reader's output
                    whole, often = (_longest_unmarked(word), 1) if any(map(_is_mark, word)) else (word, 2)
                    assert logical.count(without_marks(shown(whole))) >= often, (entry.public_number, word)


def bookmarks(items: Iterable[pikepdf.OutlineItem]) -> Iterator[str]:
    for item in items:
        yield str(item.title)
        yield from bookmarks(item.children)


def test_the_pdf_and_the_manifest_have_each_counted_response_once_in_each_part(played: Played) -> None:
    numbers = {number for number, _ in counted(played)}
    with pikepdf.open(io.BytesIO(played.files["compilation.pdf"])) as pdf, pdf.open_outline() as marks:
        heads = Counter(int(m[1]) for title in bookmarks(marks.root) if (m := re.match(r"Response (\d+) –", title)))
        part_b = next(item for item in marks.root if str(item.title).startswith("Part B"))
        answers = [Counter(int(str(one.title).split(" ")[0]) for one in question.children) for question in part_b.children]
    assert heads == Counter(numbers)
    assert all(max(found.values()) == 1 for found in answers if found)
    assert {number for found in answers for number in found} == numbers
    listed = json.loads(played.files["manifest.json"])["listed"]
    assert Counter(entry["number"] for entry in listed["entries"]) == Counter(numbers)


def test_each_attached_annex_lies_beside_the_document_once_as_the_manifest_has_it(played: Played) -> None:
    edition = played.play.revisions[max(played.play.revisions)].edition
    attached = Counter(
        item.file for entry in (*edition.entries, *edition.late_entries) for item in entry.attachments if item.attached
    )
    beside = {name: raw for name, raw in played.files.items() if name.startswith("annexes/")}
    assert attached == Counter(list(beside))
    listed = [sha for entry in json.loads(played.files["manifest.json"])["listed"]["entries"] for sha in entry["released"]]
    assert sorted(listed) == sorted(hashlib.sha256(raw).hexdigest() for raw in beside.values())


def test_revisions_are_due_and_their_change_lists_right(played: Played) -> None:
    """Each revision after the first says what has changed, and nothing has changed without one."""
    revisions = played.play.revisions
    assert all(revisions[number].edition.changes for number in revisions if number)
    if played.record.round_id != load_round(LABELLED / "round.toml", strict=False).id if LABELLED.is_dir() else True:
        return
    days = {number: papers.edition.released_on for number, papers in revisions.items()}
    kinds = {number: {(change.kind, change.details) for change in papers.edition.changes} for number, papers in revisions.items()}
    assert days[0] == date(2017, 12, 23)
    accepted = next(number for number, day in days.items() if day == date(2018, 1, 3))
    assert kinds[accepted] == {("added", ("late",)), ("revised", ("messages", "answers"))}
    withdrawn = next(number for number, day in days.items() if day == date(2018, 1, 12))
    assert kinds[withdrawn] == {("withdrawn", ())}
    assert withdrawn == max(revisions)


def test_what_is_sealed_is_attached_nowhere(played: Played) -> None:
    edition = played.play.revisions[max(played.play.revisions)].edition
    annexes = [item for entry in (*edition.entries, *edition.late_entries) for item in entry.attachments]
    assert any(item.attached for item in annexes)
    for item in annexes:
        assert item.attached != bool(item.because)
        if item.state in NEVER:
            assert item.because == item.state


def sealed(played: Played) -> set[str]:
    """Every line of every stretch or part that is withheld, squeezed; lines too short to mean anything left out."""
    found = set()
    for response in played.record.responses:
        for key, item in response.withheld:
            text = unit_of(played.sources[key].arrival.reading, item.part)[0]
            stretch = text if item.whole else text[item.start : item.end]
            least = 25 if item.whole else 7
            found |= {line for line in map(squeezed, [stretch, *stretch.split("\n")]) if len(line) >= least}
    return found


ARABIC = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
CODED = re.compile(r"\[U\+[^\]]*\]")
FAR = re.compile("[\U00010000-\U0010ffff\u2640-\u27bf\ufe0e\ufe0f\u20e3\u200d]|(?<=[\u2600-\u27bf\ufe0f])\ufe0f")
"""Signs for which a font may be lacking; those stand in the PDF by their code."""


def without_codes(text: str) -> str:
    return FAR.sub("", CODED.sub("", text))


def shown(text: str) -> str:
    return FAR.sub("", text)


def squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def unpacked(name: str, raw: bytes) -> Iterator[str]:
    """Everything in a file: members of containers, objects and streams of a PDF with its words, bodies of a mail."""
    if name.endswith(".docx"):
        with ZipFile(io.BytesIO(raw)) as box:
            for member in box.namelist():
                text = box.read(member).decode("utf-8", "replace")
                yield from (text, re.sub(r"<[^>]+>", "", text))
    elif name.endswith(".pdf"):
        yield "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(raw))
        with pikepdf.open(io.BytesIO(raw)) as pdf:
            for item in pdf.objects:
                yield item.unparse(resolved=True).decode("latin-1")
                if isinstance(item, pikepdf.Stream):
                    with contextlib.suppress(pikepdf.PdfError, pikepdf.DataDecodingError):
                        yield item.read_bytes().decode("latin-1")
    elif name.endswith(".eml"):
        for part in email.message_from_bytes(raw, policy=email.policy.default).walk():
            yield str(part.items())
            if part.get_content_maintype() == "text":
                yield part.get_content()
    else:
        text = raw.decode("utf-8", "replace")
        yield from (text, html.unescape(re.sub(r"<[^>]+>|\\\\", "", text)))


def test_what_is_withheld_stands_in_no_file_however_it_is_unpacked(played: Played) -> None:
    """Every revision with its annexes, every digest: words, metadata, members, objects, streams."""
    secrets = sealed(played)
    if played.record.round_id == "odd":
        pytest.skip("nothing of this round is withheld")
    assert len(secrets) >= 3
    files = {
        f"rev-{number}/{name}": raw for number, papers in played.play.revisions.items() for name, raw in papers.files.items()
    }
    files |= played.play.digests
    for name, raw in files.items():
        texts = [squeezed(text) for text in unpacked(name, raw)]
        for secret in secrets:
            assert not any(secret in text for text in texts), (name, secret[:12])

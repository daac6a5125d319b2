"""Volumes: every node in exactly one, headings go on where they were cut, pages are numbered through."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from itertools import pairwise

import pikepdf
import pypdfium2
from msgspec.structs import replace

from intake.compilation.outline import outline_of
from intake.compilation.volumes import needs_volumes, volumes_of
from intake.doors.press import TypstPress
from intake.doors.share import InstalledShare
from intake.errors import Moved
from intake.model.edition import Edition
from intake.model.outline import Contents, Cover, Heading, Outline
from intake.pipeline.printing import pdf_files
from intake.ports import Pages, Typeset
from intake.wiring import load_words
from tests.fakes.small_editions import edition, entry

SHARE = InstalledShare()
WORDS = load_words(SHARE)


def many(count: int, paragraphs: int = 1) -> Edition:
    text = ("Broadband does not reach the villages, and the last mile costs too much. " * 12,) * paragraphs
    entries = [
        replace(entry(1, f"Body {n}", "academia", "africa", "en", {1: text, 2: text}), public_number=n)
        for n in range(1, count + 1)
    ]
    return edition([replace(item, response_id=f"r-{item.public_number}") for item in entries])


def outline(count: int, language: str = "en") -> Outline:
    return outline_of(many(count), WORDS[language])


def headings(volume: Outline) -> list[Heading]:
    return [node for node in volume.nodes if isinstance(node, Heading)]


def test_a_document_of_a_hundred_responses_is_one_file() -> None:
    assert not needs_volumes(outline(3), 100)
    assert needs_volumes(outline(3), 101)


def test_every_node_stands_in_exactly_one_volume_and_no_volume_skips_a_level() -> None:
    for count in (1, 7, 40):
        whole = outline(count)
        volumes = volumes_of(whole, WORDS["en"], volume_chars=5_000)
        again = [
            node
            for volume in volumes
            for node in volume.nodes
            if not isinstance(node, Cover | Contents) and not (isinstance(node, Heading) and "-volume-" in node.anchor)
        ]
        assert again == [node for node in whole.nodes if not isinstance(node, Cover | Contents)]
        for volume in volumes:
            levels = [heading.level for heading in headings(volume)]
            assert levels[0] == 1
            assert all(after - before <= 1 for before, after in pairwise(levels))
            assert len({heading.anchor for heading in headings(volume)}) == len(levels)
    assert len(volumes) > 10


def test_a_heading_that_goes_on_says_so() -> None:
    volumes = volumes_of(outline(40, "fr"), WORDS["fr"], volume_chars=5_000)
    assert any(heading.text == "Partie A – Réponses par auteur (suite)" for volume in volumes for heading in headings(volume))
    assert volumes[1].volume == f"Volume 2 sur {len(volumes)}"


class _Press:
    """The real press, counting."""

    def __init__(self) -> None:
        self.times = 0
        self._press = TypstPress()

    def typeset(self, source: str, data: bytes, first_page: Callable[[Pages], int] | None = None) -> Typeset:
        self.times += 1
        return self._press.typeset(source, data, first_page)


def pages(files: Mapping[str, bytes]) -> list[str]:
    return [
        page.get_textpage().get_text_bounded() for name in sorted(files, key=len) for page in pypdfium2.PdfDocument(files[name])
    ]


def test_pages_are_numbered_through_and_the_first_volume_tells_where_each_response_is() -> None:
    press = _Press()
    source = SHARE.text("templates", "compilation", "compilation.typ")
    files = pdf_files(press, source, outline_of(many(101), WORDS["en"]), WORDS["en"], "compilation", 101).files
    assert sorted(files) == ["compilation-volume-02.pdf", "compilation.pdf"]
    assert press.times == 3
    text = pages(files)
    for number, page in enumerate(text, 1):
        assert f"Page {number} ·" in page
    index = " ".join(" ".join(text).split()).partition("About this document")[2]
    where = int(index.partition("Response 77 – Body 77 Page ")[2].split()[0])
    assert "Response 77 – Body 77" in text[where - 1]
    for raw in files.values():
        with pikepdf.open(io.BytesIO(raw)) as pdf, pdf.open_metadata() as data:
            assert data.get("pdfuaid:part") == "1"
            assert "/StructTreeRoot" in pdf.Root
            assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked), bool(pdf.Root.ViewerPreferences.DisplayDocTitle)) == (
                "en",
                True,
                True,
            )
            kinds = {
                str(item.get("/S"))
                for item in pdf.objects
                if isinstance(item, pikepdf.Dictionary) and "/S" in item and "/P" in item
            }
            assert {"/Document", "/H1", "/H2", "/P"} <= kinds


class _Mover:
    """A press whose second volume once has other pages than it told."""

    def __init__(self) -> None:
        self.moved = 0

    def typeset(self, source: str, data: bytes, first_page: Callable[[Pages], int] | None = None) -> Typeset:
        assert first_page is not None
        facts = json.loads(data)
        moving = facts["volume"].startswith("Volume 2 ") and not self.moved
        marked = sum(node["type"] == "heading" and node["level"] <= 2 for node in facts["nodes"])
        start = first_page(Pages(count=5 if moving else 1, headings=(0,) * marked))
        if moving:
            self.moved += 1
            raise Moved("other pages")
        return Typeset(pdf=str(start).encode(), replaced={})


def test_volumes_whose_pages_moved_are_all_printed_again() -> None:
    press = _Mover()
    made = pdf_files(press, "", outline_of(many(101, 40), WORDS["en"]), WORDS["en"], "c", 101).files
    assert press.moved == 1
    assert len(made) > 2
    assert [int(made[name]) for name in sorted(made)] == [*range(2, len(made) + 1), 1]

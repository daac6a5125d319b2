"""The corridor asks the doors about files: what a scanner says stands on the part, pictures are read by eye, silence is no verdict."""

from __future__ import annotations

import base64
import io
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec.structs import replace as changed
from PIL import Image, ImageDraw

from intake.doors.unpacker import JailedUnpacker
from intake.model.examination import ToUnpack, Unpacked
from intake.model.mail import Part, PartState, Reading, Scan
from intake.pipeline.examine import doors_of, examined, reading_version, verdict_version
from intake.pipeline.office import Office
from intake.reading.read_message import read_message
from intake.reading.unpack import unpack
from intake.reading.words import reading_words
from intake.sorting.contents import attachments_of
from tests.fakes.files import SIGNATURE, FakeOcr, FakeScanner, FakeUnpacker

PHRASES = Path("config/reading.toml").read_text("utf-8")
WORDS = reading_words(tomllib.loads(PHRASES))


class HereUnpacker(FakeUnpacker):
    """The real function in this process."""

    def __init__(self) -> None:
        super().__init__(Unpacked())

    def unpack(self, job: ToUnpack) -> Unpacked:
        self.jobs.append(job)
        return unpack(job, WORDS)


def office(**doors: Any) -> Office:
    return cast(
        Office,
        SimpleNamespace(**({"scanner": None, "ocr": None, "unpacker": HereUnpacker(), "ocr_pages": 5, "doors": ""} | doors)),
    )


def picture(words: str = "Page") -> bytes:
    made, out = Image.new("RGB", (600, 300), "white"), io.BytesIO()
    ImageDraw.Draw(made).text((20, 20), words, fill="black", font_size=60)
    made.save(out, "PNG")
    return out.getvalue() + b"\0" * 160_000  # larger than a logo


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("inside.bin", data)
    return out.getvalue()


def message(*files: tuple[str, bytes], inner: bytes = b"") -> bytes:
    parts = [b"--b\r\nContent-Type: text/plain\r\n\r\nSee the files.\r\n"]
    for name, data in files:
        head = f'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="{name}"\r\n'
        parts.append(b"--b\r\n" + head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded(data))
    if inner:
        parts.append(b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n")
    head = b'From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    return head + b"".join(parts) + b"--b--\r\n"


def encoded(data: bytes) -> bytes:

    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def every(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from every(part.children)


def named(reading: Reading, name: str) -> Part:
    return next(part for part in every(reading.parts) if part.name == name)


def looked(raw: bytes, place: Office) -> tuple[Reading, bool]:
    found = examined(place, read_message(raw, WORDS), lambda: raw)
    return found.reading, found.settled


RAW = message(
    ("good.bin", b"good"), ("bad.bin", SIGNATURE), ("box.zip", zipped(SIGNATURE)), inner=message(("deep.bin", SIGNATURE))
)


def test_a_scanners_word_stands_on_each_file_and_on_nothing_else() -> None:
    reading, settled = looked(RAW, office(scanner=FakeScanner()))
    assert settled
    assert named(reading, "good.bin").scan is Scan.CLEAN
    for name in ("bad.bin", "inside.bin", "deep.bin"):
        assert named(reading, name).scan is Scan.INFECTED
        assert named(reading, name).state is PartState.INFECTED
        assert named(reading, name).scan_said == "Test.Words"
    assert {part.scan for part in every(reading.parts) if part.body} == {Scan.OFF}
    words = {item.name: item.scan for item in attachments_of(reading)}
    assert words == {"good.bin": Scan.CLEAN, "bad.bin": Scan.INFECTED, "box.zip": Scan.INFECTED, "deep.bin": Scan.INFECTED}


def test_without_a_scanner_nothing_is_called_clean_or_infected() -> None:
    reading, settled = looked(RAW, office())
    assert settled
    assert {part.scan for part in every(reading.parts)} == {Scan.OFF}
    assert PartState.INFECTED not in {part.state for part in every(reading.parts)}


@pytest.mark.parametrize("mood", ["down", "old"])
def test_a_scanner_that_says_nothing_leaves_files_unscanned_and_is_asked_again(mood: str) -> None:
    reading, settled = looked(RAW, office(scanner=FakeScanner(mood)))
    assert not settled
    assert named(reading, "good.bin").scan is Scan.UNSCANNED
    assert named(reading, "bad.bin").scan is Scan.UNSCANNED
    assert named(reading, "bad.bin").state is not PartState.INFECTED


def test_what_cannot_be_unpacked_or_looked_into_is_unscanned() -> None:
    broken = office(scanner=FakeScanner(), unpacker=FakeUnpacker(Unpacked(because="unpacker died")))
    reading, _ = looked(RAW, broken)
    assert named(reading, "good.bin").scan is Scan.UNSCANNED
    assert named(reading, "good.bin").scan_said == "unpacker died"
    locked = message(("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600))
    plain = read_message(locked, WORDS)
    part = next(part for part in plain.parts if part.name)

    reading = changed(plain, parts=(changed(part, state=PartState.ENCRYPTED),))
    found = examined(office(scanner=FakeScanner()), reading, lambda: locked).reading
    assert (found.parts[0].scan, found.parts[0].state) == (Scan.UNSCANNED, PartState.ENCRYPTED)
    held = changed(plain, held="too deep")
    assert examined(office(scanner=FakeScanner()), held, lambda: locked).reading.parts[-1].scan is Scan.UNSCANNED


def test_files_of_pictures_are_read_by_eye_and_stay_pictures() -> None:
    raw = message(("scan.png", picture()), ("bad.png", picture() + SIGNATURE))
    reading, settled = looked(raw, office(ocr=FakeOcr("The second option, for every village."), scanner=FakeScanner()))
    assert settled
    part = named(reading, "scan.png")
    assert (part.state, part.ocr, part.language) == (PartState.IMAGE_ONLY, True, "en")
    assert [block.page for block in part.blocks] == [1]
    assert part.text[part.blocks[0].start : part.blocks[0].end] == part.text == "The second option, for every village."
    assert named(reading, "bad.png").text == "", "nobody looks at what a scanner has called infected"
    plain, _ = looked(raw, office())
    assert named(plain, "scan.png").text == ""


def test_ocr_that_is_not_there_is_asked_again() -> None:
    reading, settled = looked(message(("scan.png", picture())), office(ocr=FakeOcr(mood="down")))
    assert not settled
    assert "the fake is down" in named(reading, "scan.png").defects[-1].detail


def test_versions_differ_with_the_doors() -> None:
    made = {
        (reading_version(office(**doors)), verdict_version(office(**doors)))
        for doors in ({}, {"scanner": 1}, {"ocr": 1}, {"scanner": 1, "ocr": 1})
    }
    assert len(made) == 4


def test_an_office_that_only_looks_asks_for_what_the_other_one_made() -> None:
    """A draft's process has neither scanner nor OCR: told which the house has, it finds the Readings made with them."""
    for doors, told in (({}, ""), ({"scanner": 1}, "s"), ({"ocr": 1}, "o"), ({"scanner": 1, "ocr": 1}, "so")):
        house, looking = office(**doors), office(doors=told)
        assert doors_of(house) == told
        assert (reading_version(house), verdict_version(house)) == (reading_version(looking), verdict_version(looking))


def test_the_jailed_unpacker_gives_the_same_and_survives_its_child() -> None:
    reading = read_message(RAW, WORDS)
    keys = tuple(part.sha256 for part in every(reading.parts) if not part.body and part.message is None)
    job = ToUnpack(raw=RAW, files=keys)
    jailed = JailedUnpacker(PHRASES)
    try:
        assert jailed.unpack(job) == unpack(job, WORDS)
        assert set(jailed.unpack(job).files) == set(keys)
        dying = JailedUnpacker(PHRASES, wall_s=5.0, module="tests.fakes.dying_child")
        assert dying.unpack(job).because
        dying.close()
    finally:
        jailed.close()

"""Old Excel and PowerPoint, RTF inside winmail.dat, archives: what is inside is read, what is not is named."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from intake.model.mail import Part, PartState
from intake.reading.extractors.ole import extract_ole
from intake.reading.limits import Limits
from intake.reading.parts import PartMaker
from intake.reading.read_message import read_message
from intake.reading.rtfcomp import decompress
from intake.reading.words import reading_words
from tests.fakes.ole import compressed_rtf, presentation, workbook

WORDS = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))
SAID = {
    "ar": "نعم، نؤيد الخيار الثاني",
    "zh": "我们支持第二个方案",
    "en": "We support the second option",
    "fr": "Nous appuyons la deuxième option",
    "ru": "Мы поддерживаем второй вариант",
    "es": "Apoyamos la segunda opción",
}


def opened(name: str, data: bytes, limits: Limits | None = None) -> Part:
    limits = limits or Limits()
    return PartMaker(limits, lambda _tree, raw, _level: read_message(raw, WORDS, limits), 0).leaf(
        "1", "application/octet-stream", name, data
    )


@pytest.mark.parametrize("words", SAID.values(), ids=SAID)
def test_old_workbooks_and_presentations_in_six_languages(words: str) -> None:
    book = opened("answers.xls", workbook([["Q", words], [1.0, 0.25], [words]]))
    assert book.text == f"Q\t{words}\n1\t0.25\n{words}"
    assert (book.state, book.pages) == (PartState.OK, 1)
    show = opened("answers.ppt", presentation([[words, "one", "two"], ["End", words]]))
    assert [block.kind.value for block in show.blocks] == ["heading", "paragraph", "paragraph", "heading", "paragraph"]
    assert show.text.split("\n\n") == [words, "one", "two", "End", words]
    assert [block.page for block in show.blocks] == [1, 1, 1, 2, 2]


def test_locked_ones_are_found_and_damaged_ones_raise_nothing() -> None:
    assert opened("a.xls", workbook([["x"]], locked=True)).state is PartState.ENCRYPTED
    assert opened("a.ppt", presentation([["x"]], locked=True)).state is PartState.ENCRYPTED
    dice = random.Random(1336)
    for whole in (workbook([["a", "b"]] * 20), presentation([["a", "b"]] * 20)):
        for _ in range(150):
            data = bytearray(whole)
            for _ in range(dice.randrange(1, 40)):
                data[dice.randrange(512, len(data))] = dice.randrange(256)
            extract_ole(bytes(data), Limits()).text.encode()


def test_rtf_inside_winmail() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1251 \'c4\'e0, \'ec\'fb \'e7\'e0. And this sentence goes on for a while.}"
    assert decompress(compressed_rtf(rtf)) == rtf
    # a run that refers to the dictionary that every stream begins with: the first five bytes of it
    assert decompress(b"\x10\0\0\0\x05\0\0\0LZFu\0\0\0\0" + b"\x01" + bytes([0x00, 0x03])) == b"{\\rtf"
    for cut in range(len(rtf)):
        assert rtf.startswith(decompress(compressed_rtf(rtf)[:cut]))
    assert decompress(b"\0" * 12 + b"????") == b""


def tarball(files: dict[str, bytes], pack: str = "") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{pack}") as box:  # type: ignore[call-overload]  # the mode is made here
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            box.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        box.addfile(link)
    return out.getvalue()


@pytest.mark.parametrize("pack", ["", "gz", "bz2", "xz"])
def test_tar_in_four_dresses(pack: str) -> None:
    part = opened("a.tar" + (f".{pack}" if pack else ""), tarball({"../réponse.txt": SAID["fr"].encode(), "b.txt": b"b"}, pack))
    assert [(child.name, child.path) for child in part.children] == [("réponse.txt", "1.1"), ("b.txt", "1.2")]
    assert part.children[0].text == SAID["fr"]
    assert part.state is PartState.OK


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_one_packed_file_keeps_its_name(pack: object) -> None:
    assert callable(pack)
    suffix = {"gzip": "gz", "bz2": "bz2", "lzma": "xz"}[pack.__module__]
    part = opened(f"answer.txt.{suffix}", pack(SAID["ru"].encode()))
    assert [(child.name, child.text) for child in part.children] == [("answer.txt", SAID["ru"])]


def test_bombs_and_damage_are_said() -> None:
    bomb = opened("a.gz", gzip.compress(b"\0" * 60_000_000))
    assert bomb.state is PartState.DAMAGED
    assert "inflates to more than" in bomb.defects[0].detail
    cut = opened("a.tar.gz", tarball({"a.txt": b"x" * 100_000}, "gz")[:-60])
    assert cut.state is PartState.DAMAGED
    many = opened("a.tar", tarball({f"{number}.txt": b"x" for number in range(30)}), Limits(members=10))
    assert len(many.children) == 10
    assert "more than 10 members" in many.defects[0].detail


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in files.items():
            box.writestr(name, data)
    return out.getvalue()


def test_archives_in_archives_stop_at_a_depth_and_at_a_sum() -> None:
    data = b"the innermost"
    for level in range(12):
        data = zipped({f"{level}.zip" if level else "a.txt": data})
    part, depth = opened("a.zip", data), 0
    while part.children:
        part, depth = part.children[0], depth + 1
    assert part.defects[0].code == "nested_too_deep"
    assert depth == 7
    heavy = zipped({f"{number}.zip": zipped({"a.bin": random.Random(number).randbytes(400_000)}) for number in range(5)})
    part = opened("a.zip", heavy, Limits(unpacked_bytes=3_000_000))
    assert part.state is PartState.DAMAGED
    assert "inflate to more than" in part.defects[0].detail


@pytest.mark.parametrize(
    ("magic", "word"), [(b"Rar!\x1a\x07\0", "rar"), (b"7z\xbc\xaf\x27\x1c\0", "7z"), (b"MSCF\0\0\0\0", "cab")]
)
def test_what_is_not_opened_is_said(magic: bytes, word: str) -> None:
    part = opened("a.bin", magic + b"x" * 100)
    assert part.defects[0].detail == f"{word} archive: not opened"
    assert part.size_bytes > 100

"""What every reader of pictures promises: the fake, and a real Tesseract in six languages."""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from intake.doors.ocr import TesseractOcr
from intake.doors.press import TypstPress
from intake.errors import Unreachable
from intake.model.examination import ToUnpack
from intake.ports_files import Ocr
from intake.reading.unpack import unpack
from intake.reading.words import reading_words
from tests.fakes.files import FakeOcr

HERE = shutil.which("tesseract")
REAL = pytest.param(
    "tesseract", marks=[pytest.mark.server, pytest.mark.skipif(HERE is None, reason="no tesseract on this machine")]
)
SAID = {
    "ar": "نؤيد الخيار الثاني لأنه يصل إلى كل قرية في البلد",
    "zh": "我们支持第二个方案因为它能够覆盖每一个村庄",
    "en": "We support the second option because it reaches every village",
    "fr": "Nous appuyons la deuxième option car elle atteint chaque village",
    "ru": "Мы поддерживаем второй вариант потому что он охватывает каждую деревню",
    "es": "Apoyamos la segunda opción porque llega a cada aldea",
}


def blank(width: int = 400, height: int = 200, words: str = "") -> bytes:
    picture = Image.new("L", (width, height), "white")
    if words:
        ImageDraw.Draw(picture).text((20, 60), words, fill="black", font_size=48)
    return b"P5\n%d %d\n255\n" % picture.size + picture.tobytes()


@pytest.fixture(params=["fake", REAL])
def ocr(request: pytest.FixtureRequest) -> Ocr:
    return FakeOcr("Second") if request.param == "fake" else TesseractOcr(timeout_s=60.0)


def test_words_are_seen_and_a_blank_page_has_none(ocr: Ocr) -> None:
    assert ocr.look(blank(words="Second"), ["en"]).text == "Second"
    assert ocr.look(blank(), []).text == ""
    assert ocr.standing()


@pytest.mark.parametrize("octets", [b"", b"P5\n10 10\n255\n", b"%PDF-1.7", b"\x89PNG\r\n", b"P5\n99999 99999\n255\nx"])
def test_what_is_no_picture_of_ours_is_not_looked_at(ocr: Ocr, octets: bytes) -> None:
    found = ocr.look(octets, [])
    assert found.text == ""
    assert found.because


def test_one_that_is_not_there_says_so() -> None:
    doors: Sequence[Ocr] = (TesseractOcr("no-such-program-here"), FakeOcr(mood="down"))
    for door in doors:
        found = door.look(blank(), [])
        assert found.because
        with pytest.raises(Unreachable):
            door.standing()


@pytest.mark.server
@pytest.mark.skipif(HERE is None, reason="no tesseract on this machine")
@pytest.mark.parametrize("language", SAID)
def test_a_scanned_letter_is_read_in_six_languages(language: str) -> None:
    source = '#set document(title: "x")\n#set page(height: 8cm)\n#set text(size: 16pt, font: ("Noto Sans", "Noto Naskh Arabic", "Noto Sans CJK SC"))\n'
    pdf = TypstPress().typeset(source + '#json("data.json").at(0)', f'["{SAID[language]}"]'.encode()).pdf
    raw = b"From: a@example.org\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: binary\r\n\r\n" + pdf
    sha256 = hashlib.sha256(pdf).hexdigest()

    words = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))
    (page,) = unpack(ToUnpack(raw=raw, pictures=(sha256,)), words).pictures[sha256]
    text = TesseractOcr().look(page, [language]).text
    wanted = SAID[language].split() if language != "zh" else list(SAID[language])
    assert sum(word in text for word in wanted) >= 0.7 * len(wanted), text

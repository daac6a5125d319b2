"""The press shows by its code what no font has, counts it, and is PDF/UA still. Without any font folder only Typst's own fonts are
there (Latin, Greek, Cyrillic, some Hebrew), so that the tests need no font of the machine."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.doors.press import TypstPress, scripts_without_font
from intake.doors.press_signs import Complaint, Signs, complaint
from intake.doors.share import InstalledShare
from intake.errors import Broken, Moved
from intake.ports import Pages, Typeset

SOURCE = InstalledShare().text("templates", "compilation", "compilation.typ")
COVER = {
    "type": "cover", "group": "g", "topic": "t", "title": "T", "document": "d", "date": "x",
    "original": "", "draft": "", "facts": [], "box": [], "meeting": "", "volume": "",
}  # fmt: skip


def document(*texts: str) -> bytes:
    runs = [{"text": text, "bold": False, "italic": False} for text in texts]
    told = [
        {"type": "told", "language": "en", "direction": "ltr", "blocks": [{"kind": "paragraph", "runs": [run]}]} for run in runs
    ]
    shell: dict[str, Any] = {"language": "en", "direction": "ltr", "title": "T", "page_of": "{page}/{pages}", "symbol": "s"}
    shell |= {"stamp": "", "skip": "", "replaced": "Replaced: {count}.", "year": 2020, "month": 1, "day": 1}
    shell |= {"volume": "", "page_one": "{page}", "colon": ": "}
    return json.dumps(shell | {"nodes": [COVER, *told]}).encode()


def printed(typeset: Typeset) -> str:
    pages = pypdfium2.PdfDocument(typeset.pdf)
    return " ".join("".join(page.get_textpage().get_text_bounded() for page in pages).split())


def is_tagged_ua(pdf: bytes) -> bool:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        part = opened.open_metadata().get("pdfuaid:part")
        return bool(opened.Root.MarkInfo.Marked) and part == "1" and "/Lang" in opened.Root


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("江", "[U+6C5F]"),
        ("good \U0001f600 day", "good [U+1F600 GRINNING FACE] day"),
        ("\U0001f468\U0001f3fd‍\U0001f680", "[U+1F468 MAN U+1F3FD EMOJI MODIFIER FITZPATRICK TYPE-4 U+200D U+1F680 ROCKET]"),
        ("ไทย", "[U+0E44 U+0E17 U+0E22]"),
        ("x\u20e3", "x[U+20E3 COMBINING ENCLOSING KEYCAP]"),
        ("a\U000f0000b", "a[U+F0000]b"),
        ("a\x00\x1bb", "a[U+0000 U+001B]b"),
        ("a\uffffb", "a[U+FFFF]b"),
        ('"\\ `江` \\u{6c5f}', '"\\ `[U+6C5F]` \\u{6c5f}'),
    ],
)
def test_what_no_font_has_stands_there_by_its_code(text: str, stands: str) -> None:
    typeset = TypstPress(folders=()).typeset(SOURCE, document(text))
    assert stands in printed(typeset)
    assert sum(typeset.replaced.values()) == stands.count("U+")
    assert f"Replaced: {stands.count('U+')}." in printed(typeset)
    assert is_tagged_ua(typeset.pdf)


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "Ответ",
        "réponse",
        "ქართული",
        "עברית",
        "हिन्दी",
        "a\u0301 \u0301",
        "x\ufffdy\ufffc",
        "\u2066a\u2069\u202eb\u202c",
    ],
)
def test_what_can_be_shown_is_left_alone(text: str) -> None:
    typeset = TypstPress(folders=()).typeset(SOURCE, document(text))
    assert not typeset.replaced
    assert "Replaced" not in printed(typeset)


def test_a_byte_order_mark_within_a_text_stays_invisible_and_is_counted() -> None:
    typeset = TypstPress(folders=()).typeset(SOURCE, document("a\ufeffb"))
    assert typeset.replaced == {"U+FEFF": 1}
    assert "U+FEFF" not in printed(typeset)


def test_the_next_document_of_a_press_says_the_same() -> None:
    press = TypstPress(folders=())
    texts = ("江河 \U0001f600", "x\u0947 हिन्दी", "плюс")
    first, second = press.typeset(SOURCE, document(*texts)), press.typeset(SOURCE, document(*texts))
    assert first.replaced == second.replaced
    assert printed(first) == printed(second)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=4))
def test_every_text_is_printed(texts: list[str]) -> None:
    assert TypstPress(folders=()).typeset(SOURCE, document(*texts)).pdf.startswith(b"%PDF-")


def test_a_sign_that_fails_beside_another_script_is_replaced_in_that_word_alone() -> None:
    def can_show(texts: Sequence[str]) -> Complaint:
        return "\u0947" if any("x\u0947" in text for text in texts) else None

    signs = Signs(can_show, ["x\u0947 \u0928\u0947 x\u0947y"])
    signs.look()
    assert (
        signs.shown("x\u0947 \u0928\u0947 x\u0947y")
        == "x[U+0947 DEVANAGARI VOWEL SIGN E] \u0928\u0947 x[U+0947 DEVANAGARI VOWEL SIGN E]y"
    )


def test_typsts_words_are_understood() -> None:
    said = 'PDF/UA-1 error: the text `"{}"` could not be displayed with font `"Noto Sans"`'
    assert complaint(said.format("\\u{1f9d1}")) == "\U0001f9d1"
    assert complaint(said.format('\\"')) == '"'
    assert complaint('PDF/UA-1 error: the text contains the disallowed codepoint `"\\u{feff}"`') == "\ufeff"
    assert complaint("PDF/UA-1 error: missing document title") is None


def test_which_scripts_have_no_font() -> None:
    assert scripts_without_font(TypstPress(folders=())) == ["Chinese"]


SIGN_LESS = (
    '#set document(title: "-")\n#counter(page).update(json("first.json"))\n#set page(numbering: "1", width: 9cm, height: 9cm)\n'
)


def third(pages: Pages) -> int:
    return 3


def test_the_length_is_told_before_the_file_is_written_and_is_that_of_the_file() -> None:
    told: list[Pages] = []

    def first(pages: Pages) -> int:
        told.append(pages)
        return 7

    texts = ["a long sentence that fills its line and more " * 200, "x\u0947 \U0001f600", "Ответ"]
    for press in (TypstPress(folders=()), TypstPress(folders=())):
        made = press.typeset(SOURCE, document(*texts), first)
        assert told[-1].count == len(pypdfium2.PdfDocument(made.pdf))
        assert "[U+1F600 GRINNING FACE]" in printed(made)
    plain = TypstPress(folders=()).typeset(SOURCE, document(texts[0]), first)
    assert told[-1].count == len(pypdfium2.PdfDocument(plain.pdf)) > 1
    assert printed(plain).count("7/") == 1


def test_a_length_that_did_not_hold_is_noticed_and_told_safely_the_next_time() -> None:
    moving = SIGN_LESS + '#json("data.json").at(0)\n#if json("first.json") == 3 [#pagebreak() more]'
    press = TypstPress(folders=())
    with pytest.raises(Moved):
        press.typeset(moving, b'["words"]', third)
    with pytest.raises(Broken, match="hangs on the number"):
        press.typeset(moving, b'["words"]', third)
    still = SIGN_LESS + '#json("data.json").at(0)'
    assert press.typeset(still, b'["words"]', third).pdf.startswith(b"%PDF-")

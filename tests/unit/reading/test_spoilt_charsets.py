"""A few octets that fit nowhere (a cut end, a footer in another code) cost themselves, never the text around them; in six languages."""

from __future__ import annotations

import pytest

from intake.reading.charsets import decoded

SIX = {
    "en": "We want “open” networks — and cheap ones.",
    "fr": "L'accès à l'éducation numérique dès l'école.",
    "es": "¿Qué más? La educación según la región.",
    "ru": "Связь должна быть доступной для всех жителей.",
    "zh": "网络应当向所有居民开放，价格要便宜。",
    "ar": "يجب أن تكون الشبكة متاحة لجميع السكان.",
}
LEGACY = [("zh", "gb2312"), ("zh", "gbk"), ("zh", "gb18030"), ("ru", "koi8-r"), ("ru", "windows-1251"), ("ar", "windows-1256")]
LATIN_FOOT = b"\r\n-- \r\nJos\xe9\r\n"


def spoilt(data: bytes) -> dict[str, bytes]:
    """The end cut in a character, an octet that no code knows, a footer in Latin-1."""
    return {"octet": data + b"\r\n" + data + b"\xff\r\n" + data, "foot": data + b"\r\n" + data + LATIN_FOOT}


@pytest.mark.parametrize("language", SIX)
@pytest.mark.parametrize("label", ["utf-8", None, "us-ascii", "iso-8859-1"])
@pytest.mark.parametrize("how", ["octet", "foot", "cut"])
def test_what_is_utf_8_but_for_an_octet_is_read_as_utf_8(language: str, label: str | None, how: str) -> None:
    text = SIX[language]
    data = (text + "\r\n" + text).encode()
    cut = (text + "\r\n" + text + "“").encode()[:-1]
    found, codec, defect = decoded(cut if how == "cut" else spoilt(data)[how], label)
    assert (codec, defect) == ("utf-8", "charset_unfit")
    assert found.startswith(f"{text}\r\n{text}")
    assert 0 < found.count("\ufffd") <= 2


@pytest.mark.parametrize("size", [8, 12, 18])
@pytest.mark.parametrize(("codec", "label", "text"), [
    ("gb18030", "gb2312", "网络应当向所有居民开放，价格要便宜。"),
    ("gb18030", "gbk", "网络应当向所有居民开放，价格要便宜。"),
    ("big5", "big5", "網路應當向所有居民開放，價格要便宜。"),
    ("gb18030", None, "网络应当向所有居民开放，价格要便宜。"),
])  # fmt: skip
def test_a_short_chinese_text_cut_in_a_character_stays_chinese(codec: str, label: str | None, text: str, size: int) -> None:
    found, _, defect = decoded(text[:size].encode(codec)[:-1], label)
    assert found[: size - 1] == text[: size - 1]
    assert found[size - 1 :] == "\ufffd"
    assert defect == "charset_unfit"


@pytest.mark.parametrize(("language", "label"), LEGACY)
@pytest.mark.parametrize("how", ["octet", "foot"])
def test_a_declared_code_is_kept_for_an_octet(language: str, label: str, how: str) -> None:
    text = SIX[language]
    found, _, _ = decoded(spoilt(text.encode(label))[how], label)
    assert found.startswith(f"{text}\r\n{text}")


@pytest.mark.parametrize("label", ["utf-8", "gb2312", None])
@pytest.mark.parametrize(("language", "codec"), [("fr", "cp1252"), ("es", "cp1252"), ("ru", "cp1251"), ("ru", "koi8-r")])
def test_what_is_of_another_code_altogether_is_not_kept_by_a_label(language: str, codec: str, label: str | None) -> None:
    text = f"{SIX[language]} {SIX[language]}"
    assert decoded(text.encode(codec), label)[0] == text

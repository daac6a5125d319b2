"""Bytes to text: the declared charset tried and checked, repaired when wrong or missing; headers decoded whatever they hold."""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
import unicodedata

_ALIASES = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "cn-gb": "gb18030", "iso-gb2312": "gb18030",
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "ascii", "ansi_x3.4-1968": "ascii",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "x-sjis": "cp932", "shift_jis": "cp932", "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6", "x-mac-roman": "mac-roman", "unicode-1-1-utf-7": "utf-7", "utf8": "utf-8", "x-unknown": "",
    "unknown-8bit": "", "default": "", "windows-874": "cp874", "iso-8859-9": "cp1254",
}  # fmt: skip
_CANDIDATES = (
    "utf-8", "gb18030", "cp1251", "koi8-r", "cp1256", "cp1252", "iso-8859-2", "big5", "cp932", "cp949", "iso-8859-6", "iso-8859-5",
)  # fmt: skip
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=)[ \t\r\n]+(?==\?)")
_COMMON = {
    "cp1251": "оеаинтсрвл", "koi8-r": "оеаинтсрвл", "iso-8859-5": "оеаинтсрвл", "cp1256": "اليمنوتربة", "iso-8859-6": "اليمنوتربة",
    "cp1252": "éèàçñóíáüöôêúâ’", "iso-8859-2": "ąćęłńóśźżáčďéěíňřšťúůý",
}  # fmt: skip
_WIDE = frozenset(chr(code) for code in range(0x3000, 0x3040))
_COMMON_HAN = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
)


def codec_of(charset: str | None) -> str | None:
    """Python's codec for a declared charset, or None when there is none."""
    name = (charset or "").strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    if not name:
        return None
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None


def decode_text(data: bytes, charset: str | None) -> tuple[str, str | None]:
    """(text, defect or None). Valid text always: what no charset fits is replaced, and said."""
    if data.startswith(codecs.BOM_UTF8):
        return clean(data[3:].decode("utf-8", "replace")), None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return clean(data.decode("utf-16", "replace")), None
    declared = codec_of(charset)
    if declared in ("utf-7", "iso2022_jp", "iso2022_kr", "hz", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        return _try(data, declared) or (clean(data.decode(declared, "replace")), "charset_unfit")
    if b"\x1b$" in data and data.isascii():
        found = _try(data, "iso2022_jp")
        if found:
            return found
    if data.isascii():
        return clean(data.decode("ascii")), None
    utf8 = _try(data, "utf-8")
    if utf8 is not None:
        return utf8[0], None if declared in ("utf-8", None) else "charset_repaired"
    if declared == "utf-8" and _nearly_utf8(data):
        return clean(data.decode("utf-8", "replace")), "charset_unfit"
    best = _best(data, declared)
    if best is None:
        return clean(data.decode(declared or "cp1252", "replace")), "charset_unfit"
    codec, text = best
    return text, None if codec == declared else "charset_repaired" if declared else "charset_guessed"


def _try(data: bytes, codec: str) -> tuple[str, None] | None:
    try:
        return clean(data.decode(codec)), None
    except (UnicodeError, LookupError, ValueError):
        return None


def _nearly_utf8(data: bytes) -> bool:
    text = data[:20000].decode("utf-8", "replace")
    foreign = sum(1 for char in text if ord(char) > 127)
    return text.count("\ufffd") * 5 < foreign


def _best(data: bytes, declared: str | None) -> tuple[str, str] | None:
    """The candidate whose text looks most like writing; the declared one has a bonus."""
    sample = data[:20000]
    ranked: list[tuple[float, str]] = []
    for codec in dict.fromkeys([*([declared] if declared else []), *_CANDIDATES[1:]]):
        try:
            text = sample.decode(codec, "strict" if len(sample) == len(data) else "ignore")
        except (UnicodeError, LookupError, ValueError):
            continue
        bonus = (0.08 if codec == declared else 0.0) + (0.1 if codec == "cp1252" else 0.0)
        ranked.append((_looks(text, codec) + bonus, codec))
    for _, codec in sorted(ranked, reverse=True):
        found = _try(data, codec)
        if found:
            return codec, found[0]
    return None


def _looks(text: str, codec: str) -> float:
    """0 to about 1: how far the foreign characters are common ones of the charset's script; controls and mixtures count against."""
    foreign = [char for char in text if ord(char) > 127]
    if not foreign:
        return 0.0
    size = len(foreign)
    bad = sum(1 for char in foreign if unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs"))
    if codec in ("gb18030", "big5", "cp932", "cp949"):
        han = sum(1 for char in foreign if "\u4e00" <= char <= "\u9fff" or char in _WIDE or "\uff00" <= char <= "\uffef")
        common = sum(1 for char in foreign if char in _COMMON_HAN)
        kana = sum(1 for char in foreign if "\u3040" <= char <= "\u30ff" or "\uac00" <= char <= "\ud7af")
        share = (han + (kana if codec in ("cp932", "cp949") else 0)) / size
        return 0.4 * share + min(0.6, 3.0 * common / size) - 2.0 * bad / size
    common_chars = _COMMON.get(codec, "")
    common = sum(1 for char in foreign if char.lower() in common_chars)
    letters = sum(1 for char in foreign if char.isalpha())
    lower = sum(1 for char in foreign if char.islower()) if codec in ("cp1251", "koi8-r", "iso-8859-5") else letters
    mixed = len(re.findall(r"[a-z][\u0400-\u04ff\u0600-\u06ff]|[\u0400-\u04ff\u0600-\u06ff][a-z]", text, re.I))
    runs = len(re.findall(r"[\u0080-\u024f]{3,}", text)) if codec in ("cp1252", "iso-8859-2") else 0
    return 0.3 * letters / size + 0.3 * lower / size + 0.6 * common / size - (2.0 * bad + mixed + 2.0 * runs) / size


def clean(text: str) -> str:
    """No NUL, no lone surrogate, line ends as \\n: text that can be stored and compared."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text


def decode_header(raw: str | bytes, limit: int = 1_000) -> str:
    """A header's value unfolded and decoded (RFC 2047, tolerant: spaces and raw 8-bit bytes inside are read too). One line."""
    if isinstance(raw, str):
        raw = raw.encode("utf-8", "surrogateescape")
    text, _ = decode_text(raw, "utf-8")
    text = text.replace("\n", " ").replace("\t", " ")
    if text.count("=?") > limit:
        return oneline(text)
    text = _BETWEEN.sub(r"\1", text)
    pieces: list[tuple[str, bytes | None, str]] = []
    last = 0
    for match in _WORD.finditer(text):
        if match.start() > last:
            pieces.append(("", None, text[last : match.start()]))
        pieces.append((match.group(1).split("*")[0].lower(), _word_bytes(match.group(2), match.group(3)), match.group()))
        last = match.end()
    pieces.append(("", None, text[last:]))
    return oneline(_join(pieces))


def _word_bytes(kind: str, body: str) -> bytes | None:
    try:
        if kind in "bB":
            packed = re.sub(r"[^A-Za-z0-9+/]", "", body)
            return base64.b64decode(packed + "=" * (-len(packed) % 4))
        return quopri.decodestring(body.replace(" ", "_").replace("_", "=20").encode("utf-8", "replace"))
    except (binascii.Error, ValueError):
        return None


def _join(pieces: list[tuple[str, bytes | None, str]]) -> str:
    """Neighbouring words of one charset are decoded together: a character may be cut between two of them."""
    out: list[str] = []
    index = 0
    while index < len(pieces):
        charset, data, plain = pieces[index]
        if data is None:
            out.append(plain)
            index += 1
            continue
        while index + 1 < len(pieces) and pieces[index + 1][0] == charset and pieces[index + 1][1] is not None:
            index += 1
            data += pieces[index][1] or b""
        out.append(decode_text(data, charset)[0])
        index += 1
    return "".join(out)


def oneline(text: str) -> str:
    """Without line ends and control characters: fit for a subject, a name, a log."""
    return " ".join("".join(char if ord(char) >= 32 and ord(char) != 127 else " " for char in clean(text)).split())

"""Which charset bytes are in: the declared one where it fits, else the one whose text looks most like writing."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

_ALIASES = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "cn-gb": "gb18030", "iso-gb2312": "gb18030",
    "hz-gb-2312": "hz", "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "x-sjis": "cp932", "shift_jis": "cp932",
    "iso-8859-8-i": "iso-8859-8", "iso-8859-6-i": "iso-8859-6", "x-mac-roman": "mac-roman", "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8", "x-unknown": "", "unknown-8bit": "", "default": "", "windows-874": "cp874", "iso-8859-9": "cp1254",
    "koi8-r": "koi8-u", "x-mac-cyrillic": "mac-cyrillic", "big5-hkscs": "big5hkscs",
}  # fmt: skip
_CYRILLIC = frozenset("оеаинтсрвлкмдпуыяьбгз")
_ARABIC = frozenset("اليمنوتربةعدفسكهحقأىإءً")
_GREEK = frozenset("αοιετσνηυρπκμλςάίόέή")
_HEBREW = frozenset("יוהלאתרשמבנם")
# Common letters above ASCII of the languages that use each charset; the order breaks ties.
_LETTERS: dict[str, frozenset[str]] = {
    "cp1252": frozenset("éèàçñóíáúüöäôêâûîïëœßåøæãõìòù’‘“”«»–—…°¿¡ºª€•\xa0®©™·§£²³½´×±µ¼¾¹"),
    "iso-8859-15": frozenset("éèàçñóíáúüöäôêâûîïëœßåøæãõìòù«»°¿¡ºª€\xa0®©·§£²³×"),
    "cp1251": _CYRILLIC | frozenset("іїєґ«»–—№“”„’"),
    "koi8-u": _CYRILLIC | frozenset("іїєґ"),
    "cp1256": _ARABIC | frozenset("،؟؛"),
    "iso-8859-6": _ARABIC | frozenset("،؟؛"),
    "iso-8859-5": _CYRILLIC,
    "cp866": _CYRILLIC,
    "cp1254": frozenset("ıişğçöüİŞĞÇÖÜâ’“”"),
    "cp1250": frozenset("ąćęłńóśźżáčďéěíňřšťúůýžőűăţ„”’–"),
    "iso-8859-2": frozenset("ąćęłńóśźżáčďéěíňřšťúůýžőűăţ"),
    "cp1253": _GREEK | frozenset("«»’–"),
    "iso-8859-7": _GREEK,
    "cp1255": _HEBREW,
    "iso-8859-8": _HEBREW,
}
_LATIN = ("cp1252", "iso-8859-15", "cp1254", "cp1250", "iso-8859-2")
_MULTIBYTE = ("gb18030", "big5", "cp949", "cp932", "euc_jp")
_STATEFUL = ("utf-7", "iso2022_jp", "iso2022_kr", "hz", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
_VAGUE = ("cp1252", "ascii", "utf-8", "cp437")
"""Labels that mail programs put on anything."""
_SAMPLE = 20_000
_WALKED = 6_000
_BEST_OF_OTHERS = 1.2
"""What a charset that nobody named can reach: every character common, in a narrow code."""
_ASCII = bytes(range(128))
_NO_LETTER = bytes(byte for byte in range(256) if not (byte < 128 and chr(byte).isalpha()))
_ASCII_RUN = re.compile(rb"([\x00-\x7f]{2})[\x00-\x7f]+([\x00-\x7f]{2})")
_MIXED = re.compile(r"[A-Za-z][\u0370-\u06ff]|[\u0370-\u06ff][A-Za-z]")
_INNER_CAPITAL = re.compile(r"[a-zà-ÿа-яёα-ω][À-ÞА-ЯЁΑ-Ω]|[à-ÿа-яёα-ω][A-ZÀ-ÞА-ЯЁΑ-Ω]")
_SMALL_END = re.compile(r"[А-ЯЁΑ-Ω]{3}[а-яёα-ω]")
_LATIN_RUN = re.compile(r"[\u0080-\u024f]{3,}")


def codec_of(charset: str | None) -> str | None:
    """Python's codec for a declared charset, or None when there is none."""
    name = (charset or "").strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    if not name:
        return None
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return name if found._is_text_encoding and name in _LETTERS else found.name if found._is_text_encoding else None


def decoded(data: bytes, charset: str | None, hint: str | None = None) -> tuple[str, str, str | None]:
    """(text, codec, defect or None). What no charset fits is replaced, and said. `hint`: the charset of the mail's other parts."""
    for mark, codec in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(codec, "replace"), "utf-8" if codec == "utf-8-sig" else codec, None
    declared = codec_of(charset)
    if declared in _STATEFUL:
        return _stateful(data, declared)
    if b"\x1b$" in data and data.isascii() and (found := _strict(data, "iso2022_jp")) is not None:
        return found, "iso2022_jp", None
    if data.isascii():
        return data.decode("ascii"), "ascii", None
    utf8 = _strict(data, "utf-8")
    if utf8 is not None and declared in _MULTIBYTE and max(utf8) < "\u0800" and (found := _strict(data, declared)) is not None:
        return found, declared, None  # thanks in GB 2312 are two Cyrillic letters in UTF-8; Chinese ones would be longer
    if utf8 is not None:
        mended = undoubled(utf8)
        defect = None if declared in ("utf-8", None) else "charset_repaired"
        return (utf8, "utf-8", defect) if mended is None else (mended, "utf-8", "charset_doubled")
    if _nearly_utf8(data, declared):
        return data.decode("utf-8", "replace"), "utf-8", "charset_unfit"
    codec = best_codec(data, declared, codec_of(hint))
    text = _strict(data, codec)
    if text is None:
        return data.decode(codec, "replace"), codec, "charset_unfit"
    return text, codec, None if codec == declared else "charset_repaired" if declared else "charset_guessed"


def _stateful(data: bytes, codec: str) -> tuple[str, str, str | None]:
    text = _strict(data, codec)
    if text is not None:
        return text, codec, None
    if not data.isascii() and (utf8 := _strict(data, "utf-8")) is not None:
        return utf8, "utf-8", "charset_repaired"
    return data.decode(codec, "replace"), codec, "charset_unfit"


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _nearly_utf8(data: bytes, declared: str | None) -> bool:
    """Whether a few octets spoil what is UTF-8 else (a cut end, a footer in Latin-1): other charsets hardly ever make its sequences.
    The less a label says for it, the more of them are asked for."""
    text, kept = _sifted(data[:_SAMPLE], "utf-8")
    bad = text.count("\ufffd") - (len(data) > _SAMPLE)
    valid = len(kept) - len(kept.encode("ascii", "ignore"))
    if declared == "utf-8":
        return valid >= bad and valid > 0
    return valid >= max(2, (2 if declared is None or declared in _VAGUE else 4) * bad)


def _sifted(data: bytes, codec: str) -> tuple[str, str]:
    """(the text with what fits nowhere replaced, the same without it)."""
    text = data.decode(codec, "replace")
    return text, text.replace("\ufffd", "")


def undoubled(text: str) -> str | None:
    """UTF-8 that was taken for cp1252 and coded once more, undone; None when it is not so, or not throughout."""
    if not re.search("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u2122]", text):
        return None
    data = bytearray()
    for char in text:
        try:
            data += char.encode("cp1252")
        except UnicodeError:
            if ord(char) > 255:
                return None
            data.append(ord(char))
    return _strict(bytes(data), "utf-8")


def best_codec(data: bytes, declared: str | None, hint: str | None = None) -> str:
    """The candidate whose text looks most like writing. A label that says something is believed unless it reads badly."""
    head = data[:_SAMPLE]
    sample = _ASCII_RUN.sub(rb"\1 \2", head)[:_WALKED]  # only what touches a byte above ASCII can tell
    whole = len(data) <= _WALKED  # nothing is cut in two at the end
    counts = Counter(sample.translate(None, _ASCII))
    marked = len(head.translate(None, _ASCII)) > 2 * len(head.translate(None, _NO_LETTER))
    ranked: list[tuple[float, int, str]] = []
    candidates = dict.fromkeys([*([declared] if declared and declared != "utf-8" else []), *_LETTERS, *_MULTIBYTE])
    for order, codec in enumerate(candidates):
        score = _pairs(sample, codec, whole) if codec in _MULTIBYTE else _single(sample, counts, codec, marked)
        if score is None:
            continue
        if codec == declared:
            score += 0.1 if codec in _VAGUE else 0.5
            if score > _BEST_OF_OTHERS and hint in (None, declared):
                return codec
        if codec == hint:
            score += 0.3
        ranked.append((score + (0.1 if codec == "cp1252" else 0.0), -order, codec))
    return max(ranked)[2] if ranked else declared or "cp1252"


@lru_cache(maxsize=64)
def _high(codec: str) -> tuple[tuple[bool, bool, int], ...] | None:
    """What each of the 128 bytes above ASCII is in a charset of single bytes: (common letter, what writing has not, +1 capital
    or -1 small letter); None where a byte alone is no character."""
    letters = _LETTERS.get(codec)
    table = []
    for byte in range(128, 256):
        char = bytes([byte]).decode(codec, "replace")
        if len(char) != 1:
            return None
        common = char in letters or char.lower() in letters if letters else char.isalpha()
        bad = char == "\ufffd" or unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs", "Sk")
        table.append((common, bad, char.isupper() - char.islower()))
    return tuple(table)


def _single(sample: bytes, counts: Counter[int], codec: str, marked: bool) -> float | None:
    """How far the characters above ASCII are common ones of the charset's languages; what writing does not do counts against.
    `marked`: there are more than two of them to a Latin letter without a mark."""
    try:
        text = sample.decode(codec, "replace")
        table = _high(codec)
    except (LookupError, ValueError):
        return None
    size = counts.total()
    if not size or table is None:
        return 0.0
    common = sum(number for byte, number in counts.items() if table[byte - 128][0])
    bad = sum(number for byte, number in counts.items() if table[byte - 128][1])
    odd = len(_MIXED.findall(text)) + len(_INNER_CAPITAL.findall(text)) + len(_SMALL_END.findall(text))
    if codec in _LATIN:
        odd += 2 * len(_LATIN_RUN.findall(text))
        # Latin letters with marks stand among those without
        odd += (size if size > 2 else sum(number * abs(table[byte - 128][2]) for byte, number in counts.items())) if marked else 0
    else:
        odd += max(0, sum(number * table[byte - 128][2] for byte, number in counts.items())) // 2
    return common / size - (2.0 * bad + 0.7 * odd) / size


def _pairs(sample: bytes, codec: str, whole: bool) -> float | None:
    """Share of two-byte characters that lie in the code's common rows, what fits nowhere counted against it; None when much does not fit."""
    sifted = _without_unfit(sample, codec, whole)
    if sifted is None:
        return None
    sample, lost = sifted
    common = total = kana = odd = index = 0
    row = _ROWS[codec]
    while index + 1 < len(sample):
        lead = sample[index]
        if lead < 0x80 or (codec == "cp932" and 0xA1 <= lead <= 0xDF):
            index += 1
            continue
        total += 1
        common += row(lead, sample[index + 1])
        if not 0xA1 <= lead <= 0xA3:  # punctuation may touch Latin letters
            odd += _is_letter(sample[index - 1 : index]) + _is_letter(sample[index + 2 : index + 3])
        kana += (codec == "euc_jp" and lead in (0xA4, 0xA5)) or (codec == "cp932" and lead in (0x82, 0x83))
        index += 2
    if not total or (codec in ("euc_jp", "cp932") and kana * 5 < total):
        return 0.0
    # A narrow range that holds everything says more than a wide one, unless there is next to nothing to hold.
    narrow = codec in ("cp949", "euc_jp", "cp932") and common * 10 > 9 * total and total >= 12
    return (common - odd - 2 * lost) / total + (0.2 if narrow else 0.05 if codec == "gb18030" else 0.0)


def _without_unfit(sample: bytes, codec: str, whole: bool) -> tuple[bytes, int] | None:
    """(what of the bytes is in a two-byte code, how often something is not); None when that is often. A cut end counts as nothing."""
    try:
        sample.decode(codec)
    except UnicodeDecodeError as error:
        if error.start >= len(sample) - 3 and (not whole or "incomplete" in error.reason):
            return sample[: error.start], 0
        text, kept = _sifted(sample, codec)
        lost = len(text) - len(kept)
        if lost * 8 > len(kept) - len(kept.encode("ascii", "ignore")):
            return None  # a code is spoilt by few octets, a wrong one by many
        return kept.encode(codec, "ignore"), lost
    return sample, 0


def _is_letter(byte: bytes) -> bool:
    """Latin letters seldom touch Chinese ones; a lone letter with a mark between them looks like half of one."""
    return byte.isalpha() and byte.isascii()


_ROWS: dict[str, Callable[[int, int], bool]] = {
    "gb18030": lambda lead, trail: trail >= 0xA1 and (0xB0 <= lead <= 0xD7 or lead in (0xA1, 0xA3)),
    "big5": lambda lead, _: 0xA1 <= lead <= 0xC6,
    "cp949": lambda lead, trail: trail >= 0xA1 and (0xB0 <= lead <= 0xC8 or lead in (0xA1, 0xA3)),
    "euc_jp": lambda lead, _: lead in (0xA1, 0xA3, 0xA4, 0xA5) or 0xB0 <= lead <= 0xCF,
    "cp932": lambda lead, _: 0x81 <= lead <= 0x83 or 0x88 <= lead <= 0x97,
}

"""Numbers in the forms in which documents and pages number their lists."""

from __future__ import annotations


def number_in(value: int, form: str) -> str:
    """A number as Word's numFmt names its form (ECMA-376 17.18.59)."""
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (value - 1) % 26)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(value)
        return roman.lower() if form == "lowerRoman" else roman
    if form in (
        "chineseCounting",
        "chineseCountingThousand",
        "ideographDigital",
        "japaneseCounting",
        "taiwaneseCountingThousand",
    ):
        return "零一二三四五六七八九十"[value] if 0 < value <= 10 else str(value)
    if form in ("arabicAbjad", "arabicAlpha"):
        letters = "أبجدهوزحطي" if form == "arabicAbjad" else "أبتثجحخدذر"
        return letters[(value - 1) % len(letters)]
    if form == "hindiNumbers":
        return "".join(chr(0x660 + int(digit)) for digit in str(value))
    if form in ("russianLower", "russianUpper"):
        letter = "абвгдежзиклмнопрст"[(value - 1) % 18]
        return letter if form == "russianLower" else letter.upper()
    return str(value)


def _roman(value: int) -> str:
    out = ""
    for size, sign in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while value >= size:
            out, value = out + sign, value - size
    return out

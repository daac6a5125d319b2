"""Numbers of a workbook as a sheet shows them by their format (ECMA-376 part 1, 18.8.30 and 18.8.31).

Rounded, scaled, with the words and signs of the format: what its author saw. Left out is what differs by the country of the reader:
thousands are not set apart, the decimal sign is a point. Powers of ten and fractions are written in full.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|\[([^\]]*)\]|_.|\*.|(General|AM/PM)|([0#?]+)|([.,%;/@])|([Ee][+-])|(.)', re.I | re.S)
_CURRENCY = re.compile(r"\$([^-\]]*)")
_DIGITS = 15
"""What a workbook keeps of a number (18.18.11, IEEE 754): more is noise of its arithmetic."""
_LONGEST = 400  # characters of a format
_BIGGEST = 30  # powers of ten: nobody writes such a number out
_EXACT = Context(prec=4 * _BIGGEST, rounding=ROUND_HALF_UP)

BUILT_IN = {1: "0", 2: "0.00", 3: "0", 4: "0.00", 5: "0", 6: "0", 7: "0.00", 8: "0.00", 9: "0%", 10: "0.00%", 37: "0;(0)", 38: "0;(0)",
            39: "0.00;(0.00)", 40: "0.00;(0.00)", 41: "0", 42: "0", 43: "0.00", 44: "0.00"}  # fmt: skip
"""Formats that a workbook names by number alone; the currency of 5 to 8 and 41 to 44 is the reader's own, and is not guessed."""


def number_shown(value: str, code: str) -> str:
    """A number by the code of its format; "" of the code: as it is. What is no number comes back as it was."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > _BIGGEST:
        return value
    sections = _sections(code[:_LONGEST])
    chosen = _Section(sections[_which(number, len(sections))] if sections else [])
    if not chosen.figures:
        words = chosen.words()
        return words if sections and not chosen.general else f"{chosen.before}{plain(number)}{chosen.after}"
    own = len(sections) > 1 and number < 0
    shown = chosen.spelt(number.copy_abs())
    minus = "-" if number < 0 and any(char in "123456789" for char in shown) else ""
    if own and minus and any(mark in chosen.before + chosen.after for mark in "(-−"):
        minus = ""  # the section for what is below nothing says so itself; one that says it by a colour alone does not
    return f"{minus}{shown}"


def plain(number: Decimal) -> str:
    """In full, no power of ten."""
    if number == number.to_integral_value():
        return f"{number:.0f}"
    return f"{number:f}" if len(number.as_tuple().digits) <= _DIGITS else f"{Decimal(f'{number:.{_DIGITS}g}').normalize():f}"


def _which(number: Decimal, sections: int) -> int:
    if sections > 1 and number < 0:
        return 1
    return 2 if sections > 2 and number == 0 else 0


def _sections(code: str) -> list[list[tuple[str, str]]]:
    """The parts of a format, each as (kind, what it says); none where it has conditions or asks for nothing."""
    if not code or code.lower() == "general":
        return []
    found: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(code):
        quoted, escaped, bracket, general, digits, sign, power, other = match.groups()
        if bracket is not None:
            if bracket[:1] in "<>=":
                return []
            money = _CURRENCY.match(bracket)
            found[-1] += [("word", money.group(1))] if money else []
        elif quoted is not None or escaped is not None or other is not None:
            found[-1].append(("word", quoted if quoted is not None else escaped or other or ""))
        elif general is not None:
            found[-1].append(("general", ""))
        elif sign == ";":
            found.append([])
        elif digits or sign or power:
            found[-1].append(("digits" if digits else "sign" if sign else "power", digits or sign or power))
    return found


class _Section:
    """One part of a format, looked at."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        at = [index for index, (kind, _) in enumerate(tokens) if kind == "digits"]
        odd = any(kind == "power" or (kind == "sign" and text in "/@") for kind, text in tokens)
        self.general = odd or any(kind == "general" for kind, _ in tokens)
        self.figures = bool(at) and not self.general
        first, last = (at[0], at[-1]) if at else (len(tokens), len(tokens) - 1)
        if self.general and not at:
            first = next(index for index, (kind, text) in enumerate(tokens) if kind == "general" or text in "/@")
            last = first
        while last + 1 < len(tokens) and tokens[last + 1] == ("sign", ","):
            last += 1
        self._inner = tokens[first : last + 1]
        self.before, self.after = self._said(tokens[:first]), self._said(tokens[last + 1 :])

    @staticmethod
    def _said(tokens: list[tuple[str, str]]) -> str:
        return "".join(text for kind, text in tokens if kind == "word" or (kind == "sign" and text not in ",@"))

    def words(self) -> str:
        """What a section without figures says."""
        return self._said(self._tokens).strip()

    def spelt(self, number: Decimal) -> str:
        """The figures of a number that is not below nothing, in their places, with the words around."""
        inner = self._inner
        while inner and inner[-1] == ("sign", ","):
            number, inner = number.scaleb(-3, _EXACT), inner[:-1]
        number = number.scaleb(2 * sum(token == ("sign", "%") for token in self._tokens), _EXACT)
        point = next((at for at, token in enumerate(inner) if token == ("sign", ".")), len(inner))
        places = "".join(text for kind, text in inner[point:] if kind == "digits")[:_BIGGEST]
        whole, _, rest = f"{number.quantize(Decimal(1).scaleb(-len(places)), context=_EXACT):f}".partition(".")
        kept = len(places.rstrip("#?"))
        rest = rest[:kept] + rest[kept:].rstrip("0")
        tail = "".join(text for kind, text in inner[point:] if kind == "word")
        return f"{self.before}{_filled(inner[:point], whole)}{'.' if rest else ''}{rest}{tail}{self.after}".strip()


def _filled(tokens: list[tuple[str, str]], whole: str) -> str:
    """The figures before the point in their places from the right, zeros where the format wants them, words between them kept."""
    left = whole.lstrip("0")
    out: list[str] = []
    first = next((at for at, (kind, _) in enumerate(tokens) if kind == "digits"), len(tokens))
    for at in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[at]
        if kind == "word":
            out.append(text)
        for place in reversed(text) if kind == "digits" else "":
            if left:
                out.append(left[-1])
                left = left[:-1]
            elif place == "0":
                out.append("0")
        if at == first:
            out.append(left)
            left = ""
    return "".join(reversed(out)) + left if not tokens or first == len(tokens) else "".join(reversed(out))

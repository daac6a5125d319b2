"""Signs of the fonts Symbol and Wingdings, which have places of their own in a text (U+F000 and on), as what everybody sees: bullets, boxes,
ticks, arrows. Which box is ticked is an answer."""

from __future__ import annotations

_SIGNS = {
    0x6C: "●", 0x6E: "■", 0x6F: "☐", 0x70: "☐", 0x71: "☐", 0x72: "☐", 0x75: "◆", 0x76: "❖", 0x78: "☒", 0x7F: "☒", 0xA0: " ", 0xA1: "○",
    0xA7: "▪", 0xA8: "☐", 0xB7: "•", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    0x4A: "☺", 0x4C: "☹", 0x43: "👍", 0x44: "👎",
}  # fmt: skip
_SYMBOL = {0xB7: "•", 0xAE: "→", 0xAC: "←", 0xDE: "⇒", 0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB9: "≠", 0xA7: "♣", 0xB4: "×", 0x2D: "−", 0x6D: "μ",
           0x57: "Ω", 0x44: "Δ", 0x53: "Σ", 0x70: "π", 0x61: "α", 0x62: "β"}  # fmt: skip

SYMBOLS = {0xF000 + code: sign for code, sign in _SIGNS.items() if code > 0x6B}
"""For a text that does not say the font: Wingdings', but for what only letters of another could be."""


def sign_of(font: str, code: str) -> str:
    """A sign by its font's name and its place as hexadecimal digits; what is not known is told as such (U+FFFD)."""
    try:
        at = int(code, 16) & 0xFF
    except ValueError:
        return "\ufffd"
    table = _SYMBOL if font.strip().lower() == "symbol" else _SIGNS if font.lower().startswith(("wingdings", "webdings")) else {}
    return table.get(at, "\ufffd")

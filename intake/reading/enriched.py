"""text/enriched (RFC 1896) and its forerunner text/richtext (RFC 1341) as HTML, which the rest of reading knows."""

from __future__ import annotations

import re
from html import escape

KINDS = ("text/enriched", "text/richtext")
_TOKEN = re.compile(r"<<|<(/?)([A-Za-z0-9-]{1,60})>|(\r?\n)+|[^<\r\n]+|.", re.S)
_TAGS = {
    "bold": "b", "italic": "i", "underline": "u", "excerpt": "blockquote type=cite", "excerpt/": "blockquote", "paraindent": "div",
    "center": "div", "flushleft": "div", "flushright": "div", "flushboth": "div", "nofill": "pre", "heading": "h3", "subscript": "sub",
    "superscript": "sup", "indent": "div", "paragraph": "p",
}  # fmt: skip


def page_of(text: str, kind: str) -> str:
    """A page that says the same. One line end is a space, of several one less are kept; parameters are no text."""
    out: list[str] = []
    unfilled = aside = 0
    for match in _TOKEN.finditer(text):
        whole, name = match.group(), (match.group(2) or "").lower()
        closing = match.group(1) == "/"
        if whole == "<<":
            out.append("&lt;")
        elif name in ("param", "comment"):
            aside = max(0, aside + (-1 if closing else 1))
        elif name:
            unfilled = max(0, unfilled + (-1 if closing else 1)) if name == "nofill" else unfilled
            out.append(_tag(name, closing))
        elif match.group(3):
            lines = whole.count("\n")
            out.append(whole if unfilled else " " if kind == KINDS[1] or lines == 1 else "<br>" * (lines - 1))
        elif not aside:
            out.append(escape(whole, quote=False))
    return f"<div>{''.join(out)}</div>"


def _tag(name: str, closing: bool) -> str:
    if name in ("nl", "np"):
        return "" if closing else "<br>"
    if name == "lt":
        return "" if closing else "&lt;"
    told = _TAGS.get(name, "")
    return "" if not told else f"</{told.split(' ')[0]}>" if closing else f"<{told}>"

"""Fields of a Word document (ECMA-376 part 1, 17.16): where a link leads, what was chosen in a form."""

from __future__ import annotations

import re

from lxml import etree

from intake.reading.extractors.docx_looks import W, on

_HYPERLINK = re.compile(r"\s*HYPERLINK\s+\"([^\"]{1,2000})\"", re.I)


class Field:
    """The field that is open in a paragraph (17.16.18): where it leads."""

    def __init__(self) -> None:
        self.link: str | None = None
        self._said = ""

    def see(self, element: etree._Element, name: str) -> None:
        """One of its marks."""
        if name == "instrText":
            self._said += element.text or ""
            return
        kind = element.get(f"{W}fldCharType", "")
        if kind == "separate" and (match := _HYPERLINK.match(self._said)):
            self.link = match.group(1)
        elif kind == "end":
            self.link = None
        self._said = "" if kind != "separate" else self._said


def chosen(mark: etree._Element) -> str:
    """What a form's box or list says that begins here: a box that is ticked or not, the entry that was chosen. "" of anything else."""
    box = mark.find(f"{W}ffData/{W}checkBox")
    if box is not None:
        said = box.find(f"{W}checked")
        return "\u2612" if on(said if said is not None else box.find(f"{W}default")) else "\u2610"
    entries = mark.findall(f"{W}ffData/{W}ddList/{W}listEntry")
    if not entries:
        return ""
    found = [mark.find(f"{W}ffData/{W}ddList/{W}{name}") for name in ("result", "default")]
    number = next((item.get(f"{W}val", "0") for item in found if item is not None), "0")
    at = int(number) if number.isdecimal() and len(number) < 4 else 0
    return entries[at].get(f"{W}val", "") if at < len(entries) else ""

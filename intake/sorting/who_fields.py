"""What a sender declares in so many words: the fields of a form, a header table of an attachment."""

from __future__ import annotations

import re

from intake.sorting.folding import folded
from intake.sorting.who_tables import WhoTables

_LINE = re.compile(r"^[ \t>*•-]*([^\n:：\t]{2,50}?)\s*(?:[:：]|\t)[ \t]*([^\n]{1,200})$", re.MULTILINE)
_HEAD = 6000


def declared_fields(text: str, tables: WhoTables) -> dict[str, str]:
    """Field -> value of the lines "Label: value" (or two cells) at the beginning of a text. The first of each wins.

    A lone "Name:" is no form: at least two fields must be there.
    """
    found: dict[str, str] = {}
    for match in _LINE.finditer(text[:_HEAD].replace("\r", "")):
        label = re.sub(r"^[\d.)\s]+|[*()\s]+$", "", folded(match.group(1))).strip()
        field = tables.fields.get(label)
        value = match.group(2).replace("\t", " ").strip(" *_")
        if field and value and value.strip(" -–—./") and field not in found:
            found[field] = value
    if "person" not in found and "family" in found:
        found["person"] = f"{found.get('given', '')} {found['family']}".strip()
    return found if len(found) >= 2 else {}

"""The person who answers: declared, signed, signed in the enclosed letter, presented, else the From name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.sorting.folding import fold, folded
from intake.sorting.who_names import longest_form, person_name
from intake.sorting.who_sheets import Author, Found, Sheet, field_of, script_of
from intake.sorting.who_tables import WhoTables

_NOTE = 160
"""Words up to which a mail with attachments is a covering note."""
_AFTER_NAME = re.compile(r"[,;\n(،，。；–—]|(?<=\w{3})\.\s")


def person_of(
    sheets: Sequence[Sheet], author: Author, declared: dict[str, str], tables: WhoTables
) -> tuple[Found | None, Found | None]:
    """The person and the title: declared, signed, signed in an attachment (when the sender only sends), else the From name."""
    from_name = person_name(author.name, tables)
    posted = [
        name
        for sheet in sheets
        if sheet.unit.sender_name and sheet.unit.kind == "forwarded" and (name := person_name(sheet.unit.sender_name, tables))
    ]
    signed = [sheet.signature for sheet in sheets if sheet.unit.kind not in ("attachment", "forwarded")]
    enclosed = [sheet.signature for sheet in sheets if sheet.unit.kind in ("attachment", "forwarded") and sheet.signature.person]
    forms = [form for form in (from_name, *(entry.person for entry in (*signed, *enclosed))) if form]
    if declared.get("person"):
        name = person_name(declared["person"], tables)
        if name:
            title = declared.get("title")
            return Found(value=name, source="declared", confidence=0.97), field_of(title, "declared", 0.95)
    sends_only = any(entry.assistant for entry in signed) or any(
        tables.sends_only.search(folded(sheet.intro[:700])) for sheet in sheets if sheet.unit.kind != "attachment"
    )
    by_another = [entry for entry in enclosed if entry.title or entry.certain]
    noted = sum(len(sheet.unit.own_text.split()) for sheet in sheets if sheet.unit.kind in ("body", "message")) < _NOTE
    untitled = not any(entry.title for entry in signed)
    letters = "\n".join(sheet.unit.own_text for sheet in sheets if sheet.unit.kind == "attachment")
    co_signed = any(entry.person and entry.person in letters for entry in signed)
    if enclosed and not co_signed and (sends_only or (by_another and noted and untitled)):
        entry = (by_another or enclosed)[-1]
        return Found(value=longest_form(entry.person or "", forms), source="attachment", confidence=0.8), field_of(
            entry.title, "attachment", 0.8
        )
    if sends_only and (named := _presented([sheet for sheet in sheets if sheet.unit.kind == "attachment"], tables)):
        return Found(value=longest_form(named, forms), source="attachment", confidence=0.8), None
    if sends_only and posted:
        return Found(value=longest_form(posted[0], forms), source="attachment", confidence=0.75), None
    named = _presented(sheets, tables)
    if named and not any(entry.person for entry in signed):
        return Found(value=longest_form(named, forms), source="declared", confidence=0.85), None
    for entries, source, confidence in ((signed, "signature", 0.92), (enclosed, "attachment", 0.75)):
        entry_found = next((entry for entry in entries if entry.person), None)
        if entry_found and entry_found.person:
            script = script_of("\n".join(sheet.intro for sheet in sheets))
            signed_as = next(
                (name for name in (entry_found.person, *entry_found.also) if script_of(name) == script), entry_found.person
            )
            value = longest_form(signed_as, forms)
            return Found(value=value, source=source, confidence=confidence), field_of(entry_found.title, source, confidence)
    title = next((entry.title for entry in signed if entry.title), None)
    pseudonym = author.name.strip() if tables.free_mail.fullmatch(author.address.rpartition("@")[2].lower()) else ""
    if not from_name and pseudonym and len(pseudonym.split()) == 1 and not tables.roles.values(folded(pseudonym)):
        return Found(value=pseudonym, source="address", confidence=0.3), None
    if from_name:
        return Found(value=from_name, source="address", confidence=0.6), field_of(title, "signature", 0.6)
    return None, field_of(title, "signature", 0.6)


def _presented(sheets: Sequence[Sheet], tables: WhoTables) -> str | None:
    """ "Presented by Ms Ana Ruiz, Commissioner", "my name is ...": the name at the beginning of a text."""
    for sheet in sheets:
        head = sheet.unit.own_text[:700]
        page = fold(head)
        for match in tables.presented.finditer(page.text):
            name = person_name(_AFTER_NAME.split(head[page.back(match.end()) :].lstrip(" :：\n"))[0], tables)
            if name:
                return name
    return None

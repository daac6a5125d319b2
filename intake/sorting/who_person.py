"""The person who answers: declared, signed, signed in the enclosed letter, presented, else the From name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.sorting.folding import fold, folded
from intake.sorting.who_heads import parts_of_name
from intake.sorting.who_names import longest_form, person_name
from intake.sorting.who_sheets import Author, Found, Sheet, field_of, script_of
from intake.sorting.who_signature import Signature, read_signature
from intake.sorting.who_tables import WhoTables

_ALNUM = re.compile(r"[\W_]+")
_ACRONYM = 6
"""Capital letters up to which a display name is an acronym and nobody's pseudonym."""
_HEAD = 700
_ARTICLE = re.compile(r"\s*(?:the|our|le|la|l['’]|el|los|notre|nuestr[ao])\s?")
_NOTE = 160
"""Words up to which a mail with attachments is a covering note."""
_RULE = re.compile(r"\n[ \t]*[-=_*–—~]{4,}[ \t]*(?=\n)")
_SIGNED = 200
_AFTER_NAME = re.compile(r"[,;\n(،，。；–—]|(?<=\w{3})\.\s")


def person_of(
    sheets: Sequence[Sheet], author: Author, declared: dict[str, str], tables: WhoTables
) -> tuple[Found | None, Found | None]:
    """The person and the title: declared, signed, signed in an attachment (when the sender only sends), else the From name."""
    declared_name = person_name(declared.get("person", ""), tables)
    if declared_name:
        title = field_of(declared.get("title"), "declared", 0.95)
        return Found(value=declared_name, source="declared", confidence=0.97), title
    from_name, _ = parts_of_name(author.name, tables)
    signed = [sheet.signature for sheet in sheets if sheet.unit.kind not in ("attachment", "forwarded")]
    enclosed = [sheet.signature for sheet in sheets if sheet.unit.kind in ("attachment", "forwarded") and sheet.signature.person]
    forms = [form for form in (from_name, *(entry.person for entry in (*signed, *enclosed))) if form]
    found = _sent_for_another(sheets, signed, enclosed, forms, tables) or _signed(sheets, signed, enclosed, forms, tables)
    if found is not None:
        return found
    title = field_of(next((entry.title for entry in signed if entry.title), None), "signature", 0.6)
    if from_name:
        return Found(value=from_name, source="address", confidence=0.6), title
    pseudonym = _pseudonym(author, tables)
    return (Found(value=pseudonym, source="address", confidence=0.3), None) if pseudonym else (None, title)


def _pseudonym(author: Author, tables: WhoTables) -> str | None:
    """A display name of one word that is the mailbox's own; one that is the host's is an organization's."""
    name = author.name.strip()
    local, _, domain = author.address.lower().partition("@")
    bare = _ALNUM.sub("", folded(name))
    if len(name.split()) != 1 or len(bare) < 3 or tables.roles.values(folded(name)):
        return None
    if tables.free_mail.fullmatch(domain):
        return None if name.isupper() and name.isascii() and len(name) <= _ACRONYM else name
    hosted = bare in _ALNUM.sub("", folded(domain))
    shouted = name.isupper()
    return name if _ALNUM.sub("", folded(local)).startswith(bare) and not hosted and not shouted else None


def _sent_for_another(
    sheets: Sequence[Sheet], signed: Sequence[Signature], enclosed: Sequence[Signature], forms: Sequence[str], tables: WhoTables
) -> tuple[Found, Found | None] | None:
    """The signer of the enclosed letter, when the sender only sends it: an assistant, by order, or without a function."""
    mails = [sheet for sheet in sheets if sheet.unit.kind != "attachment"]
    documents = [sheet for sheet in sheets if sheet.unit.kind == "attachment"]
    sends_only = any(entry.assistant for entry in signed) or any(
        tables.sends_only.search(folded(sheet.intro[:_HEAD])) for sheet in mails
    )
    by_another = [entry for entry in enclosed if entry.title or entry.certain]
    sends_only = sends_only or any(_for_the_function(sheet.intro[:_HEAD], by_another, tables) for sheet in mails)
    noted = sum(len(sheet.unit.own_text.split()) for sheet in sheets if sheet.unit.kind in ("body", "message")) < _NOTE
    untitled = not any(entry.title for entry in signed)
    letters = "\n".join(sheet.unit.own_text for sheet in documents)
    co_signed = any(entry.person and entry.person in letters for entry in signed)
    if enclosed and (sends_only or (by_another and noted and untitled and not co_signed)):
        entry = (by_another or enclosed)[-1]
        value = longest_form(entry.person or "", forms)
        return Found(value=value, source="attachment", confidence=0.8), field_of(entry.title, "attachment", 0.8)
    if not sends_only:
        return None
    posted = [
        name for sheet in sheets if sheet.unit.kind == "forwarded" and (name := person_name(sheet.unit.sender_name, tables))
    ]
    name = _presented(documents, tables) or next(iter(posted), None)
    return (Found(value=longest_form(name, forms), source="attachment", confidence=0.78), None) if name else None


def _for_the_function(intro: str, enclosed: Sequence[Signature], tables: WhoTables) -> bool:
    """ "On behalf of the Secretary General, I transmit ...": the function of the one who signs the enclosed letter."""
    plain = folded(intro)
    titles = [bare for entry in enclosed if entry.title and len(bare := folded(entry.title).strip(" .,:")) > _ACRONYM]
    return any(
        plain.startswith(bare, place) for match in tables.behalf.finditer(plain) for bare in titles
        for place in (match.end(), match.end() + 1, *(_article_end(plain, match.end())))
    )  # fmt: skip


def _article_end(plain: str, start: int) -> tuple[int, ...]:
    article = _ARTICLE.match(plain, start)
    return (article.end(),) if article else ()


def _signed(
    sheets: Sequence[Sheet], signed: Sequence[Signature], enclosed: Sequence[Signature], forms: Sequence[str], tables: WhoTables
) -> tuple[Found, Found | None] | None:
    """Who signs the mail, or is presented in it, or signs the document."""
    named = _presented(sheets, tables)
    if named and not any(entry.person for entry in signed):
        return Found(value=longest_form(named, forms), source="declared", confidence=0.85), None
    script = script_of("\n".join(sheet.intro for sheet in sheets))
    above = _signed_above(sheets, script, tables) if not any(script_of(form) == script for form in forms) else None
    if above is not None and above.person:
        return Found(value=above.person, source="signature", confidence=0.85), field_of(above.title, "signature", 0.85)
    for entries, source, confidence in ((signed, "signature", 0.92), (enclosed, "attachment", 0.75)):
        entry = next((entry for entry in entries if entry.person), None)
        if entry is not None and entry.person:
            signed_as = next((name for name in (entry.person, *entry.also) if script_of(name) == script), entry.person)
            value = longest_form(signed_as, forms)
            return Found(value=value, source=source, confidence=confidence), field_of(entry.title, source, confidence)
    return None


def _signed_above(sheets: Sequence[Sheet], script: str, tables: WhoTables) -> Signature | None:
    """Of a mail in two languages the signature over the rule between them, in the letters of the first."""
    for sheet in sheets:
        parts = _RULE.split(sheet.unit.own_text) if sheet.unit.kind in ("body", "message") else []
        for part in parts[:-1]:
            last = re.split(r"\n\s*\n", part.strip())[-1]
            found = read_signature(last, tables) if len(last) <= _SIGNED else None
            if found and found.person and (found.title or found.organization) and script_of(found.person) == script:
                return found
    return None


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

"""Facts to a letter, in the respondent's language. Pure; the same facts give the same letter."""

from __future__ import annotations

import textwrap
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import TemplateError
from msgspec.structs import replace

from intake.letters.dates import clean, colon_of, local_time, long_date, size, utc_time
from intake.letters.proof import proof_values
from intake.letters.templates import TemplateSet
from intake.model.direction import direction_of, isolated
from intake.model.letter import FileLine, Letter, LetterFacts, Proof
from intake.model.record import NOTICES, LetterKind
from intake.model.round import LANGUAGES

_BRIEF = (LetterKind.ENQUIRY, LetterKind.MISDIRECTED, LetterKind.ENDORSEMENT, LetterKind.CAMPAIGN, LetterKind.WITHDRAWAL)
_NO_DEADLINE = (LetterKind.ENQUIRY, LetterKind.MISDIRECTED, LetterKind.ENDORSEMENT, LetterKind.WITHDRAWAL)
_AFTERWARDS = (LetterKind.PUBLICATION, LetterKind.OUTCOME)
CHASES = ("unreadable", "encrypted", "link_only", "part_missing", "identity", "tracked_changes")
_WIDTH = 76
_TIDY = 3

_MARKS: dict[str, object] = {"dash": " – ", "aside": (" (", ")")}
_CHINESE_MARKS: dict[str, object] = {"dash": "，", "aside": ("（", "）")}
"""What parts a value from what is said of it, and what stands around an aside."""


def compose(facts: LetterFacts, templates: TemplateSet) -> Letter:
    """The letter: text first, HTML beside it, hashes set apart at the end. Raises jinja2.TemplateError, KeyError."""
    words = templates.table("letters", facts.language)
    values = _values(facts, words)
    text = templates.render("letters/letter.txt.j2", values)
    html = templates.render("letters/letter.html.j2", values)
    return Letter(
        to=facts.to,
        subject=clean(str(values["subject"]), 150),
        text=wrapped(text, facts.language),
        html=html,
        language=facts.language,
        in_reply_to=facts.reply_to_message_id,
        references=facts.references,
    )


def _values(facts: LetterFacts, words: dict[str, Any]) -> dict[str, object]:
    kind, language = facts.kind.value, facts.language
    fill = {
        "receipt": facts.receipt_number,
        "topic": clean(facts.round_topic, 300),
        "working_group": clean(facts.working_group, 200),
        "part_number": facts.part_number or "?",
        "part_total": facts.part_total or "?",
        "number": facts.public_number or "–",
        "deadline_day": long_date(facts.deadline.astimezone(ZoneInfo(facts.time_zone)).date(), language),
    }
    files = [_file(item, language) for item in facts.files]
    answers = facts.kind not in NOTICES
    whole = answers and facts.kind not in _BRIEF
    message = words["line"]["message"]
    return {
        "words": words,
        "facts": facts,
        **(_CHINESE_MARKS if language == "zh" else _MARKS),
        "colon": colon_of(language),
        "language": language,
        "direction": direction_of(language),
        "subject": words["subject"][kind].format(**fill),
        "opening": words["opening"][kind].format(**fill),
        "reason_text": words["chase"][facts.reason] if facts.kind is LetterKind.CHASE else "",
        "paragraphs": [clean(text, 2000) for text in facts.words],
        "rows": _rows(facts, words),
        "show_understood": whole,
        "understood": _understood(facts, words),
        "show_files": whole,
        "files": files,
        "show_correct": facts.kind not in (*_BRIEF, *_AFTERWARDS, LetterKind.LATE, LetterKind.CHASE, LetterKind.PROOF),
        "show_reply": facts.kind is LetterKind.CHASE,
        "reply": words["text"]["reply"].format(address=isolated(facts.address, language)),
        "show_published": whole,
        "show_mistake": facts.kind in _AFTERWARDS,
        "correct": words["text"]["correct"].format(address=isolated(facts.address, language)),
        "mistake": words["text"]["mistake"].format(address=isolated(facts.address, language)),
        "contact": words["text"]["contact"].format(contact=isolated(clean(facts.contact), language)),
        "page": words["text"]["page"].format(page=isolated(facts.public_page, language)) if facts.public_page else "",
        "signature": words["signature"].format(**fill),
        "proof": proof_values(facts.proof, words, language) if facts.proof is not None else None,
        "statements": [isolated(clean(text, 400), language) for text in facts.statements],
        "hashes": [
            {"label": message, "plain_label": message, "sha256": facts.message_sha256},
            *({"label": item["name"], "plain_label": item["plain_name"], "sha256": item["sha256"]} for item in files),
        ]
        if answers
        else [],
    }


def _rows(facts: LetterFacts, words: dict[str, Any]) -> list[dict[str, str]]:
    """Label and value, as far as they concern this letter; `strong` what the reader looks for, `more` set beside it."""
    line, language = words["line"], facts.language
    rows = [_row(line["receipt"], isolated(facts.receipt_number, language), strong=True)]
    if facts.earlier_receipt:
        rows.append(_row(line["earlier"], isolated(facts.earlier_receipt, language)))
    if facts.kind not in NOTICES:
        local = local_time(facts.received_at, facts.time_zone, language)
        rows.append(_row(line["received"], local, utc_time(facts.received_at, language)))
    if facts.kind is LetterKind.EXTENSION:
        rows.append(_row(line["deadline_new"], local_time(facts.deadline, facts.time_zone, language), strong=True))
        if facts.deadline_before is not None:
            rows.append(_row(line["deadline_before"], local_time(facts.deadline_before, facts.time_zone, language)))
    elif facts.kind not in (*_NO_DEADLINE, *_AFTERWARDS, LetterKind.CHASE, LetterKind.PROOF):
        verdict = "" if facts.in_time is None else line["in_time" if facts.in_time else "too_late"]
        rows.append(_row(line["deadline"], local_time(facts.deadline, facts.time_zone, language), verdict))
    if facts.until is not None:
        rows.append(_row(line["until"], long_date(facts.until, language), strong=True))
    if facts.public_number is not None:
        rows.append(_row(line["number"], str(facts.public_number), strong=True))
    if facts.document:
        rows.append(_row(line["document"], isolated(clean(facts.document), language)))
    if facts.kind is LetterKind.OUTCOME and facts.understood:
        between = {"ar": "؛ ", "zh": "；"}.get(language, "; ")
        rows.append(_row(line["understood"], between.join(_understood(facts, words))))
    return rows


def _row(label: str, value: str, more: str = "", *, strong: bool = False) -> dict[str, str]:
    return {"label": label, "value": value, "more": more, "strong": "yes" if strong else ""}


def _file(item: FileLine, language: str) -> dict[str, str]:
    name = clean(item.name, 120)
    return {"name": isolated(name, language), "plain_name": name, "size": size(item.size_bytes, language), "sha256": item.sha256}


def _understood(facts: LetterFacts, words: dict[str, Any]) -> list[str]:
    line = words["line"]
    found = []
    if facts.understood:
        separator = {"ar": "، ", "zh": "、"}.get(facts.language, ", ")
        line_of_them = line["question" if len(facts.understood) == 1 else "questions"]
        found.append(line_of_them.format(numbers=separator.join(map(str, facts.understood)), total=facts.questions_total))
    if facts.general:
        found.append(line["general"])
    if not found:
        found.append(line["nothing"])
    name = facts.organization or facts.person
    if name:
        found.append(line["filed_for"].format(name=isolated(clean(name), facts.language)))
    return found


def wrapped(text: str, language: str) -> str:
    """Paragraphs wrapped where the script has spaces; never more than one empty line in a row. A line that begins with two spaces is
    an item, and goes on indented."""
    out: list[str] = []
    for line in text.split("\n"):
        bare = line.rstrip()
        if language == "zh" or len(bare) <= _WIDTH or not bare.strip():
            out.append(bare)
        else:
            indent = "    " if bare.startswith("  - ") else ""
            out += textwrap.wrap(bare, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    joined = "\n".join(out)
    while "\n" * _TIDY in joined:
        joined = joined.replace("\n" * _TIDY, "\n\n")
    return joined.strip("\n") + "\n"


def sample_facts(kind: LetterKind, language: str, reason: str = "") -> LetterFacts:
    """Made-up facts by which every template is tried before anything is sent."""
    moment, deadline = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2027, 1, 3, 22, 59, 59, tzinfo=UTC)
    return LetterFacts(
        kind=kind,
        language=language,
        to="someone@example.org",
        receipt_number="R-2027-0000-0000",
        round_topic="Bridging the digital divide",
        working_group="Council Working Group on the Internet",
        time_zone="Europe/Zurich",
        deadline=deadline,
        received_at=moment,
        in_time=kind is not LetterKind.LATE,
        message_sha256="0" * 64,
        reply_to_message_id="<sample@example.org>",
        understood=(1, 2),
        questions_total=5,
        general=True,
        files=(FileLine(name="annex.pdf", size_bytes=123456, sha256="1" * 64, state="ok"),),
        organization="Ministry of Communications",
        part_number=1,
        part_total=2,
        reason=reason,
        contact="secretariat@example.org",
        address="consultation@example.org",
        public_page="https://example.org/page",
        deadline_before=datetime(2026, 12, 26, 22, 59, 59, tzinfo=UTC) if kind is LetterKind.EXTENSION else None,
        until=date(2027, 1, 9) if kind is LetterKind.CHASE else None,
        public_number=7 if kind in (*_AFTERWARDS, LetterKind.PROOF) else None,
        document="OPCWGINT 6/2 (Rev. 1)" if kind in _AFTERWARDS else "",
        statements=("The cost of the last mile is the main obstacle.",) if kind is LetterKind.OUTCOME else (),
        words=("The group took note of the responses.",) if kind is LetterKind.OUTCOME else (),
        proof=sample_proof() if kind is LetterKind.PROOF else None,
    )


def sample_proof() -> Proof:
    """A made-up entry."""
    return Proof(
        rows=(
            ("person", "Ana Berg"),
            ("organization", "Ministry of Communications"),
            ("category", "Government"),
            ("country", "Switzerland"),
        ),
        answers=((1, ("The last mile is the main obstacle.", "[withheld pending decision: telephone number]")), (2, ("Sun.",))),
        general=("We thank the group.",),
        reference="proof.0123456789ab.012345.0123456789abcdef0123",
    )


def letters_to_try(language: str) -> list[tuple[str, LetterFacts]]:
    """(name, made-up facts) of every letter in a language: every kind, chases by reason; the acknowledgement first."""
    kinds = [LetterKind.ACKNOWLEDGEMENT, *(kind for kind in LetterKind if kind is not LetterKind.ACKNOWLEDGEMENT)]
    return [
        (f"{kind.value}-{reason}" if reason else kind.value, sample_facts(kind, language, reason))
        for kind in kinds
        for reason in (CHASES if kind is LetterKind.CHASE else ("",))
    ] + [("acknowledgement-proof", replace(sample_facts(LetterKind.ACKNOWLEDGEMENT, language), proof=sample_proof()))]


def check_templates(templates: TemplateSet) -> list[str]:
    """Render every letter in every language with sample values; gives every problem in words."""
    problems = []
    for language in LANGUAGES:
        for name, facts in letters_to_try(language):
            try:
                compose(facts, templates)
            except (TemplateError, KeyError, ValueError, IndexError) as error:
                problems.append(f"letter {name} in {language}: {type(error).__name__}: {error}")
    return problems

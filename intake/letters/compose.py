"""Facts to a letter, in the respondent's language. Pure; the same facts give the same letter."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from typing import Any

from jinja2 import TemplateError

from intake.letters.dates import clean, isolated, local_time, size, utc_time
from intake.letters.templates import TemplateSet
from intake.model.letter import FileLine, Letter, LetterFacts
from intake.model.record import LetterKind
from intake.model.round import LANGUAGES

_NO_CORRECTION = (LetterKind.ENQUIRY, LetterKind.MISDIRECTED, LetterKind.ENDORSEMENT, LetterKind.CAMPAIGN, LetterKind.WITHDRAWAL)
_NO_DEADLINE = (LetterKind.ENQUIRY, LetterKind.MISDIRECTED, LetterKind.ENDORSEMENT, LetterKind.WITHDRAWAL)
CHASES = ("unreadable", "encrypted", "link_only", "part_missing", "identity", "tracked_changes")
_WIDTH = 76
_TIDY = 3


def compose(facts: LetterFacts, templates: TemplateSet) -> Letter:
    """The letter: text first, HTML beside it, hashes set apart at the end. Raises jinja2.TemplateError, KeyError."""
    words = templates.table("letters", facts.language)
    values = _values(facts, words)
    text = templates.render("letters/letter.txt.j2", values)
    html = templates.render("letters/letter.html.j2", values)
    return Letter(
        to=facts.to,
        subject=clean(str(values["subject"]), 150),
        text=_wrapped(text, facts.language),
        html=html,
        language=facts.language,
        in_reply_to=facts.reply_to_message_id,
        references=facts.references,
    )


def _values(facts: LetterFacts, words: dict[str, Any]) -> dict[str, object]:
    kind = facts.kind.value
    fill = {
        "receipt": facts.receipt_number,
        "topic": clean(facts.round_topic, 300),
        "working_group": clean(facts.working_group, 200),
        "part_number": facts.part_number or "?",
        "part_total": facts.part_total or "?",
    }
    verdict = "" if facts.in_time is None else words["line"]["in_time" if facts.in_time else "too_late"]
    files = [_file(item, facts.language) for item in facts.files]
    message = words["line"]["message"]
    return {
        "words": words,
        "facts": facts,
        "language": facts.language,
        "direction": "rtl" if facts.language == "ar" else "ltr",
        "subject": words["subject"][kind].format(**fill),
        "opening": words["opening"][kind].format(**fill),
        "reason_text": words["chase"][facts.reason] if facts.kind is LetterKind.CHASE else "",
        "receipt": facts.receipt_number,
        "received_local": local_time(facts.received_at, facts.time_zone, facts.language),
        "received_utc": utc_time(facts.received_at, facts.language),
        "show_deadline": facts.kind not in _NO_DEADLINE,
        "deadline_local": local_time(facts.deadline, facts.time_zone, facts.language),
        "verdict": verdict,
        "show_understood": facts.kind not in _NO_CORRECTION,
        "understood": _understood(facts, words),
        "show_files": facts.kind not in _NO_CORRECTION,
        "files": files,
        "show_correct": facts.kind not in _NO_CORRECTION,
        "correct": words["text"]["correct"].format(address=isolated(facts.address, facts.language)),
        "contact": words["text"]["contact"].format(contact=isolated(clean(facts.contact), facts.language)),
        "page": words["text"]["page"].format(page=isolated(facts.public_page, facts.language)) if facts.public_page else "",
        "signature": words["signature"].format(**fill),
        "hashes": [
            {"label": message, "plain_label": message, "sha256": facts.message_sha256},
            *({"label": item["name"], "plain_label": item["plain_name"], "sha256": item["sha256"]} for item in files),
        ],
    }


def _file(item: FileLine, language: str) -> dict[str, str]:
    name = clean(item.name, 120)
    return {"name": isolated(name, language), "plain_name": name, "size": size(item.size_bytes, language), "sha256": item.sha256}


def _understood(facts: LetterFacts, words: dict[str, Any]) -> list[str]:
    line = words["line"]
    found = []
    if facts.understood:
        separator = {"ar": "، ", "zh": "、"}.get(facts.language, ", ")
        found.append(line["questions"].format(numbers=separator.join(map(str, facts.understood)), total=facts.questions_total))
    if facts.general:
        found.append(line["general"])
    if not found:
        found.append(line["nothing"])
    name = facts.organization or facts.person
    if name:
        found.append(line["filed_for"].format(name=isolated(clean(name), facts.language)))
    return found


def _wrapped(text: str, language: str) -> str:
    """Paragraphs wrapped where the script has spaces; never more than one empty line in a row."""
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
    moment = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    return LetterFacts(
        kind=kind,
        language=language,
        to="someone@example.org",
        receipt_number="R-2027-0000-0000",
        round_topic="Topic",
        working_group="Group",
        time_zone="Europe/Zurich",
        deadline=moment,
        received_at=moment,
        in_time=True,
        message_sha256="0" * 64,
        reply_to_message_id="<sample@example.org>",
        understood=(1, 2),
        questions_total=5,
        general=True,
        files=(FileLine(name="annex.pdf", size_bytes=123456, sha256="1" * 64, state="ok"),),
        organization="Organization",
        part_number=1,
        part_total=2,
        reason=reason,
        contact="secretariat@example.org",
        address="consultation@example.org",
        public_page="https://example.org/page",
    )


def letters_to_try(language: str) -> list[tuple[str, LetterFacts]]:
    """(name, made-up facts) of every letter in a language: every kind, chases by reason; the acknowledgement first."""
    kinds = [LetterKind.ACKNOWLEDGEMENT, *(kind for kind in LetterKind if kind is not LetterKind.ACKNOWLEDGEMENT)]
    return [
        (f"{kind.value}-{reason}" if reason else kind.value, sample_facts(kind, language, reason))
        for kind in kinds
        for reason in (CHASES if kind is LetterKind.CHASE else ("",))
    ]


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

"""Letters of the house that answer no message: a release to the group. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from jinja2 import TemplateError
from msgspec.structs import replace

from intake.letters.compose import wrapped
from intake.letters.dates import clean, colon_of, long_date
from intake.letters.templates import TemplateSet
from intake.model.direction import direction_of, isolated
from intake.model.letter import Letter, OfficeFacts, OfficeKind
from intake.model.round import LANGUAGES

_LONGEST_LINE = 4000
_DAY = date(2027, 1, 3)


def compose_office(facts: OfficeFacts, templates: TemplateSet) -> Letter:
    """The letter: text first, HTML beside it, files enclosed. Raises jinja2.TemplateError, KeyError."""
    words: dict[str, Any] = templates.table("office", facts.language)
    language = facts.language
    fill = {"topic": clean(facts.topic, 300), "working_group": clean(facts.working_group, 200)}
    fill |= {key: clean(value, 200) for key, value in facts.fill.items()}
    values: dict[str, object] = {
        "words": words,
        "language": language,
        "direction": direction_of(language),
        "colon": colon_of(language),
        "subject": clean(words["subject"][facts.kind.value].format(**fill), 150),
        "opening": words["opening"][facts.kind.value].format(**fill),
        "rows": [
            {"label": words["line"][key], "value": isolated(clean(value, 500), language)} for key, value in facts.rows if value
        ],
        "lists": [
            {"title": words["list"][key], "lines": [isolated(clean(line, _LONGEST_LINE), language) for line in lines]}
            for key, lines in facts.lists
        ],
        "paragraphs": [*(words["text"][key] for key in facts.texts), *(clean(text, _LONGEST_LINE) for text in facts.paragraphs)],
        "signature": words["signature"].format(**fill),
    }
    return Letter(
        to=facts.to,
        subject=str(values["subject"]),
        text=wrapped(templates.render("office/office.txt.j2", values), language),
        html=templates.render("office/office.html.j2", values),
        language=language,
        in_reply_to=facts.reply_to_message_id,
        auto_submitted="auto-generated",
        headers=(("Reply-To", facts.answer_to),) if facts.answer_to else (),
        enclosed=facts.enclosed,
    )


def sample_office_facts(kind: OfficeKind, language: str) -> OfficeFacts:
    """Made-up facts by which every template is tried before anything is sent."""
    plain = OfficeFacts(
        kind=kind,
        language=language,
        to="group@example.org",
        working_group="Council Working Group on the Internet",
        topic="Bridging the digital divide",
    )
    if kind is OfficeKind.ANSWER:
        return replace(
            plain,
            to="officer@example.org",
            fill={"followed": "2", "refused": "1"},
            rows=(("received", long_date(_DAY, language)),),
            lists=(("followed", ("12 – d-0123456789ab", "14 – d-ab0123456789")), ("refused", ("15",))),
            texts=("again",),
        )
    if kind is not OfficeKind.RELEASE:
        return replace(
            plain,
            to="officer@example.org",
            fill={"revision": "Rev. 1", "by": "ana"},
            rows=(("responses", "52"), ("waiting", "3"), ("withheld", "2"), ("redacted", "1"), ("manifest", "0" * 64), ("group", "group@example.org")),
            lists=(("answer", ("[1] release: I1-k1-…",)), ("printed", ("7 – Ministry of Communications",)), ("left_out", ()),
                   ("changes", ()), ("next", ("[1] approve: I1-k1-…",))),
            texts=("release_how", "too_large", "later"),
            paragraphs=("Nothing was released.",),
        )  # fmt: skip
    return replace(
        plain,
        fill={"document": "OPCWGINT 6/2 (Rev. 1)"},
        rows=(
            ("document", "OPCWGINT 6/2 (Rev. 1)"),
            ("released_on", long_date(_DAY, language)),
            ("responses", "52"),
            ("manifest", "0" * 64),
        ),
        lists=(("changes", ("7 – Ministry of Communications",)), ("enclosed", ())),
        texts=("too_large",),
    )


def office_problems(templates: TemplateSet) -> list[str]:
    """Every letter of the house in every language with sample values; gives every problem in words."""
    problems = []
    for language in LANGUAGES:
        for kind in OfficeKind:
            try:
                compose_office(sample_office_facts(kind, language), templates)
            except (TemplateError, KeyError, ValueError, IndexError) as error:
                problems.append(f"letter {kind.value} in {language}: {type(error).__name__}: {error}")
    return problems

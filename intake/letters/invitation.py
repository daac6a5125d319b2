"""Invitations to those who answered the last round: drafts for a person, never letters of the outbox. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from jinja2 import TemplateError
from msgspec.structs import replace

from intake.letters.compose import wrapped
from intake.letters.dates import clean, colon_of, local_time
from intake.letters.templates import TemplateSet
from intake.model.direction import isolated
from intake.model.round import LANGUAGES
from intake.model.silence import Invitation, InvitationFacts


def compose_invitation(facts: InvitationFacts, templates: TemplateSet) -> Invitation:
    """The draft in its language. Raises jinja2.TemplateError, KeyError."""
    words: dict[str, Any] = templates.table("invitation", facts.language)
    language = facts.language
    fill = {
        "topic": isolated(clean(facts.topic, 300), language),
        "working_group": isolated(clean(facts.working_group, 200), language),
        "last_topic": isolated(clean(facts.last_topic, 300), language),
        "name": isolated(clean(facts.to, 200), language),
        "deadline": local_time(facts.deadline, facts.time_zone, language),
        "address": isolated(facts.address, language),
        "page": isolated(facts.public_page, language),
        "contact": isolated(facts.contact, language),
    }
    paragraphs = [words["opening" if facts.to else "opening_all"], words["ask"], words["page"] if facts.public_page else ""]
    values: dict[str, object] = {
        "greeting": words["greeting"],
        "paragraphs": [text.format(**fill) for text in paragraphs if text],
        "questions_title": words["questions"],
        "questions": [f"{number}. {isolated(clean(text, 1000), language)}" for number, text in facts.questions],
        "free": words["free"].format(**fill),
        "contact": words["contact"].format(**fill) if facts.contact else "",
        "closing": words["closing"],
        "signature": words["signature"].format(**fill),
        "colon": colon_of(language),
    }
    return Invitation(
        language=language,
        to=facts.to,
        subject=clean(words["subject"].format(**fill), 200),
        text=wrapped(templates.render("invitation/invitation.txt.j2", values), language),
    )


def invitations_to_try(language: str) -> tuple[tuple[str, InvitationFacts], ...]:
    """Made-up facts by which the templates are tried at each start: to somebody, and to nobody in particular."""
    to_one = InvitationFacts(
        language=language,
        to="Ministry of Communications",
        topic="Bridging the digital divide",
        working_group="Council Working Group on the Internet",
        time_zone="Europe/Zurich",
        deadline=datetime(2027, 1, 11, 22, 59, 59, tzinfo=UTC),
        address="consultation@example.org",
        public_page="https://example.org/consultation",
        last_topic="Connecting schools",
        contact="desk@example.org",
        questions=((1, "What are the main obstacles?"), (2, "Which measures have helped?")),
    )
    return ("one", to_one), ("all", replace(to_one, to="", public_page="", contact="", questions=()))


def invitation_problems(templates: TemplateSet) -> list[str]:
    """Every draft in every language with sample values; gives every problem in words."""
    problems = []
    for language in LANGUAGES:
        for name, facts in invitations_to_try(language):
            try:
                compose_invitation(facts, templates)
            except (TemplateError, KeyError, ValueError, IndexError) as error:
                problems.append(f"invitation ({name}) in {language}: {type(error).__name__}: {error}")
    return problems

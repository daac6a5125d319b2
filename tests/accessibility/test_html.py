"""axe-core in Chromium finds nothing (WCAG 2.0 to 2.2, A and AA, and its best practices) in what we give out as HTML, in six languages."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from intake.casework.compliance import compliance_outline
from intake.casework.compliance_report import figures_from, report_outline
from intake.casework.timetable import extensions, timetable
from intake.compilation.outline import outline_of
from intake.compilation.renderers.html import render
from intake.compilation.words import Words, words_from
from intake.digest.sample import sample_digest, sample_replies
from intake.doors.share import InstalledShare
from intake.letters.compose import compose, letters_to_try
from intake.letters.office import compose_office, sample_office_facts
from intake.model.edition import Audience, DigestRole
from intake.model.letter import OfficeKind
from intake.model.outline import Outline
from intake.model.round import LANGUAGES
from intake.model.synthesis import Kind
from intake.pipeline.alarm import alarm_values
from intake.pipeline.daily import digest_letter
from intake.pipeline.reminders import DAYS, reminder_values, sample_facts
from intake.synthesis.matrix import matrix_of
from intake.synthesis.outline import Document, document_outline
from intake.synthesis.points import check, points_from
from intake.synthesis.terms import terms_from
from intake.wiring import load_templates, load_words
from tests.accessibility.axe import WCAG, all_violations, missing, violations
from tests.fakes.points import POINTS
from tests.fakes.rounds import consultation, extend
from tests.fakes.small_editions import edition, full_edition

SHARE = InstalledShare()
LETTERS = ("acknowledgement", "acknowledgement-proof", "chase-encrypted", "extension", "outcome")


@pytest.fixture(autouse=True)
def _checker() -> None:
    what = missing()
    if what and not os.environ.get("CI"):
        pytest.skip(what)
    assert not what, f"in CI this test is never skipped: {what}"


def shell(language: str) -> Words:
    table = SHARE.table("templates", "compilation", f"words.{language}.toml")
    for room in ("report", "synthesis"):
        table |= SHARE.table("templates", room, f"{language}.toml")
    return words_from(language, table)


def documents(language: str) -> list[Outline]:
    """Compilation, its edition for the public, every paper of the synthesis, compliance sheet, report."""
    words, whole, printed = shell(language), full_edition(language), load_words(SHARE)[language]
    matrix = matrix_of(edition(), terms_from(SHARE.table("config", "terms.toml")))
    findings = check(*points_from(POINTS), edition(), matrix)
    layouts = SHARE.table("templates", "synthesis", "layouts.toml")
    on = date(2018, 2, 1)
    papers = [
        Document(
            kind=kind,
            edition=edition(),
            findings=findings,
            matrix=matrix,
            points_sha256="f" * 64,
            on=on,
            number=0,
            released_by="A.",
        )
        for kind in Kind
    ]
    moved = [extend(1, date(2017, 12, 30), reason="asked for by administrations")]
    days = timetable(consultation(), on, moved, {"synthesis": date(2018, 1, 9)})
    rounds = figures_from(
        '[[rounds]]\nid = "a"\ntopic = "T"\nfrom = 2019-10-01\nto = 2020-02-03\nresponses = 52\n[rounds.groups]\ngovernment = 15\n',
        "f.toml",
    )
    return [
        outline_of(whole, printed),
        outline_of(replace(whole, audience=Audience.PUBLIC), printed),
        *(document_outline(paper, words, layouts[paper.kind.value]) for paper in papers),
        compliance_outline(consultation(), days, extensions(consultation(), moved), on, words),
        report_outline(rounds, on, words, group="CWG-Internet", first_paragraph="2.4", years=4, source="f.toml"),
    ]


def letters(language: str) -> list[bytes]:
    """Letters that show every part of the layout, the digest of every role and of an officer, letters of the house, alarms, reminders."""
    templates, words = load_templates(SHARE), load_words(SHARE)
    digest = sample_digest()
    made = [compose(facts, templates) for name, facts in letters_to_try(language) if name in LETTERS]
    made += [digest_letter(digest, role, language, templates, words) for role in DigestRole]
    made.append(
        digest_letter(digest, DigestRole.DESK, language, templates, words, replies=sample_replies(digest), to="desk@example.org")
    )
    made += [compose_office(sample_office_facts(kind, language), templates) for kind in OfficeKind]
    table, since = templates.table("digest", language), datetime(2027, 1, 5, 7, 0, tzinfo=UTC)
    bare = [
        ("alarm", alarm_values(table, language, kind, "main", since, since, "timed out"))
        for kind in ("unreachable", "silent", "over", "full")
    ]
    bare += [("reminder", reminder_values(table, shell(language), day, facts)) for day in DAYS for facts in sample_facts()]
    pages = [letter.html for letter in made] + [templates.render(f"digest/{name}.html.j2", values) for name, values in bare]
    return [page.encode("utf-8") for page in pages]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_documents(language: str) -> None:
    assert [found for found in all_violations([render(outline) for outline in documents(language)]) if found] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_and_digests_on_a_telephone(language: str) -> None:
    """Landmarks are for pages; a letter stands inside its reader's."""
    assert [found for found in all_violations(letters(language), width_px=375, tags=WCAG) if found] == []


def test_the_compilation_on_a_telephone() -> None:
    assert violations(render(outline_of(full_edition("ar"), load_words(SHARE)["ar"])), width_px=360) == []


def test_the_checker_finds_what_is_wrong() -> None:
    page = b'<!DOCTYPE html><html><head><title>x</title></head><body><main><h1>x</h1><img src="x.png"></main></body></html>'
    assert {item["id"] for item in violations(page)} >= {"image-alt", "html-has-lang"}

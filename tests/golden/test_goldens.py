"""Every letter, digest and document of ours in every language is the one that was last looked at. `make bless` rewrites them: read
the difference before you keep it."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from intake.casework.compliance import compliance_outline
from intake.casework.compliance_report import figures_from, report_outline
from intake.casework.timetable import extensions, timetable
from intake.compilation.outline import outline_of
from intake.compilation.renderers.markdown import render
from intake.compilation.words import Words, words_from
from intake.digest.sample import sample_digest, sample_replies
from intake.doors.share import InstalledShare
from intake.letters.compose import compose, letters_to_try
from intake.letters.invitation import compose_invitation, invitations_to_try
from intake.letters.office import compose_office, sample_office_facts
from intake.letters.templates import TemplateSet
from intake.model.edition import DigestRole
from intake.model.letter import Letter, OfficeKind
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
from intake.synthesis.worksheet import points_start, worksheet
from intake.wiring import load_templates, load_words
from tests.fakes.points import POINTS
from tests.fakes.rounds import consultation, extend
from tests.fakes.small_editions import edition, full_edition

HERE = Path(__file__).resolve().parent
SHARE = InstalledShare()


@pytest.fixture(scope="module")
def templates() -> TemplateSet:
    return load_templates(SHARE)


def shell(language: str) -> Words:
    table = SHARE.table("templates", "compilation", f"words.{language}.toml")
    for room in ("report", "synthesis"):
        table |= SHARE.table("templates", room, f"{language}.toml")
    return words_from(language, table)


def same(name: str, text: str) -> None:
    path = HERE / name
    if os.environ.get("INTAKE_BLESS") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.is_file(), f"{name}: no golden file yet; make bless, and read it"
    assert text == path.read_text("utf-8")


def whole(letter: Letter) -> str:
    return f"{letter.subject}\n\n{letter.text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters(templates: TemplateSet, language: str) -> None:
    """Every kind and every reason, as text; the direction stands in the HTML."""
    for name, facts in letters_to_try(language):
        letter = compose(facts, templates)
        same(f"letters/{name}.{language}.txt", whole(letter))
        assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in letter.html
    same(f"letters/acknowledgement.{language}.html", compose(letters_to_try(language)[0][1], templates).html)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(OfficeKind))
def test_letters_of_the_house(templates: TemplateSet, language: str, kind: OfficeKind) -> None:
    """What answers no message: a release to the group."""
    letter = compose_office(sample_office_facts(kind, language), templates)
    same(f"office/{kind.value}.{language}.txt", whole(letter))
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in letter.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_invitations(templates: TemplateSet, language: str) -> None:
    """The drafts that nobody sends but a person."""
    for name, facts in invitations_to_try(language):
        draft = compose_invitation(facts, templates)
        same(f"invitation/{name}.{language}.txt", f"{draft.subject}\n\n{draft.text}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", list(DigestRole))
def test_digests(templates: TemplateSet, language: str, role: DigestRole) -> None:
    """A busy day as text and HTML, and one on which nothing came."""
    words = load_words(SHARE)
    busy = digest_letter(sample_digest(), role, language, templates, words)
    same(f"digest/{role.value}.{language}.txt", whole(busy))
    same(
        f"digest/{role.value}-nothing.{language}.txt",
        whole(digest_letter(sample_digest(empty=True), role, language, templates, words)),
    )
    if role is DigestRole.DESK:
        same(f"digest/{role.value}.{language}.html", busy.html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_digest_of_an_officer(templates: TemplateSet, language: str) -> None:
    """As the desk's, with the words and the token by which each matter is settled."""
    digest = sample_digest()
    replies = sample_replies(digest)
    letter = digest_letter(
        digest, DigestRole.DESK, language, templates, load_words(SHARE), replies=replies, to="desk@example.org"
    )
    same(f"digest/officer.{language}.txt", whole(letter))
    same(f"digest/officer.{language}.html", letter.html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_alarms(templates: TemplateSet, language: str) -> None:
    """Unreachable, silent, no room on the disk, a full mailbox; and the end of each."""
    since, until = datetime(2027, 1, 5, 7, 0, tzinfo=UTC), datetime(2027, 1, 5, 9, 30, tzinfo=UTC)
    for kind in ("unreachable", "silent", "over", "full", "room", "quota", "emptied"):
        said = {
            "unreachable": "imap.example.org:993: log-in as desk was refused: [AUTHENTICATIONFAILED] Authentication failed.",
            "quota": "81%",
        }.get(kind, "")
        values = alarm_values(templates.table("digest", language), language, kind, "main", since, until, said)
        same(f"digest/alarm-{kind}.{language}.txt", templates.render("digest/alarm.txt.j2", values))


@pytest.mark.parametrize("language", LANGUAGES)
def test_reminders(templates: TemplateSet, language: str) -> None:
    """Deadline, synthesis, meeting; nothing released, something changed since, nothing changed."""
    for day in DAYS:
        made = []
        for facts in sample_facts():
            values = reminder_values(templates.table("digest", language), shell(language), day, facts)
            made.append(templates.render("digest/reminder.txt.j2", values))
        same(f"digest/reminder-{day}.{language}.txt", "\n---\n".join(made))


@pytest.mark.parametrize("language", LANGUAGES)
def test_compilation(language: str) -> None:
    """A revision with everything that it may have to show, a draft, and a revision in the layout of the papers to 2020."""
    words = load_words(SHARE)[language]
    document(f"compilation/rev-1.{language}.md", outline_of(full_edition(language), words))
    draft = replace(edition(), language=language, revision=None, released_on=None, released_by="")
    document(f"compilation/draft.{language}.md", outline_of(draft, words))
    newer = replace(full_edition(language), released_on=date(2026, 3, 2))
    same(f"compilation/cover-2026.{language}.md", render(outline_of(newer, words)).decode("utf-8").split("\n## ")[0])


def document(name: str, outline: Outline) -> None:
    same(name, render(outline).decode("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_synthesis(language: str) -> None:
    """Every document of the synthesis, the worksheet, a points file to begin with."""
    words, terms = shell(language), terms_from(SHARE.table("config", "terms.toml"))
    matrix = matrix_of(edition(), terms)
    findings = check(*points_from(POINTS), edition(), matrix)
    layouts = SHARE.table("templates", "synthesis", "layouts.toml")
    for kind in Kind:
        made = Document(
            kind=kind,
            edition=edition(),
            findings=findings,
            matrix=matrix,
            points_sha256="f" * 64,
            on=date(2018, 1, 6),
            number=None if kind is Kind.GUIDELINES else 0,
            released_by="" if kind is Kind.GUIDELINES else "A. Officer",
        )
        document(f"synthesis/{kind.value}.{language}.md", document_outline(made, words, layouts[kind.value]))
    same(f"synthesis/worksheet.{language}.md", worksheet(matrix, edition(), findings, words))
    same(f"synthesis/points-start.{language}.md", points_start(Kind.SYNTHESIS_REPORT, edition(), words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports(language: str) -> None:
    """The compliance sheet with an extension, and the Chair's paragraphs with responses in no group."""
    rulings = [extend(1, date(2017, 12, 30), reason="asked for by administrations")]
    today = date(2018, 2, 1)
    days = timetable(consultation(), today, rulings, {"synthesis": date(2018, 1, 9)})
    document(
        f"report/compliance.{language}.md",
        compliance_outline(consultation(), days, extensions(consultation(), rulings), today, shell(language)),
    )
    text = (
        '[[rounds]]\nid = "a"\ntopic = "New telecommunications/ICTs"\nfrom = 2019-10-01\nto = 2020-02-03\nresponses = 52\n'
        "[rounds.groups]\ngovernment = 15\nprivate_sector = 15\ncivil_society = 11\nintergovernmental = 8\n"
        '[[rounds]]\nid = "b"\ntopic = "Gender"\nfrom = 2017-09-28\nto = 2018-01-22\nresponses = 1\n[rounds.groups]\nacademia = 1\n'
    )
    rounds = figures_from(text, "earlier.toml")
    document(
        f"report/chair-report.{language}.md",
        report_outline(
            rounds, today, shell(language), group="CWG-Internet", first_paragraph="2.4", years=4, source="earlier.toml"
        ),
    )

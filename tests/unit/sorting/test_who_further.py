"""Who a text is filed for, further cases: offices and desks, spoken names, names in other letters and cases."""
# ruff: noqa: E501 - a case stands on one line

from __future__ import annotations

import pytest
from who_samples import a_round, an_arrival, who

from intake.model.verdict import Category
from intake.sorting.who import Author, Identity, identify
from intake.sorting.who_names import nominative, organization_name, person_name
from intake.sorting.who_signature import read_signature


def identified(text: str, address: str = "x@example.org", name: str = "") -> Identity:
    """The identity of a mail with this body."""
    return identify(an_arrival(text, sender=address, name=name), Author(address=address, name=name), a_round(), who())


BODIES = [
    # text, organization, category: a public office by what it keeps
    (
        "Dear Chair,\n\nThe Office of the Auditor of Fisheries of Palau submits:\n\nQ1: yes.\n\nAuditor",
        "Office of the Auditor of Fisheries of Palau", Category.GOVERNMENT,
    ),
    (
        "Dear Panel,\n\nthe Population Registry of Estonia sends its views.\n\nMari Tamm\nHead of Unit",
        "Population Registry of Estonia", Category.GOVERNMENT,
    ),
    (
        "Dear Panel,\n\nour views follow.\n\nTaniela Fonua\nAdviser\nNational Identification Bureau Project of Tonga\nNuku'alofa",
        "National Identification Bureau Project of Tonga", Category.GOVERNMENT,
    ),
    # what a body says of itself outranks what "institute" may mean
    (
        "Dear Panel,\n\nour views are attached.\n\nRuth Adeyemi\nPresident\nInstitute of Harbour Pilots (professional association, not for profit), Lagos, Nigeria",
        "Institute of Harbour Pilots", Category.CIVIL_SOCIETY,
    ),
    (
        "Madame, Monsieur,\n\nnos vues suivent.\n\nPaul Kaboré\nPrésident\nInstitut des greffiers (association professionnelle sans but lucratif), Ouagadougou",
        "Institut des greffiers", Category.CIVIL_SOCIETY,
    ),
    # "Мы, союз ... (...)": small letters after "we"
    (
        "Здравствуйте!\n\nМы, союз портовых крановщиков (Одесса, Украина), пишем о погрузке.\n\nОлег Мельник\nпредседатель",
        "союз портовых крановщиков", Category.CIVIL_SOCIETY,
    ),
    (
        "Bonjour,\n\nNous, collectif des pêcheuses de Saint-Louis (Sénégal), répondons à la question 2.\n\nAwa Diop",
        "collectif des pêcheuses de Saint-Louis", Category.CIVIL_SOCIETY,
    ),
    # Korean: a bracket with a space in it behind the name
    (
        "사무국 귀중\n\n바다환경시민연대(대한민국 부산, 비영리)입니다.\n\n질문 1. 그렇습니다.\n\n박서연\n사무국장",
        "바다환경시민연대", Category.CIVIL_SOCIETY,
    ),
    (
        "사무국 귀중\n\n항만노동연구원(대한민국 인천, 연구기관)입니다.\n\n질문 1. 그렇습니다.\n\n최민호\n원장",
        "항만노동연구원", Category.ACADEMIA,
    ),
    # a sentence about "its council" names nobody
    (
        "Dear Chair,\n\nThe Global Lighthouse Organization, established by treaty and counting 90 Member States, offers a note.\n\nFIRST: Its Council adopted a code in 2026.\n\nIda Holm\nCounsel",
        "Global Lighthouse Organization", Category.INTERGOVERNMENTAL,
    ),
    (
        "Estimados:\n\nLa Organización Mundial de Faros, creada por tratado y con 90 Estados miembros, responde.\n\n1: Su Asamblea adoptó un código en 2026.\n\nIda Holm\nConsejera",
        "Organización Mundial de Faros", Category.INTERGOVERNMENTAL,
    ),
    # the whole legal form
    (
        "Dear Panel\n\nLotus Ferry Co., Ltd. (Hanoi, Viet Nam) submits its answer.\n\nMai Tran\nDirector",
        "Lotus Ferry Co., Ltd.", Category.PRIVATE_SECTOR,
    ),
    (
        "Dear Panel,\n\nour answers are attached.\n\nJan Kos\nPartner, Kos i Synowie sp.k. (shipping firm, Gdynia, Poland)",
        "Kos i Synowie sp.k.", Category.PRIVATE_SECTOR,
    ),
    # a faculty alone names nobody
    (
        "Dear Sirs, the letter of the Faculty of Medicine, Lakeside University, Malawi, is attached.\n\nGrace Banda\nDean",
        "Lakeside University", Category.ACADEMIA,
    ),
    (
        "Estimados: adjuntamos la carta de la Facultad de Derecho, Universidad del Lago, Perú.\n\nRosa Inga\nDecana",
        "Universidad del Lago", Category.ACADEMIA,
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", BODIES, ids=[body[1] for body in BODIES])
def test_a_body(case: tuple[str, str, Category]) -> None:
    found = identified(case[0]).respondent
    assert (found.organization, found.category) == case[1:]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Sipho Ncube\nHead, Regulatory Affairs\nBulawayo Rail Corporation", "Head, Regulatory Affairs"),
        ("Lucía Prado\nGerente, Relaciones Gubernamentales\nBulawayo Rail Corporation", "Gerente, Relaciones Gubernamentales"),
    ],
)
def test_a_desk_belongs_to_the_title(text: str, title: str) -> None:
    found = read_signature(text, who())
    assert (found.title, found.organization) == (title, "Bulawayo Rail Corporation")


@pytest.mark.parametrize(
    ("spoken", "called"),
    [
        ("Института морского права", "Институт морского права"),
        ("Независимой ассоциации лоцманов", "Независимая ассоциация лоцманов"),
        ("Каспийского технического университета", "Каспийский технический университет"),
        ("Ассоциация лоцманов", "Ассоциация лоцманов"),
        ("Harbour Union", "Harbour Union"),
    ],
)
def test_a_russian_name_in_the_nominative(spoken: str, called: str) -> None:
    assert nominative(spoken, who()) == called


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Fr. Tomás Abella", "Tomás Abella"),
        ("Dott.ssa Giulia Ferri", "Giulia Ferri"),
        ("M. Okafor", "M. Okafor"),
        ("M. le Président", None),
        ("秋祺", None),
        ("春安", None),
    ],
)
def test_a_person(written: str, name: str | None) -> None:
    assert person_name(written, who()) == name


def test_a_display_name_vouches_for_the_longer_name_that_is_signed() -> None:
    known = frozenset({"rosa", "inga"})
    assert person_name("Rosa Inga Cuc", who(), known) == "Rosa Inga Cuc"
    assert person_name("Rosa Inga Consulting", who(), known) is None


@pytest.mark.parametrize(
    ("text", "person"),
    [
        (
            "جمعية المنارة، جمعية مدنية من سوسة، تونس\n\nالسؤال 1: نعم.\n\nسلمى الطرابلسي، رئيسة الجمعية\n\n--------\n(traduction)\n\nAssociation Manara\n\nQuestion 1 : oui.\n\nSelma Trabelsi, présidente",
            "سلمى الطرابلسي",
        ),
        (
            "Союз лоцманов, Батуми, Грузия\n\nВопрос 1. Да.\n\nНино Беридзе, председатель\n\n======\n\nPilots' Union, Batumi\n\nQuestion 1. Yes.\n\nNino Beridze, chair",
            "Нино Беридзе",
        ),
    ],
)
def test_of_two_languages_the_signature_in_the_letters_of_the_first(text: str, person: str) -> None:
    assert identified(text).respondent.person == person


def test_a_bracket_cut_in_two_takes_no_point_with_it() -> None:
    assert organization_name("Nowak i Córki sp.j. (legal firm", who()) == "Nowak i Córki sp.j."
    assert organization_name("Harbour Trust (Lima", who()) == "Harbour Trust"

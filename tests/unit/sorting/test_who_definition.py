"""What a sender says that it is outweighs what its name sounds like; names begin and end where they do."""

from __future__ import annotations

import pytest

from intake.model.verdict import Category, Region
from tests.fakes.mails import a_mail, verdict_of

ONE = "Connectivity for remote communities stays dear as long as one company owns the only cable."
CASES = [
    ("Norrvik Circle, an NGO in Tallinn, has the honour to reply.", "Norrvik Circle", "civil_society"),
    ("The Norrvik Circle is a community-run Internet exchange point with forty members.", "Norrvik Circle", "technical_community"),
    ("Norrvik Circle is the international federation of 80 consumer bodies.", "Norrvik Circle", "international_org"),
    ("Norrvik Circle, a cooperative that sells access in the villages, thanks you.", "Norrvik Circle", "private_sector"),
    ("Norrvik Circle is an intergovernmental organization of nine member states.", "Norrvik Circle", "intergovernmental"),
    ("Norrvik Circle (a research institute) answers as follows.", "Norrvik Circle", "academia"),
    ("Le Cercle Norrvik est une organisation intergouvernementale de neuf États membres.", "Cercle Norrvik", "intergovernmental"),
    ("Le Cercle Norrvik est un point d'échange Internet sans but lucratif.", "Cercle Norrvik", "technical_community"),
    ("El Círculo Norrvik es una asociación civil sin fines de lucro.", "Círculo Norrvik", "civil_society"),
    ("El Círculo Norrvik es una empresa familiar que vende acceso.", "Círculo Norrvik", "private_sector"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "name", "category"), CASES, ids=[str(n) for n in range(len(CASES))])
def test_the_category_is_what_the_sender_says_it_is(sentence: str, name: str, category: str) -> None:
    who = verdict_of(a_mail("Reply", f"{sentence}\n\n{ONE}\n\nTove Lind\n{name}\n", "Tove Lind <tove@relay.example>")).respondent
    assert who.category is Category(category), (who.organization, who.sources)


NAMES = [
    ("Tove Lind\nChair, Norrvik Sound Circle\nTallinn, Estonia", "Norrvik Sound Circle"),
    ("Tove Lind\nVice-Chair, Fédération des ports (Tallinn, Estonie)", "Fédération des ports"),
    ("Tove Lind\nCooperativa Red del Valle, S.C.C.L.", "Cooperativa Red del Valle, S.C.C.L."),
    ("Tove Lind\nNorrvik Kabel GmbH\nHamburg", "Norrvik Kabel GmbH"),
    ("Tove Lind\nGovernment of Estonia\nMinistry of Islands", "Ministry of Islands"),
    ("Туве Линд\nпредседатель\nБлаготворительный фонд «Дальний берег»", "Благотворительный фонд «Дальний берег»"),
    ("林图薇\n海岛大学数字乡村研究中心主任、教授", "海岛大学数字乡村研究中心"),
    ("توفي ليند\nمديرة\nجمعية الجزر الرقمية", "جمعية الجزر الرقمية"),
]


@pytest.mark.parametrize(("signature", "name"), NAMES, ids=[str(n) for n in range(len(NAMES))])
def test_the_name_as_it_is_signed(signature: str, name: str) -> None:
    text = f"Dear all,\n\nQuestion 1: {ONE}\n\nKind regards,\n\n{signature}\n"
    assert verdict_of(a_mail("Reply", text, "tove <x@relay.example>")).respondent.organization == name


def test_a_state_under_a_reserved_name_is_still_a_state() -> None:
    who = verdict_of(
        a_mail("Reply", f"Question 1: {ONE}\n\nTove Lind\nNorrvik Desk\n", "Tove Lind <tove@desk.gov.vu.example>")
    ).respondent
    assert (who.category, who.country, who.region) == (Category.GOVERNMENT, "VU", Region.ASIA_PACIFIC)


def test_a_pseudonym_is_nobody_s_organization() -> None:
    verdict = verdict_of(a_mail("about it", f"{ONE}\n\ntidemark", "tidemark <tidemark_7@post.example>"))
    assert (verdict.respondent.person, verdict.respondent.organization) == ("tidemark", None)
    assert verdict.doubts

"""What belongs to a university is of it, whatever it calls itself; what its people have founded is not."""

from __future__ import annotations

import pytest

from tests.fakes.mails import a_mail, verdict_of

CENTRES = [
    "Centre for Island Law, University of Northmere", "Center for Web History, Northmere University", "Community Radio Centre, University of Northmere",
    "Observatoire des littoraux, Université de Kribi", "Centre d'études des îles, Université de Kribi",
    "Centro de Estudios Costeros, Universidad de la Costa Norte",
    "Центр морских исследований, Приморский университет", "مركز دراسات السواحل، جامعة الساحل", "海州大学海洋法研究中心",
]  # fmt: skip
FOUNDED = ["Students' Union of the University of Northmere", "Union of Students of Northmere"]


@pytest.mark.parametrize("name", CENTRES)
def test_a_universitys_centre_is_academia(name: str) -> None:
    assert (
        verdict_of(a_mail("Response", f"Question 1: Shared cables.\n\nMaria Lund\nDirector\n{name}\n")).respondent.category.value
        == "academia"
    )


@pytest.mark.parametrize("name", FOUNDED)
def test_an_association_at_a_university_is_none(name: str) -> None:
    assert (
        verdict_of(a_mail("Response", f"Question 1: Shared cables.\n\nMaria Lund\nChair\n{name}\n")).respondent.category.value
        == "civil_society"
    )

"""Who it is, in wordings that other rounds taught: bodies of States, signed forms, duties behind a function, Korean, small letters."""

from __future__ import annotations

import pytest
from who_samples import who

from intake.model.verdict import Category
from intake.sorting.who_category import category_of
from intake.sorting.who_gloss import self_described, signed_as
from intake.sorting.who_names import person_name
from intake.sorting.who_prose import named_organizations
from intake.sorting.who_signature import read_signature
from tests.fakes.mails import a_mail, verdict_of

PUBLIC = [
    "National Statistics Office of Nepal",
    "State Land Registry Service",
    "Office of the Registrar General of Malawi",
    "Federal Cadastre Inspectorate",
    "Service national des archives",
    "Agence nationale de l'eau du Niger",
    "Servicio Nacional de Aduanas",
    "Dirección General de Archivos",
    "Государственная служба геодезии",
    "الهيئة الوطنية للمساحة",
    "国家测绘局",
    "Urząd Krajowy Map",
    "Island Council of Rakahanga",
    "Office of the Privacy Commissioner",
    "Акимат Павлодара",
]
NOT_PUBLIC = [
    ("National Association of Port Services", Category.GOVERNMENT),
    ("General Services Ltd", Category.GOVERNMENT),
    ("Asociación Nacional de Registros de Barcos", Category.GOVERNMENT),
]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_state_s_own_body_is_told_by_its_words(name: str) -> None:
    assert category_of(name, "", "ana@post.test", who()).category is Category.GOVERNMENT


@pytest.mark.parametrize("case", NOT_PUBLIC, ids=lambda case: case[0])
def test_an_association_or_a_firm_is_no_state_s_body(case: tuple[str, Category]) -> None:
    assert category_of(case[0], "", "ana@post.test", who()).category is not case[1]


def test_a_form_of_name_gives_way_to_what_is_said() -> None:
    """Many are called institutes; one that says that it is a non-profit association is one."""
    said = "professional association of surveyors, not for profit"
    assert category_of("Institute of Harbour Surveyors", said, "", who()).category is Category.CIVIL_SOCIETY
    assert category_of("Institute of Harbour Studies", "", "", who()).category is Category.ACADEMIA
    assert category_of("Institute of Harbour Studies", "a research institution", "", who()).category is Category.ACADEMIA


def test_what_is_said_of_a_name_without_its_legal_form_or_in_a_signature() -> None:
    assert "non-profit company" in self_described(
        "OpenQuay Institute is a non-profit company in Durban.", "OpenQuay Institute NPC", who()
    )
    text = "Our text is attached.\n\nRuth Hill\nDirector\nGuild of Quay Clerks (professional association, not for profit), Cork, Ireland"
    assert signed_as(text, "Guild of Quay Clerks") == "professional association, not for profit"
    assert signed_as(text, None) == ""


DUTIES = [
    "Manager, Government Relations",
    "Head, Regulatory Affairs",
    "Directrice, Affaires publiques",
    "Gerente, Asuntos Públicos",
]


@pytest.mark.parametrize("line", DUTIES)
def test_a_duty_behind_a_function_is_no_organization(line: str) -> None:
    signature = read_signature(f"Ana Ruiz\n{line}", who())
    assert signature.organization is None
    assert signature.title == line


def test_we_before_a_name_in_small_letters() -> None:
    for text, name in (
        ("Мы, профсоюз портовых служащих (Казахстан, Актау), видим это каждый день.", "профсоюз портовых служащих"),
        ("Ми, асоціація портових служб (Одеса), бачимо це щодня.", None),
    ):
        found = {named.name for named in named_organizations(text, "declared", who())}
        assert name is None or name in found


def test_what_belongs_to_somebody_named_before_names_nobody() -> None:
    """ "Its Council adopted ..." has no council's name."""
    text = "The Harbour Union sends this.\n\nFirst question: Its Council adopted a model. Their Assembly met."
    names = {named.name for named in named_organizations(text, "declared", who())}
    assert not {name for name in names if name.startswith(("Its", "Their"))}


KOREAN = [
    ("항만노동시민연대(대한민국 부산, 비영리 시민단체)입니다.", Category.CIVIL_SOCIETY),
    ("해양통신연구소(대한민국 인천)입니다.", Category.ACADEMIA),
]


@pytest.mark.parametrize("case", KOREAN, ids=["civil", "academia"])
def test_a_korean_name_before_a_bracket(case: tuple[str, Category]) -> None:
    text, kind = case
    verdict = verdict_of(
        a_mail(
            "의견서",
            f"사무국 귀중\n\n{text}\n\n질문 1. 요금은 비용을 따라야 합니다. 섬 주민도 같은 값을 내야 합니다.\n\n김민수\n국장",
            sender="Kim <kim@post.test>",
        )
    )
    assert verdict.respondent.organization == text.partition("(")[0]
    assert verdict.respondent.category is kind


def test_courtesy_of_the_clergy_and_short_last_names() -> None:
    assert person_name("Fr. Tomas Reyes", who()) == "Tomas Reyes"
    assert person_name("Rev. Grace Hill", who()) == "Grace Hill"
    assert person_name("Imam Yusuf Sall", who()) == "Yusuf Sall"
    assert person_name("Marisol Prado Cuc", who()) == "Marisol Prado Cuc"
    assert person_name("Marisol Prado Ong", who()) == "Marisol Prado Ong"

"""The silence map: by published names alone, in time alone, and nothing that was not published then."""

from __future__ import annotations

from intake.casework.judge import judge
from intake.casework.silence import silence_of
from intake.model.silence import LastRound, Published
from intake.model.verdict import Category, Region
from tests.fakes.mails import a_mail, cases_of, ruling, the_round

ONE = "Question 1: Shared cables and open landing stations bring the price of a link down for every island.\n"


def body(
    name: str, category: str = "private_sector", country: str | None = "EE", region: str = "europe", language: str = "en"
) -> Published:
    return Published(name=name, category=Category(category), country=country, region=Region(region), language=language)


LAST = LastRound(
    title="Links of old",
    source="OLD-1",
    responses=(
        body("Relay Islands Cooperative"),
        body("The Relay Islands Cooperative Ltd"),
        body("Relay Islands Cooperative of Peru", country="PE", region="americas"),
        body("University of the Coast", "academia", "PT", language="pt"),
        body("Ministry of Links", "government", "KE", "africa", "fr"),
        body("Ana Berg", "individual", "EE"),
        body("", "individual", "FR"),
        body("Nobody", "unspecified", None, "unknown"),
    ),
)


def test_who_has_not_been_heard_from() -> None:
    """The same body under a longer name is heard, its namesake of another country is not; a person who signs is heard."""
    mail = a_mail("Our response", ONE + "\nAna Berg\nHead of Policy\nRelay Islands Cooperative\nTallinn, Estonia\n")
    found = silence_of(LAST, judge(the_round(), cases_of([mail]), ()))
    assert [item.name for item in found.respondents] == [
        "Relay Islands Cooperative of Peru", "University of the Coast", "Ministry of Links", "Nobody",
    ]  # fmt: skip
    assert (found.heard, found.unnamed) == (3, 1)
    assert [(item.key, item.then) for item in found.categories] == [("individual", 2), ("academia", 1), ("government", 1)]
    assert [item.key for item in found.regions] == ["africa", "americas"]
    assert found.languages == ("en", "fr", "pt")


def test_what_was_excluded_leaves_its_category_silent_and_its_sender_heard() -> None:
    (case,) = cases_of([a_mail("Our response", ONE + "\nAna Berg\nRelay Islands Cooperative\nTallinn, Estonia\n")])
    found = silence_of(LAST, judge(the_round(), [case], [ruling("exclude", case.key)]))
    assert "Relay Islands Cooperative" not in [item.name for item in found.respondents]
    assert "private_sector" in [item.key for item in found.categories]


def test_before_anything_came_all_are_silent() -> None:
    found = silence_of(LAST, judge(the_round(), (), ()))
    assert len(found.respondents) == 7
    assert {item.key for item in found.categories} == {"private_sector", "academia", "government", "individual"}

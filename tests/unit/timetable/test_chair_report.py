"""The compliance sheet and the report's paragraphs: every figure adds up, or is not printed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from intake.casework.compliance import compliance_outline, rules_words
from intake.casework.compliance_report import RoundFigures, checked, figures_from, groups_table, paragraph, report_outline
from intake.casework.timetable import extensions, timetable
from intake.compilation.renderers.markdown import render
from intake.compilation.words import Words, words_from
from intake.doors.share import InstalledShare
from intake.errors import BadData
from intake.model.outline import Table
from intake.model.round import LANGUAGES, Rules
from tests.fakes.rounds import consultation, extend

EARLIER = """
[[rounds]]
id = "2019-10"
topic = "International public Internet-related policy issues on harnessing new and emerging telecommunications/ICTs"
from = 2019-10-01
to = 2020-02-03
responses = 52
[rounds.groups]
government = 15
private_sector = 15
civil_society = 11
intergovernmental = 8
"""


def shell(language: str) -> Words:
    share = InstalledShare()
    documents = share.table("templates", "compilation", f"words.{language}.toml")
    return words_from(language, {**documents, **share.table("templates", "report", f"{language}.toml")})


def the_round_of_2020() -> RoundFigures:
    return figures_from(EARLIER, "earlier.toml")[0]


def test_the_paragraph_of_2020_with_the_three_that_it_left_out() -> None:
    """15 + 15 + 11 + 8 = 49 of 52: the paragraph stands, and says that three are in none of the groups."""
    figures = replace(the_round_of_2020(), topic="Nouvelles télécommunications/TIC")
    assert paragraph(figures, shell("fr")) == (
        "Dans le cadre de la consultation ouverte (en ligne et traditionnelle) sur le thème «Nouvelles télécommunications/TIC» "
        "(octobre 2019 – février 2020), 52 réponses ont été reçues de diverses parties prenantes et régions, à savoir 15 de "
        "gouvernements, 15 du secteur privé et d’associations professionnelles, 11 de la société civile et 8 d’organisations "
        "intergouvernementales. 3 réponses ne relèvent d’aucun de ces groupes (52 = 15 + 15 + 11 + 8 + 3)."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_names_its_rules_and_says_where_days_are_set_otherwise(language: str) -> None:
    words = shell(language)
    named = words("rules.res1336-2019")
    assert rules_words(Rules(), words) == rules_words(Rules(shortest=5, grace_minutes=9), words) == named
    assert rules_words(Rules(posting=5), words) == f"{named}{words.aside(words('sheet.own_days'))}"
    assert rules_words(Rules(name="House rules", posting=5), words) == "House rules"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_group_of_two_categories_reads_as_a_sentence(language: str) -> None:
    both = replace(the_round_of_2020(), groups=(("intergovernmental+international_org", 8), ("individual+unspecified", 4)))
    told = paragraph(both, shell(language))
    assert shell(language)("from.intergovernmental+international_org", n=8) in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_figures_in_every_language(language: str) -> None:
    """All five numbers and the missing three stand in each paragraph."""
    text = paragraph(the_round_of_2020(), shell(language))
    for number in ("52", "15", "11", "8", "52 = 15 + 15 + 11 + 8 + 3"):
        assert number in text


def test_a_breakdown_that_adds_up_says_nothing_is_missing() -> None:
    """2016: 23 + 14 + 11 + 1 = 49."""
    whole = (("government", 23), ("private_sector+technical_community", 14), ("civil_society", 11), ("academia", 1))
    text = paragraph(replace(the_round_of_2020(), responses=49, groups=whole), shell("en"))
    assert "none of these" not in text
    assert "14 in “Private sector and Technical community”" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"responses": 48}, "add up to 49, more than the 48"),
        ({"regions": {"africa": 51}}, "regions add up to 51"),
        ({"groups": (("government", 1), ("government", 2))}, "stands twice"),
        ({"groups": (("government", -1),)}, "negative"),
    ],
)
def test_what_does_not_reconcile_is_refused(changes: dict[str, object], said: str) -> None:
    """Neither the paragraph nor the table is printed."""
    wrong = replace(the_round_of_2020(), **changes)
    with pytest.raises(BadData, match=said):
        paragraph(wrong, shell("fr"))
    with pytest.raises(BadData, match=said):
        checked(wrong)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("responses = 52", "responses = 48", "more than the 48"),
        ("responses = 52", 'responses = "52"', "responses is missing or no int"),
        ("responses = 52", "responses = 52\nsource = 1", "unknown key 'source'"),
        ("id =", "id ==", "is not TOML"),
    ],
)
def test_a_file_of_figures_is_checked(before: str, after: str, said: str) -> None:
    """With its name and the place."""
    with pytest.raises(BadData, match=said):
        figures_from(EARLIER.replace(before, after), "earlier.toml")


FIGURES = st.dictionaries(
    st.sampled_from(["government", "private_sector", "civil_society", "academia+individual", "Others"]), st.integers(0, 99)
).flatmap(
    lambda groups: st.builds(
        RoundFigures,
        id=st.just("r"),
        topic=st.just("Topic"),
        begun=st.dates(date(2019, 1, 1), date(2026, 1, 1)),
        ended=st.just(date(2026, 2, 1)),
        responses=st.integers(0, 5).map(lambda more: sum(groups.values()) + more),
        groups=st.just(tuple(groups.items())),
    )
)


@settings(deadline=None, max_examples=60)
@given(st.lists(FIGURES, min_size=1, max_size=4), st.sampled_from(LANGUAGES))
def test_every_printed_table_adds_up(rounds: list[RoundFigures], language: str) -> None:
    """Columns give the responses of each round, rows and the last column their sums; the paragraph's own sum holds."""
    table = groups_table(rounds, shell(language))
    columns = list(zip(*(map(int, row[1:]) for row in table.rows), strict=True))
    assert all(sum(column[:-1]) == column[-1] for column in columns)
    assert columns[0][-1] == rounds[0].responses
    if len(rounds) > 1:
        assert columns[-1][-1] == sum(item.responses for item in rounds)
    for item in rounds:
        text = paragraph(item, shell(language))
        assert ("=" in text) == bool(item.remainder and item.groups)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_over_years_as_a_document(language: str) -> None:
    """Numbered paragraphs, a table, the source of what was not counted here."""
    rounds = [the_round_of_2020(), replace(the_round_of_2020(), id="b", begun=date(2021, 2, 1), ended=date(2021, 9, 20))]
    outline = report_outline(
        rounds, date(2026, 1, 1), shell(language), group="Group", first_paragraph="2.4", years=4, source="earlier.toml"
    )
    text = render(outline).decode("utf-8")
    assert "2.4 " in text
    assert "2.5 " in text
    assert "104" in text
    assert "earlier.toml" in text
    with pytest.raises(BadData, match="no round"):
        report_outline([], date(2026, 1, 1), shell(language), group="", first_paragraph="1", years=1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compliance_sheet_has_every_day_with_its_rule(language: str) -> None:
    """Due, done, days off, remarks; the extension in full."""
    held = replace(consultation(), done={"synthesis": date(2018, 1, 9)}, reasons={"synthesis": "translation took two days"})
    moved = [extend(1, date(2017, 12, 30), reason="asked for by administrations")]
    today = date(2018, 2, 1)
    outline = compliance_outline(held, timetable(held, today, moved), extensions(held, moved), today, shell(language))
    table = next(node for node in outline.nodes if isinstance(node, Table))
    assert len(table.rows) == 10
    offs = {row[0]: row[4].strip("\u2066\u2069") for row in table.rows if row[4] not in ("0", "–")}
    words = shell(language)
    assert offs == {words("day.deadline"): "+7", words("day.synthesis"): "+2"}
    text = render(outline).decode("utf-8")
    assert "translation took two days" in text
    assert "asked for by administrations" in text
    assert "1336" in text
    assert "556" in text

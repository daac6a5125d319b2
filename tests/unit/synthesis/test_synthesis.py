"""Points with evidence: found word for word or refused, counted once a respondent; hints that reach no document."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.compilation.renderers.markdown import render
from intake.compilation.words import Words, words_from
from intake.doors.share import InstalledShare
from intake.errors import BadData, Misconfigured
from intake.model.outline import Line
from intake.model.round import LANGUAGES
from intake.model.synthesis import Findings, Kind
from intake.synthesis.brief import Frozen, annex_outline, nodes_of, sha256_of
from intake.synthesis.matrix import matrix_of, sentences
from intake.synthesis.outline import PARTS, Document, document_outline, layout_faults
from intake.synthesis.points import check, points_from
from intake.synthesis.source import GAP, squeezed, stands_in
from intake.synthesis.terms import Terms, terms_from
from intake.synthesis.worksheet import points_start, worksheet
from tests.fakes.points import POINTS
from tests.fakes.rounds import consultation
from tests.fakes.small_editions import edition, entry

SHARE = InstalledShare()


@pytest.fixture(scope="module")
def terms() -> Terms:
    return terms_from(SHARE.table("config", "terms.toml"))


def shell(language: str) -> Words:
    table = SHARE.table("templates", "compilation", f"words.{language}.toml")
    for room in ("report", "synthesis"):
        table |= SHARE.table("templates", room, f"{language}.toml")
    return words_from(language, table)


def found(text: str, terms: Terms) -> Findings:
    points, faults = points_from(text)
    return check(points, faults, edition(), matrix_of(edition(), terms))


def test_statements_are_counted_by_who_stands_behind_them(terms: Terms) -> None:
    """A respondent counts once however often quoted; what is not ticked does not count; who is never cited is told."""
    result = found(POINTS, terms)
    assert result.faults == ()
    first, second = result.points
    assert first.numbers == (1, 2, 5, 6)
    assert sum(first.by_category.values()) == sum(first.by_region.values()) == 4
    assert (second.numbers, second.contrary) == ((1,), (2,))
    assert result.uncited == (3, 4)
    assert result.introduction == ("Two questions were asked.",)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("### A statement.", "has no evidence: it is refused"),
        ('### A statement.\n- [-] 1 "We support a national plan."', "has no evidence: it is refused"),
        ('### A statement.\n- [x] 1 "the cost of the last mile is low"', "does not say"),
        ('### A statement.\n- [x] 2 "the cost of the last mile is too high"', "response 2 does not say"),
        ('### A statement.\n- [x] 77 "words"', "no printed response 77"),
        ("### A statement.\n- [x] 1", "no words are quoted"),
        ("### A statement.\n- [x] 1-1-abcdef", "stands no more"),
        ('### A statement.\n- [?] 1 "We support"', "neither"),
        ("### A statement.\n- [x] nobody", "wants the number"),
        ("A sentence that no evidence stands under.", "text without a statement"),
        ('- [x] 1 "We support a national plan."', "without a statement above"),
        ('## Somewhere\n### A statement.\n- [x] 1 "We support a national plan."', "which question"),
        ('## Question 9\n### A statement.\n- [x] 1 "We support a national plan."', "no question 9"),
    ],
)
def test_what_has_no_evidence_is_refused(terms: Terms, lines: str, said: str) -> None:
    """Each with its line; nothing is passed over in silence."""
    assert any(said in fault for fault in found(f"## Question 1\n{lines}\n", terms).faults)


def test_what_is_withheld_cannot_be_quoted(terms: Terms) -> None:
    """Neither across the marker nor, of course, the words behind it."""
    across = '## Question 1\n### S.\n- [x] 1 "We support a national plan. Call our office"\n'
    assert any("does not say" in fault for fault in found(across, terms).faults)
    assert found(across.replace(" Call our office", ""), terms).faults == ()


def test_passages_of_one_meaning_are_found_in_every_language(terms: Terms) -> None:
    """Six respondents in six languages on the cost: one group; its count adds up; the hint is a hint."""
    matrix = matrix_of(edition(), terms)
    cost = next(group for group in matrix.groups if group.concept == "affordability" and group.question == 1)
    assert cost.numbers == (1, 2, 3, 4, 5, 6)
    assert sum(cost.by_category.values()) == sum(cost.by_region.values()) == 6
    assert cost.hint == "divergence"
    skills = next(group for group in matrix.groups if group.concept == "skills" and group.question == 2)
    assert (skills.numbers, skills.hint) == ((1, 2, 6), "convergence")


def test_a_passage_keeps_its_number_while_its_words_stand(terms: Terms) -> None:
    """New responses and another layout change no number: ticks survive a new build."""
    first = matrix_of(edition(), terms)
    more = edition(
        [*edition().entries, entry(7, "Late", "individual", "unknown", "en", {1: ("Prices are far too high for students.",)})]
    )
    second = matrix_of(more, terms)
    before = {item.id: item.text for cell in first.cells.values() for item in cell}
    after = {item.id: item.text for cell in second.cells.values() for item in cell}
    assert before.items() <= after.items()
    wrapped = entry(
        1,
        "x",
        "government",
        "africa",
        "en",
        {1: ("Broadband does not  reach\nrural schools and the cost of the last mile is too high.",)},
    )
    again = matrix_of(edition([wrapped]), terms)
    assert set(item.id for cell in again.cells.values() for item in cell) <= set(before)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(Kind))
def test_no_document_holds_a_hint(terms: Terms, kind: Kind, language: str) -> None:
    """Every kind in every language: the statements stand in it, the worksheet's suggestions do not."""
    words = shell(language)
    matrix = matrix_of(edition(), terms)
    document = Document(
        kind=kind,
        edition=edition(),
        findings=found(POINTS, terms),
        matrix=matrix,
        points_sha256="f" * 64,
        on=date(2018, 1, 6),
        number=0,
        released_by="officer",
    )
    layout = SHARE.table("templates", "synthesis", "layouts.toml")[kind.value]
    text = render(document_outline(document, words, layout)).decode("utf-8")
    assert "The cost of the last mile is the main obstacle" in text
    sheet = worksheet(matrix, edition(), found(POINTS, terms), words)
    for hint in ("convergence", "divergence"):
        assert words(f"worksheet.{hint}") in sheet
        assert words(f"worksheet.{hint}") not in text
    assert words("worksheet.suggestion") not in text
    assert words("synth.draft") not in text


def test_the_worksheet_shows_what_is_ticked_and_the_points_file_begins_without_faults(terms: Terms) -> None:
    """Ticks come from the officer's file; a fresh points file reads clean in every language."""
    matrix = matrix_of(edition(), terms)
    passage = matrix.cells[(1, 4)][0]
    ticked = found(f"## Question 1\n### S.\n- [x] {passage.id}\n", terms)
    assert ticked.faults == ()
    assert f"- [x] {passage.id}" in worksheet(matrix, edition(), ticked, shell("en"))
    for language in LANGUAGES:
        for kind in Kind:
            points, faults = points_from(points_start(kind, edition(), shell(language)))
            assert faults == ()
            assert points.points == ()


def test_a_layout_with_an_unknown_part_is_found_at_start() -> None:
    """Each document has its layout, each part exists."""
    assert layout_faults(SHARE.table("templates", "synthesis", "layouts.toml")) == []
    faults = layout_faults({"guidelines": ["about", "horoscope"], "poem": []})
    assert any("horoscope" in fault for fault in faults)
    assert any("poem" in fault for fault in faults)
    assert any("key_findings is missing" in fault for fault in faults)
    assert set(PARTS) >= {"figures", "uncited", "proof"}


def test_a_table_of_terms_with_a_gap_stops_the_start() -> None:
    """Six languages for every concept."""
    table = SHARE.table("config", "terms.toml")
    table["concepts"]["rural"]["zh"] = []
    with pytest.raises(Misconfigured, match=r"rural: zh is missing"):
        terms_from(table)


WORDS = st.text(alphabet="abc déяж中文ال.,!? \n«»“”…'’-", min_size=1, max_size=80)


@settings(deadline=None)
@given(WORDS, st.integers(0, 60), st.integers(1, 60))
def test_a_stretch_of_the_source_is_found_and_what_is_not_there_is_not(text: str, start: int, size: int) -> None:
    """White space and the kind of quotation marks do not matter; every other character does."""
    quote = text[start : start + size]
    if not squeezed(quote.replace("…", "")):
        assert not stands_in(quote, [text])
        return
    assert stands_in(quote, [text])
    assert stands_in(" ".join(quote.split()).replace("«", "“"), [" ".join(text.split())])
    assert not stands_in(quote + "Z", [text])
    assert not stands_in(f"{quote}Z", [quote, GAP, "Z"])


@given(st.text(max_size=300))
def test_sentences_lose_no_word(text: str) -> None:
    """Cut into passages, a paragraph has the same characters."""
    paragraph = " ".join(text.split())
    assert squeezed("".join(sentences(paragraph))) == squeezed(paragraph)


MARKDOWN = "# Brief summary\n\n**Six** responses were received.\n\n## Question 1\n\n- One view (responses 1, 2)\n- Another\n  goes on here\n\nEnd\\.\n"


def test_the_agreed_text_is_annexed_word_for_word() -> None:
    """Every word in order, the hash in the note; other octets are refused."""
    octets = MARKDOWN.encode()
    frozen = Frozen(round_id="r", sha256=sha256_of(octets), agreed_on=date(2018, 1, 22), agreed_by="participants", officer="a")
    outline = annex_outline(octets, frozen, consultation(), shell("fr"))
    text = render(outline).decode("utf-8")
    for words in ("Six responses were received.", "One view (responses 1, 2)", "Another goes on here", frozen.sha256):
        assert words in text.replace("\\", "")
    with pytest.raises(BadData, match="not the one that was agreed"):
        annex_outline(octets + b" ", frozen, consultation(), shell("fr"))


@settings(deadline=None)
@given(st.text(alphabet="ab *_#-+.\\\n[](){}<>é中ع", max_size=120))
def test_no_text_loses_words_on_its_way_into_the_annex(text: str) -> None:
    """Whatever was agreed: either every word stands in the annex, or nothing is printed (Broken), never less."""
    octets = text.encode()
    frozen = Frozen(round_id="r", sha256=sha256_of(octets), agreed_on=date(2018, 1, 22), agreed_by="", officer="a")
    annex_outline(octets, frozen, consultation(), shell("en"))
    letters = "".join(char for char in text if char.isalpha())
    said = "".join(node.text if isinstance(node, Line) else getattr(node, "text", "") for node in nodes_of(text))
    assert "".join(char for char in said if char.isalpha()) == letters

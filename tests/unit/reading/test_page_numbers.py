"""Page numbers of a PDF are set aside and told; a number that is the author's stays."""

from __future__ import annotations

from intake.reading.extractors.pdf_edges import without_page_numbers


def test_numbers_that_grow_with_the_pages_are_set_aside() -> None:
    for shape in ("{}", "- {} -", "{} / 3", "[{}]", "— {} —"):
        pages = [f"We share and\nlearn here.\n{shape.format(number)}\n" for number in (1, 2, 3)]
        left, taken = without_page_numbers(pages)
        assert [text.strip() for text in left] == ["We share and\nlearn here."] * 3
        assert taken == [shape.format(number) for number in (1, 2, 3)]


def test_at_the_head_and_from_any_number_on_also_without_one_on_the_first_page() -> None:
    left, taken = without_page_numbers(["Title\nText.", "12\nMore text.", "13\nAnd more.", "14\nThe end."])
    assert left == ["Title\nText.", "\nMore text.", "\nAnd more.", "\nThe end."]
    assert taken == ["12", "13", "14"]


def test_arabic_digits_count_pages_too() -> None:
    left, _ = without_page_numbers(["نص أول\n١", "نص ثان\n٢", "نص ثالث\n٣"])
    assert [text.strip() for text in left] == ["نص أول", "نص ثان", "نص ثالث"]


def test_the_authors_numbers_stay() -> None:
    for pages in (
        ["We have 3 offices.\n42"],
        ["Masts:\n12", "Boats:\n40", "Schools:\n7"],
        ["Answer one.\n2", "No number here.", "Nor here.", "Nor there."],
        ["", "", ""],
        [],
    ):
        assert without_page_numbers(pages) == (pages, [])


def test_a_page_of_nothing_but_its_number_is_empty() -> None:
    assert without_page_numbers(["Text.\n1", "2", "Text.\n3"])[0] == ["Text.\n", "", "Text.\n"]

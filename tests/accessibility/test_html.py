"""axe-core in Chromium finds nothing (WCAG 2.0 to 2.2, A and AA, and its best practices) in what we give out as HTML, in six languages."""

from __future__ import annotations

import os

import pytest

from intake.compilation.outline import outline_of
from intake.compilation.renderers.html import render
from intake.digest.sample import sample_digest
from intake.doors.share import InstalledShare
from intake.letters.compose import compose, letters_to_try
from intake.model.edition import DigestRole
from intake.model.round import LANGUAGES
from intake.pipeline.daily import digest_letter
from intake.wiring import load_templates, load_words
from tests.accessibility.axe import WCAG, missing, violations
from tests.fakes.small_editions import full_edition

SHARE = InstalledShare()


@pytest.fixture(autouse=True)
def _checker() -> None:
    what = missing()
    if what and not os.environ.get("CI"):
        pytest.skip(what)
    assert not what, f"in CI this test is never skipped: {what}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compilation(language: str) -> None:
    assert violations(render(outline_of(full_edition(language), load_words(SHARE)[language]))) == []


def test_the_compilation_on_a_telephone() -> None:
    assert violations(render(outline_of(full_edition("ar"), load_words(SHARE)["ar"])), width_px=360) == []


def test_a_letter_and_a_digest() -> None:
    """Landmarks are for pages; a letter stands inside its reader's."""
    templates = load_templates(SHARE)
    assert violations(compose(letters_to_try("ar")[0][1], templates).html.encode("utf-8"), tags=WCAG) == []
    made = digest_letter(sample_digest(), DigestRole.DESK, "fr", templates, load_words(SHARE))
    assert violations(made.html.encode("utf-8"), width_px=360, tags=WCAG) == []


def test_the_checker_finds_what_is_wrong() -> None:
    page = b'<!DOCTYPE html><html><head><title>x</title></head><body><main><h1>x</h1><img src="x.png"></main></body></html>'
    assert {item["id"] for item in violations(page)} >= {"image-alt", "html-has-lang"}

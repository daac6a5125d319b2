"""The jailed child gives what the function gives, and outlives nothing of what kills it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from intake.doors.rebuilder import JailedRebuilder
from intake.model.release import ToRelease
from intake.publication.released_form import DOCX, release
from tests.unit.publication.test_released_form import hostile_docx, hostile_pdf, png

PHRASES = Path("config/reading.toml").read_text("utf-8")


@pytest.fixture
def rebuilder() -> Iterator[JailedRebuilder]:
    made = JailedRebuilder(PHRASES)
    yield made
    made.close()


def test_the_child_gives_what_the_function_gives(rebuilder: JailedRebuilder) -> None:
    jobs = [
        ToRelease(octets=hostile_docx(), media_type=DOCX, withheld=("right",)),
        ToRelease(octets=hostile_pdf(), media_type="application/pdf"),
        ToRelease(octets=png(), media_type="image/png"),
        ToRelease(octets=b"", media_type="application/zip"),
    ]
    assert list(rebuilder.rebuild(jobs)) == [release(job) for job in jobs]


def test_a_child_that_dies_costs_its_original_alone() -> None:
    made = JailedRebuilder(PHRASES, module="tests.fakes.dying_child")
    jobs = [ToRelease(octets=octets, media_type="image/png") for octets in (png(), b"die", png())]
    assert [form.because for form in made.rebuild(jobs)] == ["", "damaged", ""]
    made.close()


def test_an_original_is_taken_out_of_its_message_in_the_child(rebuilder: JailedRebuilder) -> None:
    """By its hash, also out of a message that another one encloses."""
    inner, outer = EmailMessage(), EmailMessage()
    inner["Subject"], outer["Subject"] = "inner", "outer"
    inner.set_content("words")
    outer.set_content("see below")
    inner.add_attachment(png(), maintype="image", subtype="png", filename="scan.png")
    outer.add_attachment(inner)
    job = ToRelease(octets=bytes(outer), media_type="image/png", sha256=hashlib.sha256(png()).hexdigest())
    other = ToRelease(octets=bytes(outer), media_type="image/png", sha256="0" * 64)
    assert [form.because for form in rebuilder.rebuild([job, other])] == ["", "damaged"]

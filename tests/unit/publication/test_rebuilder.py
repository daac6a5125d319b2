"""The jailed child gives what the function gives, and outlives nothing of what kills it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from intake.doors.rebuilder import JailedRebuilder
from intake.model.release import ToRelease
from intake.publication.released_form import DOCX, release
from tests.unit.publication.test_released_form import hostile_docx, hostile_pdf, png


@pytest.fixture
def rebuilder() -> Iterator[JailedRebuilder]:
    made = JailedRebuilder()
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
    made = JailedRebuilder(module="tests.fakes.dying_child")
    jobs = [ToRelease(octets=octets, media_type="image/png") for octets in (png(), b"die", png())]
    assert [form.because for form in made.rebuild(jobs)] == ["", "damaged", ""]
    made.close()

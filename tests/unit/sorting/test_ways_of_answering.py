"""Some two hundred ways in which people answer three questions, in six languages: which they answer, and where each answer begins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_answers_labels import found

WAYS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "ways_of_answering.json").read_text("utf-8"))


@pytest.mark.parametrize("way", WAYS, ids=[way["name"] for way in WAYS])
def test_answers_are_found_where_they_are_given(way: dict[str, Any]) -> None:
    got = found(way["text"])
    assert sorted(got) == way["answers"]
    for number, beginning in way["begins"].items():
        assert got[int(number)].startswith(beginning)

"""How people and bodies name themselves, in six languages: missions for ministries, law firms for clients, centres of universities, unions,
cooperatives, individuals. What cannot be told is None."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.mails import a_mail, verdict_of

WAYS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "ways_of_signing.json").read_text("utf-8"))


@pytest.mark.parametrize("way", WAYS, ids=[way["id"] for way in WAYS])
def test_who_it_is_from(way: dict[str, Any]) -> None:
    respondent = verdict_of(a_mail(way["subject"], way["text"], way["sender"])).respondent
    found = {name: getattr(respondent, name) for name in way["who"]}
    assert {name: getattr(value, "value", value) for name, value in found.items()} == way["who"]

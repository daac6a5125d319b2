"""Every input that fuzzing found worth keeping, among them each that once broke a promise, is tried again."""

from __future__ import annotations

import pytest

from tests.fuzz.corpus import kept
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_kept_inputs_break_no_promise(target: str) -> None:
    inputs = kept(target)
    assert inputs, "the kept corpus is part of the project"
    for item in inputs:
        TARGETS[target](item)

"""Each case that docs/READING.md names for a row of the threat model is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_ROW = re.compile(r"^\| (\d\d[^|]*) \| (.+) \|$", re.M)
_PATH = re.compile(r"tests/[\w/.]+")
_CASE = re.compile(r"(?<![\w/-])(?:structure|header|charset|utf8|name|html|file|forward|from-in-text)-?[\w-]*\*?[\w*-]*")
ROWS = dict(_ROW.findall((ROOT / "docs/READING.md").read_text("utf-8").partition("## Hostile and odd messages")[2]))
ALL = {path.stem for path in (HERE / "reading").glob("*.eml")}


def test_every_row_that_concerns_reading_is_told() -> None:
    numbers = {int(number) for row in ROWS for number in re.findall(r"\d\d", row.split(" ")[0] + row.split(" ")[1])}
    assert numbers >= set(range(24, 31)) | set(range(32, 46)) | {96}


@pytest.mark.parametrize("row", ROWS)
def test_the_cases_of_a_row_are_there(row: str) -> None:
    words = ROWS[row]
    paths = _PATH.findall(words)
    assert [path for path in paths if not (ROOT / path).exists()] == []
    names = _CASE.findall(_PATH.sub("", words))
    assert names or paths
    missing = [name for name in names if "-" in name and not list((HERE / "reading").glob(f"{name}.eml"))]
    assert missing == []

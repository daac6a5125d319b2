"""The first command as a person gives it: a whole round on this machine, and what it says is there is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.office import intake


@pytest.mark.timeout(280)
def test_the_demonstration_ends_well_and_leaves_what_it_names(tmp_path: Path) -> None:
    """Exit 0, nothing asked; document in its formats, annexes, letters and digest below the folder."""
    done = intake("demo", "--out", tmp_path / "demo", "--no-browser")
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
    assert b"Traceback" not in done.stderr
    for name in (
        "compilation.pdf",
        "compilation.docx",
        "compilation.html",
        "compilation.md",
        "letters-sent",
        "digest",
        "annexes",
    ):
        assert (tmp_path / "demo" / name).exists(), name
    assert any((tmp_path / "demo" / "annexes").iterdir())
    assert any((tmp_path / "demo" / "letters-sent").iterdir())

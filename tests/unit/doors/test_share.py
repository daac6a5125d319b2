"""The shipped words are found from a checkout; the operator's own go first."""

from __future__ import annotations

from pathlib import Path

from intake.doors.share import InstalledShare


def test_shipped_files_are_found() -> None:
    """The example configuration is where the program looks for it."""
    assert "[service]" in InstalledShare().text("config", "intake.example.toml")


def test_the_operators_own_template_wins(tmp_path: Path) -> None:
    """A file of the same name in the operator's folder is taken instead."""
    shipped = InstalledShare()
    name = next(iter(shipped.files("templates")))
    own = tmp_path / name
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("our own words", "utf-8")
    assert InstalledShare(tmp_path).text("templates", *name.split("/")) == "our own words"
    assert shipped.text("templates", *name.split("/")) != "our own words"

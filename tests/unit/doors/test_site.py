"""Papers are put in place all at once; a frozen folder is never written again."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.doors.site import write_papers
from intake.errors import BadData


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    """Files of the edition before do not survive in the next."""
    write_papers(tmp_path / "draft", {"a.md": b"1", "b.md": b"2"})
    write_papers(tmp_path / "draft", {"a.md": b"3"})
    assert {path.name: path.read_bytes() for path in (tmp_path / "draft").iterdir()} == {"a.md": b"3"}
    assert [path.name for path in tmp_path.iterdir()] == ["draft"]


def test_leftovers_of_a_crash_are_cleared(tmp_path: Path) -> None:
    """A half-written folder of before neither shows nor stays."""
    (tmp_path / "draft.new").mkdir()
    (tmp_path / "draft.new" / "half.md").write_bytes(b"x")
    write_papers(tmp_path / "draft", {"a.md": b"1"})
    assert [path.name for path in (tmp_path / "draft").iterdir()] == ["a.md"]
    assert not (tmp_path / "draft.new").exists()


def test_a_frozen_folder_is_never_written_again(tmp_path: Path) -> None:
    """A released revision stands."""
    (written,) = write_papers(tmp_path / "rev-0", {"a.md": b"1"}, frozen=True)
    with pytest.raises(BadData, match="released before"):
        write_papers(tmp_path / "rev-0", {"a.md": b"2"}, frozen=True)
    assert written.read_bytes() == b"1"
    assert written.stat().st_mode & 0o222 == 0

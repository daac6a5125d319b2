"""A post that keeps letters in a folder instead of handing them to SMTP: for rehearsals."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from intake.model.letter import HandOver, Outcome


class FolderPost:
    """Implements ports.Post: each letter is a file NNNN.eml; accepted always. The folder is emptied at the start."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.count = 0
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)

    def hand_over(self, raw: bytes, recipient: str, before_dot: Callable[[], None]) -> HandOver:  # noqa: ARG002 - the port's shape
        """Write the letter down."""
        before_dot()
        self.count += 1
        (self._folder / f"{self.count:04d}.eml").write_bytes(raw)
        return HandOver(outcome=Outcome.SENT, reply="250 kept in the folder")

    def close(self) -> None:
        """Nothing to close."""

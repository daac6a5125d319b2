"""Typst in a child process, with the fonts that the installation has; gives PDF/UA-1."""

from __future__ import annotations

import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from intake.errors import Broken

WALL_S = 600.0
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    str(Path(sys.prefix) / "share" / "fonts"),
)


def font_folders() -> list[str]:
    """Where fonts may lie: the system's, and what deploy/fonts.sh put beside the program."""
    return [folder for folder in _FOLDERS if Path(folder).is_dir()]


class TypstPress:
    """Implements ports.Press. The child gets the source and the data on its standard input and sees one empty folder."""

    def __init__(self, wall_s: float = WALL_S) -> None:
        self._wall_s = wall_s

    def typeset(self, source: str, data: bytes) -> bytes:
        """PDF/UA-1. Raises Broken with Typst's own words."""
        words = source.encode("utf-8")
        request = struct.pack(">QQ", len(words), len(data)) + words + data
        with tempfile.TemporaryDirectory(prefix="press-") as folder:
            command = [sys.executable, "-m", "intake.doors.press_child", folder, *font_folders()]
            try:
                done = subprocess.run(command, input=request, capture_output=True, timeout=self._wall_s, check=False)
            except subprocess.TimeoutExpired as error:
                raise Broken(f"the press took longer than {self._wall_s:.0f} s") from error
        if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
            raise Broken("the press: " + done.stderr.decode("utf-8", "replace").strip()[-2000:])
        return done.stdout

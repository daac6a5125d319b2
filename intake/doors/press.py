"""Typst in a child process, with the fonts that the installation has; gives PDF/UA-1."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from intake.errors import Broken
from intake.ports import Press, Typeset

WALL_S = 600.0
_HEAD = struct.Struct(">Q")  # size of the list of what was replaced, which stands before the PDF
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    str(Path(sys.prefix) / "share" / "fonts"),
)


_SCRIPTS = {"Latin": "Ag", "Cyrillic": "Ж", "Arabic": "ع", "Chinese": "中"}
_SAMPLE = '#set document(title: "-")\n#for text in json("data.json").texts [#par(text)]'


def font_folders() -> list[str]:
    """Where fonts may lie: the system's, and what deploy/fonts.sh put beside the program."""
    return [folder for folder in _FOLDERS if Path(folder).is_dir()]


def scripts_without_font(press: Press) -> list[str]:
    """Of the scripts of the six languages, those that no font at hand has: the press itself is asked. Raises Broken."""
    replaced = press.typeset(_SAMPLE, json.dumps({"texts": list(_SCRIPTS.values())}).encode()).replaced
    return [name for name, text in _SCRIPTS.items() if any(f"U+{ord(sign):04X}" in replaced for sign in text)]


class TypstPress:
    """Implements ports.Press. The child gets the source and the data on its standard input and sees one empty folder."""

    def __init__(self, wall_s: float = WALL_S, folders: Sequence[str] | None = None, *, archive: bool = False) -> None:
        self._standards = "ua-1,a-2a" if archive else "ua-1"
        self._wall_s = wall_s
        self._folders = font_folders() if folders is None else list(folders)
        self._known = (
            ""  # signs without a picture, so that the next document does not look for them again; new fonts need a restart
        )

    def typeset(self, source: str, data: bytes) -> Typeset:
        """PDF/UA-1 (with `archive` PDF/A-2a too), with what had to be replaced in it. Raises Broken with Typst's own words."""
        words = source.encode("utf-8")
        known = self._known.encode("utf-8")
        request = struct.pack(">QQQ", len(words), len(data), len(known)) + words + data + known
        with tempfile.TemporaryDirectory(prefix="press-") as folder:
            command = [sys.executable, "-m", "intake.doors.press_child", folder, self._standards, *self._folders]
            try:
                done = subprocess.run(command, input=request, capture_output=True, timeout=self._wall_s, check=False)
            except subprocess.TimeoutExpired as error:
                raise Broken(f"the press took longer than {self._wall_s:.0f} s") from error
        if done.returncode != 0 or len(done.stdout) < _HEAD.size:
            raise Broken("the press: " + done.stderr.decode("utf-8", "replace").strip()[-2000:])
        (size,) = _HEAD.unpack_from(done.stdout)
        pdf = done.stdout[_HEAD.size + size :]
        if not pdf.startswith(b"%PDF-"):
            raise Broken("the press gave no PDF: " + done.stderr.decode("utf-8", "replace").strip()[-2000:])
        found = json.loads(done.stdout[_HEAD.size : _HEAD.size + size])
        self._known = found["alone"]
        return Typeset(pdf=pdf, replaced=found["replaced"])

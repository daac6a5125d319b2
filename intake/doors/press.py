"""Typst in a child process, with the fonts that the installation has; gives PDF/UA-1."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import msgspec

from intake.doors.press_frames import MOVED, NUMBER, REQUEST
from intake.errors import Broken, Moved
from intake.ports import Pages, Press, Typeset

WALL_S = 600.0
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
        self._sure = False  # once a length was told that did not hold, lengths are told of written files

    def typeset(self, source: str, data: bytes, first_page: Callable[[Pages], int] | None = None) -> Typeset:
        """PDF/UA-1 (with `archive` PDF/A-2a too), with what had to be replaced in it. Raises Broken with Typst's own words, Moved once."""
        words = source.encode("utf-8")
        known = self._known.encode("utf-8")
        head = REQUEST.pack(len(words), len(data), len(known), first_page is not None, self._sure)
        with tempfile.TemporaryDirectory(prefix="press-") as folder, tempfile.TemporaryFile() as complaints:
            command = [sys.executable, "-m", "intake.doors.press_child", folder, self._standards, *self._folders]
            with _Child(command, complaints, self._wall_s) as child:
                given, pdf = child.converse(head + words + data + known, first_page)
            complaints.seek(0)
            said = complaints.read().decode("utf-8", "replace").strip()[-2000:]
        if child.late:
            raise Broken(f"the press took longer than {self._wall_s:.0f} s")
        if child.code == MOVED:
            self._sure = True
            raise Moved("a volume came out with other pages than it had told")
        if child.code != 0 or not pdf.startswith(b"%PDF-"):
            raise Broken(f"the press gave no PDF: {said}")
        found = json.loads(given)
        self._known = found["alone"]
        return Typeset(pdf=pdf, replaced=found["replaced"])


class _Child:
    """One child of the press; it ends with the block, killed where it did not end by itself in time."""

    def __init__(self, command: Sequence[str], complaints: IO[bytes], wall_s: float) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints)
        self._timer = threading.Timer(wall_s, self._end)
        self.late = False
        self.code = 0

    def _end(self) -> None:
        self.late = True
        self._process.kill()

    def __enter__(self) -> _Child:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self._process.kill()
        with contextlib.suppress(BrokenPipeError):
            self._process.__exit__(None, None, None)
        self.code = self._process.wait()
        self._timer.cancel()

    def converse(self, request: bytes, first_page: Callable[[Pages], int] | None) -> tuple[bytes, bytes]:
        """(what was replaced, the PDF); empty where the child ended early."""
        into, out = self._process.stdin, self._process.stdout
        assert into is not None
        assert out is not None
        try:
            into.write(request)
            into.flush()
            if first_page is not None:
                told = _framed(out)
                into.write(NUMBER.pack(first_page(msgspec.json.decode(told, type=Pages))) if told else b"")
                into.flush()
        except BrokenPipeError:
            return b"", b""
        return _framed(out), out.read()


def _framed(stream: IO[bytes]) -> bytes:
    head = stream.read(NUMBER.size)
    return stream.read(NUMBER.unpack(head)[0]) if len(head) == NUMBER.size else b""

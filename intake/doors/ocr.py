"""Tesseract in a process of its own: grey pictures that this program has drawn, words back; one thread, limits, no files."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
from collections.abc import Sequence

from intake.errors import Refused, Unreachable
from intake.model.examination import Seen

NAMES = {"ar": "ara", "zh": "chi_sim", "en": "eng", "fr": "fra", "ru": "rus", "es": "spa"}
"""Tesseract's names of the six languages."""
MEMORY_BYTES = 2 * 1024 * 1024 * 1024
_HEAD = re.compile(rb"\AP5\n(\d{1,5}) (\d{1,5})\n255\n")
_LONGEST_TEXT = 200_000


class TesseractOcr:
    """Implements ports_files.Ocr. `languages`: ISO 639-1, of the six; `timeout_s` a page."""

    def __init__(self, command: str = "tesseract", languages: Sequence[str] = tuple(NAMES), timeout_s: float = 60.0) -> None:
        self._command = command
        self._languages = tuple(languages)
        self._timeout_s = timeout_s

    def look(self, picture: bytes, languages: Sequence[str] = ()) -> Seen:
        """See ports_files.Ocr."""
        head = _HEAD.match(picture)
        if head is None or int(head.group(1)) * int(head.group(2)) != len(picture) - head.end():
            return Seen(because="no grey picture of ours")
        chosen = [NAMES[item] for item in languages if item in self._languages] or [NAMES[item] for item in self._languages]
        try:
            done = self._run(["stdin", "stdout", "-l", "+".join(chosen)], picture)
        except subprocess.TimeoutExpired:
            return Seen(because=f"took longer than {self._timeout_s:.0f} s")
        except OSError as error:
            return Seen(because=f"{self._command}: {error.strerror or error}", later=True)
        if done.returncode != 0:
            return Seen(because=f"{self._command} ended with {done.returncode}")
        text = done.stdout.decode("utf-8", "replace").replace("\x0c", "")
        return Seen(text="\n".join(line.rstrip() for line in text[:_LONGEST_TEXT].splitlines()).strip())

    def standing(self) -> str:
        """See ports_files.Ocr."""
        try:
            listed = self._run(["--list-langs"], b"").stdout.decode("utf-8", "replace").split()
            version = self._run(["--version"], b"").stdout.decode("utf-8", "replace").split("\n")[0].strip()
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unreachable(f"{self._command}: {error}") from error
        missing = [item for item in self._languages if NAMES[item] not in listed]
        if missing:
            raise Refused(f"{version or self._command} has no data for {', '.join(missing)}")
        return f"{version}: {', '.join(self._languages)}"

    def _run(self, arguments: list[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
        program = shutil.which(self._command)
        if program is None:
            raise FileNotFoundError(errno.ENOENT, "no such program")
        environment = {key: os.environ[key] for key in ("PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH") if key in os.environ}
        environment |= {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}
        limit = shutil.which("prlimit")
        cage = [limit, f"--as={MEMORY_BYTES}", f"--cpu={int(self._timeout_s) + 1}", "--core=0", "--nofile=64"] if limit else []
        return subprocess.run(
            [*cage, program, *arguments],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=self._timeout_s,
            env=environment,
            cwd="/",
            check=False,
        )

"""LibreOffice in a process of its own: lays a DOCX of ours out, so that its contents can say on which page a heading stands."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

WALL_S = 180.0
_AS_PDF = 'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}'


class LibreOffice:
    """Implements ports_files.WordProcessor. It gets a document that we have written, a folder of its own, and nothing to look up."""

    def __init__(self, command: str = "soffice", wall_s: float = WALL_S) -> None:
        self._command = command
        self._wall_s = wall_s

    def standing(self) -> str:
        """Whether it is there, for people."""
        found = shutil.which(self._command) if self._command else None
        return found or "none: the contents of a DOCX get their page numbers when the reader updates them"

    def laid_out(self, docx: bytes) -> bytes | None:
        """See ports_files.WordProcessor."""
        program = shutil.which(self._command)
        if program is None:
            return None
        with tempfile.TemporaryDirectory(prefix="pages-", ignore_cleanup_errors=True) as folder:
            (Path(folder) / "document.docx").write_bytes(docx)
            profile = f"-env:UserInstallation=file://{folder}/profile"
            arguments = ["--headless", "--norestore", "--convert-to", _AS_PDF, "--outdir", folder, f"{folder}/document.docx"]
            environment = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH") if key in os.environ}
            environment |= {"HOME": folder, "LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
            with subprocess.Popen(
                [program, profile, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=environment,
                start_new_session=True,
            ) as child:
                try:
                    child.wait(self._wall_s)
                except subprocess.TimeoutExpired:
                    return None
                finally:
                    with suppress(ProcessLookupError):
                        os.killpg(child.pid, signal.SIGKILL)
            made = Path(folder) / "document.pdf"
            return made.read_bytes() if made.is_file() else None

"""Where templates/ and config/ are: below intake/_share in the wheel, beside the package in a checkout. Only we know both."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from intake.errors import Broken

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def _root() -> Path:
    for root in (_PACKAGE / "_share", _PACKAGE.parent):
        if (root / "templates").is_dir() and (root / "config").is_dir():
            return root
    raise Broken("templates/ and config/ are neither in the package nor beside it")


class InstalledShare:
    """The shipped words and tables; `templates`, when given, is the operator's own folder and goes first."""

    def __init__(self, templates: Path | None = None) -> None:
        self._own_templates = templates

    def path(self, *parts: str) -> Path:
        """Path of a shipped file or folder; the operator's own template wins where it exists."""
        if self._own_templates is not None and parts[0] == "templates":
            own = self._own_templates.joinpath(*parts[1:])
            if own.is_file():
                return own
        return _root().joinpath(*parts)

    def text(self, *parts: str) -> str:
        """A text file. Raises Broken when it is not there."""
        try:
            return self.path(*parts).read_text("utf-8")
        except OSError as error:
            raise Broken(f"shipped file {'/'.join(parts)} cannot be read: {error.strerror}") from error

    def table(self, *parts: str) -> dict[str, Any]:
        """A TOML table."""
        return tomllib.loads(self.text(*parts))

    def files(self, *parts: str) -> dict[str, str]:
        """All text files below a folder by their path relative to it, with "/" and in order; the operator's own win."""
        found: dict[str, str] = {}
        folder = _root().joinpath(*parts)
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                found[name] = self.text(*parts, *name.split("/"))
        return found

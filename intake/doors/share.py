"""Where templates/ and config/ are: below intake/_share in the wheel, beside the package in a checkout. Only we know both."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from intake.errors import Broken, Misconfigured

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def _root() -> Path:
    for root in (_PACKAGE / "_share", _PACKAGE.parent):
        if (root / "templates").is_dir() and (root / "config").is_dir():
            return root
    raise Broken("templates/ and config/ are neither in the package nor beside it")


SUFFIXES = (".toml", ".j2", ".typ", ".html", ".css")
"""What counts as a template in the operator's folder; notes and pictures may lie beside them."""


def overlaid(shipped: dict[str, Any], own: dict[str, Any], where: str) -> dict[str, Any]:
    """The shipped table with the operator's values over it. Raises Misconfigured for keys that nothing prints."""
    unknown = sorted(f"{where}: unknown key {key!r}" for key in own if key not in shipped)
    if unknown:
        raise Misconfigured(unknown)
    merged = dict(shipped)
    for key, value in own.items():
        if isinstance(shipped[key], dict) != isinstance(value, dict):
            raise Misconfigured([f"{where}: {key!r} is a {'table' if isinstance(shipped[key], dict) else 'sentence'}"])
        merged[key] = overlaid(shipped[key], value, where) if isinstance(value, dict) else value
    return merged


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
        """A TOML table. The operator's own file needs only the keys that it changes: the shipped ones stand behind it."""
        shipped = tomllib.loads(_root().joinpath(*parts).read_text("utf-8"))
        own = self.path(*parts)
        if own == _root().joinpath(*parts):
            return shipped
        try:
            return overlaid(shipped, tomllib.loads(own.read_text("utf-8")), str(own))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Misconfigured([f"{own}: is not TOML: {error}"]) from error

    def own_faults(self) -> list[str]:
        """Files in the operator's folder that replace nothing: a misspelt name is found at start, not never."""
        own = self._own_templates
        if own is None:
            return []
        shipped = _root() / "templates"
        names = [path.relative_to(own) for path in sorted(own.rglob("*")) if path.is_file() and path.suffix in SUFFIXES]
        return [f"{own / name}: there is no shipped template of this name" for name in names if not (shipped / name).is_file()]

    def files(self, *parts: str) -> dict[str, str]:
        """All text files below a folder by their path relative to it, with "/" and in order; the operator's own win."""
        found: dict[str, str] = {}
        folder = _root().joinpath(*parts)
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                found[name] = self.text(*parts, *name.split("/"))
        return found

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
    """The shipped table with the operator's values over it. Raises Misconfigured with every key that nothing prints."""
    merged = dict(shipped)
    faults = sorted(f"{where}: unknown key {key!r}" for key in own if key not in shipped)
    for key, value in own.items():
        if key not in shipped:
            continue
        if isinstance(shipped[key], dict) != isinstance(value, dict):
            faults.append(f"{where}: {key!r} is a {'table' if isinstance(shipped[key], dict) else 'sentence'}")
        elif isinstance(value, dict):
            try:
                merged[key] = overlaid(shipped[key], value, where)
            except Misconfigured as error:
                faults += error.problems
        else:
            merged[key] = value
    if faults:
        raise Misconfigured(faults)
    return merged


class InstalledShare:
    """The shipped words and tables; `templates`, when given, is the operator's own folder and goes first,
    but for the files `without`."""

    def __init__(self, templates: Path | None = None, without: frozenset[Path] = frozenset()) -> None:
        self._own_templates = templates
        self._without = without

    def path(self, *parts: str) -> Path:
        """Path of a shipped file or folder; the operator's own template wins where it exists."""
        if self._own_templates is not None and parts[0] == "templates":
            own = self._own_templates.joinpath(*parts[1:])
            if own.is_file() and own not in self._without:
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

    def checked(self) -> tuple[InstalledShare, list[str]]:
        """What is wrong with the operator's files as files, each fault of each; and the share without the tables that cannot be laid
        over ours, so that what else is wrong can be told in the same list. A name that replaces nothing is found at start, not never."""
        own = self._own_templates
        if own is None:
            return self, []
        faults: list[str] = []
        without: set[Path] = set()
        for name in [path.relative_to(own) for path in sorted(own.rglob("*")) if path.is_file() and path.suffix in SUFFIXES]:
            if not (_root() / "templates" / name).is_file():
                faults.append(f"{own / name}: there is no shipped template of this name")
            elif name.suffix == ".toml":
                try:
                    self.table("templates", *name.parts)
                except Misconfigured as error:
                    faults += error.problems
                    without.add(own / name)
        return InstalledShare(own, frozenset(without)), faults

    def files(self, *parts: str) -> dict[str, str]:
        """All text files below a folder by their path relative to it, with "/" and in order; the operator's own win."""
        found: dict[str, str] = {}
        folder = _root().joinpath(*parts)
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                found[name] = self.text(*parts, *name.split("/"))
        return found

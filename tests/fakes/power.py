"""A file system that forgets: every act of the vault's door is recorded as it is made; then power fails, and any part of what was not
synced may be there or not, in any combination.

What POSIX promises and no more: a file's bytes are there after fsync of the file, a name after fsync of its folder; syncfs makes
everything so. Each act on a name is whole or not at all (rename included). Names in staging matter to nobody and are left out.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from intake.doors import durable

Tree = dict[str, bytes]
"""A state of the disk: relative path -> bytes, files only."""


class Recorder:
    """Stands for the module os in doors/durable.py, and hears of folders made elsewhere; acts are (kind, path, ...) below `root`."""

    _hooked: Recorder | None = None

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.acts: list[tuple[Any, ...]] = []
        self._open: dict[int, str] = {}
        self.listening = False

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def note(self, *act: Any) -> None:
        """Something that is no act on files, between them."""
        if self.listening:
            self.acts.append(act)

    def open(self, path: Any, flags: int, mode: int = 0o777) -> int:
        """A new name when it creates."""
        fresh = bool(flags & os.O_CREAT) and not os.path.exists(path)
        handle = os.open(path, flags, mode)
        self._open[handle] = self._name(path)
        if fresh:
            self.note("create", self._name(path))
        return handle

    def write(self, handle: int, data: Any) -> int:
        """Bytes at the end of what the file holds now."""
        size = os.write(handle, data)
        self.note("data", self._open[handle], bytes(data[:size]))
        return size

    def ftruncate(self, handle: int, size: int) -> None:
        """The file is cut."""
        os.ftruncate(handle, size)
        self.note("cut", self._open[handle], size)

    def fsync(self, handle: int) -> None:
        """Of a file or a folder."""
        os.fsync(handle)
        self.note("fsync", self._open[handle])

    def close(self, handle: int) -> None:
        """The number may be given again."""
        os.close(handle)
        self._open.pop(handle, None)

    def rename(self, old: Any, new: Any) -> None:
        """Of a file or a folder."""
        os.rename(old, new)
        self.note("rename", self._name(old), self._name(new))

    def syncfs(self, _handle: int) -> int:
        """Everything at once."""
        self.note("syncfs", "")
        return 0

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """From now on."""
        patch.setattr(durable, "os", self)
        patch.setattr(durable, "_SYNCFS", self.syncfs)
        if Recorder._hooked is None:
            sys.addaudithook(_heard)
        Recorder._hooked = self
        self.listening = True

    def _name(self, path: Any) -> str:
        return os.path.relpath(os.fspath(path), self.root)


def _heard(event: str, words: tuple[Any, ...]) -> None:
    recorder = Recorder._hooked
    if recorder is None or not recorder.listening:
        return
    if event == "os.mkdir" and str(words[0]).startswith(recorder.root) and not os.path.isdir(words[0]):
        recorder.note("mkdir", recorder._name(words[0]))
    elif event in ("os.remove", "os.rmdir") and str(words[0]).startswith(recorder.root):
        recorder.note("remove", recorder._name(words[0]))


class Disk:
    """What is surely there, and what may be: fed with acts one after the other."""

    def __init__(self, before: Tree, folders: set[str]) -> None:
        self.sure: dict[str, int] = {name: number for number, name in enumerate(before)}
        self.folders = set(folders)
        self.bytes_now: dict[int, bytes] = dict(enumerate(before.values()))
        self.bytes_sure: dict[int, bytes] = dict(self.bytes_now)
        self.names: dict[str, int] = dict(self.sure)
        self.maybe: list[tuple[str, str, str, int]] = []
        """(act, name, other name, file) on names, in order, whose folder was not synced."""

    def act(self, kind: str, name: str, *more: Any) -> None:
        """One act."""
        if kind == "create":
            number = len(self.bytes_now)
            self.bytes_now[number], self.bytes_sure[number] = b"", b""
            self.names[name] = number
            self.maybe.append(("link", name, "", number))
        elif kind == "data":
            self.bytes_now[self.names[name]] += more[0]
        elif kind == "cut":
            self.bytes_now[self.names[name]] = self.bytes_now[self.names[name]][: more[0]]
        elif kind == "rename":
            number = self.names.get(name, -1)
            for old in [old for old in self.names if old == name or old.startswith(f"{name}/")]:
                self.names[more[0] + old[len(name) :]] = self.names.pop(old)
            self.maybe.append(("move", name, more[0], number))
        elif kind == "remove":
            self.names.pop(name, None)
            self.maybe.append(("unlink", name, "", -1))
        elif kind == "mkdir":
            self.maybe.append(("mkdir", name, "", -1))
        elif kind == "fsync":
            if name in self.names:
                self.bytes_sure[self.names[name]] = self.bytes_now[self.names[name]]
            else:
                self._sync(lambda path: os.path.dirname(path) or ".", name)
        elif kind == "syncfs":
            self.bytes_sure.update(self.bytes_now)
            self._sync(lambda _path: name, name)

    def _sync(self, folder_of: Any, folder: str) -> None:
        left = []
        for item in self.maybe:
            if folder_of(item[1]) == folder or (item[2] and folder_of(item[2]) == folder):
                _apply(self.sure, self.folders, item)
            else:
                left.append(item)
        self.maybe = left

    def crashes(self) -> Iterator[Tree]:
        """Every state in which the power may leave the disk now."""
        open_acts = [item for item in self.maybe if not all("staging/" in name for name in item[1:3] if name)]
        unsure = [number for number in set(self.names.values()) if self.bytes_now[number] != self.bytes_sure[number]]
        unsure = [number for number in unsure if any(at == number and "staging/" not in name for name, at in self.names.items())]
        for chosen in product((False, True), repeat=len(open_acts)):
            names, folders = dict(self.sure), set(self.folders)
            # a file that is moved out of staging was linked there by an act that is left out of the choice: it goes with the move
            for item in self.maybe:
                if item not in open_acts:
                    _apply(names, folders, item)
            for item, there in zip(open_acts, chosen, strict=True):
                if there:
                    _apply(names, folders, item)
            seen = {name: number for name, number in names.items() if _reachable(name, folders) and "/staging/" not in name}
            for kinds in product((0, 1, 2), repeat=len(unsure)):
                held = dict(zip(unsure, kinds, strict=True))
                yield {name: self._bytes(number, held.get(number, 2)) for name, number in seen.items()}

    def _bytes(self, number: int, kind: int) -> bytes:
        now, sure = self.bytes_now[number], self.bytes_sure[number]
        if kind == 2 and now == sure:
            return sure
        return (sure, now[: (len(now) + len(sure)) // 2], now)[kind]


def _apply(names: dict[str, int], folders: set[str], item: tuple[str, str, str, int]) -> None:
    act, name, other, number = item
    if act == "link":
        names[name] = number
    elif act == "mkdir":
        folders.add(name)
    elif act == "unlink":
        names.pop(name, None)
        folders.discard(name)
    elif number >= 0:  # a file brings its bytes along, whether or not its old name was ever sure
        names.pop(name, None)
        names[other] = number
    else:
        for old in [old for old in names if old == name or old.startswith(f"{name}/")]:
            names[other + old[len(name) :]] = names.pop(old)
        for old in [old for old in folders if old == name or old.startswith(f"{name}/")]:
            folders.discard(old)
            folders.add(other + old[len(name) :])


def _reachable(name: str, folders: set[str]) -> bool:
    parent = os.path.dirname(name)
    while parent:
        if parent not in folders:
            return False
        parent = os.path.dirname(parent)
    return True

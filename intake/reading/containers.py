"""Archives as they come in mail: zip, tar, gzip, bzip2, xz to members, within limits; what is not opened is named."""

from __future__ import annotations

from msgspec import Struct

from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.tarball import TARBALLS, files_in
from intake.reading.limits import Limits

ZIPS = ("application/zip", "application/x-zip-compressed")
UNOPENED = {
    "application/vnd.rar": "rar archive: not opened",
    "application/x-7z-compressed": "7z archive: not opened",
    "application/vnd.ms-cab-compressed": "cab archive: not opened",
}
"""Formats that only libraries with code of their own in C, or programs, can read: kept as bytes, and said."""


class Member(Struct, frozen=True, kw_only=True):
    """A file of an archive. `data` None: it is there and was not unpacked; `problem` says why."""

    name: str
    data: bytes | None
    problem: str = ""


class Opened(Struct, frozen=True, kw_only=True):
    """What an archive gave. `locked`: some member wants a password. `defect`: what stopped the listing."""

    members: tuple[Member, ...] = ()
    locked: bool = False
    defect: str = ""


def is_container(sniffed: str) -> bool:
    """Whether `open_container` knows the format."""
    return sniffed in ZIPS or sniffed in TARBALLS


def open_container(sniffed: str, name: str | None, data: bytes, limits: Limits) -> Opened:
    """The members, at most `limits.members`. Raises Unfit for what is damaged or a bomb as a whole."""
    return _zip(data, limits) if sniffed in ZIPS else _tarball(sniffed, name, data, limits)


def _zip(data: bytes, limits: Limits) -> Opened:
    box = open_zip(data, limits)
    infos = [info for info in box.infolist() if info.filename and not info.is_dir()]
    members = []
    for info in infos[: limits.members]:
        name = info.filename if info.flag_bits & 0x800 else _zip_name(info.filename)
        locked = bool(info.flag_bits & 1)
        content = None if locked else member(box, info.filename, limits)
        problem = "" if content is not None else "locked" if locked else "damaged or too large"
        members.append(Member(name=name, data=content, problem=problem))
    more = len(infos) - len(members)
    return Opened(
        members=tuple(members),
        locked=any(item.problem == "locked" for item in members),
        defect=f"{more} more members not listed" if more else "",
    )


def _tarball(sniffed: str, name: str | None, data: bytes, limits: Limits) -> Opened:
    members: list[Member] = []
    try:
        for inner, content in files_in(data, sniffed, name, limits):
            members.append(Member(name=inner, data=content))
    except Unfit as error:
        if not members:
            raise
        return Opened(members=tuple(members), defect=str(error))
    return Opened(members=tuple(members))


def _zip_name(name: str) -> str:
    """Names without the UTF-8 mark: cp437 as the format says, unless the bytes are UTF-8 after all."""
    try:
        return name.encode("cp437").decode("utf-8")
    except (UnicodeError, ValueError):
        return name

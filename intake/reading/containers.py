"""Archives as they come in mail: zip, tar, gzip, bzip2, xz to members, within limits; what is not opened is named."""

from __future__ import annotations

import re

from msgspec import Struct

from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.tarball import TARBALLS, files_in
from intake.reading.limits import Limits

MBOX = "application/mbox"
_POSTMARK = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]{1,300}?\d\d:\d\d[^\n]{0,200}\n")
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
    return sniffed in ZIPS or sniffed in TARBALLS or sniffed == MBOX


def open_container(sniffed: str, name: str | None, data: bytes, limits: Limits) -> Opened:
    """The members, at most `limits.members`. Raises Unfit for what is damaged or a bomb as a whole."""
    if sniffed == MBOX:
        return _mailbox(data, limits)
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


def _mailbox(data: bytes, limits: Limits) -> Opened:
    """The messages of a mailbox (RFC 4155), each without its postmark."""
    places = [match.span() for match in _POSTMARK.finditer(data)]
    if not places:
        raise Unfit("a mailbox without a message")
    ends = [start for start, _ in places[1:]] + [len(data)]
    found = [data[begin:end] for (_, begin), end in zip(places, ends, strict=True)]
    members = tuple(Member(name=f"{number}.eml", data=item) for number, item in enumerate(found[: limits.members], 1))
    more = len(found) - len(members)
    return Opened(members=members, defect=f"{more} more members not listed" if more else "")


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


_RUSSIAN = re.compile(r"(?!.*[A-Za-z][А-яЁё]|.*[А-яЁё][A-Za-z])(?!.*\b[ъыьЪЫЬ])(?=.*[А-яЁё]{2})[\x20-\x7eА-яЁё№]+")
_EVEN_RUSSIAN = re.compile(rf"(?!.*[а-яё][А-ЯЁ]){_RUSSIAN.pattern}")
_ARABIC = re.compile(r"(?=.*[\u0621-\u064a]{2})[\x20-\x7e\u0621-\u0652\u00a0«»]+")
_JAPANESE = re.compile(r"(?=.*[\u3041-\u30fe])[\x20-\x7e\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]+")
_FULL_CHINESE = re.compile(
    r"(?!.*[\u4e00-\u9fff][a-z])(?=.*[\u4e00-\u9fff]{2})[\x20-\x7e\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e“”‘’—…·]+"
)
_CHINESE = re.compile(r"(?=.*[\u4e00-\u9fff]{2})[\x20-\x7e\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e“”‘’—…·]+")
"""What names of files are made of, where Windows Explorer of the country wrote them in the machine's own charset. In Russian a
capital seldom stands behind a small letter, as Arabic octets would have it."""
_CHARSETS = (
    ("utf-8", None), ("cp866", _EVEN_RUSSIAN), ("cp720", _ARABIC), ("cp866", _RUSSIAN), ("cp932", _JAPANESE), ("gb2312", _CHINESE),
    ("big5", _FULL_CHINESE), ("gb18030", _FULL_CHINESE),
)  # fmt: skip
"""The narrower before the wider: what fits GB 2312 is hardly Big5, what fits Big5 hardly the rare signs of GB 18030."""


def _zip_name(name: str) -> str:
    """Names without the UTF-8 mark: cp437 as the format says, unless the bytes are UTF-8 or names of another country after all."""
    try:
        raw = name.encode("cp437")
    except UnicodeError:
        return name
    for charset, fits in _CHARSETS:
        try:
            told = raw.decode(charset)
        except UnicodeError:
            continue
        if fits is None or fits.fullmatch(told):
            return told
    return name

"""Mail written by others, part by part beside other parsers: the octets are the same, or the difference has a cause that is found by rule.

Others are the expectation files that a source has of its own (stalwart: bytes of files, words of texts), the standard library's walk
and fast-mail-parser's tree. Nothing here names a message: `cause` looks at octets only. `python -m tests.corpus.test_other_parsers`
prints the table of docs/READING.md.
"""

from __future__ import annotations

import email
import hashlib
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from email.message import Message
from typing import Any

import pytest
from msgspec import Struct

from intake.reading.coded import coded_files
from intake.reading.decode import decode_text
from intake.reading.read_message import read_message
from tests.corpus.test_shared_corpora import SHARED, STALWART, WORDS, hashes, messages

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not (SHARED / "MANIFEST.tsv").exists(), reason="the corpora are not beside the checkout (../shared/corpora)"
    ),
]
STEP = 1 if os.environ.get("INTAKE_CORPORA") == "all" else 5
UNEXPLAINED = "unexplained"
_DIVIDED = (
    "NoBoundaryInMultipartDefect",
    "StartBoundaryNotFoundDefect",
    "MultipartInvariantViolationDefect",
    "CloseBoundaryNotFoundDefect",
)


class Theirs(Struct, frozen=True):
    """A leaf as another parser has it. `words`: it is text, decoded by them and here coded as UTF-8."""

    kind: str
    data: bytes
    words: bool = False


def fast_leaves(raw: bytes) -> list[Theirs] | None:
    """None: it refuses the message."""
    fast = pytest.importorskip("fast_mail_parser", reason="the second parser is not installed (requirements/bench.in)")
    try:
        tree = fast.parse_email_tree(raw)
    except fast.ParseError:
        return None
    return [Theirs(leaf.content_type, leaf.content) for leaf in _ends(tree) if leaf.content is not None]


def _ends(tree: Any) -> Iterator[Any]:
    if not tree.children:
        yield tree
    for child in tree.children:
        yield from _ends(child)


def stalwart_leaves(message: dict[str, Any]) -> Iterator[Theirs]:
    for part in message["parts"]:
        body = part["body"]
        for form, content in body.items() if isinstance(body, dict) else ():
            if form == "Message":
                yield from stalwart_leaves(content)
            elif form in ("Text", "Html"):
                yield Theirs("text/plain" if form == "Text" else "text/html", content.encode("utf-8"), words=True)
            elif form in ("Binary", "InlineBinary"):
                yield Theirs("application/octet-stream", bytes(content))


def stalwart_messages() -> Iterator[tuple[bytes, list[Theirs]]]:
    for path in sorted(STALWART.glob("*/*.json")):
        message = path.parent / f"{path.name.split('.')[0]}.eml"
        if message.exists():
            raw = message.read_bytes()
            raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if ".crlf." in path.name else raw
            yield raw, list(stalwart_leaves(json.loads(path.read_text("utf-8"))))


class Ours:
    """A message as we read it: the hashes of all parts, and the octets of its leaves, which are the standard library's."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.tree = email.message_from_bytes(raw)
        self.hashes = set(hashes(read_message(raw, WORDS).parts))
        self.leaves = [(part, data) for part in self.tree.walk() if isinstance(data := _data(part), bytes)]
        self.all_listed = all(hashlib.sha256(data).hexdigest() in self.hashes for _, data in self.leaves)
        self.plain = [data for _, data in self.leaves]
        self.decoded = [decode_text(data, part.get_content_charset())[0].encode("utf-8", "replace") for part, data in self.leaves]


def _data(part: Message) -> object:
    return None if part.is_multipart() else part.get_payload(decode=True)


def even(data: bytes) -> bytes:
    """Line ends alike, none around."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip(b"\n")


def bare(data: bytes) -> bytes:
    """What every parser must have: letters, figures and marks of ASCII."""
    return re.sub(rb"[^!-~]+", b"", data)


def lines(data: bytes) -> set[bytes]:
    return {re.sub(rb"\s*:\s*", b":", line.strip(), count=1) for line in even(data).split(b"\n") if line.strip()}


def cause(ours: Ours, theirs: Theirs) -> str:
    """Why a leaf of theirs is not among ours; the order is from the surest to the most general."""
    mine = [*ours.plain, *ours.decoded] if theirs.words else ours.plain
    if hashlib.sha256(theirs.data).hexdigest() in ours.hashes:
        return "the same octets"
    if theirs.words and theirs.data in mine:
        return "the same words"
    if even(theirs.data) in set(map(even, mine)):
        return "the same but for line ends"
    if not theirs.data.strip():
        return "theirs is empty: nothing is missing"
    return _coded(ours, theirs, mine) or _divided(ours, theirs, mine) or UNEXPLAINED


def _coded(ours: Ours, theirs: Theirs, mine: list[bytes]) -> str | None:
    """Causes in how a part is coded."""
    pieces = any(part.get_content_type() in ("message/partial", "message/external-body") for part in ours.tree.walk())
    if theirs.kind.startswith("message/") or pieces:
        fields = lines(
            b"\n".join(
                f"{key}: {value}".encode("utf-8", "surrogateescape") for part in ours.tree.walk() for key, value in part.items()
            )
        )
        wanted = lines(theirs.data)
        if len(wanted & (fields | set().union(*map(lines, mine)))) >= 0.9 * len(wanted):
            return "a report or an attached message is one text to them; we list its fields and parts"
        if any(data.strip() and bare(data) in bare(theirs.data) for data in mine) or (
            pieces and bare(theirs.data) in bare(ours.raw)
        ):
            return "a report or an attached message is one text to them; we list its fields and parts"
    coded = {even(item.data) for item in coded_files([theirs.data])}
    if coded & set(map(even, mine)):
        return "a uuencoded part: theirs stays coded"
    owners = [part for part, _ in ours.leaves] * (2 if theirs.words else 1)
    quoted = [str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "quoted-printable" for part in owners]
    if any(quote and _nearly(data, theirs.data) for quote, data in zip(quoted, mine, strict=True)):
        return "quoted-printable with octets that it may not have, or white space at line ends: theirs drops them"
    same = [part for part, data in zip(owners, mine, strict=True) if bare(data) == bare(theirs.data)]
    if any(part.get_content_charset("") not in ("", "us-ascii", "utf-8") for part in same):
        return "another charset: the letters of ASCII are the same"
    if same:
        return "octets above ASCII, controls or white space: theirs drops or replaces them"
    if any("Base64" in type(defect).__name__ for part in ours.tree.walk() for defect in part.defects):
        return "base64 that is broken: each decodes as far as it may"
    return None


def _nearly(one: bytes, other: bytes) -> bool:
    """Nearly the same number of each letter of ASCII: an octet that may not stand in quoted-printable takes its neighbours with it."""
    first, second = Counter(bare(one)), Counter(bare(other))
    return sum(((first - second) + (second - first)).values()) < 0.02 * max(first.total(), second.total())


def _divided(ours: Ours, theirs: Theirs, mine: list[bytes]) -> str | None:
    """Causes in where parts and headers begin and end."""
    defects = {type(defect).__name__ for part in ours.tree.walk() for defect in part.defects}
    boundaries = [
        boundary for part in ours.tree.walk() if part.get_content_maintype() == "multipart" and (boundary := part.get_boundary())
    ]
    holds = any(bare(theirs.data) in bare(data) or bare(data) in bare(theirs.data) for data in mine if data.strip())
    if ours.raw.startswith(b"\xef\xbb\xbf") and holds:
        return "a byte order mark before the header: we take the whole for text"
    if any(one is not other and other.startswith(one) for one in boundaries for other in boundaries) and holds:
        return "one boundary begins as another: the parts are divided otherwise"
    if "MissingHeaderBodySeparatorDefect" in defects and holds:
        return "a line in a header that is no field: the header ends elsewhere"
    if defects & set(_DIVIDED) and (holds or bare(theirs.data) in bare(ours.raw)):
        return "a boundary that is missing, wrong or never closed: the parts are divided otherwise"
    return None


def table(pairs: Iterable[tuple[bytes, list[Theirs] | None]]) -> tuple[Counter[str], list[tuple[str, bytes]]]:
    """(leaves by cause, what has none)."""
    counts: Counter[str] = Counter()
    open_: list[tuple[str, bytes]] = []
    for raw, found in pairs:
        ours = Ours(raw)
        assert ours.all_listed
        if found is None:
            counts["(messages that they refuse)"] += 1
        for theirs in found or ():
            why = cause(ours, theirs)
            counts[why] += 1
            if why == UNEXPLAINED:
                open_.append((theirs.kind, theirs.data[:80]))
    return counts, open_


def test_other_octets_have_no_cause() -> None:
    raw = b"Content-Type: text/plain\r\n\r\nWords of one kind, sent as they are.\r\n"
    ours = Ours(raw)
    assert cause(ours, Theirs("text/plain", b"Words of one kind, sent as they are.")) == "the same but for line ends"
    assert cause(ours, Theirs("text/plain", b"Words of two kinds, sent as they are.")) == UNEXPLAINED
    assert cause(ours, Theirs("application/pdf", b"%PDF-1.4")) == UNEXPLAINED


def test_every_difference_from_a_second_parser_has_a_cause() -> None:
    counts, unexplained = table((raw, fast_leaves(raw)) for _, raw in list(messages())[::STEP])
    assert unexplained == []
    assert counts["the same octets"] > counts.total() / 2


def test_every_difference_from_a_source_s_own_expectations_has_a_cause() -> None:
    counts, unexplained = table(stalwart_messages())
    assert unexplained == []
    assert counts.total() > 300


if __name__ == "__main__":
    for title, each in (
        ("fast-mail-parser", ((raw, fast_leaves(raw)) for _, raw in messages())),
        ("stalwart", stalwart_messages()),
    ):
        found, rest = table(each)
        sys.stdout.write(f"{title}: {found.total()}\n")
        for why, number in found.most_common():
            sys.stdout.write(f"| {why} | {number} |\n")
        for item in rest:
            sys.stdout.write(f"? {item}\n")

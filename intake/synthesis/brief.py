"""The brief summary after its draft: agreed by those present, frozen by the hash of its octets, annexed without edits.

The agreed text is a Markdown file of headings, paragraphs and list items. What is annexed is read from the frozen octets and holds
every word of them, in order: a reader can hash the file and compare.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from intake.errors import BadData, Broken
from intake.model.outline import Cover, Heading, Line, Node, Outline, Shell, framed
from intake.model.round import Round
from intake.synthesis.source import squeezed

_HEADING = re.compile(r"^(#{1,4})\s+(.*\S)\s*#*\s*$")
_MARKS = re.compile(r"(\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w))")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>()#+\-.!|~>=])")
_QUOTED = re.compile(r"^\s*>\s?")
_ANCHOR = re.compile(r"<a id=\"[^\"]*\"></a>|</?div[^>]*>")


class Frozen(Struct, frozen=True, kw_only=True):
    """What is known of an agreed text. `agreed_by`: in words, who agreed, as the officer put it on record."""

    round_id: str
    sha256: str
    agreed_on: date
    agreed_by: str
    officer: str


def sha256_of(octets: bytes) -> str:
    """The hash by which a text is frozen."""
    return hashlib.sha256(octets).hexdigest()


def annex_outline(octets: bytes, frozen: Frozen, consultation: Round, shell: Shell) -> Outline:
    """The frozen text as an annex. Raises BadData when the octets are not those that were frozen."""
    if sha256_of(octets) != frozen.sha256:
        raise BadData(f"the text is not the one that was agreed: its hash is {sha256_of(octets)}, not {frozen.sha256}")
    text = octets.decode("utf-8")
    body = tuple(nodes_of(text))
    said = "".join(node.text for node in body if isinstance(node, Heading | Line))
    if squeezed(said) != squeezed("".join(_plain(line) for line in text.splitlines())):
        raise Broken("the annex would not hold every word of the agreed text: nothing is printed")
    consultation = consultation.said_in(shell.language)
    title = shell("kind.brief_summary")
    symbol = consultation.symbol or consultation.id
    cover = Cover(
        group=consultation.working_group,
        topic=consultation.topic,
        title=title,
        document=f"{shell('doc.document')} {symbol}",
        date=shell.day(frozen.agreed_on),
        original="",
        draft="",
        facts=(),
    )
    note = Line(text=shell("synth.brief_note", sha=frozen.sha256, on=shell.day(frozen.agreed_on)), style="note")
    stamp = frozen.sha256[:12]
    return framed(
        shell, f"{title}: {consultation.topic}", symbol=symbol, stamp=stamp, on=frozen.agreed_on, nodes=(cover, *body, note)
    )


def nodes_of(text: str) -> Iterator[Node]:
    """Headings, paragraphs and list items, a line of a list by itself."""
    paragraph: list[str] = []
    number = last = 0
    for line in [*text.splitlines(), ""]:
        heading = _HEADING.match(line)
        item = line.lstrip().startswith(("- ", "* ", "+ "))
        if (not line.strip() or heading or item) and paragraph:
            yield Line(text=" ".join(paragraph))
            paragraph = []
        plain = _plain(line).strip()
        if heading and plain:
            number += 1
            last = level = min(3, max(1, len(heading.group(1)) - 1), last + 1)  # a level is never skipped (PDF/UA)
            yield Heading(level=level, text=plain, anchor=f"annex-{number}")
        elif plain:
            paragraph.append(plain)


def _plain(line: str) -> str:
    """A line's words without the marks of Markdown."""
    heading = _HEADING.match(line)
    words = heading.group(2) if heading else _QUOTED.sub("", line)
    words = _MARKS.sub("", _ANCHOR.sub("", words))
    return _ESCAPED.sub(r"\1", words)

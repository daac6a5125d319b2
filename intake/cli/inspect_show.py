"""The facts of `intake inspect` for a person. What would steer the terminal is named instead.

Words of the message stand behind a bar, so that none of them can look like a line of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from intake.cli.common import tell
from intake.model.mail import Defect, Hop
from intake.model.text import Span

_LINES = 40
"""Lines that are shown of the text of an attachment; all of them are in the JSON."""


def show(facts: dict[str, Any]) -> None:
    """Print one message."""
    _say(f"{facts['file']}: {facts['disposition']} ({facts['language']}), {facts['size_bytes']:,} bytes")
    if facts["held"]:
        _say(f"  SET ASIDE   {facts['held']}")
    _say(f"  octets      SHA-256 {facts['sha256']}")
    _say(f"  Message-ID  {facts['message_id'] or 'none'}")
    _say(f"  content     SHA-256 {facts['content_hash'] or 'not computed'}")
    _say(f"  received    {facts['received_at'] or 'unknown'}, by {facts['received_by']}")
    for hop in facts["received"]:
        _hop(hop)
    _results(facts)
    _claims(facts, "  ")
    respondent = facts["respondent"]
    who = (respondent.person or "?", respondent.organization or "?", respondent.category.value, respondent.country or "?")
    _say(f"  for         {'; '.join(who)}")
    _judged(facts)
    _say(f"  headers     {len(facts['headers'])}")
    for name, value in facts["headers"]:
        _say(f"    {name}: {value}")
    _say(f"  parts       {len(facts['parts'])}")
    for part in facts["parts"]:
        _part(part, 2)
    _text(facts, "  ")
    _defects(facts["defects"], "  ")
    for part in facts["parts"]:
        _insides(part)
    _say("")


def _say(line: str) -> None:
    """One line, whatever stands in it."""
    tell(line.replace("\n", "⟨U+000A⟩"))


def _hop(hop: Hop) -> None:
    _say(f"    hop       by {hop.by or '?'} from {hop.from_ or '?'} at {hop.at or '?'}")


def _results(facts: dict[str, Any]) -> None:
    """What our own hosts found, then every line that claims to say so."""
    found = facts["authentication"]
    _say(f"  our hosts   dmarc {found['dmarc']}, spf {found['spf']}, dkim {found['dkim']}{', SPAM' if found['spam'] else ''}")
    for line in facts["authentication_results"]:
        _say(f"    {'believed ' if line['ours'] else 'a claim  '} {line['text']}")


def _claims(facts: dict[str, Any], margin: str) -> None:
    """What the sender says of himself and of the message."""
    _say(f"{margin}claims      Date {facts['date_claimed'] or 'none that can be read'}")
    for title, key in (("From", "from"), ("Sender", "sender"), ("Reply-To", "reply_to"), ("To", "to"), ("Cc", "cc")):
        if facts[key] or key == "from":
            people = ", ".join(f"{item['name']} <{item['address']}>".strip() for item in facts[key])
            _say(f"{margin}  {title:<10}{people or 'no readable sender'}")
    if facts["return_path"] is not None:
        _say(f"{margin}  envelope  {facts['return_path'] or '<>'}")
    _say(f"{margin}  Subject   {facts['subject']}")


def _judged(facts: dict[str, Any]) -> None:
    for reason in facts["reasons"]:
        _say(f"  because     {reason['finding']}: {reason['because']} [{reason['classifier']}, {reason['confidence']:.2f}]")
    for question, text in facts["answers"].items():
        _say(f"  answer {question:<5}{' '.join(text.split())[:110]}")
    for field, said in facts["corrects"].items():
        _say(f"  corrects    {field}: {said} (proposed; whose entry it is only the office can tell)")
    if facts["flags"]:
        _say(f"  flags       {', '.join(facts['flags'])}")


def _part(part: dict[str, Any], depth: int) -> None:
    """One part and what is in it."""
    margin = "  " * depth
    kind = part["media_type"]
    if part["media_type"] != part["sniffed_type"]:
        kind += f" (is {part['sniffed_type']})"
    marks = [word for word, said in (("body", part["body"]), ("inline", part["inline"]), ("read by OCR", part["ocr"])) if said]
    quality = f"quality {part['text_quality']}" if part["text_quality"] is not None else ""
    pages = f"{part['pages']} pages" if part["pages"] else ""
    size = f"{part['size_bytes']:,} bytes, {part['text_chars']:,} characters"
    scan = f"scan {part['scan'].value} {part['scan_said']}".strip()
    facts = [size, pages, part["language"], quality, scan, *marks, f"state {part['state'].value}" if part["state"] else ""]
    _say(f"{margin}part {part['path']}  {kind}  {part['name'] or 'no name'}")
    if part["original_name"] not in (None, part["name"]):
        _say(f"{margin}     sent as  {part['original_name']}")
    _say(f"{margin}     {', '.join(filter(None, facts))}")
    _say(f"{margin}     SHA-256 {part['sha256']}")
    _defects(part["defects"], margin + "     ")
    for child in part["children"]:
        _part(child, depth + 1)


def _defects(found: Sequence[Defect], margin: str) -> None:
    for defect in found:
        where = f" (part {defect.part})" if defect.part else ""
        _say(f"{margin}defect {defect.code}{where}: {defect.detail}".rstrip(": "))


def _text(facts: dict[str, Any], margin: str) -> None:
    """The text, each line with what it is."""
    _say(f"{margin}text        {len(facts['text']):,} characters of part {facts['body_path'] or '-'}")
    for kind, line in _lines(facts["text"], facts["spans"]):
        _say(f"{margin}{kind:>16} | {line}")


def _lines(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    """(kind where it begins, line): a quotation with its depth."""
    for span in spans:
        kind = span.kind.value.replace("_", " ") + (f" {span.depth}" if span.depth > 1 else "")
        for number, line in enumerate(text[span.start : span.end].removesuffix("\n").split("\n")):
            yield ("" if number else kind), line


def _insides(part: dict[str, Any]) -> None:
    """The text of an attachment; an enclosed message with its own author and text."""
    if part["message"] is not None:
        message = part["message"]
        _say(f"  enclosed    part {part['path']}, a message of its own")
        _say(f"    octets      SHA-256 {message['sha256']}")
        _say(f"    Message-ID  {message['message_id'] or 'none'}")
        _say(f"    content     SHA-256 {message['content_hash'] or 'not computed'}")
        _claims(message, "    ")
        for line in message["authentication_results"]:
            _say(f"      a claim   {line['text']}")
        if message["held"]:
            _say(f"    SET ASIDE   {message['held']}")
        _text(message, "    ")
        _defects(message["defects"], "    ")
    elif part["text"]:
        lines = part["text"].split("\n")
        _say(f"  text of     part {part['path']} {part['name'] or ''}".rstrip())
        for line in lines[:_LINES]:
            _say(f"{'':>18} | {line}")
        if len(lines) > _LINES:
            _say(f"{'':>18} ({len(lines) - _LINES:,} more lines: --json has them)")
    for child in part["children"]:
        _insides(child)

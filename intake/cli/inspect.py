"""`intake inspect`: how a message reads and would be sorted, and why. Stores nothing, never fails on a message."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from intake.casework.drafts import Case
from intake.cli.campaigns import campaign_lines, campaigns_among
from intake.cli.common import JsonOption, print_json, print_json_line, progress, tell
from intake.doors.share import InstalledShare
from intake.errors import BadUsage
from intake.letters.proof import corrected_lines, labels_of
from intake.letters.token import tokens_in
from intake.model.mail import Arrival, ChannelKind, Part, Reading
from intake.model.record import ACKNOWLEDGEMENTS, LetterKind
from intake.model.round import LANGUAGES, Channels, Dates, Round
from intake.model.text import SpanKind
from intake.model.verdict import Verdict
from intake.reading.partial import complete, join, joined
from intake.settings.rounds import load_round
from intake.tools import Tools, open_tools

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("inspect")(inspect)


def inspect(
    files: Annotated[list[Path], typer.Argument(help="Messages (.eml); several with --json give a line each.")],
    round_file: Annotated[Path | None, typer.Option("--round", help="Judge as mail of this round (a round.toml).")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show how messages read and would be sorted, and why."""
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise BadUsage("no such file: " + ", ".join(missing))
    consultation = load_round(round_file, strict=False) if round_file else no_round()
    with open_tools() as tools:
        wholes = _wholes(files, tools)
        readings = tools.reader.read(path.read_bytes() for path in files)
        cases: list[Case] = []
        for path, reading in zip(files, progress(readings, len(files), "reading"), strict=True):
            reading = wholes.get(reading.sha256, reading)
            arrival = _arrival(reading, consultation, tools)
            verdict = tools.classify(arrival, consultation)
            facts = inspection(str(path), arrival, verdict)
            if not as_json:
                cases.append(Case(arrival=arrival, verdict=verdict))
            if not as_json:
                _show(facts)
            elif len(files) == 1:
                print_json(facts)
            else:
                print_json_line(facts)
    for campaign in campaigns_among(cases, consultation):
        for line in campaign_lines(campaign, {case.key: str(path) for case, path in zip(cases, files, strict=True)}):
            tell(line)
    sys.stdout.flush()


def _wholes(files: Sequence[Path], tools: Tools) -> dict[str, Reading]:
    """First pieces of messages that were sent in several, as they read when all their pieces are among the files; by SHA-256."""
    pieces = [path.read_bytes() for path in files if b"message/partial" in _head(path).lower()]
    found = {reading.sha256: (reading, raw) for reading, raw in zip(tools.reader.read(pieces), pieces, strict=True)}
    wholes: dict[str, Reading] = {}
    for keys in complete(reading for reading, _ in found.values()):
        raw = join([found[key][1] for key in keys])
        if raw is not None:
            wholes[keys[0]] = joined(found[keys[0]][0], next(iter(tools.reader.read([raw]))), len(keys))
    return wholes


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64_000)


def no_round() -> Round:
    """A round that asks nothing and trusts nobody: for mail inspected by itself."""
    day = _EPOCH.date()
    dates = Dates(
        decided=day,
        opened=day,
        response_deadline=datetime(9999, 1, 1, tzinfo=UTC),
        physical_consultation=day,
        group_meeting_start=day,
        group_meeting_end=day,
    )
    return Round(
        id="none",
        topic="",
        working_group="",
        legal_basis=(),
        time_zone="UTC",
        dates=dates,
        questions=(),
        channels=Channels(address=""),
        reporting_groups={},
    )


def _arrival(reading: Reading, consultation: Round, tools: Tools) -> Arrival:
    # A file has no INTERNALDATE: the topmost Received line, else the Date header, stands for it.
    internaldate = next((hop.at for hop in reading.received[:1] if hop.at is not None), None) or reading.date_claimed or _EPOCH
    trust = tools.trust(reading, consultation, internaldate)
    return Arrival(
        key=reading.sha256, sequence=0, channel=ChannelKind.IMPORT, internaldate=internaldate, reading=reading, trust=trust
    )


def inspection(file: str, arrival: Arrival, verdict: Verdict) -> dict[str, Any]:
    """The facts of one message in the published form (`intake inspect --json`)."""
    reading = arrival.reading
    new = (SpanKind.NEW, SpanKind.FORWARDED)
    return {
        "file": file,
        "sha256": reading.sha256,
        "size_bytes": reading.size_bytes,
        "message_id": reading.message_id,
        "subject": reading.subject,
        "from": [{"name": item.name, "address": item.address} for item in reading.from_],
        "date_claimed": reading.date_claimed,
        "received_at": arrival.trust.received_at if arrival.trust.received_at != _EPOCH else None,
        "language": verdict.language,
        "text": reading.text,
        "new_text": "".join(reading.text[span.start : span.end] for span in reading.spans if span.kind in new).strip(),
        "spans": reading.spans,
        "disposition": verdict.disposition,
        "reasons": [
            {"classifier": item.classifier, "finding": item.finding, "because": item.because, "confidence": item.confidence}
            for item in verdict.findings
        ],
        "respondent": verdict.respondent,
        "co_signatories": verdict.co_signatories,
        "answers": {str(answer.question): answer.text for answer in verdict.answers},
        "general": bool(verdict.general),
        "corrects": _corrects(reading),
        "flags": verdict.flags,
        "held": reading.held,
        "partial": reading.partial,
        "defects": reading.defects,
        "content_hash": reading.content_hash,
        "parts": [part_facts(part) for part in reading.parts],
    }


def _corrects(reading: Reading) -> dict[str, str]:
    """Lines by which an answer to a proof would correct its entry, field -> value as written; whose entry only the office can tell."""
    named = "\n".join((*reading.in_reply_to, *reading.references, reading.text))
    if not any(
        token.startswith((f"{LetterKind.PROOF.value}.", *(f"{kind.value}." for kind in ACKNOWLEDGEMENTS)))
        for token in tokens_in(named)
    ):
        return {}
    share = InstalledShare()
    labels = labels_of([share.table("templates", "letters", f"{language}.toml") for language in LANGUAGES])
    return corrected_lines(
        "".join(reading.text[span.start : span.end] for span in reading.spans if span.kind is SpanKind.NEW), labels
    )


def part_facts(part: Part) -> dict[str, Any]:
    """A part in the published form; the parts of an attached message are its children."""
    children = [part_facts(child) for child in part.children]
    if part.message is not None and not part.children:
        children = [part_facts(child) for child in part.message.parts]
    return {
        "path": part.path,
        "media_type": part.media_type,
        "sniffed_type": part.sniffed_type,
        "name": part.name,
        "size_bytes": part.size_bytes,
        "sha256": part.sha256,
        "state": part.state,
        "text_chars": len(part.text),
        "language": part.language,
        "text_quality": part.text_quality,
        "ocr": part.ocr,
        "scan": part.scan,
        "scan_said": part.scan_said,
        "inline": part.inline,
        "children": children,
    }


def _show(facts: dict[str, Any]) -> None:
    tell(
        f"{facts['file']}: {facts['disposition']} ({facts['language']}), {facts['size_bytes']:,} bytes, SHA-256 {facts['sha256']}"
    )
    senders = ", ".join(f"{item['name']} <{item['address']}>" for item in facts["from"]) or "no readable sender"
    tell(f"  from      {senders}")
    tell(f"  subject   {facts['subject']}")
    tell(f"  received  {facts['received_at'] or 'unknown'}   claims {facts['date_claimed'] or 'no date'}")
    respondent = facts["respondent"]
    who = (respondent.person or "?", respondent.organization or "?", respondent.category.value, respondent.country or "?")
    tell(f"  for       {'; '.join(who)}")
    if facts["held"]:
        tell(f"  SET ASIDE {facts['held']}")
    for reason in facts["reasons"]:
        tell(f"  because   {reason['finding']}: {reason['because']} [{reason['classifier']}, {reason['confidence']:.2f}]")
    for question, text in facts["answers"].items():
        tell(f"  answer {question}  {' '.join(text.split())[:110]}")
    for field, said in facts["corrects"].items():
        tell(f"  corrects  {field}: {said} (proposed; whose entry it is only the office can tell)")
    if facts["flags"]:
        tell(f"  flags     {', '.join(facts['flags'])}")
    for part in facts["parts"]:
        _show_part(part, 1)
    for defect in facts["defects"]:
        tell(f"  defect    {defect.code}: {defect.detail}")
    tell("")


def _show_part(part: dict[str, Any], depth: int) -> None:
    kind = part["media_type"]
    if part["media_type"] != part["sniffed_type"]:
        kind += f" (is {part['sniffed_type']})"
    state = f", {part['state']}" if part["state"] else ""
    size = f"{part['size_bytes']:,} bytes, {part['text_chars']:,} characters"
    tell(f"  {'  ' * depth}part {part['path']}  {part['name'] or '-'}  {kind}, {size}{state}")
    for child in part["children"]:
        _show_part(child, depth + 1)

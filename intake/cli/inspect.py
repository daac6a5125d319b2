"""`intake inspect`: how a message reads and would be sorted, and why. Stores nothing, never fails on a message."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from intake.casework.drafts import Case
from intake.cli.campaigns import campaign_lines, campaigns_among
from intake.cli.common import JsonOption, print_json, print_json_line, progress, tell
from intake.cli.inspect_facts import inspection
from intake.cli.inspect_show import show
from intake.errors import BadUsage
from intake.model.mail import Arrival, ChannelKind, Reading
from intake.model.round import Channels, Dates, Round
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
            arrival, source = _arrival(reading, consultation, tools)
            verdict = tools.classify(arrival, consultation)
            facts = inspection(str(path), arrival, verdict, consultation.channels.trusted_hosts, source)
            if not as_json:
                cases.append(Case(arrival=arrival, verdict=verdict))
                show(facts)
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


def _arrival(reading: Reading, consultation: Round, tools: Tools) -> tuple[Arrival, str]:
    """(the arrival, where its time of receipt is from). A file has no INTERNALDATE: the topmost Received line, else the Date header,
    stands for it; without either there is no time of receipt."""
    hop = next((hop for hop in reading.received[:1] if hop.at is not None), None)
    internaldate, source = _EPOCH, ""
    if hop is not None and hop.at is not None:
        internaldate, source = hop.at, "the topmost Received line, whoever wrote it"
    elif reading.date_claimed is not None:
        internaldate, source = reading.date_claimed, "the sender's own Date"
    trust = tools.trust(reading, consultation, internaldate)
    if trust.received_by != "internaldate":
        source = f"our own host {trust.received_by}"
    arrival = Arrival(
        key=reading.sha256, sequence=0, channel=ChannelKind.IMPORT, internaldate=internaldate, reading=reading, trust=trust
    )
    return arrival, source

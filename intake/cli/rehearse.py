"""`intake rehearse`: play a labelled or exported round in simulated time, without network, into a folder."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer

from intake.cli.common import JsonOption, print_json, tell
from intake.doors.clock import FixedClock
from intake.doors.outbox_folder import FolderPost
from intake.doors.site import write_papers
from intake.doors.word_processor import LibreOffice
from intake.errors import BadData
from intake.pipeline import LetterPolicy
from intake.pipeline.rehearsal import Incoming, Play, rehearse
from intake.settings import load_round
from intake.wiring import open_office


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("rehearse")(rehearse_round)


def rehearse_round(
    folder: Annotated[Path, typer.Argument(help="A folder with round.toml, arrivals.jsonl, messages/ and decisions.jsonl.")],
    out: Annotated[Path, typer.Option("--out", help="Where ledger.json, letters/, digests/, compilation/ and site/ go.")],
    language: Annotated[str, typer.Option(help="Language of the documents' shell.")] = "en",
    as_json: JsonOption = False,
) -> None:
    """Play a round in simulated time: what would have been answered, counted and printed, and when."""
    consultation = load_round(folder / "round.toml", strict=False)
    mail = read_arrivals(folder, ZoneInfo(consultation.time_zone))
    decisions = _lines(folder / "decisions.jsonl") if (folder / "decisions.jsonl").exists() else []
    out.mkdir(parents=True, exist_ok=True)
    letters = FolderPost(out / "letters")
    first = min((item.internaldate for item in mail), default=datetime(2000, 1, 1, tzinfo=UTC))
    clock = FixedClock(first)
    policy = LetterPolicy(
        mode="send",
        from_name=consultation.working_group or consultation.id,
        from_address=consultation.channels.address,
        secret=consultation.id.encode(),
        digest_to=(consultation.channels.address,),
        digest_language=language,
        cap_per_domain_day=10_000,
        cap_per_hour=10_000,
    )
    with (
        tempfile.TemporaryDirectory(prefix="rehearsal-") as state,
        open_office((consultation,), Path(state), policy, post=letters, clock=clock, language=language, min_free_mb=50) as office,
    ):
        # Two seconds a revision: its contents say pages, as those of a release in earnest do.
        office.word_processor = LibreOffice()
        play = rehearse(office, clock, consultation, mail, decisions)
    _write(out, play)
    counts = play.record.counts
    if as_json:
        print_json(
            {
                "counts": counts,
                "letters": letters.count,
                "digests": len(play.digests),
                "revisions": sorted(play.revisions),
                "out": str(out),
            }
        )
        return
    tell(f"{counts.messages} messages, {counts.responses} responses, {counts.counted} counted; {letters.count} letters, "
         f"{len(play.digests)} digests, revisions {', '.join(f'rev-{number}' for number in sorted(play.revisions))}")  # fmt: skip
    tell(f"everything is in {out}")


def read_arrivals(folder: Path, zone: tzinfo = UTC) -> list[Incoming]:
    """The messages of a round's folder, in order of arrival; `zone`: of times without an offset. Raises BadData with every fault."""
    mail, faults = [], []
    for number, line in enumerate(_lines(folder / "arrivals.jsonl"), 1):
        try:
            name = str(line["file"])
            when = datetime.fromisoformat(str(line["internaldate"]))
            mail.append(
                Incoming(
                    file=name,
                    mailbox=str(line["mailbox"]),
                    internaldate=when if when.tzinfo else when.replace(tzinfo=zone),
                    raw=(folder / "messages" / Path(name).name).read_bytes(),
                )
            )
        except KeyError as error:
            faults.append(f"arrival {number}: {error} is missing")
        except OSError as error:
            faults.append(f"arrival {number}: messages/{name}: {error.strerror}")
        except ValueError as error:
            faults.append(f"arrival {number}: {error}")
    if faults:
        more = f"; and {len(faults) - 20} more" if len(faults) > 20 else ""
        raise BadData(f"{folder / 'arrivals.jsonl'}: {'; '.join(faults[:20])}{more}")
    return mail


def _lines(path: Path) -> list[Mapping[str, Any]]:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise BadData(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadData(f"{path}: is not UTF-8 ({error.reason} at octet {error.start})") from error
    lines: list[Mapping[str, Any]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            raise BadData(f"{path}: line {number} is not JSON: {error}") from error
        if not isinstance(value, dict):
            raise BadData(f"{path}: line {number} is no object")
        lines.append(value)
    return lines


def _write(out: Path, play: Play) -> None:
    document = msgspec.json.format(msgspec.json.encode(play.ledger, order="sorted"), indent=1)
    (out / "ledger.json").write_bytes(document + b"\n")
    write_papers(out / "digests", play.digests)
    if (out / "compilation").is_dir():
        shutil.rmtree(out / "compilation")  # revisions of an earlier rehearsal into the same folder
    for number, papers in play.revisions.items():
        write_papers(out / "compilation" / f"rev-{number}", papers.files)
    if play.revisions:
        newest = play.revisions[max(play.revisions)].files
        site = {f"compilation.{suffix}": newest[f"compilation.{suffix}"] for suffix in ("pdf", "docx", "html", "md")}
        write_papers(out / "site", {"index.html": newest["compilation.html"], **site})

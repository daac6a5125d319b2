"""silence: who of the last round has not been heard from, with invitations drafted. Nothing is sent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from intake.cli.common import JsonOption, print_json, settings_of, tell, unisolated
from intake.cli.look import RoundOption
from intake.doors.site import write_papers
from intake.model.officer import Role
from intake.model.silence import Share, Silence
from intake.pipeline.find import one_round
from intake.pipeline.silence import asked_silence, invitation
from intake.wiring import open_configured

_LETTERS = re.compile(r"[^\w-]+")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("silence")(silence)


def silence(
    context: typer.Context,
    round_id: RoundOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the drafts: one a respondent, in his language.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Who of the last round has not been heard from, with an invitation drafted for each; nothing is sent."""
    settings = settings_of(context, Role.EDITOR if out is not None else Role.READER)
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        found = asked_silence(office, consultation)
        drafts = [invitation(office, consultation, found.last, item) for item in found.respondents]
        if out is not None:
            files = {
                f"{number:03d}-{draft.language}-{_LETTERS.sub('-', draft.to)[:60].strip('-')}.txt": f"{draft.subject}\n\n{draft.text}".encode()
                for number, draft in enumerate(drafts, 1)
            }
            write_papers(out, files)
        if as_json:
            print_json({"silence": found, "drafts": drafts, "out": str(out) if out is not None else None})
            return
        _tell(found)
        if out is not None:
            tell(f"{len(drafts)} drafts in {out}: choose the addresses, read them, send them yourself; nothing was sent")
        elif drafts:
            tell(unisolated(f"\n{drafts[0].subject}\n\n{drafts[0].text}"))
            tell(f"a draft for each of the {len(drafts)}: --out FOLDER; nothing was sent")


def _tell(found: Silence) -> None:
    last = found.last
    tell(f"Compared with {last.title} ({last.source}): {len(last.responses)} responses published")
    for label, shares in (("categories", found.categories), ("regions", found.regions)):
        tell(f"  silent {label:<11} {_shares(shares) or 'none'}")
    tell(f"  heard from {found.heard}, not heard from {len(found.respondents)}, published without a name {found.unnamed}")
    for item in found.respondents:
        tell(f"  - {item.name}  {item.category.value}  {item.country or '--'}  {item.language}")


def _shares(shares: tuple[Share, ...]) -> str:
    return ", ".join(f"{item.key} ({item.then} then)" for item in shares)

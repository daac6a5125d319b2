"""Verbs that keep: verify, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.cli.common import JsonOption, context_of, print_json, settings_of, tell
from intake.cli.look import RoundOption
from intake.doors.export import EXPORTS
from intake.errors import BadData, BadUsage
from intake.keeping import bag
from intake.model.officer import Role
from intake.pipeline import verify
from intake.pipeline.covered import covered_record
from intake.pipeline.find import one_round
from intake.pipeline.rulings import note_access
from intake.wiring import open_configured


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command("verify")(verify_)
    app.command("export")(export)


def verify_(
    context: typer.Context,
    piece: Annotated[str, typer.Option("--slice", help="n/t: the n-th of t slices of the objects.")] = "1/1",
    as_json: JsonOption = False,
) -> None:
    """Check objects, receipts, decisions, sums and the journal. Repairs nothing; exit 65 when something is wrong."""
    settings = settings_of(context)
    number, _, total = piece.partition("/")
    if not (number.isdigit() and total.isdigit() and 1 <= int(number) <= int(total)):
        raise BadUsage(f"--slice {piece!r}: n/t is wanted, as in 1/7")
    with open_configured(settings) as office:
        found = verify(office, int(number), int(total))
    if as_json:
        print_json(found)
    else:
        tell(f"{found.objects} objects, {found.deliveries} deliveries, {found.journal_entries} journal entries looked at")
        for fault in found.faults:
            tell(f"FAULT: {fault}")
    if found.faults:
        raise BadData(f"{len(found.faults)} fault(s)")


def export(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="eml, mbox, csv, json or bag.")],
    out: Annotated[Path, typer.Argument(help="File, or folder for eml.")],
    round_id: RoundOption = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Of a bag's index page; the service's own by default.")
    ] = None,
) -> None:
    """Hand the record or the mail over in a form that reads without this program.

    The record (csv, json) has a marker where words are withheld; the sealed originals (eml, mbox, bag) are for officers who decide, and each
    hand-over is journalled."""
    if kind not in EXPORTS and kind != "bag":
        raise BadUsage(f"{kind!r}: there are {', '.join(EXPORTS)}, bag")
    sealed = kind in ("eml", "mbox", "bag")
    settings = settings_of(context, Role.EDITOR if sealed else Role.READER)
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        if sealed:
            keys = tuple(receipt.sha256 for receipt in office.ledger.arrivals(consultation.id))
            note_access(office, consultation.id, keys, context_of(context).by, f"export {kind}")
        if kind == "bag":
            count = bag(office, consultation, out, settings.service.state_dir, language or settings.service.language)
            tell(f"{count} originals in the bag {out}; intake restore reads it back")
            return
        record = office.ledger.load_record(consultation.id)
        if record is None:
            raise BadData(f"round {consultation.id}: nothing has been received yet")
        shown = record if sealed else covered_record(office, consultation, record)
        count = EXPORTS[kind](office.vault, office.ledger, consultation, shown, out)
    tell(f"{count} written to {out}")

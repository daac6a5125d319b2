"""Decisions without typing each: a sheet of what waits, and a sheet that came back."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from intake.cli.common import JsonOption, context_of, print_json, settings_of, tell
from intake.cli.look import RoundOption
from intake.errors import BadData, BadUsage
from intake.model.examination import SheetRow, ToUnpack
from intake.model.officer import Person, Role
from intake.model.order import Outcome, Way
from intake.pipeline import Office
from intake.pipeline.find import one_round
from intake.pipeline.officers import people
from intake.pipeline.order_answer import followed_line, refused_line
from intake.pipeline.order_desk import note_orders
from intake.pipeline.order_mail import settled
from intake.pipeline.orders import follow
from intake.pipeline.sheets import orders_of_sheet, sheet_for
from intake.wiring import open_configured

OfficerOption = Annotated[str | None, typer.Option("--officer", help="Whose sheet it is; who stands before the verb by default.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(sheet)
    app.command()(apply)


def sheet(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="The spreadsheet (.xlsx) to be written.")],
    officer: OfficerOption = None,
    round_id: RoundOption = None,
) -> None:
    """What waits for a decision as a spreadsheet: one row a matter, with the decisions that fit and a place for the reason."""
    settings = settings_of(context, Role.EDITOR)
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        found = people(office, consultation, office.now())
        made, rows = sheet_for(office, consultation, _person(found, officer or context_of(context).by), office.now())
        out.write_bytes(made.octets)
        tell(f"{out}: {rows} matters; send it back by mail, or: intake --by NAME apply {out}")


def apply(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A decision sheet with decisions and reasons filled in.")],
    officer: OfficerOption = None,
    round_id: RoundOption = None,
    as_json: JsonOption = False,
) -> None:
    """Follow a decision sheet, row by row; what cannot be followed is refused by line. Exit 65 when any row was refused."""
    settings = settings_of(context, Role.EDITOR)
    if not file.is_file():
        raise BadUsage(f"{file}: no such file")
    octets = file.read_bytes()
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        person = _person(people(office, consultation, office.now()), officer or context_of(context).by)
        orders = orders_of_sheet(office, _rows(office, file, octets))
        if not orders:
            raise BadData(f"{file}: " + ("no row has a decision" if orders is not None else "this is no decision sheet of ours"))
        source = hashlib.sha256(octets).hexdigest()
        begun = source not in settled(office, consultation)
        outcomes = follow(office, consultation, person, orders, via=f"file:{source}", at=office.now(), begun=begun)
        note_orders(office, consultation, source, Way.FILE, person.name, outcomes)
        if as_json:
            print_json(outcomes)
        else:
            _tell(office, outcomes)
        refused = sum(1 for item in outcomes if item.refused is not None)
    if refused:
        raise BadData(f"{refused} of {len(outcomes)} rows were refused")


def _rows(office: Office, file: Path, octets: bytes) -> tuple[SheetRow, ...]:
    """The rows, read in the jail. Raises BadData."""
    assert office.unpacker is not None
    unpacked = office.unpacker.unpack(ToUnpack(sheet=octets))
    rows = unpacked.sheets.get(hashlib.sha256(octets).hexdigest())
    if rows is None:
        raise BadData(f"{file}: cannot be read as a spreadsheet (.xlsx)" + (f": {unpacked.because}" if unpacked.because else ""))
    return rows


def _person(found: dict[str, Person], name: str) -> Person:
    person = found.get(name)
    if person is None:
        raise BadUsage(f"{name!r} is no officer of this office")
    if person.role < Role.EDITOR:
        raise BadUsage(f"{name} is {person.role.name.lower()}; deciding needs editor")
    return person


def _tell(office: Office, outcomes: tuple[Outcome, ...]) -> None:
    words = office.templates.table("orders", office.language)
    for item in outcomes:
        line = followed_line(item, Way.FILE, words) if item.ruling else refused_line(item, Way.FILE, words)
        tell(("done     " if item.ruling else "REFUSED  ") + line)

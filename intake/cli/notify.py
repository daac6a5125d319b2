"""notify: letters that tell respondents what happened, or ask for what is missing. Nobody is told the same twice."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from intake.cli.common import context_of, settings_of, tell
from intake.cli.look import RoundOption
from intake.doors.site import revision_folder
from intake.errors import BadData, BadUsage
from intake.model.ledger import Outgoing
from intake.model.officer import Role
from intake.model.round import LANGUAGES, Round
from intake.pipeline import Office
from intake.pipeline.errands import order_errand, readable, run_errand
from intake.pipeline.find import find_response, one_round
from intake.pipeline.handover import group_letter
from intake.pipeline.matters import waiting
from intake.pipeline.notices import chase_letters, extension_letters, outcome_letters, proof_letters, publication_letters, queue
from intake.pipeline.papers import last_edition
from intake.wiring import open_configured

notify_app = typer.Typer(
    help="Tell respondents what happened: an extension, publication, the outcome; or ask for what is missing.",
    no_args_is_help=True,
)
PrintOption = Annotated[bool, typer.Option("--print", help="Show the letters, queue nothing.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    for verb in (extension, publication, outcome, chase, proof, group):
        notify_app.command()(verb)
    app.add_typer(notify_app, name="notify")


def extension(context: typer.Context, round_id: RoundOption = None, show: PrintOption = False) -> None:
    """To everyone who had answered before the deadline was extended."""
    settings = settings_of(context, Role.EDITOR)
    with open_configured(settings) as office:
        _hand_on(office, extension_letters(office, one_round(office, round_id)), show)


def publication(context: typer.Context, round_id: RoundOption = None, show: PrintOption = False) -> None:
    """To everyone whose response stands in the revision released last: its number and the document."""
    settings = settings_of(context, Role.EDITOR)
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        if show or office.ledger.revisions(consultation.id) == ():
            _hand_on(office, publication_letters(office, consultation), show)
            return
        about = f"tell:{office.ledger.revisions(consultation.id)[-1].number}"
        wanted = len(publication_letters(office, consultation))
        _tell_made(_errands(office, consultation, "tell", [about], context_of(context).by), wanted)


def outcome(
    context: typer.Context,
    words: Annotated[Path, typer.Option("--words", help='TOML: a list of paragraphs for each language, en = ["..."].')],
    round_id: RoundOption = None,
    show: PrintOption = False,
) -> None:
    """Where each response appears, what it is cited for, and what the group did, in the officer's words."""
    settings = settings_of(context, Role.EDITOR)
    texts = _words(words)
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        _hand_on(office, outcome_letters(office, consultation, texts, office.cited(consultation.id)), show)


def chase(
    context: typer.Context,
    number: Annotated[str | None, typer.Argument(help="A response; all with something missing by default.")] = None,
    round_id: RoundOption = None,
    show: PrintOption = False,
) -> None:
    """Ask for what is missing: a readable file, a part, a name. Each thing is asked for once."""
    settings = settings_of(context, Role.EDITOR)
    with open_configured(settings) as office:
        if number is None:
            consultation, wanted = one_round(office, round_id), None
        else:
            consultation, response = find_response(office, number, round_id)
            wanted = response.id
        letters = chase_letters(office, consultation, wanted)
        if show:
            _hand_on(office, letters, show)
            return
        found = [item.item for item in waiting(office, consultation) if item.kind == "chase"]
        about = [item for item in found if wanted is None or item.split(":")[1] == wanted]
        _tell_made(_errands(office, consultation, "ask", about, context_of(context).by), len(letters))


def proof(
    context: typer.Context,
    numbers: Annotated[
        list[str] | None, typer.Argument(help="Responses; all whose sender our own host authenticated by default.")
    ] = None,
    round_id: RoundOption = None,
    show: PrintOption = False,
) -> None:
    """To each respondent: the entry as it will be printed. An answer that corrects lines is shown as a proposal."""
    settings = settings_of(context, Role.EDITOR)
    with open_configured(settings) as office:
        found = [find_response(office, number, round_id) for number in numbers or ()]
        consultation = found[0][0] if found else one_round(office, round_id)
        if any(other.id != consultation.id for other, _ in found):
            raise BadUsage("the responses are of several rounds: one round at a time")
        _hand_on(office, proof_letters(office, consultation, [response.id for _, response in found]), show)


def group(context: typer.Context, round_id: RoundOption = None, show: PrintOption = False) -> None:
    """To the group's list: the revision released last, with its document, change list and originals; once for each revision."""
    settings = settings_of(context, Role.RELEASER)
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        edition = last_edition(office, consultation)
        if edition is None:
            raise BadUsage("nothing is released yet: intake release")
        if consultation.channels.group_address is None:
            raise BadUsage(f"round {consultation.id} names no list of the group (channels.group_address)")
        folder = revision_folder(settings.service.state_dir, consultation.id, edition.revision or 0)
        files = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
        _hand_on(office, [group_letter(office, consultation, edition, files)], show)


def _errands(office: Office, consultation: Round, act: str, about: Sequence[str], by: str) -> list[Outgoing]:
    """The same orders that a sheet or an answer gives; the letters that they made."""
    orders = [order_errand(office, consultation, act, one, by, "", {}) for one in about]
    made = [identity for ruling in orders for identity in run_errand(office, consultation, ruling)]
    return [letter for identity in made if (letter := office.ledger.letter(identity)) is not None]


def _tell_made(made: Sequence[Outgoing], wanted: int) -> None:
    for letter in made:
        tell(f"{letter.state.value:<17} {letter.kind:<12} {letter.language}  {letter.recipient}  {letter.reason}".rstrip())
    tell(f"{len(made)} letters; {wanted - len(made)} had been made before")


def _hand_on(office: Office, letters: Sequence[Outgoing], show: bool) -> None:
    if show:
        for letter in letters:
            tell(readable(letter.raw))
        tell(f"{len(letters)} letters; nothing was queued")
        return
    made = queue(office, letters)
    _tell_made(made, len(letters))


def _words(path: Path) -> dict[str, list[str]]:
    """language -> paragraphs. Raises BadData."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadData(f"{path}: cannot be read: {error}") from error
    for key, value in table.items():
        if key not in LANGUAGES or not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise BadData(f"{path}: {key}: a list of paragraphs for one of {', '.join(LANGUAGES)} is wanted")
    if not table:
        raise BadUsage(f"{path}: holds no words")
    return table

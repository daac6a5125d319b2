"""Verbs by which a person decides: decide (with undo), held, letters. Every decision names who, when and why."""

from __future__ import annotations

import hashlib
from typing import Annotated

import typer

from intake.cli.common import JsonOption, context_of, print_json, tell
from intake.cli.find import find_message, one_round
from intake.cli.look import RoundOption
from intake.errors import BadUsage
from intake.model.ledger import OutboxState
from intake.model.record import Action, Ruling
from intake.pipeline import Office, judge_round
from intake.pipeline.office import READING_VERSION
from intake.pipeline.send import PAUSED
from intake.settings import Settings, load_settings
from intake.wiring import open_configured

held_app = typer.Typer(help="Messages set aside: the program could not finish with them.", no_args_is_help=True)
letters_app = typer.Typer(help="Letters waiting, approved, paused.", invoke_without_command=True)


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(decide)
    app.add_typer(held_app, name="held")
    app.add_typer(letters_app, name="letters")


def _officer(settings: Settings, by: str) -> str:
    if by not in settings.service.officers:
        raise BadUsage(f"{by!r} is no officer of this office (service.officers); say who you are with --by before the verb")
    return by


def decide(
    context: typer.Context,
    number: Annotated[
        str, typer.Argument(help="Receipt number, public number, response id, beginning of a SHA-256; a ruling's id for undo.")
    ],
    action: Annotated[
        str, typer.Argument(help="accept-late, count, exclude, withdraw, assign, merge, split, confirm, relabel, undo")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")],
    set_: Annotated[list[str] | None, typer.Option("--set", help="KEY=VALUE, for assign, merge, confirm, relabel.")] = None,
    round_id: RoundOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record a decision; it outranks every later run and can be undone."""
    settings = load_settings(context_of(context).config)
    by = _officer(settings, context_of(context).by)
    try:
        wanted = Action(action.replace("-", "_"))
    except ValueError as error:
        raise BadUsage(
            f"{action!r} is no decision; there are {', '.join(item.value.replace('_', '-') for item in Action)}"
        ) from error
    if not reason.strip():
        raise BadUsage("a decision needs a reason")
    with open_configured(settings) as office:
        fields = _fields(set_ or [])
        if wanted is Action.UNDO:
            consultation = one_round(office, round_id)
            if all(item.id != number for item in office.ledger.rulings(consultation.id)):
                raise BadUsage(f"there is no decision {number!r} in round {consultation.id}")
            key, fields = "", {"ruling": number}
        else:
            consultation, key = find_message(office, number, round_id)
        if wanted is Action.MERGE:
            if "into" not in fields:
                raise BadUsage("merge needs --set into=NUMBER, a number of the response that takes this one in")
            fields["into"] = find_message(office, str(fields["into"]), consultation.id)[1]
        ruling = record_ruling(office, consultation.id, wanted, key, by, reason, fields)
        record = judge_round(office, consultation)
        affected = [item for item in record.responses if key in item.messages or ruling.id in item.rulings]
        if as_json:
            print_json({"ruling": ruling, "responses": affected})
            return
        tell(f"decision {ruling.id}: {wanted.value} by {by}; undo with: intake decide {ruling.id} undo --reason ...")
        for item in affected:
            tell(f"  {item.id}: {item.status_before_decisions.value} -> {item.status.value}")


def _fields(pairs: list[str]) -> dict[str, str | int | list[str]]:
    fields: dict[str, str | int | list[str]] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key:
            raise BadUsage(f"--set {pair!r}: KEY=VALUE is wanted")
        fields[key] = int(value) if key == "current_version" and value.isdigit() else value
    return fields


def record_ruling(
    office: Office, round_id: str, action: Action, key: str, by: str, reason: str, fields: dict[str, str | int | list[str]]
) -> Ruling:
    """Keep a ruling in the vault, then in the ledger, then in the journal's file; only then it is told."""
    now = office.now()
    count = len(office.ledger.rulings(round_id))
    identity = hashlib.sha256(f"{round_id}|{now.isoformat()}|{count}|{action}|{key}".encode()).hexdigest()[:12]
    ruling = Ruling(id=f"d-{identity}", at=now, by=by, action=action, message=key, reason=reason, set=fields)
    kept = office.vault.keep_ruling(round_id, ruling)
    office.ledger.add_ruling(kept)
    office.vault.keep_journal(office.ledger.journal_entries(office.vault.journal_seq()))
    return ruling


@held_app.command("list")
def held_list(context: typer.Context, round_id: RoundOption = None, as_json: JsonOption = False) -> None:
    """Messages set aside and responses held, each with the reason."""
    settings = load_settings(context_of(context).config)
    with open_configured(settings) as office:
        rows = []
        for consultation in office.rounds if round_id is None else [one_round(office, round_id)]:
            record = office.ledger.load_record(consultation.id)
            if record is None:
                continue
            rows += [
                {"round": consultation.id, "message": item.key, "set_aside": item.held, "disposition": item.disposition}
                for item in record.filed
                if item.held
            ]
            rows += [
                {"round": consultation.id, "response": item.id, "message": item.messages[0], "held": "; ".join(item.doubts)}
                for item in record.responses
                if item.status.value in ("held", "late_pending")
            ]
        if as_json:
            print_json(rows)
            return
        for row in rows:
            tell("  ".join(f"{key}={value}" for key, value in row.items()))
        tell(f"{len(rows)} waiting for a person")


@held_app.command("show")
def held_show(context: typer.Context, number: str, round_id: RoundOption = None) -> None:
    """The original octets of a message, on standard output."""
    settings = load_settings(context_of(context).config)
    with open_configured(settings) as office:
        _, key = find_message(office, number, round_id)
        typer.get_binary_stream("stdout").write(office.vault.get(key))


@held_app.command("retry")
def held_retry(context: typer.Context, number: str, round_id: RoundOption = None) -> None:
    """Read a message again, by itself, and judge the round anew."""
    settings = load_settings(context_of(context).config)
    with open_configured(settings) as office:
        consultation, key = find_message(office, number, round_id)
        (reading,) = office.reader.read([office.vault.get(key)])
        office.ledger.save_readings([reading], READING_VERSION)
        office.ledger.save_verdicts(consultation.id, [], "none")
        office.forget(consultation.id, key)
        record = judge_round(office, consultation)
        filed = next(item for item in record.filed if item.key == key)
        tell(f"{key[:16]}: {filed.disposition.value}" + (f", still set aside: {filed.held}" if filed.held else ", read"))


@held_app.command("discard")
def held_discard(
    context: typer.Context,
    number: str,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")],
    round_id: RoundOption = None,
) -> None:
    """Decide that a message set aside is nothing for the round (spam); its octets stay."""
    settings = load_settings(context_of(context).config)
    by = _officer(settings, context_of(context).by)
    with open_configured(settings) as office:
        consultation, key = find_message(office, number, round_id)
        ruling = record_ruling(office, consultation.id, Action.RELABEL, key, by, reason, {"disposition": "spam"})
        judge_round(office, consultation)
        tell(f"decision {ruling.id}: discarded; undo with: intake decide {ruling.id} undo --reason ...")


@letters_app.callback()
def letters(context: typer.Context, round_id: RoundOption = None, as_json: JsonOption = False) -> None:
    """List letters and where each stands."""
    if context.invoked_subcommand is not None:
        return
    settings = load_settings(context_of(context).config)
    with open_configured(settings) as office:
        found = office.ledger.letters(round_id)
        paused = office.ledger.setting(PAUSED)
        if as_json:
            rows = [
                {key: getattr(item, key) for key in ("id", "kind", "recipient", "language", "state", "reason", "tries")}
                for item in found
            ]
            print_json({"paused": bool(paused), "letters": rows})
            return
        for item in found:
            tell(f"{item.state.value:<17} {item.kind:<16} {item.language}  {item.recipient}  {item.reason}  {item.id[-64:][:12]}")
        tell(f"{len(found)} letters" + (f"; sending is paused: {paused}" if paused else ""))


@letters_app.command("show")
def letters_show(context: typer.Context, identity: str) -> None:
    """One letter as it would go out, octet for octet."""
    settings = load_settings(context_of(context).config)
    with open_configured(settings) as office:
        found = [item for item in office.ledger.letters() if identity in item.id]
        if len(found) != 1:
            raise BadUsage(f"{len(found)} letters have {identity!r} in their id")
        typer.get_binary_stream("stdout").write(found[0].raw)


@letters_app.command("approve")
def letters_approve(
    context: typer.Context,
    identities: Annotated[list[str] | None, typer.Argument(help="Parts of ids; none means all that wait.")] = None,
    old_too: Annotated[bool, typer.Option("--old-too", help="Also letters for old and imported mail.")] = False,
) -> None:
    """Let waiting letters go."""
    settings = load_settings(context_of(context).config)
    by = _officer(settings, context_of(context).by)
    states = [OutboxState.WAITING_APPROVAL, OutboxState.HELD]
    if old_too:
        states.append(OutboxState.SUPPRESSED)
    with open_configured(settings) as office:
        waiting = office.ledger.letters(None, states if identities else states[:1] + states[2:])
        chosen = [item.id for item in waiting if not identities or any(part in item.id for part in identities)]
        moved = office.ledger.move_letters(chosen, OutboxState.QUEUED, reason=f"approved by {by}", at=office.now())
        tell(f"{moved} letters approved; they go out at the next look")


@letters_app.command("pause")
def letters_pause(context: typer.Context, reason: Annotated[str, typer.Option("--reason")]) -> None:
    """Send nothing until resumed; letters go on being queued."""
    settings = load_settings(context_of(context).config)
    by = _officer(settings, context_of(context).by)
    with open_configured(settings) as office:
        office.ledger.put_setting(PAUSED, f"{reason} ({by})")
        tell("paused")


@letters_app.command("resume")
def letters_resume(context: typer.Context) -> None:
    """Send again."""
    settings = load_settings(context_of(context).config)
    _officer(settings, context_of(context).by)
    with open_configured(settings) as office:
        office.ledger.put_setting(PAUSED, None)
        tell("resumed")

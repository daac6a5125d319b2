"""Verbs by which a person decides: decide (with undo), held, letters. Every decision names who, when and why."""

from __future__ import annotations

from typing import Annotated

import typer

from intake.cli.common import JsonOption, context_of, print_json, settings_of, tell
from intake.cli.look import RoundOption
from intake.cli.work import tell_release
from intake.doors.site import revision_store
from intake.errors import BadUsage
from intake.model.ledger import OutboxState
from intake.model.officer import Role
from intake.model.record import Action, Ruling
from intake.model.round import Round
from intake.pipeline import Office, cases_of, judge_round
from intake.pipeline.covered import covered
from intake.pipeline.deciding import Wish, action_from
from intake.pipeline.deciding import decide as decide_
from intake.pipeline.errands import order_errand, run_errand
from intake.pipeline.examine import examined, reading_version
from intake.pipeline.find import find_message, find_response, one_round
from intake.pipeline.matters import WAITING_LETTERS, releases_waiting, round_items
from intake.pipeline.releasing import carry_out_release
from intake.pipeline.rulings import Fields, note_access
from intake.pipeline.send import PAUSED
from intake.pipeline.withhold import stretches_of
from intake.wiring import open_configured

held_app = typer.Typer(help="Messages set aside: the program could not finish with them.", no_args_is_help=True)
letters_app = typer.Typer(help="Letters waiting, approved, paused.", invoke_without_command=True)


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(decide)
    app.command()(withheld)
    app.add_typer(held_app, name="held")
    app.add_typer(letters_app, name="letters")


def decide(
    context: typer.Context,
    number: Annotated[
        str,
        typer.Argument(
            help="Receipt number, public number, response id, beginning of a SHA-256; a decision's id for undo and second."
        ),
    ],
    action: Annotated[
        str,
        typer.Argument(
            help="accept-late, count, exclude, withdraw, assign, merge, split, confirm, relabel, redact, seal-part, disclose, "
            "publish-mode, second, undo"
        ),
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")],
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="KEY=VALUE; for redact and disclose proposal=, words= or part=, start=, end=; docs/GUIDE.md has all."
        ),
    ] = None,
    round_id: RoundOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record a decision; it outranks every later run and can be undone."""
    settings = settings_of(context, Role.EDITOR)
    by = context_of(context).by
    wish = Wish(number=number, action=action_from(action), by=by, reason=reason, fields=_fields(set_ or []), round_id=round_id)
    with open_configured(settings) as office:
        release = _release_meant(office, wish)
        if release is not None:
            settings_of(context, Role.RELEASER)
        done = decide_(office, wish)
        if release is not None and wish.action is Action.SECOND:
            ended = carry_out_release(office, done.consultation, release, revision_store(settings.service.state_dir))
            tell_release(settings, done.consultation, ended, f"{release.by}, {by}", as_json=as_json)
            return
        if as_json:
            print_json({"ruling": done.ruling, "responses": covered(office, done.consultation, done.affected)})
            return
        told = done.ruling.action.value.replace("_", "-")
        tell(f"decision {done.ruling.id}: {told} by {by}; undo with: intake decide {done.ruling.id} undo --reason ...")
        for item in done.affected:
            tell(f"  {item.id}: {item.status_before_decisions.value} -> {item.status.value}")
            if done.ruling.id in item.waiting:
                tell(f"  not in force before a second officer says: intake --by NAME decide {done.ruling.id} second --reason ...")


def _release_meant(office: Office, wish: Wish) -> Ruling | None:
    """The order to release that a second officer confirms, or somebody takes back."""
    if wish.action not in (Action.SECOND, Action.UNDO):
        return None
    consultation = one_round(office, wish.round_id)
    return next((item for item in releases_waiting(office, consultation) if item.id == wish.number), None)


def withheld(context: typer.Context, number: str, round_id: RoundOption = None, as_json: JsonOption = False) -> None:
    """What is proposed or decided to be withheld of a response, with the words: for officers; the look is journalled."""
    settings = settings_of(context, Role.EDITOR)
    with open_configured(settings) as office:
        consultation, response = find_response(office, number, round_id)
        shown = stretches_of(response, {case.key: case for case in cases_of(office, consultation)})
        note_access(office, consultation.id, response.messages, context_of(context).by, "withheld")
        if as_json:
            print_json({"publish_mode": response.publish_mode, "waiting": response.waiting, "withheld": shown})
            return
        tell(f"{response.id}: leaves the house {response.publish_mode.value.replace('_', ' ')}; {len(shown)} stretches withheld")
        for one in shown:
            place = one.file or (f"part {one.item.part}" if one.item.part else "body")
            span = "whole" if one.item.whole else f"{one.item.start}-{one.item.end}"
            tell(f"{one.number:>4}  {one.item.reason:<18} {one.item.ruling or 'proposed':<14}  {one.message[:12]} {place} {span}")
            tell("      " + " ".join(one.words.split())[:200])


def _fields(pairs: list[str]) -> Fields:
    fields: Fields = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key:
            raise BadUsage(f"--set {pair!r}: KEY=VALUE is wanted")
        fields[key] = int(value) if key == "current_version" and value.isdigit() else value
    return fields


@held_app.command("list")
def held_list(context: typer.Context, round_id: RoundOption = None, as_json: JsonOption = False) -> None:
    """Messages set aside and responses held, each with the reason."""
    settings = settings_of(context)
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
    """The original octets of a message, on standard output: for officers who decide; the look is journalled."""
    settings = settings_of(context, Role.EDITOR)
    with open_configured(settings) as office:
        consultation, key = find_message(office, number, round_id)
        note_access(office, consultation.id, (key,), context_of(context).by, "held show")
        typer.get_binary_stream("stdout").write(office.vault.get(key))


@held_app.command("retry")
def held_retry(context: typer.Context, number: str, round_id: RoundOption = None) -> None:
    """Read a message again, by itself, and judge the round anew."""
    settings = settings_of(context, Role.EDITOR)
    with open_configured(settings) as office:
        consultation, key = find_message(office, number, round_id)
        raw = office.vault.get(key)
        (reading,) = office.reader.read([raw])
        office.ledger.save_readings([examined(office, reading, lambda: raw).reading], reading_version(office))
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
    settings = settings_of(context, Role.EDITOR)
    by = context_of(context).by
    with open_configured(settings) as office:
        consultation, key = find_message(office, number, round_id)
        wish = Wish(
            number=key, action=Action.RELABEL, by=by, reason=reason, fields={"disposition": "spam"}, round_id=consultation.id
        )
        done = decide_(office, wish)
        tell(f"decision {done.ruling.id}: discarded; undo with: intake decide {done.ruling.id} undo --reason ...")


@letters_app.callback()
def letters(context: typer.Context, round_id: RoundOption = None, as_json: JsonOption = False) -> None:
    """List letters and where each stands."""
    if context.invoked_subcommand is not None:
        return
    settings = settings_of(context)
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
    settings = settings_of(context)
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
    settings = settings_of(context, Role.EDITOR)
    by = context_of(context).by
    with open_configured(settings) as office:
        moved = sum(_approve(office, consultation, identities or [], by) for consultation in office.rounds)
        if old_too:
            old = office.ledger.letters(None, (OutboxState.SUPPRESSED,))
            chosen = [item.id for item in old if not identities or any(part in item.id for part in identities)]
            moved += office.ledger.move_letters(chosen, OutboxState.QUEUED, reason=f"approved by {by}", at=office.now())
        tell(f"{moved} letters approved; they go out at the next look")


def _approve(office: Office, consultation: Round, identities: list[str], by: str) -> int:
    """The errand that a sheet or an answer orders, too: all that wait for approval, or each letter that is named."""
    if identities:
        heads = office.ledger.letter_heads(consultation.id, tuple(WAITING_LETTERS.values()))
        about = [f"letter:{item.id}" for item in heads if any(part in item.id for part in identities)]
    else:
        about = [item.item for item in round_items(office, consultation) if item.kind == "letters"]
    orders = (order_errand(office, consultation, "approve", one, by, "", {}) for one in about)
    return sum(len(run_errand(office, consultation, ruling)) for ruling in orders)


@letters_app.command("pause")
def letters_pause(context: typer.Context, reason: Annotated[str, typer.Option("--reason")]) -> None:
    """Send nothing until resumed; letters go on being queued."""
    settings = settings_of(context, Role.EDITOR)
    by = context_of(context).by
    with open_configured(settings) as office:
        office.ledger.put_setting(PAUSED, f"{reason} ({by})")
        tell("paused")


@letters_app.command("resume")
def letters_resume(context: typer.Context) -> None:
    """Send again."""
    settings = settings_of(context, Role.EDITOR)
    with open_configured(settings) as office:
        office.ledger.put_setting(PAUSED, None)
        tell("resumed")

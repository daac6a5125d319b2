"""Verbs of the vault: rebuild, backup, restore, erase."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from intake.cli.common import JsonOption, context_of, print_json, settings_of, tally_line, tell
from intake.cli.look import RoundOption
from intake.doors.derived import empty_released, forget_derived, released_with
from intake.doors.lock import Lock
from intake.errors import BadData, BadUsage
from intake.keeping import back_up, restore_bag, restore_snapshot
from intake.model.ledger import Tally
from intake.model.officer import Role
from intake.pipeline import judge_round
from intake.pipeline.erase import Erased, Quoted, ask, quoting
from intake.pipeline.erase import erase as erase_messages
from intake.pipeline.find import find_message
from intake.pipeline.rulings import note_access
from intake.wiring import open_configured, rebuild_now


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    for verb in (rebuild, backup, restore, erase):
        app.command()(verb)


def rebuild(context: typer.Context, as_json: JsonOption = False) -> None:
    """Build the ledger again from the vault and the journal; the old one is set aside, letters are held."""
    settings = settings_of(context, Role.ADMINISTRATOR)
    with Lock(settings.service.state_dir / "daemon.lock"):
        found = rebuild_now(settings)
        with open_configured(settings) as office:
            sums = {item.id: office.ledger.tally(item.id) for item in office.rounds}
            for consultation in office.rounds:
                judge_round(office, consultation)
            held = {item.id: office.ledger.letter_counts(item.id) for item in office.rounds}
    if as_json:
        print_json({"rebuilt": found, "tally": sums, "letters": held})
        return
    tell(f"{found.deliveries} deliveries, {found.rulings} decisions, {found.journal_entries} journal entries: built again")
    for name, tally in sums.items():
        tell(f"  {name}: {tally_line(tally)}")
    tell("letters that may have gone are held: intake letters")


def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where backups are kept; on another disk.")],
    keep_days: Annotated[int, typer.Option("--keep-days", min=1, help="Days until this snapshot may go.")] = 35,
    as_json: JsonOption = False,
) -> None:
    """Copy what is new and freeze a snapshot, also while the daemon runs; journalled. Exit 65 when the vault itself has spoilt objects."""
    settings = settings_of(context, Role.ADMINISTRATOR)
    by = context_of(context).by

    def told() -> None:
        with open_configured(settings) as office:
            for consultation in office.rounds:
                keys = tuple(receipt.sha256 for receipt in office.ledger.arrivals(consultation.id))
                note_access(office, consultation.id, keys, by, "backup")

    made = back_up(settings.service.state_dir, folder, keep_days, told=told)
    if as_json:
        print_json({key: getattr(made, key) for key in ("id", "made_at", "expires_at", "objects", "copied", "faults")})
    else:
        tell(f"snapshot {made.id}: {made.copied} objects copied, {made.objects} in all; kept until {made.expires_at:%Y-%m-%d}")
        for fault in made.faults:
            tell(f"FAULT: {fault}")
    if made.faults:
        raise BadData(f"{len(made.faults)} object(s) of the vault could not be copied: intake verify")


def restore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A folder of backups, or a bag.")],
    snapshot: Annotated[str | None, typer.Option("--snapshot", help="Which; the newest when none is named.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Lay it out there instead (a drill); nothing else is touched.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Set the present state folder aside.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring a state folder back, checked, with every erasure done again; letters not sent yet are held."""
    settings = settings_of(context, Role.ADMINISTRATOR)
    target = settings.service.state_dir if out is None else out
    if (folder / "bagit.txt").is_file():
        done = restore_bag(folder, target, settings.service.state_dir, replace=replace)
    else:
        done = restore_snapshot(folder, snapshot, target, settings.service.state_dir, replace=replace)
    if as_json:
        print_json(done)
        return
    tell(f"{done.snapshot}: {done.objects} objects in {done.folder}; {done.erased} stay erased")
    if done.before:
        tell(f"what was there is in {done.before}; remove it when all is well: it may hold what was erased")
    tell("letters that had not gone are held: intake letters. Now: intake verify")


def erase(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="Receipt number, public number, response id, or beginning of a SHA-256.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the tombstone, so name no person in it.")],
    message_only: Annotated[bool, typer.Option("--message-only", help="Only that message, not its whole response.")] = False,
    released: Annotated[
        bool, typer.Option("--released", help="Also take away our copies of released papers that print it.")
    ] = False,
    round_id: RoundOption = None,
    as_json: JsonOption = False,
) -> None:
    """Forget a response for good: its octets, what was read from them, the words of decisions; a tombstone stays. No undo."""
    settings = settings_of(context, Role.ADMINISTRATOR)
    by = context_of(context).by
    if not reason.strip():
        raise BadUsage("an erasure needs a reason")
    state_dir = settings.service.state_dir
    with open_configured(settings) as office:
        consultation, key = find_message(office, number, round_id)
        record = office.ledger.load_record(consultation.id)
        response = next((item for item in record.responses if key in item.messages), None) if record is not None else None
        keys = (key,) if response is None or message_only else response.messages
        first, second = by, ""
        if "erase" in settings.service.second_officer:
            asked = ask(office, consultation, keys, by, reason)
            if asked is None:
                _tell_asked(keys, number, as_json=as_json)
                return
            first, second, reason = asked.by, by, asked.reason
        printed = released_with(state_dir, consultation.id, keys)
        quoted = quoting(office, consultation, keys)
        done = erase_messages(
            office,
            consultation,
            (*keys, *quoted.orders),
            by=first,
            second=second,
            reason=reason,
            derived=lambda: forget_derived(state_dir),
        )
        if released:
            for paper in printed:
                empty_released(paper, keys)
        tally = office.ledger.tally(consultation.id)
    left = [] if released else [str(path) for path in printed]
    if as_json:
        facts = {"erased": done, "released_papers": left, "orders": quoted.orders, "quoted_in": quoted.others, "tally": tally}
        print_json(facts)
        return
    _tell_erased(done, quoted, left, tally)


def _tell_asked(keys: Sequence[str], number: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"waiting_for": "a second officer", "messages": keys})
    else:
        tell(f"asked for: {len(keys)} message(s). Another officer has to agree: intake --by NAME erase {number} ...")


def _tell_erased(done: Erased, quoted: Quoted, left: list[str], tally: Tally) -> None:
    """What went, and every place where something of it still stands."""
    tell(f"erased: {len(done.messages)} message(s), the words of {done.letters} letter(s) and of {done.rulings} decision(s)")
    tell(f"  {tally_line(tally)}")
    if quoted.orders:
        tell(f"  with it {len(quoted.orders)} officers' mail(s) or sheet(s) that quoted it; what they decided of others stands")
    for key in (key[:16] for key in quoted.others):
        tell(f"  STILL QUOTED in {key}: look (intake held show {key}) and decide: intake erase {key} --message-only --reason ...")
    for place in left:
        tell(f"  STILL PRINTED in {place}: release again, withdraw the old one; --released empties our copy")
    tell("  the mailbox keeps its own copy: delete it there; backups forget with their expiry, and a restore erases again")

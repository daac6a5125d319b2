"""Verbs that only look: status, responses, show, held list, letters list, check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from intake.asof import looked_at
from intake.casework.notes import CORRECTS
from intake.cli.campaigns import campaign_facts, campaign_lines
from intake.cli.common import AsOfOption, JsonOption, context_of, instant_from, print_json, settings_of, tally_line, tell
from intake.doors.press import TypstPress, scripts_without_font
from intake.doors.share import InstalledShare
from intake.errors import BadData, Unreachable
from intake.model.record import Record, Response
from intake.model.round import Round
from intake.pipeline import Office, cases_of
from intake.pipeline.covered import covered, covered_campaigns
from intake.pipeline.find import find_response, one_round
from intake.pipeline.proofs import Change, proposals
from intake.pipeline.silence import silence_while_there_is_time
from intake.servers import look_at_servers
from intake.settings import Settings, effective, load_settings
from intake.wiring import load_templates, load_words, open_configured

RoundOption = Annotated[str | None, typer.Option("--round", help="Id of the round; needed when several are configured.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    for verb in (check, status, responses, show):
        app.command()(verb)


def check(context: typer.Context, as_json: JsonOption = False) -> None:
    """Configuration, templates, clock, log-in and rights: read-only; every fault in one list."""
    settings = load_settings(context_of(context).config)
    share = InstalledShare(settings.service.templates_dir)
    load_words(share)
    load_templates(share)
    found = look_at_servers(settings)
    faults = [*found.refused, *found.unreachable]
    warnings = [
        *found.warnings,
        *(f"no font for {script}: documents give its letters by their codes" for script in scripts_without_font(TypstPress())),
    ]
    if as_json:
        print_json({"effective": effective(settings), "faults": faults, "seen": found.seen, "warnings": warnings})
    else:
        print_json(effective(settings))
        for line in found.seen:
            tell(f"ok: {line}")
        for warning in warnings:
            tell(f"WARNING: {warning}")
        for fault in faults:
            tell(f"FAULT: {fault}")
    found.raise_faults()


def status(
    context: typer.Context,
    as_json: JsonOption = False,
    health: Annotated[bool, typer.Option("--health", help="Exit 69 when a folder was not polled for 15 minutes.")] = False,
    as_of: AsOfOption = None,
) -> None:
    """Where every round stands: the sums, the letters, the folders."""
    settings = settings_of(context)
    with open_configured(settings) as present:
        instant = then(present, as_of)
        with looked_at(present, instant) as office:
            facts = [round_status(office, settings, item, instant) for item in office.rounds]
    stale = [line for fact in facts for line in fact["stale_folders"]]
    if as_json:
        print_json(facts)
    else:
        for fact in facts:
            _show_status(fact)
    if health and stale:
        raise Unreachable("; ".join(stale))


def then(office: Office, as_of: str | None, round_id: str | None = None) -> datetime | None:
    """The instant of --as-of, in the zone of the round that is meant, else of the first one."""
    if as_of is None:
        return None
    consultation = one_round(office, round_id) if round_id or len(office.rounds) == 1 else office.rounds[0]
    return instant_from(as_of, consultation.time_zone, office.now())


def _silent(office: Office, consultation: Round, record: Record | None) -> int | None:
    """How many respondents of the last round have not been heard from; None when there is no time left or nothing to compare with."""
    found = silence_while_there_is_time(office, consultation, record) if record is not None else None
    return None if found is None else len(found.respondents)


def round_status(office: Office, settings: Settings, consultation: Round, as_of: datetime | None = None) -> dict[str, Any]:
    """The facts of one round: counts, tally, letters, folders. When a folder was looked at is not kept for the past."""
    record = office.ledger.load_record(consultation.id)
    folders, stale = [], []
    for box in settings.mailboxes:
        for item in box.folders:
            if item.round != consultation.id or as_of is not None:
                continue
            known = office.ledger.folder(box.name, item.name)
            folders.append({"account": box.name, "folder": item.name, "polled_at": known.polled_at if known else None})
            if known is None or (office.now() - known.polled_at).total_seconds() > max(900.0, 5 * settings.poll.every_s):
                stale.append(f"{box.name}/{item.name} last polled {known.polled_at if known else 'never'}")
    return {
        "round": consultation.id,
        "as_of": as_of,
        "topic": consultation.topic,
        "deadline": consultation.dates.response_deadline,
        "counts": record.counts if record else None,
        "campaigns": [campaign_facts(item) for item in covered_campaigns(office, consultation, record.campaigns)]
        if record
        else [],
        "tally": office.ledger.tally(consultation.id),
        "letters": {state.value: number for state, number in office.ledger.letter_counts(consultation.id).items()},
        "corrections": _corrections(office, consultation),
        "folders": folders,
        "silent": _silent(office, consultation, record),
        "stale_folders": stale,
        "journal_head": office.ledger.journal_head(),
    }


def _show_status(fact: dict[str, Any]) -> None:
    then = f" (as of {fact['as_of']:%Y-%m-%d %H:%M:%S} UTC)" if fact["as_of"] else ""
    tell(f"{fact['round']}: {fact['topic']}{then}")
    tally, counts = fact["tally"], fact["counts"]
    tell(f"  {tally_line(tally)}")
    if counts is not None:
        table = " + ".join(f"{name} {number}" for name, number in counts.by_disposition.items())
        tell(f"  archived {counts.messages} = {table}")
        table = " + ".join(f"{name} {number}" for name, number in counts.by_status.items())
        tell(f"  responses {counts.responses} = {table}")
    for item in fact["campaigns"]:
        own = len({entry["message"] for entry in item["personal"]})
        rule = f"similarity {item['similarity']:g} or more, from {item['minimum']} persons on"
        tell(f"  campaign  {item['id']}: {item['copies']} mails, {own} with words of their own ({rule})")
    tell("  letters   " + (", ".join(f"{name} {number}" for name, number in fact["letters"].items()) or "none"))
    for line in fact["corrections"]:
        tell(f"  CORRECTION {line['response']} ({line['message'][:12]}): {_told(line['changes'])}")
    if fact["silent"]:
        tell(f"  silence   {fact['silent']} respondents of the last round not heard from: intake silence")
    for line in fact["stale_folders"]:
        tell(f"  WARNING   {line}")


def _corrections(office: Office, consultation: Round, response: str = "") -> list[dict[str, Any]]:
    """Corrections of proofs that wait, of a round or of one response, each with its difference by field."""
    record = office.ledger.load_record(consultation.id)
    if record is None or all(item.why != CORRECTS for item in record.filed):
        return []  # the mail need not be looked at
    return [
        {
            "response": one.response.id,
            "message": one.correction.message,
            "authenticated": one.correction.trusted,
            "changes": one.changes,
        }
        for one in proposals(office, consultation, record, cases_of(office, consultation))
        if response in ("", one.response.id)
    ]


def _told(changes: Sequence[Change]) -> str:
    return "; ".join(f"{item.field}: {item.old or '-'} -> {item.new or f'? ({item.said})'}" for item in changes)


def responses(
    context: typer.Context, round_id: RoundOption = None, as_of: AsOfOption = None, as_json: JsonOption = False
) -> None:
    """Every response of a round, one a line."""
    settings = settings_of(context)
    with open_configured(settings) as present, looked_at(present, then(present, as_of, round_id)) as office:
        consultation = one_round(office, round_id)
        record = _record(office, consultation)
        numbers = office.ledger.numbers(consultation.id)
        if as_json:
            print_json(covered(office, consultation, record.responses))
            return
        for item in sorted(record.responses, key=lambda item: (item.received_at, item.id)):
            tell(_line(item, numbers.public.get(item.id), consultation))
        for campaign in covered_campaigns(office, consultation, record.campaigns):
            for line in campaign_lines(campaign):
                tell(line)


def _line(item: Response, number: int | None, consultation: Round) -> str:
    when = item.received_at.astimezone(ZoneInfo(consultation.time_zone))
    name = item.respondent.organization or item.respondent.person or "?"
    label = f"{number}" if number else item.id
    asked = ",".join(str(answer.question) for _, answer in item.answers) or ("general" if item.general else "-")
    return (
        f"{label:>14}  {item.status.value:<12} {when:%Y-%m-%d %H:%M}  {item.respondent.category.value:<20} "
        f"{item.respondent.country or '--'}  {item.language}  Q{asked}  {name}"
    )


def show(context: typer.Context, number: str, round_id: RoundOption = None, as_json: JsonOption = False) -> None:
    """All that is known of one response: NUMBER is its public number, its id, or a receipt number."""
    settings = settings_of(context)
    with open_configured(settings) as office:
        consultation, response = find_response(office, number, round_id)
        (response,) = covered(office, consultation, [response])
        record = _record(office, consultation)
        filed = [item for item in record.filed if item.response == response.id]
        facts: dict[str, Any] = {
            "response": response,
            "messages": filed,
            "public_number": office.ledger.numbers(consultation.id).public.get(response.id),
            "corrections": _corrections(office, consultation, response.id),
        }
        if as_json:
            print_json(facts)
            return
        tell(_line(response, office.ledger.numbers(consultation.id).public.get(response.id), consultation))
        for item in filed:
            tell(f"  {item.disposition.value:<14} {item.key[:16]}  {item.why}")
        for label, values in (("doubts", response.doubts), ("flags", response.flags), ("rulings", response.rulings)):
            if values:
                tell(f"  {label:<14} {'; '.join(values)}")
        for line in facts["corrections"]:
            who = "" if line["authenticated"] else ", sender not authenticated"
            tell(
                f"  correction     {line['message'][:16]}  {_told(line['changes'])} (proposed{who}; apply with decide ... confirm)"
            )
        for _, answer in response.answers:
            tell(f"  answer {answer.question}: {' '.join(answer.text.split())[:300]}")


def _record(office: Office, consultation: Round) -> Record:
    record = office.ledger.load_record(consultation.id)
    if record is None:
        raise BadData(f"round {consultation.id}: nothing has been received yet")
    return record

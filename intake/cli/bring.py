"""Verbs that bring in what came by no mailbox: files of mail, the export of a web form, paper, telephone and scans."""

from __future__ import annotations

import mailbox as mailboxes
import sys
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from msgspec.structs import replace

from intake.cli.common import JsonOption, context_of, print_json, progress, settings_of, tell
from intake.cli.look import RoundOption
from intake.errors import BadData, BadUsage
from intake.model.mail import ChannelKind
from intake.model.officer import Role
from intake.model.record import Counts
from intake.model.round import Round
from intake.pipeline import Office, Watched, judge_round, settle_orders, take_in
from intake.pipeline.find import one_round
from intake.pipeline.growing import advance
from intake.pipeline.slips import (
    Brought,
    Source,
    bad_rows,
    import_form,
    message_of,
    register_slip,
    tongues_of,
    weigh,
)
from intake.reading.limits import Limits
from intake.reading.sheets import rows_of_workbook
from intake.settings import Settings
from intake.slips.mapping import FormMapping, mapping_from
from intake.slips.rows import FormRows, is_address, slips_of
from intake.slips.slip import Slip, SlipFile, hashed, with_row
from intake.slips.table import rows_of_csv
from intake.wiring import open_configured

CAME = ("paper", "telephone", "scan", "fax", "hand")
_UNKNOWN = datetime.fromtimestamp(0, UTC)
_MOST_BYTES = 64 * 1024 * 1024


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command("import")(import_)
    app.command("register")(register_)


def _messages(paths: list[Path]) -> Iterator[tuple[bytes, datetime]]:
    """Messages of .eml files, mbox files and Maildir folders, with the time that stands for INTERNALDATE."""
    for path in paths:
        if path.is_dir() and (path / "cur").is_dir():
            for item in sorted([*(path / "cur").iterdir(), *(path / "new").iterdir()]):
                yield item.read_bytes(), datetime.fromtimestamp(item.stat().st_mtime, UTC)
        elif path.is_dir():
            yield from _messages(sorted(path.glob("*.eml")))
        elif path.is_file():
            raw = path.read_bytes()
            when = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            if raw.startswith(b"From "):
                box = mailboxes.mbox(path, create=False)
                yield from ((box.get_bytes(key), when) for key in box.iterkeys())
            else:
                yield raw, when
        else:
            raise BadUsage(f"{path}: no such file or folder")


def import_(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(help=".eml, mbox, Maildir, or a folder of .eml.")] = None,
    form: Annotated[Path | None, typer.Option("--form", help="The export of a web form: CSV or XLSX, with --mapping.")] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="TOML: which column is what (config/form.example.toml).")
    ] = None,
    files: Annotated[Path | None, typer.Option("--files", help="Folder with the files that were uploaded with the form.")] = None,
    show: Annotated[bool, typer.Option("--print", help="Say what a form's export would bring; store nothing.")] = False,
    remap: Annotated[bool, typer.Option("--remap", help="Known rows that another mapping reads otherwise are revised.")] = False,
    round_id: RoundOption = None,
    answer: Annotated[bool, typer.Option("--answer", help="Answer this as if it had come to the mailbox.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take in messages from files, the same way as from the mailbox; they are not answered unless asked for."""
    settings = settings_of(context, Role.EDITOR)
    if form is not None:
        if mapping is None or paths:
            raise BadUsage("--form FILE needs --mapping FILE, and no other paths")
        _import_form(
            settings,
            context_of(context).by,
            form,
            mapping,
            files,
            round_id,
            answer=answer,
            show=show,
            remap=remap,
            as_json=as_json,
        )
        return
    if not paths or mapping is not None or files is not None or show or remap:
        raise BadUsage("say which files: intake import PATH..., or intake import --form FILE --mapping FILE")
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        watched = Watched(account="import", folder="files", channel=ChannelKind.ADDRESS, round_id=consultation.id)
        messages = list(_messages(paths))
        count = take_in(office, watched, progress(messages, len(messages), "storing"), answerable=answer)
        settle_orders(office, consultation)
        record = judge_round(office, consultation)
        if as_json:
            print_json({"taken_in": count, "counts": record.counts})
            return
        tell(f"{count} messages taken in; the round has {record.counts.messages} messages, {record.counts.responses} responses")


def _import_form(
    settings: Settings,
    by: str,
    form: Path,
    mapping: Path,
    files: Path | None,
    round_id: str | None,
    *,
    answer: bool,
    show: bool,
    remap: bool,
    as_json: bool,
) -> None:
    """The rows of an export, all or none. The round is judged when the rows are no more in memory."""
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)

        def brought() -> tuple[Brought, FormRows]:
            octets, words = _octets(form), _text(mapping)
            told = mapping_from(words, str(mapping), [question.number for question in consultation.questions])
            found = slips_of(
                _rows(form, octets, told), told, tongues_of(office), office.now(), None if files is None else _uploads(files)
            )
            if found.faults:
                raise bad_rows(str(form), found.faults)
            if show:
                return weigh(office, consultation, found.slips), replace(found, slips=())
            source = Source(name=form.name, octets=octets, mapping=words)
            done = import_form(office, consultation, found.slips, source, by=by, answer=answer, remap=remap)
            return done, replace(found, slips=())

        done, found = brought()
        counts = None if show else _counts(office, consultation)
        _tell(done, found, counts, as_json=as_json)


def _counts(office: Office, consultation: Round) -> Counts | None:
    """The round's figures with what has just come."""
    advance(office, consultation)
    head = office.ledger.record_head(consultation.id)
    return head.counts if head is not None else None


def _tell(brought: Brought, found: FormRows, counts: Counts | None, *, as_json: bool) -> None:
    """`counts`: of the round now; None where nothing was to be stored."""
    sides = {"new": brought.new, "changed": brought.changed, "same": brought.same, "erased": brought.erased}
    sides |= {"blank": found.blank, "repeated": found.repeated}
    if as_json:
        print_json({**sides, "notices": found.notices, "keys": brought.keys, "counts": counts, "stored": counts is not None})
        return
    words = {
        "new": "new", "changed": "say something else than before: revisions", "same": "were there already",
        "erased": "were erased by decision and stay away", "blank": "say nothing and are not taken in",
        "repeated": "repeat an earlier row",
    }  # fmt: skip
    for name, lines in sides.items():
        if lines:
            named = ", ".join(map(str, lines[:20])) + (" ..." if len(lines) > 20 else "")
            tell(f"{len(lines)} rows {words[name]} (line {named})")
    for notice in found.notices:
        tell(f"note: {notice}")
    if counts is None:
        tell("nothing was stored")
    else:
        tell(f"the round has {counts.messages} messages, {counts.responses} responses")


def _octets(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadData(f"{path}: is larger than {_MOST_BYTES} octets")
        return path.read_bytes()
    except OSError as error:
        raise BadUsage(f"{path}: {error.strerror}") from error


def _text(path: Path) -> str:
    try:
        return _octets(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadData(f"{path}: is not UTF-8 (octet {error.start})") from error


def _rows(form: Path, octets: bytes, mapping: FormMapping) -> list[tuple[int, list[str]]]:
    """By what the file is, not by its name."""
    try:
        if octets.startswith(b"PK"):
            return rows_of_workbook(octets, Limits(), mapping.sheet)
        return rows_of_csv(octets, mapping.encoding, mapping.delimiter, [column for _key, column in mapping.columns])
    except BadData as error:
        raise BadData(f"{form}: {error}") from error


def _uploads(folder: Path) -> dict[str, SlipFile]:
    """The files of a folder by name, composed (NFC)."""
    if not folder.is_dir():
        raise BadUsage(f"{folder}: is no folder")
    return {unicodedata.normalize("NFC", path.name): _file(path) for path in sorted(folder.iterdir()) if path.is_file()}


def _file(path: Path) -> SlipFile:
    return SlipFile(name=path.name, media_type="application/octet-stream", octets=_octets(path))


def register_(
    context: typer.Context,
    came: Annotated[str, typer.Option("--came", help="How it came: paper, telephone, scan, fax, hand.")],
    reference: Annotated[
        str, typer.Option("--reference", help="The number that you gave it: the same number is the same letter.")
    ],
    received: Annotated[
        datetime | None, typer.Option("--received", formats=["%Y-%m-%d"], help="The day in the round's zone; today by default.")
    ] = None,
    at: Annotated[datetime | None, typer.Option("--at", formats=["%H:%M"], help="Time of that day, where it is known.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why a day in the past is right: a stamp, an entry book.")] = "",
    person: Annotated[str, typer.Option("--person", help="Who signed it.")] = "",
    title: Annotated[str, typer.Option("--title", help="The signatory's function.")] = "",
    organization: Annotated[str, typer.Option("--organization", help="For whom it speaks.")] = "",
    category: Annotated[str, typer.Option("--category", help="government, private_sector, civil_society, ...")] = "",
    country: Annotated[str, typer.Option("--country", help="ISO 3166-1 code or name.")] = "",
    language: Annotated[str, typer.Option("--language", help="ISO 639-1 code; told from the text by default.")] = "",
    email: Annotated[str, typer.Option("--email", help="Where letters may go; without one there are none.")] = "",
    text: Annotated[
        Path | None, typer.Option("--text", help="A text file with the words, or - for standard input.", allow_dash=True)
    ] = None,
    file: Annotated[list[Path] | None, typer.Option("--file", help="A scan or other file; may be repeated.")] = None,
    to: Annotated[str, typer.Option("--to", help="The response that it belongs to, where you know it.")] = "",
    correct: Annotated[
        bool, typer.Option("--correct", help="The same reference again: a corrected entry, as a new version.")
    ] = False,
    round_id: RoundOption = None,
    as_json: JsonOption = False,
) -> None:
    """Register a response that came on paper, by telephone or as a scan: the act of a named officer."""
    settings, by = settings_of(context, Role.EDITOR), context_of(context).by
    slip = Slip(
        kind="register", source=came, id="", row="", at=_UNKNOWN, person=person.strip(), title=title.strip(),
        organization=organization.strip(), category=category.strip(), country=country.strip(), language=language.strip(), email=email.strip(),
        vouched=True, text=_said(text), files=tuple(_file(path) for path in file or ()), reference=reference.strip(), by=by,
    )  # fmt: skip
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        faults: list[str] = []
        when = _moment(consultation, received, at, reason, office.now(), faults)
        slip = _checked(office, consultation, slip, when, to, faults)
        brought = register_slip(office, consultation, slip, by=by, reason=reason, correct=correct)
        _tell_registered(office, consultation, brought, slip, as_json=as_json)


def _said(path: Path | None) -> str:
    """The words of a file or of standard input; none."""
    return "" if path is None else (sys.stdin.read() if str(path) == "-" else _text(path)).strip()


def _checked(office: Office, consultation: Round, slip: Slip, when: datetime, to: str, faults: list[str]) -> Slip:
    """The slip with our words for the officer's. Raises BadUsage with every fault."""
    tongues = tongues_of(office)
    ours: dict[str, str] = {}
    for key, told in (("category", tongues.category), ("country", tongues.country), ("language", tongues.language)):
        value = str(getattr(slip, key))
        found = told(value) if value else ""
        ours[key] = found or ""
        if found is None:
            faults.append(f"--{key}: {value!r} is not known here")
    if slip.source not in CAME:
        faults.append(f"--came: {slip.source!r} is none of {', '.join(CAME)}")
    if not slip.reference:
        faults.append("--reference: is empty")
    if not (slip.person or slip.organization):
        faults.append("neither --person nor --organization says from whom it is")
    if slip.email and not is_address(slip.email):
        faults.append(f"--email: {slip.email!r} is no address")
    if not slip.text and not slip.files:
        faults.append("neither --text nor --file says what it says")
    if faults:
        raise BadUsage("; ".join(faults))
    belongs_to = message_of(office, consultation, to) if to else ""
    identity = hashed("register", consultation.id, slip.reference)[:32]
    return with_row(replace(slip, id=identity, at=when, belongs_to=belongs_to, **ours))


def _moment(
    consultation: Round, day: datetime | None, hour: datetime | None, reason: str, now: datetime, faults: list[str]
) -> datetime:
    """When it was received: a day in the round's zone, at noon where no time is known. Without a day: now."""
    zone = ZoneInfo(consultation.time_zone)
    today = now.astimezone(zone)
    if day is None and hour is None:
        return today.replace(microsecond=0)
    on = day.date() if day is not None else today.date()
    moment = datetime.combine(on, hour.time() if hour is not None else time(12, 0), zone)
    if hour is None and on == today.date():
        moment = today.replace(microsecond=0)
    if moment > today:
        faults.append(f"--received: {moment:%Y-%m-%d %H:%M} lies in the future")
    if on < today.date() and not reason.strip():
        faults.append("--received: a day in the past needs a --reason: a stamp, the entry book")
    return moment


def _tell_registered(office: Office, consultation: Round, brought: Brought, slip: Slip, *, as_json: bool) -> None:
    """Under which number it stands, and whether a letter goes."""
    key = brought.keys[0] if brought.keys else ""
    if not key:
        if as_json:
            print_json({"reference": slip.reference, "message": None, "same": True})
            return
        tell(f"{slip.reference} was registered before and says the same: nothing was done")
        return
    filed = office.ledger.filed_of(consultation.id, [key])[key]
    letter = office.ledger.letter(f"{consultation.id}:{key}")
    facts = {
        "reference": slip.reference,
        "message": key,
        "disposition": filed.disposition.value,
        "response": filed.response,
        "public_number": office.ledger.numbers(consultation.id).public.get(filed.response or ""),
        "letter": None if letter is None else letter.state.value,
    }
    if as_json:
        print_json(facts)
        return
    number = facts["public_number"] or filed.response
    tell(f"{slip.reference} is {key[:16]}: {filed.disposition.value} of response {number} ({filed.why})")
    tell("no letter: no address was given" if letter is None else f"letter to {letter.recipient}: {letter.state.value}")

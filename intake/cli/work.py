"""Verbs that do the work: run, poll, ingest, digest, compile, release."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from intake.apart import open_to_release
from intake.asof import looked_at
from intake.cli.common import AsOfOption, JsonOption, context_of, print_json, settings_of, tell, unisolated, wanted
from intake.cli.look import RoundOption, then
from intake.daemon import look_once, run_daemon
from intake.doors.press import TypstPress
from intake.doors.site import revision_folder, revision_store, write_papers
from intake.errors import BadData, BadUsage, TryAgain
from intake.model.edition import Audience, DigestRole
from intake.model.mail import ChannelKind
from intake.model.officer import Role
from intake.model.round import Round
from intake.pipeline import Watched, compile_round, digest_day, judge_round, send_due, settle_orders, take_in
from intake.pipeline.find import one_round
from intake.pipeline.matters import releases_waiting
from intake.pipeline.papers import PUBLIC_FOLDER
from intake.pipeline.releasing import Ended, carry_out_release, order_release
from intake.servers import ServerFaults
from intake.settings import Settings, load_settings
from intake.wiring import open_configured

PdfaOption = Annotated[bool, typer.Option("--pdfa", help="The PDF for the archive too: PDF/A-2a beside PDF/UA-1.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    for verb in (run, poll, ingest, digest, compile_, release_):
        app.command(verb.__name__.rstrip("_"))(verb)


def run(context: typer.Context) -> None:
    """The daemon: looks at the mailboxes, judges, sends, writes digests and drafts until it is told to stop."""
    config = context_of(context).config
    raise typer.Exit(run_daemon(load_settings(config), config))


def poll(context: typer.Context, as_json: JsonOption = False) -> None:
    """One cycle: every folder once, then judge and send what is due."""
    settings = load_settings(context_of(context).config)
    with open_configured(settings) as office:
        seen = look_once(office, settings)
        if as_json:
            print_json(seen)
            return
        for line in seen["folders"]:
            tell(
                f"{line['account']}/{line['folder']}: {line['stored']} stored"
                + (f", {line['problem']}" if line["problem"] else "")
            )
        tell("letters: " + (", ".join(f"{name} {number}" for name, number in seen["letters"].items()) or "none handed over"))
    found = ServerFaults()
    for line in seen["folders"]:
        if line["problem"]:
            table = {"refused": found.refused, "unreachable": found.unreachable}.get(line["fault"])
            if table is None:
                raise TryAgain(line["problem"])
            table.append(f"mailbox {line['account']}: folder {line['folder']}: {line['problem']}")
    found.raise_faults()


def ingest(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="'-': one message from standard input.")] = "-",
    round_id: RoundOption = None,
) -> None:
    """One message from standard input, as a mail server's pipe delivers it; exit 75 when it could not be stored."""
    if source != "-":
        raise BadUsage("ingest reads standard input: intake ingest -")
    settings = load_settings(context_of(context).config)
    raw = sys.stdin.buffer.read()
    if not raw.strip():
        raise BadData("standard input holds no message")
    try:
        with open_configured(settings) as office:
            consultation = one_round(office, round_id)
            watched = Watched(account="ingest", folder="pipe", channel=ChannelKind.ADDRESS, round_id=consultation.id)
            take_in(office, watched, [(raw, office.now())], answerable=True)
            settle_orders(office, consultation)
            judge_round(office, consultation)
    except OSError as error:
        raise TryAgain(f"could not be stored: {error}") from error


def digest(
    context: typer.Context,
    on: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day; today by default.")] = None,
    print_only: Annotated[bool, typer.Option("--print", help="Show it, send nothing.")] = False,
    role: Annotated[DigestRole, typer.Option(help="Whose letter is shown.")] = DigestRole.DESK,
    html: Annotated[Path | None, typer.Option(help="Write the letter's HTML to this file.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of the letter shown: ar zh en fr ru es.")] = None,
    round_id: RoundOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """The daily letter to the secretariat; with --as-of the one of that instant, shown only."""
    settings = settings_of(context)
    print_only = print_only or as_of is not None
    with open_configured(settings) as present, looked_at(present, then(present, as_of, round_id)) as office:
        for consultation in office.rounds if round_id is None else [one_round(office, round_id)]:
            day = on.date() if on else office.now().astimezone(ZoneInfo(consultation.time_zone)).date()
            made = digest_day(office, consultation, day, queue=not print_only, role=role, language=language or "")
            if html is not None:
                html.write_text(made.letter.html, "utf-8")
            if as_json:
                print_json(made.digest)
            elif print_only:
                tell(unisolated(made.letter.text))
            else:
                tell(f"{consultation.id}: digest of {day} queued for {len(made.queued)} recipient(s)")
        if not print_only:
            send_due(office)


def compile_(
    context: typer.Context,
    round_id: RoundOption = None,
    formats: Annotated[list[str] | None, typer.Option("--format", help="docx, pdf, html, md; all by default.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of the shell: ar zh en fr ru es.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; state_dir/drafts/ROUND by default.")] = None,
    pdfa: PdfaOption = False,
    audience: Annotated[Audience, typer.Option("--for", help="Whose edition: the group's, or the public's.")] = Audience.GROUP,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build the draft of the consolidated document, unnumbered and stamped DRAFT."""
    asked = wanted(formats) if formats else ()
    settings = settings_of(context)
    made = []
    with open_configured(settings) as present, looked_at(present, then(present, as_of, round_id)) as office:
        if pdfa:
            office.press = TypstPress(archive=True)
        for consultation in office.rounds if round_id is None else [one_round(office, round_id)]:
            papers = compile_round(office, consultation, language=language or office.language, formats=asked, audience=audience)
            draft = consultation.id if audience is Audience.GROUP else f"{consultation.id}-{audience}"
            draft += f"-as-of-{office.now():%Y%m%dT%H%M%SZ}" if as_of else ""
            folder = out or settings.service.state_dir / "drafts" / draft
            for path in write_papers(folder, papers.files):
                made.append({"round": consultation.id, "file": str(path)})
                if not as_json:
                    tell(str(path))
    if as_json:
        print_json(made)


def release_(
    context: typer.Context,
    round_id: RoundOption = None,
    language: Annotated[str | None, typer.Option(help="Language of the shell: ar zh en fr ru es.")] = None,
    pdfa: PdfaOption = False,
    reason: Annotated[str, typer.Option("--reason", help="Kept with the order, where you give one.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Freeze the compilation as the next Rev. n, with its change list: by a named officer, and a second where the house wants two."""
    settings = settings_of(context, Role.RELEASER)
    by = context_of(context).by
    with open_to_release(settings) as office:
        if pdfa:
            office.press = TypstPress(archive=True)
        consultation = one_round(office, round_id)
        ruling = order_release(office, consultation, by, reason, {})
        if ruling in releases_waiting(office, consultation):
            if as_json:
                print_json({"round": consultation.id, "ordered": ruling.id, "waiting_for": "a second officer"})
            else:
                tell(f"ordered ({ruling.id}); another officer has to confirm:")
                tell(f"  intake --by NAME decide {ruling.id} second --reason ...")
            return
        store = revision_store(settings.service.state_dir)
        ended = carry_out_release(office, consultation, ruling, store, language or "")
    tell_release(settings, consultation, ended, by, as_json=as_json)


def tell_release(settings: Settings, consultation: Round, ended: Ended, by: str, *, as_json: bool) -> None:
    """What became of an order to release. Raises BadData where nothing was released."""
    papers, letter = ended.papers, ended.letter
    if papers is None:
        raise BadData(f"{ended.why or 'not released: ' + ended.end}")
    number = papers.edition.revision or 0
    another = papers.public is not None
    folder = revision_folder(settings.service.state_dir, consultation.id, number)
    paths = [str(folder / name) for name in sorted(papers.files)]
    if as_json:
        facts = {"round": consultation.id, "revision": number, "by": by, "manifest_sha256": papers.edition.manifest_sha256}
        print_json(facts | {"files": paths, "public": another, "letter_to_group": letter.state if letter is not None else None})
        return
    tell(f"{consultation.id}: Rev. {number} released by {by}, manifest {papers.edition.manifest_sha256}")
    for path in paths:
        tell(f"  {path}")
    tell(f"for the public page: {folder / PUBLIC_FOLDER if another else folder}")
    if letter is not None:
        tell(f"letter to {letter.recipient}: {letter.state.value}")

"""`intake demo`: a whole round on this machine, by SMTP in and IMAP out, with everything left to look at."""

from __future__ import annotations

import json
import shutil
import sys
import time
import webbrowser
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from intake.casework.rulings import rulings_from
from intake.cli.common import progress, tally_line, tell
from intake.cli.rehearse import read_arrivals
from intake.daemon import look_once
from intake.doors.clock import FixedClock
from intake.doors.playground import PASSWORD, USER, Playground
from intake.doors.share import InstalledShare
from intake.doors.site import revision_store, write_papers
from intake.errors import BadUsage
from intake.model.record import Record
from intake.model.round import Round
from intake.pipeline import Office, compile_round, digest_day, judge_round, release, send_due
from intake.pipeline.rehearsal import Incoming
from intake.settings import Settings, load_round, load_settings
from intake.wiring import open_configured

MARK = ".consultation-intake-demo"
_ADDRESSES = {"INBOX": "{address}", "LIST": "list-archive@{domain}", "JUNK": "junk@{domain}", "OFFICE": "office@{domain}"}


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("demo")(demo)


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder; a demo of before is replaced, anything else is refused.")] = Path(
        "demo"
    ),
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the compilation in a browser.")] = True,
) -> None:
    """A whole round on this machine: 30 messages in six languages, answered, counted and compiled."""
    begun = time.monotonic()
    _empty(out)
    sample = InstalledShare().path("config", "demo")
    mail = read_arrivals(sample)
    shutil.copy(sample / "round.toml", _made(out / "config" / "rounds") / "round.toml")
    addresses = _addresses(sample)
    with Playground({addresses[name]: name for name in addresses}, out / "letters-sent") as servers:
        config = _configure(out, sample, servers)
        settings = load_settings(config)
        tell(f"1  mail servers on loopback: SMTP port {servers.smtp_port}, IMAP port {servers.imap_port}")
        consultation = settings.rounds[0]
        opened = datetime.combine(consultation.dates.opened, clock_time(0, 0), ZoneInfo(consultation.time_zone))
        clock = FixedClock(opened)
        with open_configured(settings, clock) as office:
            # The office is at work from the opening day on: what stood in a mailbox before its first look is never answered.
            look_once(office, settings)
            for item in progress(mail, len(mail), "sending"):
                servers.deliver(item.raw, "sender@example.org", addresses[item.mailbox])
            tell(f"2  {len(mail)} sample messages handed in by SMTP")
            clock.set(max(item.internaldate for item in mail) + timedelta(minutes=1))
            _play(office, settings, clock, sample, mail, out)
    tell(f"\nDone in {time.monotonic() - begun:.0f} s. Ask it more:")
    tell(f"  .venv/bin/intake --config {config} responses      (or: status, held list, show 1, letters, timetable)")
    if browser and sys.stdout.isatty():
        webbrowser.open((out / "compilation.html").resolve().as_uri())


def _play(office: Office, settings: Settings, clock: FixedClock, sample: Path, mail: list[Incoming], out: Path) -> None:
    consultation = office.rounds[0]
    seen = look_once(office, settings)
    while send_due(office).states:
        pass
    stored = sum(line["stored"] for line in seen["folders"])
    sent = len(list((out / "letters-sent").glob("*.eml")))
    tell(f"3  {stored} messages polled by IMAP, stored octet for octet, read, sorted, judged")
    tell(f"   {sent} letters sent, kept in {out / 'letters-sent'}")
    record = _decide(office, consultation, clock, sample, mail)
    day = clock.now().date()
    made = digest_day(office, consultation, day, queue=True)
    send_due(office)
    write_papers(
        out / "digest",
        {"digest.eml": made.raw, "digest.txt": made.letter.text.encode(), "digest.html": made.letter.html.encode()},
    )
    tell(f"5  daily digest: {out / 'digest' / 'digest.txt'}")
    draft = compile_round(office, consultation, language=office.language)
    write_papers(out / "draft", draft.files)

    store = revision_store(settings.service.state_dir)
    papers = release(office, consultation, by="officer", language=office.language, store=store, number=0)
    for name, content in papers.files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    tell(f"6  consolidated document, Rev. 0: {out / 'compilation.pdf'}, {out / 'compilation.docx'}, .html, .md")
    _tell_sums(office, consultation, record)


def _decide(office: Office, consultation: Round, clock: FixedClock, sample: Path, mail: list[Incoming]) -> Record:
    """The officer's decisions of the sample round, each at its own simulated time."""
    lines = [json.loads(line) for line in (sample / "decisions.jsonl").read_text("utf-8").splitlines() if line.strip()]
    names: dict[str, list[str]] = {}
    for key, item in zip(office.vault.put([item.raw for item in mail]), mail, strict=True):
        names.setdefault(key, []).append(item.file)
    rulings = rulings_from(lines, names)
    for ruling in rulings:
        clock.set(max(clock.now(), ruling.at.astimezone(UTC)))
        office.ledger.add_ruling(office.vault.keep_ruling(consultation.id, ruling))
    office.vault.keep_journal(office.ledger.journal_entries(office.vault.journal_seq()))
    record = judge_round(office, consultation)
    tell(
        f"4  {len(rulings)} decisions of the officer recorded (late accepted, doubtful sender excluded, ...), each can be undone"
    )
    return record


def _tell_sums(office: Office, consultation: Round, record: Record) -> None:
    tally, counts = office.ledger.tally(consultation.id), record.counts
    tell("\nThe sums:")
    tell(f"  {tally_line(tally)}")
    tell(f"  archived {counts.messages} = " + " + ".join(f"{name} {number}" for name, number in counts.by_disposition.items()))
    tell(f"  responses {counts.responses} = " + " + ".join(f"{name} {number}" for name, number in counts.by_status.items()))
    tell(f"  counted {counts.counted} = " + " + ".join(f"{name} {number}" for name, number in counts.by_category.items()))


def _empty(out: Path) -> None:
    if out.exists() and any(out.iterdir()):
        if not (out / MARK).exists():
            raise BadUsage(f"{out} is not empty and no demo of before; give another folder with --out")
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).write_text("made by intake demo; replaced by the next\n", "utf-8")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _addresses(sample: Path) -> dict[str, str]:
    address = load_round(sample / "round.toml", strict=False).channels.address
    domain = address.rpartition("@")[2]
    return {name: shape.format(address=address, domain=domain) for name, shape in _ADDRESSES.items()}


def _configure(out: Path, sample: Path, servers: Playground) -> Path:
    consultation = load_round(sample / "round.toml", strict=False)
    password = out / "config" / "imap-password"
    password.write_text(PASSWORD + "\n", "utf-8")
    password.chmod(0o600)
    folders = "".join(
        f'[[mailboxes.folders]]\nname = "{name}"\nchannel = "{channel}"\nround = "{consultation.id}"\n'
        for name, channel in (("INBOX", "address"), ("LIST", "list"), ("JUNK", "junk"), ("OFFICE", "office"))
    )
    config = out / "config" / "intake.toml"
    config.write_text(
        f'[service]\nstate_dir = "../state"\nrounds_dir = "rounds"\nname = "Consultation secretariat (demonstration)"\n'
        f'address = "{consultation.channels.address}"\nofficers = ["officer", "desk"]\n\n'
        f'[letters]\nmode = "send"\n\n[[mailboxes]]\nname = "demo"\nhost = "127.0.0.1"\nport = {servers.imap_port}\n'
        f'tls = "none"\nusername = "{USER}"\npassword_file = "imap-password"\n{folders}\n'
        f'[smtp]\nhost = "127.0.0.1"\nport = {servers.smtp_port}\ntls = "none"\n\n'
        f'[digest]\nto = ["secretariat@{consultation.channels.address.rpartition("@")[2]}"]\n',
        "utf-8",
    )
    return config

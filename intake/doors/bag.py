"""A bag for an archive (BagIt 1.0, RFC 8493): originals, record, events, and an index that reads without this program.

bagit.txt bag-info.txt manifest-sha256.txt manifest-sha512.txt tagmanifest-sha256.txt tagmanifest-sha512.txt
data/messages/<sha256>.eml       every original, octet for octet
data/index.html, data/index.csv  what each message is, for people and for spreadsheets
data/events.xml                  what happened, as PREMIS 3 events
data/record.json                 the record, the numbers, the round
data/sources/<sha256>            exports of web forms as they were handed over (facts/imports.jsonl says which rows came of them)
data/facts/*.jsonl               receipts, imports, decisions, tombstones, journal: the record can be made again from them
data/released/rev-<n>/           the compilations as they were released
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from lxml import etree

from intake.doors.durable import Disk
from intake.doors.export import cell
from intake.doors.site import put_folder
from intake.errors import BadData
from intake.model.ledger import JournalEntry, Tombstone
from intake.model.record import Filed, Record
from intake.model.round import Round
from intake.ports import Ledger, Receipt, Vault

_SHORT: Any = {None: "http://www.loc.gov/premis/v3"}
HASHES = ("sha256", "sha512")
PREMIS = "http://www.loc.gov/premis/v3"
_EVENTS = {
    "filed": "classification",
    "ruling": "decision",
    "revision": "publication",
    "letter": "notification",
    "erased": "deletion",
    "vanished": "loss before ingestion",
    "rebuilt": "recovery",
    "numbers": "identifier assignment",
    "job": "report",
    "imported": "ingestion",
}
"""Journal entry -> event type, in the terms of the Library of Congress' event vocabulary where it has one."""


def write_bag(
    out: Path, vault: Vault, ledger: Ledger, consultation: Round, *, at: datetime, index: bytes, released: Path, organization: str
) -> int:
    """Write the bag to `out`, which does not exist; whole or not at all. Gives the number of originals.

    Every original is checked against its hash on the way: BadData when one is damaged or missing. `index` is index.html.
    """
    record = ledger.load_record(consultation.id)
    if record is None:
        raise BadData(f"round {consultation.id}: nothing has been received yet")
    fresh = out.with_name(out.name + ".new")
    if fresh.exists():
        shutil.rmtree(fresh)
    data = fresh / "data"
    (data / "messages").mkdir(parents=True)
    keys = [receipt.sha256 for receipt in ledger.arrivals(consultation.id)]
    for key in keys:
        (data / "messages" / f"{key}.eml").write_bytes(vault.get(key))
    (data / "index.html").write_bytes(index)
    (data / "index.csv").write_bytes(index_csv(consultation, ledger, record))
    (data / "record.json").write_bytes(_record_json(consultation, ledger, record))
    _facts(data / "facts", vault, ledger, consultation)
    (data / "events.xml").write_bytes(events_xml(ledger, consultation, keys, at))
    if released.is_dir():
        shutil.copytree(released, data / "released")
    _tags(fresh, consultation, at, organization)
    disk = Disk()
    for path in fresh.rglob("*"):
        if path.is_file():
            disk.sync_file(path)
    put_folder(fresh, out, disk)
    return len(keys)


def index_csv(consultation: Round, ledger: Ledger, record: Record) -> bytes:
    """A line a message: file, when it came, what it is, whose response under which number."""
    public = ledger.numbers(consultation.id).public
    responses = {item.id: item for item in record.responses}
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow(["file", "received", "disposition", "why", "response", "number", "status", "organization", "person"])
    came = {receipt.sha256: receipt for receipt in ledger.arrivals(consultation.id)}
    for item in record.filed:
        response = responses.get(item.response or "")
        who = response.respondent if response is not None else None
        row = [
            f"messages/{item.key}.eml", came[item.key].internaldate.isoformat(), item.disposition.value, item.why, item.response,
            public.get(item.response or ""), response.status.value if response else "", who.organization if who else "",
            who.person if who else "",
        ]  # fmt: skip
        writer.writerow([cell(value) for value in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def index_rows(record: Record, ledger: Ledger) -> Iterator[dict[str, Any]]:
    """The same lines for the page."""
    public = ledger.numbers(record.round_id).public
    responses = {item.id: item for item in record.responses}
    came = {receipt.sha256: receipt for receipt in ledger.arrivals(record.round_id)}
    for item in record.filed:
        yield {"file": f"messages/{item.key}.eml", "at": came[item.key].internaldate, **_row(item, responses, public)}


def _row(item: Filed, responses: Mapping[str, Any], public: Mapping[str, int]) -> dict[str, Any]:
    response = responses.get(item.response or "")
    who = response.respondent if response is not None else None
    name = (who.organization or who.person or "") if who is not None else ""
    number = public.get(item.response or "")
    return {
        "disposition": item.disposition.value,
        "number": number,
        "name": name,
        "language": response.language if response else "",
    }


def _record_json(consultation: Round, ledger: Ledger, record: Record) -> bytes:
    document = {
        "round": consultation,
        "record": record,
        "numbers": ledger.numbers(consultation.id),
        "tally": ledger.tally(consultation.id),
        "journal_head": ledger.journal_head(),
    }
    return msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=1) + b"\n"


def _facts(folder: Path, vault: Vault, ledger: Ledger, consultation: Round) -> None:
    """What a new vault needs: the deliveries and decisions of this round; the whole journal, for its chain is one."""
    folder.mkdir()
    stones: dict[str, Tombstone] = {stone.key: stone for stone in vault.tombstones()}
    receipts: list[Receipt] = [item for item in vault.receipts() if item.round_id == consultation.id]
    mine = {receipt.sha256 for receipt in receipts}
    imports = [brought for brought in vault.imports() if brought.round_id == consultation.id]
    facts: dict[str, Iterable[object]] = {
        "receipts.jsonl": receipts,
        "imports.jsonl": imports,
        "rulings.jsonl": [kept for kept in vault.rulings() if kept.round_id == consultation.id],
        "tombstones.jsonl": [stone for key, stone in stones.items() if key in mine],
        "journal.jsonl": ledger.journal_entries(),
    }
    for name in sorted({brought.source_sha256 for brought in imports} - {""}):
        if (raw := vault.source(name)) is not None:
            (folder.parent / "sources").mkdir(exist_ok=True)
            (folder.parent / "sources" / name).write_bytes(raw)
    for name, items in facts.items():
        (folder / name).write_bytes(b"".join(msgspec.json.encode(item) + b"\n" for item in items))


def events_xml(ledger: Ledger, consultation: Round, keys: Iterable[str], at: datetime) -> bytes:
    """PREMIS events: ingestion of each delivery, what the journal tells of this round, a fixity check of each original now."""
    root = etree.Element(f"{{{PREMIS}}}premis", nsmap=_SHORT, version="3.0")
    for receipt in ledger.deliveries(consultation.id):
        what = f"{receipt.channel}, {receipt.size_bytes} octets, INTERNALDATE {receipt.internaldate.isoformat()}"
        _event(root, f"delivery-{receipt.sequence}", "ingestion", receipt.stored_at, "success", what, [receipt.sha256])
    for entry in ledger.journal_entries():
        if entry.payload.get("round") in (consultation.id, None):
            _event(
                root, f"journal-{entry.seq}", _EVENTS.get(entry.kind, entry.kind), entry.at, entry.kind, entry.head, _about(entry)
            )
    for key in keys:
        _event(root, f"fixity-{key}", "fixity check", at, "success", "SHA-256 recomputed", [key])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _about(entry: JournalEntry) -> list[str]:
    found = entry.payload.get("key") or entry.payload.get("message")
    return [str(found)] if found else []


def _event(parent: Any, name: str, kind: str, at: datetime, outcome: str, detail: str, about: list[str]) -> None:
    def add(to: Any, tag: str, text: str | None = None) -> Any:
        child = etree.SubElement(to, f"{{{PREMIS}}}{tag}")
        child.text = text
        return child

    event = add(parent, "event")
    identifier = add(event, "eventIdentifier")
    add(identifier, "eventIdentifierType", "local")
    add(identifier, "eventIdentifierValue", name)
    add(event, "eventType", kind)
    add(event, "eventDateTime", at.isoformat())
    add(add(event, "eventDetailInformation"), "eventDetail", detail)
    add(add(event, "eventOutcomeInformation"), "eventOutcome", outcome)
    agent = add(event, "linkingAgentIdentifier")
    add(agent, "linkingAgentIdentifierType", "software")
    add(agent, "linkingAgentIdentifierValue", "consultation-intake")
    for key in about:
        thing = add(event, "linkingObjectIdentifier")
        add(thing, "linkingObjectIdentifierType", "SHA-256")
        add(thing, "linkingObjectIdentifierValue", key)


def _tags(bag: Path, consultation: Round, at: datetime, organization: str) -> None:
    """Tag files, manifests of the payload, manifests of the tag files."""
    files = sorted(path for path in (bag / "data").rglob("*") if path.is_file())
    octets = sum(path.stat().st_size for path in files)
    info = {
        "Source-Organization": organization,
        "External-Identifier": consultation.id,
        "External-Description": f"Responses to a public consultation: {consultation.topic}",
        "Bagging-Date": at.date().isoformat(),
        "Bag-Software-Agent": "consultation-intake",
        "Payload-Oxum": f"{octets}.{len(files)}",
    }
    (bag / "bagit.txt").write_bytes(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (bag / "bag-info.txt").write_text("".join(f"{key}: {' '.join(value.split())}\n" for key, value in info.items()), "utf-8")
    for name in HASHES:
        _manifest(bag / f"manifest-{name}.txt", bag, files, name)
    tags = [bag / "bagit.txt", bag / "bag-info.txt", *(bag / f"manifest-{name}.txt" for name in HASHES)]
    for name in HASHES:
        _manifest(bag / f"tagmanifest-{name}.txt", bag, tags, name)


def _manifest(path: Path, bag: Path, files: Iterable[Path], name: str) -> None:
    path.write_text("".join(f"{_hash(item, name)}  {item.relative_to(bag).as_posix()}\n" for item in files), "utf-8")


def _hash(path: Path, name: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, name).hexdigest()


def check_bag(bag: Path) -> None:
    """Raises BadData with the first thing that does not hold: a file missing, added, changed."""
    if not (bag / "bagit.txt").is_file():
        raise BadData(f"{bag} is no bag: it has no bagit.txt")
    for kind in ("tagmanifest", "manifest"):
        for name in HASHES:
            lines = (bag / f"{kind}-{name}.txt").read_text("utf-8").splitlines()
            listed = {inner: expected for expected, _, inner in (line.partition("  ") for line in lines)}
            for inner, expected in listed.items():
                path = bag / inner
                if os.path.isabs(inner) or ".." in Path(inner).parts or not path.is_file():
                    raise BadData(f"{bag}: {inner} is missing")
                if _hash(path, name) != expected:
                    raise BadData(f"{bag}: {inner} was changed ({name})")
            if kind == "manifest":
                there = {path.relative_to(bag).as_posix() for path in (bag / "data").rglob("*") if path.is_file()}
                if more := there - set(listed):
                    raise BadData(f"{bag}: {min(more)} is in no manifest")

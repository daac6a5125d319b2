"""An empty ledger gets back what only the journal knows: numbers once given, revisions, periods done, messages that vanished."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from intake.doors.ledger.book import Book, chunks
from intake.doors.ledger.caches import pack
from intake.doors.ledger.deliveries import place_id
from intake.doors.ledger.journal import verify_chain
from intake.doors.ledger.tables import METADATA
from intake.model.ledger import JournalEntry
from intake.ports_keeping import Known

Rows = dict[str, list[dict[str, object]]]


class RestoreBook(Book):
    """See ports.Restoring."""

    def adopt(self, entries: Iterable[JournalEntry], known: Known) -> None:
        """See ports.Restoring."""
        every = list(entries)
        verify_chain(iter(every))
        rows: Rows = {name: [] for name in ("journal", "number", "revision", "job", "delivery", "ruling", "erasure", "letter")}
        named: dict[str, set[str]] = {"ruling": set(), "erased": set()}
        for entry in every:
            payload = msgspec.json.encode(entry.payload, order="deterministic").decode()
            link = {
                "seq": entry.seq,
                "at": entry.at,
                "kind": entry.kind,
                "payload": payload,
                "prev": entry.prev,
                "head": entry.head,
            }
            rows["journal"].append(link)
            if entry.kind in _TAKEN:
                _TAKEN[entry.kind](entry, rows, known)
            if entry.kind in named:
                named[entry.kind].add(str(entry.payload.get("ruling") or entry.payload.get("message")))
        _kept(rows, known, named)
        with self._store.writing() as connection:
            for table, found in rows.items():
                _insert(connection, table, found)


def _insert(connection: Connection, table: str, rows: list[dict[str, object]]) -> None:
    for some in chunks(rows):
        connection.execute(insert(METADATA.tables[table]).on_conflict_do_nothing(), list(some))


def _numbers(entry: JournalEntry, rows: Rows, _known: Known) -> None:
    given: Any = entry.payload.get("given")
    for line in given or ():
        kind, owner, number = line.split(" ")
        rows["number"].append({"round_id": entry.payload["round"], "kind": kind, "owner": owner, "number": number})


def _revision(entry: JournalEntry, rows: Rows, known: Known) -> None:
    round_id, number = str(entry.payload["round"]), int(str(entry.payload["revision"]))
    rows["revision"].append(
        {
            "round_id": round_id,
            "number": number,
            "released_at": entry.at,
            "released_by": known.released_by.get((round_id, number), ""),
            "manifest_sha256": entry.payload["manifest"],
        }
    )


def _job(entry: JournalEntry, rows: Rows, _known: Known) -> None:
    rows["job"].append(
        {"job": entry.payload["job"], "period": entry.payload["period"], "claimed_at": entry.at, "done_at": entry.at}
    )


def _vanished(entry: JournalEntry, rows: Rows, known: Known) -> None:
    names = {place_id(*pair): pair for pair in known.folders}
    account, folder = names.get(str(entry.payload["place"]), (f"place {entry.payload['place']}", ""))
    rows["delivery"].append(
        {
            "account": account, "folder": folder, "uidvalidity": entry.payload["uidvalidity"], "uid": entry.payload["uid"],
            "sha256": None, "size_bytes": 0, "round_id": entry.payload["round"], "channel": entry.payload["channel"],
            "internaldate": entry.at, "stored_at": entry.at, "answerable": False, "sequence": 0,
        }
    )  # fmt: skip


_TAKEN: Mapping[str, Callable[[JournalEntry, Rows, Known], None]] = {
    "numbers": _numbers,
    "revision": _revision,
    "job": _job,
    "vanished": _vanished,
}


def _kept(rows: Rows, known: Known, named: Mapping[str, set[str]]) -> None:
    """Rulings and tombstones that the journal has; those that it lacks are added by the start that follows, with their entry."""
    for kept in known.rulings:
        ruling = kept.ruling
        if ruling.id in named["ruling"]:
            row = {
                "round_id": kept.round_id,
                "id": ruling.id,
                "at": ruling.at,
                "commitment": kept.commitment,
                "body": pack(ruling),
            }
            rows["ruling"].append(row)
    for stone in known.tombstones:
        if stone.key not in named["erased"]:
            continue
        rows["erasure"].append({"key": stone.key, "round_id": stone.round_id, "at": stone.at, "body": pack(stone)})
        for letter in stone.letters:
            rows["letter"].append(
                {
                    "id": letter.id, "round_id": stone.round_id, "message": "" if letter.kind == "digest" else stone.key,
                    "kind": letter.kind, "address": "", "recipient": "", "domain": "", "language": "", "state": letter.state,
                    "reason": "erased", "raw": b"", "message_id": letter.message_id, "tries": 0, "copies": letter.copies,
                    "next_at": stone.at, "last_reply": "", "created_at": stone.at, "changed_at": stone.at,
                }
            )  # fmt: skip

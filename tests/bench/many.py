"""A state folder in which many messages were received, read and sorted before, made fast: sixty real ones, and clones of them that
differ in whatever identity is told by (key, address, house, Message-ID, signature of the text).

`python -m tests.bench.many FOLDER PLACES`: PLACES is a JSON list of [uidvalidity, uid, INTERNALDATE]; one delivery for each.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from intake.doors.direct_reader import DirectReader
from intake.doors.durable import Disk
from intake.doors.share import InstalledShare
from intake.doors.vault import FileVault
from intake.model.mail import Address, Arrival, ChannelKind, Reading
from intake.model.verdict import Verdict
from intake.pipeline.office import READING_VERSION, VERDICT_VERSION, Office
from intake.ports import Coordinates, Receipt
from intake.reading.trust import trust_of
from tests.bench.corpus import messages
from tests.bench.house import WATCHED, office
from tests.bench.servers import soon

_PATTERNS = 60
_CHUNK = 1_000
MANY = 20_000
"""From so many on only every fiftieth is a response and the others are automatic replies: no round has a hundred thousand responses."""


class Unsynced(Disk):
    """Of what is made only to be measured."""

    def _sync_handle(self, handle: int) -> None:
        """Nobody's promise here."""

    def sync_files(self, paths: Sequence[Path]) -> None:
        """Nor here."""

    def sync_folders(self, folders: Sequence[Path]) -> None:
        """Nor here."""


def fill(made: Office, folder: Path, places: Sequence[tuple[int, int, datetime]]) -> None:
    """Receipts, deliveries, readings and verdicts for messages at these places; none is ever answered."""
    patterns = _patterns(made)
    machines = [pattern for pattern in patterns if pattern[1].disposition.value == "auto_reply"] or patterns[:1]
    people = [pattern for pattern in patterns if pattern[1].disposition.value == "response"]
    vault = FileVault(folder / "state" / "vault", disk=Unsynced())
    chance = random.Random("many")
    for start in range(0, len(places), _CHUNK):
        readings, verdicts, receipts = [], [], []
        for number, place in enumerate(places[start : start + _CHUNK], start + 1):
            kind = machines if len(places) >= MANY and number % 50 else (people if len(places) >= MANY else patterns)
            reading, verdict = _clone(kind[number % len(kind)], number, chance)
            readings.append(reading)
            verdicts.append(verdict)
            receipts.append(_receipt(reading, number, *place))
        vault.put_receipts(receipts)
        made.ledger.record_deliveries(receipts)
        made.ledger.save_readings(readings, READING_VERSION)
        made.ledger.save_verdicts(WATCHED.round_id, verdicts, VERDICT_VERSION)


def _patterns(made: Office) -> list[tuple[Reading, Verdict]]:
    load = list(messages(_PATTERNS, soon(), small=True))
    reader = DirectReader(InstalledShare(None).text("config", "reading.toml"))
    found = []
    for (at, raw), reading in zip(load, reader.read(raw for _, raw in load), strict=True):
        trust = trust_of(reading, made.rounds[0].channels.trusted_hosts, at)
        arrival = Arrival(
            key=hashlib.sha256(raw).hexdigest(),
            sequence=1,
            channel=ChannelKind.ADDRESS,
            internaldate=at,
            reading=reading,
            trust=trust,
        )
        found.append((reading, made.sort(arrival, made.rounds[0])))
    return found


def _clone(pattern: tuple[Reading, Verdict], number: int, chance: random.Random) -> tuple[Reading, Verdict]:
    reading, verdict = pattern
    key = hashlib.sha256(f"clone {number}".encode()).hexdigest()
    house = f"clone{number}.example"
    address = f"person@{house}"
    signature = tuple(chance.getrandbits(32) for _ in verdict.minhash)
    return (
        replace(
            reading,
            sha256=key,
            message_id=f"<{number}@{house}>",
            content_hash=key,
            from_=(Address(address=address),),
            received=(),
        ),
        replace(
            verdict,
            key=key,
            author=address,
            letter_to=address if verdict.letter_to else None,
            minhash=signature,
            respondent=replace(verdict.respondent, organization=f"House {number}"),
            signals=replace(verdict.signals, house=house),
        ),
    )


def _receipt(reading: Reading, number: int, uidvalidity: int, uid: int, at: datetime) -> Receipt:
    return Receipt(
        sha256=reading.sha256,
        size_bytes=reading.size_bytes,
        at=Coordinates(account=WATCHED.account, folder=WATCHED.folder, uidvalidity=uidvalidity, uid=uid),
        internaldate=at,
        channel=WATCHED.channel.value,
        round_id=WATCHED.round_id,
        stored_at=at,
        answerable=False,
        sequence=number,
    )


def main() -> None:
    """See the module."""
    folder, places = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    with office(folder) as made:
        fill(made, folder, [(uidvalidity, uid, datetime.fromisoformat(at)) for uidvalidity, uid, at in places])
    sys.stdout.write(json.dumps({"filled": len(places)}) + "\n")


if __name__ == "__main__":
    main()

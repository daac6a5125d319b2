"""Stored messages to cases: read by the jailed children, sorted, and remembered without their words (casework.lean)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from intake.casework.drafts import Case
from intake.casework.lean import lean
from intake.errors import BadData
from intake.model.mail import Arrival, ChannelKind, Part, Reading, Scan, Trust
from intake.model.round import Round
from intake.model.verdict import Verdict
from intake.pipeline.examine import examined, reading_version, verdict_version
from intake.pipeline.office import Office
from intake.pipeline.recognise import our_letters
from intake.pipeline.shelf import Shelf
from intake.ports import Receipt
from intake.reading.partial import complete, join, joined
from intake.reading.trust import trust_of

CHUNK = 64
ASK_AGAIN = timedelta(minutes=5)
"""How long a scanner that said nothing is left alone."""


def read_waiting(office: Office, keys: Sequence[str]) -> dict[str, Reading]:
    """Readings of these messages: from the cache, else made by the children and kept."""
    version = reading_version(office)
    found = office.ledger.readings(keys, version)
    missing = [key for key in keys if key not in found]
    for start in range(0, len(missing), CHUNK):
        chunk = missing[start : start + CHUNK]
        damaged: dict[str, Reading] = {}
        made = list(office.reader.read(_whole(office, chunk, damaged)))
        looked = [examined(office, reading, partial(office.vault.get, reading.sha256)) for reading in made]
        office.ledger.save_readings([item.reading for item in looked if item.settled], version)
        found |= dict(zip([key for key in chunk if key not in damaged], (item.reading for item in looked), strict=True)) | damaged
    return found


def _whole(office: Office, keys: Sequence[str], damaged: dict[str, Reading]) -> Iterator[bytes]:
    """The bytes of these messages. One that the disk has spoilt is set aside, and not cached: it may be restored."""
    for key in keys:
        try:
            yield office.vault.get(key)
        except BadData as error:
            damaged[key] = Reading(sha256=key, size_bytes=0, held=str(error))


def cases_of(office: Office, consultation: Round) -> tuple[Case, ...]:
    """Every message of a round with its words, in order of arrival: a round of thousands is large in memory."""
    return tuple(shelf_of(office, consultation).wholes(lean_cases_of(office, consultation)))


def lean_cases_of(office: Office, consultation: Round) -> tuple[Case, ...]:
    """Every message of a round as casework takes it, without its words, in order of arrival."""
    office.refresh()
    remembered = office.cases.setdefault(consultation.id, {})
    _ask_again(office, remembered)
    new = _new_arrivals(office, consultation.id, remembered)
    for case in lean_cases(office, consultation, new):
        remembered[case.arrival.key] = case
    keys = sorted(remembered, key=lambda key: remembered[key].arrival.sequence)
    _join_pieces(office, consultation, keys, remembered)
    return tuple(remembered[key] for key in keys)


def lean_cases(office: Office, consultation: Round, receipts: Sequence[Receipt]) -> list[Case]:
    """These messages without their words, read and sorted where that has not been done; those that a scanner has not seen as they are."""
    shelf = shelf_of(office, consultation)
    found: list[Case] = []
    for start in range(0, len(receipts), CHUNK):
        for case in _read_and_sorted(office, consultation, receipts[start : start + CHUNK]):
            if unscanned(case.arrival.reading.parts):
                found.append(case)
            else:
                shelf.keep(case)
                found.append(lean(case, shelf))
        office.pulse()
    return found


def shelf_of(office: Office, consultation: Round) -> Shelf:
    """Where the words of a round's messages are."""
    return office.shelves.setdefault(consultation.id, Shelf(office, consultation, _with_words, verdict_version))


def _with_words(office: Office, consultation: Round, cases: Sequence[Case]) -> list[Case]:
    """The same messages from the caches, read and sorted again where those have nothing."""
    keys = [case.arrival.key for case in cases]
    readings = read_waiting(office, keys)
    verdicts = office.ledger.verdicts(consultation.id, keys, verdict_version(office))
    found = []
    for case in cases:
        arrival = replace(case.arrival, reading=readings[case.arrival.key])
        verdict = verdicts.get(case.arrival.key)
        if verdict is None:
            arrival, verdict = _sorted(office, arrival, consultation)
        found.append(replace(case, arrival=arrival, verdict=verdict, shelf=None))
    return found


def _read_and_sorted(office: Office, consultation: Round, chunk: Sequence[Receipt]) -> list[Case]:
    """Messages as they came to cases with their words; what had to be made is kept in the caches."""
    keys = [receipt.sha256 for receipt in chunk]
    readings = read_waiting(office, keys)
    verdicts = office.ledger.verdicts(consultation.id, keys, verdict_version(office))
    made: list[Verdict] = []
    cases = []
    for receipt in chunk:
        arrival = _arrival(office, readings[receipt.sha256], receipt, consultation)
        verdict = None if unscanned(arrival.reading.parts) else verdicts.get(receipt.sha256)
        if verdict is None:
            arrival, verdict = _sorted(office, arrival, consultation)
            made += [] if unscanned(arrival.reading.parts) else [verdict]
        cases.append(Case(arrival=arrival, verdict=verdict))
    if made:
        office.ledger.save_verdicts(consultation.id, made, verdict_version(office))
    return cases


def _new_arrivals(office: Office, round_id: str, remembered: dict[str, Case]) -> list[Receipt]:
    """Messages that came since the last look; all that differ, when those do not add up to what the ledger has."""
    last = max((case.arrival.sequence for case in remembered.values()), default=0)
    new = list(office.ledger.arrivals(round_id, last))
    if len(remembered.keys() | {receipt.sha256 for receipt in new}) == office.ledger.tally(round_id).archived:
        return new
    every = office.ledger.arrivals(round_id)
    for key in remembered.keys() - {receipt.sha256 for receipt in every}:
        del remembered[key]
    return [receipt for receipt in every if _stale(remembered.get(receipt.sha256), receipt)]


def _sorted(office: Office, arrival: Arrival, consultation: Round) -> tuple[Arrival, Verdict]:
    """What a message is. One that defeats our own rules is set aside with its bytes, and the next one goes on."""
    try:
        return arrival, office.sort(arrival, consultation)
    except Exception as error:
        reason = f"sorting failed: {type(error).__name__}"
        bare = Reading(sha256=arrival.key, size_bytes=arrival.reading.size_bytes, received=arrival.reading.received, held=reason)
        arrival = replace(arrival, reading=bare)
        return arrival, office.sort(arrival, consultation)


def _ask_again(office: Office, remembered: dict[str, Case]) -> None:
    """Every few minutes: files that the scanner could say nothing about, while others wait for its word."""
    if not time_to_ask(office):
        return
    waiting = [key for key, case in remembered.items() if unscanned(case.arrival.reading.parts)]
    if waiting:
        office.asked_again = office.now()
    for key in waiting:
        remembered.pop(key)


def time_to_ask(office: Office) -> bool:
    """Whether the scanner may be asked again about files of which it said nothing."""
    return office.scanner is not None and (office.asked_again is None or office.now() - office.asked_again >= ASK_AGAIN)


_ANY = "Question 1: A few words on the matter.\n\nKind regards,\nAna Berg\nHouse of Words\nOslo, Norway\n"


def warm_up(office: Office) -> None:
    """Have sorting's tables and rules laid out while nothing waits, by sorting a few words of nobody's: more than a second that the first
    mail after a start would wait for. Once a process."""
    if office.warm or not office.rounds:
        return
    office.warm = True
    now = office.now()
    reading = Reading(sha256="0" * 64, size_bytes=len(_ANY), text=_ANY)
    arrival = Arrival(
        key=reading.sha256,
        sequence=0,
        channel=ChannelKind.ADDRESS,
        internaldate=now,
        reading=reading,
        trust=trust_of(reading, (), now),
    )
    office.sort(arrival, office.rounds[0])


def unscanned(parts: Sequence[Part]) -> bool:
    """Whether a scanner's word on a file is still to come."""
    return any(part.scan is Scan.UNSCANNED or unscanned(part.children) for part in parts)


def _join_pieces(office: Office, consultation: Round, keys: Sequence[str], remembered: dict[str, Case]) -> None:
    """A message that was sent in pieces is read as one where all are there: under the first piece's key, each piece's bytes kept."""
    for pieces in complete(remembered[key].arrival.reading for key in keys if remembered[key].arrival.reading.partial):
        first = remembered[pieces[0]].arrival
        if any(defect.code == "joined" for defect in first.reading.defects):
            continue
        raw = join([office.vault.get(key) for key in pieces])
        if raw is None:
            continue
        whole = examined(office, next(iter(office.reader.read([raw]))), partial(bytes, raw)).reading
        reading = joined(first.reading, whole, len(pieces))
        inner = inner_trusts(reading, consultation.channels.trusted_hosts, first.internaldate)
        arrival = replace(first, reading=reading, inner_trust=next((trust for _, trust in inner), None), inner_trusts=inner)
        arrival, verdict = _sorted(office, arrival, consultation)
        remembered[pieces[0]] = Case(arrival=arrival, verdict=verdict)


def _stale(case: Case | None, receipt: Receipt) -> bool:
    return case is None or case.arrival.sequence != receipt.sequence


def _arrival(office: Office, reading: Reading, receipt: Receipt, consultation: Round) -> Arrival:
    """Believed are our own hosts, and in another office's mailbox those of that office."""
    hosts = (*consultation.channels.trusted_hosts, *office.hosts.get(receipt.at.account, ()))
    return Arrival(
        key=receipt.sha256,
        sequence=receipt.sequence,
        channel=ChannelKind(receipt.channel),
        internaldate=receipt.internaldate,
        reading=reading,
        trust=trust_of(reading, hosts, receipt.internaldate),
        inner_trust=next((trust for _, trust in inner_trusts(reading, hosts, receipt.internaldate)), None),
        inner_trusts=inner_trusts(reading, hosts, receipt.internaldate),
        ours=our_letters(reading, (office.letters.secret, *office.letters.former)),
        answerable=receipt.answerable,
    )


def inner_trusts(reading: Reading, hosts: Sequence[str], internaldate: datetime) -> tuple[tuple[str, Trust], ...]:
    """What our own hosts said of enclosed messages, where one of them had received it before; by part."""
    return tuple(
        (part.path, trust_of(part.message, hosts, internaldate))
        for part in reading.parts
        if part.message is not None and any(hop.by in hosts for hop in part.message.received)
    )

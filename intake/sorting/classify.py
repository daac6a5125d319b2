"""What one message looks like, alone: disposition with all reasons, who, on which question, what to withhold. A pure map."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rensa import RMinHash

from intake.model.mail import Address, Arrival, ChannelKind, Part, Reading
from intake.model.round import LANGUAGES, Round
from intake.model.text import SpanKind
from intake.model.verdict import Attachment, Disposition, Signals, Verdict
from intake.sorting.answers import map_answers
from intake.sorting.classifiers import CLASSIFIERS
from intake.sorting.classifiers.base import phrase, words
from intake.sorting.classifiers.endorsement import supported
from intake.sorting.classifiers.part import part_numbers
from intake.sorting.classifiers.response import announces
from intake.sorting.classifiers.revision import replaced
from intake.sorting.classifiers.supplement import added
from intake.sorting.doubts import doubts_of
from intake.sorting.flags import flags_of
from intake.sorting.folding import folded, words_of
from intake.sorting.tables import SortingTables
from intake.sorting.view import View, view_of
from intake.sorting.who import Author, WhoTables, identify
from intake.sorting.who_places import named_country
from intake.sorting.withheld import propose_withheld

_HEADER_ADDRESS = re.compile(
    r"^[^:：]{1,40}[:：]\s*\"?([^<>@\"\[]{0,120}?)\"?\s*[<\[(]?(?:mailto:)?([^\s<>\[\]()@]{1,80}@[\w.-]{3,120})"
)
PERMUTATIONS = 128
SHINGLE = 3
_MACHINES = (Disposition.AUTO_REPLY, Disposition.BOUNCE, Disposition.SPAM)


def classify(arrival: Arrival, round: Round, tables: SortingTables) -> Verdict:
    """The verdict on one message. Linear in its text; total."""
    mapping = map_answers(arrival, round, tables.answers)
    view = view_of(arrival, round, tables.phrases, mapping)
    findings = tuple(finding for classifier in CLASSIFIERS if (finding := classifier(view)) is not None)
    winner = max(findings, key=lambda finding: finding.confidence)
    disposition = Disposition(winner.finding)
    author = author_of(arrival, round)
    identity = identify(arrival, author, round, tables.who)
    withholding = propose_withheld(arrival, round, tables.withheld)
    doubts = doubts_of(view, identity.doubts, identity.respondent)
    doubtful = ("doubtful_sender",) if any(doubt.startswith("authentication") for doubt in doubts) else ()
    attachments = attachments_of(arrival.reading)
    language = mapping.language if mapping.language != "und" else arrival.reading.language
    signals = _signals(view, author, tables.who)
    return Verdict(
        key=arrival.key,
        disposition=disposition,
        confidence=winner.confidence,
        findings=findings,
        author=author.address.lower(),
        author_name=author.name,
        letter_to=None if disposition in _MACHINES else letter_to(arrival, round, author),
        letter_language=_letter_language(_spoken(arrival, author), language),
        language=language,
        respondent=identity.respondent,
        co_signatories=identity.co_signatories,
        co_countries=tuple(dict.fromkeys(filter(None, (named_country(name, tables.who) for name in identity.co_signatories)))),
        answers=mapping.answers,
        general=mapping.general,
        unmapped=mapping.unmapped,
        attachments=attachments,
        flags=flags_of(view, attachments, (*identity.flags, *mapping.flags, *withholding.flags, *doubtful)),
        doubts=doubts,
        withheld=withholding.withheld,
        abstract=identity.abstract,
        signals=signals,
        minhash=minhash(view),
    )


def _spoken(arrival: Arrival, author: Author) -> str:
    """The language of the message that is answered: the enclosed one's where a colleague forwards it."""
    inner = next((part.message for part in arrival.reading.parts if part.path == author.part and part.message is not None), None)
    return inner.language if inner is not None and inner.language != "und" else arrival.reading.language


def _letter_language(spoken: str, language: str) -> str:
    """The language of the message; English when it is none of the six."""
    for candidate in (spoken, language):
        if candidate in LANGUAGES:
            return candidate
        if candidate != "und":
            return "en"
    return "en"


def author_of(arrival: Arrival, round: Round) -> Author:
    """Who wrote the text: the inner author of a colleague's forward, else the sender."""
    reading = arrival.reading
    inner = forwarded_message(arrival)
    if inner is not None and inner.message is not None and inner.message.from_:
        first = inner.message.from_[0]
        return Author(address=first.address.lower(), name=first.name, part=inner.path)
    sender = _sender(reading, round)
    inline = _inline_author(arrival, round, sender.address) if inner is None else None
    return inline or Author(address=sender.address.lower(), name=sender.name)


def _inline_author(arrival: Arrival, round: Round, sender: str) -> Author | None:
    """The author whom the header inside a colleague's forward names: the first address in its lines that is neither ours
    nor the forwarder's. Only for mail of another office of the house; others forward their own affairs."""
    house = round.channels.address.rpartition("@")[2].lower()
    domain = sender.rpartition("@")[2].lower()
    if arrival.channel is not ChannelKind.OFFICE and not (house and f".{domain}".endswith(f".{house}")):
        return None
    reading = arrival.reading
    for span in reading.spans:
        if span.kind is not SpanKind.FORWARD_HEADER:
            continue
        for line in reading.text[span.start : span.end].split("\n"):
            match = _HEADER_ADDRESS.search(line)
            if match and not match.group(2).lower().endswith(house) and match.group(2).lower() != sender.lower():
                name = match.group(1).strip(' "*<')
                return Author(address=match.group(2).lower(), name=name)
    return None


def _sender(reading: Reading, round: Round) -> Address:
    """The From address; behind a list that rewrote it, the original one (RFC 2369 practice: Reply-To or X-Original-From)."""
    first = reading.from_[0] if reading.from_ else Address()
    own = {address for address in (round.channels.address, round.channels.list_address) if address}
    if first.address.lower() not in own:
        return first
    original = reading.header("X-Original-From") or ""
    if "@" in original:
        address = original.rpartition("<")[2].rstrip("> ").strip()
        return Address(name=original.partition("<")[0].strip(' "'), address=address)
    others = [item for item in reading.reply_to if item.address.lower() not in own]
    return others[0] if len(others) == 1 else first


def forwarded_message(arrival: Arrival) -> Part | None:
    """The enclosed message of a forward: attached whole, where the cover says little and is no report of a machine."""
    reading = arrival.reading
    types = {part.media_type.lower() for part in reading.parts}
    if any(kind.startswith("message/") and kind not in ("message/rfc822", "message/global") for kind in types):
        return None
    inner = [
        part
        for part in reading.parts
        if part.message is not None and part.media_type.lower() in ("message/rfc822", "message/global")
    ]
    return inner[0] if len(inner) == 1 else None


def letter_to(arrival: Arrival, round: Round, author: Author) -> str | None:
    """Where a letter would go (rounds/FORMAT.md, Letters): a single Reply-To that is neither ours nor a list's, else From."""
    reading = arrival.reading
    if author.part or _inline_author(arrival, round, reading.from_[0].address if reading.from_ else "") is not None:
        return author.address or None
    own = {address for address in (round.channels.address, round.channels.list_address) if address}
    replies = {item.address for item in reading.reply_to if item.address}
    if len(replies) == 1:
        (reply,) = replies
        if reply.lower() not in own and not _is_list_address(reading, reply):
            return reply
    sender = _sender(reading, round)
    if len({item.address.lower() for item in reading.from_}) > 1 or sender.address.lower() in own:
        return None
    return sender.address or None


def _is_list_address(reading: Reading, address: str) -> bool:
    post = (reading.header("List-Post") or "").lower()
    return address.lower() in post or bool(reading.list_id and address.lower().replace("@", ".") in reading.list_id.lower())


def attachments_of(reading: Reading) -> tuple[Attachment, ...]:
    """The attachments under their own names, after opening TNEF, S/MIME and attached messages; a zip is listed as such."""
    return tuple(_attachments(reading.parts))


def _attachments(parts: Sequence[Part]) -> list[Attachment]:
    found: list[Attachment] = []
    for part in parts:
        if part.message is not None:
            found += _attachments(part.message.parts)
        elif part.children and not _is_archive(part):
            found += _attachments(part.children)
        elif not part.body and part.state is not None:
            name = part.name or part.path
            found.append(Attachment(part=part.path, name=name, sha256=part.sha256, size_bytes=part.size_bytes, state=part.state))
    return found


def _is_archive(part: Part) -> bool:
    return part.sniffed_type == "application/zip" or (part.name or "").lower().endswith(".zip")


def _is_forward(view: View) -> bool:
    return any(span.kind is SpanKind.FORWARD_HEADER for span in view.arrival.reading.spans)


def _house(address: str, who: WhoTables) -> str:
    domain = address.rpartition("@")[2].lower()
    return "" if who.free_mail.fullmatch(domain) else domain


def _signals(view: View, author: Author, who: WhoTables) -> Signals:
    numbers = part_numbers(view)
    tables = view.phrases
    inner = [part.message.message_id for part in view.inner if part.message is not None and part.message.message_id]
    sender = view.arrival.reading.from_[0].address.lower() if view.arrival.reading.from_ else ""
    return Signals(
        part_number=numbers[0] if numbers else None,
        part_total=numbers[1] if numbers else None,
        replaces=replaced(view) is not None,
        adds=added(view) is not None,
        withdraws=bool(phrase(tables.withdraws, view.subject, view.note)) and not view.answers,
        endorses=supported(view) is not None and not view.answers,
        resends=bool(phrase(tables.resends, view.subject, view.head)),
        forwarder=sender if author.part or ((author.address and author.address != sender) and _is_forward(view)) else None,
        encloses=tuple(inner),
        list_post=view.list_post,
        list_digest=view.list_post and len(view.inner) >= 2,
        thanks_only=words(view) < 40 and bool(phrase(tables.thanks, view.note)),
        substance=view.mapping.substance,
        house=_house(author.address, who),
        translates=bool(phrase(tables.translates, view.subject, view.head)),
        announces=announces(view),
    )


def minhash(view: View) -> tuple[int, ...]:
    """Signature of what the author wrote (body, forwarded text and documents): word 3-grams."""
    text = folded("\n".join(unit.own_text for unit in view.units)[:60000])
    tokens = words_of(text)
    if len(tokens) < 20:
        return ()
    shingles = [" ".join(tokens[index : index + SHINGLE]) for index in range(len(tokens) - SHINGLE + 1)]
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=1336)
    sketch.update(shingles)
    return tuple(sketch.digest())

"""Whose message it is, and where a letter to it would go (rounds/FORMAT.md, Letters)."""

from __future__ import annotations

import re

from intake.model.mail import Address, Arrival, ChannelKind, Part, Reading
from intake.model.round import Round
from intake.model.text import SpanKind
from intake.sorting.tables import PhraseTables
from intake.sorting.who import Author

_HEADER_ADDRESS = re.compile(
    r"^[^:：]{1,40}[:：]\s*\"?([^<>@\"\[]{0,120}?)\"?\s*[<\[(]?(?:mailto:)?([^\s<>\[\]()@]{1,80}@[\w.-]{3,120})"
)
_WHOLE = ("message/rfc822", "message/global")


def author_of(arrival: Arrival, round: Round) -> Author:
    """Who wrote the text: the inner author of a colleague's forward, else the sender."""
    reading = arrival.reading
    sender = _sender(reading, round)
    if not is_colleague(arrival, round):
        return Author(address=sender.address.lower(), name=sender.name)
    inner = forwarded_message(reading)
    if inner is not None and inner.message is not None and inner.message.from_:
        first = inner.message.from_[0]
        return Author(address=first.address.lower(), name=first.name, part=inner.path)
    inline = _inline_author(reading, round, sender.address) if inner is None else None
    return inline or Author(address=sender.address.lower(), name=sender.name)


def is_colleague(arrival: Arrival, round: Round) -> bool:
    """Whether another office of the house sent it: read in its mailbox, or from our own domain, where our hosts found nothing
    against it (mail from inside the house carries no result at all). Others forward their own affairs: what they enclose says
    nothing of whom a letter may go to."""
    if arrival.channel is ChannelKind.OFFICE:
        return True
    sender = _sender(arrival.reading, round).address.rpartition("@")[2].lower()
    results = {arrival.trust.dmarc, arrival.trust.spf, arrival.trust.dkim} - {"none"}
    if not sender or (results and "pass" not in results) or arrival.trust.dmarc == "fail":
        return False
    return any(f".{sender}".endswith(f".{house}") for house in _houses(round))


def _houses(round: Round) -> set[str]:
    """Our own domains: those of address and list, and what they have in common with our hosts' names."""
    channels = round.channels
    domains = {address.rpartition("@")[2].lower() for address in (channels.address, channels.list_address) if address}
    found = set(domains)
    for domain in domains:
        for host in channels.trusted_hosts:
            common: list[str] = []
            for one, other in zip(reversed(domain.split(".")), reversed(host.lower().split(".")), strict=False):
                if one != other:
                    break
                common.insert(0, one)
            if len(common) >= 2:
                found.add(".".join(common))
    return found - {""}


def _inline_author(reading: Reading, round: Round, sender: str) -> Author | None:
    """The author whom the header inside a colleague's forward names: the first address in its lines that is neither ours
    nor the forwarder's."""
    houses = _houses(round)
    for span in reading.spans:
        if span.kind is not SpanKind.FORWARD_HEADER:
            continue
        for line in reading.text[span.start : span.end].split("\n"):
            match = _HEADER_ADDRESS.search(line)
            address = match.group(2).lower() if match else ""
            domain = address.rpartition("@")[2]
            ours = any(f".{domain}".endswith(f".{house}") for house in houses)
            if match and not ours and address != sender.lower():
                return Author(address=address, name=match.group(1).strip(' "*<'))
    return None


def is_forward(reading: Reading) -> bool:
    """Whether a mail program put a forward's header into the text."""
    return any(span.kind is SpanKind.FORWARD_HEADER for span in reading.spans)


def _own(round: Round) -> set[str]:
    return {address.lower() for address in (round.channels.address, round.channels.list_address) if address}


def _sender(reading: Reading, round: Round) -> Address:
    """The From address; behind a list that rewrote it, the original one (RFC 2369 practice: Reply-To or X-Original-From)."""
    first = reading.from_[0] if reading.from_ else Address()
    own = _own(round)
    if first.address.lower() not in own:
        return first
    original = reading.header("X-Original-From") or ""
    if "@" in original:
        address = original.rpartition("<")[2].rstrip("> ").strip()
        return Address(name=original.partition("<")[0].strip(' "'), address=address)
    others = [item for item in reading.reply_to if item.address.lower() not in own]
    return others[0] if len(others) == 1 else first


def is_report(reading: Reading) -> bool:
    """Whether it holds a machine's report (delivery status, feedback, disposition notification)."""
    types = {part.media_type.lower() for part in reading.parts}
    return any(kind.startswith("message/") and kind not in _WHOLE for kind in types)


def enclosed_messages(reading: Reading) -> tuple[Part, ...]:
    """The messages that a mail encloses whole."""
    return tuple(part for part in reading.parts if part.message is not None and part.media_type.lower() in _WHOLE)


def forwarded_message(reading: Reading) -> Part | None:
    """The one enclosed message of a forward; a report of a machine forwards nothing."""
    inner = () if is_report(reading) else enclosed_messages(reading)
    return inner[0] if len(inner) == 1 else None


def letter_to(arrival: Arrival, round: Round, author: Author, phrases: PhraseTables) -> str | None:
    """Where a letter would go: a single Reply-To that is neither ours nor a list's, else From; a forward's inner author."""
    reading = arrival.reading
    sender = _sender(reading, round)
    if author.part or author.address != sender.address.lower():
        return author.address or None
    own = _own(round)
    replies = {item.address for item in reading.reply_to if item.address}
    if len(replies) == 1:
        (reply,) = replies
        if reply.lower() not in own and not _is_list_address(reading, reply, phrases):
            return reply
    if len({item.address.lower() for item in reading.from_}) > 1 or sender.address.lower() in own:
        return None
    return sender.address or None


def _is_list_address(reading: Reading, address: str, phrases: PhraseTables) -> bool:
    post = (reading.header("List-Post") or "").lower()
    if address.lower() in post or (reading.list_id and address.lower().replace("@", ".") in reading.list_id.lower()):
        return True
    local, _, domain = address.lower().rpartition("@")
    return bool(phrases.list_hosts.fullmatch(domain) or phrases.list_mailboxes.fullmatch(local))

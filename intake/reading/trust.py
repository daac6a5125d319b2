"""What our own hosts say of a message: the only place where Received and Authentication-Results lines are believed.

Lines are read from the top. As long as a line was added by one of our hosts it is believed; the first of ours that took the
mail from a host which is not ours gives the time of receipt. Everything below may be forged (RFC 8601 section 5, RFC 5321 4.4).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address

from intake.model.mail import Hop, Reading, Trust

_PEER = re.compile(r"\s*from\s+\S+\s+\(([^()\[\]\s]{0,255})\s{0,3}\[(?:IPv6:)?([0-9a-fA-F.:]{2,45})\]", re.I)
_RESULT = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*([a-z]+)", re.I)
_METHOD = re.compile(r"\s*(dmarc|dkim|spf|auth)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.I)
_PROPERTY = re.compile(r"([a-z]+\.[a-z-]+)\s*=\s*\"?([^\s;\"]+)", re.I)
_SPAM_YES = re.compile(r"^\s*(?:yes|true|spam)\b", re.I)


def trust_of(reading: Reading, trusted_hosts: Sequence[str], internaldate: datetime) -> Trust:
    """Trust by the names of our own hosts; INTERNALDATE where none of them left a line."""
    hosts = frozenset(host.lower() for host in trusted_hosts)
    ours = _our_hops(reading, hosts)
    received_at, received_by = internaldate, "internaldate"
    foreign = False
    for index in range(ours):
        hop = reading.received[index]
        if hop.at is not None:
            received_at, received_by = hop.at, hop.by
        foreign = not _from_ours(hop, hosts)
    results = _results(reading, hosts, ours)
    return Trust(
        received_at=received_at.astimezone(UTC),
        received_by=received_by,
        dmarc=results.get("dmarc", "none"),
        spf=results.get("spf", "none"),
        dkim=results.get("dkim", "none"),
        spam=_spam(reading, ours, hosts),
        own=bool(ours) and not foreign,
    )


def _is_ours(name: str, hosts: frozenset[str]) -> bool:
    return name.lower().strip("[]") in hosts


def _from_ours(hop: Hop, hosts: frozenset[str]) -> bool:
    """Whether a host of ours handed the mail over. The name after "from" is what the other side calls itself (HELO): it counts
    only where the name or the address that the receiving host saw (in brackets beside it) does not speak against it."""
    if not _is_ours(hop.from_, hosts):
        return False
    seen = _PEER.match(hop.raw)
    if seen is None:
        return True
    name, address = seen.group(1).lower().rstrip("."), seen.group(2)
    if name and name != "unknown":
        return name in hosts or name.startswith("localhost")
    try:
        return not ip_address(address).is_global
    except ValueError:
        return False


def _our_hops(reading: Reading, hosts: frozenset[str]) -> int:
    """How many Received lines from the top our own hosts added, up to the one that took the mail from outside."""
    count = 0
    for hop in reading.received:
        if not _is_ours(hop.by, hosts):
            break
        count += 1
        if not _from_ours(hop, hosts) and not _within(reading, count, hosts):
            break
    return count


def _within(reading: Reading, index: int, hosts: frozenset[str]) -> bool:
    """A local hand-over names no host of ours ("from localhost", none at all); the next line is still ours then."""
    hop = reading.received[index - 1]
    if hop.from_ and hop.from_ not in ("localhost", "localhost.localdomain", "127.0.0.1", "[127.0.0.1]", "unknown"):
        return False
    return (
        index < len(reading.received)
        and _is_ours(reading.received[index].by, hosts)
        and (not hop.from_ or "127.0.0.1" in hop.raw)
    )


def _results(reading: Reading, hosts: frozenset[str], ours: int) -> dict[str, str]:
    """Results by method: of the lines above our last one, or where those say nothing, of those directly below it."""
    for lines in _own_lines(reading, hosts, ours):
        found: dict[str, str] = {}
        for line in lines:
            _take(line, found)
        if found:
            return found
    return {}


def _own_lines(reading: Reading, hosts: frozenset[str], ours: int) -> tuple[list[str], list[str]]:
    """Authentication-Results of our own authserv-id above our last line; directly below it only those of the very host that added
    that line: some servers write there, and so could a forger under another name of ours."""
    above: list[str] = []
    below: list[str] = []
    boundary = reading.received[ours - 1].by if ours else ""
    for count, line in reading.auth_results:
        server = line.split(";", 1)[0].split("(")[0].strip().split(" ")[0].lower()
        if server not in hosts:
            continue
        if count < ours:
            above.append(line)
        elif ours and count == ours and server == boundary:
            below.append(line)
    return above, below


def own_results(reading: Reading, trusted_hosts: Sequence[str]) -> tuple[str, ...]:
    """The Authentication-Results lines that are believed: our own hosts wrote them (RFC 8601 section 5)."""
    hosts = frozenset(host.lower() for host in trusted_hosts)
    above, below = _own_lines(reading, hosts, _our_hops(reading, hosts))
    return tuple(above or below)


def vouched_for(reading: Reading, trusted_hosts: Sequence[str], address: str) -> str:
    """By which method our own host found that a message is really from `address`: "dmarc", "dkim", "spf", "auth"; "" by none.

    The only From must be that address, and what passed must be about its domain (RFC 7489 3.1; smtp.auth of RFC 8601 2.7.4: the very
    address). A failed DMARC outweighs everything.
    """
    wanted = address.lower()
    if not wanted or [item.address.lower() for item in reading.from_] != [wanted]:
        return ""
    hosts = frozenset(host.lower() for host in trusted_hosts)
    above, below = _own_lines(reading, hosts, _our_hops(reading, hosts))
    results = [result for line in (above or below) for result in _told(line)]
    if any(method == "dmarc" and result == "fail" for method, result, _ in results):
        return ""
    domain = wanted.rpartition("@")[2]
    for method, result, about in results:
        if result == "pass" and _speaks_of(method, about, wanted, domain):
            return method
    return ""


def _told(line: str) -> list[tuple[str, str, dict[str, str]]]:
    """(method, result, properties) of each result of a line."""
    bare = re.sub(r'reason\s*=\s*"[^"]*"', " ", re.sub(r"\([^()]*\)", " ", line))
    found = []
    for piece in bare.split(";")[1:]:
        match = _METHOD.match(piece)
        if match:
            about = {key.lower(): value.lower().rstrip(".") for key, value in _PROPERTY.findall(piece)}
            found.append((match.group(1).lower(), match.group(2).lower(), about))
    return found


def _speaks_of(method: str, about: dict[str, str], address: str, domain: str) -> bool:
    """Whether a result that passed is about this address: aligned by domain, of SMTP AUTH the very address."""
    if method == "dmarc":
        return about.get("header.from", domain).rpartition("@")[2] == domain
    if method == "dkim":
        signer = about.get("header.d") or about.get("header.i", "").rpartition("@")[2]
        return "." in signer and f".{domain}".endswith(f".{signer}")
    if method == "spf":
        return about.get("smtp.mailfrom", "").rpartition("@")[2] == domain
    return address in (about.get("smtp.auth", ""), about.get("smtp.mailfrom", ""))


def _take(line: str, found: dict[str, str]) -> None:
    for name, value in _RESULT.findall(re.sub(r"\([^()]*\)", " ", line)):
        name, value = name.lower(), value.lower()
        # several DKIM signatures: one that passes is enough; otherwise the first word stands
        if name not in found or (name == "dkim" and value == "pass"):
            found[name] = value


def _spam(reading: Reading, ours: int, hosts: frozenset[str]) -> bool:
    """A spam mark above the first line that is not ours."""
    hops = 0
    for name, value in reading.headers:
        key = name.lower()
        if key == "received":
            hops += 1
        elif hops <= max(1, ours) and key in ("x-spam-flag", "x-spam-status", "x-spam") and _SPAM_YES.match(value):
            return bool(hosts)
    return False

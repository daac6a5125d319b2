"""Near-identical mails of many persons: clusters by MinHash with banding, never pair by pair."""

from __future__ import annotations

import re
import zlib
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence

from intake.casework.drafts import Case, domain_of, plain, similarity
from intake.casework.personal import own_text
from intake.model.round import CampaignRule
from intake.model.verdict import Category, Disposition

BANDS = 32
NOBODY = (Category.INDIVIDUAL, Category.UNSPECIFIED)
_DOMAIN = re.compile(r"(?<![\w.-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}(?![\w-])")
_MACHINES = (Disposition.BOUNCE, Disposition.AUTO_REPLY, Disposition.SPAM)


def clusters(cases: Sequence[Case], rule: CampaignRule) -> tuple[tuple[str, ...], ...]:
    """Message keys of each campaign, in order of receipt; the organization's own letter is not among them.

    A cluster counts from `rule.minimum` distinct persons on. Linear: only neighbours in a band's bucket are compared.
    """
    found = [members for group in alike(cases, rule) if (members := members_of(group, rule))]
    return tuple(tuple(case.key for case in members) for members in sorted(found, key=lambda members: members[0].order))


def candidates(cases: Sequence[Case]) -> list[Case]:
    """Those that may be a campaign's: no machine's mail, with a text, without a document."""
    return [
        case for case in cases if case.verdict.disposition not in _MACHINES and case.verdict.minhash and not _has_document(case)
    ]


def alike(cases: Sequence[Case], rule: CampaignRule) -> list[list[Case]]:
    """Groups of near-identical mails, those of one mail too."""
    some = candidates(cases)
    parent = {case.key: case.key for case in some}
    for one, other in _neighbours(some):
        first, second = _root(parent, one.key), _root(parent, other.key)
        if first != second and similarity(one.verdict.minhash, other.verdict.minhash) >= rule.similarity:
            parent[second] = first
    groups: dict[str, list[Case]] = {}
    for case in some:
        groups.setdefault(_root(parent, case.key), []).append(case)
    return list(groups.values())


def members_of(group: Sequence[Case], rule: CampaignRule) -> list[Case]:
    """The campaign's mails of a group, in order of receipt; none where it is no campaign."""
    if len(group) < rule.minimum:
        return []
    members = without_own_letters(group)
    if len({case.person for case in members}) < rule.minimum:
        return []
    return sorted(members, key=lambda case: case.order)


def _has_document(case: Case) -> bool:
    return any(item.state.value == "ok" for item in case.verdict.attachments)


def _neighbours(some: Sequence[Case]) -> Iterator[tuple[Case, Case]]:
    """Each with the one before it in the bucket of every band. A bucket is known by its hash and keeps its last one only: two that
    fall together by chance are compared in vain."""
    last: list[dict[int, Case]] = [{} for _ in range(BANDS)]
    for case in some:
        for of_band, bucket in zip(last, buckets(case.verdict.minhash), strict=True):
            earlier = of_band.get(bucket)
            if earlier is not None:
                yield earlier, case
            of_band[bucket] = case


def buckets(signature: Sequence[int]) -> list[int]:
    """The bucket of each band, the same in every process."""
    octets = array("I", signature).tobytes()
    size = max(1, len(signature) // BANDS) * (len(octets) // len(signature))
    return [zlib.crc32(octets[band * size : (band + 1) * size]) for band in range(BANDS)]


def _root(parent: dict[str, str], key: str) -> str:
    while parent[key] != key:
        parent[key] = parent[parent[key]]
        key = parent[key]
    return key


def without_own_letters(group: Sequence[Case]) -> list[Case]:
    """The organization whose text it is counts as a response: the member whose organization the others' texts speak of, or
    that writes from a domain that stands in them. All others are campaign mail, whatever they sign with. Linear."""
    senders = Counter(domain_of(case.verdict.author) for case in group)
    named_domains = Counter(domain for case in group for domain in domains_in(case))
    first = min(group, key=lambda case: case.order)
    organizations = Counter(plain(case.verdict.respondent.organization) for case in group)
    organization = plain(first.verdict.respondent.organization)
    if 2 * organizations[organization] > len(group):
        organization = ""  # read out of the words that all have in common
    naming = sum(speaks_of(organization, case) for case in group if case is not first) if organization else 0
    others = len(group) - 1
    members = []
    for case in group:
        domain = domain_of(case.verdict.author)
        linked = named_domains[domain]
        named = naming if case is first and case.verdict.respondent.category not in NOBODY else 0
        if senders[domain] == 1 and 2 * max(named, linked) > others:
            continue
        members.append(case)
    return members


def speaks_of(organization: str, case: Case) -> bool:
    """Whether its text names an organization."""
    return case.told(f"speaks of {organization}", lambda whole: organization in plain(_words(whole)))


def domains_in(case: Case) -> frozenset[str]:
    """Domains that stand in a text, other than its sender's."""
    return case.told("domains", _domains) - {domain_of(case.verdict.author)}


def _domains(case: Case) -> frozenset[str]:
    return frozenset(match.group().removeprefix("www.") for match in _DOMAIN.finditer(_words(case).lower()))


def _words(case: Case) -> str:
    """The text of the message; of a posting what its author wrote."""
    return case.arrival.reading.text if case.post is None else own_text(case)

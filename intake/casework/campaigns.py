"""Near-identical mails of many persons: clusters by MinHash with banding, never pair by pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from intake.casework.drafts import Case, plain, similarity
from intake.model.round import CampaignRule
from intake.model.verdict import Category, Disposition

BANDS = 32
_KINDS = (Disposition.RESPONSE, Disposition.REVISION, Disposition.SUPPLEMENT, Disposition.CAMPAIGN, Disposition.COPY)


def clusters(cases: Sequence[Case], rule: CampaignRule) -> tuple[tuple[str, ...], ...]:
    """Message keys of each campaign, in order of receipt; the organization's own letter is not among them.

    A cluster counts from `rule.minimum` distinct persons on. Linear: only neighbours in a band's bucket are compared.
    """
    candidates = [
        case for case in cases if case.verdict.disposition in _KINDS and case.verdict.minhash and not _has_document(case)
    ]
    parent = {case.key: case.key for case in candidates}
    by_key = {case.key: case for case in candidates}
    for bucket in _buckets(candidates).values():
        for one, other in pairwise(bucket):
            if _root(parent, one) != _root(parent, other):
                alike = similarity(by_key[one].verdict.minhash, by_key[other].verdict.minhash)
                if alike >= rule.similarity:
                    parent[_root(parent, other)] = _root(parent, one)
    groups: dict[str, list[Case]] = {}
    for case in candidates:
        groups.setdefault(_root(parent, case.key), []).append(case)
    found = []
    for group in groups.values():
        if len(group) < rule.minimum:
            continue
        members = _without_own_letters(group)
        if len({case.person for case in members}) >= rule.minimum:
            found.append(tuple(case.key for case in sorted(members, key=lambda case: case.order)))
    return tuple(sorted(found, key=lambda keys: by_key[keys[0]].order))


def _has_document(case: Case) -> bool:
    return any(item.state.value == "ok" for item in case.verdict.attachments)


def _buckets(candidates: Sequence[Case]) -> Mapping[tuple[int, tuple[int, ...]], list[str]]:
    buckets: dict[tuple[int, tuple[int, ...]], list[str]] = {}
    for case in candidates:
        signature = case.verdict.minhash
        rows = max(1, len(signature) // BANDS)
        for band in range(BANDS):
            buckets.setdefault((band, signature[band * rows : (band + 1) * rows]), []).append(case.key)
    return buckets


def _root(parent: dict[str, str], key: str) -> str:
    while parent[key] != key:
        parent[key] = parent[parent[key]]
        key = parent[key]
    return key


def _without_own_letters(group: Sequence[Case]) -> list[Case]:
    """Members who speak for an organization of their own are no campaign mail: the organization whose text it is counts.

    An organization that several persons name is the campaign's, named in its text: those mails stay.
    """
    named: dict[str, set[str]] = {}
    for case in group:
        organization = plain(case.verdict.respondent.organization)
        if organization:
            named.setdefault(organization, set()).add(case.person)
    members = []
    for case in group:
        respondent = case.verdict.respondent
        organization = plain(respondent.organization)
        own = bool(organization) and len(named[organization]) == 1
        if own and respondent.category not in (Category.INDIVIDUAL, Category.UNSPECIFIED):
            continue
        members.append(case)
    return members

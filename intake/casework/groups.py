"""Campaigns between two new mails: which texts are alike, kept so that one more is placed without looking at all that came before.

The rule is casework.campaigns'; where a new mail would change what became of an earlier one, StartAnewError is raised and all is folded anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, MutableMapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from intake.casework.campaigns import BANDS, NOBODY, alike, buckets, candidates, domains_in, members_of, speaks_of
from intake.casework.drafts import Case, domain_of, plain, similarity
from intake.model.round import CampaignRule

CHUNK = 256
"""Signatures in one piece of what is kept."""
_WIDTH = 4
_KEY = 32


class StartAnewError(Exception):
    """What came changes what became of an earlier message: the round is folded from its first message on."""


class Chunk(Struct, frozen=True):
    """The buckets of up to CHUNK texts, a column of four octets each for every band, and their messages' keys; `parts`: place -> part, of
    postings of a digest."""

    keys: bytes = b""
    columns: tuple[bytes, ...] = (b"",) * BANDS
    parts: dict[str, str] = {}

    def key_at(self, place: int) -> str:
        """The key of a text."""
        message, part = self.keys[place * _KEY : (place + 1) * _KEY].hex(), self.parts.get(str(place), "")
        return f"{message}#{part}" if part else message


class Group(Struct, frozen=True, kw_only=True):
    """Mails that are alike. `campaign`: the key of its first mail, "" while it is none; `members` are then left out, and what decides
    whose own letter it is stands in figures: mails by sender's domain, by domain that stands in them, those that bear the first
    one's organization, those that speak of it (None: nobody has looked)."""

    members: tuple[str, ...] = ()
    campaign: str = ""
    size: int = 0
    senders: dict[str, int] = {}
    named: dict[str, int] = {}
    organization: str = ""
    bearing: int = 0
    speaking: int | None = None
    leader: str = ""
    body: bool = False

    def own_letters(self) -> frozenset[str]:
        """Domains whose one mail is the organization's own letter (casework.campaigns.without_own_letters)."""
        others = self.size - 1
        alone = {name for name in self.named if self.senders.get(name) == 1 and 2 * self.named[name] > others}
        if self.body and self.looks() and self.senders.get(self.leader) == 1 and 2 * (self.speaking or 0) > others:
            alone.add(self.leader)
        return frozenset(alone)

    def looks(self) -> bool:
        """Whether it matters how many speak of the first one's organization."""
        return bool(self.organization) and 2 * self.bearing <= self.size


def group_of(cases: Sequence[Case], rule: CampaignRule) -> Group:
    """What is kept of these mails, in order of receipt."""
    members = members_of(cases, rule)
    ordered = sorted(cases, key=lambda case: case.order)
    if not members:
        return Group(members=tuple(case.key for case in ordered), size=len(ordered))
    first = ordered[0]
    organization = plain(first.verdict.respondent.organization)
    bearing = sum(plain(case.verdict.respondent.organization) == organization for case in ordered)
    looks = bool(organization) and 2 * bearing <= len(ordered)
    return Group(
        campaign=members[0].key,
        size=len(ordered),
        senders=dict(Counter(domain_of(case.verdict.author) for case in ordered)),
        named=dict(Counter(domain for case in ordered for domain in domains_in(case))),
        organization=organization,
        bearing=bearing,
        speaking=sum(speaks_of(organization, case) for case in ordered[1:]) if looks else None,
        leader=domain_of(first.verdict.author),
        body=first.verdict.respondent.category not in NOBODY,
    )


class Groups:
    """The groups as kept. `root_of`: message -> the name of its group, for groups of two and more; `groups` by that name; `chunks` by
    number; `count`: texts in them."""

    def __init__(
        self,
        rule: CampaignRule,
        root_of: MutableMapping[str, str],
        groups: MutableMapping[str, Group],
        chunks: MutableMapping[str, Chunk],
        count: int,
        cases: Mapping[str, Case],
    ) -> None:
        self._rule, self.root_of, self.groups, self.chunks = rule, root_of, groups, chunks
        self.count = count
        self._cases = cases

    def add(self, case: Case) -> str:
        """Put a mail in that came after all others; the first mail of the campaign that it belongs to, "" where to none. Raises
        StartAnewError."""
        if not candidates([case]):
            return ""
        if self._rule.minimum <= 1:
            raise StartAnewError("every mail is a campaign")
        mine = buckets(case.verdict.minhash)
        near = (self._cases[key] for key in self._neighbours(mine))
        same = [one.key for one in near if similarity(one.verdict.minhash, case.verdict.minhash) >= self._rule.similarity]
        self._note(case.key, mine)
        roots = list(dict.fromkeys(self.root_of.get(key, key) for key in same))
        found = [self.groups.get(root) or Group(members=(root,), size=1) for root in roots]
        if not found:
            return ""
        if any(group.campaign for group in found):
            if len(found) > 1:
                raise StartAnewError("two groups are one")
            self.root_of[case.key] = roots[0]
            self.groups[roots[0]] = grown = _with(found[0], case)
            return grown.campaign
        members = [key for group in found for key in group.members] + [case.key]
        if len(members) >= self._rule.minimum and members_of(
            [case if key == case.key else self._cases[key] for key in members], self._rule
        ):
            raise StartAnewError("a campaign has begun")
        for key in members:
            self.root_of[key] = roots[0]
        self.groups[roots[0]] = Group(members=tuple(members), size=len(members))
        return ""

    def campaign_of(self, key: str) -> str:
        """The first mail of the campaign that this one belongs to, "" where to none."""
        group = self.groups.get(self.root_of.get(key, key))
        return group.campaign if group is not None else ""

    def fill(self, cases: Sequence[Case]) -> None:
        """From the beginning: all mails, in order of receipt."""
        for group in alike(cases, self._rule):
            if len(group) > 1:
                root = group[0].key
                self.root_of.update((case.key, root) for case in group)
                self.groups[root] = group_of(group, self._rule)
        for case in candidates(cases):
            self._note(case.key, buckets(case.verdict.minhash))

    def _note(self, key: str, mine: Sequence[int]) -> None:
        name = str(self.count // CHUNK)
        chunk = self.chunks.get(name) or Chunk()
        columns = tuple(old + bucket.to_bytes(_WIDTH, "big") for old, bucket in zip(chunk.columns, mine, strict=True))
        message, _, part = key.partition("#")
        parts = {**chunk.parts, str(self.count % CHUNK): part} if part else chunk.parts
        self.chunks[name] = Chunk(chunk.keys + bytes.fromhex(message), columns, parts)
        self.count += 1

    def _neighbours(self, mine: Sequence[int]) -> Iterator[str]:
        """The last mail in the bucket of each band."""
        wanted = {band: bucket.to_bytes(_WIDTH, "big") for band, bucket in enumerate(mine)}
        for number in reversed(range(-(-self.count // CHUNK))):
            chunk = self.chunks[str(number)]
            for band, octets in list(wanted.items()):
                place = _last(chunk.columns[band], octets)
                if place >= 0:
                    del wanted[band]
                    yield chunk.key_at(place)
            if not wanted:
                return


def _last(column: bytes, octets: bytes) -> int:
    """The place of the last of these four octets in a column; -1 where there are none."""
    found = column.rfind(octets)
    while found >= 0 and found % _WIDTH:
        found = column.rfind(octets, 0, found + _WIDTH - 1)
    return found // _WIDTH if found >= 0 else -1


def _with(group: Group, case: Case) -> Group:
    """A campaign with one mail more. Raises StartAnewError where an own letter is none any more, or another one is."""
    before = group.own_letters()
    grown = replace(
        group,
        size=group.size + 1,
        senders=_one_more(group.senders, [domain_of(case.verdict.author)]),
        named=_one_more(group.named, sorted(domains_in(case))),
        bearing=group.bearing + (plain(case.verdict.respondent.organization) == group.organization),
    )
    if grown.looks():
        if group.speaking is None:
            raise StartAnewError("the campaign's organization is asked for again")
        grown = replace(grown, speaking=group.speaking + speaks_of(group.organization, case))
    else:
        grown = replace(grown, speaking=None)
    if grown.own_letters() != before:
        raise StartAnewError("another letter is the organization's own")
    return grown


def _one_more(counted: dict[str, int], names: Sequence[str]) -> dict[str, int]:
    return {**counted, **{name: counted.get(name, 0) + 1 for name in names}}

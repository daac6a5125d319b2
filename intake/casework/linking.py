"""Which response a message belongs to. A header never grants rights: joining takes the same sender, or a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from intake.casework.drafts import Case, Draft, domain_of, plain, similarity
from intake.model.verdict import Category

ALIKE = 0.8


@dataclass
class Index:
    """What the fold has seen so far, by everything that a later message may be found by."""

    cases: dict[str, Case] = field(default_factory=dict)
    draft_of: dict[str, Draft] = field(default_factory=dict)
    by_message_id: dict[str, str] = field(default_factory=dict)
    by_content: dict[str, list[str]] = field(default_factory=dict)
    by_person: dict[str, list[Draft]] = field(default_factory=dict)
    by_domain: dict[str, list[Draft]] = field(default_factory=dict)
    by_organization: dict[str, list[Draft]] = field(default_factory=dict)
    domain_organizations: dict[str, set[str]] = field(default_factory=dict)

    def note(self, case: Case, draft: Draft | None) -> None:
        """Remember a message and, where it belongs to a response, the response under all its names."""
        self.cases[case.key] = case
        if case.message_id:
            self.by_message_id.setdefault(case.message_id, case.key)
        outer = case.arrival.reading.message_id
        if outer:
            self.by_message_id.setdefault(outer, case.key)
        if case.arrival.reading.content_hash:
            self.by_content.setdefault(case.arrival.reading.content_hash, []).append(case.key)
        if draft is None:
            return
        self.draft_of[case.key] = draft
        for person in people_of(case):
            draft.people.add(person)
            _add(self.by_person, person, draft)

    def name(self, case: Case, draft: Draft) -> None:
        """Make a response findable by its domain and organization: for messages that make it, not for those that only join."""
        domain = domain_of(case.verdict.author)
        organization = plain(case.verdict.respondent.organization)
        if domain:
            _add(self.by_domain, domain, draft)
            self.domain_organizations.setdefault(domain, set()).add(organization or case.person)
        if organization:
            _add(self.by_organization, organization, draft)

    def thread(self, case: Case) -> Draft | None:
        """The response that a message of the same thread belongs to."""
        reading = case.arrival.reading
        for identity in (*reading.in_reply_to, *reversed(reading.references)):
            key = self.by_message_id.get(identity)
            if key is not None and key in self.draft_of:
                return self.draft_of[key]
        return None

    def of_sender(self, case: Case) -> Draft | None:
        """The response that the same sender means: by thread first, then by organization, then the newest of that address."""
        own: list[Draft] = []
        for person in people_of(case):
            for draft in self.by_person.get(person, ()):
                if draft not in own:
                    own.append(draft)
        if not own:
            return None
        thread = self.thread(case)
        if thread in own:
            return thread
        organization = plain(case.verdict.respondent.organization)
        same = [draft for draft in own if organization and draft in self.by_organization.get(organization, ())]
        return (same or own)[-1]

    def of_house(self, case: Case) -> Draft | None:
        """The response of the sender's organization: the same domain where it is one house's, or the same full name."""
        domain = domain_of(case.verdict.author)
        if domain and len(self.domain_organizations.get(domain, ())) == 1 and self.by_domain.get(domain):
            return self.by_domain[domain][-1]
        organization = plain(case.verdict.respondent.organization)
        found = self.by_organization.get(organization, ()) if organization else ()
        return found[-1] if found else None

    def earlier_same(self, case: Case) -> tuple[str, str] | None:
        """(key, sameness) of an earlier message that this one repeats: the same id or content or nearly the same words, by the
        same person. The same id with other words is no repetition."""
        people = set(people_of(case))
        key = self.by_message_id.get(case.message_id or "")
        if key is not None:
            other = self.cases[key]
            same_words = similarity(case.verdict.minhash, other.verdict.minhash) >= 0.5 or not case.verdict.minhash
            if other.arrival.reading.content_hash == case.arrival.reading.content_hash or same_words:
                return key, "copy"
            return key, "new_text_old_id"
        for key in self.by_content.get(case.arrival.reading.content_hash, ()) if case.arrival.reading.content_hash else ():
            if people & set(people_of(self.cases[key])) and self.draft_of.get(key) is not None:
                return key, "copy"
        for person in people:
            for draft in reversed(self.by_person.get(person, ())):
                for key in draft.messages():
                    earlier = self.cases.get(key)
                    if (
                        earlier
                        and similarity(case.verdict.minhash, earlier.verdict.minhash) >= 0.95
                        and _same_files(case, earlier)
                    ):
                        return key, "copy"
        return None

    def mentioned(self, case: Case, drafts: Iterable[Draft], text: str) -> Draft | None:
        """The response of another that a text speaks of: by organization, person or co-signatories it names; joint ones first."""
        best: tuple[float, Draft] | None = None
        haystack = f" {plain(text)} "
        for draft in drafts:
            first = self.cases.get(draft.first)
            if first is None or set(people_of(case)) & draft.people:
                continue
            score = _mentions(haystack, first)
            if score > 0 and (best is None or score > best[0]):
                best = (score, draft)
        return best[1] if best else None


def _mentions(haystack: str, first: Case) -> float:
    verdict = first.verdict
    score = 0.0
    organization = plain(verdict.respondent.organization)
    if organization and f" {organization} " in haystack:
        score += 4.0
    elif organization:
        words = [word for word in organization.split() if len(word) >= 5]
        score += 2.0 * sum(f" {word}" in haystack for word in words) / len(words) if words else 0.0
    person = plain(verdict.respondent.person)
    if person and f" {person.split()[-1]} " in haystack:
        score += 2.0
    named = [plain(name) for name in verdict.co_signatories]
    score += min(2.0, 0.5 * sum(f" {name} " in haystack for name in named if name))
    if verdict.co_signatories and score:
        score += 1.0
    if verdict.respondent.category is Category.UNSPECIFIED:
        score *= 0.5
    return score if score >= 1.0 else 0.0


def _same_files(case: Case, other: Case) -> bool:
    return {item.sha256 for item in case.verdict.attachments} == {item.sha256 for item in other.verdict.attachments}


def people_of(case: Case) -> tuple[str, ...]:
    """The addresses that stand for the sender. A Reply-To of one's own stands alone: pages send for many From one address."""
    author, person = case.verdict.author.lower(), case.person
    if person and person != author and not case.verdict.signals.forwarder:
        same_house = domain_of(person) == domain_of(author)
        return (person, author) if same_house else (person,)
    return tuple(dict.fromkeys(item for item in (author, person) if item))


def _add(table: dict[str, list[Draft]], key: str, draft: Draft) -> None:
    drafts = table.setdefault(key, [])
    if draft not in drafts:
        drafts.append(draft)

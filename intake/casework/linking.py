"""Which response a message belongs to. A header never grants rights: joining takes the same sender, or a person.

Every question is answered from a table: nothing here looks at all that came before."""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Iterable, Iterator, MutableMapping, MutableSet, Sequence
from dataclasses import dataclass, field

from intake.casework.drafts import READABLE, Case, Draft, domain_of, id_of, plain, similarity
from intake.casework.mentions import mentions, name_words, tokens

ALIKE = 0.95
"""Similarity from which a text of the same person is the same text."""
ALIKE_FORWARDED = 0.7
"""The same for a colleague's forward, which adds words of its own."""
SURE = 0.2
"""Similarity from which one of several responses of an address is taken for the one that is meant."""
NEARLY = 0.6
"""Similarity from which the mail of a co-signatory brings the joint text."""
ROWS = 4
_BANDS_AT_MOST = 4096
MANY = 12
"""So many texts of one sender are compared one by one."""
FEW = 60
"""A word that stands in more names than this tells nothing, and no more of them are noted."""
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")

Drafts = dict[str, Draft]


@dataclass
class Index:
    """What the fold has seen so far, by everything that a later message may be found by."""

    cases: MutableMapping[str, Case] = field(default_factory=dict)
    draft_of: MutableMapping[str, Draft] = field(default_factory=dict)
    by_message_id: MutableMapping[str, list[str]] = field(default_factory=dict)
    by_content: MutableMapping[tuple[str, str], str] = field(default_factory=dict)
    by_band: MutableMapping[int, str] = field(default_factory=dict)
    signed: MutableMapping[str, list[str]] = field(default_factory=dict)
    by_person: MutableMapping[str, Drafts] = field(default_factory=dict)
    by_person_body: MutableMapping[tuple[str, str], Draft] = field(default_factory=dict)
    by_house: MutableMapping[str, Drafts] = field(default_factory=dict)
    by_house_parts: MutableMapping[tuple[str, int | None], Draft] = field(default_factory=dict)
    by_organization: MutableMapping[str, Drafts] = field(default_factory=dict)
    house_organizations: MutableMapping[str, set[str]] = field(default_factory=dict)
    by_word: MutableMapping[str, Drafts] = field(default_factory=dict)
    by_name: MutableMapping[str, Draft] = field(default_factory=dict)
    by_text: MutableMapping[str, str] = field(default_factory=dict)
    joint: MutableMapping[int, Draft] = field(default_factory=dict)
    public_tokens: MutableSet[str] = field(default_factory=set)
    by_sent: MutableMapping[str, Draft] = field(default_factory=dict)

    def note(self, case: Case, draft: Draft | None) -> None:
        """Remember a message and, where it belongs to a response, the response under all its names."""
        self.cases[case.key] = case
        if case.verdict.signals.list_post:
            for item in case.arrival.ours:
                self.public_tokens.add(item.token)
        for identity in (case.message_id, case.arrival.reading.message_id):
            known = self.by_message_id.setdefault(identity, []) if identity else []
            if case.key not in known and len(known) < FEW:
                known.append(case.key)
        if draft is None:
            return
        self.draft_of[case.key] = draft
        self.by_name[id_of(case.key)] = draft
        if case.doubtful:
            return
        for person in people_of(case):
            draft.people.add(person)
            self.by_person.setdefault(person, {})[draft.id] = draft
            if case.content_hash:
                self.by_content.setdefault((person, case.content_hash), case.key)
            if case.verdict.minhash:
                self._sign(person, case.key)

    def note_sent(self, case: Case, draft: Draft | None) -> None:
        """Remember an officer's own mail: answers to it belong where it does. Its sender is nobody's respondent, its text nobody's copy."""
        self.cases[case.key] = case
        if draft is not None:
            self.draft_of[case.key] = draft
            if case.message_id:
                self.by_sent.setdefault(case.message_id, draft)

    def of_recipients(self, case: Case) -> Draft | None:
        """The response of the first of its recipients who has one."""
        found = (self.by_person[person] for person in case.verdict.recipients if person in self.by_person)
        drafts = next(found, None)
        return _last(drafts) if drafts else None

    def name(self, case: Case, draft: Draft) -> None:
        """Make a response findable by its house and organization: for messages that make it, not for those that only join."""
        house = case.verdict.signals.house
        organization = plain(case.verdict.respondent.organization)
        if house and not case.doubtful:
            self.by_house.setdefault(house, {})[draft.id] = draft
            self.house_organizations.setdefault(house, set()).add(organization or case.person)
            self.by_house_parts[(house, case.verdict.signals.part_total)] = draft
        for text in _texts(case):
            self.by_text.setdefault(text, case.key)
        if case.verdict.co_signatories:
            self.joint.update(dict.fromkeys(_bands("", case.verdict.minhash), draft))
        if organization:
            self.by_organization.setdefault(organization, {})[draft.id] = draft
            for person in people_of(case):
                self.by_person_body[(person, organization)] = draft
        for word in set(name_words(case)):
            known = self.by_word.setdefault(word, {})
            if len(known) <= FEW:
                known[draft.id] = draft

    def thread(self, case: Case) -> Draft | None:
        """The response that a message of the same thread belongs to."""
        if case.post is not None:
            return None
        reading = case.arrival.reading
        for identity in (*reading.in_reply_to, *reversed(reading.references)):
            keys = [key for key in self.by_message_id.get(identity, ()) if key in self.draft_of]
            if keys:  # one that our own host could not authenticate comes after the others
                return self.draft_of[min(keys, key=lambda key: self.cases[key].doubtful)]
            if identity in self.by_sent:
                return self.by_sent[identity]
        return None

    def of_letter(self, case: Case, *hows: str) -> Draft | None:
        """The response that a letter of ours was about which this message names: it was signed, and reached the respondent alone."""
        for item in case.arrival.ours if case.post is None else ():
            if item.how in hows and f"r-{item.about}" in self.by_name:
                return self.by_name[f"r-{item.about}"]
        return None

    def of_token(self, case: Case) -> Draft | None:
        """The response of an answer to a letter of ours: whoever answers it is whom it reached, or was handed it by him. A letter that
        was answered on the list is everybody's and grants nothing."""
        if case.doubtful or case.verdict.signals.list_post or any(item.token in self.public_tokens for item in case.arrival.ours):
            return None
        return self.of_letter(case, "answers")

    def of_sender(self, case: Case) -> Draft | None:
        """The response that the same sender means: by a letter of ours that he answers, by thread, then by organization, then the
        newest of that address."""
        answered = self.of_token(case)
        if answered is not None:
            return answered
        people = [person for person in people_of(case) if person in self.by_person]
        if not people:
            return None
        thread = self.thread(case)
        if thread is not None and any(thread.id in self.by_person[person] for person in people):
            return thread
        organization = plain(case.verdict.respondent.organization)
        for person in people:
            same = self.by_person_body.get((person, organization))
            if same is not None:
                return same
        return self._nearest(case, self.by_person[people[0]])

    def _nearest(self, case: Case, drafts: Drafts) -> Draft:
        """Of several responses of one address the one whose text is most like this one, else the newest."""
        if len(drafts) == 1:
            return _last(drafts)
        found = list(drafts.values())[-FEW:]
        alike = [similarity(case.verdict.minhash, self._standing(draft).verdict.minhash) for draft in found]
        return found[alike.index(max(alike))] if max(alike) >= SURE else found[-1]

    def guessed(self, case: Case, draft: Draft) -> bool:
        """Whether it is a guess that this response of an address is meant: it has several, for several bodies, and nothing says which."""
        drafts = next((self.by_person[person] for person in people_of(case) if person in self.by_person), {})
        bodies = {plain(self._standing(item).verdict.respondent.organization) for item in drafts.values()}
        if len(bodies) < 2 or self.of_token(case) is draft or self.thread(case) is draft:
            return False
        standing = self._standing(draft).verdict
        named = plain(case.verdict.respondent.organization)
        return named != plain(standing.respondent.organization) and similarity(case.verdict.minhash, standing.minhash) < SURE

    def _standing(self, draft: Draft) -> Case:
        return self.cases[draft.versions[-1].keys[0]]

    def same_text(self, case: Case) -> tuple[Draft, str] | None:
        """A response of somebody else with the same words or the same files, and the message that has them."""
        for text in _texts(case):
            key = self.by_text.get(text)
            if key is not None and key in self.draft_of:
                return self.draft_of[key], key
        bands = _bands("", case.verdict.minhash) if self.joint else ()
        near = {draft.id: draft for band in bands if (draft := self.joint.get(band)) is not None}
        for draft in near.values():
            if similarity(case.verdict.minhash, self._standing(draft).verdict.minhash) >= NEARLY:
                return draft, draft.versions[-1].keys[0]
        return None

    def of_house(self, case: Case) -> Draft | None:
        """The response of the sender's house: the same domain, where it is one organization's and no free mail host."""
        house = case.verdict.signals.house
        if house and len(self.house_organizations.get(house, ())) == 1:
            return _last(self.by_house[house])
        return None

    def of_name(self, case: Case) -> Draft | None:
        """The response of an organization of the same full name: a claim that a person must confirm."""
        organization = plain(case.verdict.respondent.organization)
        found = self.by_organization.get(organization) if organization else None
        return _last(found) if found else None

    def of_recipient(self, addresses: Iterable[str]) -> Draft | None:
        """The response of the first of these addresses that is one of our respondents'."""
        for address in addresses:
            found = self.by_person.get(address)
            if found:
                return _last(found)
        return None

    def earlier_same(self, case: Case) -> tuple[str, str] | None:
        """(key, sameness) of an earlier message that this one repeats: the same id or content or nearly the same words, by the
        same person. The same id with other words is no repetition."""
        keys = self.by_message_id.get(case.message_id or "", ())
        for key in keys:
            other = self.cases[key]
            same = other.content_hash == case.content_hash or _same_words(case, other)
            if same and _same_sender(case, other) and (case.doubtful or not other.doubtful):
                return key, "copy"
        known = next((key for key in keys if not self.cases[key].doubtful or case.doubtful), None)
        if known is not None:
            return known, "new_text_old_id"
        people = people_of(case)
        for person in people:
            again = self.by_content.get((person, case.content_hash)) if case.content_hash else None
            if again is not None:
                return again, "copy"
        least = ALIKE_FORWARDED if case.verdict.signals.forwarder else ALIKE
        for key in self._near(case, people):
            other = self.cases[key]
            if similarity(case.verdict.minhash, other.verdict.minhash) >= least and _same_files(case, other):
                return key, "copy"
        return None

    def _sign(self, person: str, key: str) -> None:
        """Make a text findable among its sender's: few are compared one by one, more by the bands of their signatures."""
        mine = self.signed.setdefault(person, [])
        mine.append(key)
        for one in mine if len(mine) == MANY + 1 else [key] if len(mine) > MANY else []:
            for band in _bands(person, self.cases[one].verdict.minhash):
                self.by_band[band] = one

    def _near(self, case: Case, people: tuple[str, ...]) -> list[str]:
        """Texts of these persons that may be the same, newest first: all where they are few, else the newest of each band."""
        if not case.verdict.minhash:
            return []
        found: list[str] = []
        for person in people:
            mine = self.signed.get(person, ())
            if len(mine) <= MANY:
                found += reversed(mine)
            else:
                found += [key for band in _bands(person, case.verdict.minhash) if (key := self.by_band.get(band)) is not None]
        return list(dict.fromkeys(found))

    def mentioned(self, case: Case, text: str) -> Draft | None:
        """The response of another that a text speaks of: by organization, person or co-signatories it names; joint ones first."""
        haystack = f" {plain(text)} "
        people = set(people_of(case))
        candidates: Drafts = {}
        for word in set(tokens(haystack)):
            drafts = self.by_word.get(word, {})
            if len(drafts) <= FEW:
                candidates |= drafts
        best: tuple[float, Draft] | None = None
        for draft in sorted(candidates.values(), key=lambda item: (item.received_at, item.first)):
            first = self.cases.get(draft.first)
            if first is None or people & draft.people:
                continue
            score = mentions(haystack, first)
            if score > 0 and (best is None or score > best[0]):
                best = (score, draft)
        return best[1] if best else None


def _last(drafts: Drafts) -> Draft:
    return next(reversed(drafts.values()))


def _bands(person: str, signature: Sequence[int]) -> Iterator[int]:
    """A number for each band of a person's signature, the same in every process; two that fall together by chance are compared in vain."""
    if not signature:
        return
    octets = array("I", signature).tobytes()
    size = ROWS * (len(octets) // len(signature))
    seed = zlib.crc32(person.encode("utf-8", "surrogatepass"))
    for start in range(0, len(octets), size):
        yield zlib.crc32(octets[start : start + size], seed) * _BANDS_AT_MOST + start // size


def _same_words(case: Case, other: Case) -> bool:
    """Half the words in common; a mail of a few words is the same only with the same files."""
    if case.verdict.minhash:
        return similarity(case.verdict.minhash, other.verdict.minhash) >= 0.5
    return bool(files_of(case)) and _same_files(case, other)


def _same_sender(case: Case, other: Case) -> bool:
    """Whether two mails with one Message-ID may be one sending: of one sender, or one of them by the list or a colleague. A Message-ID
    is a claim, and grants nobody the name of another."""
    ways = (case.verdict.signals, other.verdict.signals)
    if any(way.list_post or way.forwarder is not None for way in ways):
        return True
    return bool({*people_of(case), case.verdict.author.lower()} & {*people_of(other), other.verdict.author.lower()})


def _texts(case: Case) -> Iterator[str]:
    """What a text is known again by, whoever sends it: its hash where it says much, and the files."""
    if case.verdict.minhash and case.content_hash:
        yield case.content_hash
    files = files_of(case)
    if files and any(item.state.value in READABLE for item in case.verdict.attachments):
        yield "files:" + ",".join(sorted(files))


def _same_files(case: Case, other: Case) -> bool:
    return files_of(case) == files_of(other)


def files_of(case: Case) -> set[str]:
    """The hashes of its documents."""
    return {item.sha256 for item in case.verdict.attachments if item.state.value != "ignored"}


def people_of(case: Case) -> tuple[str, ...]:
    """The addresses that stand for the sender. A Reply-To of one's own stands alone: pages send for many From one address.
    A slip stands for its own entry first."""
    author, person = case.verdict.author.lower(), case.person
    if case.verdict.slip is not None:
        return tuple(dict.fromkeys(item for item in (case.verdict.slip.id, author) if item))
    if person and person != author and not case.verdict.signals.forwarder:
        same_house = domain_of(person) == domain_of(author)
        return (person, author) if same_house else (person,)
    return tuple(dict.fromkeys(item for item in (author, person) if item))


def addresses_in(case: Case) -> tuple[str, ...]:
    """The addresses that a report names, in order: in its body, its parts, the headers of what it encloses."""
    found = (match.group().strip(".") for match in _ADDRESS.finditer("\n".join(_texts_of(case)).lower()))
    return tuple(dict.fromkeys(found))


def _texts_of(case: Case) -> Iterable[str]:
    reading = case.arrival.reading
    yield reading.text
    yield reading.header("X-Failed-Recipients") or ""
    for part in reading.parts:
        yield part.text
        if part.message is not None:
            yield " ".join(address.address for address in (*part.message.to, *part.message.cc))
            yield from (value for _, value in part.message.headers if "@" in value)
        yield from (child.text for child in part.children)

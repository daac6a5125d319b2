"""The fold: message after message in order of (received at, SHA-256), each to its response. The same set gives the same end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from intake.casework.drafts import HOLDING, Case, Draft, DraftVersion, Placed, domain_of, plain, readable, similarity, unreadable
from intake.casework.linking import Index
from intake.model.record import LetterKind
from intake.model.verdict import Disposition

PART_PATIENCE = timedelta(hours=20)
"""A part that comes later than this after the one before was missing meanwhile (chased at D+1)."""


@dataclass
class Fold:
    """What the fold has made so far."""

    deadline: datetime
    campaign_of: dict[str, str]
    index: Index = field(default_factory=Index)
    placed: dict[str, Placed] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    campaign_people: set[str] = field(default_factory=set)

    def step(self, case: Case) -> None:
        """Place one message."""
        placed = self._place(case)
        self.placed[case.key] = placed
        self.index.note(case, placed.draft)

    def _place(self, case: Case) -> Placed:
        disposition = case.verdict.disposition
        if case.key in self.campaign_of:
            return self._campaign(case)
        if disposition in (Disposition.BOUNCE, Disposition.AUTO_REPLY, Disposition.SPAM):
            return self._machine(case)
        same = self.index.earlier_same(case)
        if same is not None and same[1] == "copy" and same[0] in self.index.draft_of and not _claims(case):
            return self._copy(case, same[0])
        handlers: dict[Disposition, Callable[[Case], Placed]] = {
            Disposition.WITHDRAWAL: self._withdrawal,
            Disposition.ENDORSEMENT: self._endorsement,
            Disposition.PART: self._part,
            Disposition.REVISION: self._revision,
            Disposition.SUPPLEMENT: self._supplement,
            Disposition.MISDIRECTED: self._misdirected,
            Disposition.ENQUIRY: self._enquiry,
            Disposition.CORRESPONDENCE: self._correspondence,
        }
        placed = handlers.get(disposition, self._response)(case)
        if same is not None and same[1] == "new_text_old_id":
            placed.same_as, placed.sameness = same
        return placed

    def _campaign(self, case: Case) -> Placed:
        if case.person in self.campaign_people:
            return Placed(
                Disposition.CAMPAIGN,
                None,
                "near-identical text of a campaign, second mail of this person",
                no_letter="second campaign mail",
            )
        self.campaign_people.add(case.person)
        return Placed(Disposition.CAMPAIGN, None, "near-identical text of a campaign", letter=LetterKind.CAMPAIGN)

    def _machine(self, case: Case) -> Placed:
        disposition = case.verdict.disposition
        if disposition is Disposition.SPAM:
            return Placed(Disposition.SPAM, None, "unsolicited mail", no_letter="spam")
        draft = self._of_report(case) if disposition is Disposition.BOUNCE else self._of_machine(case)
        if disposition is Disposition.BOUNCE and draft is not None:
            draft.flags.add("bounced_acknowledgement")
        if draft is not None:
            draft.others.append(case.key)
        return Placed(disposition, draft, "a machine's mail", no_letter="automatic mail is never answered (RFC 3834)")

    def _of_machine(self, case: Case) -> Draft | None:
        """A machine's answer belongs to the response of its own address, or of its house where that has one response."""
        return self.index.of_sender(case) or self.index.thread(case) or self.index.of_house(case)

    def _of_report(self, case: Case) -> Draft | None:
        """A delivery report belongs to the response of the recipient it names."""
        reading = case.arrival.reading
        text = reading.text + "\n" + "\n".join(_texts(case)) + "\n" + (reading.header("X-Failed-Recipients") or "")
        lowered = text.lower()
        for person, drafts in self.index.by_person.items():
            if person and person in lowered:
                return drafts[-1]
        return self.index.thread(case)

    def _copy(self, case: Case, key: str) -> Placed:
        draft = self.index.draft_of[key]
        first = self.index.cases[key]
        draft.others.append(case.key)
        same_id = bool(case.message_id) and case.message_id == first.message_id
        quiet = case.verdict.signals.list_post or same_id or case.verdict.signals.forwarder is not None
        if quiet:
            return Placed(
                Disposition.COPY,
                draft,
                "the same submission by another channel",
                no_letter="a second delivery",
                same_as=key,
                sameness="copy",
            )
        return Placed(
            Disposition.COPY, draft, "the same submission sent again", letter=LetterKind.COPY, same_as=key, sameness="copy"
        )

    def _withdrawal(self, case: Case) -> Placed:
        draft = self.index.of_sender(case) or self.index.of_house(case)
        if draft is None:
            return Placed(Disposition.WITHDRAWAL, None, "takes back a response that is not known", letter=LetterKind.WITHDRAWAL)
        draft.others.append(case.key)
        draft.withdrawn_by = case.key
        return Placed(Disposition.WITHDRAWAL, draft, "takes the response back; a person confirms", letter=LetterKind.WITHDRAWAL)

    def _endorsement(self, case: Case) -> Placed:
        text = f"{case.arrival.reading.subject}\n{case.arrival.reading.text}"
        draft = self.index.mentioned(case, self.drafts, text) or self.index.thread(case)
        if draft is not None:
            draft.endorsements.append(case.key)
        return Placed(Disposition.ENDORSEMENT, draft, "supports the response of another", letter=LetterKind.ENDORSEMENT)

    def _part(self, case: Case) -> Placed:
        signals = case.verdict.signals
        total, number = signals.part_total, signals.part_number or 0
        draft = self.index.of_sender(case)
        waiting = draft is not None and draft.part_total == total and number not in draft.part_numbers
        if draft is None or not waiting:
            same_total = [
                item for item in self._of_house_all(case) if item.part_total == total and number not in item.part_numbers
            ]
            draft = same_total[-1] if same_total else None
        if draft is None:
            draft = self._new(case)
            draft.part_total = total
        else:
            draft.versions[-1].keys.append(case.key)
            if draft.last_part_at is not None and case.received_at - draft.last_part_at > PART_PATIENCE:
                draft.flags.add("part_missing")
        draft.part_numbers.add(number)
        draft.last_part_at = case.received_at
        return Placed(Disposition.PART, draft, f"part {number} of {total}", letter=LetterKind.PART)

    def _of_house_all(self, case: Case) -> Sequence[Draft]:
        return self.index.by_domain.get(domain_of(case.verdict.author), ())

    def _revision(self, case: Case) -> Placed:
        draft = self.index.of_sender(case) or self.index.of_house(case)
        if draft is None or not draft.versions:
            return self._response(case)
        current = self.index.cases[draft.versions[-1].keys[0]]
        if unreadable(current) and case.verdict.signals.resends and readable(case):
            return self._cures(case, draft)
        late = case.received_at > self.deadline
        draft.versions.append(DraftVersion(keys=[case.key], received_at=case.received_at, late=late))
        kind = LetterKind.LATE if late else LetterKind.REVISION
        return Placed(
            Disposition.REVISION, draft, "replaces the version before", letter=kind, same_as=current.key, sameness="new_version"
        )

    def _supplement(self, case: Case) -> Placed:
        draft = self.index.of_sender(case) or self.index.of_house(case)
        if draft is None:
            return self._response(case)
        draft.supplements.append(case.key)
        return Placed(Disposition.SUPPLEMENT, draft, "adds to the response", letter=LetterKind.SUPPLEMENT)

    def _misdirected(self, _: Case) -> Placed:
        return Placed(Disposition.MISDIRECTED, None, "meant for another procedure", letter=LetterKind.MISDIRECTED)

    def _enquiry(self, case: Case) -> Placed:
        draft = self.index.of_sender(case)
        if draft is not None:
            draft.others.append(case.key)
        return Placed(Disposition.ENQUIRY, draft, "asks the secretariat", letter=LetterKind.ENQUIRY)

    def _correspondence(self, case: Case) -> Placed:
        draft = self.index.of_sender(case) or self.index.thread(case) or self.index.of_house(case)
        if draft is None:
            text = f"{case.arrival.reading.subject}\n{case.arrival.reading.text}"
            draft = self.index.mentioned(case, self.drafts, text)
        if draft is None:
            return self._unplaced()
        draft.others.append(case.key)
        return Placed(Disposition.CORRESPONDENCE, draft, "belongs to the response and adds nothing", no_letter="correspondence")

    def _unplaced(self) -> Placed:
        """A short note of a person from whom nothing came: nobody's correspondence, so it asks something of us."""
        return Placed(Disposition.ENQUIRY, None, "a note that belongs to no response", letter=LetterKind.ENQUIRY)

    def _response(self, case: Case) -> Placed:
        draft = self.index.of_sender(case)
        if draft is not None and self._is_cure(case, draft):
            return self._cures(case, draft)
        if draft is not None and draft.versions and not self._other_body(case, draft):
            joined = self._join(case, draft)
            if joined is not None:
                return joined
        draft = self._new(case)
        kind = LetterKind.ACKNOWLEDGEMENT
        if case.received_at > self.deadline:
            kind = LetterKind.LATE
        elif any(doubt.startswith(HOLDING) for doubt in case.verdict.doubts):
            kind = LetterKind.HELD
        letter: LetterKind | None = kind
        refused = ""
        if any(doubt.startswith("authentication") for doubt in case.verdict.doubts):
            letter, refused = None, "our own host could not authenticate the sender; a person decides"
        return Placed(
            Disposition.RESPONSE,
            draft,
            (case.verdict.findings and _because(case)) or "a response",
            letter=letter,
            no_letter=refused,
        )

    def _is_cure(self, case: Case, draft: Draft) -> bool:
        """Something readable from the same sender, after something unreadable: in the thread, or said to be sent again."""
        current = self.index.cases[draft.versions[-1].keys[0]]
        linked = self.index.thread(case) is draft or case.verdict.signals.resends or bool(case.arrival.reading.in_reply_to)
        return unreadable(current) and readable(case) and linked

    def _other_body(self, case: Case, draft: Draft) -> bool:
        """The same person for another organization: another response (one signatory, two respondents)."""
        mine = plain(case.verdict.respondent.organization)
        theirs = plain(self.index.cases[draft.versions[-1].keys[0]].verdict.respondent.organization)
        return bool(mine and theirs and mine != theirs and similarity_of_names(mine, theirs) < 0.6)

    def _join(self, case: Case, draft: Draft) -> Placed | None:
        """A further text of the same respondent without a word of what it is: a cure, a new version, or an addition."""
        current = self.index.cases[draft.versions[-1].keys[0]]
        if (unreadable(current) or not readable(current)) and readable(case):
            return self._cures(case, draft)
        mine = {answer.question for answer in case.verdict.answers}
        theirs = {answer.question for answer in current.verdict.answers}
        if mine and not mine & theirs:
            draft.supplements.append(case.key)
            return Placed(Disposition.SUPPLEMENT, draft, "answers further questions", letter=LetterKind.SUPPLEMENT)
        alike = similarity(case.verdict.minhash, current.verdict.minhash)
        if mine & theirs or alike >= 0.3:
            if case.verdict.language != current.verdict.language and alike < 0.3:
                draft.others.append(case.key)
                return Placed(
                    Disposition.COPY,
                    draft,
                    "the same response in another language",
                    letter=LetterKind.COPY,
                    same_as=current.key,
                    sameness="copy",
                )
            late = case.received_at > self.deadline
            draft.versions.append(DraftVersion(keys=[case.key], received_at=case.received_at, late=late))
            kind = LetterKind.LATE if late else LetterKind.REVISION
            return Placed(
                Disposition.REVISION,
                draft,
                "a new text of the same respondent",
                letter=kind,
                same_as=current.key,
                sameness="new_version",
            )
        if case.verdict.attachments and not mine:
            draft.supplements.append(case.key)
            return Placed(Disposition.SUPPLEMENT, draft, "a further file of the same respondent", letter=LetterKind.SUPPLEMENT)
        return None

    def _cures(self, case: Case, draft: Draft) -> Placed:
        draft.versions[-1].keys.append(case.key)
        same_as = draft.versions[-1].keys[0]
        return Placed(
            Disposition.COPY,
            draft,
            "makes the text readable or complete",
            letter=LetterKind.COPY,
            same_as=same_as,
            sameness="copy",
        )

    def _new(self, case: Case) -> Draft:
        late = case.received_at > self.deadline
        version = DraftVersion(keys=[case.key], received_at=case.received_at, late=late)
        draft = Draft(first=case.key, received_at=case.received_at, versions=[version])
        self.drafts.append(draft)
        self.index.name(case, draft)
        return draft


def similarity_of_names(one: str, other: str) -> float:
    """Share of the words that two names have in common, of the shorter one."""
    mine, theirs = set(one.split()), set(other.split())
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _claims(case: Case) -> bool:
    """Whether it says itself that it is something else than a repetition."""
    return case.verdict.disposition in (
        Disposition.WITHDRAWAL,
        Disposition.ENDORSEMENT,
        Disposition.ENQUIRY,
        Disposition.CORRESPONDENCE,
        Disposition.MISDIRECTED,
    )


def _because(case: Case) -> str:
    return max(case.verdict.findings, key=lambda finding: finding.confidence).because


def _texts(case: Case) -> list[str]:
    texts = []
    for part in case.arrival.reading.parts:
        texts.append(part.text)
        if part.message is not None:
            texts.append(" ".join(address.address for address in (*part.message.to, *part.message.cc)))
            texts += [value for _, value in part.message.headers if "@" in value]
        texts += [child.text for child in part.children]
    return texts


def fold(cases: Sequence[Case], deadline: datetime, campaign_of: dict[str, str]) -> Fold:
    """The fold over all messages of a round."""
    state = Fold(deadline=deadline, campaign_of=campaign_of)
    for case in sorted(cases, key=lambda case: case.order):
        state.step(case)
    return state

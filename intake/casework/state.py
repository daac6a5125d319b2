"""What the fold has made so far, and the steps that every placing shares."""

from __future__ import annotations

from collections.abc import Container, Mapping, MutableSet, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from intake.casework.drafts import Aside, Case, Draft, DraftVersion, Placed
from intake.casework.linking import Index
from intake.model.record import LetterKind, Status
from intake.model.verdict import Disposition


@dataclass(frozen=True)
class Closing:
    """That a person closed a response at that moment (withdrawn, excluded), or opened it again (None)."""

    at: datetime
    status: Status | None


@dataclass
class State:
    """The fold's state. Messages are placed one after the other; nothing that was placed is placed again. `closings`: by the case
    that a decision named. `sent`: Message-ID and content of officers' own mails."""

    deadline: datetime
    campaign_of: Mapping[str, str]
    aside: Mapping[str, Aside] = field(default_factory=dict)
    index: Index = field(default_factory=Index)
    placed: dict[str, Placed] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    campaign_people: MutableSet[str] = field(default_factory=set)
    closings: Mapping[str, Sequence[Closing]] = field(default_factory=dict)
    sent: Container[tuple[str | None, str]] = frozenset()

    def late(self, case: Case) -> bool:
        """Whether it was received after the deadline."""
        return case.received_at > self.deadline

    def current(self, draft: Draft) -> Case:
        """The authoritative message of a response's newest version."""
        return self.index.cases[draft.versions[-1].keys[0]]

    def closed_before(self, draft: Draft, case: Case) -> Status | None:
        """As what a person had closed the response when this message came: what its sender writes afterwards is not part of it."""
        if not self.closings:
            return None
        found = [one for key in draft.messages() for one in self.closings.get(key, ()) if one.at < case.received_at]
        return max(found, key=lambda one: one.at).status if found else None

    def new(self, case: Case) -> Draft:
        """A response that begins with this message."""
        version = DraftVersion(keys=[case.key], received_at=case.received_at, late=self.late(case))
        draft = Draft(first=case.key, received_at=case.received_at, versions=[version])
        self.drafts.append(draft)
        self.index.name(case, draft)
        return draft

    def add_version(self, case: Case, draft: Draft, why: str, *, doubtful: bool = False) -> Placed:
        """A version after the current one; late or doubtful ones stand only when a person says so."""
        current = self.current(draft)
        version = DraftVersion(keys=[case.key], received_at=case.received_at, late=self.late(case), doubtful=doubtful)
        draft.versions.append(version)
        if doubtful:
            draft.doubts.append("a new version comes from another sender")
        kind = LetterKind.LATE if version.late else LetterKind.REVISION
        return Placed(Disposition.REVISION, draft, why, letter=kind, same_as=current.key, sameness="new_version")

    def add_supplement(self, case: Case, draft: Draft, why: str, *, doubtful: bool = False) -> Placed:
        """An addition to what stands."""
        self._add(case, draft)
        if doubtful:
            draft.doubtful.add(case.key)
            draft.doubts.append("an addition comes from another sender")
        kind = LetterKind.LATE if self.late(case) else LetterKind.SUPPLEMENT
        return Placed(Disposition.SUPPLEMENT, draft, why, letter=kind)

    def replace_supplement(self, case: Case, draft: Draft, old: str) -> Placed:
        """An addition in the place of an earlier one; the earlier one stays listed."""
        self._add(case, draft)
        draft.replaced[old] = case.key
        kind = LetterKind.LATE if self.late(case) else LetterKind.REVISION
        return Placed(Disposition.REVISION, draft, "replaces an addition", letter=kind, same_as=old, sameness="new_version")

    def _add(self, case: Case, draft: Draft) -> None:
        draft.supplements.append(case.key)
        if self.late(case):
            draft.late.add(case.key)

    def cure(self, case: Case, draft: Draft) -> Placed:
        """A readable or complete copy stands in the version that it makes readable."""
        version = draft.versions[-1]
        draft.cured_by.setdefault(version.keys[0], case.key)
        version.keys.append(case.key)
        return Placed(
            Disposition.COPY,
            draft,
            "makes the text readable or complete",
            letter=LetterKind.COPY,
            same_as=version.keys[0],
            sameness="copy",
        )

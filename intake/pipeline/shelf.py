"""Where the words of a round's messages are while the fold holds them without: the ledger's caches, and a few at hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from intake.casework.drafts import Case
from intake.model.round import Round
from intake.model.verdict import Verdict

if TYPE_CHECKING:
    from intake.pipeline.office import Office

Told = TypeVar("Told")
Read = Callable[["Office", Round, Sequence[Case]], Iterable[Case]]
"""Cases without words to the same with words, in order."""

AT_HAND_CHARS = 2_000_000
"""So many words of new messages are kept until their record is saved with them."""
RECENT = 16


class Shelf:
    """Implements casework's Shelf for one round. What was told of a message stays until the message is forgotten."""

    def __init__(self, office: Office, consultation: Round, read: Read, version: Callable[[Office], str]) -> None:
        self._version = version
        self._office = office
        self._consultation = consultation
        self._read = read
        self._fresh: dict[str, Verdict] = {}
        self._chars = 0
        self._recent: OrderedDict[str, Case] = OrderedDict()
        self._told: dict[str, dict[str, Any]] = {}

    def keep(self, case: Case) -> None:
        """Keep a new message's verdict at hand, as long as there is room."""
        self.forget(case.arrival.key)
        verdict = case.verdict
        passages = (item for answer in verdict.answers for item in answer.passages)
        size = sum(len(item.text) for item in (*passages, *verdict.general, *verdict.unmapped))
        if self._chars + size <= AT_HAND_CHARS:
            self._fresh[case.arrival.key] = verdict
            self._chars += size

    def clear(self) -> None:
        """Nothing is new any more."""
        self._fresh.clear()
        self._recent.clear()
        self._chars = 0

    def forget(self, key: str) -> None:
        """A message that was read anew: what was told of it goes."""
        self._fresh.pop(key, None)
        self._recent.pop(key, None)
        self._told.pop(key, None)

    def whole(self, case: Case) -> Case:
        """See casework.drafts.Shelf."""
        key = case.arrival.key
        found = self._recent.get(key)
        if found is None:
            (found,) = self._read(self._office, self._consultation, [case])
            self._recent[key] = found
            if len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        return replace(case, arrival=replace(case.arrival, reading=found.arrival.reading), verdict=found.verdict, shelf=None)

    def wholes(self, cases: Sequence[Case], at_once: int = 64) -> Iterator[Case]:
        """Many of them, in order, read in stretches; those that have their words as they are."""
        for start in range(0, len(cases), at_once):
            some = cases[start : start + at_once]
            missing = [case for case in some if case.shelf is not None]
            read = {case.arrival.key: case for case in self._read(self._office, self._consultation, missing)} if missing else {}
            for case in some:
                yield read.get(case.arrival.key) or case.whole

    def verdicts(self, cases: Sequence[Case]) -> dict[str, Verdict]:
        """The verdicts with their words, by message key; only read, where the caches have them."""
        found = {case.arrival.key: case.verdict for case in cases if case.shelf is None}
        found |= {key: self._fresh[key] for case in cases if (key := case.arrival.key) in self._fresh}
        missing = {case.arrival.key: case for case in cases if case.arrival.key not in found}
        office = self._office
        found |= office.ledger.verdicts(self._consultation.id, list(missing), self._version(office))
        return found | {key: self.whole(case).verdict for key, case in missing.items() if key not in found}

    def told(self, case: Case, what: str, of: Callable[[Case], Told]) -> Told:
        """See casework.drafts.Shelf."""
        mine = self._told.setdefault(case.arrival.key, {})
        if what not in mine:
            mine[what] = of(self.whole(case))
        found: Told = mine[what]
        return found

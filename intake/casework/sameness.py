"""When two mails of one response say the same."""

from __future__ import annotations

from hashlib import blake2b

from intake.casework.drafts import Case, Draft, Placed, plain
from intake.model.record import LetterKind
from intake.model.verdict import Disposition


def said_by(case: Case) -> dict[int, bytes]:
    """Its answers as compared: question -> a hash of what is said on it, without case, accents and punctuation."""
    return case.told("answers", _as_compared)


def _as_compared(case: Case) -> dict[int, bytes]:
    return {
        answer.question: blake2b(plain(answer.text).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        for answer in case.verdict.answers
    }


def is_slip(case: Case) -> bool:
    """Whether it came by no mail."""
    return case.verdict.slip is not None


def same_again(current: Case, case: Case, draft: Draft, why: str) -> Placed:
    """A copy of a response's text: it is told, and stands in no version."""
    draft.others.append(case.key)
    if case.verdict.signals.list_post:
        return Placed(Disposition.COPY, draft, why, no_letter="the list's copy", same_as=current.key, sameness="copy")
    return Placed(Disposition.COPY, draft, why, letter=LetterKind.COPY, same_as=current.key, sameness="copy")

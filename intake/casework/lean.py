"""Cases without their words: what the fold needs of a message, a twentieth of its size. The words stay in the ledger's caches and are
asked for where two texts must be compared (`Case.whole`, `Case.told`).

A passage that was left light has a mark instead of its text, a short hash: two records are equal when their words are, and no mark
can be taken for a word (it begins with NUL, which no text of ours has).
"""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from msgspec.structs import replace

from intake.casework.drafts import Case, Shelf, says_nothing
from intake.model.mail import Part, Reading
from intake.model.record import Response
from intake.model.verdict import Answer, Disposition, Passage, Respondent, Verdict

MARK = "\0"
KEPT = ("auto-submitted", "return-path")
"""Headers by which a letter is let go or held."""
SHORT = 1500
"""A note of so many characters is kept: whom it speaks of is asked at every judging."""
_NOTES = (Disposition.ENDORSEMENT, Disposition.CORRESPONDENCE, Disposition.ENQUIRY, Disposition.WITHDRAWAL)
_POOL: dict[Any, Any] = {}
"""Values that many messages share, each once."""
_POOLED = 50_000


def lean(case: Case, shelf: Shelf) -> Case:
    """The same without words, which `shelf` has. Digests of the list and pieces of a message are rare and stay as they are."""
    reading, verdict = case.arrival.reading, case.verdict
    if verdict.posts or case.post is not None or reading.partial is not None:
        return case
    note = verdict.disposition in _NOTES or says_nothing(case)
    slim = Reading(
        sha256=case.arrival.key if reading.sha256 == case.arrival.key else reading.sha256,
        size_bytes=reading.size_bytes,
        message_id=reading.message_id,
        subject=reading.subject,
        from_=reading.from_,
        date_claimed=reading.date_claimed,
        in_reply_to=reading.in_reply_to,
        references=reading.references,
        headers=tuple(item for item in reading.headers if item[0].lower() in KEPT),
        text=reading.text if note and len(reading.text) <= SHORT else "",
        parts=_inner(case),
        held=reading.held,
        content_hash=reading.content_hash,
    )
    return replace(case, arrival=replace(case.arrival, reading=slim), verdict=lean_verdict(verdict), shelf=shelf)


def _inner(case: Case) -> tuple[Part, ...]:
    """Of a colleague's forward the identity of what it encloses."""
    if not case.verdict.signals.forwarder:
        return ()
    for part in case.arrival.reading.parts:
        if part.message is not None:
            inner = part.message
            kept = Reading(
                sha256=inner.sha256, size_bytes=inner.size_bytes, message_id=inner.message_id, content_hash=inner.content_hash
            )
            return (replace(part, text="", blocks=(), children=(), message=kept),)
    return ()


def lean_verdict(verdict: Verdict) -> Verdict:
    """Without the passages' words; the signature packed."""
    signature: Any = array("I", verdict.minhash) if verdict.minhash else ()
    return replace(
        verdict,
        findings=tuple(_shared(item) for item in verdict.findings),
        respondent=_respondent(verdict.respondent),
        answers=tuple(_answer(item) for item in verdict.answers),
        general=tuple(_passage(item) for item in verdict.general),
        unmapped=tuple(_passage(item) for item in verdict.unmapped),
        flags=_shared(verdict.flags),
        doubts=_shared(verdict.doubts),
        minhash=signature,
    )


def lean_response(response: Response) -> Response:
    """As `judge` makes it of lean cases."""
    return replace(
        response,
        respondent=_respondent(response.respondent),
        answers=tuple((key, _answer(item)) for key, item in response.answers),
        general=tuple((key, _passage(item)) for key, item in response.general),
        unmapped=tuple((key, _passage(item)) for key, item in response.unmapped),
        flags=_shared(response.flags),
        doubts=_shared(response.doubts),
    )


def whole_response(response: Response, verdict_of: Callable[[str], Verdict]) -> Response:
    """The response with its words again. `verdict_of`: by message key, with its words."""
    texts: dict[str, dict[tuple[str, int, int], str]] = {}

    def word(key: str, passage: Passage) -> Passage:
        if not passage.text.startswith(MARK):
            return passage
        if key not in texts:
            every = _passages_of(verdict_of(key))
            texts[key] = {(item.part, item.start, item.end): item.text for item in every}
        return replace(passage, text=texts[key][passage.part, passage.start, passage.end])

    def said(key: str, answer: Answer) -> Answer:
        return replace(answer, passages=tuple(word(key, item) for item in answer.passages))

    return replace(
        response,
        answers=tuple((key, said(key, item)) for key, item in response.answers),
        general=tuple((key, word(key, item)) for key, item in response.general),
        unmapped=tuple((key, word(key, item)) for key, item in response.unmapped),
    )


def _passages_of(verdict: Verdict) -> Iterator[Passage]:
    return chain((item for answer in verdict.answers for item in answer.passages), verdict.general, verdict.unmapped)


def _answer(item: Answer) -> Answer:
    return replace(item, passages=tuple(_passage(one) for one in item.passages), how=sys.intern(item.how))


def _passage(item: Passage) -> Passage:
    if not item.text or item.text.startswith(MARK):
        return item
    mark = MARK + hashlib.blake2b(item.text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return replace(item, part=sys.intern(item.part), text=mark)


def _respondent(who: Respondent) -> Respondent:
    """Its tables of sources and confidence are few and shared by many."""
    sources, confidence = tuple(who.sources.items()), tuple(who.confidence.items())
    return replace(who, sources=_of_pool(sources, who.sources), confidence=_of_pool(confidence, who.confidence))


def _shared(value: Any) -> Any:
    """The first of all equal values (hashable ones)."""
    return _of_pool(value, value)


def _of_pool(key: Any, value: Any) -> Any:
    if len(_POOL) >= _POOLED:
        _POOL.clear()
    return _POOL.setdefault((type(value), key), value)

"""Where a message with content of its own belongs: a response, a part, a new version, an addition, a readable copy."""

from __future__ import annotations

from datetime import timedelta

from intake.casework.drafts import (
    CUT,
    HOLDING,
    NOTHING,
    Case,
    Draft,
    Placed,
    is_beginning,
    plain,
    readable,
    similarity,
    similarity_of_names,
    unreadable,
)
from intake.casework.linking import SURE, addresses_in, files_of, people_of
from intake.casework.notes import place_correspondence
from intake.casework.sameness import is_slip, said_by, same_again
from intake.casework.state import State
from intake.model.record import LetterKind, Status
from intake.model.verdict import Category, Disposition

NEAR = 0.85
"""Similarity from which equal answers in another file are the same text."""
FEW_WORDS = 60
"""Words on the matter below which a note about a new version is no version."""
ACRONYM = 8
NAMED = 0.55
"""Confidence from which a note names a body of its own."""
DOUBTED = 0.5
"""Confidence below which a note may be no response at all."""
NOTED = 0.6
"""Confidence from which a text without answers says something on the matter."""
PART_PATIENCE = timedelta(hours=20)
"""A part that comes later than this after the one before was missing meanwhile (chased at D+1)."""


def place_response(state: State, case: Case) -> Placed:
    """A response of its own, unless the same sender has one that it belongs to."""
    known = _told_of_known(state, case)
    if known is not None:
        return known
    draft = None if case.doubtful else state.index.of_sender(case)
    if draft is not None and state.closed_before(draft, case):
        return place_new(state, case, draft)
    if draft is not None and _is_note(case):
        return place_correspondence(state, case)
    of_house = _of_ones_house(state, case) if draft is None and not case.doubtful else None
    if of_house is not None:
        return of_house
    if draft is not None and case.verdict.signals.replaces and _brings_nothing(case):
        return place_correspondence(state, case)
    if draft is not None and _is_cure(state, case, draft):
        return state.cure(case, draft)
    if draft is not None and not other_body(state, case, draft):
        joined = join(state, case, draft)
        if joined is not None:
            return joined
    return place_twin(state, case) or _place_co_signed(state, case) or _of_one_state(state, case) or place_new(state, case)


def place_note(state: State, case: Case) -> Placed:
    """A mail that says nothing on the matter: a colleague's of what is there, else words that belong to a response or ask something."""
    return _told_of_known(state, case) or place_correspondence(state, case)


def _told_of_known(state: State, case: Case) -> Placed | None:
    """A colleague's mail that quotes what a respondent wrote who is there, and brings nothing of its own: a forward of a forward."""
    verdict = case.verdict
    brings = (
        verdict.answers
        or any(item.state.value != "ignored" for item in verdict.attachments)
        or verdict.signals.substance >= FEW_WORDS
    )
    if not verdict.signals.colleague or verdict.signals.forwarder or brings or case.doubtful:
        return None
    draft = state.index.of_recipient(case.told("addresses", addresses_in))
    if draft is None or draft.people & set(people_of(case)):
        return None
    draft.others.append(case.key)
    current = state.current(draft)
    return Placed(
        Disposition.COPY,
        draft,
        "a colleague hands on what is there",
        no_letter="a second delivery",
        same_as=current.key,
        sameness="copy",
    )


def _place_co_signed(state: State, case: Case) -> Placed | None:
    """A joint text that one of its signatories sends too is a copy; the same text from anybody else is a response, and is told."""
    found = None if case.doubtful else state.index.same_text(case)
    if found is None:
        return None
    draft, key = found
    first = state.index.cases[draft.first].verdict
    who = case.verdict.respondent
    signed = {plain(name) for name in first.co_signatories} | {f"@{code}" for code in first.co_countries}
    mine = {plain(who.organization), plain(who.person)} - {""}
    if who.country and who.category is Category.GOVERNMENT:
        mine.add(f"@{who.country}")
    again = bool(first.co_signatories) and set(first.co_signatories) == set(case.verdict.co_signatories)
    house, other = case.verdict.signals.house, state.index.cases[key]
    theirs = other.verdict.respondent
    vouched = case.arrival.trust.dmarc == other.arrival.trust.dmarc == "pass"
    state_of = who.country if Category.GOVERNMENT in (who.category, theirs.category) and who.country == theirs.country else None
    state_of = state_of if vouched else None
    if ((house and house == other.verdict.signals.house) or state_of) and not other.doubtful:
        return _of_the_same_house(case, draft, key)
    if (signed & mine) or again:
        draft.others.append(case.key)
        why = "the joint response, sent by one of its signatories too"
        return Placed(Disposition.COPY, draft, why, letter=LetterKind.COPY, same_as=key, sameness="copy")
    placed = place_new(state, case)
    assert placed.draft is not None
    placed.draft.doubts.append(f"the same text as {draft.id}, of another respondent")
    draft.doubts.append(f"the same text as {placed.draft.id}, of another respondent")
    return placed


def _is_note(case: Case) -> bool:
    """A few words of one whose response is there, which may be no response at all."""
    brings = case.verdict.answers or files_of(case) or unreadable(case)
    return not brings and case.verdict.confidence < DOUBTED and case.label is None


def _of_one_state(state: State, case: Case) -> Placed | None:
    """A ministry's readable text of what its mission sent as a picture: a name alone grants nothing, so that a person decides."""
    draft = state.index.of_name(case)
    if draft is None or case.doubtful or state.closed_before(draft, case):
        return None
    mine, theirs = case.verdict.respondent, state.current(draft).verdict.respondent
    one_state = (
        mine.category is theirs.category is Category.GOVERNMENT and mine.country is not None and mine.country == theirs.country
    )
    if not (one_state and case.verdict.signals.resends and _completes(state, case, draft)):
        return None
    return state.add_version(case, draft, "makes readable what another of the same State sent; a person decides", doubtful=True)


def _of_ones_house(state: State, case: Case) -> Placed | None:
    """A mail of another mailbox of a house that has one response: what was unreadable readable, the same answers, or a note of it. A
    text of its own that says so is another response."""
    draft = state.index.of_house(case)
    if draft is None or state.closed_before(draft, case):
        return None
    if _is_note(case):
        return place_correspondence(state, case)
    if other_body(state, case, draft):
        return None
    current = state.current(draft)
    signals = case.verdict.signals
    if (signals.resends or signals.replies or signals.adds or signals.hands_on) and _completes(state, case, draft):
        return state.cure(case, draft)
    if said_by(case) and said_by(case) == said_by(current):
        return _of_the_same_house(case, draft, current.key)
    return None


def _of_the_same_house(case: Case, draft: Draft, key: str) -> Placed:
    """The same words or files from another mailbox of one house: nobody else's. One who only hands on what came is told nothing."""
    draft.others.append(case.key)
    why = "the same text, sent by another of the same house"
    if case.verdict.signals.hands_on:
        return Placed(Disposition.COPY, draft, why, no_letter="hands on what is there", same_as=key, sameness="copy")
    return Placed(Disposition.COPY, draft, why, letter=LetterKind.COPY, same_as=key, sameness="copy")


def _brings_nothing(case: Case) -> bool:
    """A note that only says that something will be replaced."""
    verdict = case.verdict
    files = any(item.state.value != "ignored" for item in verdict.attachments)
    note = verdict.signals.replaces and verdict.confidence < NOTHING and verdict.signals.substance < FEW_WORDS
    return not (verdict.answers or files or unreadable(case)) and (note or not (verdict.general or verdict.minhash))


def _addition_meant(state: State, case: Case, draft: Draft) -> str | None:
    """The addition that a new version replaces, where it is an addition that it is a version of and not the response itself."""
    current = state.current(draft)
    if {answer.question for answer in case.verdict.answers} & {answer.question for answer in current.verdict.answers}:
        return None
    standing = [state.index.cases[key] for key in draft.supplements if key not in draft.replaced]
    to_current = similarity(case.verdict.minhash, current.verdict.minhash)
    for addition in reversed(standing):
        asked = {answer.question for answer in addition.verdict.answers} & {answer.question for answer in case.verdict.answers}
        named = _names_of(addition) & _names_of(case) - _names_of(current)
        if asked or named or similarity(case.verdict.minhash, addition.verdict.minhash) > max(to_current, SURE):
            return addition.key
    return None


def _names_of(case: Case) -> set[str]:
    return {item.name.casefold() for item in case.verdict.attachments if item.state.value != "ignored"}


def place_new(state: State, case: Case, before: Draft | None = None) -> Placed:
    """A response of its own. `before`: the one of the same sender that a person closed; after an exclusion a person decides again."""
    draft = state.new(case)
    if before is not None and state.closed_before(before, case) is Status.EXCLUDED:
        draft.doubts.append("the response of this sender before was excluded by a decision")
        draft.holding = True
    kind = LetterKind.ACKNOWLEDGEMENT
    if state.late(case):
        kind = LetterKind.LATE
    elif draft.holding or any(doubt.startswith(HOLDING) for doubt in case.verdict.doubts):
        kind = LetterKind.HELD
    because = (
        max(case.verdict.findings, key=lambda finding: finding.confidence).because if case.verdict.findings else "a response"
    )
    return Placed(Disposition.RESPONSE, draft, because, letter=kind)


def place_revision(state: State, case: Case) -> Placed:
    """A new version of the same sender's response. From another sender it waits for a person."""
    draft = state.index.of_sender(case) or state.index.of_house(case)
    claimed = draft or state.index.of_name(case)
    if claimed is None:
        return place_response(state, case)
    if state.closed_before(claimed, case):
        return place_new(state, case, claimed)
    if case.label is None and _brings_nothing(case):
        return place_correspondence(state, case)
    if case.label is None and draft is not None and draft is not state.index.of_token(case) and _another_s(state, case, draft):
        if set(people_of(case)) & draft.people:
            return place_response(state, case)
        return state.add_version(case, draft, "says that it replaces what the house sent; a person decides", doubtful=True)
    if draft is not None and case.label is None and state.index.guessed(case, draft):
        return state.add_version(case, draft, "a new version; of which response, a person decides", doubtful=True)
    if (draft is not None and not case.doubtful) or case.label is not None:
        draft = claimed
        old = _addition_meant(state, case, draft)
        if old is not None:
            return state.replace_supplement(case, draft, old)
        if case.verdict.signals.resends and _completes(state, case, draft):
            return state.cure(case, draft)
        current = state.current(draft)
        if said_by(case) and said_by(case) == said_by(current) and files_of(case) <= files_of(current) and case.label is None:
            return same_again(current, case, draft, "says that it replaces, and is the same text")
        return state.add_version(case, draft, "replaces the version before")
    return state.add_version(case, claimed, "replaces the version before; another sender, a person decides", doubtful=True)


def place_supplement(state: State, case: Case) -> Placed:
    """An addition to the same sender's response. From another sender it waits for a person."""
    draft = state.index.of_sender(case) or state.index.of_house(case)
    claimed = draft or state.index.of_name(case)
    if claimed is None:
        return place_response(state, case)
    if state.closed_before(claimed, case):
        return place_new(state, case, claimed)
    if (draft is not None and not case.doubtful) or case.label is not None:
        forgotten = "part_missing" in state.current(claimed).verdict.flags and _completes(state, case, claimed)
        if forgotten or (case.verdict.signals.resends and unreadable(state.current(claimed)) and readable(case)):
            return state.cure(case, claimed)
        return state.add_supplement(case, claimed, "adds to the response")
    return state.add_supplement(case, claimed, "adds to the response; another sender, a person decides", doubtful=True)


def place_part(state: State, case: Case) -> Placed:
    """One piece of a response in several mails: of the same sender, or of his house where the total agrees."""
    signals = case.verdict.signals
    total, number = signals.part_total, signals.part_number or 0
    draft = None if case.doubtful else state.index.of_sender(case)
    if draft is None or not _waits_for(draft, total, number):
        beside = None if case.doubtful else state.index.by_house_parts.get((signals.house, total))
        draft = beside if beside is not None and _waits_for(beside, total, number) else None
    if draft is None:
        draft = state.new(case)
        draft.part_total = total
    else:
        draft.versions[-1].keys.append(case.key)
        draft.part_total = draft.part_total or total
        if draft.last_part_at is not None and case.received_at - draft.last_part_at > PART_PATIENCE:
            draft.flags.add("part_missing")
    draft.part_numbers.add(number)
    draft.last_part_at = case.received_at
    return Placed(Disposition.PART, draft, f"part {number} of {total}" if total else f"part {number}", letter=LetterKind.PART)


def _waits_for(draft: Draft, total: int | None, number: int) -> bool:
    return (
        bool(draft.part_numbers)
        and number not in draft.part_numbers
        and (draft.part_total == total or not (draft.part_total and total))
    )


def _is_cure(state: State, case: Case, draft: Draft) -> bool:
    """Something readable from the same sender, after something unreadable: in the thread, or said to be sent again."""
    linked = state.index.thread(case) is draft or case.verdict.signals.resends or bool(case.arrival.reading.in_reply_to)
    return linked and _completes(state, case, draft)


def _completes(state: State, case: Case, draft: Draft) -> bool:
    """Whether it makes the current version readable, or brings the whole of a text that came cut."""
    current = state.current(draft)
    if unreadable(current) and readable(case):
        return True
    if "part_missing" in current.verdict.flags and files_of(case) and not files_of(current):
        return True  # the file that it spoke of
    return case.verdict.signals.resends and _is_cut(current, case)


def _is_cut(current: Case, case: Case) -> bool:
    """Whether the earlier text is the beginning of the later one."""
    earlier = {answer.question: answer.text for answer in current.whole.verdict.answers}
    later = {answer.question: answer.text for answer in case.whole.verdict.answers}
    if later and not earlier:
        # No answer was told apart in what there was of it ("I." to "III." of four): its whole text begins the later one's.
        written = plain(current.whole.arrival.reading.text)[:-CUT]
        return len(written) > 3 * CUT and written in plain(case.whole.arrival.reading.text)
    whole = [plain(later.get(question, "")) == plain(text) for question, text in earlier.items()]
    grown = [is_beginning(text, later.get(question, "")) for question, text in earlier.items()]
    longer = len(later) > len(earlier) or any(grown)
    return bool(earlier) and longer and all(one or other for one, other in zip(whole, grown, strict=True))


def other_body(state: State, case: Case, draft: Draft) -> bool:
    """The same person for another organization: another response (one signatory, two respondents)."""
    mine = plain(case.verdict.respondent.organization)
    theirs = plain(state.current(draft).verdict.respondent.organization)
    who = case.verdict.respondent
    letters = who.organization or ""
    short = letters.isupper() and " " not in letters and len(letters) <= ACRONYM
    if short or who.confidence.get("organization", 1.0) < NAMED:
        return False  # "ARCEN" below a note may stand for any name that was written out before; a guess of a subject names nobody
    return bool(mine and theirs and mine != theirs and similarity_of_names(mine, theirs) < 0.6)


def _another_s(state: State, case: Case, draft: Draft) -> bool:
    return other_body(state, case, draft) and not _same_heading(state.current(draft), case)


def _same_heading(current: Case, case: Case) -> bool:
    """Whether the subject repeats the earlier one's: "RE: Response of Uruguay - revised" speaks of "Response of Uruguay"."""
    earlier, later = plain(current.arrival.reading.subject), plain(case.arrival.reading.subject)
    return len(earlier) >= CUT and later != earlier and f" {earlier} " in f" {later} "


def join(state: State, case: Case, draft: Draft) -> Placed | None:
    """A further text of the same respondent without a word of what it is: a cure, a copy, a new version, or an addition."""
    current = state.current(draft)
    if (unreadable(current) or not readable(current)) and readable(case):
        return state.cure(case, draft)
    mine, theirs = said_by(case), said_by(current)
    alike = similarity(case.verdict.minhash, current.verdict.minhash)
    other_language = case.verdict.language != current.verdict.language and alike < 0.3
    if case.verdict.signals.translates or (other_language and set(mine) & set(theirs)):
        return same_again(current, case, draft, "the same response in another language")
    if files_of(case) and files_of(case) == files_of(current) and mine == theirs:
        return same_again(current, case, draft, "the same file sent again")
    again = files_of(case) <= files_of(current) or case.verdict.signals.resends or alike >= NEAR or is_slip(current)
    if mine and mine == theirs and again:
        return same_again(current, case, draft, "the same text sent again")
    if mine and not set(mine) & set(theirs):
        return state.add_supplement(case, draft, "answers further questions")
    if set(mine) & set(theirs) or alike >= 0.3:
        return state.add_version(case, draft, "a new text of the same respondent")
    if case.verdict.attachments and not mine:
        return state.add_supplement(case, draft, "a further file of the same respondent")
    return _join_note(state, case, draft, current)


def _join_note(state: State, case: Case, draft: Draft, current: Case) -> Placed:
    """A mail without answers and files of somebody whose response is there: his text once more below a note, something more on the
    matter, or words that belong to it. Nobody has two responses."""
    if case.verdict.signals.resends:
        return same_again(current, case, draft, "says that it is sent again, and brings nothing else")
    if case.verdict.signals.substance >= FEW_WORDS and case.verdict.confidence >= NOTED:
        return state.add_supplement(case, draft, "a further text of the same respondent")
    return place_correspondence(state, case)


def place_twin(state: State, case: Case) -> Placed | None:
    """A slip and a mail of one organization that give the same answers are one response, whoever sent the mail: a letter on paper names
    no address. Between two mails a name alone grants nothing."""
    draft = state.index.of_name(case)
    if draft is None or case.doubtful:
        return None
    for version in draft.versions:
        other = state.index.cases[version.keys[0]]
        if (is_slip(other) or is_slip(case)) and said_by(case) and said_by(case) == said_by(other):
            return same_again(other, case, draft, "the same answers of the same organization by another channel")
    return None

"""Where a message without content of its own belongs: machines' mail, copies, campaigns, notes, questions, support, withdrawal."""

from __future__ import annotations

from intake.casework.drafts import Case, Draft, Placed
from intake.casework.linking import addresses_in, people_of
from intake.casework.state import State
from intake.model.record import LetterKind
from intake.model.verdict import Disposition

CORRECTS = "corrects the entry that was sent as proof"
_ASKED = "a withdrawal was asked for; a person confirms"
ORDERS = "an officer's decision by mail; what it decided stands in the journal"


def place_campaign(state: State, case: Case) -> Placed:
    """One of many near-identical mails: belongs to no response, one letter a person."""
    if case.person in state.campaign_people:
        because = "near-identical text of a campaign, second mail of this person"
        return Placed(Disposition.CAMPAIGN, None, because, no_letter="second campaign mail")
    state.campaign_people.add(case.person)
    return Placed(Disposition.CAMPAIGN, None, "near-identical text of a campaign", letter=LetterKind.CAMPAIGN)


def place_aside(state: State, case: Case) -> Placed:
    """Mail of the house's own work: kept and counted, no response, never answered by a receipt. What a respondent says of his own entry
    stands beside his response."""
    aside = state.aside[case.arrival.key]
    draft = state.index.draft_of.get(aside.of)
    if draft is not None:
        draft.others.append(case.key)
    return Placed(Disposition.CORRESPONDENCE, draft, aside.why, no_letter="it is answered by an officer, or by what it decides")


def place_machine(state: State, case: Case, disposition: Disposition) -> Placed:
    """Bounces, automatic answers, spam: never answered (RFC 3834)."""
    if disposition is Disposition.SPAM:
        return Placed(Disposition.SPAM, None, "unsolicited mail", no_letter="spam")
    draft = _of_report(state, case) if disposition is Disposition.BOUNCE else _of_machine(state, case)
    if draft is not None:
        draft.others.append(case.key)
        if disposition is Disposition.BOUNCE:
            draft.flags.add("bounced_acknowledgement")
    return Placed(disposition, draft, "a machine's mail", no_letter="automatic mail is never answered (RFC 3834)")


def _of_machine(state: State, case: Case) -> Draft | None:
    """A machine's answer belongs to the response of its own address, or of its house where that has one response."""
    index = state.index
    named = index.of_letter(case, "is", "answers", "encloses")
    return named or index.of_sender(case) or index.thread(case) or index.of_house(case)


def _of_report(state: State, case: Case) -> Draft | None:
    """A delivery report belongs to the response that the returned letter was about, else to that of the recipient it names."""
    return (
        state.index.of_letter(case, "encloses", "answers")
        or state.index.of_recipient(case.told("addresses", addresses_in))
        or state.index.thread(case)
    )


def place_copy(state: State, case: Case, key: str) -> Placed:
    """The same submission again. The list's copy, a gateway's second delivery and a colleague's forward get no letter."""
    draft = state.index.draft_of[key]
    first = state.index.cases[key]
    draft.others.append(case.key)
    signals = case.verdict.signals
    mine, theirs = case.arrival.reading.date_claimed, first.arrival.reading.date_claimed
    same_sending = (bool(case.message_id) and case.message_id == first.message_id) or (mine is not None and mine == theirs)
    through_office = signals.forwarder is not None and case.arrival.inner_trust is not None
    if (same_sending and signals.list_post) or through_office:
        # Received is what came first, by whichever way: a moderated list is no reason to be late, nor is a slow relay, nor an office
        # of ours that had it in time and hands it on later.
        for version in draft.versions:
            if version.keys[0] == key:
                version.received_at = min(version.received_at, case.received_at)
                version.late = version.received_at > state.deadline
        if key == draft.first:
            draft.received_at = min(draft.received_at, case.received_at)
    if signals.list_post or signals.forwarder is not None or same_sending:
        why, letter, refused = "the same submission by another channel", None, "a second delivery"
    else:
        why, letter, refused = "the same submission sent again", LetterKind.COPY, ""
    return Placed(Disposition.COPY, draft, why, letter=letter, no_letter=refused, same_as=key, sameness="copy")


def place_own_letter(state: State, case: Case) -> Placed:
    """A letter of ours that came back (a loop, a redirection): a machine's mail beside the response that it was about."""
    draft = state.index.of_letter(case, "is")
    if draft is not None:
        draft.others.append(case.key)
    return Placed(Disposition.AUTO_REPLY, draft, "a letter of ours came back", no_letter="our own letters are never answered")


def place_told_copy(state: State, case: Case, key: str | None) -> Placed:
    """What a person called a copy: of `key` where it repeats one, else of its sender's response."""
    draft = state.index.draft_of.get(key) if key is not None else state.index.of_sender(case) or state.index.thread(case)
    if draft is not None:
        draft.others.append(case.key)
    same = key or (state.current(draft).key if draft is not None else None)
    return Placed(Disposition.COPY, draft, "a copy, as a person decided", letter=LetterKind.COPY, same_as=same, sameness="copy")


def place_withdrawal(state: State, case: Case) -> Placed:
    """Nothing is removed by mail alone: the response is named, a person confirms."""
    draft = state.index.of_sender(case) or state.index.of_house(case) or state.index.of_name(case) or state.index.thread(case)
    if draft is None:
        return Placed(Disposition.WITHDRAWAL, None, "takes back a response that is not known", letter=LetterKind.WITHDRAWAL)
    draft.others.append(case.key)
    if _ASKED in draft.doubts and case.verdict.signals.replies and case.label is None:
        return Placed(Disposition.CORRESPONDENCE, draft, "confirms what was asked for before", no_letter="correspondence")
    draft.doubts.append(_ASKED)
    return Placed(Disposition.WITHDRAWAL, draft, "takes the response back; a person confirms", letter=LetterKind.WITHDRAWAL)


def place_endorsement(state: State, case: Case) -> Placed:
    """Support for another's response: the one that it names, else that of its thread."""
    draft = state.index.mentioned(case, said(case)) or state.index.thread(case)
    if draft is not None:
        draft.endorsements.append(case.key)
    return Placed(Disposition.ENDORSEMENT, draft, "supports the response of another", letter=LetterKind.ENDORSEMENT)


def place_enquiry(state: State, case: Case) -> Placed:
    """A question to the secretariat, shown beside the sender's response where there is one."""
    draft = state.index.of_sender(case)
    if draft is not None:
        draft.others.append(case.key)
    return Placed(Disposition.ENQUIRY, draft, "asks the secretariat", letter=LetterKind.ENQUIRY)


def place_correspondence(state: State, case: Case) -> Placed:
    """Belongs to a response and adds nothing. A note of a person from whom nothing came asks something of us."""
    index = state.index
    draft = index.of_sender(case) or index.thread(case) or index.of_house(case) or index.of_name(case)
    draft = draft or index.mentioned(case, said(case))
    if draft is None:
        return Placed(Disposition.ENQUIRY, None, "a note that belongs to no response", letter=LetterKind.ENQUIRY)
    draft.others.append(case.key)
    who = case.verdict.respondent
    if draft.people & set(people_of(case)) and (who.organization or who.country):
        draft.named_by = draft.named_by or case.key
    return Placed(Disposition.CORRESPONDENCE, draft, "belongs to the response and adds nothing", no_letter="correspondence")


def said(case: Case) -> str:
    """Subject and whole text, quotations included: whose response it speaks of may stand there."""
    reading = case.arrival.reading if case.arrival.reading.text else case.whole.arrival.reading
    return f"{reading.subject}\n{reading.text}"

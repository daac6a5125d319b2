"""What waits for an officer's word, as a digest and a sheet offer it and as an order finds it again by its token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from intake.casework.force import standing
from intake.casework.force import waiting as unconfirmed
from intake.digest.tasks import cut, junk_that_looks_real, letters_waiting, name_of, state_of, stretches, tasks
from intake.digest.tokens import decision_id, mark_of, sign
from intake.model.edition import DigestItem, Source
from intake.model.ledger import OutboxState
from intake.model.officer import Person, Role
from intake.model.record import Action, Response, Ruling, Status
from intake.model.round import Round
from intake.pipeline.cases import lean_cases_of
from intake.pipeline.judge import settle_round
from intake.pipeline.office import Office
from intake.pipeline.officers import policy_of
from intake.pipeline.outcome import given_items, outcome_items
from intake.pipeline.proofs import correction_items, proposals

WAITING_LETTERS = {"letters": OutboxState.WAITING_APPROVAL, "letters_held": OutboxState.HELD}
ON_ANY = ("redact", "disclose", "seal", "without_name", "group_only", "in_full", "exclude", "withdraw", "count")
"""What may be said of any response."""
ON_COUNTED = tuple(act for act in ON_ANY if act != "count")
OFFERED = (("count", "exclude"), ("accept_late", "exclude"), ("withdraw", "keep"), ("redact", "disclose"), ("second", "undo"),
           ("discard",), ("count", "discard"), ("confirm", "leave"), ("accept_late", "leave"), ("approve", "show"), ("ask",),
           ("prepare",), ("release",), ("tell",), ("outcome",), (*ON_ANY, "undo"))  # fmt: skip
"""Acts that stand side by side on one item."""
_RELEASERS = ("prepare", "release")
ANY = "any:response"
MOST_ROWS = 1000
"""Letters, or responses, that a sheet lists one by one."""


def waiting(office: Office, consultation: Round) -> tuple[DigestItem, ...]:
    """All that may be decided by mail or sheet, as it stands now: what the digest shows, and each stretch that is to be withheld."""
    record = settle_round(office, consultation)
    public = office.ledger.numbers(consultation.id).public
    decided = frozenset(ruling.message for ruling in office.ledger.rulings(consultation.id))
    cases = lean_cases_of(office, consultation)
    sources = {case.key: Source(arrival=case.arrival, verdict=case.verdict) for case in cases}
    corrected = correction_items(proposals(office, consultation, record, cases), public)
    found = [
        *tasks(record, public, consultation.time_zone),
        *stretches(record, public),
        *corrected,
        *junk_that_looks_real(record, sources, decided),
    ]
    return tuple(_not_asked(office, consultation, [*found, *round_items(office, consultation)]))


def round_items(office: Office, consultation: Round) -> Iterator[DigestItem]:
    """What waits of the round as a whole: letters, and a release that another officer has to confirm."""
    for kind, state in WAITING_LETTERS.items():
        found = office.ledger.letter_heads(consultation.id, (state,))
        if found:
            yield letters_waiting(kind, found[-1].id, len(found))
    yield from given_items(office, consultation)
    for ruling in releases_waiting(office, consultation):
        yield DigestItem(
            kind="second", number=f"Rev. {ruling.set['number']}", name=ruling.by, because="", item=f"second:{ruling.id}",
            command=f'intake --by NAME decide {ruling.id} second --reason "..."', acts=("second", "undo"), reason="release",
            state=state_of(ruling.id, release_state(office, consultation)),
        )  # fmt: skip


def beside(office: Office, consultation: Round) -> Iterator[DigestItem]:
    """What does not wait and may be asked for at any time: that the next revision be prepared, that respondents be told of the last, a
    word on any response. For sheets and the foot of an officer's digest."""
    record = settle_round(office, consultation)
    revisions = office.ledger.revisions(consultation.id)
    if record.counts.counted and not releases_waiting(office, consultation) and not _nothing_new(office, consultation):
        yield _plain("release", f"prepare:{len(revisions)}", f"Rev. {len(revisions)}", ("prepare",), "intake --by NAME release")
    yield from told_item(office, consultation)
    yield from outcome_items(office, consultation)
    if record.responses:
        yield _plain("any", ANY, "", (*ON_ANY, "undo"), "")


def _plain(kind: str, item: str, number: str, acts: tuple[str, ...], command: str) -> DigestItem:
    return DigestItem(kind=kind, number=number, name="", because="", command=command, item=item, acts=acts, state=state_of())


def told_item(office: Office, consultation: Round) -> Iterator[DigestItem]:
    """That respondents be told of the revision released last, where nobody has had them told."""
    revisions = office.ledger.revisions(consultation.id)
    about = f"tell:{revisions[-1].number}" if revisions else ""
    rulings = office.ledger.rulings(consultation.id)
    if about and not any(item.action is Action.ERRAND and item.set.get("about") == about for item in rulings):
        yield _plain("publication", about, f"Rev. {revisions[-1].number}", ("tell",), "intake --by NAME notify publication")


def single_letters(office: Office, consultation: Round) -> Iterator[DigestItem]:
    """Each letter that waits, for a sheet."""
    for kind, state in WAITING_LETTERS.items():
        for letter in office.ledger.letter_heads(consultation.id, (state,))[:MOST_ROWS]:
            yield DigestItem(
                kind=kind, number="", name=cut(letter.recipient), because=cut(letter.reason), command="", item=f"letter:{letter.id}",
                acts=("approve",), state=state_of(state.value), message=letter.message,
            )  # fmt: skip


def each_response(office: Office, consultation: Round) -> Iterator[DigestItem]:
    """Every response that stands, newest first, for a sheet: a word may be said of it though nothing of it waits."""
    record = settle_round(office, consultation)
    public = office.ledger.numbers(consultation.id).public
    for response in reversed(record.responses):
        if response.messages and response.status is Status.COUNTED:
            yield DigestItem(
                kind="response", number=str(public.get(response.id, response.id)), name=name_of(response.respondent), because="",
                command="", item=f"response:{response.id}", acts=ON_COUNTED, state=_state_of_response(response), message=response.messages[0],
            )  # fmt: skip


def _state_of_response(response: Response) -> str:
    withheld = sorted((key, item.part, item.start, item.end, item.ruling) for key, item in response.withheld)
    return state_of(response.status.value, response.messages, response.current, withheld, response.publish_mode.value)


def release_item(office: Office, consultation: Round) -> DigestItem:
    """The next revision, as an officer was shown it: for the token of the letter that prepares it."""
    number = len(office.ledger.revisions(consultation.id))
    return DigestItem(
        kind="release", number=f"Rev. {number}", name="", because="", command="intake --by NAME release", item=f"release:{number}",
        acts=("release",), state=release_state(office, consultation),
    )  # fmt: skip


def release_state(office: Office, consultation: Round) -> str:
    """A hash of everything that a revision printed now would rest on."""
    record = settle_round(office, consultation)
    numbers = office.ledger.numbers(consultation.id).public
    return state_of(len(office.ledger.revisions(consultation.id)), record.responses, record.campaigns, sorted(numbers.items()))


def releases_waiting(office: Office, consultation: Round) -> list[Ruling]:
    """Releases of the next revision that one officer has ordered and another has not confirmed."""
    rulings = office.ledger.rulings(consultation.id)
    number = len(office.ledger.revisions(consultation.id))
    waits = unconfirmed(rulings)
    ended = ended_errands(office, consultation)
    return [
        item
        for item in rulings
        if item.action is Action.RELEASE and item.id in waits and item.set.get("number") == number and item.id not in ended
    ]


def _nothing_new(office: Office, consultation: Round) -> bool:
    """Whether what was released last is what would be released now. Of a revision before this program kept such orders nobody knows."""
    revisions = office.ledger.revisions(consultation.id)
    last = [
        item
        for item in standing(office.ledger.rulings(consultation.id))
        if item.action is Action.RELEASE and item.set.get("number") == len(revisions) - 1
    ]
    return bool(last) and last[-1].set.get("content") == content_state(office, consultation)


def content_state(office: Office, consultation: Round) -> str:
    """As `release_state`, whatever the number of the revision."""
    record = settle_round(office, consultation)
    return state_of(record.responses, record.campaigns, sorted(office.ledger.numbers(consultation.id).public.items()))


ERRAND = "errand"
"""Kind of the journal entries that say how an errand of a child process ended."""


def ended_errands(office: Office, consultation: Round) -> Mapping[str, str]:
    """Ruling id -> how its errand ended, of this round."""
    last, found = office.errands_ended
    length = office.ledger.journal_length()
    for entry in office.ledger.journal_entries(last, [ERRAND]) if length > last else ():
        found.setdefault(str(entry.payload["round"]), {})[str(entry.payload["ruling"])] = str(entry.payload["end"])
    office.errands_ended = (length, found)
    return found.get(consultation.id, {})


def _not_asked(office: Office, consultation: Round, items: Sequence[DigestItem]) -> Iterator[DigestItem]:
    """Without what has been asked for already: a respondent is asked once."""
    letters = {item.item: chase_letter(consultation, item) for item in items if item.kind == "chase"}
    known = office.ledger.known_letters(list(letters.values()))
    return (item for item in items if item.item and letters.get(item.item) not in known)


def chase_letter(consultation: Round, item: DigestItem) -> str:
    """Id of the letter that asks for what is missing."""
    _, response, reason, message = item.item.split(":")
    return f"{consultation.id}:chase:{reason}:{message[:16]}:{response}"


def matter_of(office: Office, consultation: Round, mark: bytes) -> DigestItem | None:
    """The matter that a token is about, as it stands now; None where it does not wait any more."""

    def named(items: Iterator[DigestItem] | Sequence[DigestItem]) -> DigestItem | None:
        return next((item for item in items if mark_of(consultation.id, item.item) == mark), None)

    def older_letters() -> Iterator[DigestItem]:
        """A digest of the morning offers the letters of the morning, though more wait now."""
        heads = office.ledger.letter_heads(consultation.id, ())
        for kind, state in WAITING_LETTERS.items():
            for place, letter in enumerate(heads):
                if mark_of(consultation.id, f"{kind}:{letter.id}") == mark:
                    left = [one for one in heads[: place + 1] if one.state is state]
                    if left:
                        yield letters_waiting(kind, letter.id, len(left))

    return (
        named(waiting(office, consultation))
        or named(beside(office, consultation))
        or named([release_item(office, consultation)])
        or named(each_response(office, consultation))
        or named(single_letters(office, consultation))
        or named(older_letters())
    )


def role_for(office: Office, consultation: Round, act: str, item: DigestItem) -> Role:
    """What somebody must be to say this word on this matter."""
    if act in _RELEASERS:
        return Role.RELEASER
    if item.kind == "second":
        ruling = ruling_of(office, consultation, item.item.partition(":")[2])
        if ruling is not None and ruling.action is Action.RELEASE:
            return Role.RELEASER
    return Role.EDITOR


def ruling_of(office: Office, consultation: Round, identity: str) -> Ruling | None:
    """A decision of the round by its id."""
    return next((item for item in office.ledger.rulings(consultation.id) if item.id == identity), None)


def offered_to(office: Office, consultation: Round, person: Person, items: Sequence[DigestItem]) -> Iterator[DigestItem]:
    """Those that this officer may settle: nobody is the second officer of his own decision, nobody releases without the right to."""
    for item in _not_asked(office, consultation, items):
        own = item.kind == "second" and _made_by(office, consultation, item) == person.name
        if item.acts and not own and person.role >= role_for(office, consultation, item.acts[0], item):
            yield item


def _made_by(office: Office, consultation: Round, item: DigestItem) -> str:
    ruling = ruling_of(office, consultation, item.item.partition(":")[2])
    return ruling.by if ruling is not None else ""


def token_for(office: Office, consultation: Round, person: Person, item: DigestItem, at: datetime) -> str:
    """A token for an item, that nobody has used: a minute later where the one of this minute is spent."""
    policy = policy_of(office)
    spent = {ruling.id for ruling in office.ledger.rulings(consultation.id)}
    until = at + policy.valid
    while True:
        token = sign(
            policy.keys, round_id=consultation.id, officer=person.name, item=item.item, state=item.state, expires_at=until
        )
        if decision_id(token) not in spent:
            return token
        until += timedelta(minutes=1)

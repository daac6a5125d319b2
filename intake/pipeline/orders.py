"""Orders: an officer's word in a row of a sheet or in an answer, checked against its token and against what stands, then decided.

The ruling made with a token has an id that is made of the token: that it exists is what "spent" means, in one commit with the decision,
and a rebuild knows it. Every order goes through `deciding.decide` like a command.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from intake.casework.withholding import stretch_line
from intake.digest.tasks import junk_that_looks_real, stretches, tasks
from intake.digest.tokens import Opened, decision_id, mark_of, open_token, sign
from intake.errors import BadData, BadUsage
from intake.model.edition import DigestItem, Source
from intake.model.officer import Person
from intake.model.order import Outcome, Refusal
from intake.model.record import Action
from intake.model.round import Round
from intake.pipeline.cases import lean_cases_of
from intake.pipeline.deciding import Wish, decide
from intake.pipeline.find import response_in
from intake.pipeline.judge import judge_round, settle_round
from intake.pipeline.office import Office
from intake.pipeline.officers import policy_of
from intake.pipeline.proofs import correction_items, proposals
from intake.pipeline.rulings import Fields

OFFERED = (("count", "exclude"), ("accept_late", "exclude"), ("withdraw", "keep"), ("redact", "disclose"), ("second", "undo"),
           ("discard",), ("count", "discard"), ("confirm", "leave"))  # fmt: skip
"""Acts that stand side by side on one item."""
_ACTIONS = {
    "count": Action.COUNT,
    "exclude": Action.EXCLUDE,
    "accept_late": Action.ACCEPT_LATE,
    "withdraw": Action.WITHDRAW,
    "keep": Action.RELABEL,
    "redact": Action.REDACT,
    "disclose": Action.DISCLOSE,
    "second": Action.SECOND,
    "undo": Action.UNDO,
    "discard": Action.RELABEL,
    "confirm": Action.CONFIRM,
    "leave": Action.RELABEL,
}
_LABELS: dict[str, Fields] = {
    "keep": {"disposition": "correspondence"},
    "leave": {"disposition": "correspondence"},
    "discard": {"disposition": "spam"},
}


class Ordered(Struct, frozen=True, kw_only=True):
    """An order before it is checked. `acts`: what its word may stand for; `beside`: acts that it names as well."""

    line: int
    number: str
    word: str
    acts: frozenset[str]
    token: str
    reason: str
    refused: Refusal | None = None
    beside: frozenset[str] = frozenset()


def waiting(office: Office, consultation: Round) -> tuple[DigestItem, ...]:
    """All that may be decided by mail or sheet, as it stands now: what the digest shows, and each stretch that is to be withheld."""
    record = settle_round(office, consultation)
    public = office.ledger.numbers(consultation.id).public
    decided = frozenset(ruling.message for ruling in office.ledger.rulings(consultation.id))
    cases = lean_cases_of(office, consultation)
    sources = {case.key: Source(arrival=case.arrival, verdict=case.verdict) for case in cases}
    corrected = correction_items(proposals(office, consultation, record, cases), public)
    found = [*tasks(record, public, {}), *stretches(record, public), *corrected, *junk_that_looks_real(record, sources, decided)]
    return tuple(item for item in found if item.item)


def offered_to(office: Office, consultation: Round, person: Person, items: Sequence[DigestItem]) -> Iterator[DigestItem]:
    """Those that this officer may settle: nobody is the second officer of his own decision."""
    made_by = {ruling.id: ruling.by for ruling in office.ledger.rulings(consultation.id)}
    for item in items:
        if item.acts and not (item.kind == "second" and made_by.get(item.item.partition(":")[2]) == person.name):
            yield item


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


def follow(
    office: Office, consultation: Round, person: Person, lines: Sequence[Ordered], *, via: str, at: datetime, begun: bool
) -> tuple[Outcome, ...]:
    """Every order in turn, each by itself: decided, or refused with a word. `via`: what brought them; `at`: when they were received,
    by our own host's clock; `begun`: they were being followed before and not finished: what they decided then is told again."""
    told = Counter(mark for line in lines if line.refused is None and (mark := _mark(office, line)))
    outcomes = []
    for line in lines:
        refused = line.refused
        if refused is None and told[_mark(office, line)] > 1:
            refused = Refusal.CONFLICT
        outcomes.append(_follow(office, consultation, person, line, refused, via=via, at=at, begun=begun))
        office.pulse()
    return tuple(outcomes)


def _mark(office: Office, line: Ordered) -> bytes:
    """The item that a token is about; empty for what is none of ours."""
    policy = policy_of(office)
    opened = open_token(line.token, policy.keys.keys, [item.id for item in office.rounds], policy.names)
    return opened.item if opened is not None else b""


def _follow(
    office: Office,
    consultation: Round,
    person: Person,
    line: Ordered,
    refused: Refusal | None,
    *,
    via: str,
    at: datetime,
    begun: bool,
) -> Outcome:
    plain = Outcome(line=line.line, number=line.number, act=line.word)
    if refused is not None:
        return _refused(plain, refused)
    opened = _opened(office, consultation, person, line.token)
    if isinstance(opened, Refusal):
        return _refused(plain, opened)
    identity = decision_id(line.token)
    before = next((ruling for ruling in office.ledger.rulings(consultation.id) if ruling.id == identity), None)
    if before is not None:
        same = begun and before.set.get("via") == via
        return _done(office, consultation, plain, identity) if same else _refused(plain, Refusal.SPENT)
    if at > opened.expires_at:
        return _refused(plain, Refusal.EXPIRED)
    item = next((one for one in waiting(office, consultation) if mark_of(consultation.id, one.item) == opened.item), None)
    if item is None:
        return _refused(plain, Refusal.GONE)
    if mark_of(item.state) != opened.state:
        return _refused(plain, Refusal.STALE)
    meant = line.acts & set(item.acts)
    if not meant:
        return _refused(plain, Refusal.UNKNOWN_ACT if line.word else Refusal.NO_ACT)
    if len(meant) > 1 or line.beside & set(item.acts) - meant:
        return _refused(plain, Refusal.AMBIGUOUS)
    if not line.reason.strip():
        return _refused(plain, Refusal.NO_REASON)
    try:
        decide(office, _wish(office, consultation, person, opened, item, next(iter(meant)), line.reason, via))
    except (BadUsage, BadData) as error:
        return Outcome(line=line.line, number=line.number, act=line.word, refused=Refusal.NOT_POSSIBLE, detail=str(error)[:200])
    return _done(office, consultation, plain, identity)


def _opened(office: Office, consultation: Round, person: Person, token: str) -> Opened | Refusal:
    """What a token says, where it is this officer's, or that of one whom he stands in for, and of this round."""
    policy = policy_of(office)
    opened = open_token(token, policy.keys.keys, [item.id for item in office.rounds], policy.names)
    if opened is None:
        return Refusal.FORGED
    if opened.officer != person.name and opened.officer not in person.stands_for:
        return Refusal.WRONG_SENDER
    return opened if opened.round_id == consultation.id else Refusal.OTHER_ROUND


def _wish(
    office: Office, consultation: Round, person: Person, opened: Opened, item: DigestItem, act: str, reason: str, via: str
) -> Wish:
    kind, _, rest = item.item.partition(":")
    number = rest if kind in ("second", "held", "late_pending", "withheld") else item.message
    fields: Fields = dict(_LABELS.get(act, {}))
    if kind == "stretch":
        number, fields["proposal"] = _place(office, consultation, item.message, rest)
    if act == "withdraw":
        number = response_in(judge_round(office, consultation), item.message).id
    marks: Fields = {"via": via}
    if opened.officer != person.name:
        marks["deputy_of"] = opened.officer
    return Wish(
        number=number,
        action=_ACTIONS[act],
        by=person.name,
        reason=reason,
        fields=fields,
        round_id=consultation.id,
        identity=decision_id(opened.text),
        marks=marks,
    )


def _place(office: Office, consultation: Round, key: str, stretch: str) -> tuple[str, str]:
    """The response of a stretch, and its number there as `proposal` wants it. Raises BadUsage when it is not there any more."""
    record = judge_round(office, consultation)
    for response in record.responses:
        for number, pair in enumerate(response.withheld, 1):
            if pair[0] == key and key in response.messages and not pair[1].ruling and stretch_line(pair) == stretch:
                return response.id, str(number)
    raise BadUsage("this stretch does not wait any more")


def _refused(plain: Outcome, refused: Refusal) -> Outcome:
    return Outcome(line=plain.line, number=plain.number, act=plain.act, refused=refused)


def _done(office: Office, consultation: Round, plain: Outcome, identity: str) -> Outcome:
    record = judge_round(office, consultation)
    waits = any(identity in response.waiting for response in record.responses)
    return Outcome(line=plain.line, number=plain.number, act=plain.act, ruling=identity, waits=waits)

"""Orders: an officer's word in a row of a sheet or in an answer, checked against its token and against what stands, then decided.

The ruling made with a token has an id that is made of the token: that it exists is what "spent" means, in one commit with the decision,
and a rebuild knows it. Every order goes through `deciding.decide` like a command.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from intake.casework.force import waiting as unconfirmed
from intake.casework.withholding import stretch_line
from intake.digest.tokens import Opened, decision_id, mark_of, open_token
from intake.errors import BadData, BadUsage
from intake.model.edition import DigestItem
from intake.model.officer import Person
from intake.model.order import Ordered, Outcome, Refusal
from intake.model.record import Action, Ruling
from intake.model.round import Round
from intake.pipeline.deciding import Wish, decide, resolve
from intake.pipeline.errands import AT_ONCE, ERRANDS, order_errand, run_errand
from intake.pipeline.find import find_response, response_in
from intake.pipeline.judge import judge_round
from intake.pipeline.matters import matter_of, role_for, ruling_of
from intake.pipeline.office import Office
from intake.pipeline.officers import policy_of
from intake.pipeline.outcome import ACT as OUTCOME
from intake.pipeline.outcome import words_in
from intake.pipeline.releasing import order_release
from intake.pipeline.rulings import Fields

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
    "seal": Action.SEAL_PART,
    "without_name": Action.PUBLISH_MODE,
    "group_only": Action.PUBLISH_MODE,
    "in_full": Action.PUBLISH_MODE,
}
_LABELS: dict[str, Fields] = {
    "keep": {"disposition": "correspondence"},
    "leave": {"disposition": "correspondence"},
    "discard": {"disposition": "spam"},
    "without_name": {"mode": "without_name"},
    "group_only": {"mode": "group_only"},
    "in_full": {"mode": "full"},
}
_NEEDS_WORDS = ("redact", "disclose", "seal")
_WITHOUT_REASON = (*ERRANDS, "release")
"""Words that need no reason: nothing of a response is decided."""
_DECISION = re.compile(r"d-[0-9a-f]{12}")


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
    before = ruling_of(office, consultation, identity)
    if before is not None:
        same = begun and before.set.get("via") == via
        return _done(office, consultation, plain, before) if same else _refused(plain, Refusal.SPENT)
    if at > opened.expires_at:
        return _refused(plain, Refusal.EXPIRED)
    item = matter_of(office, consultation, opened.item)
    if item is None:
        return _refused(plain, Refusal.GONE)
    meant = _meant(office, consultation, person, opened, item, line)
    if isinstance(meant, Refusal):
        return _refused(plain, meant)
    try:
        ruling = _decide(office, consultation, person, opened, item, meant, line, via)
    except (BadUsage, BadData) as error:
        return Outcome(line=line.line, number=line.number, act=line.word, refused=Refusal.NOT_POSSIBLE, detail=str(error)[:200])
    return ruling if isinstance(ruling, Outcome) else _done(office, consultation, plain, ruling)


def _meant(office: Office, consultation: Round, person: Person, opened: Opened, item: DigestItem, line: Ordered) -> str | Refusal:
    """The one act that an order means on a matter, or why it means none that this officer may say."""
    if mark_of(item.state) != opened.state:
        return Refusal.STALE
    meant = line.acts & set(item.acts)
    if not meant:
        return Refusal.UNKNOWN_ACT if line.word else Refusal.NO_ACT
    if len(meant) > 1 or line.beside & set(item.acts) - meant:
        return Refusal.AMBIGUOUS
    act = next(iter(meant))
    free = item.kind in ("any", "response")
    if (line.target and item.kind != "any") or (line.words and not free and act != OUTCOME):
        return Refusal.AMBIGUOUS
    if person.role < role_for(office, consultation, act, item):
        return Refusal.NOT_ALLOWED
    if act not in _WITHOUT_REASON and not line.reason.strip():
        return Refusal.NO_REASON
    if (free and act in _NEEDS_WORDS and not line.words) or (act == OUTCOME and "en" not in words_in(line.words)):
        return Refusal.NO_WORDS
    if item.kind == "second" and act == "second" and _own(office, consultation, item, person):
        return Refusal.OWN
    return act


def _own(office: Office, consultation: Round, item: DigestItem, person: Person) -> bool:
    ruling = ruling_of(office, consultation, item.item.partition(":")[2])
    return ruling is not None and ruling.by == person.name


def _decide(
    office: Office, consultation: Round, person: Person, opened: Opened, item: DigestItem, act: str, line: Ordered, via: str
) -> Ruling | Outcome:
    """The ruling that the order becomes; an Outcome where what it names is not there. Raises BadUsage, BadData."""
    marks = _marks(opened, person, via)
    identity = decision_id(opened.text)
    if act in ERRANDS:
        more: Fields = {"words": line.words} if act == OUTCOME else {}
        return order_errand(office, consultation, act, item.item, person.name, line.reason, {**more, **marks}, identity)
    if act == "release":
        return order_release(office, consultation, person.name, line.reason, marks, identity)
    wish = _wish(office, consultation, person, opened, item, act, line, marks)
    if isinstance(wish, Refusal):
        return Outcome(line=line.line, number=line.number or line.target, act=line.word, refused=wish)
    return decide(office, wish).ruling


def _marks(opened: Opened, person: Person, via: str) -> Fields:
    marks: Fields = {"via": via}
    if opened.officer != person.name:
        marks["deputy_of"] = opened.officer
    return marks


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
    office: Office, consultation: Round, person: Person, opened: Opened, item: DigestItem, act: str, line: Ordered, marks: Fields
) -> Wish | Refusal:
    kind, _, rest = item.item.partition(":")
    number = rest if kind in ("second", "held", "late_pending", "withheld", "response") else item.message
    fields: Fields = dict(_LABELS.get(act, {}))
    if kind == "any":
        found = _named(office, consultation, act, line.target)
        if isinstance(found, Refusal):
            return found
        number = found
    if kind in ("any", "response") and act in _NEEDS_WORDS:
        fields["file" if act == "seal" else "words"] = line.words
        if not stands_in(office, consultation, number, _ACTIONS[act], fields):
            return Refusal.NOT_FOUND
    if kind == "stretch":
        number, fields["proposal"] = _place(office, consultation, item.message, rest)
    if act == "withdraw" and kind == "withdrawal":
        number = response_in(judge_round(office, consultation), item.message).id
    return Wish(
        number=number,
        action=_ACTIONS[act],
        by=person.name,
        reason=line.reason,
        fields=fields,
        round_id=consultation.id,
        identity=decision_id(opened.text),
        marks=marks,
    )


def _named(office: Office, consultation: Round, act: str, target: str) -> str | Refusal:
    """The response, or for undo the decision, that an order names by its number: it must be there, and of this round."""
    if act == "undo":
        known = _DECISION.fullmatch(target) is not None and ruling_of(office, consultation, target) is not None
        return target if known else Refusal.NO_RESPONSE
    if not target or _DECISION.fullmatch(target):
        return Refusal.NO_RESPONSE
    try:
        return find_response(office, target, consultation.id)[1].id
    except BadUsage:
        return Refusal.NO_RESPONSE


def stands_in(office: Office, consultation: Round, number: str, action: Action, fields: Fields) -> bool:
    """Whether the words, or the file, stand in the response."""
    try:
        resolve(office, Wish(number=number, action=action, by="", reason="-", fields=fields, round_id=consultation.id))
    except BadUsage:
        return False
    return True


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


def _done(office: Office, consultation: Round, plain: Outcome, ruling: Ruling) -> Outcome:
    """What is told of a ruling that stands; an errand is done at once, as often as it is told."""
    waits = ruling.id in unconfirmed(office.ledger.rulings(consultation.id))
    act = ruling.set.get("act")
    errand = ruling.action is Action.ERRAND and act in AT_ONCE
    letters = run_errand(office, consultation, ruling) if errand else ()
    shows = letters if errand and act in ("show", OUTCOME) else ()
    number = f"{plain.number} ({len(letters)})".strip() if errand else plain.number
    later = not waits and (ruling.action is Action.RELEASE or act == "prepare")
    return Outcome(line=plain.line, number=number, act=plain.act, ruling=ruling.id, waits=waits, shows=shows, later=later)

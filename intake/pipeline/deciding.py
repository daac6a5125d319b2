"""One entrance for decisions, whoever brings them: a command, a row of the decision sheet, an answer to the digest."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from intake.casework.drafts import of_message
from intake.errors import BadUsage
from intake.model.record import POSTING, WITHHOLDING, Action, Record, Response, Ruling
from intake.model.round import LANGUAGES, Round
from intake.model.verdict import Category, Disposition, Region
from intake.pipeline.cases import cases_of
from intake.pipeline.find import find_case, one_round, response_in
from intake.pipeline.judge import judge_round
from intake.pipeline.office import Office
from intake.pipeline.proofs import fields_of, proposals
from intake.pipeline.rulings import Fields, check_second, check_undo, record_ruling
from intake.pipeline.withhold import fields_for, why_in

RESPONDENT = ("person", "title", "organization", "category", "country", "region", "language", "disposition")
"""What `assign` may set (rounds/FORMAT.md, decisions.jsonl)."""
_TAKES_FIELDS = {
    Action.ASSIGN: frozenset(RESPONDENT),
    Action.MERGE: frozenset({"into"}),
    Action.CONFIRM: frozenset({"current_version"}),
    Action.RELABEL: frozenset({"disposition"}),
}
BY_COMMAND_OF_ITS_OWN = (Action.EXTEND, Action.RELEASE, Action.ERRAND)


class Wish(Struct, frozen=True, kw_only=True):
    """A decision as it is asked for. `number`: of a response or message, or a ruling's id for undo and second. `identity`: the id that
    the ruling is to have; `marks`: what is kept with it beside its fields (how it came, for whom somebody stood in)."""

    number: str
    action: Action
    by: str
    reason: str
    fields: Fields = {}
    round_id: str | None = None
    identity: str = ""
    marks: Fields = {}


class Decided(Struct, frozen=True, kw_only=True):
    """A decision in the record, and the responses that it touched, as they are now."""

    ruling: Ruling
    consultation: Round
    record: Record
    affected: tuple[Response, ...]


def action_from(word: str) -> Action:
    """The action of a word as people type it. Raises BadUsage with the words there are."""
    try:
        action = Action(word.strip().replace("-", "_"))
    except ValueError:
        action = Action.EXTEND
    if action in BY_COMMAND_OF_ITS_OWN:
        known = ", ".join(item.value.replace("_", "-") for item in Action if item not in BY_COMMAND_OF_ITS_OWN)
        raise BadUsage(f"{word!r} is no decision here; there are {known}")
    return action


def resolve(office: Office, wish: Wish) -> tuple[Round, str, Fields]:
    """What a wish means: round, message key, fields as they will be kept. Raises BadUsage, and then nothing was changed."""
    if not wish.reason.strip():
        raise BadUsage("a decision needs a reason")
    if wish.action in (Action.UNDO, Action.SECOND):
        consultation = one_round(office, wish.round_id)
        if wish.action is Action.UNDO:
            found = check_undo(office, consultation.id, wish.number)
        else:
            found = check_second(office, consultation.id, wish.number, wish.by)
        return consultation, "", {"ruling": found.id}
    consultation, subject = find_case(office, wish.number, wish.round_id)
    key, posting = of_message(subject), subject.partition("#")[2]
    fields = dict(wish.fields)
    if wish.action in WITHHOLDING:
        if wish.action in (Action.REDACT, Action.SEAL_PART) and "why" not in fields:
            fields |= why_in(wish.reason, [office.templates.table("orders", language) for language in LANGUAGES])
        response = _response_of(office, consultation, subject)
        cases = {case.key: case for case in cases_of(office, consultation)}
        return (
            consultation,
            key,
            {
                **fields_for(wish.action, response, cases, fields, key),
                **({POSTING: posting} if posting else {}),
            },
        )
    if wish.action is Action.CONFIRM and "current_version" not in fields:
        corrected = _corrected(office, consultation, subject, fields.pop("correction", ""))
        if corrected is not None:
            return consultation, *corrected
    _check_fields(wish.action, fields)
    if fields.get("country") and "region" not in fields:
        # An officer who names the country has named the region too: by region it is counted.
        region = office.tables().who.regions.get(str(fields["country"]))
        fields |= {"region": region.value} if region is not None else {}
    if wish.action is Action.MERGE:
        fields["into"] = find_case(office, str(fields["into"]), consultation.id)[1]
    record = office.ledger.load_record(consultation.id)
    if record is not None:
        _check_sense(record, wish.action, subject, fields)
    return consultation, key, {**fields, **({POSTING: posting} if posting else {})}


def decide(office: Office, wish: Wish, *, on_resolved: Callable[[Round, str, Fields], None] | None = None) -> Decided:
    """Record a decision and judge the round anew. Raises BadUsage, and then nothing was changed."""
    consultation, key, fields = resolve(office, wish)
    if on_resolved is not None:
        on_resolved(consultation, key, fields)
    kept = {**fields, **wish.marks}
    ruling = record_ruling(office, consultation.id, wish.action, key, wish.by, wish.reason, kept, wish.identity)
    record = judge_round(office, consultation)
    touched = {ruling.id, str(fields.get("ruling", ""))}
    of_digest = {f"{key}#{post.part}" for filed in record.filed if filed.key == key for post in filed.postings}
    affected = tuple(
        item for item in record.responses if (key in item.messages and not of_digest) or touched & {*item.rulings, *item.waiting}
    )
    return Decided(ruling=ruling, consultation=consultation, record=record, affected=affected)


def _corrected(office: Office, consultation: Round, subject: str, asked: object) -> tuple[str, Fields] | None:
    """(answer, fields) of the correction that a confirmation means: the answer itself is named, or `asked` is the beginning of its
    key, or "yes" where the response has one. None where it means none. Raises BadUsage."""
    record = office.ledger.load_record(consultation.id)
    found = proposals(office, consultation, record, cases_of(office, consultation)) if record is not None else []
    own = [one for one in found if one.correction.message == subject]
    if asked and not own:
        of = response_in(record, subject).id if record is not None else ""
        mine = [one for one in found if one.response.id == of]
        own = [one for one in mine if asked == "yes" or one.correction.message.startswith(str(asked))]
        if len(own) != 1:
            raise BadUsage(f"{len(own)} corrections of {of} are meant by correction={asked}; intake show lists them")
    return (own[0].correction.message, fields_of(office, own[0])) if own else None


def _response_of(office: Office, consultation: Round, key: str) -> Response:
    record = office.ledger.load_record(consultation.id)
    if record is None:
        raise BadUsage(f"message {key[:16]} belongs to no response")
    return response_in(record, key)


def _check_sense(record: Record, action: Action, subject: str, fields: Fields) -> None:
    """A decision that could have no effect, or would leave a text nowhere, is refused before it is kept."""
    filed = next((item for item in record.filed if item.key == of_message(subject)), None)
    if action is Action.SPLIT:
        response = response_in(record, subject)
        if response.cases[:1] == (subject,) or response.messages[0] == subject:
            raise BadUsage(f"{subject[:16]} began {response.id}: split off the other messages instead")
    elif action is Action.MERGE:
        response, into = response_in(record, subject), response_in(record, str(fields["into"]))
        chain = {response.id}
        holder: Response | None = into
        while holder is not None and holder.id not in chain:
            chain.add(holder.id)
            holder = next((item for item in record.responses if item.id == (holder.merged_into if holder else None)), None)
        if holder is not None:
            raise BadUsage(f"{into.id} is {response.id} itself, or was merged into it")
    elif action is Action.CONFIRM and "current_version" in fields:
        response = response_in(record, subject)
        if not 1 <= int(str(fields["current_version"])) <= len(response.versions):
            raise BadUsage(f"current_version: {response.id} has versions 1 to {len(response.versions)}")
    elif action in (Action.EXCLUDE, Action.WITHDRAW) and filed is not None:
        response_in(record, subject)


def _check_fields(action: Action, fields: Fields) -> None:
    """Every fault of the fields in one message."""
    allowed = _TAKES_FIELDS.get(action, frozenset())
    faults = [f"{key}: unknown for {action.value}" for key in sorted(fields.keys() - allowed)]
    values: dict[str, frozenset[str]] = {
        "category": frozenset(item.value for item in Category),
        "region": frozenset(item.value for item in Region),
        "disposition": frozenset(item.value for item in Disposition),
    }
    for key, known in values.items():
        if key in fields and str(fields[key]) not in known:
            faults.append(f"{key}: {fields[key]!r} is none of {', '.join(sorted(known))}")
    country = str(fields.get("country", "") or "XX")
    if not (len(country) == 2 and country.isascii() and country.isupper()):
        faults.append(f"country: {country!r} is no ISO 3166-1 code of two capital letters")
    if action is Action.MERGE and "into" not in fields:
        faults.append("merge needs --set into=NUMBER, a number of the response that takes this one in")
    if action is Action.ASSIGN and not fields:
        faults.append(f"assign needs --set with one of {', '.join(RESPONDENT)}")
    if action is Action.RELABEL and "disposition" not in fields:
        faults.append("relabel needs --set disposition=")
    if "current_version" in fields and not isinstance(fields["current_version"], int):
        faults.append("current_version: a number from 1 is wanted")
    if faults:
        raise BadUsage("; ".join(faults))

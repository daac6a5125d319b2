"""What needs a person, each with the command that settles it, and with what a decision by mail needs (item, acts, state)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set
from zoneinfo import ZoneInfo

import msgspec

from intake.model.edition import DigestItem, Source
from intake.model.record import Record, Response, Status
from intake.model.verdict import Disposition, Respondent

_CUT = 70
SUBSTANCE = 60
"""Words on the matter from which something in junk looks real (as casework counts them)."""


def one_line(text: str) -> str:
    """Somebody's text in one line, without control characters."""
    kept = "".join(char if ord(char) >= 32 and char not in "\u202a\u202b\u202c\u202d\u202e" else " " for char in text)
    return " ".join(kept.split())


def cut(text: str, longest: int = _CUT) -> str:
    """One line of somebody's text, without control characters, cut."""
    kept = one_line(text)
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"


def name_of(respondent: Respondent, otherwise: str = "–") -> str:
    """Organization, else person, else something else."""
    return cut(respondent.organization or respondent.person or otherwise)


def state_of(*facts: object) -> str:
    """A hash of what a decision rests on: another one as soon as any of it is another."""
    return hashlib.sha256(msgspec.json.encode(facts, order="sorted")).hexdigest()[:16]


def _standing(item: Response) -> tuple[object, ...]:
    """What an officer weighs when he decides on a response: its state, whose it is, its messages and which of them stands."""
    who = item.respondent
    named = (who.person, who.title, who.organization, who.category.value, who.country, who.region.value)
    return (item.status.value, item.doubts, named, item.messages, item.current)


def tasks(record: Record, public: Mapping[str, int], zone: str) -> Iterator[DigestItem]:
    """Responses held or late, withdrawals, revisions, chases, withholdings; what was set aside. `zone`: of the round, for times."""
    asked = {filed.response: filed.key for filed in record.filed if filed.disposition is Disposition.WITHDRAWAL}
    for item in record.responses:
        number = str(public.get(item.id, item.id))
        if item.status is Status.HELD:
            command = f'intake decide {number} count --reason "..."   |   exclude'
            yield DigestItem(
                kind="held", number=number, name=name_of(item.respondent), because=one_line("; ".join(item.doubts)), command=command,
                item=f"held:{item.id}", acts=("count", "exclude"), state=state_of(*_standing(item)), message=item.messages[0],
            )  # fmt: skip
        elif item.status is Status.LATE_PENDING:
            command = f'intake decide {number} accept-late --reason "..."   |   exclude'
            because = f"{item.received_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"
            yield DigestItem(
                kind="late_pending", number=number, name=name_of(item.respondent), because=because, command=command,
                item=f"late_pending:{item.id}", acts=("accept_late", "exclude"), state=state_of(*_standing(item)), message=item.messages[0],
            )  # fmt: skip
        if item.status not in (Status.WITHDRAWN, Status.EXCLUDED):
            yield from _of_response(item, number, asked.get(item.id))
    for filed in record.filed:
        if filed.held:
            key = filed.key[:12]
            command = f"intake held retry {key}   |   held show   |   held discard"
            yield DigestItem(
                kind="set_aside", number=key, name=key, because=one_line(filed.held), command=command,
                item=f"set_aside:{filed.key}", acts=("discard",), state=state_of(filed.held, filed.disposition.value), message=filed.key,
            )  # fmt: skip


def _of_response(item: Response, number: str, withdrawal: str | None) -> Iterator[DigestItem]:
    """What one response asks for beside its status. `withdrawal`: key of the message that asks for it."""
    name = name_of(item.respondent)
    if withdrawal:
        stays = f'intake decide {withdrawal[:12]} relabel --set disposition=correspondence --reason "..."'
        command = f'intake decide {number} withdraw --reason "..."   |   {stays}'
        yield DigestItem(
            kind="withdrawal", number=number, name=name, because="", command=command,
            item=f"withdrawal:{withdrawal}", acts=("withdraw", "keep"), state=state_of(*_standing(item)), message=withdrawal,
        )  # fmt: skip
    late = [version.messages[0] for version in item.versions[1:] if version.late and item.versions[item.current] is not version]
    for key in dict.fromkeys([*late, *item.pending]):
        command = f'intake decide {key[:12]} accept-late --reason "..."   |   relabel --set disposition=correspondence'
        yield DigestItem(
            kind="late_revision", number=number, name=name, because="", command=command,
            item=f"late_revision:{key}", acts=("accept_late", "leave"), state=state_of(*_standing(item)), message=key,
        )  # fmt: skip
    for chase in item.chases:
        if chase.closed_by is None:
            yield DigestItem(
                kind="chase", number=number, name=name, because="", command=f"intake notify chase {number}   |   intake show {number}",
                reason=chase.reason, due=chase.due_on, item=f"chase:{item.id}:{chase.reason}:{chase.message}", acts=("ask",),
                state=state_of(item.status.value, chase.reason), message=chase.message,
            )  # fmt: skip
    pending = sorted({entry.reason for _, entry in item.withheld if not entry.ruling})
    if pending:
        command = f'intake decide {number} redact --reason "..."   |   intake decide {number} disclose --reason "..."'
        spans = sorted(
            (key, entry.part, entry.start, entry.end, entry.reason) for key, entry in item.withheld if not entry.ruling
        )
        yield DigestItem(
            kind="withheld", number=number, name=name, because=", ".join(pending), command=command,
            item=f"withheld:{item.id}", acts=("redact", "disclose"), state=state_of(item.status.value, spans), message=item.messages[0],
        )  # fmt: skip
    for ruling in item.waiting:
        command = f'intake --by NAME decide {ruling} second --reason "..."'
        yield DigestItem(
            kind="second", number=number, name=name, because="", command=command,
            item=f"second:{ruling}", acts=("second", "undo"), state=state_of(ruling), message=item.messages[0],
        )  # fmt: skip


def letters_waiting(kind: str, last: str, count: int) -> DigestItem:
    """Letters that go when a person says so: those that wait for approval ("letters"), or that a cap or a doubt holds back
    ("letters_held"), up to the one that came `last`."""
    command = "intake letters   |   letters approve" + (" ID" if kind == "letters_held" else "")
    return DigestItem(
        kind=kind,
        number="",
        name=str(count),
        because="",
        command=command,
        item=f"{kind}:{last}",
        acts=("approve", "show"),
        state=state_of(),
    )


def stretches(record: Record, public: Mapping[str, int]) -> Iterator[DigestItem]:
    """Each stretch that waits by itself: by a sheet one may be kept back and another shown. No words of theirs."""
    for item in record.responses:
        pending = [(key, entry) for key, entry in item.withheld if not entry.ruling]
        if item.status in (Status.WITHDRAWN, Status.EXCLUDED):
            continue
        number = str(public.get(item.id, item.id))
        for key, entry in pending:
            place = f"{key}:{entry.part}:{entry.start}:{entry.end}:{entry.reason}"
            yield DigestItem(
                kind="withheld", number=number, name=name_of(item.respondent), because=entry.reason, command="",
                item=f"stretch:{place}", acts=("redact", "disclose"), state=state_of(item.status.value, place), message=key,
            )  # fmt: skip


def junk_that_looks_real(record: Record, sources: Mapping[str, Source], decided: Set[str]) -> Iterator[DigestItem]:
    """Mail taken for spam that answers a question or says much on the matter: somebody must look before it is forgotten. `decided`:
    messages on which a person has decided; they are not shown again."""
    for filed in record.filed:
        if filed.disposition is not Disposition.SPAM or filed.key not in sources or filed.key in decided:
            continue
        source = sources[filed.key]
        verdict = source.verdict
        if verdict.answers or (verdict.signals.substance >= SUBSTANCE and any("junk" in doubt for doubt in verdict.doubts)):
            command = f'intake decide {filed.key[:12]} count --reason "..."   |   intake held show {filed.key[:12]}'
            because = cut(source.arrival.reading.subject)
            yield DigestItem(
                kind="junk",
                number=filed.key[:12],
                name=name_of(verdict.respondent, verdict.author),
                because=because,
                command=command,
                item=f"junk:{filed.key}",
                acts=("count", "discard"),
                state=state_of(filed.disposition.value),
                message=filed.key,
            )


def bounced(returned: Sequence[tuple[str, str, str, str]], record: Record, public: Mapping[str, int]) -> Iterator[DigestItem]:
    """Letters that came back (kind "bounced") or were refused at once ("failed"): another way to the respondent is needed."""
    owner = {key: item for item in record.responses for key in item.messages}
    for key, kind, recipient, why in returned:
        response = owner.get(key)
        number = str(public.get(response.id, response.id)) if response is not None else key[:12]
        name = f"{name_of(response.respondent)} <{cut(recipient)}>" if response is not None else cut(recipient)
        command = f"intake show {number}" if response is not None else "intake letters"
        yield DigestItem(kind=kind, number=number, name=name, because=one_line(why), command=command)

"""What needs a person, each with the command that settles it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from intake.model.edition import DigestItem, Source
from intake.model.record import Record, Response, Status
from intake.model.verdict import Disposition, Respondent

_CUT = 70
SUBSTANCE = 60
"""Words on the matter from which something in junk looks real (as casework counts them)."""


def cut(text: str) -> str:
    """One line of somebody's text, without control characters, cut."""
    kept = " ".join(
        "".join(char if ord(char) >= 32 and char not in "\u202a\u202b\u202c\u202d\u202e" else " " for char in text).split()
    )
    return kept if len(kept) <= _CUT else kept[: _CUT - 1] + "…"


def name_of(respondent: Respondent, otherwise: str = "–") -> str:
    """Organization, else person, else something else."""
    return cut(respondent.organization or respondent.person or otherwise)


def tasks(record: Record, public: Mapping[str, int], letters: Mapping[str, int]) -> Iterator[DigestItem]:
    """Responses held or late, withdrawals, revisions, chases, withholdings; what was set aside; letters that wait."""
    asked = {filed.response: filed.key for filed in record.filed if filed.disposition is Disposition.WITHDRAWAL}
    for item in record.responses:
        number = str(public.get(item.id, item.id))
        if item.status is Status.HELD:
            command = f'intake decide {number} count --reason "..."   |   exclude'
            yield DigestItem(
                kind="held", number=number, name=name_of(item.respondent), because=cut("; ".join(item.doubts)), command=command
            )
        elif item.status is Status.LATE_PENDING:
            command = f'intake decide {number} accept-late --reason "..."   |   exclude'
            because = f"{item.received_at:%Y-%m-%d %H:%M} UTC"
            yield DigestItem(kind="late_pending", number=number, name=name_of(item.respondent), because=because, command=command)
        if item.status not in (Status.WITHDRAWN, Status.EXCLUDED):
            yield from _of_response(item, number, asked.get(item.id))
    for filed in record.filed:
        if filed.held:
            key = filed.key[:12]
            command = f"intake held retry {key}   |   held show   |   held discard"
            yield DigestItem(kind="set_aside", number=key, name=key, because=cut(filed.held), command=command)
    waiting = letters.get("waiting_approval", 0) + letters.get("held", 0)
    if waiting:
        yield DigestItem(kind="letters", number="", name=str(waiting), because="", command="intake letters   |   letters approve")


def _of_response(item: Response, number: str, withdrawal: str | None) -> Iterator[DigestItem]:
    """What one response asks for beside its status. `withdrawal`: key of the message that asks for it."""
    name = name_of(item.respondent)
    if withdrawal:
        stays = f'intake decide {withdrawal[:12]} relabel --set disposition=correspondence --reason "..."'
        command = f'intake decide {number} withdraw --reason "..."   |   {stays}'
        yield DigestItem(kind="withdrawal", number=number, name=name, because="", command=command)
    for version in item.versions[1:]:
        if version.late and item.versions[item.current] is not version:
            command = f'intake decide {version.messages[0][:12]} accept-late --reason "..."'
            yield DigestItem(kind="late_revision", number=number, name=name, because="", command=command)
    for chase in item.chases:
        if chase.closed_by is None:
            command = f"intake notify chase {number}   |   intake show {number}"
            yield DigestItem(
                kind="chase", number=number, name=name, because="", command=command, reason=chase.reason, due=chase.due_on
            )
    pending = sorted({entry.reason for _, entry in item.withheld if not entry.ruling})
    if pending:
        command = f'intake decide {number} redact --reason "..."   |   intake decide {number} disclose --reason "..."'
        yield DigestItem(kind="withheld", number=number, name=name, because=", ".join(pending), command=command)
    for ruling in item.waiting:
        command = f'intake --by NAME decide {ruling} second --reason "..."'
        yield DigestItem(kind="second", number=number, name=name, because="", command=command)


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
            )


def bounced(returned: Sequence[tuple[str, str, str, str]], record: Record, public: Mapping[str, int]) -> Iterator[DigestItem]:
    """Letters that came back (kind "bounced") or were refused at once ("failed"): another way to the respondent is needed."""
    owner = {key: item for item in record.responses for key in item.messages}
    for key, kind, recipient, why in returned:
        response = owner.get(key)
        number = str(public.get(response.id, response.id)) if response is not None else key[:12]
        name = f"{name_of(response.respondent)} <{cut(recipient)}>" if response is not None else cut(recipient)
        command = f"intake show {number}" if response is not None else "intake letters"
        yield DigestItem(kind=kind, number=number, name=name, because=cut(why), command=command)

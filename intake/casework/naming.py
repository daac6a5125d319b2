"""Numbers once given stay given: a response keeps the name under which it got its number, whatever turns up afterwards.

A response is named by its first message. Where one turns up that was received before it (from another folder, from an office), the
response has another first message, and would be another one; where mail turns out to be a campaign's, it would be gone.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from intake.casework.drafts import id_of
from intake.model.record import Filed, Gone, Record, Response


def with_given_names(record: Record, given: Mapping[str, int]) -> Record:
    """The record with each response under the name that has a number, and what became of the names that are nobody's now. Pure; the
    same twice. `given`: response id -> public number."""
    ids = {response.id for response in record.responses}
    names: dict[str, str] = {}
    taken = {name for name in ids if name in given}
    for response in record.responses:
        if response.id in given:
            continue
        older = [name for name in _names_in(response) if name in given and name not in taken]
        if older:
            names[response.id] = min(older, key=lambda name: given[name])
            taken.add(names[response.id])
    gone = _gone(record, given, taken, names)
    if not names:
        return replace(record, gone=gone) if gone != record.gone else record
    return replace(
        record,
        filed=tuple(_filed(item, names) for item in record.filed),
        responses=tuple(
            replace(item, id=names.get(item.id, item.id), merged_into=names.get(item.merged_into or "", item.merged_into))
            for item in record.responses
        ),
        gone=gone,
    )


def _names_in(response: Response) -> list[str]:
    """The names that a response would have if another of its messages were the first one."""
    contents = [key for version in response.versions for key in version.messages] + list(response.supplements)
    return [id_of(key) for key in dict.fromkeys([*response.cases, *contents])]


def _gone(record: Record, given: Mapping[str, int], taken: set[str], names: Mapping[str, str]) -> tuple[Gone, ...]:
    """Names with a number that no response bears; `into`: the one that holds their first message now."""
    nobodys = sorted((name for name in given if name not in taken), key=lambda name: given[name])
    if not nobodys:
        return ()
    holder = {id_of(key): response.id for response in record.responses for key in (*response.messages, *response.cases)}
    found = []
    for name in nobodys:
        into = holder.get(name)
        found.append(Gone(id=name, into=names.get(into, into) if into is not None else None))
    return tuple(found)


def _filed(item: Filed, names: Mapping[str, str]) -> Filed:
    postings = tuple(replace(post, response=names.get(post.response or "", post.response)) for post in item.postings)
    return replace(item, response=names.get(item.response or "", item.response), postings=postings)

"""The fold's state between two new messages: kept as rows by name, of which a new message asks for the few that it may be found by.

The fold (casework.fold) works on these tables as on its own; whoever keeps the rows (the ledger) is asked once for each name. Names are
hashes: an address stands in values alone, and whoever erases a message throws all rows away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, MutableSet, Sequence
from hashlib import blake2b
from typing import Any, Generic, TypeVar

import msgspec

from intake.casework.drafts import Case, Draft, id_of, unfolded
from intake.casework.groups import Chunk, Group, Groups
from intake.casework.linking import Index
from intake.casework.overlaps import Overlaps
from intake.casework.state import State
from intake.model.round import CampaignRule

Value = TypeVar("Value")
Fetch = Callable[[bytes], bytes | None]
"""A row by name; None where there is none."""
DRAFT = b"@"


def name_of(variant: bytes, table: bytes, key: object) -> bytes:
    """The name of a row: one octet each for the variant of the fold and the table, and a hash of the key."""
    return variant + table + blake2b(repr(key).encode("utf-8", "surrogatepass"), digest_size=14).digest()


class Rows:
    """Rows as fetched and as they are now; each draft is one object, however many tables name it."""

    def __init__(self, fetch: Fetch, variant: bytes) -> None:
        self._fetch = fetch
        self._variant = variant
        self._before: dict[bytes, bytes | None] = {}
        self._now: dict[bytes, Callable[[], bytes]] = {}
        self._drafts: dict[str, Draft] = {}
        self.tables: list[Table[Any]] = []

    def old(self, table: bytes, key: object) -> bytes | None:
        """What stood under this name when it was first asked for."""
        name = name_of(self._variant, table, key)
        if name not in self._before:
            self._before[name] = self._fetch(name)
        return self._before[name]

    def draft(self, first: str) -> Draft:
        """A response by its first message."""
        found = self._drafts.get(first)
        if found is None:
            body = self.old(DRAFT, first)
            assert body is not None, f"no draft {first[:12]}"
            found = self._drafts[first] = msgspec.json.decode(body, type=Draft)
        return found

    def row(self, table: bytes, key: object, value: object) -> tuple[bytes, bytes]:
        """A value as a row."""
        return name_of(self._variant, table, key), msgspec.json.encode(value, order="deterministic")

    def find(self, first: str) -> Draft | None:
        """A response by its first message, where there is one."""
        return self.draft(first) if first in self._drafts or self.old(DRAFT, first) is not None else None

    def draft_before(self, first: str) -> Draft | None:
        """The same as it was."""
        body = self.old(DRAFT, first)
        return None if body is None else msgspec.json.decode(body, type=Draft)

    def know(self, draft: Draft) -> str:
        """Its name, by which it is found from now on."""
        self._drafts.setdefault(draft.first, draft)
        return draft.first

    def changed(self) -> tuple[dict[bytes, bytes], list[Draft]]:
        """Rows that differ from what was fetched, and the drafts among them, those first made first."""
        rows: dict[bytes, bytes] = {}
        for table in self.tables:
            for key, value in table.at_hand():
                name, body = self.row(table.letter, key, table.pack(value))
                if self._before.get(name) != body:
                    rows[name] = body
        touched = []
        for first, draft in self._drafts.items():
            name, body = self.row(DRAFT, first, draft)
            if self._before.get(name) != body:
                rows[name] = body
                touched.append(draft)
        return rows, touched


class Table(MutableMapping[Any, Value], Generic[Value]):
    """One table of the fold's. Nobody walks through it: what is asked for has a name."""

    def __init__(
        self, rows: Rows, letter: bytes, pack: Callable[[Value], Any], unpack: Callable[[Any], Value], kind: Any
    ) -> None:
        self._rows, self.letter, self.pack, self._unpack = rows, letter, pack, unpack
        self._decoder = msgspec.json.Decoder(kind)
        self._hand: dict[Any, Value | None] = {}
        rows.tables.append(self)

    def at_hand(self) -> Iterator[tuple[Any, Value]]:
        """What was asked for and is there."""
        return ((key, value) for key, value in self._hand.items() if value is not None)

    def __getitem__(self, key: Any) -> Value:
        if key not in self._hand:
            body = self._rows.old(self.letter, key)
            self._hand[key] = None if body is None else self._unpack(self._decoder.decode(body))
        value = self._hand[key]
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key: Any, value: Value) -> None:
        self._rows.old(self.letter, key)
        self._hand[key] = value

    def __bool__(self) -> bool:
        return True

    def __delitem__(self, key: Any) -> None:
        raise NotImplementedError

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError


class Names(MutableSet[Any]):
    """A set, as a table."""

    def __init__(self, rows: Rows, letter: bytes) -> None:
        self.table: Table[bool] = Table(rows, letter, bool, bool, bool)

    def __contains__(self, value: object) -> bool:
        return value in self.table

    def add(self, value: Any) -> None:
        self.table[value] = True

    def discard(self, value: Any) -> None:
        raise NotImplementedError

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError


class Cases(MutableMapping[str, Case]):
    """The messages, each read when it is asked for; a digest's key stands for the posting that it is named for."""

    def __init__(self, load: Callable[[str], Case | None], named: Table[str], labelled: Callable[[Case], Case]) -> None:
        self._load, self._named, self._labelled = load, named, labelled
        self._hand: dict[str, Case | None] = {}

    def __getitem__(self, key: str) -> Case:
        if key not in self._hand:
            self._hand[key] = self._found(key)
        case = self._hand[key]
        if case is None:
            raise KeyError(key)
        return case

    def _found(self, key: str) -> Case | None:
        message, _, part = key.partition("#")
        case = self._load(message)
        if case is None:
            return None
        wanted = key if part else self._named.get(key, "")
        if not case.verdict.posts or not wanted:
            return None if part else self._labelled(case)
        return next((one for one in unfolded(case) if one.key == wanted), None)

    def __setitem__(self, key: str, value: Case) -> None:
        self._hand[key] = value
        if value.key != key:
            self._named[key] = value.key

    def __delitem__(self, key: str) -> None:
        raise NotImplementedError

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError


class Kept:
    """Everything that one variant of the fold keeps."""

    def __init__(
        self,
        fetch: Fetch,
        variant: bytes,
        load: Callable[[str], Case | None],
        labelled: Callable[[Case], Case] = lambda case: case,
    ) -> None:
        self.rows = rows = Rows(fetch, variant)
        self._named: Table[str] = _plain(rows, b"k", str)
        self.cases = Cases(load, self._named, labelled)
        self.index = Index(
            cases=self.cases,
            draft_of=_drafts(rows, b"d"),
            by_message_id=_plain(rows, b"i", list[str]),
            by_content=_plain(rows, b"c", str),
            by_band=_plain(rows, b"b", str),
            signed=_plain(rows, b"s", list[str]),
            by_person=_many(rows, b"p"),
            by_person_body=_drafts(rows, b"q"),
            by_house=_many(rows, b"h"),
            by_house_parts=_drafts(rows, b"j"),
            by_organization=_many(rows, b"o"),
            house_organizations=_plain(rows, b"u", set[str]),
            by_word=_many(rows, b"w"),
            by_name=_drafts(rows, b"n"),
            by_text=_plain(rows, b"t", str),
            joint=_drafts(rows, b"J"),
            public_tokens=Names(rows, b"P"),
            by_sent=_drafts(rows, b"S"),
        )
        self.people = Names(rows, b"C")
        self.sent = Names(rows, b"M")
        self.overlaps = Overlaps(_several(rows, b"A"), _several(rows, b"B"), _several(rows, b"D"))
        self._roots: Table[str] = _plain(rows, b"x", str)
        self._groups: Table[Group] = _plain(rows, b"y", Group)
        self._chunks: Table[Chunk] = _plain(rows, b"z", Chunk)

    def groups(self, rule: CampaignRule, count: int) -> Groups:
        """The groups of alike texts; `count`: how many texts are in them."""
        return Groups(rule, self._roots, self._groups, self._chunks, count, self.cases)

    def every(self, state: State, overlaps: Overlaps, alike: Sequence[Case], rule: CampaignRule) -> Iterator[tuple[bytes, bytes]]:
        """The rows of a state that was folded from its first message on. `alike`: the mails that campaigns are looked for in."""
        groups = Groups(rule, {}, {}, {}, 0, {})
        groups.fill(alike)
        named = {key: case.key for key, case in state.index.cases.items() if case.key != key}
        tables: list[tuple[Table[Any], Mapping[Any, Any]]] = [
            (getattr(self.index, name), getattr(state.index, name))
            for name in Index.__dataclass_fields__
            if name not in ("cases", "public_tokens")
        ]
        tables += [
            (self._named, named),
            (self._roots, groups.root_of),
            (self._groups, groups.groups),
            (self._chunks, groups.chunks),
        ]
        tables += [(getattr(self.overlaps, name), getattr(overlaps, name)) for name in Overlaps.__dataclass_fields__]
        sets: tuple[tuple[Any, Any], ...] = (
            (self.index.public_tokens, state.index.public_tokens),
            (self.people, state.campaign_people),
            (self.sent, state.sent),
        )
        tables += [(mine.table, dict.fromkeys(theirs, True)) for mine, theirs in sets]
        for draft in state.drafts:
            yield self.rows.row(DRAFT, draft.first, draft)
        for mine, theirs in tables:
            for key, value in theirs.items():
                yield self.rows.row(mine.letter, key, mine.pack(value))


def _plain(rows: Rows, letter: bytes, kind: Any) -> Table[Any]:
    return Table(rows, letter, lambda value: value, lambda value: value, kind)


def _drafts(rows: Rows, letter: bytes) -> Table[Draft]:
    return Table(rows, letter, rows.know, rows.draft, str)


def _many(rows: Rows, letter: bytes) -> Table[dict[str, Draft]]:
    return Table(
        rows, letter, lambda value: [rows.know(draft) for draft in value.values()],
        lambda firsts: {id_of(first): rows.draft(first) for first in firsts}, list[str],
    )  # fmt: skip


def _several(rows: Rows, letter: bytes) -> Table[list[Draft]]:
    return Table(
        rows, letter, lambda value: [rows.know(draft) for draft in value], lambda firsts: [rows.draft(first) for first in firsts], list[str]
    )  # fmt: skip

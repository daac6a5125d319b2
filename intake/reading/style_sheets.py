"""The sheets of a page (CSS): which of their rules are told which element, in the order of the cascade.

Selectors of types, classes, ids, attributes, descendants, children and siblings (Selectors 3); of states, those of place. What asks for
another state (a mouse, a link that was followed) says nothing of the page as it is opened. Widths are asked as of a screen on a desk.
Linear: the tests of one page are numbered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement
from msgspec import Struct
from msgspec.structs import replace

from intake.reading.styles import DECLARED, uncommented

_SHEET = 200_000  # characters of all sheets of a page
_RULES = 2_000
_TESTS = 400_000
_MOST = 12  # compounds of a selector
_SCREEN_PIXELS = 1_024.0
_RELEVANT = re.compile(
    r"display|visib|opacity|font|color|background|position|clip|height|width|indent|margin|transform|mso-hide|decoration|"
    r"vertical-align|list-style|white-space",
    re.I,
)
_PIECE = re.compile(
    r"(?P<type>[a-zA-Z][\w-]*|\*)|#(?P<id>-?[_a-zA-Z][\w-]*)|\.(?P<class>-?[_a-zA-Z][\w-]*)|"
    r"\[\s*(?P<name>[\w-]{1,60})\s*(?:(?P<how>[~|^$*]?=)\s*(?:\"(?P<double>[^\"]{0,200})\"|'(?P<single>[^']{0,200})'|(?P<bare>[^\]\s\"']{0,200}))\s*i?\s*)?\]|"
    r":(?P<state>first-child|last-child|only-child|root|first-of-type|last-of-type)(?![\w(-])|:not\((?P<not>[^()]{1,200})\)"
)
_RELATION = re.compile(r"\s*([>+~])\s*|\s+")
_WIDTH = re.compile(r"\(\s*(min|max)-(?:device-)?width\s*:\s*(\d{1,5}(?:\.\d{1,3})?)(px|em|rem)\s*\)")
_LIGHT = re.compile(r"\(\s*prefers-color-scheme\s*:\s*light\s*\)")


class _Attribute(Struct, frozen=True):
    """What an attribute must be; `how` is "" where it need only be there."""

    name: str
    how: str
    value: str

    def fits(self, node: HtmlElement) -> bool:
        found = node.get(self.name)
        if found is None:
            return False
        value = self.value
        match self.how:
            case "":
                return True
            case "=":
                return bool(found == value)
            case "~=":
                return bool(value) and value in found.split()
            case "|=":
                return bool(found == value) or found.startswith(f"{value}-")
            case "^=":
                return bool(value) and found.startswith(value)
            case "$=":
                return bool(value) and found.endswith(value)
        return bool(value) and value in found


class _Compound(Struct, frozen=True, kw_only=True):
    """What one element must be. `relation`: how it stands to the one named after it: " ", ">", "+" or "~"."""

    tag: str = "*"
    identity: str = ""
    classes: frozenset[str] = frozenset()
    attributes: tuple[_Attribute, ...] = ()
    states: tuple[str, ...] = ()
    refused: tuple[_Compound, ...] = ()
    relation: str = " "

    @property
    def weight(self) -> tuple[int, int, int]:
        """How much it counts in the cascade (Selectors 3, 9)."""
        inner = [item.weight for item in self.refused]
        ids, names, tags = (sum(item[at] for item in inner) for at in range(3))
        return (
            ids + bool(self.identity),
            names + len(self.classes) + len(self.attributes) + len(self.states),
            tags + (self.tag != "*"),
        )

    def fits(self, node: HtmlElement) -> bool:
        """Whether an element is such a one, those around it set aside."""
        if self.tag not in ("*", node.tag) or (self.identity and node.get("id") != self.identity):
            return False
        if self.classes and not self.classes <= set((node.get("class") or "").split()[:20]):
            return False
        return (
            all(item.fits(node) for item in self.attributes)
            and all(_is_in_state(node, state) for state in self.states)
            and not any(item.fits(node) for item in self.refused)
        )


class _Rule(Struct, frozen=True, kw_only=True):
    """`path`: compounds from the outermost to the element itself."""

    path: tuple[_Compound, ...]
    weight: tuple[int, int, int, int]
    told: str


class Sheet:
    """The rules of a page's style elements; `of` gives what they tell an element."""

    def __init__(self, sources: Iterable[str]) -> None:
        self._rules: dict[str, list[_Rule]] = {}
        self._left = _TESTS
        self._count = 0
        source = "\n".join(sources)[:_SHEET]
        for selectors, told in _blocks(uncommented(source)):
            if _RELEVANT.search(told):
                self._add(selectors, told[:DECLARED])

    def __bool__(self) -> bool:
        return bool(self._rules)

    def _add(self, selectors: str, told: str) -> None:
        for selector in _apart(selectors):
            path = _path(selector)
            if path is None or self._count >= _RULES:
                continue
            self._count += 1
            last = path[-1]
            key = f"#{last.identity}" if last.identity else f".{min(last.classes)}" if last.classes else last.tag
            ids, names, tags = (sum(item.weight[at] for item in path) for at in range(3))
            self._rules.setdefault(key, []).append(_Rule(path=path, weight=(ids, names, tags, self._count), told=told))

    def of(self, node: HtmlElement, tag: str) -> str:
        """Declarations for an element, the weightier later; with a semicolon at the end."""
        if self._left <= 0:
            return ""
        keys = [tag, "*", *(f".{name}" for name in (node.get("class") or "").split()[:20])]
        if identity := node.get("id"):
            keys.append(f"#{identity}")
        found = [rule for key in dict.fromkeys(keys) for rule in self._rules.get(key, ()) if self._fits(node, rule.path)]
        if not found:
            return ""
        return ";".join(rule.told for rule in sorted(found, key=lambda rule: rule.weight)) + ";"

    def _fits(self, node: HtmlElement, path: tuple[_Compound, ...]) -> bool:
        """Each compound by the nearest element that it fits: enough, for the order of the elements is what counts."""
        self._left -= 1
        if not path[-1].fits(node):
            return False
        at: HtmlElement | None = node
        for wanted in reversed(path[:-1]):
            sideways, only = wanted.relation in "+~", wanted.relation in ">+"
            at = _step(at, sideways=sideways)
            while at is not None and self._left > 0:
                self._left -= 1
                if wanted.fits(at):
                    break
                at = None if only else _step(at, sideways=sideways)
            if at is None:
                return False
        return self._left > 0


def _step(node: HtmlElement | None, *, sideways: bool) -> HtmlElement | None:
    """The element before this one, or the one around it."""
    if node is None or not sideways:
        return node.getparent() if node is not None else None
    found = node.getprevious()
    while found is not None and not isinstance(found.tag, str):
        found = found.getprevious()
    return found


def _is_in_state(node: HtmlElement, state: str) -> bool:
    parent = node.getparent()
    if state == "root" or parent is None:
        return state == "root" and parent is None
    kind = node.tag if state.endswith("of-type") else "*"
    first = next(node.itersiblings(kind, preceding=True), None) is None
    last = next(node.itersiblings(kind), None) is None
    return first and last if state.startswith("only") else first if state.startswith("first") else last


def _apart(selectors: str) -> Iterator[str]:
    """Selectors that share their declarations; a comma in brackets divides none."""
    begin = depth = 0
    for match in re.finditer(r"[\[\](),]", selectors):
        if match.group() != ",":
            depth = max(0, depth + (1 if match.group() in "[(" else -1))
        elif depth == 0:
            yield selectors[begin : match.start()]
            begin = match.end()
    yield selectors[begin:]


def _path(selector: str) -> tuple[_Compound, ...] | None:
    """The compounds of a selector; None for one that asks for more than they can."""
    selector = selector.strip()[:1_000]
    found: list[_Compound] = []
    at = 0
    while at < len(selector):
        compound, at = _compound(selector, at)
        if compound is None or len(found) >= _MOST:
            return None
        relation = _RELATION.match(selector, at)
        if relation is None and at < len(selector):
            return None
        at = relation.end() if relation else at
        found.append(replace(compound, relation=(relation.group(1) or " ") if relation else " "))
    return tuple(found) or None


def _compound(selector: str, at: int) -> tuple[_Compound | None, int]:
    """(one compound from here, where it ends)."""
    tag, identity, classes = "*", "", set[str]()
    attributes: list[_Attribute] = []
    states: list[str] = []
    refused: list[_Compound] = []
    begin = at
    while match := _PIECE.match(selector, at):
        if match["type"]:
            if at != begin:
                return None, at
            tag = match["type"].lower()
        elif match["id"]:
            identity = match["id"]
        elif match["class"]:
            classes.add(match["class"])
        elif match["name"]:
            value = (
                match["double"]
                if match["double"] is not None
                else match["single"]
                if match["single"] is not None
                else match["bare"]
            )
            attributes.append(_Attribute(match["name"].lower(), match["how"] or "", value or ""))
        elif match["state"]:
            states.append(match["state"])
        else:
            for inner in match["not"].split(","):
                item, end = _compound(inner.strip(), 0)
                if item is None or end != len(inner.strip()):
                    return None, at
                refused.append(item)
        at = match.end()
    if at == begin:
        return None, at
    return _Compound(
        tag=tag,
        identity=identity,
        classes=frozenset(classes),
        attributes=tuple(attributes),
        states=tuple(states),
        refused=tuple(refused),
    ), at


def _blocks(source: str) -> Iterable[tuple[str, str]]:
    """(selectors, declarations) of the rules that hold on a screen on a desk."""
    at = 0
    while (start := source.find("{", at)) >= 0:
        head = source[at:start].rpartition(";")[2].rpartition("}")[2].strip()
        at = start + 1
        if head.startswith("@"):
            if not _holds(head.lower()):
                at = _after(source, at)
            continue
        end = source.find("}", at)
        end = len(source) if end < 0 else end
        yield head, source[at:end]
        at = end + 1


def medium_holds(media: str) -> bool:
    """Whether a sheet for these media is one for a screen on a desk."""
    return not media.strip() or any(_query_holds(query) for query in media.lower().split(","))


def _holds(head: str) -> bool:
    """Whether the condition of a block holds (Media Queries 4); what is not known does not."""
    return head.startswith("@media") and any(_query_holds(query) for query in head[6:].split(","))


def _query_holds(query: str) -> bool:
    kind, *features = (piece.strip() for piece in re.split(r"\band\b", query))
    kind = kind.removeprefix("only").strip()
    if kind.startswith("("):
        features, kind = [kind, *features], "all"
    return kind in ("all", "screen") and all(map(_feature_holds, features))


def _feature_holds(feature: str) -> bool:
    if _LIGHT.fullmatch(feature):
        return True
    asked = _WIDTH.fullmatch(feature)
    if asked is None:
        return False
    pixels = float(asked.group(2)) * (1.0 if asked.group(3) == "px" else 16.0)
    return pixels <= _SCREEN_PIXELS if asked.group(1) == "min" else pixels >= _SCREEN_PIXELS


def _after(source: str, at: int) -> int:
    """The place after the block that is open."""
    depth = 1
    for match in re.compile(r"[{}]").finditer(source, at):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.end()
    return len(source)

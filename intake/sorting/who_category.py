"""The stakeholder category: what the sender declares, what the name says, what the address says."""

from __future__ import annotations

from collections import defaultdict

from msgspec import Struct

from intake.model.verdict import Category
from intake.sorting.folding import folded
from intake.sorting.who_places import RESERVED
from intake.sorting.who_tables import WhoTables

_MANY_WORDS = {"international_org": 2.6, "intergovernmental": 2.0, "technical_community": 1.8}
_ONE_WORD = {"academia": 1.6, "intergovernmental": 1.6, "technical_community": 1.2}
_SURE = 3.0
_WORLDWIDE = 2.6
_SAID = {"many": 2.2, "one": 1.3}


class Kind(Struct, frozen=True):
    """A category with its confidence (0 to 1) and where most of it comes from ("declared", "name", "address", "")."""

    category: Category
    confidence: float
    source: str


def name_scores(name: str, tables: WhoTables) -> dict[str, float]:
    """What the words of a name say; a legal form of companies at its end says most."""
    plain = folded(name)
    scores: defaultdict[str, float] = defaultdict(float)
    hits = list(tables.kinds.find(plain))
    for position, hit in enumerate(hits):
        weight = _MANY_WORDS.get(hit.value, 1.5) if hit.words > 1 else _ONE_WORD.get(hit.value, 1.0)
        if position == 0 and hit.start < 3:
            weight += 0.3
        scores[hit.value] += weight
    legal = [
        match
        for match in tables.legal_forms.finditer(plain)
        if match.end() >= len(plain) - 3 or (match.start() == 0 and not "a" <= plain[0] <= "z")
    ]
    if legal:
        scores["private_sector"] += _SURE
    if _is_worldwide(plain, tables):
        scores["international_org"] += _WORLDWIDE
    return dict(scores)


def _is_worldwide(plain: str, tables: WhoTables) -> bool:
    """ "International ... Council", "Fédération mondiale ...": both words, one of them at the beginning."""
    head, body = tables.worldwide.search(plain), tables.bodies.search(plain)
    if head is None or body is None:
        return False
    first = min(head.start(), body.start())
    between = plain[min(head.end(), body.end()) : max(head.start(), body.start())]
    return first < 4 and len(between.split()) <= (3 if head.start() < body.start() else 0)


def category_of(
    name: str | None, self_description: str, address: str, tables: WhoTables, declared: str = "", definition: str = ""
) -> Kind:
    """The category of a respondent. `declared` is the value of a form's field; `self_description` the covering words;
    `definition` the (folded) words by which the sender says what it is."""
    said = _declared(declared, tables)
    if said is not None:
        return Kind(said, 0.98, "declared")
    scores: defaultdict[str, float] = defaultdict(float)
    sources: dict[str, str] = {}
    if name:
        for kind, score in name_scores(name, tables).items():
            scores[kind] += score
            sources[kind] = "name"
    for kind, score in _definition_scores(definition, tables).items():
        scores[kind] += score
        sources[kind] = "declared"
    for kind in {hit.value for hit in tables.declared.find(folded(self_description[:700])) if hit.words > 1} - {"individual"}:
        scores[kind] += 1.0
        sources.setdefault(kind, "declared")
    if any(hit.value == "intergovernmental" and hit.words > 1 for hit in tables.kinds.find(folded(self_description[:500]))):
        scores["intergovernmental"] += 1.2
        sources.setdefault("intergovernmental", "declared")
    for kind, score in _address_scores(address, tables).items():
        scores[kind] += score
        sources.setdefault(kind, "address")
    if not scores or (not name and max(scores.values()) < 2.5):
        return Kind(Category.UNSPECIFIED, 0.0, "")
    ranked = sorted(scores, key=lambda kind: -scores[kind])
    best, second = ranked[0], scores[ranked[1]] if len(ranked) > 1 else 0.0
    confidence = min(0.97, 0.5 + 0.12 * scores[best] + 0.1 * (scores[best] - second))
    return Kind(Category(best), round(max(0.3, confidence), 2), sources[best])


def _definition_scores(definition: str, tables: WhoTables) -> dict[str, float]:
    """What the sender says it is: the first thing said counts most ("a non-profit exchange point of 40 operators")."""
    scores: dict[str, float] = {}
    for line in definition.split("\n"):
        for table, extra in ((tables.declared, 0.8), (tables.kinds, 0.0)):
            for position, hit in enumerate(table.find(line)):
                if hit.value == "individual":
                    continue
                score = _SAID["many" if hit.words > 1 else "one"] + extra - 0.25 * min(position, 3) - hit.start / 200
                scores[hit.value] = max(scores.get(hit.value, 0.0), score)
    return scores


def _declared(value: str, tables: WhoTables) -> Category | None:
    if not value.strip():
        return None
    found = tables.declared.values(folded(value)) or tables.kinds.values(folded(value))
    return Category(found[0]) if found else None


def _address_scores(address: str, tables: WhoTables) -> dict[str, float]:
    domain = address.rpartition("@")[2].lower()
    if not domain or tables.free_mail.fullmatch(domain):
        return {}
    labels = [label for label in domain.split(".") if label not in RESERVED] or [domain]
    weights = {
        "gov": 3.0,
        "int": 2.5,
        "edu": 2.5,
        "ac": 2.5,
        "un": 2.0,
        "co": 0.8,
        "com": 0.8,
        "org": 0.8,
        "ngo": 2.0,
        "mil": 3.0,
        "go": 2.0,
    }
    scores: dict[str, float] = {}
    for label in labels[-2:] if len(labels[-1]) == 2 else labels[-1:]:
        kind = tables.domain_kinds.get(label)
        if kind is not None and (label != "int" or label == labels[-1]):
            scores[kind.value] = weights.get(label, 2.5)
    return scores

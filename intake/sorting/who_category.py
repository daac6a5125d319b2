"""The stakeholder category: what the sender declares, what the name says, what it says of itself, what the address says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from intake.model.verdict import Category
from intake.sorting.folding import folded, has_cjk
from intake.sorting.who_lexicon import Hit
from intake.sorting.who_places import RESERVED, named_country
from intake.sorting.who_tables import WhoTables, legal_form

_MANY_WORDS = {"international_org": 2.6, "intergovernmental": 2.0, "technical_community": 1.8}
_ONE_WORD = {"academia": 1.6, "intergovernmental": 1.6, "technical_community": 1.2}
_SURE = 3.0
_MANDATED = 1.8
"""A mandate that more than one word of the name tells."""
_PUBLIC = 1.8
"""What it weighs that a name is a State's own body by its words."""
_MEMBERS = 2.4
"""What it weighs of whom an association is one: more than that it is one."""
_OF_A_HOUSE = 0.3
"""What a word of an authority weighs in the name of a university's department."""
_LITTLE = 0.15
_HEAD = 0.4
"""More for the word that says what the thing is: the first of a name, in English the last before "of" or the end."""
_TOLD = {"civil_society": 1.6, "private_sector": 1.6, "government": 1.6, "international_org": 2.4}
"""What a word of the sentence in which an organization says what it is weighs."""
_TOLD_ELSE = 2.2
_DOMAINS = {
    "gov": 3.0,
    "mil": 3.0,
    "int": 2.5,
    "edu": 2.5,
    "ac": 2.5,
    "un": 2.0,
    "ngo": 2.0,
    "go": 3.0,
    "co": 0.6,
    "com": 0.6,
    "org": 0.6,
}
_OF = (" of ", " for ", " of the ", ",", " in ", " on ", " at ")


class Kind(Struct, frozen=True):
    """A category with its confidence (0 to 1) and where most of it comes from ("declared", "name", "address", "")."""

    category: Category
    confidence: float
    source: str


def name_scores(name: str, tables: WhoTables) -> dict[str, float]:
    """What the words of a name say; a legal form of companies says most."""
    return dict(_name_scores(name, tables))


@lru_cache(maxsize=4096)
def _name_scores(name: str, tables: WhoTables) -> tuple[tuple[str, float], ...]:
    plain = folded(name)
    scores: defaultdict[str, float] = defaultdict(float)
    for hit in tables.kinds.find(plain):
        weight = _MANY_WORDS.get(hit.value, 1.5) if hit.words > 1 else _ONE_WORD.get(hit.value, 1.0)
        scores[hit.value] += weight * _place(plain, hit)
    if legal_form(name, tables):
        scores["private_sector"] += _SURE
    elif _is_public(name, plain, tables):
        scores["government"] += _PUBLIC
    if "academia" in scores and next(tables.university.find(plain), None) is not None:
        of_house = ["government"]  # "Department of Economics, University of the Coast"
        if next(tables.associations.find(plain), None) is None:
            of_house.append(
                "civil_society"
            )  # "Centre for Island Law, University of the Coast", and no "Students' Union of the ..."
        scores.update({kind: scores[kind] * _OF_A_HOUSE for kind in of_house if kind in scores})
    return tuple(scores.items())


def _is_public(name: str, plain: str, tables: WhoTables) -> bool:
    """ "National Programme Office of Kenya", "State Registry Service": a body of a State by its words, and no association."""
    if next(tables.public_bodies.find(plain), None) is None or next(tables.associations.find(plain), None) is not None:
        return False
    return next(tables.national.find(plain), None) is not None or named_country(name, tables, cities=False) is not None


def _place(plain: str, hit: Hit) -> float:
    """The weight of a word by its place: the head says what a thing is."""
    if has_cjk(plain):
        return 1.3 if hit.end >= len(plain.rstrip()) else 0.5
    if hit.start < 3:
        return 1.0 + _HEAD
    after = plain[hit.end :].lstrip(" '\"")
    return 1.0 + _HEAD / 2 if not after or any(plain[hit.end :].startswith(word) for word in _OF) else 1.0


def _composed(name: str, said: str, scores: dict[str, float], tables: WhoTables) -> None:
    """Of whom an association is one; whether it is worldwide."""
    plain = folded(name)
    association = next(tables.associations.find(plain), None)
    if association is None:
        return
    members = tables.members.values(plain) or tables.members.values(folded(said))[:2]
    if not members and next(tables.states.find(plain), None) is not None and tables.regional.values(plain):
        scores["intergovernmental"] = scores.get("intergovernmental", 0.0) + 1.2
    if members and "intergovernmental" not in scores and "technical_community" not in scores:
        union = next(tables.unions.find(plain), None) is not None or ("people" in members and " union" in plain)
        kind = "private_sector" if members.count("firms") >= members.count("people") and not union else "civil_society"
        scores[kind] = scores.get(kind, 0.0) + _MEMBERS
    if next(tables.worldwide.find(plain), None) is not None and scores.get("intergovernmental", 0.0) < 1.5:
        scores["international_org"] = scores.get("international_org", 0.0) + 2.6


def category_of(name: str | None, said: str, address: str, tables: WhoTables, declared: str = "") -> Kind:
    """The category of a respondent. `declared` is the value of a form's field; `said` the words in which it says what it is."""
    field = _declared(declared, tables)
    if field is not None:
        return Kind(field, 0.98, "declared")
    scores: dict[str, float] = {}
    sources: dict[str, str] = {}
    if name:
        scores = name_scores(name, tables)
        if not legal_form(name, tables):
            _composed(name, said, scores, tables)
        sources = dict.fromkeys(scores, "name")
    told = _told(said, tables)
    for kind, score in told.items():
        scores[kind] = scores.get(kind, 0.0) + score
        sources[kind] = "declared"
    for kind, score in _address_scores(address, tables).items():
        scores[kind] = scores.get(kind, 0.0) + score
        sources.setdefault(kind, "address")
    if name and tables.missions.match(folded(name)) and "government" in scores:
        scores = {"government": scores["government"] + _SURE}  # to whom it is sent says nothing of what it is
    return _best(_weighed(scores, told), sources, named=bool(name))


def _told(said: str, tables: WhoTables) -> dict[str, float]:
    """What the words say in which somebody tells what it is; each category once, the first named a little more."""
    plain = folded(said)
    found = [hit.value for hit in sorted(tables.declared.find(plain), key=lambda hit: hit.start) if hit.value != "individual"]
    scores: dict[str, float] = {}
    for kind in dict.fromkeys(found):
        scores[kind] = _TOLD.get(kind, _TOLD_ELSE) + (0.4 if kind == found[0] else 0.0)
    for hit in tables.kinds.find(plain):
        scores[hit.value] = scores.get(hit.value, 0.0) + (0.3 if hit.words > 1 else 0.15)
    return scores


def _weighed(scores: Mapping[str, float], told: Mapping[str, float]) -> dict[str, float]:
    """A mandate outranks the form: an exchange run by a non-profit is technical, a federation of associations worldwide is
    international, a body of States no authority of one."""
    weighed = dict(scores)
    for strong, weaker, least in (
        ("technical_community", ("civil_society",), 1.2),
        ("international_org", ("civil_society", "private_sector", "academia"), 2.0),
        ("intergovernmental", ("government", "civil_society", "international_org"), 1.6),
        ("academia", ("civil_society",), 1.6),
    ):
        if weighed.get(strong, 0.0) >= least:
            for kind in weaker:
                # "Institute" is a form that many have: a non-profit that says so is none of academia for it.
                # So is a registrar who is one of a profession.
                form = strong == "academia" or (strong == "technical_community" and weighed[strong] < _MANDATED)
                said_so = form and told.get(kind, 0.0) > max(1.0, told.get(strong, 0.0))
                if kind in weighed and not said_so:
                    weighed[kind] *= 0.45
    return weighed


def _best(scores: Mapping[str, float], sources: Mapping[str, str], *, named: bool) -> Kind:
    if not scores or (not named and max(scores.values()) < 2.0):
        return Kind(Category.UNSPECIFIED, 0.0, "")
    ranked = sorted(scores, key=lambda kind: -scores[kind])
    best, second = ranked[0], scores[ranked[1]] if len(ranked) > 1 else 0.0
    if named and scores[best] < _LITTLE:
        return Kind(Category.UNSPECIFIED, 0.0, "")
    if named and scores[best] < 0.5 and scores[best] > second:
        return Kind(Category(best), 0.4, sources[best])  # "a provider of satellite backhaul", of a brand: a guess
    if named and scores[best] < 0.5:
        return Kind(Category.UNSPECIFIED, 0.0, "")
    confidence = min(0.97, 0.5 + 0.12 * scores[best] + 0.1 * (scores[best] - second))
    return Kind(Category(best), round(max(0.3, confidence), 2), sources[best])


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
    if domain.rpartition(".")[2] in RESERVED:
        labels = [piece for label in labels for piece in label.split("-")]
    scores: dict[str, float] = {}
    for label in labels[-2:] if len(labels[-1]) == 2 else labels[-1:]:
        kind = tables.domain_kinds.get(label)
        if kind is not None and (label != "int" or label == labels[-1]):
            scores[kind.value] = _DOMAINS.get(label, 2.5)
    return scores

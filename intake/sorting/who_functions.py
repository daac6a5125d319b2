"""What somebody is, and the body it is held in: "Secretary of the Harbour Union", "юрист АО «...»", "研究所主任"."""

from __future__ import annotations

import re

from intake.sorting.folding import folded, has_cjk
from intake.sorting.who_category import name_scores
from intake.sorting.who_tables import WhoTables

_SECRETARY = re.compile(
    r"(?:secretaria|secretário|secretaire|secrétaire)\b(?!\s+(?:nacional|estadual|municipal|especial|distrital|d[eo] estado))",
    re.I,
)
_PREPOSITION = re.compile(
    r"\s(?:of(?: the)?|at(?: the)?|for(?: the)?|de(?: l[ao]s?)?|del|du|des|da|do|das|dos|della?|der|des|van(?: de)?|der|bei|w|"
    r"в|при|à l['’]|de l['’]|لـ?|في)\s*$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    "(?:公共|事务|市场|法务|政策|公关|业务|技术|人力|资源|财务|国际|合作|对外|信息|研发|运营|客户|战略|法律|合规|宣传|项目|行政|综合|政府|关系)+(?:部|处|科|室|组)"
)


def title_words(text: str) -> list[str]:
    """Folded words of a line, without points and brackets."""
    return [word.strip(".,()") for word in re.split(r"[\s-]+", folded(text)) if word.strip(".,()")]


def function_and_body(segment: str, tables: WhoTables) -> tuple[str, str, float] | None:
    """A function and the body it is held in, written as one: "Secretary of the Harbour Union", "юрист ООО «...»", "研究所主任".

    (function, body, weight), or None. A body in another case than the nominative weighs less.
    """
    if has_cjk(segment):
        bare = segment.replace(" ", "")
        plain = folded(bare)
        title = next((title for title in tables.chinese_titles if plain.endswith(title)), None)
        body = bare[: -len(title)] if title else ""
        scores = name_scores(body, tables) if len(body) > 3 else {}
        unit = len(body) <= 4 and body[-1:] in "部处科室課课"
        return (bare[len(body) :] if title else "", body, 0.5 if unit else max(scores.values()) + 0.3) if scores else None
    if not is_title(segment, tables) or starts_as_body(segment, tables):
        return None
    plain = folded(segment)
    starts = [match.start() for match in tables.legal_forms.finditer(plain)]
    starts = [start for start in starts if start and re.match(r"\S+\s+[\"«“]", segment[start:])]
    starts += [hit.start for hit in tables.kinds.find(plain)]
    for start in sorted(starts):
        before = segment[:start].rstrip(' "«“')
        joined = _PREPOSITION.search(before)
        cyrillic = re.search(r"[а-яё]$", before) is not None
        if not start or len(plain) != len(segment) or not (segment[start].isupper() or "\u0600" <= segment[start] <= "\u06ff"):
            continue
        if (joined is None and not cyrillic) or len(segment[start:].split()) < 2 or tables.units.match(plain, start):
            continue
        if title_words(segment[start:])[0] in tables.titles:
            continue  # "Head of Government Affairs"
        if next(
            (hit.start for hit in tables.members.find(plain) if hit.start == start), None
        ) is not None and not tables.legal_forms.search(plain):
            continue  # "Directora de Comercio Electrónico": a field of work, no body
        genitive = cyrillic and re.match(r"[А-ЯЁ]{2,4}\b", segment[start:]) is None
        title = before[: joined.start()].strip() if joined else before
        return title, segment[start:], 0.9 if genitive else 1.5
    return None


def is_title(segment: str, tables: WhoTables) -> bool:
    """One of the first words is a function."""
    words = [word.strip(".,():") for word in re.split(r"[\s/]+|-", folded(segment)) if word]
    if has_cjk(segment) or re.search(r"[\uac00-\ud7a3]", segment):
        return any(folded(segment).replace(" ", "").endswith(title) for title in tables.chinese_titles)
    # "Telecom and Marketing Consultant": who somebody is may stand last.
    last = len(words) > 1 and words[-1] in tables.last_titles and not {"of", "for"} & set(words)
    return last or any(word in tables.titles for word in words[:3])


def starts_as_body(segment: str, tables: WhoTables) -> bool:
    """Whether it begins with the kind of a body, though the word may be a function too: "Secretaría de Redes"."""
    hit = next(tables.kinds.find(folded(segment)), None)
    words = [word.strip(".,()") for word in folded(segment).split()]
    if hit is None or hit.start >= 2:
        return False
    if _SECRETARY.match(segment):
        # "Secretaria de Prensa" signs; the "Secretaría de Prensa" and the "Secretaria Nacional" are bodies.
        return False
    return hit.words > 1 or not any(word in tables.titles for word in words[:2])

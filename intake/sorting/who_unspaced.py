"""Names of organizations in Chinese, Japanese and Korean text: up to the word of its kind that ends them, or from the one that begins them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from intake.sorting.folding import CJK, folded
from intake.sorting.who_tables import WhoTables

_RUN = re.compile(rf"[{CJK}々\u3041-\u30ff\uac00-\ud7a3A-Za-z0-9·&＆\-（）()「」“”]{{3,48}}")
_HAS = re.compile(rf"[{CJK}\u3041-\u30ff\uac00-\ud7a3]")
_HEAD = 700
_BRACKETS = re.compile(r"[（(][^（）()]{0,30}[)）]|[「」“”]")
_BRANCH = re.compile(rf"(?<=[{CJK}])[（(][{CJK}]{{2,4}}[)）](?=[{CJK}]{{0,6}}(?:公司|集团|中心|分院|研究院|大学|学院))")
"""A branch's place within a name: （宁波）有限公司."""
_INSIDE = re.compile(r"[（(]([^（）()]{4,30})[)）]")
_ADDRESSED = ("御中", "様", "귀중", "台鉴", "敬启")
_SHORTEST = 4
_LONG_SOCIETY = 16
_SOCIETY = re.compile(
    rf"^(?:[{CJK}]{{2,4}}(?:省|州|市|县|縣|区|區|镇|鎮|村))[{CJK}]{{1,8}}[会會]$|[{CJK}](?<![机機社大开開聚体體约約只不才都就也将將能议議])[会會]$"
)
_PROVINCE = re.compile(rf"[{CJK}]{{2,4}}?(?:省|州|自治区|(?<![城都超])市|县|縣)[{CJK}]{{2}}")


def unspaced_names(text: str, tables: WhoTables) -> Iterator[tuple[str, float]]:
    """Names with how sure they are, from the first lines of a text."""
    head = text[:_HEAD]
    if not _HAS.search(head):
        return
    for run in islice(_RUN.finditer(head), 30):
        piece = run.group()
        if not _HAS.search(piece):
            continue
        for inside in _INSIDE.findall(piece):
            # 我公司（深蓝光缆股份有限公司）
            if (named := _ended(inside, tables)) and len(named) >= _SHORTEST and tables.unspaced_before.search(piece):
                yield named, 0.78
        clean = _BRACKETS.sub(lambda match: match.group() if _BRANCH.match(match.string, match.start()) else "", piece)
        outside, opened, inside = clean.partition("（") if "（" in clean else clean.partition("(")
        if opened and not _BRANCH.search(clean):
            clean = (
                outside if _ended(outside, tables) or _society(outside, opened) else inside
            )  # 何静（正和律师事务所合伙人，深圳）
        if clean.endswith(_ADDRESSED) or (
            head[run.end() : run.end() + 1] in (":", "：")
            and not tables.unspaced_before.search(clean)
            and not tables.unspaced_verbs.search(clean, 2)
        ):
            continue
        told = next(reversed(list(tables.unspaced_before.finditer(clean))), None) or tables.unspaced_starts.match(clean)
        begin = told.end() if told else 0
        ending = tables.unspaced_verbs.search(clean, begin + 2)
        body = clean[begin : ending.start() if ending else len(clean)]
        name = _without_country(_ended(body, tables) or _society(body, told is not None or ending is not None or opened), tables)
        says = next((hit for hit in tables.declared.find(folded(name)) if hit.start == 0), None)
        if len(name) >= _SHORTEST and says is None and not tables.never.search(folded(name)):
            yield name, 0.8 if told or ending else 0.6


def _society(body: str, bounded: object) -> str:
    """ "霹雳州三乐会": a society's one sign at the end of a name that something bounds; no "社会", no "机会"."""
    bare = body.strip()
    return bare if bounded and _SHORTEST <= len(bare) <= _LONG_SOCIETY and _SOCIETY.search(bare) else ""


def _without_country(name: str, tables: WhoTables) -> str:
    """Without the country that only says where a province's body stands: "中国江北省...", "马来西亚霹雳州..."; never of "中国城市..."."""
    hit = next(tables.names.find(folded(name)), None) if name else None
    if hit is None or hit.start or not _PROVINCE.match(name, hit.end):
        return name
    return name[hit.end :]


def _ended(body: str, tables: WhoTables) -> str:
    """Up to the last word of a kind that ends a name; all of it when one begins it (株式会社...)."""
    plain = folded(body)
    if len(plain) != len(body):
        return ""
    first = tables.unspaced_first.match(plain)
    if first and len(body) > first.end() + 1:
        return body
    # One character that ends names stands within words too (司机, 部分): it must end the words, but for a function.
    ends = [
        match.end()
        for match in tables.unspaced_last.finditer(plain)
        if match.end() - match.start() > 1 or match.end() == len(plain) or plain[match.end() :] in tables.chinese_titles
    ]
    return body[: ends[-1]] if ends and ends[-1] >= _SHORTEST else ""

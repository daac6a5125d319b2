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
            clean = outside if _ended(outside, tables) else inside  # 何静（正和律师事务所合伙人，深圳）
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
        name = _ended(body, tables)
        says = next((hit for hit in tables.declared.find(folded(name)) if hit.start == 0), None)
        if len(name) >= _SHORTEST and says is None and not tables.never.search(folded(name)):
            yield name, 0.8 if told or ending else 0.6


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

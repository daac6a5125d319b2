"""Where a name in running text begins and ends: at punctuation, before a verb, a place or a word that no name holds."""

from __future__ import annotations

import re

from intake.sorting.folding import folded, has_cjk
from intake.sorting.who_category import name_scores
from intake.sorting.who_names import organization_name
from intake.sorting.who_places import named_country
from intake.sorting.who_tables import WhoTables

STOP = re.compile(r"[.,;:!?|•\n()（）\"“”«»،؛。，、；：]|\s[–—-]\s|\s-|\t")
_LEGAL_POINT = re.compile(r"^[.,]\s?(?:Ltd|Inc|LLC|S\.|A\.|V\.|C\.|L\.|Ş\.|R\.|[a-z]\.|o\.)", re.IGNORECASE)
_POINTED = re.compile(r"(?:[^\W\d_]\.){0,4}[^\W\d_]|Pvt|Co|Inc|Ltd|St|Sp|Sdn|Bhd|Prof|Dr")
CAPITAL = re.compile(r"[^\W\d_a-zà-ÿа-я]", re.UNICODE)
MOST_WORDS = 14
_LONG_HEAD = 90
_FIELD = ("au", "aux", "a", "sur", "sobre", "on")
_FIELD_WORDS = 7
_FIELD_ARTICLE = re.compile(r"(?:les?|la|l['’]|los|las|el|the)\s?")
_ASKED = re.compile(
    r"consultati|consulta\b|questionnaire|cuestionario|enquete|encuesta|survey|appel\b|secretariat|secretaria|groupe|grupo|working group"
)
_SMALL_WORDS = r"(?:(?:of|the|for|de|du|des|la|le|les|del|los|las|el|da|do|dos)\s|[dl]['’])*"
_PIECE = rf"{_SMALL_WORDS}[A-ZÀ-ÞА-ЯЁ][\w’'-]*(?:\s{_SMALL_WORDS}[A-ZÀ-ÞА-ЯЁ][\w’'-]*){{0,3}}"
_LISTED = re.compile(
    rf"(?:,\s{_PIECE}){{0,4}},?\s(?:and|et|y|e|und|и|&)\s{_PIECE}"
    r"|(?:,\s[а-яё]{3,}(?:\s[а-яё]{3,}){0,2}){1,3}\sи\s(?:[а-яё]+(?:ого|ой|ых|их)\s){0,2}[а-яё]{4,}"
)
"""The rest of what a house is in charge of, behind the first comma: ", Industry and Crafts", ", связи и массовых коммуникаций"."""
_QUOTED = re.compile(r"[«“\"][^«“”»\"\n]{2,80}[»”\"]")
_IN = re.compile(r"\s(?:in|based in|from|en|à|au|aux|в|из|г\.|في|من|em|in der|uit|aus|de la ciudad de)\s")


def _end_of(text: str, start: int, tables: WhoTables) -> int:
    """Where the punctuation ends it: not at quotes that are its own, a line that is wrapped, a legal form's or a portfolio's commas."""
    end = start
    while True:
        stop = STOP.search(text, end)
        listed = portfolio_end(text, start, stop.start(), tables) if stop and stop.group() == "," else None
        if listed is not None:
            end = listed
            continue
        end = stop.start() if stop else min(len(text), start + 160)
        quoted = _QUOTED.match(text, end) if stop and 1 < end - start < 60 else None
        if quoted:
            # ТОО «...», Asociación "..."
            end = quoted.end()
            continue
        line = text.rfind("\n", 0, end) + 1
        if stop and stop.group() == "\n" and text[stop.end() : stop.end() + 1].strip() and 50 < end - line < 100:
            end += 1
            continue
        token = text[start:end].rsplit(None, 1)[-1] if text[start:end].strip() else ""
        legal = stop and stop.group() == "." and tables.legal_forms.fullmatch(folded(token) + ".")
        goes_on = _LEGAL_POINT.match(text[end + 1 : end + 9]) or re.match(r"[A-Z]\.", text[end + 1 : end + 3])
        if legal and not goes_on:  # "Co., Ltd.", "S.A.C."
            return end + 1
        if (stop and _LEGAL_POINT.match(text[end : end + 8])) or (stop and text[end] == "." and _POINTED.fullmatch(token)):
            end += 1
            continue
        return end


def name_at(text: str, start: int, tables: WhoTables, *, english: bool = False, introduced: bool = False) -> str | None:
    """The name that begins at an offset: up to punctuation or a word that no name holds; it must say what it is."""
    while start < len(text) and text[start] in " \t\n'’\"“«":
        start += 1
    end = _end_of(text, start, tables)
    piece = " ".join(text[start:end].split())
    piece = before_verb(piece, tables)
    if not piece or len(piece.split()) > MOST_WORDS or len(piece) > 140:
        return None
    piece = title_case(piece, tables) if english else _before_clause(piece, tables)
    if not piece:
        return None
    name = organization_name(piece, tables)
    if len(name.split()) == 1 and name_scores(name, tables) and not has_cjk(name):
        return None  # "the Chamber" names no chamber
    if tables.never.search(folded(name)) or is_category(name, tables) or folded(name).split(" ")[0] in tables.possessive:
        return None
    if not name or not (CAPITAL.match(name) or has_cjk(name)):
        return None
    if named_country(name, tables) and len(name.split()) <= 4 and not name_scores(name, tables):
        return None
    fits = len(name.split()) <= 5 and all_capital(name)
    plain = folded(name)
    named = bool(name_scores(name, tables)) or bool(tables.associations.values(plain)) or bool(tables.states.values(plain))
    return name if named or fits or (introduced and len(name.split()) >= 3 and len(name) > 16) else None


def portfolio_end(text: str, start: int, comma: int, tables: WhoTables) -> int | None:
    """Where the name ends that begins with a house in charge of several things and has a comma; None when it has none."""
    if comma - start > _LONG_HEAD or tables.portfolios.match(folded(text[start:comma])) is None:
        return None
    listed = _LISTED.match(text, comma)
    return listed.end() if listed is not None and text[comma] == "," else None


def _is_clause(piece: str, tables: WhoTables) -> bool:
    """Words of a sentence stand in it ("if", "this", "not") that join no name."""
    return not piece.isupper() and any(word.strip("'’") in tables.clause_words for word in folded(piece).split())


def _before_clause(piece: str, tables: WhoTables) -> str:
    """ "Instituto Tecnológico de Almadén sigue este asunto": what stands before the word that a small word of a sentence follows."""
    if not _is_clause(piece, tables):
        return piece
    words = piece.split()
    first = next((at for at, word in enumerate(folded(piece).split()) if word.strip("'’") in tables.clause_words), 0)
    kept = words[: max(0, first - 1)]
    while kept and folded(kept[-1]) in tables.joins:
        kept.pop()
    name = " ".join(kept)
    whole = len(kept) > 1 and first < len(words) and words[first - 1][:1].islower()
    return name if whole and name_scores(name, tables) else ""


def is_category(name: str, tables: WhoTables) -> bool:
    """ "Civil society" is a category and nobody's name."""
    plain = folded(name)
    hit = next((hit for hit in tables.declared.find(plain) if hit.start == 0), None)
    if hit is None:
        return False
    # "NGO in Ulaanbaatar", "nationwide NGO": what it is, and where.
    rest = plain[hit.end :].strip()
    return not rest or (_IN.match(f" {rest}") is not None and named_country(rest, tables) is not None)


def title_case(piece: str, tables: WhoTables) -> str:
    """An English name ends before the first small word that does not join two capital ones."""
    words = piece.split()
    if not words or piece.isupper():
        return piece
    kept: list[str] = []
    for word in words:
        small = not (word[0].isupper() or not word[0].isalpha())
        if small and word.strip("().,'") not in tables.joins and not (kept and re.match(r"\w\.\w", word)):
            break
        kept.append(word)
    while kept and kept[-1].lower() in tables.joins:
        kept.pop()
    return " ".join(kept)


def all_capital(name: str) -> bool:
    """Whether every longer word begins with a capital letter."""
    words = [word for word in name.split() if len(word) > 3]
    return len(words) > 0 and all(word[0].isupper() for word in words)


def before_verb(piece: str, tables: WhoTables) -> str:
    """The name alone: before a word that no name holds, or what the named one does. In mixed case such words are small."""
    plain = folded(piece)
    same = len(plain) == len(piece) and not piece.isupper()
    first = len(piece)
    for pattern in (tables.name_ends, tables.verbs):
        after = 0
        for match in pattern.finditer(plain, 1):
            if match.group() == "," and _LEGAL_POINT.match(piece[match.start() :]):
                continue
            if same and piece[match.start()].isupper() and match.group() != "i":
                continue
            if pattern is tables.name_ends and _field_of_house(plain, match, tables):
                continue
            if pattern is tables.name_ends and (match.start() <= after or is_category(piece[: match.start()].strip(), tables)):
                after = match.end() + 1  # "Institut de recherche" alone is a kind: its name goes on ("sur les plateformes")
                continue
            if match.group() == "e" and same and piece[match.start()] == "e":
                continue  # the Portuguese "é" is a verb, the "e" of "e.V." is not
            first = min(first, match.start())
            break
    for match in _IN.finditer(plain, 1) if tables.missions.match(plain) is None else ():
        # "Harbour Trust in Kenya", "هيئة الموانئ في سلطنة عمان": a place is no part of the name.
        where = (piece if same else plain)[match.end() : first]  # "para" is no Pará: a city begins with a capital
        if match.start() < first and len(where.split()) <= 4 and _is_where(where, tables):
            first = match.start()
    return piece[:first].strip()


def _field_of_house(plain: str, match: re.Match[str], tables: WhoTables) -> bool:
    """What a house is in charge of goes on behind such a word: "Ministère de l'Accès au numérique", "Conférence des États sur les
    postes"; not "... au questionnaire", "... sur la question 3"."""
    if match.group() not in _FIELD or tables.portfolios.match(plain) is None:
        return False
    rest = _FIELD_ARTICLE.sub("", plain[match.end() :].strip(), count=1)
    asked = (
        tables.letters.question_word.search(rest) or tables.filed.search(rest) or _ASKED.search(rest) or re.search(r"\d", rest)
    )
    return 0 < len(rest.split()) <= _FIELD_WORDS and asked is None and tables.verbs.search(rest) is None


def _is_where(plain: str, tables: WhoTables) -> bool:
    folded_place = folded(plain)
    found = named_country(plain, tables) is not None or any(hit.start == 0 for hit in tables.world.find(folded_place))
    return found or tables.areas.match(folded_place.lstrip()) is not None

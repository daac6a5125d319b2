"""Names of persons and organizations as they are kept: without titles, degrees, acronyms in brackets; the longest form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from intake.sorting.answers_frame import looks_like_name
from intake.sorting.folding import CJK, folded, has_cjk
from intake.sorting.who_places import is_state, named_country
from intake.sorting.who_tables import WhoTables, legal_form

_BRACKET = re.compile(r"\s*[(（\[]([^()（）\[\]]{1,60})[)）\]]")
_ARTICLE = re.compile(r"^(?:the|la|le|les|el|los|las|l['’]|die|der|das|il|lo|o|a|os|as)(?:\s+|(?<=['’]))", re.IGNORECASE)
_EDGES = ' \t\r\n.,;:|•*_"“”-–—/،؛。，、'
_BARE_EDGES = " \t\r\n.,;:|•*_-–—/،؛。，、"
_PAIRS = (("«", "»"), ("“", "”"), ("「", "」"), ("《", "》"))
_HAN_NAME = re.compile(rf"^(?:[{CJK}々·]{{2,5}}|[{CJK}々]{{1,4}}[\u3041-\u30ff]{{1,4}}|[\uac00-\ud7a3]{{2,4}})$")
_SELF = re.compile(r"^(?:本人|我叫|我是)(?=[^\W\d_]{2,4}$)")
_NO_NAME = re.compile(r"\s(?:for|of|the|in|on|to|at|with|pour|para|для|für|voor)\s")
_VOWEL = re.compile(r"[^A-Z.'-]|[AEIOUY.'-]")
_GENITIVES = (
    ("ства", ("ство",)), ("ра", ("р", "ро")), ("а", ("",)), ("ы", ("а",)), ("и", ("ь", "а", "я")), ("я", ("ь", "й")),
)  # fmt: skip
_DESCENT = ("ولد", "بن", "بنت", "ابن", "منت", "آل")
"""Words between names of father and child: what stands beside them is a name though it may be a function too."""
_SHORT = 3
_INITIAL = re.compile(r"^[A-Z]\.\s[A-ZÀ-Þ][^\W\d_]+(?:-[^\W\d_]+)?$")
_GENITIVE_ADJECTIVE = re.compile(r"(?:ого|ой)$")
_AFTER_NAMES = ("phd", "esq", "jr", "mrs", "ms", "mr")
_GENERIC = re.compile(
    r"^(?:coopérative|association|fondation|cooperativa|asociación|fundación|cooperative|charity"
    r"|société|entreprise|association dénommée|compañía|empresa|company|firm|ong|ngo|компании|компания|организации|организация"
    r"|фирма|фирмы|ditta|società|azienda|firma|bedrijf|organización|organisation)\s+(?=[A-ZÀ-ÞА-ЯЁ«“\"])"
)
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_BODY_OF = re.compile(r"(?:association|fondation|asociación|fundación|charity)\s")
_SPELLED = re.compile(r"(?:^|\s)[^\W\d_]\.(?:\s[^\W\d_]\.)+$")


@lru_cache(maxsize=4096)
def person_name(text: str, tables: WhoTables, known: frozenset[str] = frozenset()) -> str | None:
    """A personal name without courtesy titles and degrees, given name first; None when the text is none.

    `known`: folded words of the sender's display name: "Sékou Camara" is a person though a chamber is a "cámara".
    """
    text = " ".join(text.split())
    text = text[1:-1] if text.startswith("(") and text.find(")") == len(text) - 1 else text  # "(Dr Ana Ruiz)"
    text = _reorder(_BRACKET.sub("", text).strip(_EDGES))
    if any(len(word) > 2 and word.isupper() and _VOWEL.search(word) is None for word in text.split()):
        return None  # "Comptel NXT"
    words = re.sub(r"(?<=[^\W\d_]{2}\.)(?=[^\W\d_]{3})", " ", text).split(" ")
    while words and _bare(words[0]) in tables.courtesy and len(words) > 1:
        words.pop(0)
    if len(words) == 1 and _INITIAL.match(text):
        words = text.split(" ")  # "M. Okafor": an initial, for all that "M." is a courtesy too
    while len(words) > 1 and _is_degree(words[-1], tables):
        words.pop()
    text = " ".join(words).strip(_EDGES)
    if has_cjk(text) or _HANGUL.search(text):
        return _chinese_name(text, tables)
    if not looks_like_name(text.title() if text.isupper() else text) or "@" in text or _NO_NAME.search(text):
        return None
    if len(words) > 1 and all(_bare(word) in known for word in words) and not legal_form(text, tables):
        return (
            None if words[0].isupper() and not text.isupper() and tables.kinds.values(_bare(words[0])) else text
        )  # "ONG Hwlame"
    if _is_city(text, tables, every=not known) or (not known and _begins_as_body(text, tables)):
        return None  # "Port Moresby", "CONFEDERACION KICHWA"
    if len(words) == 2 and words[1].isupper() and not words[0].isupper() and tables.roles.values(_bare(words[0])):
        return None  # "Secrétariat OECN"
    descended = any(word in _DESCENT for word in words[1:-1])
    if (
        (not descended and any(_bare(word) in tables.titles for word in words))
        or _says_kind(text, tables)
        or legal_form(text, tables)
    ):
        return None
    if named_country(text, tables) and len(words) < 3 and any(True for _ in tables.names.find(folded(text))):
        return None
    return text


def _is_city(text: str, tables: WhoTables, *, every: bool) -> bool:
    """A city of two words or more, whole: a line of it says where somebody is."""
    plain = folded(text)
    city, _, part = text.rpartition(" ")
    if part.isupper() and part.isascii() and len(part) <= _SHORT and not city.isupper():  # "Canberra ACT"
        named = [hit for known in (tables.cities, tables.world) for hit in known.find(folded(city))]
        if any(hit.start == 0 and hit.end == len(folded(city)) for hit in named):
            return True
    return every and " " in plain and any(hit.start == 0 and hit.end == len(plain) for hit in tables.cities.find(plain))


def _begins_as_body(text: str, tables: WhoTables) -> bool:
    """ "Guild Marina", "CONFEDERACION KICHWA": the word of an association stands first. A short one may be a given name."""
    hit = next(tables.associations.find(folded(text)), None)
    return hit is not None and hit.start == 0 and hit.end > _SHORT + 2


def _says_kind(text: str, tables: WhoTables) -> bool:
    """A word of a kind stands in it; one of three letters at the end, written as a name, is a name ("Cuc", "Ong")."""
    return any(
        hit.start == 0 or hit.words > 1 or hit.end - hit.start > _SHORT or text[hit.start : hit.end].isupper()
        for hit in tables.kinds.find(folded(text))
    )


def _is_degree(word: str, tables: WhoTables) -> bool:
    """ "MBA" is a degree, "Mba" a name."""
    bare = _bare(word)
    written = word.strip(".,()")
    return bare in tables.degrees and not (len(bare) <= 3 and written.istitle() and bare not in _AFTER_NAMES)


def _chinese_name(text: str, tables: WhoTables) -> str | None:
    head, _, tail = text.strip().partition(" ")
    if tail and folded(head) in tables.chinese_titles:
        text = tail  # 秘书 刘美珍
    bare = text.replace(" ", "")
    spaced = " ".join(text.split()) if re.search(r"\s", text) else ""
    bare = _SELF.sub("", bare)
    for title in tables.chinese_courtesy:
        if bare.endswith(title) and len(bare) - len(title) >= 2:
            bare = bare[: -len(title)]
    if (
        not _HAN_NAME.match(bare)
        or tables.kinds.values(bare)
        or named_country(bare, tables)
        or tables.letters.closing.match(bare)
    ):
        return None
    # Japanese and Korean names are written with a space as often as not.
    return spaced if spaced.replace(" ", "") == bare else bare


def _reorder(text: str) -> str:
    """ "Arriaga Sotelo, Ximena" and "KAMARUDIN, Nurul Izzah" with the given name first."""
    family, comma, given = text.partition(",")
    words = given.split()
    if not comma or not words or len(words) > 5 or "," in given or not all(word[:1].isalpha() for word in words):
        return text
    if len(family.split()) > 3 or not words[0][:1].isupper():
        return text
    return f"{given.strip()} {family.strip()}"


def _bare(word: str) -> str:
    return folded(word).strip(".,()")


def longest_form(name: str, others: Iterable[str]) -> str:
    """The longest of the names that are the same person's as `name` (all its words, a first name may be shortened)."""
    best = name
    for other in others:
        if len(other) > len(best) and same_person(name, other):
            best = other
    return best


def same_person(one: str, other: str) -> bool:
    """Whether the shorter name's words stand in the longer one; the first may be a short form ("Cora", "Corazon"; "N.")."""
    short, long = sorted((_words(one), _words(other)), key=len)
    if not short or (len(short) < 2 and len(long) > 1 and short[0] not in long):
        return False
    rest = [word for word in short if word not in long]
    if not rest:
        return True
    return len(rest) == 1 and len(short) > 1 and any(word.startswith(rest[0]) for word in long if len(rest[0]) >= 1)


def _words(name: str) -> list[str]:
    return re.findall(rf"[{CJK}]|[^\W\d_{CJK}]+", folded(name))


@lru_cache(maxsize=4096)
def organization_name(text: str, tables: WhoTables) -> str:
    """The full name without article, acronym or country in brackets, and place at the end; brackets and quotes in pairs."""
    text = " ".join(text.split())
    text = _BRACKET.sub(lambda match: _kept_bracket(match, tables), text)
    text = " ".join(text.split()).replace(" ,", ",")
    text = _ARTICLE.sub("", text.lstrip(_BARE_EDGES + ")）]").rstrip(" \t,;:|•*_–—-،؛。，、"))
    text = _without_kind(_paired(text))
    text = re.sub(r"^(?:في|لدى)\s+(?=\S+\s\S)", "", text)
    text = re.sub(r"['’]s$", "", text)
    owner = re.match(r"([^\W\d_][\w.-]+)['’]s\s+(?=[^\W\d_])", text)
    if owner and named_country(owner.group(1), tables):
        text = text[owner.end() :]  # "Ghana's Bureau of Standards"
    head, dash, tail = text.rpartition(" - ") if " - " in text else text.rpartition(" – ")
    if dash and ((len(tail) <= 12 and tail.isupper()) or is_state(tail, tables)):
        text = head
    end = _without_acronym(text.rstrip(" ,;:|-–—،"))
    last = end.rsplit(" ", 1)[-1]
    spelled = _SPELLED.search(end) is not None  # "e. V."
    abbreviated = end.endswith(".") and (spelled or "." in last[:-1] or tables.legal_forms.fullmatch(folded(last)) is not None)
    return end if abbreviated else end.rstrip(_BARE_EDGES)


def _without_kind(text: str) -> str:
    """ "coopérative Les Quais" without the word of its kind; an association of one word keeps it: "Association Jiwar"."""
    generic = _GENERIC.match(text)
    if generic is None:
        return text
    rest = text[generic.end() :]
    one = " " not in rest.strip() and rest[1:] == rest[1:].lower() and rest[:1].isalpha() and _BODY_OF.match(text) is not None
    return text[0].upper() + text[1:] if one else rest


def _kept_bracket(match: re.Match[str], tables: WhoTables) -> str:
    """A legal form in brackets is part of the name, and a Chinese branch's place before it: 海韵（宁波）有限公司."""
    legal = tables.legal_forms.search(folded(match.group(1))) is not None
    within = has_cjk(match.group(1)) and has_cjk(match.string[: match.start()][-1:]) and has_cjk(match.string[match.end() :][:1])
    return match.group() if legal or within else " "


def _paired(text: str) -> str:
    """Brackets and quotes in pairs: what opens and never closes is cut off or closed; quotes around the whole are taken off."""
    for opening, closing in (("(", ")"), ("（", "）"), ("[", "]")):
        if text.count(opening) > text.count(closing):
            text = text[: text.rfind(opening)].rstrip(" \t,;:|-–—")
        while text.count(closing) > text.count(opening):
            place = text.rfind(closing)
            text = text[:place] + text[place + 1 :]
    for opening, closing in _PAIRS:
        if text.count(opening) > text.count(closing):
            text += closing
        elif text.count(closing) > text.count(opening):
            text = text.replace(closing, "")
        if text.startswith(opening) and text.endswith(closing) and text.count(opening) == 1:
            text = text[1:-1]
    if text.count('"') % 2:
        text = text.strip('"') if text.startswith('"') or text.endswith('"') else text + '"'
    if text.startswith('"') and text.endswith('"') and text.count('"') == 2:
        text = text[1:-1]
    return text.strip(" \t")


def _without_acronym(text: str) -> str:
    """ "Harbour Radio Trust HRT" without the letters that its own words begin with."""
    *words, last = text.split(" ")
    if len(words) < 2 or not (3 <= len(last) <= 8 and last.isupper() and last.isalpha()) or text.isupper():
        return text
    initials = "".join(folded(word)[:1] for word in words)
    wanted = iter(initials)
    return " ".join(words) if all(letter in wanted for letter in folded(last)) else text


def nominative(name: str, tables: WhoTables) -> str:
    """A Russian name spoken of in the genitive, as it is called: the head noun and the adjectives before it."""
    words = name.split(" ")
    for place, word in enumerate(words[:3]):
        head = tables.genitive.get(folded(word)) or _head_noun(word, tables)
        if head is None:
            if _GENITIVE_ADJECTIVE.search(word) is None:
                return name
            continue
        ending = {"а": "ая", "я": "ая", "ь": "ая", "о": "ое", "е": "ое"}.get(head[-1], "ый")
        before = [_nominative_adjective(adjective, ending) for adjective in words[:place]]
        return " ".join([*before, head.capitalize() if word[0].isupper() else head, *words[place + 1 :]])
    return name


def _head_noun(word: str, tables: WhoTables) -> str | None:
    """A word in the genitive whose nominative says the kind of a body: "кооператива", "точки"."""
    plain = folded(word)
    if plain in tables.genitive.values() or plain.endswith("ия"):
        return None
    for ending, nominatives in _GENITIVES:
        if plain.endswith(ending) and len(plain) > len(ending) + 2:
            for nominative in nominatives:
                if any(hit.words == 1 for hit in tables.kinds.find(plain[: -len(ending)] + nominative)):
                    return plain[: -len(ending)] + nominative
    return None


def _nominative_adjective(word: str, ending: str) -> str:
    stem = _GENITIVE_ADJECTIVE.sub("", word)
    if ending == "ый" and stem[-1:] in "гкхжшщч":
        ending = "ий"
    return stem + ending

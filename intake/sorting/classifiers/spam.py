"""Is it for everybody and about something else? A mark of our own host is used; what looks like a response is never dropped for it."""

from __future__ import annotations

import re
from functools import lru_cache

from intake.model.mail import ChannelKind
from intake.model.round import Round
from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import SHORT, found, phrase, words
from intake.sorting.folding import folded, words_of
from intake.sorting.view import View

NAME = "spam"
STEM = 7
_OFF_TOPIC = 1
"""Words of our topic that an offer may hold by chance."""
_STRANGE = 0.06
"""Share of our topic below which numbered questions of an advertisement are no answers."""
_UNSPACED = re.compile(r"[\u4e00-\u9fff]{2,}")
_LINK = re.compile(r"https?://\S{4,}|\bwww\.\S{4,}")


def classify(view: View) -> Finding | None:
    """Marks, mass mail's own signs, and words; answers to the questions outweigh all of them."""
    marked = view.arrival.trust.spam or view.arrival.channel is ChannelKind.JUNK
    if view.answers and topic_overlap(view) < _STRANGE and (offer := _offer(view)):
        return found(NAME, Disposition.SPAM, offer, 0.94)
    strange = topic_overlap(view) < 0.1 and view.mapping.substance < 80 and not (view.answers > 1 and near_topic(view))
    if view.answers and not (marked and strange):
        return None
    hits = {match.group() for match in view.phrases.spam.finditer(f"{view.subject}\n{view.note[:6000]}")}
    if marked and not on_topic(view):
        return found(NAME, Disposition.SPAM, "marked as spam by our own host, and speaks of nothing we asked", 0.96)
    if marked and (len(hits) >= 2 or (hits and view.mapping.substance < 80)):
        return found(NAME, Disposition.SPAM, f"marked as spam by our own host: {', '.join(sorted(hits))[:60]}", 0.95)
    small = words(view) < SHORT and not view.documents and not phrase(view.phrases.here, view.subject, view.note)
    threat = phrase(view.phrases.account_threat, view.note) if small and phrase(view.phrases.yours, view.note) else None
    if threat and _LINK.search(view.note) and topic_hits(view) < 2:
        return found(NAME, Disposition.SPAM, f"threatens an account and gives a link: {threat}", 0.95)
    offer = _offer(view)
    if offer:
        return found(NAME, Disposition.SPAM, offer, 0.94)
    mass = _mass_mail(view)
    if mass and not view.list_post:
        return found(NAME, Disposition.SPAM, mass, 0.85)
    if len(hits) >= 3 and small and not view.files:
        return found(NAME, Disposition.SPAM, f"words of advertising: {', '.join(sorted(hits))[:60]}", 0.94)
    about = len(hits) >= 2 and topic_hits(view) >= 2 and on_topic(view)
    if len(hits) >= 5 or (len(hits) >= 2 and not about):
        sure = 0.94 if len(hits) >= 3 and not about else 0.75
        return found(NAME, Disposition.SPAM, f"words of advertising: {', '.join(sorted(hits))[:60]}", sure)
    if "text/calendar" in view.media_types and not view.documents and words(view) < 150:
        return found(NAME, Disposition.SPAM, "an invitation to a calendar entry that nobody asked for", 0.7)
    return None


def _offer(view: View) -> str | None:
    """An offer that nobody asked for: who offers, what is for sale, what the reader is to do, and no word of this consultation."""
    if view.documents or words(view) > 2 * SHORT or near_topic(view):
        return None
    # A word for a consultation stands in offers of advice too, beside words that only offers have.
    ours = view.phrases.ours.search(f"{view.subject}\n{view.note}") and not view.phrases.spam.search(view.note)
    if ours or phrase(view.phrases.here, view.subject, view.note):
        return None
    text = f"{view.subject}\n{view.note[:3000]}"
    said, goods, action = (phrase(pattern, text) for pattern in (view.phrases.offers, view.phrases.goods, view.phrases.actions))
    if said and goods and action:
        return f"an offer that nobody asked for: {said}, {goods}, {action}"[:110]
    return None


def _mass_mail(view: View) -> str | None:
    reading = view.arrival.reading
    said = phrase(view.phrases.newsletter, view.note, view.subject)
    if (reading.header("List-Unsubscribe") or reading.list_id) and not view.list_post and said:
        return f"a newsletter of another sender: {said}"
    hits = {match.group() for match in view.phrases.newsletter.finditer(f"{view.subject}\n{view.note}")}
    precedence = (reading.header("Precedence") or "").strip().lower()
    if len(hits) >= 2 or (hits and precedence in ("bulk", "list")):
        return f"a newsletter by its words: {', '.join(sorted(hits))[:60]}"
    return None


def on_topic(view: View) -> bool:
    """Whether it speaks of a consultation or of what the questions are about."""
    text = f"{view.subject}\n{view.note}\n" + "\n".join(unit.own_text[:2000] for unit in view.units if unit.kind != "body")
    if view.phrases.ours.search(text.lower()):
        return True
    return topic_overlap(view) >= 0.2


@lru_cache(maxsize=4)
def topic_overlap(view: View) -> float:
    """Share of the topic's longer words that occur in the message, in the best of the languages."""
    text = _stems(view)
    return max((len(wanted & text) / len(wanted) for wanted in _wanted(view) if len(wanted) >= 4), default=0.0)


@lru_cache(maxsize=4)
def topic_hits(view: View) -> int:
    """How many of the topic's longer words occur in the message, in the best of the languages."""
    text = _stems(view)
    return max((len(wanted & text) for wanted in _wanted(view)), default=0)


def near_topic(view: View) -> bool:
    """Whether it holds more of our topic than a mail on anything may by chance; of unspaced writing the share of characters tells."""
    return topic_hits(view) > _OFF_TOPIC


def _wanted(view: View) -> list[frozenset[str]]:
    """The topic's words in the languages that the message and its files are written in; all when none is known: "Comments on the
    proposed tariff" has two words of a French question."""
    by_language = topic_words(view.round)
    reading = view.arrival.reading
    spoken = {reading.language, *(part.language for part in view.files)}
    return [words for language, words in by_language.items() if language in spoken] or list(by_language.values())


@lru_cache(maxsize=4)
def _stems(view: View) -> set[str]:
    said = folded("\n".join(unit.own_text for unit in view.units)[:20000])
    stems = {word[:STEM] for plain in (said, view.subject) for word in words_of(plain)}
    return stems | pairs_of(said) | pairs_of(view.subject)


@lru_cache(maxsize=8)
def _topic_words(topic: str, questions: tuple[tuple[str, str], ...], least: int) -> dict[str, frozenset[str]]:
    sources: dict[str, str] = {"en": topic}
    for language, text in questions:
        sources[language] = f"{sources.get(language, '')} {text}"
    found = {}
    for language, source in sources.items():
        plain = folded(source)
        found[language] = frozenset({word[:STEM] for word in words_of(plain) if len(word) >= least} | pairs_of(plain))
    return found


def pairs_of(plain: str) -> set[str]:
    """Chinese by pairs of characters that stand together: one alone is in any text."""
    if plain.isascii():
        return set()
    return {run[at : at + 2] for run in _UNSPACED.findall(plain) for at in range(len(run) - 1)}


def topic_words(consultation: Round, least: int = 6) -> dict[str, frozenset[str]]:
    """The stems of the words of `least` letters and more in topic and questions, by language; in Chinese pairs of characters."""
    questions = tuple((language, text) for item in consultation.questions for language, text in item.text.items())
    return _topic_words(consultation.topic, questions, least)

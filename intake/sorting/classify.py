"""What one message looks like, alone: disposition with all reasons, who, on which question, what to withhold. A pure map."""

from __future__ import annotations

from msgspec.structs import replace

from intake.model.mail import SLIPS, Arrival, ChannelKind
from intake.model.round import LANGUAGES, Round
from intake.model.verdict import Disposition, Post, Signals, Verdict
from intake.sorting.answers import Mapping, map_answers
from intake.sorting.authors import author_of, is_colleague, is_forward, letter_to
from intake.sorting.classifiers import CLASSIFIERS
from intake.sorting.classifiers.base import phrase, words
from intake.sorting.classifiers.endorsement import supported
from intake.sorting.classifiers.part import part_numbers
from intake.sorting.classifiers.response import announces
from intake.sorting.classifiers.revision import replaced
from intake.sorting.classifiers.supplement import added
from intake.sorting.contents import attachments_of, sketch
from intake.sorting.digests import Posting, postings
from intake.sorting.doubts import doubts_of
from intake.sorting.flags import flags_of
from intake.sorting.slips import sent_verdict, slip_verdict
from intake.sorting.tables import SortingTables
from intake.sorting.view import View, is_list_post, view_of
from intake.sorting.who import Author, WhoTables, identify
from intake.sorting.who_places import named_country
from intake.sorting.withheld import propose_withheld

_MACHINES = (Disposition.AUTO_REPLY, Disposition.BOUNCE, Disposition.SPAM)


def classify(arrival: Arrival, round: Round, tables: SortingTables) -> Verdict:
    """The verdict on one message, with those on the postings of a digest. Linear in its text; total."""
    if arrival.channel in SLIPS:
        return slip_verdict(arrival, round, tables)
    if arrival.channel is ChannelKind.SENT:
        return sent_verdict(arrival)
    verdict = _alone(arrival, round, tables)
    found = postings(arrival, round, tables.phrases)
    if not found:
        return verdict
    posts = tuple(_post(posting, arrival, round, tables) for posting in found)
    return replace(verdict, posts=posts, signals=replace(verdict.signals, list_digest=verdict.signals.list_post))


def _post(posting: Posting, arrival: Arrival, round: Round, tables: SortingTables) -> Post:
    """A posting judged alone; its passages stand where the digest has them."""
    verdict = _alone(replace(arrival, reading=posting.reading, inner_trust=None), round, tables)
    listed = is_list_post(arrival, round)
    moved = replace(
        verdict,
        answers=tuple(
            replace(answer, passages=tuple(posting.moved(item) for item in answer.passages)) for answer in verdict.answers
        ),
        general=tuple(posting.moved(item) for item in verdict.general),
        unmapped=tuple(posting.moved(item) for item in verdict.unmapped),
        withheld=tuple(posting.moved_withheld(item) for item in verdict.withheld),
        signals=replace(verdict.signals, list_post=listed),
        doubts=tuple(doubt for doubt in verdict.doubts if not (listed and doubt.startswith("authentication"))),
        flags=tuple(flag for flag in verdict.flags if not (listed and flag == "doubtful_sender") and flag != "wrong_date_header"),
    )
    return Post(
        part=posting.part, message_id=posting.reading.message_id, content_hash=posting.reading.content_hash, verdict=moved
    )


def _alone(arrival: Arrival, round: Round, tables: SortingTables) -> Verdict:
    mapping = map_answers(arrival, round, tables.answers)
    author = author_of(arrival, round)
    view = view_of(arrival, round, tables.phrases, mapping, author)
    findings = tuple(finding for classifier in CLASSIFIERS if (finding := classifier(view)) is not None)
    winner = max(findings, key=lambda finding: finding.confidence)
    disposition = Disposition(winner.finding)
    identity = identify(arrival, author, round, tables.who)
    withholding = propose_withheld(arrival, round, tables.withheld, identity.respondent)
    doubts = doubts_of(view, identity.doubts, identity.respondent)
    doubtful = ("doubtful_sender",) if any(doubt.startswith("authentication") for doubt in doubts) else ()
    attachments = attachments_of(arrival.reading)
    language = mapping.language if mapping.language != "und" else arrival.reading.language
    signals = _signals(view, author, tables.who)
    return Verdict(
        key=arrival.key,
        disposition=disposition,
        confidence=winner.confidence,
        findings=findings,
        author=author.address.lower(),
        author_name=author.name,
        letter_to=None if disposition in _MACHINES else letter_to(arrival, round, author, tables.phrases),
        letter_language=_letter_language(_spoken(arrival, author, mapping), language),
        language=language,
        respondent=identity.respondent,
        co_signatories=identity.co_signatories,
        co_countries=tuple(dict.fromkeys(filter(None, (named_country(name, tables.who) for name in identity.co_signatories)))),
        answers=mapping.answers,
        general=mapping.general,
        unmapped=mapping.unmapped,
        attachments=attachments,
        flags=flags_of(view, attachments, (*identity.flags, *mapping.flags, *withholding.flags, *doubtful)),
        doubts=doubts,
        withheld=withholding.withheld,
        abstract=identity.abstract,
        signals=signals,
        minhash=minhash(view),
    )


def _spoken(arrival: Arrival, author: Author, mapping: Mapping) -> str:
    """The language of the message that is answered: the enclosed one's where a colleague forwards it; of a text that stands in it
    twice, in two languages, the one that comes first."""
    first = mapping.answers[0].passages[0].part if mapping.answers else None
    if first == author.part and mapping.language in LANGUAGES:
        return mapping.language
    inner = next((part.message for part in arrival.reading.parts if part.path == author.part and part.message is not None), None)
    return inner.language if inner is not None and inner.language != "und" else arrival.reading.language


def _letter_language(spoken: str, language: str) -> str:
    """The language of the message; English when it is none of the six."""
    for candidate in (spoken, language):
        if candidate in LANGUAGES:
            return candidate
        if candidate != "und":
            return "en"
    return "en"


def _house(address: str, who: WhoTables) -> str:
    domain = address.rpartition("@")[2].lower()
    return "" if who.free_mail.fullmatch(domain) else domain


def _signals(view: View, author: Author, who: WhoTables) -> Signals:
    numbers = part_numbers(view)
    tables = view.phrases
    enclosed = [part.message for part in view.arrival.reading.parts if part.message is not None]
    inner = [message.message_id for message in enclosed if message.message_id]
    sender = view.arrival.reading.from_[0].address.lower() if view.arrival.reading.from_ else ""
    return Signals(
        part_number=numbers[0] if numbers else None,
        part_total=numbers[1] if numbers else None,
        replaces=replaced(view) is not None,
        adds=added(view) is not None,
        withdraws=bool(phrase(tables.withdraws, view.subject, view.note)) and not view.answers,
        endorses=supported(view) is not None and not view.answers,
        resends=bool(phrase(tables.resends, view.subject, view.head) or phrase(tables.cut_text, view.head)),
        forwarder=sender if author.part or (author.address != sender and is_forward(view.arrival.reading)) else None,
        encloses=tuple(inner),
        list_post=view.list_post,
        thanks_only=words(view) < 40 and bool(phrase(tables.thanks, view.note)),
        substance=view.mapping.substance,
        house=_house(author.address, who),
        translates=bool(phrase(tables.translates, view.subject, view.head)),
        announces=announces(view),
        colleague=is_colleague(view.arrival, view.round),
        hands_on=is_forward(view.arrival.reading),
        replies=view.is_reply,
    )


def minhash(view: View) -> tuple[int, ...]:
    """Signature of what the author wrote (body, forwarded text and documents)."""
    return sketch("\n".join(unit.own_text for unit in view.units))

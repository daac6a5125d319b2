"""What one message looks like, alone: disposition with all reasons, who, on which question, what to withhold. A pure map."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from rensa import RMinHash

from intake.model.mail import Arrival, Part, Reading, Scan
from intake.model.round import LANGUAGES, Round
from intake.model.verdict import Attachment, Disposition, Post, Signals, Verdict
from intake.sorting.answers import Mapping, map_answers
from intake.sorting.authors import author_of, is_forward, letter_to
from intake.sorting.classifiers import CLASSIFIERS
from intake.sorting.classifiers.base import phrase, words
from intake.sorting.classifiers.endorsement import supported
from intake.sorting.classifiers.part import part_numbers
from intake.sorting.classifiers.response import announces
from intake.sorting.classifiers.revision import replaced
from intake.sorting.classifiers.supplement import added
from intake.sorting.digests import Posting, postings
from intake.sorting.doubts import doubts_of
from intake.sorting.flags import flags_of
from intake.sorting.folding import folded, words_of
from intake.sorting.tables import SortingTables
from intake.sorting.view import View, is_list_post, view_of
from intake.sorting.who import Author, WhoTables, identify
from intake.sorting.who_places import named_country
from intake.sorting.withheld import propose_withheld

PERMUTATIONS = 128
SHINGLE = 3
_ARCHIVES = (
    "application/zip",
    "application/x-zip-compressed",
    "application/x-tar",
    "application/gzip",
    "application/x-bzip2",
    "application/x-xz",
)
_MACHINES = (Disposition.AUTO_REPLY, Disposition.BOUNCE, Disposition.SPAM)


def classify(arrival: Arrival, round: Round, tables: SortingTables) -> Verdict:
    """The verdict on one message, with those on the postings of a digest. Linear in its text; total."""
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
    withholding = propose_withheld(arrival, round, tables.withheld)
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


def attachments_of(reading: Reading) -> tuple[Attachment, ...]:
    """The attachments under their own names, after opening TNEF, S/MIME and attached messages; a zip is listed as such."""
    return tuple(_attachments(reading.parts))


def _attachments(parts: Sequence[Part]) -> list[Attachment]:
    found: list[Attachment] = []
    for part in parts:
        if part.message is not None:
            found += _attachments(part.children)  # those of the message itself count their paths from 1 again
        elif part.children and not _is_archive(part):
            found += _attachments(part.children)
        elif not part.body and part.state is not None:
            name = part.name or part.path
            found.append(
                Attachment(
                    part=part.path,
                    name=name,
                    sha256=part.sha256,
                    size_bytes=part.size_bytes,
                    state=part.state,
                    scan=worst_scan(part),
                )
            )
    return found


def worst_scan(part: Part) -> Scan:
    """A scanner's word on a file and on what it holds: infected before unscanned before clean."""
    said = {part.scan, *(worst_scan(child) for child in part.children)}
    return next((word for word in (Scan.INFECTED, Scan.UNSCANNED, Scan.CLEAN) if word in said), Scan.OFF)


def _is_archive(part: Part) -> bool:
    return part.sniffed_type in _ARCHIVES or (part.name or "").lower().endswith(".zip")


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
        resends=bool(phrase(tables.resends, view.subject, view.head)),
        forwarder=sender if author.part or (author.address != sender and is_forward(view.arrival.reading)) else None,
        encloses=tuple(inner),
        list_post=view.list_post,
        thanks_only=words(view) < 40 and bool(phrase(tables.thanks, view.note)),
        substance=view.mapping.substance,
        house=_house(author.address, who),
        translates=bool(phrase(tables.translates, view.subject, view.head)),
        announces=announces(view),
    )


def minhash(view: View) -> tuple[int, ...]:
    """Signature of what the author wrote (body, forwarded text and documents)."""
    return sketch("\n".join(unit.own_text for unit in view.units))


def sketch(text: str) -> tuple[int, ...]:
    """MinHash signature of a text's word 3-grams; () for a text of fewer than twenty words."""
    tokens = words_of(folded(text[:60000]))
    if len(tokens) < 20:
        return ()
    shingles = [" ".join(tokens[index : index + SHINGLE]) for index in range(len(tokens) - SHINGLE + 1)]
    made = RMinHash(num_perm=PERMUTATIONS, seed=1336)
    made.update(shingles)
    return tuple(made.digest())

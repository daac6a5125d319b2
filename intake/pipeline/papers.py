"""Papers: the daily digest, the draft compilation, and Rev. n by release. Every figure comes from the record's counts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from intake.casework.drafts import Case
from intake.compilation.annexes import annex_files, wanted_annexes
from intake.compilation.assemble import Tally, assemble, listed_facts
from intake.compilation.copies import as_form, words_alone
from intake.compilation.outline import outline_of
from intake.compilation.renderers import RENDERERS, docx
from intake.errors import BadData
from intake.model.edition import Audience, Edition, Source
from intake.model.ledger import Revision
from intake.model.record import Action, PublishMode, Record, Status
from intake.model.release import ReleasedForm, ToRelease
from intake.model.round import Round
from intake.pipeline.calendar import standing
from intake.pipeline.cases import cases_of
from intake.pipeline.judge import judge_round
from intake.pipeline.office import EPOCH, Office
from intake.pipeline.printing import docx_file, pdf_files

Store = Callable[[str, int, Mapping[str, bytes]], None]
EDITION_FILE = "edition.json"
PUBLIC_FOLDER = "public"
"""Below a revision: its edition for the public, where that is another than the group's."""


class DecidedMeanwhile(BadData):
    """Between the moment that is printed and its freezing somebody decided, erased or released something."""


class Papers(Struct, frozen=True, kw_only=True):
    """An edition and its files by name. `public`: the edition for the public where it is another (files below public/)."""

    edition: Edition
    files: dict[str, bytes]
    public: Edition | None = None


def assemble_round(
    office: Office,
    consultation: Round,
    *,
    language: str,
    revision: int | None = None,
    released_by: str = "",
    before: Edition | None = None,
    released: Mapping[tuple[str, str], ReleasedForm] | None = None,
    audience: Audience = Audience.GROUP,
) -> Edition:
    """The edition of a round as the record is now; a draft when `revision` is None. `released`: its annexes, where they were rebuilt."""
    consultation = standing(office, consultation)
    record = judge_round(office, consultation)
    cases = cases_of(office, consultation)
    now = office.now()
    found = office.ledger.tally(consultation.id)
    zone = ZoneInfo(consultation.time_zone)
    numbers = office.ledger.numbers(consultation.id).public
    return assemble(
        record,
        _sources(cases),
        consultation,
        numbers,
        language=language,
        cut_off=now,
        revision=revision,
        released_on=now.astimezone(zone).date() if revision is not None else None,
        released_by=released_by,
        tally=Tally(
            seen=found.seen,
            archived=found.archived,
            same_bytes=found.same_bytes,
            vanished=found.vanished,
            erased=found.erased,
        ),
        before=before,
        erased=_erased(office, record, numbers),
        released=released,
        audience=audience,
        translations=office.translations(consultation.id),
        rulings=office.ledger.rulings(consultation.id),
    )


def _erased(office: Office, record: Record, numbers: Mapping[str, int]) -> frozenset[str]:
    """Ids of responses that have a public number and were erased: an id begins with its first message's hash."""
    begun = tuple(f"r-{key[:12]}" for key in office.ledger.erased())
    standing_ids = {item.id for item in record.responses}
    return frozenset(name for name in numbers if begun and name.startswith(begun) and name not in standing_ids)


def rebuild_annexes(office: Office, consultation: Round, language: str) -> dict[tuple[str, str], ReleasedForm]:
    """(message, part) -> released form, of every annex of a printed response that may leave. The originals go through the jail; of
    those that are not rebuilt the words as read leave, in a document of ours."""
    record = judge_round(office, consultation)
    sources = _sources(cases_of(office, consultation))
    wanted = wanted_annexes(record, sources, office.ledger.numbers(consultation.id).public)
    jobs = (
        ToRelease(octets=office.vault.get(item.message), media_type=item.media_type, withheld=item.withheld, sha256=item.sha256)
        for item in wanted
    )
    today = office.now().astimezone(ZoneInfo(consultation.time_zone)).date()
    symbol = consultation.symbol or consultation.id
    found = {}
    for item, form in zip(wanted, office.rebuilder.rebuild(jobs), strict=True):
        outline = words_alone(item, form, record, sources, office.words[language], symbol, today)
        found[item.message, item.part] = form if outline is None else as_form(docx.render(outline))
    return found


def _sources(cases: tuple[Case, ...]) -> dict[str, Source]:
    return {case.key: Source(arrival=case.arrival, verdict=case.verdict) for case in cases}


def print_edition(
    office: Office, edition: Edition, formats: tuple[str, ...] = (), annexes: Mapping[str, bytes] | None = None
) -> Papers:
    """An edition in its formats (all by default), with its annexes and the manifest."""
    words = office.words[edition.language]
    outline = outline_of(edition, words)
    files = {
        f"compilation.{renderer.suffix}": renderer.render(outline)
        for renderer in RENDERERS
        if not formats or renderer.name in formats
    }
    if "compilation.docx" in files and edition.revision is not None:
        files["compilation.docx"] = docx_file(outline, office.word_processor)
    replaced: Mapping[str, int] = {}
    if not formats or "pdf" in formats:
        printed = len(edition.entries) + len(edition.late_entries)
        made = pdf_files(office.press, office.typst_source, outline, words, "compilation", printed)
        files, replaced = {**files, **made.files}, made.replaced
    files |= annexes or {}
    files["manifest.json"] = _manifest(edition, files, replaced)
    return Papers(edition=edition, files=files)


def _manifest(edition: Edition, files: Mapping[str, bytes], replaced: Mapping[str, int]) -> bytes:
    """What the edition holds, for machines. `manifest_sha256` is the hash of `listed` as compact JSON with sorted keys;
    `pdf_replaced` the signs that the PDF gives by their code because no font had them."""
    facts = {
        "round": edition.round.id,
        "revision": edition.revision,
        "audience": edition.audience,
        "cut_off": edition.cut_off,
        "released_by": edition.released_by,
        "manifest_sha256": edition.manifest_sha256,
        "listed": listed_facts(edition),
        "responses": [
            {
                "number": entry.public_number,
                "name": entry.respondent.organization or entry.respondent.person,
                "category": entry.respondent.category.value,
                "country": entry.respondent.country,
                "region": entry.respondent.region.value,
                "language": entry.language,
                "received_at": entry.received_at,
                "late": entry.late,
                "questions": [answer.question for answer in entry.answers],
                "annexes": entry.attachments,
            }
            for entry in sorted((*edition.entries, *edition.late_entries), key=lambda item: item.public_number)
        ],
        "left_out": edition.left_out,
        "changes": edition.changes,
        "pdf_replaced": dict(sorted(replaced.items())),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return msgspec.json.format(msgspec.json.encode(facts, order="sorted"), indent=1) + b"\n"


def compile_round(
    office: Office,
    consultation: Round,
    *,
    language: str,
    formats: tuple[str, ...] = (),
    audience: Audience = Audience.GROUP,
) -> Papers:
    """The draft: unnumbered, stamped DRAFT, with the changes against the revision before; its annexes are listed, not built."""
    before = last_edition(office, consultation, audience)
    edition = assemble_round(office, consultation, language=language, before=before, audience=audience)
    return print_edition(office, edition, formats)


def release(
    office: Office,
    consultation: Round,
    *,
    by: str,
    language: str,
    store: Store,
    number: int | None = None,
    before: Papers | None = None,
) -> Papers:
    """Freeze the next revision: its files are stored first, then it is in the record. Where a response is not for everybody's eyes
    in whole, the edition for the public stands below public/. `before`: the revision before, else it is read from its files.
    Raises BadData when it was released before, or when something sealed stands in one of its files, and DecidedMeanwhile."""
    done = office.ledger.revisions(consultation.id)
    number = len(done) if number is None else number
    if any(item.number == number for item in done):
        raise BadData(f"revision {number} of {consultation.id} was released before; a released edition is never edited")
    seen = _decided(office, consultation)
    with office.to_print(consultation) as still:
        papers, stored = print_revision(still, consultation, by, language, number, before)
    if _decided(office, consultation) != seen:
        raise DecidedMeanwhile("something was decided while it was printed; nothing is released")
    store(consultation.id, number, stored)
    office.ledger.add_revision(
        Revision(
            round_id=consultation.id,
            number=number,
            released_at=office.now(),
            released_by=by,
            manifest_sha256=papers.edition.manifest_sha256,
        )
    )
    office.vault.keep_journal(office.ledger.journal_entries(office.vault.journal_seq()))
    return papers


def _decided(office: Office, consultation: Round) -> tuple[object, ...]:
    """What people have said of the round, and what was erased; mail that comes meanwhile is of the next revision."""
    rulings = [ruling.id for ruling in office.ledger.rulings(consultation.id) if ruling.action is not Action.ERRAND]
    return len(office.ledger.revisions(consultation.id)), office.ledger.setting(EPOCH), rulings


def print_revision(
    office: Office, consultation: Round, by: str, language: str, number: int, before: Papers | None
) -> tuple[Papers, dict[str, bytes]]:
    """What the group gets and, where it is another, what the public gets; and all that is stored. Nothing is kept. BadData for a leak."""
    from intake.pipeline.seal import check_sealed  # two libraries for PDF, which only a release needs

    forms = rebuild_annexes(office, consultation, language)
    record = judge_round(office, consultation)

    def printed_for(audience: Audience, last: Edition | None) -> tuple[Papers, dict[str, bytes]]:
        edition = assemble_round(
            office,
            consultation,
            language=language,
            revision=number,
            released_by=by,
            before=last,
            released=forms,
            audience=audience,
        )
        papers = print_edition(office, edition, annexes=annex_files(edition, forms))
        kept = {**papers.files, EDITION_FILE: msgspec.json.encode(edition)}
        check_sealed(record, _sources(cases_of(office, consultation)), edition, kept)
        return papers, kept

    papers, stored = printed_for(Audience.GROUP, before.edition if before else last_edition(office, consultation))
    if all(item.publish_mode is PublishMode.FULL or item.status is not Status.COUNTED for item in record.responses):
        return papers, stored
    last = (before.public or before.edition) if before else last_edition(office, consultation, Audience.PUBLIC)
    public, kept = printed_for(Audience.PUBLIC, last)
    beside = {f"{PUBLIC_FOLDER}/{name}": content for name, content in public.files.items()}
    papers = replace(papers, files=papers.files | beside, public=public.edition)
    return papers, stored | {f"{PUBLIC_FOLDER}/{name}": content for name, content in kept.items()}


def last_edition(office: Office, consultation: Round, audience: Audience = Audience.GROUP) -> Edition | None:
    """The edition released last, from its own file; None before the first. What the public got, where that was another."""
    if not office.ledger.revisions(consultation.id):
        return None
    number = office.ledger.revisions(consultation.id)[-1].number
    raw = office.released(consultation.id, number, f"{PUBLIC_FOLDER}/{EDITION_FILE}") if audience is Audience.PUBLIC else None
    raw = raw or office.released(consultation.id, number, EDITION_FILE)
    return msgspec.json.decode(raw, type=Edition) if raw is not None else None

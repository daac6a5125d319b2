"""A revision is prepared and released by an officer's word: by command, by sheet, by answer, with a second officer where the house wants
one.

The order is a ruling: in force it is carried out once, by whoever finds it (a command, a look, the daemon's child), and the journal says
how it ended. What would be printed is fixed by its state: where that is another when it is carried out, nothing is released.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import structlog
from msgspec import Struct

from intake.casework.force import standing
from intake.casework.force import waiting as unconfirmed
from intake.compilation.outline import left_out_line
from intake.digest.tasks import name_of, tasks
from intake.errors import BadData, TryAgain
from intake.letters.office import compose_office
from intake.model.edition import DigestItem, Edition
from intake.model.ledger import Note, Outgoing
from intake.model.letter import Enclosed, OfficeFacts, OfficeKind
from intake.model.officer import Person, Role
from intake.model.record import Action, Ruling
from intake.model.round import Round
from intake.pipeline.daily import own_letter
from intake.pipeline.handover import LARGEST_BYTES, change_lines, hand_to_group
from intake.pipeline.judge import settle_round
from intake.pipeline.matters import (
    ERRAND,
    beside,
    content_state,
    ended_errands,
    release_item,
    release_state,
    releases_waiting,
    round_items,
    told_item,
)
from intake.pipeline.office import Office
from intake.pipeline.officers import people
from intake.pipeline.papers import (
    EDITION_FILE,
    DecidedMeanwhile,
    Papers,
    Store,
    assemble_round,
    last_edition,
    print_edition,
    print_revision,
    release,
)
from intake.pipeline.rulings import Fields, record_ruling
from intake.pipeline.sheets import language_of, sheet_of, token_lines

log = structlog.get_logger("intake")
_DRAFTS = {
    "compilation.pdf": "application/pdf",
    "compilation.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class Ended(Struct, frozen=True, kw_only=True):
    """How an order to release ended: "done", "stale" (the record is another), "gone" (that revision was released already), "refused" or
    "failed" with the reason in `why`. `letter`: the one to the group's list."""

    end: str
    why: str = ""
    papers: Papers | None = None
    letter: Outgoing | None = None


def order_release(office: Office, consultation: Round, by: str, reason: str, marks: Fields, identity: str = "") -> Ruling:
    """Keep that somebody orders the next revision, as the record stands. Where a second officer is wanted it waits for him."""
    fields: Fields = {
        "number": len(office.ledger.revisions(consultation.id)),
        "state": release_state(office, consultation),
        "content": content_state(office, consultation),
        **marks,
    }
    return record_ruling(office, consultation.id, Action.RELEASE, "", by, reason, fields, identity)


def orders_due(office: Office, consultation: Round) -> list[Ruling]:
    """What officers ordered and nobody has done yet: revisions to prepare, to release, to be shown to a second officer."""
    ended = ended_errands(office, consultation)
    found = [ruling for ruling in standing(office.ledger.rulings(consultation.id)) if _is_work(ruling) and ruling.id not in ended]
    if office.orders is None:
        return found
    return found + [ruling for ruling in releases_waiting(office, consultation) if _shown(ruling) not in ended]


def _is_work(ruling: Ruling) -> bool:
    return ruling.action is Action.RELEASE or (ruling.action is Action.ERRAND and ruling.set.get("act") == "prepare")


def _shown(ruling: Ruling) -> str:
    return f"{ruling.id}:shown"


def carry_out(office: Office, consultation: Round, store: Store) -> int:
    """Do all that is due; gives how much that was. What defeats us is told to its officer and is not tried again."""
    done = 0
    for ruling in orders_due(office, consultation):
        if done and ruling.id not in {item.id for item in orders_due(office, consultation)}:
            continue  # taken back while another one was printed
        try:
            if ruling.id in unconfirmed(office.ledger.rulings(consultation.id)):
                _show_to_second(office, consultation, ruling)
            elif ruling.action is Action.RELEASE:
                carry_out_release(office, consultation, ruling, store)
            else:
                _prepare(office, consultation, ruling)
        except (TryAgain, OSError):
            raise
        except Exception as error:
            log.error("release", why=f"{type(error).__name__}: {error}"[:500], ruling=ruling.id)
            _tell(office, consultation, ruling, Ended(end="failed", why=type(error).__name__))
            _end(office, consultation, ruling.id, "failed")
        done += 1
    return done


def carry_out_release(office: Office, consultation: Round, ruling: Ruling, store: Store, language: str = "") -> Ended:
    """Release what was ordered, hand it to the group, tell the officers who ordered it by mail, and write down how it ended."""
    ended = _released(office, consultation, ruling, store, language or office.language)
    if ended.end == "stale" and ruling.id in ended_errands(office, consultation):
        return ended  # another process was faster, and has told it
    _tell(office, consultation, ruling, ended)
    _end(office, consultation, ruling.id, ended.end)
    return ended


def _released(office: Office, consultation: Round, ruling: Ruling, store: Store, language: str) -> Ended:
    number = int(str(ruling.set["number"]))
    revisions = office.ledger.revisions(consultation.id)
    if number < len(revisions):
        if revisions[number].released_at < ruling.at:
            return Ended(end="gone")
        papers = _stored(office, consultation, number)  # a process that died behind the release has told nobody
        letter = hand_to_group(office, consultation, papers.edition, papers.files)
        return Ended(end="done", papers=papers, letter=letter)
    if ruling.set.get("state") != release_state(office, consultation):
        return Ended(end="stale")
    by = ", ".join(_officers_of(office, consultation, ruling))
    try:
        papers = release(office, consultation, by=by, language=language, store=store)
    except DecidedMeanwhile:
        return Ended(end="stale")
    except BadData as error:
        return Ended(end="refused", why=str(error))
    return Ended(end="done", papers=papers, letter=hand_to_group(office, consultation, papers.edition, papers.files))


def _stored(office: Office, consultation: Round, number: int) -> Papers:
    """A revision from its files. Raises BadData when they are not there."""
    edition, manifest = (office.released(consultation.id, number, name) for name in (EDITION_FILE, "manifest.json"))
    if edition is None or manifest is None:
        raise BadData(f"the files of Rev. {number} are gone")
    names = msgspec.json.decode(manifest)["files"]
    files = {name: office.released(consultation.id, number, name) or b"" for name in names}
    return Papers(edition=msgspec.json.decode(edition, type=Edition), files={**files, "manifest.json": manifest})


def _officers_of(office: Office, consultation: Round, ruling: Ruling) -> list[str]:
    """Who ordered it, and who confirmed it."""
    force = standing(office.ledger.rulings(consultation.id))
    seconds = [one.by for one in force if one.action is Action.SECOND and one.set.get("ruling") == ruling.id]
    return list(dict.fromkeys([ruling.by, *seconds]))


def _end(office: Office, consultation: Round, identity: str, end: str) -> None:
    office.ledger.append([Note(kind=ERRAND, payload={"round": consultation.id, "ruling": identity, "end": end})], office.now())
    office.vault.keep_journal(office.ledger.journal_entries(office.vault.journal_seq()))


def _tell(office: Office, consultation: Round, ruling: Ruling, ended: Ended) -> None:
    """A letter to each officer who ordered it by mail or sheet; who gave a command has read it on his screen."""
    if "via" not in ruling.set or office.orders is None:
        return
    found = people(office, consultation, office.now())
    for name in _officers_of(office, consultation, ruling):
        person = found.get(name)
        if person is not None and person.address:
            _queue(office, consultation, ruling, person, _facts_of_end(office, consultation, ruling, person, ended))


def _facts_of_end(office: Office, consultation: Round, ruling: Ruling, person: Person, ended: Ended) -> OfficeFacts:
    language = language_of(office, person)
    words = office.templates.table("orders", language)
    plain = _plain(office, consultation, person, OfficeKind.NOT_RELEASED, int(str(ruling.set.get("number", 0))))
    if ended.papers is None:
        told = words["ended"][ended.end]
        steps = token_lines(office, consultation, person, [*_prepare_again(office, consultation)], office.now())
        return msgspec.structs.replace(plain, paragraphs=(f"{told} {ended.why}".strip(),), lists=(("next", steps),))
    edition, letter = ended.papers.edition, ended.letter
    items = [*round_items(office, consultation), *told_item(office, consultation)]
    steps = token_lines(office, consultation, person, items, office.now())
    group = f"{letter.recipient}: {words['letter'][letter.state.value]}" if letter is not None else ""
    return msgspec.structs.replace(
        plain,
        kind=OfficeKind.RELEASED,
        rows=(
            ("responses", str(len(edition.entries) + len(edition.late_entries))),
            ("manifest", edition.manifest_sha256),
            ("group", group),
        ),
        lists=(("changes", tuple(change_lines(edition, office))), ("next", steps)),
    )


def _prepare_again(office: Office, consultation: Round) -> Iterator[DigestItem]:
    return (item for item in beside(office, consultation) if item.kind == "release")


def _prepare(office: Office, consultation: Round, ruling: Ruling) -> None:
    """To the officer who asked: what the next revision would print, what not and why, a draft of it, and the token that releases it."""
    person = people(office, consultation, office.now()).get(ruling.by) if office.orders is not None else None
    if person is not None and person.address:
        item = release_item(office, consultation)
        facts = _proof_list(office, consultation, person, OfficeKind.PREPARED, [item])
        _queue(office, consultation, ruling, person, facts)
    _end(office, consultation, ruling.id, "done")


def _show_to_second(office: Office, consultation: Round, ruling: Ruling) -> None:
    """To every other officer who may release: the same, with the token that confirms it."""
    for person in people(office, consultation, office.now()).values():
        if person.address and person.role >= Role.RELEASER and person.name != ruling.by:
            items = [item for item in round_items(office, consultation) if item.item == f"second:{ruling.id}"]
            facts = _proof_list(office, consultation, person, OfficeKind.SECOND, items)
            facts = msgspec.structs.replace(facts, fill={**facts.fill, "by": ruling.by})
            _queue(office, consultation, ruling, person, facts, "shown")
    _end(office, consultation, _shown(ruling), "done")


def _proof_list(
    office: Office, consultation: Round, person: Person, kind: OfficeKind, items: Sequence[DigestItem]
) -> OfficeFacts:
    """What would be released, checked as a release is; where it would be refused, that and no token. Raises what printing raises."""
    now = office.now()
    number = len(office.ledger.revisions(consultation.id))
    plain = _plain(office, consultation, person, kind, number)
    try:
        with office.to_print(consultation) as still:
            papers, _ = print_revision(still, consultation, person.name, office.language, number, None)
            drafts = _drafts(still, consultation)
    except BadData as error:
        words = office.templates.table("orders", language_of(office, person))
        refused = f"{words['ended']['refused']} {error}"
        return msgspec.structs.replace(plain, kind=OfficeKind.NOT_RELEASED, paragraphs=(refused,))
    edition = papers.edition
    record = settle_round(office, consultation)
    public = office.ledger.numbers(consultation.id).public
    sheet = sheet_of(office, consultation, person, now, items)[0]
    return msgspec.structs.replace(
        plain,
        rows=(
            ("responses", str(len(edition.entries) + len(edition.late_entries))),
            ("waiting", str(sum(1 for _ in tasks(record, public, consultation.time_zone)))),
            ("withheld", str(edition.withheld)),
            ("redacted", str(edition.redacted)),
        ),
        lists=(
            ("answer", token_lines(office, consultation, person, items, now)),
            ("printed", tuple(_printed(office, edition))),
            ("left_out", tuple(left_out_line(item, edition, office.words[edition.language]) for item in edition.left_out)),
            ("changes", tuple(change_lines(edition, office))),
        ),
        texts=("release_how",) if drafts else ("release_how", "too_large"),
        enclosed=(sheet, *drafts),
    )


def _printed(office: Office, edition: Edition) -> Iterator[str]:
    """The proof list: every response that is printed, by its number, with what goes beside it."""
    words = office.words[edition.language]
    for entry in sorted((*edition.entries, *edition.late_entries), key=lambda item: item.public_number):
        country = f" ({words.country(entry.respondent.country)})" if entry.respondent.country else ""
        files = [item.name for item in entry.attachments if item.attached]
        beside = f"; + {', '.join(files)}" if files else ""
        received = words.moment(entry.received_at, edition.round.time_zone)
        yield f"{entry.public_number} – {name_of(entry.respondent)}{country}; {received}{beside}"


def _drafts(office: Office, consultation: Round) -> tuple[Enclosed, ...]:
    """The draft of it, stamped so; nothing where that is too large for a message."""
    edition = assemble_round(office, consultation, language=office.language, before=last_edition(office, consultation))
    files = print_edition(office, edition, ("docx", "pdf")).files
    found = tuple(
        Enclosed(name=name.replace("compilation", "draft"), media_type=kind, octets=files[name])
        for name, kind in _DRAFTS.items()
        if files.get(name)
    )
    return found if sum(len(file.octets) for file in found) <= LARGEST_BYTES else ()


def _plain(office: Office, consultation: Round, person: Person, kind: OfficeKind, number: int) -> OfficeFacts:
    language = language_of(office, person)
    return OfficeFacts(
        kind=kind,
        language=language,
        fill={"revision": office.words[language]("doc.revision", n=number)},
        to=person.address,
        working_group=consultation.said_in(language).working_group,
        topic=consultation.said_in(language).topic,
        answer_to=consultation.channels.address,
    )


def _queue(office: Office, consultation: Round, ruling: Ruling, person: Person, facts: OfficeFacts, what: str = "") -> None:
    if office.letters.mode == "off":
        return
    key = ":".join(filter(None, ("answer", consultation.id, ruling.id, what, person.address)))
    letter = own_letter(office, consultation.id, "answer", key, compose_office(facts, office.templates))
    office.ledger.queue_letters([letter], office.now())

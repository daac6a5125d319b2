"""Who of the last round is silent, while there is time; and the invitation that a person may send. Nothing is sent from here."""

from __future__ import annotations

from collections.abc import Iterator

from intake.casework.silence import silence_of
from intake.errors import BadUsage
from intake.letters.invitation import compose_invitation
from intake.model.edition import Audience, DigestSilence, Edition, Entry
from intake.model.record import Record
from intake.model.round import LANGUAGES, Round
from intake.model.silence import Invitation, InvitationFacts, LastRound, Published, Silence
from intake.pipeline.calendar import standing
from intake.pipeline.judge import judge_round
from intake.pipeline.office import Office
from intake.pipeline.papers import last_edition


def last_round(office: Office, consultation: Round) -> LastRound | None:
    """What the round that this one names as its last published: the revision released last, as the public got it, without what was
    erased since; or the file that it names. None where it names none, or that one has released nothing."""
    if not consultation.previous:
        return None
    if consultation.id in office.published:
        return office.published[consultation.id]
    previous = next((item for item in office.rounds if item.id == consultation.previous), None)
    edition = last_edition(office, previous, Audience.PUBLIC) if previous is not None else None
    if previous is None or edition is None:
        return None
    document = f"{previous.symbol or previous.id} (Rev. {edition.revision})"
    return LastRound(title=previous.topic, source=document, responses=tuple(_published(office, edition)))


def _published(office: Office, edition: Edition) -> Iterator[Published]:
    gone = set(office.ledger.erased())
    for entry in sorted((*edition.entries, *edition.late_entries), key=lambda item: item.public_number):
        if not (entry.message_sha256 and gone.issuperset(entry.message_sha256)):
            yield published_of(entry)


def published_of(entry: Entry) -> Published:
    """An entry of a revision as it names its respondent."""
    who = entry.respondent
    return Published(
        name=who.organization or who.person or "",
        category=who.category,
        country=who.country,
        region=who.region,
        language=entry.language,
    )


def silence_while_there_is_time(office: Office, consultation: Round, record: Record | None = None) -> Silence | None:
    """The map before the deadline in force; None after it, and where there is nothing to compare with."""
    if office.now() > standing(office, consultation).dates.response_deadline:
        return None
    last = last_round(office, consultation)
    return None if last is None else silence_of(last, record if record is not None else judge_round(office, consultation))


def asked_silence(office: Office, consultation: Round) -> Silence:
    """The map because a person asks, also after the deadline. Raises BadUsage: there is nothing to compare with."""
    last = last_round(office, consultation)
    if last is None:
        if not consultation.previous:
            raise BadUsage(
                f'round {consultation.id} does not say which round was the last: previous = "ID" or previous = "FILE.csv"'
            )
        raise BadUsage(f"round {consultation.previous} has released nothing: what was not published is not looked at")
    return silence_of(last, judge_round(office, consultation))


def invitation(office: Office, consultation: Round, last: LastRound, to: Published | None, language: str = "") -> Invitation:
    """A draft to one of the silent, in the language of his last response, or to nobody in particular."""
    held = standing(office, consultation)
    wanted = language or (to.language if to is not None else "")
    chosen = wanted if wanted in LANGUAGES else "en"
    held = held.said_in(chosen)
    facts = InvitationFacts(
        language=chosen,
        to=to.name if to is not None else "",
        topic=held.topic,
        working_group=held.working_group,
        time_zone=held.time_zone,
        deadline=held.dates.response_deadline,
        address=held.channels.address,
        public_page=office.letters.public_page,
        last_topic=last.title,
        contact=held.contact or office.letters.from_address,
        questions=tuple((item.number, item.text[chosen]) for item in held.questions if chosen in item.text),
    )
    return compose_invitation(facts, office.templates)


def digest_silence(office: Office, consultation: Round, record: Record) -> DigestSilence | None:
    """The map as the daily letter shows it, with a draft in the language that most of the silent wrote in; None when all is heard."""
    found = silence_while_there_is_time(office, consultation, record)
    if found is None or not (found.categories or found.regions or found.respondents):
        return None
    languages = [language for language in found.languages if language in LANGUAGES]
    draft = invitation(office, consultation, found.last, None, languages[0] if languages else office.letters.digest_language)
    return DigestSilence(
        title=found.last.title,
        categories=tuple((item.key, item.then) for item in found.categories),
        regions=tuple((item.key, item.then) for item in found.regions),
        respondents=tuple(item.name for item in found.respondents[:NAMED]),
        heard=found.heard,
        more=max(0, len(found.respondents) - NAMED),
        draft_language=draft.language,
        draft_subject=draft.subject,
        draft_text=draft.text,
    )


NAMED = 20
"""Names shown in a daily letter; `intake silence` shows all."""

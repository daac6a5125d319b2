"""A made-up digest by which the daily letters' templates are tried before anything is sent: every kind of item stands in it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from intake.digest.letter import Reply
from intake.model.edition import Digest, DigestItem, DigestSilence
from intake.model.record import Counts
from intake.model.round import Channels, Dates, Day, Round

KINDS = (
    "held", "late_pending", "set_aside", "withdrawal", "late_revision", "chase", "withheld", "second", "correction", "order", "letters",
    "letters_held", "outcome_words", "junk", "bounced", "failed", "unscanned",
)  # fmt: skip
UNSAID = ("order", "bounced", "failed", "unscanned")
"""What an officer cannot settle by a decision."""
CHASES = ("unreadable", "encrypted", "link_only", "part_missing", "identity", "tracked_changes")
WARNINGS = ("off_rule", "off_window", "weekend", "year_end", "not_done", "short")


def sample_digest(*, empty: bool = False) -> Digest:
    """A busy day, or one on which nothing came."""
    day = date(2027, 1, 5)
    counts = _counts(0 if empty else 12)
    tasks = [_item(kind) for kind in KINDS if kind not in ("junk", "bounced", "failed")]
    tasks += [_item("chase", reason) for reason in CHASES]
    return Digest(
        round=_round(),
        day=day,
        counts=counts,
        counts_yesterday=_counts(0 if empty else 9),
        new_messages=()
        if empty
        else (
            ("0" * 64, "response", "Ministry of Communications", "Our response"),
            ("1" * 64, "enquiry", "a@example.org", "Visa?"),
        ),
        new_responses=() if empty else (("12", "Ministry of Communications", "government"),),
        needs_person=() if empty else tuple(tasks),
        junk=() if empty else (_item("junk"),),
        bounced=() if empty else (_item("bounced"), _item("failed")),
        days_left=6,
        timetable=tuple(_days(day)),
        running_out=() if empty else tuple(_days(day))[:3],
        seen=counts.messages + 2,
        archived=counts.messages,
        same_bytes=1,
        vanished=1,
        letters_queued=1,
        letters_sent=20,
        letters_waiting_approval=2,
        letters_failed=1,
        set_aside=0,
        unscanned=0 if empty else 1,
        withheld=0 if empty else 2,
        health=()
        if empty
        else ("mailbox main: imap.example.org:993: cannot be reached: timed out (since 2027-01-05 06:00 UTC)",),
        folders=(("main/INBOX", datetime(2027, 1, 5, 6, 29, tzinfo=UTC)), ("list/INBOX", None)),
        journal_head="a1" * 32,
        silence=None if empty else _silence(),
    )


def _silence() -> DigestSilence:
    return DigestSilence(
        title="Connecting schools",
        categories=(("academia", 3),),
        regions=(("arab_states", 5), ("cis", 2)),
        respondents=("Ministry of Communications", "Network of Libraries"),
        heard=7,
        more=4,
        draft_language="ar",
        draft_subject="Open consultation",
        draft_text="Dear Sir or Madam,\n\nYou answered our last consultation.\n",
    )


def sample_replies(digest: Digest) -> dict[str, Reply]:
    """A token and two words for every matter that has acts."""
    return {
        item.item: Reply(token=f"I1-k1-{'a' * 52}", words=tuple((act, act) for act in item.acts))
        for item in (*digest.needs_person, *digest.junk, *sample_beside())
        if item.acts
    }


def sample_beside() -> tuple[DigestItem, ...]:
    """What may be asked for besides."""
    return tuple(
        DigestItem(kind=kind, number="Rev. 0", name="", because="", command="", item=f"{kind}:0", acts=("count",), state="")
        for kind in ("release", "publication", "outcome", "any")
    )


def _item(kind: str, reason: str = "") -> DigestItem:
    corrected = "organization\tMinistry\tMinistry of Communications"
    because = {
        "withheld": "home_address, telephone",
        "held": "nobody is named; the same text as c-1a2b3c, of another respondent",
        "set_aside": "could not be read: ValueError: no such line",
        "bounced": "Undelivered Mail Returned to Sender",
        "failed": "550 5.1.1 <a@example.org>: Recipient address rejected",
        "junk": "Notre réponse",
        "correction": corrected,
    }.get(kind, "")
    return DigestItem(
        kind=kind,
        number="" if kind.startswith("letters") else "12",
        name="2" if kind.startswith("letters") else "Ministry of Communications",
        because=because,
        command='intake decide 12 count --reason "..."   |   exclude',
        reason=reason or {"chase": "unreadable", "order": "not_authenticated"}.get(kind, ""),
        due=date(2027, 1, 9) if kind == "chase" else None,
        item="" if kind in UNSAID else f"{kind}:r-0123456789ab",
        acts=() if kind in UNSAID else ("count", "exclude"),
        state="0" * 16,
    )


def _days(day: date) -> list[Day]:
    ids = ("synthesis", "deadline", "documents", "opening", "topic", "posting", "physical", "brief_summary", "meeting", "report")
    moments = [day.replace(day=number) for number in (3, 5, 6, 7, 8, 9, 10, 11, 12, 13)]
    return [
        Day(
            id=name,
            clause="R1336/r3",
            on=moment,
            computed=moment,
            days_off=2 if index < 2 else 0,
            state="late" if index == 0 else "due" if index == 1 else "coming",
            warnings=WARNINGS if index == 1 else ("not_done",) if index == 0 else (),
        )
        for index, (name, moment) in enumerate(zip(ids, moments, strict=True))
    ]


def _counts(number: int) -> Counts:
    share = {"government": number // 2, "civil_society": number - number // 2} if number else {}
    return Counts(
        messages=number * 2,
        responses=number,
        counted=number,
        by_status={"counted": number} if number else {},
        by_disposition={"response": number, "copy": number} if number else {},
        by_category=share,
        by_group={},
        by_region={},
        by_language={},
        by_question={},
        late_accepted=0,
        withdrawn=0,
        held=0,
        set_aside=0,
        campaign_copies=0,
    )


def _round() -> Round:
    moment = date(2026, 9, 1)
    return Round(
        id="sample",
        topic="Bridging the digital divide",
        working_group="Council Working Group",
        legal_basis=(),
        time_zone="Europe/Zurich",
        dates=Dates(
            decided=moment,
            opened=moment,
            response_deadline=datetime(2027, 1, 11, tzinfo=UTC),
            physical_consultation=date(2027, 2, 10),
            group_meeting_start=date(2027, 2, 12),
            group_meeting_end=date(2027, 2, 13),
        ),
        questions=(),
        channels=Channels(address="consultation@example.org"),
        reporting_groups={},
    )

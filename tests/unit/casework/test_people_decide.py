"""What people decide outranks what the program made of it, and can be taken back."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest

from intake.casework.judge import judge
from intake.casework.rulings import rulings_from
from intake.errors import BadData
from intake.model.record import Record, Ruling, Status
from intake.model.verdict import Category, Disposition
from tests.fakes.mails import AT, a_mail, cases_of, ruling, the_round

TEXT = "Question 1: Shared cables bring the price of a link down for every island.\n"
SIGNED = "\nAna Berg\nHead of Policy\nRelay Islands Cooperative\nTallinn, Estonia\n"
OTHER = "Question 2: One form for the region.\n\nBo Lind\nDirector\nHarbour Union of the North\nOslo, Norway\n"
LATE = timedelta(days=40)


def mails(at: timedelta = timedelta()) -> list[EmailMessage]:
    """Two responses of two senders."""
    return [
        a_mail("Our response", TEXT + SIGNED, at=AT + at),
        a_mail("Response", OTHER, sender="Bo Lind <bo@harbour.example>", at=AT + at + timedelta(hours=1)),
    ]


def after(messages: list[EmailMessage], *rulings: Ruling) -> Record:
    """The record with these decisions."""
    return judge(the_round(), cases_of(messages), rulings)


def keys(messages: list[EmailMessage]) -> list[str]:
    """The messages' keys."""
    return [case.key for case in cases_of(messages)]


def test_a_late_response_waits_and_counts_when_accepted() -> None:
    late = mails(LATE)
    first, _ = keys(late)
    record = after(late, ruling("accept_late", first))
    assert [item.status for item in record.responses] == [Status.COUNTED, Status.LATE_PENDING]
    assert [item.status_before_decisions for item in record.responses] == [Status.LATE_PENDING] * 2
    assert (record.counts.late_accepted, record.counts.counted, record.counts_before_decisions.counted) == (1, 1, 0)


def test_an_exclusion_can_be_undone() -> None:
    first, _ = keys(mails())
    assert after(mails(), ruling("exclude", first)).responses[0].status is Status.EXCLUDED
    undone = after(mails(), ruling("exclude", first), ruling("undo", first, 2, ruling="d-1"))
    assert undone.responses[0].status is Status.COUNTED
    assert undone.responses[0].rulings == ()


def test_the_last_decision_stands() -> None:
    first, _ = keys(mails())
    record = after(mails(), ruling("count", first, 3), ruling("exclude", first, 2))
    assert record.responses[0].status is Status.COUNTED


def test_assigned_fields_outrank_and_the_counts_before_keep_the_old_ones() -> None:
    first, _ = keys(mails())
    record = after(
        mails(), ruling("assign", first, category="academia", country="LV", region="europe", language="fr", person="A. Berg")
    )
    who = record.responses[0].respondent
    assert (who.category, who.country, who.person, who.sources["category"]) == (Category.ACADEMIA, "LV", "A. Berg", "officer")
    assert record.responses[0].language == "fr"
    assert "academia" in record.counts.by_category
    assert "academia" not in record.counts_before_decisions.by_category


def test_a_merged_response_is_excluded_and_keeps_its_mail() -> None:
    first, second = keys(mails())
    record = after(mails(), ruling("merge", second, into=first))
    taker, merged = record.responses
    assert (merged.status, merged.merged_into) == (Status.EXCLUDED, taker.id)
    assert merged.messages == (second,)
    assert record.counts.counted == 1


def test_counting_a_message_without_a_response_makes_one() -> None:
    spam = a_mail("Offer", "You have won the jackpot of our casino. Click here to claim your discount.", sender="x@y.example")
    (key,) = keys([spam])
    assert after([spam]).responses == ()
    record = after([spam], ruling("count", key))
    assert [item.status for item in record.responses] == [Status.COUNTED]
    assert (record.filed[0].disposition, record.filed[0].response) == (Disposition.RESPONSE, record.responses[0].id)
    assert (record.counts.counted, record.counts_before_decisions.counted) == (1, 0)


def test_a_message_split_off_is_a_response_of_its_own() -> None:
    both = [
        mails()[0],
        a_mail("Addition to our response", f"One more annex to our response.\n\n{OTHER}", at=AT + timedelta(hours=3)),
    ]
    _, second = keys(both)
    assert len(after(both).responses) == 1
    record = after(both, ruling("split", second))
    assert [item.messages[0] for item in record.responses] == keys(both)
    assert record.filed[1].response == record.responses[1].id


def test_a_relabelled_message_is_what_the_person_says() -> None:
    first, _ = keys(mails())
    record = after(mails(), ruling("relabel", first, disposition="enquiry"))
    assert record.filed[0].disposition is Disposition.ENQUIRY
    assert record.counts.by_disposition == {"enquiry": 1, "response": 1}


def test_a_person_names_the_version_that_stands() -> None:
    text = "Please disregard our earlier mail.\n\nQuestion 1: Only shared cables help.\n"
    both = [mails()[0], a_mail("Corrected version", text + SIGNED, at=AT + timedelta(hours=3))]
    first, _ = keys(both)
    assert after(both).responses[0].current == 1
    assert after(both, ruling("confirm", first, current_version=1)).responses[0].current == 0


def test_an_extension_recomputes_who_is_late() -> None:
    late = mails(LATE)
    record = after(late, ruling("extend", "", deadline=(AT + 2 * LATE).isoformat()))
    assert [item.status for item in record.responses] == [Status.COUNTED] * 2
    assert record.counts_before_decisions.counted == 0


def test_decisions_of_a_file_are_read_and_faults_named() -> None:
    line = {
        "at": "2024-05-03T10:00:00+02:00",
        "by": "officer",
        "action": "accept_late",
        "message": "a.eml",
        "response": "R9",
        "set": {},
    }
    names = {"k1": ["a.eml"], "k2": ["b.eml"]}
    (read,) = rulings_from([line], names)
    assert (read.message, read.set) == ("k1", {})
    (merged,) = rulings_from([{**line, "action": "merge", "set": {"into": "b.eml"}}], names)
    assert merged.set == {"into": "k2"}
    for fault in ({"message": "c.eml"}, {"action": "forget"}, {"at": "soon"}):
        with pytest.raises(BadData, match="decision 1"):
            rulings_from([{**line, **fault}], names)

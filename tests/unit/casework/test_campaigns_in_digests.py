"""A campaign's mails that come in a digest of the list, or enclosed by a colleague, are the campaign's like all others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from email.message import EmailMessage

import pytest

from intake.casework.export import ledger_json
from intake.casework.judge import judge
from intake.compilation.assemble import Tally, assemble
from intake.model.edition import Piece, Source
from intake.model.mail import ChannelKind
from intake.model.record import Record
from tests.fakes.mails import AT, a_mail, cases_of, the_round
from tests.unit.casework.test_campaigns import FORMS, letters
from tests.unit.casework.test_list_digest import FIRST, in_one_text, in_parts

LETTERS_OF = {language: letters(language) for language in FORMS}


def said_in(pieces: Sequence[Piece]) -> str:
    """The words of some pieces."""
    return " ".join(
        " ".join("".join(run.text for run in block.runs).split()) for piece in pieces for block in piece.blocks if block.runs
    )


def judged(*mails: EmailMessage | bytes) -> Record:
    """The record; the last one is the list's."""
    return judge(the_round(), cases_of(mails, {len(mails) - 1: ChannelKind.LIST}), ())


@pytest.mark.parametrize("language", FORMS)
@pytest.mark.parametrize("made", [in_parts, in_one_text])
def test_a_digest_of_a_campaign_brings_no_response(made: Callable[..., bytes], language: str) -> None:
    record = judged(made(*LETTERS_OF[language]))
    assert [(item.disposition.value, item.response) for item in record.filed] == [("campaign", None)]
    assert [item.disposition.value for item in record.filed[0].postings] == ["campaign"] * 5
    assert len({item.letter.to for item in record.filed[0].postings if item.letter}) == 5
    assert [len(item.messages) for item in record.campaigns] == [5]
    assert (record.counts.campaign_copies, record.counts.responses, record.counts.messages) == (5, 0, 1)


@pytest.mark.parametrize("made", [in_parts, in_one_text])
def test_a_digest_is_named_for_the_response_among_a_campaigns_mails(made: Callable[..., bytes]) -> None:
    record = judged(made(*LETTERS_OF["en"], FIRST))
    assert [item.respondent.organization for item in record.responses] == ["Relay Islands Cooperative"]
    assert record.filed[0].disposition.value == "response"
    assert record.filed[0].response == record.responses[0].id
    assert [item.disposition.value for item in record.filed[0].postings] == ["campaign"] * 5 + ["response"]
    assert record.counts.campaign_copies == 5


@pytest.mark.parametrize("made", [in_parts, in_one_text])
def test_mails_within_and_without_are_one_campaign(made: Callable[..., bytes]) -> None:
    """Two came alone, one of them stands in the digest again: a second delivery is no copy more."""
    one, other, *rest = LETTERS_OF["fr"]
    record = judged(one, other, made(other, *rest))
    assert [item.disposition.value for item in record.filed] == ["campaign"] * 3
    assert [item.disposition.value for item in record.filed[2].postings] == ["copy", *["campaign"] * 3]
    assert [len(item.messages) for item in record.campaigns] == [5]
    assert record.campaigns[0].representative == record.filed[0].key


def test_letters_that_a_colleague_encloses() -> None:
    note = a_mail(
        "Letters that came to our desk",
        "Dear colleagues, please find enclosed what reached the registry by mistake.\n\nRegistry\n",
        sender="Registry <registry@consult.example.int>",
        enclosed=LETTERS_OF["es"],
        at=AT + timedelta(hours=3),
    )
    record = judge(the_round(), cases_of([note]), ())
    assert [item.disposition.value for item in record.filed[0].postings] == ["campaign"] * 5
    assert (record.counts.campaign_copies, record.counts.responses) == (5, 0)


@pytest.mark.parametrize("made", [in_parts, in_one_text])
def test_it_is_printed_and_given_back_with_its_own_words(made: Callable[..., bytes]) -> None:
    own = "Here the school of Sandvik has been offline since the storm of last winter, and forty children wait. "
    *some, last = LETTERS_OF["en"]
    said = a_mail(str(last["Subject"]), own + str(last.get_content()), sender=str(last["From"]), message_id="<own@mail4.example>")
    cases = cases_of([made(FIRST, *some, said)], {0: ChannelKind.LIST})
    record = judge(the_round(), cases, ())
    edition = assemble(
        record, {case.key: Source(arrival=case.arrival, verdict=case.verdict) for case in cases}, the_round(),
        {record.responses[0].id: 1}, language="en", cut_off=AT, revision=None, released_on=None, released_by="",
        tally=Tally(seen=1, archived=1, same_bytes=0, vanished=0),
    )  # fmt: skip
    (printed,) = edition.campaigns
    assert printed.copies == 5
    words = said_in(printed.text)
    assert FORMS["en"] in words
    assert "Shared cables" not in words
    ((_, pieces),) = printed.personal
    assert "school of Sandvik" in said_in(pieces)
    given = ledger_json(the_round(), record, {cases[0].key: ["0001.eml"]})
    assert given["after_decisions"]["campaigns"] == [{"representative": "0001.eml", "copies": 5}]

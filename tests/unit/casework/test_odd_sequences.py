"""What really happens to a mailbox, one odd thing after the other, and what a careful officer would have kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage

import pytest

from intake.casework.judge import judge
from intake.model.mail import ChannelKind
from intake.model.record import Record, Response, Ruling, Status, Timeliness
from tests.fakes.mails import AT, a_mail, cases_of, ruling, the_round

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATE = timedelta(days=40)
ONE = "Question 1: Shared cables and open landing stations bring the price of a link down for every island of the group.\n"
TWO = "Question 2: A light licence for small operators helps most of all, with one form for the whole region.\n"
THREE = "Question 3: Radio clubs should train the staff of emergency services twice a year, on their own ground.\n"
OTHER = "Question 1: Nothing but a fund for poor regions, paid by those who land the cables, will ever lower the price.\n"
RELAY = "\nAna Berg\nHead of Policy\nRelay Islands Cooperative\nTallinn, Estonia\n"
BALTIC = RELAY.replace("Relay Islands Cooperative", "Baltic Harbour Federation")
BO = "\nBo Lind\nDirector\nHarbour Union of the North\nOslo, Norway\n"
BOS = "Bo Lind <bo@harbour.example>"
LIST = [("List-Id", "<links-list.consult.example.int>"), ("Precedence", "list")]
OFFICE = "Area Office <area@consult.example.int>"
PAPER = ("position.txt", (ONE + TWO).encode(), "text/plain")


def judged(*mails: EmailMessage, channels: dict[int, ChannelKind] | None = None, rulings: Sequence[Ruling] = ()) -> Record:
    """Their record."""
    return judge(the_round(), cases_of(mails, channels), rulings)


def kinds(record: Record) -> list[str]:
    """What each message is, in order of receipt."""
    return [item.disposition.value for item in record.filed]


def said(response: Response) -> dict[int, str]:
    """Its answers."""
    return {answer.question: answer.text for _, answer in response.answers}


def of(record: Record, number: int) -> Response:
    """The response of the message that came as the number-th."""
    return next(item for item in record.responses if item.id == record.filed[number].response)


# two respondents, one address


def test_one_address_for_two_bodies_each_revision_finds_its_own() -> None:
    again = "This replaces our earlier response.\n\nQuestion 1: Only shared cables help.\n"
    record = judged(
        a_mail("Response of Relay", ONE + RELAY),
        a_mail("Response of the Federation", OTHER + BALTIC, at=AT + HOUR),
        a_mail("Corrected version", again + RELAY, at=AT + 2 * HOUR),
    )
    assert [len(item.versions) for item in record.responses] == [2, 1]
    assert said(record.responses[1])[1].startswith("Nothing but a fund")


def test_a_revision_that_does_not_say_of_which_waits_for_a_person() -> None:
    bare = "Please disregard our earlier mail.\n\nQuestion 1: Something else entirely is needed, as we have learnt in a year of trials with balloons.\n"
    record = judged(
        a_mail("Response of Relay", ONE + RELAY),
        a_mail("Response of the Federation", OTHER + BALTIC, at=AT + HOUR),
        a_mail("Corrected version", bare, at=AT + 2 * HOUR),
    )
    assert kinds(record)[2] == "revision"
    assert [item.current for item in record.responses] == [0, 0]
    assert {said(item)[1][:10] for item in record.responses} == {"Shared cab", "Nothing bu"}


def test_a_revision_for_a_body_that_never_wrote_replaces_nothing() -> None:
    third = RELAY.replace("Relay Islands Cooperative", "Guild of Lighthouse Keepers")
    record = judged(
        a_mail("Our response", ONE + RELAY),
        a_mail("Corrected version", "This version replaces the one before.\n\n" + OTHER + third, at=AT + HOUR),
    )
    assert [said(item)[1][:10] for item in record.responses] == ["Shared cab", "Nothing bu"]


def test_an_assistant_sends_for_the_director_and_the_director_corrects() -> None:
    assistant = a_mail(
        "Response of the Cooperative", "On behalf of our director, Ana Berg.\n\n" + ONE + RELAY, "Office <office@relay.example>"
    )
    director = a_mail(
        "Corrected version", "This replaces what my office sent.\n\nQuestion 1: Only shared cables help.\n" + RELAY, at=AT + HOUR
    )
    record = judged(assistant, director)
    assert len(record.responses) == 1
    assert said(record.responses[0])[1].startswith("Only shared")


# storms


def test_a_storm_of_answers_to_all_makes_no_response_and_answers_none_twice() -> None:
    first = a_mail("Our response", ONE + RELAY, message_id="<1@relay.example>")
    words = (
        "Please remove me from this list.",
        "Me too!",
        "Please stop replying to all.",
        "Unsubscribe",
        "Who are you people?",
    ) * 4
    storm = [
        a_mail(
            "Re: Our response",
            text,
            f"P{number} <p{number}@mail{number}.example>",
            headers=[("In-Reply-To", "<1@relay.example>"), *LIST],
            at=AT + HOUR + number * timedelta(minutes=1),
        )
        for number, text in enumerate(words)
    ]
    record = judged(first, *storm, channels=dict.fromkeys(range(1, 21), ChannelKind.LIST))
    assert len(record.responses) == 1
    assert record.responses[0].current == 0
    assert not [item for item in record.filed[1:] if item.disposition.value in ("response", "revision", "supplement", "campaign")]


# additions


def test_a_new_version_of_an_addition_leaves_the_response() -> None:
    record = judged(
        a_mail("Our response", ONE + TWO + RELAY),
        a_mail("Addition to our response", "One more annex to our response, the rest stays as it is.\n\n" + THREE, at=AT + HOUR),
        a_mail(
            "Corrected version of our annex",
            "This replaces the annex that we sent.\n\nQuestion 3: Radio clubs should train them once a month.\n",
            at=AT + 2 * HOUR,
        ),
    )
    response = record.responses[0]
    assert kinds(record) == ["response", "supplement", "revision"]
    assert (len(response.versions), len(response.supplements)) == (1, 2)
    assert sorted(said(response)) == [1, 2, 3]
    assert "once a month" in said(response)[3]


def test_a_late_addition_stands_when_a_person_accepts_it() -> None:
    mails = [
        a_mail("Our response", ONE + RELAY),
        a_mail("Addition to our response", "One more annex to our response, the rest stays as it is.\n\n" + TWO, at=AT + LATE),
    ]
    record = judged(*mails)
    response = record.responses[0]
    assert (sorted(said(response)), response.pending) == ([1], (record.filed[1].key,))
    accepted = judged(*mails, rulings=[ruling("accept_late", record.filed[1].key, 1000)])
    assert (sorted(said(accepted.responses[0])), accepted.responses[0].pending) == ([1, 2], ())
    assert accepted.responses[0].status is Status.COUNTED
    seen = judged(*mails, rulings=[ruling("confirm", record.filed[1].key, 1000)])
    assert sorted(said(seen.responses[0])) == [1]


PROMISES = {
    "en": "Please disregard our earlier mail; the corrected version will follow tomorrow.",
    "fr": "Veuillez ne pas tenir compte de notre courriel précédent; la version corrigée suivra demain.",
    "es": "Les rogamos que no tengan en cuenta nuestro correo anterior; la versión corregida se enviará mañana.",
    "ru": "Просим не принимать во внимание наше предыдущее письмо; исправленный вариант будет направлен завтра.",
    "ar": "يرجى تجاهل رسالتنا السابقة؛ سنرسل النسخة المصححة غداً.",
    "zh": "请不要考虑我们之前的邮件，更正后的版本明天寄出。",
}


@pytest.mark.parametrize("language", PROMISES)
def test_a_promise_of_a_new_version_empties_nothing(language: str) -> None:
    record = judged(a_mail("Our response", ONE + RELAY), a_mail("Corrected version", PROMISES[language], at=AT + HOUR))
    response = record.responses[0]
    assert len(record.responses) == 1
    assert response.status is Status.COUNTED
    assert sorted(said(response)) == [1]


# withdrawal and after


def closed(action: str) -> tuple[list[EmailMessage], list[Ruling]]:
    """A response that a person closed, and a new text of its sender afterwards."""
    mails = [
        a_mail("Our response", ONE + RELAY),
        a_mail("Withdrawal", "We wish to withdraw our response.\n" + RELAY, at=AT + HOUR),
        a_mail(
            "Our new response",
            "Our board has decided otherwise; here is our response.\n\n" + OTHER + TWO + RELAY,
            at=AT + 9 * DAY,
        ),
    ]
    return mails, [ruling(action, cases_of(mails)[0].key, 24)]


def test_a_new_response_after_a_withdrawal_counts_as_one_of_its_own() -> None:
    mails, rulings = closed("withdraw")
    record = judged(*mails, rulings=rulings)
    assert [item.status for item in record.responses] == [Status.WITHDRAWN, Status.COUNTED]
    assert said(record.responses[1])[1].startswith("Nothing but a fund")
    undone = judged(*mails, rulings=[*rulings, ruling("undo", "", 300, ruling=rulings[0].id)])
    assert [item.status for item in undone.responses] == [Status.COUNTED]


def test_a_new_response_after_an_exclusion_waits_for_a_person() -> None:
    mails, rulings = closed("exclude")
    record = judged(*mails, rulings=rulings)
    assert [item.status for item in record.responses] == [Status.EXCLUDED, Status.HELD]
    assert "excluded by a decision" in record.responses[1].doubts[0]


def test_a_withdrawal_that_nobody_confirmed_removes_nothing_and_the_new_text_stands() -> None:
    mails, _ = closed("withdraw")
    record = judged(*mails)
    assert [item.status for item in record.responses] == [Status.COUNTED]
    assert said(record.responses[0])[1].startswith("Nothing but a fund")


def test_support_of_a_withdrawn_response_stays_support_and_counts_nothing() -> None:
    support = a_mail(
        "Support",
        "We fully support the response of the Relay Islands Cooperative and have nothing to add.\n\nEva Roos\nSkerry Fishers Guild\n",
        "Eva <eva@skerry.example>",
        at=AT + 10 * DAY,
    )
    mails, rulings = closed("withdraw")
    record = judged(*mails[:2], support, rulings=rulings)
    assert (kinds(record)[2], record.counts.counted) == ("endorsement", 0)
    assert record.responses[0].endorsements == (record.filed[2].key,)


# parts


def test_the_first_and_last_of_three_parts_are_one_response_that_says_what_is_missing() -> None:
    record = judged(a_mail("Our response, part 1 of 3", ONE), a_mail("Our response, part 3 of 3", THREE + RELAY, at=AT + HOUR))
    response = record.responses[0]
    assert (len(record.responses), sorted(said(response)), response.status) == (1, [1, 3], Status.COUNTED)
    assert (
        "part_missing" in response.flags,
        [chase.closed_by for chase in response.chases if chase.reason == "part_missing"],
    ) == (True, [None])


# the same text of several


def test_the_same_file_of_two_organizations_is_two_responses_that_know_of_each_other() -> None:
    record = judged(
        a_mail("Our response", "Please find it attached." + RELAY, files=[PAPER]),
        a_mail("Response", "Please find it attached." + BO, BOS, files=[PAPER], at=AT + HOUR),
    )
    assert [item.status for item in record.responses] == [Status.COUNTED] * 2
    assert [any("the same text" in doubt for doubt in item.doubts) for item in record.responses] == [True, True]


JOINT = ONE + TWO + "\nSignatories:\n- Relay Islands Cooperative\n- Harbour Union of the North\n- Skerry Fishers Guild\n"


def test_a_joint_response_sent_by_a_co_signatory_too_is_no_second_one() -> None:
    joint = a_mail("Joint response", JOINT + RELAY)
    assert cases_of([joint])[0].verdict.co_signatories
    record = judged(
        joint,
        a_mail(
            "Joint response",
            "Dear colleagues,\n\nas one of its signatories we send you the joint response as well.\n\n" + JOINT + BO,
            BOS,
            at=AT + HOUR,
        ),
    )
    assert (kinds(record), record.counts.counted) == (["response", "copy"], 1)
    assert record.filed[1].letter is not None


# time


def test_sent_again_years_later_is_a_copy_and_nothing_moves() -> None:
    first = a_mail("Our response", ONE + RELAY, message_id="<1@relay.example>")
    again = a_mail("Our response", ONE + RELAY, message_id="<1@relay.example>", at=AT + 800 * DAY)
    record = judged(first, again)
    assert kinds(record) == ["response", "copy"]
    assert (record.responses[0].received_at, record.responses[0].timeliness) == (AT, Timeliness.ON_TIME)


def test_what_an_office_of_ours_had_in_time_is_in_time_though_it_also_came_late() -> None:
    direct = a_mail("Our response", ONE + RELAY, message_id="<2@relay.example>", at=AT + LATE)
    inner = a_mail("Our response", ONE + RELAY, message_id="<1@relay.example>")
    forward = a_mail("FYI", "See enclosed.", OFFICE, enclosed=[inner], at=AT + LATE + HOUR)
    record = judged(direct, forward, channels={1: ChannelKind.OFFICE})
    assert (kinds(record), record.responses[0].timeliness, record.responses[0].status) == (
        ["response", "copy"],
        Timeliness.ON_TIME,
        Status.COUNTED,
    )


def test_a_stranger_who_says_so_makes_nothing_earlier() -> None:
    direct = a_mail("Our response", ONE + RELAY, message_id="<2@relay.example>", at=AT + LATE)
    inner = a_mail("Our response", ONE + RELAY, message_id="<1@relay.example>")
    forward = a_mail("FYI", "See enclosed.", BOS, enclosed=[inner], at=AT + LATE + HOUR)
    assert judged(direct, forward).responses[0].status is Status.LATE_PENDING


def test_an_office_that_encloses_two_keeps_the_time_of_each() -> None:
    inner = [
        a_mail("Our response", ONE + RELAY, message_id="<1@relay.example>"),
        a_mail("Response", TWO + BO, BOS, message_id="<2@harbour.example>", at=AT + HOUR),
    ]
    forward = a_mail("FYI", "See enclosed.", OFFICE, enclosed=inner, at=AT + LATE)
    arrivals = cases_of([forward], {0: ChannelKind.OFFICE})
    record = judge(the_round(), arrivals, ())
    assert [(item.received_at, item.status) for item in record.responses] == [(AT, Status.COUNTED), (AT + HOUR, Status.COUNTED)]
    assert [post.letter.to for post in record.filed[0].postings if post.letter] == ["ana@relay.example", "bo@harbour.example"]


# a Message-ID is a claim


def test_a_stranger_with_our_respondents_message_id_neither_takes_nor_loses_his_place() -> None:
    forged = a_mail("Our response", ONE + TWO + BO, "Bo Lind <bo@harbour.example>", message_id="<1@relay.example>")
    genuine = a_mail("Our response", ONE + TWO + RELAY, message_id="<1@relay.example>", at=AT + HOUR)
    record = judged(forged, genuine)
    assert len(record.responses) == 2
    assert of(record, 1).respondent.organization == "Relay Islands Cooperative"


def test_a_mail_that_fails_our_own_check_does_not_swallow_the_genuine_one() -> None:
    forged = a_mail("Our response", ONE + RELAY, message_id="<1@relay.example>", dmarc="fail")
    genuine = a_mail("Our response", ONE + RELAY, message_id="<1@relay.example>", at=AT + HOUR)
    record = judged(forged, genuine)
    assert [item.status for item in record.responses] == [Status.HELD, Status.COUNTED]
    assert record.filed[1].letter is not None

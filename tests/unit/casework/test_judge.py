"""The record of a few messages: one response however it came, versions, parts, cures, machines, and who gets a letter."""
# ruff: noqa: E501 - a mail stands on one line

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage

from intake.casework.judge import judge
from intake.model.mail import ChannelKind
from intake.model.record import Record, Response, Ruling, Status, Timeliness
from intake.model.verdict import Disposition
from tests.fakes.mails import AT, a_mail, cases_of, ruling, the_round

ONE = "Question 1: Shared cables and open landing stations bring the price of a link down for every island.\n"
TWO = "Question 2: A light licence for small operators helps most of all, with one form for the region.\n"
SIGNED = "\nAna Berg\nHead of Policy\nRelay Islands Cooperative\nTallinn, Estonia\n"
LATE = timedelta(days=40)
HOUR = timedelta(hours=1)


def judged(*mails: EmailMessage, channels: dict[int, ChannelKind] | None = None, rulings: Sequence[Ruling] = ()) -> Record:
    """The record of these mails."""
    return judge(the_round(), cases_of(mails, channels), rulings)


def dispositions(record: Record) -> list[str]:
    """What each message is, in order of receipt."""
    return [filed.disposition.value for filed in record.filed]


def only(record: Record) -> Response:
    """The one response of a record."""
    assert len(record.responses) == 1, [item.respondent for item in record.responses]
    return record.responses[0]


def answer(response: Response, question: int) -> str:
    """The text of one answer."""
    return next(item.text for _, item in response.answers if item.question == question)


def test_a_response_is_counted_and_acknowledged() -> None:
    record = judged(a_mail("Our response", ONE + TWO + SIGNED))
    response = only(record)
    assert (response.status, response.timeliness) == (Status.COUNTED, Timeliness.ON_TIME)
    assert [item.question for _, item in response.answers] == [1, 2]
    assert record.filed[0].letter is not None
    assert record.filed[0].letter.to == "ana@relay.example"
    assert record.counts.counted == sum(record.counts.by_category.values()) == 1


LISTED = [("List-Id", "<links-list.consult.example.int>"), ("Precedence", "list")]


def test_a_copy_by_the_list_gets_no_letter_and_stands_in_no_version() -> None:
    direct = a_mail("Our response", ONE + SIGNED, message_id="<1@relay.example>")
    listed = a_mail(
        "[LINKS] Our response",
        ONE + SIGNED + "\n_______________________________________________\nLinks mailing list\n",
        message_id="<1@relay.example>",
        headers=LISTED,
        at=AT + HOUR,
    )
    record = judged(direct, listed, channels={1: ChannelKind.LIST})
    assert dispositions(record) == ["response", "copy"]
    assert record.filed[1].letter is None
    assert [version.messages for version in only(record).versions] == [(record.filed[0].key,)]
    assert record.filed[1].same_as == record.filed[0].key


def test_the_address_stands_before_a_list_that_was_quicker() -> None:
    listed = a_mail("Our response", ONE + SIGNED, message_id="<1@relay.example>", headers=LISTED)
    direct = a_mail("Our response", ONE + SIGNED, message_id="<1@relay.example>", at=AT + timedelta(minutes=3))
    record = judged(listed, direct, channels={0: ChannelKind.LIST})
    assert [(item.disposition.value, item.letter is not None) for item in record.filed] == [("copy", False), ("response", True)]


def test_sent_again_gets_a_letter_a_second_delivery_none() -> None:
    first = a_mail("Our response", ONE + SIGNED, message_id="<1@relay.example>")
    gateway = a_mail("Our response", ONE + SIGNED, message_id="<2@relay.example>", headers=[("X-Gateway", "b")])
    again = a_mail("Our response", ONE + SIGNED, message_id="<3@relay.example>", at=AT + HOUR)
    record = judged(first, gateway, again)
    assert dispositions(record) == ["response", "copy", "copy"]
    assert sorted(item.letter is not None for item in record.filed) == [False, True, True]
    assert record.filed[2].letter is not None


def test_new_words_under_an_old_message_id_are_no_copy() -> None:
    first = a_mail("Our response", ONE + SIGNED, message_id="<1@relay.example>")
    other = a_mail("Fees", "Question 3: Staff of emergency services should learn to mount a dish in an hour and to aim it by hand in the dark.\n" + SIGNED, message_id="<1@relay.example>", at=AT + HOUR)  # fmt: skip
    record = judged(first, other)
    assert record.filed[1].disposition is not Disposition.COPY
    assert record.filed[1].sameness == "new_text_old_id"


def test_a_revision_stands_and_the_first_version_stays_listed() -> None:
    corrected = "Please disregard our earlier mail; this is the corrected version.\n\nQuestion 1: Only shared cables help.\n"
    record = judged(a_mail("Our response", ONE + SIGNED), a_mail("Corrected", corrected + SIGNED, at=AT + HOUR))
    response = only(record)
    assert dispositions(record) == ["response", "revision"]
    assert (len(response.versions), response.current) == (2, 1)
    assert answer(response, 1).startswith("Only shared")


def test_a_late_revision_leaves_the_version_on_time_until_it_is_accepted() -> None:
    first = a_mail("Our response", ONE + SIGNED)
    late = a_mail(
        "Corrected version", "This replaces our response.\n\nQuestion 1: Only shared cables help.\n" + SIGNED, at=AT + LATE
    )
    record = judged(first, late)
    assert answer(only(record), 1).startswith("Shared cables")
    accepted = judged(first, late, rulings=[ruling("accept_late", record.filed[1].key)])
    response = only(accepted)
    assert answer(response, 1).startswith("Only shared")
    assert (response.timeliness, response.status) == (Timeliness.ON_TIME, Status.COUNTED)
    assert accepted.counts.late_accepted == 0


def test_another_senders_version_waits_for_a_person() -> None:
    first = a_mail("Our response", ONE + SIGNED)
    text = "Please disregard our earlier response; this version replaces it.\n\nQuestion 1: Nothing needs to change.\n"
    other = a_mail("New version", text + SIGNED, sender="Ana Berg <ana.berg@gmail.com>", at=AT + HOUR)
    record = judged(first, other)
    response = only(record)
    assert dispositions(record) == ["response", "revision"]
    assert response.current == 0
    assert any("another sender" in doubt for doubt in response.doubts)
    confirmed = judged(first, other, rulings=[ruling("confirm", record.filed[1].key)])
    assert only(confirmed).current == 1


def test_a_colleague_of_the_same_house_may_revise() -> None:
    text = "Please use this version instead of the one we sent.\n\nQuestion 1: Only shared cables help.\n"
    other = a_mail("New version", text + SIGNED, sender="Jan Tamm <jan@relay.example>", at=AT + HOUR)
    assert only(judged(a_mail("Our response", ONE + SIGNED), other)).current == 1


def test_a_forged_sender_changes_nothing_and_gets_no_letter() -> None:
    text = "Please disregard our earlier response; this version replaces it.\n\nQuestion 1: Nothing needs to change.\n"
    forged = a_mail("New version", text + SIGNED, at=AT + HOUR, dmarc="fail")
    record = judged(a_mail("Our response", ONE + SIGNED), forged)
    assert only(record).current == 0
    assert "doubtful_sender" in only(record).flags
    assert record.filed[1].letter is None


def test_a_header_grants_no_rights() -> None:
    first = a_mail("Our response", ONE + SIGNED, message_id="<1@relay.example>")
    stranger = a_mail(
        "Re: Our response",
        "Question 1: I see it otherwise: the price is set by the state.\n\nBo Lind\nHarbour Union\nOslo, Norway\n",
        sender="Bo Lind <bo@harbour.example>",
        headers=[("In-Reply-To", "<1@relay.example>"), ("References", "<1@relay.example>")],
        at=AT + HOUR,
    )
    assert len(judged(first, stranger).responses) == 2


def test_an_addition_brings_its_answers_along() -> None:
    more = a_mail("Addition to our response", "One more annex to our response, the rest stays as it is.\n\n" + TWO, at=AT + HOUR)
    record = judged(a_mail("Our response", ONE + SIGNED), more)
    assert dispositions(record) == ["response", "supplement"]
    assert [item.question for _, item in only(record).answers] == [1, 2]


def test_parts_are_one_response_and_a_missing_one_is_chased_until_it_comes() -> None:
    first = a_mail("Our response, part 1 of 3", ONE)
    third = a_mail("Our response, part 3 of 3", "Question 3: Training by radio clubs.\n" + SIGNED, at=AT + timedelta(minutes=5))
    second = a_mail("Our response, part 2 of 3", TWO, at=AT + timedelta(days=2))
    waiting = only(judged(first, third))
    assert [(chase.reason, chase.closed_by) for chase in waiting.chases if chase.reason == "part_missing"] == [
        ("part_missing", None)
    ]
    record = judged(first, third, second)
    whole = only(record)
    assert dispositions(record) == ["part", "part", "part"]
    assert [len(version.messages) for version in whole.versions] == [3]
    assert [item.question for _, item in whole.answers] == [1, 2, 3]
    assert [chase.closed_by for chase in whole.chases if chase.reason == "part_missing"] == [record.filed[2].key]
    assert "part_missing" in whole.flags


def test_a_forgotten_file_sent_after_stands_in_the_same_version() -> None:
    note = a_mail("Our response", "Dear secretariat,\n\nplease find attached our response to the consultation.\n" + SIGNED)
    file = [("response.txt", (ONE + TWO).encode(), "text/plain")]
    again = a_mail("Re: Our response", "Sorry, I forgot the attachment.\n" + SIGNED, files=file, at=AT + HOUR)
    record = judged(note, again)
    response = only(record)
    assert dispositions(record) == ["response", "copy"]
    assert [len(version.messages) for version in response.versions] == [2]
    assert [item.question for _, item in response.answers] == [1, 2]
    assert [chase.closed_by for chase in response.chases] == [record.filed[1].key]


def test_the_whole_of_a_text_that_came_cut_stands_in_the_same_version() -> None:
    cut = a_mail("Our response", "Question 1: Shared cables and open landing stations bring the price of a")
    whole = a_mail(
        "Our response", "Our mail was cut off; here is the complete text again.\n\n" + ONE + TWO + SIGNED, at=AT + HOUR
    )
    record = judged(cut, whole)
    assert dispositions(record) == ["response", "copy"]
    assert answer(only(record), 1).endswith("for every island.")


def test_the_same_text_in_another_language_is_a_copy() -> None:
    french = "Voici la traduction de notre réponse.\n\nQuestion 1 : Des câbles partagés et des stations ouvertes font baisser le prix.\n"
    record = judged(a_mail("Our response", ONE + SIGNED), a_mail("Traduction", french + SIGNED, at=AT + HOUR))
    assert dispositions(record) == ["response", "copy"]
    assert only(record).language == "en"


def test_one_signatory_for_two_organizations_is_two_responses_that_overlap() -> None:
    other = SIGNED.replace("Relay Islands Cooperative", "Baltic Harbour Federation")
    record = judged(a_mail("Response of Relay Islands", ONE + TWO + SIGNED), a_mail("Response of the Federation", ONE + TWO + other, at=AT + HOUR))  # fmt: skip
    assert len(record.responses) == 2
    assert all("overlap" in item.flags for item in record.responses)


def test_a_withdrawal_by_mail_removes_nothing() -> None:
    first = a_mail("Our response", ONE + SIGNED)
    mail = a_mail("Withdrawal", "We wish to withdraw our response.\n" + SIGNED, at=AT + HOUR)
    record = judged(first, mail)
    assert (dispositions(record), only(record).status) == (["response", "withdrawal"], Status.COUNTED)
    after = judged(first, mail, rulings=[ruling("withdraw", record.filed[1].key)])
    assert (only(after).status, only(after).status_before_decisions) == (Status.WITHDRAWN, Status.COUNTED)
    assert (after.counts.withdrawn, after.counts_before_decisions.withdrawn) == (1, 0)


def test_support_is_linked_to_the_response_that_it_names() -> None:
    one = a_mail("Our response", ONE + SIGNED)
    two = a_mail(
        "Response",
        TWO + "\nBo Lind\nHarbour Union of the North\nOslo, Norway\n",
        sender="Bo Lind <bo@harbour.example>",
        at=AT + HOUR,
    )
    text = "We fully support the response of the Harbour Union of the North and have nothing to add.\n\nEva Roos\nSkerry Fishers Guild\n"
    support = a_mail("Support", text, sender="Eva Roos <eva@skerry.example>", at=AT + 2 * HOUR)
    record = judged(one, two, support)
    assert record.filed[2].disposition is Disposition.ENDORSEMENT
    assert record.filed[2].response == record.filed[1].response
    assert record.counts.counted == 2


def test_machines_are_linked_and_never_answered() -> None:
    first = a_mail("Our response", ONE + SIGNED)
    away = a_mail("Out of office", "I am out of the office.", headers=[("Auto-Submitted", "auto-replied")], at=AT + HOUR)
    bounce = a_mail("Undelivered Mail Returned to Sender", "<ana@relay.example>: 550 5.1.1 user unknown", sender="Mail Delivery System <MAILER-DAEMON@relay.example>", at=AT + 2 * HOUR)  # fmt: skip
    record = judged(first, away, bounce)
    assert dispositions(record) == ["response", "auto_reply", "bounce"]
    assert {item.response for item in record.filed} == {only(record).id}
    assert [item.letter is None for item in record.filed] == [False, True, True]
    assert "bounced_acknowledgement" in only(record).flags


def test_free_mail_is_nobodys_house() -> None:
    first = a_mail("Our response", ONE + SIGNED, sender="Ana Berg <ana.berg@gmail.com>")
    away = a_mail(
        "Out of office", "I am away.", sender="Zed <zed@gmail.com>", headers=[("Auto-Submitted", "auto-replied")], at=AT + HOUR
    )
    assert judged(first, away).filed[1].response is None


def test_thanks_belong_to_a_response_and_those_of_a_stranger_ask_something() -> None:
    thanks = a_mail("Re: Receipt", "Many thanks for the confirmation.", at=AT + HOUR)
    strange = a_mail("Re: Receipt", "Many thanks for the confirmation.", sender="Bo <bo@harbour.example>", at=AT + 2 * HOUR)
    record = judged(a_mail("Our response", ONE + SIGNED), thanks, strange)
    assert dispositions(record) == ["response", "correspondence", "enquiry"]
    assert record.filed[1].letter is None


def test_letters_go_to_a_single_reply_to_that_is_no_lists() -> None:
    own = a_mail("Our response", ONE + SIGNED, headers=[("Reply-To", "desk@relay.example")])
    listed = a_mail("Our response", ONE + SIGNED, headers=[("Reply-To", "links-list@consult.example.int")])
    letters = [judged(mail).filed[0].letter for mail in (own, listed)]
    assert [letter.to if letter else "" for letter in letters] == ["desk@relay.example", "ana@relay.example"]


def test_a_forward_from_another_office_is_its_authors() -> None:
    inner = a_mail("Our response", ONE + SIGNED, message_id="<1@relay.example>")
    outer = a_mail("FYI", "See enclosed.", sender="Area Office <area@consult.example.int>", enclosed=[inner], at=AT + 2 * HOUR)
    record = judged(outer, channels={0: ChannelKind.OFFICE})
    assert record.filed[0].letter is not None
    assert record.filed[0].letter.to == "ana@relay.example"
    assert only(record).received_at == AT
    both = judged(inner, outer, channels={1: ChannelKind.OFFICE})
    assert (dispositions(both), both.filed[1].letter) == (["response", "copy"], None)


def test_a_strangers_enclosure_sends_no_letter_to_its_author() -> None:
    inner = a_mail("Our response", ONE + SIGNED)
    outer = a_mail("FYI", "See enclosed.", sender="Bo <bo@harbour.example>", enclosed=[inner])
    letter = judged(outer).filed[0].letter
    assert letter is not None
    assert letter.to == "bo@harbour.example"


def test_a_note_that_says_who_one_is_closes_the_chase_and_a_person_decides() -> None:
    nameless = a_mail("Our response", ONE + TWO, sender="shorebird9@gmail.com")
    note = a_mail(
        "Re: Who are you?",
        "Dear colleagues, I write for the Relay Islands Cooperative, Tallinn, Estonia.\n\nAna Berg\nRelay Islands Cooperative\n",
        sender="shorebird9@gmail.com",
        at=AT + HOUR,
    )
    waiting = only(judged(nameless))
    assert (waiting.status, [(chase.reason, chase.closed_by) for chase in waiting.chases]) == (Status.HELD, [("identity", None)])
    record = judged(nameless, note)
    assert record.filed[1].disposition is Disposition.CORRESPONDENCE
    assert [chase.closed_by for chase in only(record).chases] == [record.filed[1].key]
    assert only(record).status is Status.HELD


def test_equal_answers_in_another_file_are_a_copy() -> None:
    first = a_mail("Our response", "Attached." + SIGNED, files=[("a.txt", (ONE + TWO).encode(), "text/plain")])
    other = a_mail(
        "Our response",
        "The same, as another file." + SIGNED,
        files=[("b.txt", (ONE + TWO + "\n").encode(), "text/plain")],
        at=AT + HOUR,
    )
    record = judged(first, other)
    assert dispositions(record) == ["response", "copy"]
    assert len(only(record).versions) == 1


def test_a_forwarded_withdrawal_is_the_authors_whole_or_in_the_text() -> None:
    response = a_mail("Our response", ONE + SIGNED)
    words = "We wish to withdraw our response.\n" + SIGNED
    inner = a_mail("Withdrawal", words, at=AT + HOUR)
    office = "Area Office <area@consult.example.int>"
    whole = a_mail("FYI", "Please see the enclosed.", sender=office, enclosed=[inner], at=AT + 2 * HOUR)
    header = "---------- Forwarded message ----------\nFrom: Ana Berg <ana@relay.example>\nDate: Thu, 2 May 2024 11:00:00 +0000\nSubject: Withdrawal\nTo: area@consult.example.int\n\n"
    inside = a_mail("Fwd: Withdrawal", "For you.\n\n" + header + words, sender=office, at=AT + 2 * HOUR)
    for forward in (whole, inside):
        record = judged(response, forward, channels={1: ChannelKind.OFFICE})
        assert dispositions(record) == ["response", "withdrawal"]
        assert record.filed[1].response == only(record).id
        assert record.filed[1].letter is not None
        assert record.filed[1].letter.to == "ana@relay.example"


def test_a_note_that_says_nothing_makes_no_response() -> None:
    note = a_mail("Hello", "Hello from the harbour.", at=AT + HOUR)
    assert dispositions(judged(a_mail("Our response", ONE + SIGNED), note)) == ["response", "correspondence"]
    assert dispositions(judged(note)) == ["enquiry"]


def test_a_country_told_once_outranks_one_guessed_from_the_language_of_a_later_version() -> None:
    body = "问题一：监督机构应当公布每一次拒绝。\n\n陈美玲\n海鸥船员权益协会秘书长\n"
    first = a_mail(
        "答复",
        f"秘书处，您好：\n\n海鸥船员权益协会（马来西亚民间非营利团体）答复如下。\n\n{body}",
        message_id="<m1@relay.example>",
    )
    later = a_mail(
        "更正：请以此版为准",
        f"秘书处：\n\n前一封邮件有误，请作废，以本邮件为准。\n\n{body}",
        at=AT + HOUR,
        message_id="<m2@relay.example>",
    )
    response = only(judged(first, later))
    assert response.respondent.country == "MY"
    assert response.respondent.sources["country"] == "declared"

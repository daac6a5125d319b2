"""One response by form, paper, mail and list is one response; what nobody proved waits for a person; officers' own mail is of the file."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

from intake.casework.drafts import Case
from intake.casework.judge import judge
from intake.model.mail import Arrival, ChannelKind
from intake.model.record import Record, Response, Status
from intake.reading.read_message import read_message
from intake.reading.trust import trust_of
from intake.slips.slip import Slip, hashed, slip_octets, with_row
from intake.sorting.classify import classify
from tests.fakes.mails import AT, a_mail, cases_of, tables, the_round, words

ONE = "Shared cables and open landing stations bring the price of a link down for every island."
TWO = "A light licence for small operators helps most of all, with one form for the region."
SIGNED = "\nAna Berg\nHead of Policy\nRelay Islands Cooperative\nTallinn, Estonia\n"
HOUR = timedelta(hours=1)


def slip(
    number: int = 1, *, at: datetime = AT + HOUR, one: str = ONE, two: str = TWO, kind: str = "form", **changes: object
) -> Case:
    """A row of a form, or a letter on paper, of the same cooperative."""
    values: dict[str, object] = {
        "organization": "Relay Islands Cooperative",
        "person": "Ana Berg",
        "category": "private_sector",
        "country": "EE",
        **changes,
    }
    if kind == "form":
        values["answers"] = tuple((question, text) for question, text in ((1, one), (2, two)) if text)
    else:
        values["text"] = f"Question 1: {one}\nQuestion 2: {two}\n"
    made = with_row(Slip(kind=kind, source="web", id=hashed(kind, str(number))[:32], row="", at=at, **values))  # type: ignore[arg-type]
    reading = read_message(slip_octets(made, the_round().channels.address), words())
    channel = ChannelKind.FORM if kind == "form" else ChannelKind.REGISTER
    arrival = Arrival(
        key=reading.sha256,
        sequence=100 + number,
        channel=channel,
        internaldate=at,
        reading=reading,
        trust=trust_of(reading, (), at),
    )
    return Case(arrival=arrival, verdict=classify(arrival, the_round(), tables()))


def mail(at: datetime = AT, sender: str = "Ana Berg <ana@relay.example>", **words_: str) -> Case:
    (case,) = cases_of(
        [
            a_mail(
                "Our response",
                f"Question 1: {words_.get('one', ONE)}\nQuestion 2: {words_.get('two', TWO)}\n{SIGNED}",
                sender,
                at=at,
            )
        ]
    )
    return case


def judged(*cases: Case) -> Record:
    """Whatever the order in which they are given."""
    record = judge(the_round(), cases, ())
    assert judge(the_round(), cases[::-1], ()) == record
    counts = record.counts
    assert sum(counts.by_disposition.values()) == counts.messages == len(cases)
    assert sum(counts.by_status.values()) == counts.responses
    return record


def only(record: Record) -> Response:
    assert len(record.responses) == 1, [(item.respondent.organization, len(item.messages)) for item in record.responses]
    return record.responses[0]


def what(record: Record) -> list[str]:
    return [filed.disposition.value for filed in record.filed]


def test_by_mail_form_list_and_paper_it_is_one_response() -> None:
    """In whichever order they came; each copy is told, one version stands."""
    listed = a_mail(
        "[LINKS] Our response",
        f"Question 1: {ONE}\nQuestion 2: {TWO}\n{SIGNED}",
        headers=[("List-Id", "<links-list.consult.example.int>")],
    )
    for first in (AT, AT + 3 * HOUR):
        record = judged(
            mail(first),
            slip(email="ana@relay.example"),
            slip(2, kind="register", at=AT + 2 * HOUR, vouched=True),
            *cases_of([listed]),
        )
        response = only(record)
        assert sorted(what(record)) == ["copy", "copy", "copy", "response"]
        assert len(response.versions) == 1
        assert [answer.text for _key, answer in response.answers] == [ONE, TWO]


def test_a_letter_on_paper_names_no_address_and_is_a_copy_by_its_words() -> None:
    """The same answers of the same organization; other answers are another text, and other organizations other respondents."""
    record = judged(mail(sender="Mission <mission@permanent.example>"), slip(kind="register", vouched=True))
    assert what(record) == ["response", "copy"]
    assert (
        len(
            judged(
                mail(), slip(kind="register", vouched=True, one="We hold the very opposite of it, for reasons of cost.")
            ).responses
        )
        == 2
    )
    assert (
        len(judged(mail(), slip(kind="register", vouched=True, organization="Another Cooperative of the North")).responses) == 2
    )


def test_an_address_that_the_form_did_not_prove_grants_nothing() -> None:
    """Anybody may type an address: other words under it change nothing before a person says so, the same words are a copy."""
    forged = slip(email="ana@relay.example", one="We withdraw all that we have said about the cables before.")
    record = judged(mail(), forged)
    response = only(record)
    assert response.answers[0][1].text == ONE
    assert any("did not prove" in filed.why for filed in record.filed)
    assert any("another sender" in doubt for doubt in response.doubts)
    proven = judged(
        mail(), slip(email="ana@relay.example", vouched=True, one="The price of a link falls by other means than cables, too.")
    )
    assert only(proven).answers[0][1].text.startswith("The price")
    unreadable = a_mail(
        "Our response",
        "Please find our contribution attached." + SIGNED,
        files=[("our response.pdf", b"%PDF-1.4 broken", "application/pdf")],
    )
    cured = judged(*cases_of([unreadable]), slip(email="ana@relay.example"))
    assert not only(cured).answers, "nor does it stand in for what cannot be read"


def test_a_state_of_an_entry_that_is_not_alone_waits_too() -> None:
    """Somebody begins under another's address, the other answers by mail, the first changes his entry: the mail stands."""
    begun = slip(email="ana@relay.example", one="Begun by somebody.", at=AT - HOUR)
    changed = slip(email="ana@relay.example", one="Changed by somebody after the mail.", at=AT + 2 * HOUR)
    response = only(judged(begun, mail(), changed))
    assert response.answers[0][1].text == ONE
    assert len(response.versions) == 3
    alone = only(judged(begun, changed))
    assert alone.answers[0][1].text.startswith("Changed")


def test_nobody_named_is_held_as_for_mail() -> None:
    assert only(judged(slip(person="", organization="", category="", country=""))).status is Status.HELD


def officer(
    subject: str,
    text: str,
    *,
    to: str,
    at: datetime = AT + HOUR,
    headers: list[tuple[str, str]] | None = None,
    message_id: str = "<1@desk.example>",
) -> EmailMessage:
    sent = a_mail(subject, text, "Desk <desk@consult.example.int>", at=at, headers=headers or [], message_id=message_id)
    sent.replace_header("To", to)
    return sent


LOCKED = a_mail(
    "Our response",
    "Please find our response attached." + SIGNED,
    files=[("response.pdf", b"%PDF-1.4 nothing", "application/pdf")],
    message_id="<9@relay.example>",
)
ANSWERS = [("In-Reply-To", "<9@relay.example>"), ("References", "<9@relay.example>")]


def with_sent(*mails: EmailMessage, sent: tuple[int, ...] = (1,)) -> Record:
    return judged(*cases_of(list(mails), dict.fromkeys(sent, ChannelKind.SENT)))


def test_an_officers_own_mail_is_of_the_file_and_takes_the_chase_up() -> None:
    """By thread, or by its recipient where it answers nothing in particular; it makes no respondent of the officer."""
    assert [chase.closed_by for chase in only(judged(*cases_of([LOCKED]))).chases] == [None]
    for sent in (
        officer(
            "Re: Our response", "Your file cannot be opened, could you send it again?", to="ana@relay.example", headers=ANSWERS
        ),
        officer("Your file", "It cannot be opened, could you send it again?", to="Ana <ana@relay.example>"),
    ):
        record = with_sent(LOCKED, sent)
        response = only(record)
        assert what(record) == ["response", "correspondence"]
        assert record.filed[1].letter is None
        assert [chase.closed_by for chase in response.chases] == [record.filed[1].key]


def test_what_the_program_sent_takes_nothing_up() -> None:
    """Servers keep a copy of our own letters in the folder of sent mail."""
    for sent in (
        officer(
            "Receipt", "We have received it.", to="ana@relay.example", headers=[*ANSWERS, ("Auto-Submitted", "auto-replied")]
        ),
        officer("Earlier", "Do you mean to answer?", to="ana@relay.example", at=AT - HOUR),
        officer("Re: other", "Of another matter.", to="ana@relay.example", headers=[("In-Reply-To", "<other@relay.example>")]),
    ):
        assert [chase.closed_by for chase in only(with_sent(LOCKED, sent)).chases] == [None], sent["Subject"]


def test_the_answer_to_an_officer_belongs_where_his_mail_does() -> None:
    """Also from another address of the respondent, by the thread."""
    sent = officer("Your file", "Could you send it again?", to="ana@relay.example", message_id="<q1@desk.example>")
    reply = a_mail(
        "Re: Your file",
        "Thank you, I have passed it on.",
        "Ben <ben@elsewhere.example>",
        at=AT + 2 * HOUR,
        headers=[("In-Reply-To", "<q1@desk.example>")],
    )
    record = with_sent(LOCKED, sent, reply)
    assert record.filed[2].disposition.value == "correspondence"
    assert record.filed[2].response == record.filed[0].response


def test_a_copy_at_the_address_is_the_officers_mail_unless_it_brings_something() -> None:
    """Officers hand responses on: what they enclose is looked at as ever, and lost in no folder."""
    asked = officer("Your file", "Could you send it again? It cannot be opened here.", to="ana@relay.example")
    other = officer(
        "Your file", "Could you send it again? It cannot be opened here.", to="ana@relay.example", headers=[("X-Copy", "1")]
    )
    record = with_sent(LOCKED, asked, other)
    assert what(record) == ["response", "correspondence", "correspondence"]
    handed = officer(
        "For the record", f"By telephone today:\nQuestion 1: {ONE}\nQuestion 2: {TWO}", to="links@consult.example.int"
    )
    again = officer(
        "For the record",
        f"By telephone today:\nQuestion 1: {ONE}\nQuestion 2: {TWO}",
        to="links@consult.example.int",
        headers=[("X-Copy", "1")],
    )
    record = with_sent(handed, again, sent=(0,))
    assert sorted(what(record)) == ["correspondence", "response"]


def test_an_officers_mail_about_nobody_is_correspondence_alone() -> None:
    record = with_sent(LOCKED, officer("Lunch", "At noon?", to="friend@other.example"))
    assert record.filed[1].response is None
    assert record.filed[1].disposition.value == "correspondence"

"""A form's export, two letters on paper and the officers' own mail join a labelled round: the sums still hold, and what came by several
ways is one response. By the corridor as it is, with its files: CSV to slips, vault, ledger, digest."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from intake.cli.rehearse import read_arrivals
from intake.doors.clock import SteppingClock
from intake.model.mail import ChannelKind
from intake.model.record import Record, Response, Status
from intake.model.round import Round
from intake.pipeline import digest_day, take_in, verify
from intake.pipeline.cases import cases_of
from intake.pipeline.receive import Watched
from intake.pipeline.slips import Source, import_form, register_slip, tongues_of
from intake.settings import load_round
from intake.slips.mapping import mapping_from
from intake.slips.rows import slips_of
from intake.slips.slip import Slip, hashed, with_row
from intake.slips.table import rows_of_csv
from tests.fakes.house import House

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = {
    "resilience-2027": ROOT / "tests" / "rounds" / "resilience-2027",
    "oversight-2029": ROOT / "tests" / "rounds" / "oversight-2029",
    "gender-2018": ROOT.parent / "shared" / "rounds" / "gender-2018",
}
CHANNELS = {"INBOX": ChannelKind.ADDRESS, "LIST": ChannelKind.LIST, "JUNK": ChannelKind.JUNK, "OFFICE": ChannelKind.OFFICE}
pytestmark = pytest.mark.timeout(900)


class Labelled(House):
    """An office that has received a labelled round, after its deadline."""

    def __init__(self, folder: Path, consultation: Round, now: datetime) -> None:
        self.folder = folder
        self.clock = SteppingClock(now, timedelta(seconds=1))
        self.round = consultation
        folder.mkdir(exist_ok=True)
        self.office = self._open()

    def receive(self, channel: ChannelKind, messages: Sequence[tuple[bytes, datetime]]) -> None:
        """Mail in a folder of that channel."""
        watched = Watched(account="main", folder=channel.value, channel=channel, round_id=self.round.id)
        take_in(self.office, watched, list(messages), answerable=True)


@pytest.fixture(params=ROUNDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Labelled]:
    source = ROUNDS[request.param]
    if not source.is_dir():
        pytest.skip(f"the labelled round {request.param} is not beside the checkout")
    consultation = load_round(source / "round.toml", strict=False)
    mail = read_arrivals(source, ZoneInfo(consultation.time_zone))
    made = Labelled(tmp_path / "state", consultation, max(item.internaldate for item in mail) + timedelta(hours=1))
    for item in mail:
        made.receive(CHANNELS[item.mailbox], [(item.raw, item.internaldate)])
    yield made
    made.close()


def answers_of(response: Response) -> dict[int, str]:
    return {answer.question: answer.text for _key, answer in response.answers}


def plain_ones(house: Labelled, record: Record) -> list[Response]:
    """Counted responses of one mail that gives answers in its text, each of an organization and an address of its own."""
    cases = {case.key: case for case in cases_of(house.office, house.round)}
    campaign = {key for item in record.campaigns for key in item.messages}
    found: dict[str, Response] = {}
    for item in record.responses:
        case = cases[item.versions[0].messages[0]]
        good = item.status is Status.COUNTED and len(item.versions) == 1 and not item.supplements and case.verdict.letter_to
        if good and item.respondent.organization and len(item.answers) > 1 and not campaign & set(item.messages):
            found.setdefault(item.respondent.organization, item)
    addresses = [cases[item.versions[0].messages[0]].person for item in found.values()]
    return [item for item, address in zip(found.values(), addresses, strict=True) if addresses.count(address) == 1]


def form(house: Labelled, rows: Sequence[tuple[str, str, str, dict[int, str]]], at: datetime) -> tuple[bytes, str]:
    """The export of a form and its mapping. `rows`: organization, category, address, answers."""
    numbers = [question.number for question in house.round.questions]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(["Nr", "When", "Who", "Kind", "Mail", *(f"Q{number}" for number in numbers)])
    for number, (name, kind, address, answers) in enumerate(rows, 1):
        writer.writerow([number, at.isoformat(), name, kind, address, *(answers.get(question, "") for question in numbers)])
    text = 'form = "web"\ntime = "When"\nzone = "UTC"\nid = "Nr"\norganization = "Who"\ncategory = "Kind"\nemail = "Mail"\n[answers]\n'
    return b"\xef\xbb\xbf" + buffer.getvalue().encode(), text + "".join(f'{number} = "Q{number}"\n' for number in numbers)


def bring(house: Labelled, data: bytes, text: str) -> tuple[str, ...]:
    told = mapping_from(text, "form.toml", [question.number for question in house.round.questions])
    found = slips_of(
        rows_of_csv(data, columns=[column for _, column in told.columns]), told, tongues_of(house.office), house.clock.now(), None
    )
    assert not found.faults, found.faults
    return import_form(
        house.office, house.round, found.slips, Source(name="web.csv", octets=data, mapping=text), by="ana", answer=False
    ).keys


def on_paper(house: Labelled, reference: str, name: str, category: str, answers: dict[int, str], at: datetime) -> str:
    text = "\n\n".join(f"Question {number}:\n{words}" for number, words in answers.items())
    slip = Slip(
        kind="register", source="paper", id=hashed("register", reference)[:32], row="", at=at, organization=name, category=category, country="CH",
        vouched=True, text=text, reference=reference, by="ana",
    )  # fmt: skip
    return register_slip(house.office, house.round, with_row(slip), by="ana", reason="stamp").keys[0]


def reply(house: Labelled, response: Response) -> bytes:
    """An officer's own answer to the mail that began a response."""
    case = next(case for case in cases_of(house.office, house.round) if case.key == response.messages[0])
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = "Desk <desk@office.example>", case.person
    mail["Subject"], mail["Message-ID"] = "Re: your response", f"<{case.key[:20]}@office.example>"
    if case.message_id:
        mail["In-Reply-To"] = case.message_id
    mail.set_content("Thank you for your message. We have a question about it, could you write to us again?")
    return mail.as_bytes()


NEW = {
    1: "Nobody has said yet that the lighthouse keepers of the northern coast would lend their towers, and they would.",
    2: "A common fund of the harbour towns pays for the upkeep, year after year, as it has for the buoys.",
}


def test_other_channels_join_a_labelled_round(house: Labelled) -> None:
    """Five rows of a form (four of them known by mail, under their addresses), a letter that is known and one that is new, and an officer's
    reply to every response: two responses more, and nothing else has moved."""
    before = house.judge()
    known = plain_ones(house, before)
    assert len(known) >= 5, "the round has enough mails of the plainest kind"
    open_chases = sum(1 for item in before.responses for chase in item.chases if chase.closed_by is None)
    cases = {case.key: case for case in cases_of(house.office, house.round)}
    at = house.round.dates.response_deadline - timedelta(hours=1)
    rows = [
        (item.respondent.organization or "", item.respondent.category.value, cases[item.messages[0]].person, answers_of(item))
        for item in known[:4]
    ]
    data, mapping = form(house, [*rows, ("Harbour Towns League", "civil_society", "", NEW)], at)
    keys = bring(house, data, mapping)
    assert bring(house, data, mapping) == (), "the same export again brings nothing"
    fifth = known[4]
    copy = on_paper(house, "P-1", fifth.respondent.organization or "", fifth.respondent.category.value, answers_of(fifth), at)
    other = {number: f"On paper: {words}" for number, words in NEW.items()}
    new = on_paper(house, "P-2", "Lighthouse Keepers Guild", "civil_society", other, at)
    replies = [reply(house, item) for item in before.responses if not item.merged_into]
    house.receive(ChannelKind.SENT, [(raw, house.clock.now()) for raw in replies])
    after = house.judge()
    filed = {item.key: item for item in after.filed}
    assert [filed[key].disposition.value for key in keys] == ["copy"] * 4 + ["response"]
    assert [filed[key].response for key in keys[:4]] == [item.id for item in known[:4]], "form and mail are one response"
    assert (filed[copy].disposition.value, filed[copy].response) == ("copy", fifth.id), "paper and mail are one response"
    assert filed[new].disposition.value == "response"
    assert (after.counts.responses, after.counts.counted) == (before.counts.responses + 2, before.counts.counted + 2)
    assert after.counts.messages == before.counts.messages + 5 + 2 + len(replies)
    same = {item.id: item for item in after.responses}
    for item in before.responses:
        assert (same[item.id].versions, same[item.id].answers, same[item.id].status) == (item.versions, item.answers, item.status)
    sent = [
        item
        for item in after.filed
        if item.key not in {one.key for one in before.filed} and item.disposition.value == "correspondence"
    ]
    assert len(sent) == len(replies)
    assert all(item.response and item.letter is None for item in sent)
    left = sum(1 for item in after.responses for chase in item.chases if chase.closed_by is None)
    assert (left == 0) if open_chases == 0 else left < open_chases, "what an officer took up is no longer asked for"
    assert verify(house.office).faults == ()
    day = house.clock.now().astimezone(ZoneInfo(house.round.time_zone)).date()
    assert digest_day(house.office, house.round, day, queue=False).digest.archived == after.counts.messages
    house.again()
    assert house.judge() == after, "a new start on the same folder has the same record"

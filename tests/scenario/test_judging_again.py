"""Judging as mail comes: only what is new is looked at, and the record is the one that all of it at once gives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from intake.doors.direct_reader import DirectReader
from intake.doors.share import InstalledShare
from intake.model.mail import ChannelKind
from intake.model.record import Action, Ruling, Status
from intake.pipeline import LetterPolicy, Office, Watched, judge_round, take_in
from intake.settings.rounds import load_round
from intake.wiring import open_office

DEMO = Path(__file__).parents[2] / "config" / "demo"
AT = datetime(2025, 10, 1, 9, 0, tzinfo=UTC)
MAILS = [(path.read_bytes(), AT + timedelta(hours=number)) for number, path in enumerate(sorted((DEMO / "messages").iterdir()))]
WATCHED = Watched(account="main", folder="INBOX", channel=ChannelKind.ADDRESS, round_id="schools-libraries-2025")


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    policy = LetterPolicy(mode="send", from_name="Desk", from_address="desk@example.org", secret=b"s" * 32)
    with open_office((load_round(DEMO / "round.toml"),), folder, policy, hold=False) as made:
        made.reader = DirectReader(InstalledShare(None).text("config", "reading.toml"))
        yield made


def test_mail_after_mail_gives_the_record_of_all_at_once(tmp_path: Path) -> None:
    with office(tmp_path / "one") as slowly, office(tmp_path / "all") as whole:
        for mail in MAILS:
            take_in(slowly, WATCHED, [mail], answerable=True)
            judge_round(slowly, slowly.rounds[0])
        take_in(whole, WATCHED, MAILS, answerable=True)
        at_once = judge_round(whole, whole.rounds[0])
        slow = judge_round(slowly, slowly.rounds[0])
        assert slowly.ledger.load_record(at_once.round_id) == slow
        assert replace(slow, gone=()) == at_once
        # two mails counted before the third one showed that they were a campaign's: their numbers are told, not lost
        assert {item.id for item in slow.gone} == set(slowly.ledger.numbers(slow.round_id).public) - {
            item.id for item in slow.responses
        }
        assert set(slowly.ledger.numbers(at_once.round_id).receipts) >= set(whole.ledger.numbers(at_once.round_id).receipts)


def test_a_look_to_which_nothing_came_makes_nothing_anew(tmp_path: Path) -> None:
    with office(tmp_path) as made:
        take_in(made, WATCHED, MAILS[:4], answerable=True)
        first = judge_round(made, made.rounds[0])
        assert judge_round(made, made.rounds[0]) is first
        take_in(made, WATCHED, MAILS[4:5])
        assert len(judge_round(made, made.rounds[0]).filed) == 5


def test_what_another_process_decided_or_recorded_is_seen(tmp_path: Path) -> None:
    with office(tmp_path) as daemon, office(tmp_path) as person:
        take_in(daemon, WATCHED, MAILS[:4], answerable=True)
        first = judge_round(daemon, daemon.rounds[0])
        response = next(item for item in first.responses if item.status is Status.COUNTED)
        ruling = Ruling(
            id="1", at=AT, by="ana", action=Action.EXCLUDE, message=response.messages[0], reason="not a response", set={}
        )
        person.ledger.add_ruling(person.vault.keep_ruling(first.round_id, ruling))
        after = judge_round(person, person.rounds[0])
        assert judge_round(daemon, daemon.rounds[0]) == after == daemon.ledger.load_record(first.round_id)
        assert next(item for item in after.responses if item.id == response.id).status is Status.EXCLUDED


def test_one_that_is_to_be_read_anew_is_read_anew_by_every_process(tmp_path: Path) -> None:
    with office(tmp_path) as daemon, office(tmp_path) as person:
        take_in(daemon, WATCHED, MAILS[:3], answerable=True)
        first = judge_round(daemon, daemon.rounds[0])
        person.forget(first.round_id, first.filed[0].key)
        assert judge_round(daemon, daemon.rounds[0]) is not first
        assert judge_round(daemon, daemon.rounds[0]) == first

"""Whom a person confirmed in one round is proposed in the next, with that as the source; so is whom the directory file names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from intake.doors.direct_reader import DirectReader
from intake.doors.share import InstalledShare
from intake.errors import Misconfigured
from intake.model.mail import ChannelKind
from intake.model.record import Action, Ruling
from intake.model.verdict import Category, KnownRespondent, Region
from intake.pipeline import LetterPolicy, Office, Watched, judge_round, take_in
from intake.settings.directory import load_directory
from intake.settings.rounds import load_round
from intake.wiring import open_office
from tests.fakes.mails import a_mail

DEMO = Path(__file__).parents[2] / "config" / "demo"
AT = datetime(2025, 10, 1, 9, 0, tzinfo=UTC)
FIRST = load_round(DEMO / "round.toml")
SECOND = replace(FIRST, id="second-2026", dates=replace(FIRST.dates, opened=date(2026, 3, 1)))
BARE = "Libraries need a line of their own and somebody who is paid to keep it in order on Saturdays as well.\n\nTove Lind\n"


@contextmanager
def office(folder: Path, directory: tuple[KnownRespondent, ...] = ()) -> Iterator[Office]:
    policy = LetterPolicy(mode="send", from_name="Desk", from_address="desk@example.org", secret=b"s" * 32)
    with open_office((FIRST, SECOND), folder, policy, hold=False, directory=directory) as made:
        made.reader = DirectReader(InstalledShare(None).text("config", "reading.toml"))
        yield made


def sent(made: Office, round_id: str, subject: str, sender: str = "Tove Lind <tove@norrvik.example>") -> None:
    watched = Watched(account="main", folder=round_id, channel=ChannelKind.ADDRESS, round_id=round_id)
    mail = a_mail(subject, BARE, sender).as_bytes()
    take_in(made, watched, [(mail, AT + timedelta(days=200))], answerable=False)


def ruled(made: Office, identity: str, action: Action, message: str, **settings: str) -> None:
    ruling = Ruling(id=identity, at=AT, by="ana", action=action, message=message, reason="known", set=dict(settings))
    made.ledger.add_ruling(made.vault.keep_ruling(FIRST.id, ruling))


def test_what_a_person_confirmed_is_proposed_in_the_next_round(tmp_path: Path) -> None:
    with office(tmp_path) as made:
        sent(made, FIRST.id, "Our view")
        first = judge_round(made, FIRST).responses[0]
        assert first.respondent.organization is None
        said = {"organization": "Norrvik Library Union", "category": "civil_society", "country": "IS", "region": "europe"}
        ruled(made, "1", Action.ASSIGN, first.messages[0], **said)
        judge_round(made, FIRST)
        sent(made, SECOND.id, "Our view again")
        second = judge_round(made, SECOND).responses[0].respondent
        assert second.organization == "Norrvik Library Union"
        assert (second.category, second.country, second.region) == (Category.CIVIL_SOCIETY, "IS", Region.EUROPE)
        assert second.sources["organization"] == second.sources["category"] == "directory"
        # and taken back, it is proposed no more
        ruled(made, "2", Action.UNDO, first.messages[0], ruling="1")
        judge_round(made, FIRST)
        assert judge_round(made, SECOND).responses[0].respondent.organization is None


def test_a_colleague_from_the_same_house_is_known_by_the_domain(tmp_path: Path) -> None:
    with office(tmp_path) as made:
        sent(made, FIRST.id, "Our view")
        first = judge_round(made, FIRST).responses[0]
        ruled(made, "1", Action.CONFIRM, first.messages[0])
        ruled(made, "2", Action.ASSIGN, first.messages[0], organization="Norrvik Library Union", category="civil_society")
        judge_round(made, FIRST)
        sent(made, SECOND.id, "From the other desk", "Jon Berg <jon@norrvik.example>")
        second = judge_round(made, SECOND).responses[0].respondent
        assert (second.organization, second.person) == ("Norrvik Library Union", "Tove Lind")


def test_the_directory_file_names_whom_we_know(tmp_path: Path) -> None:
    path = tmp_path / "directory.csv"
    path.write_text(
        "address,organization,category,country,region\n@norrvik.example,Norrvik Library Union,civil_society,is,europe\n", "utf-8"
    )
    with office(tmp_path / "state", load_directory(path)) as made:
        sent(made, FIRST.id, "Our view")
        who = judge_round(made, FIRST).responses[0].respondent
        assert (who.organization, who.sources["organization"], who.country) == ("Norrvik Library Union", "directory", "IS")


def test_a_wrong_directory_says_every_fault_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "directory.csv"
    path.write_text("address,category\nnobody,civil_society\na@b.example,friends\n", "utf-8")
    with pytest.raises(Misconfigured) as raised:
        load_directory(path)
    assert len(raised.value.problems) == 2
    assert "line 2" in raised.value.problems[0]

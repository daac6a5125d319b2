"""Officers decide without a shell: by sheet, by file, by answering the digest. What is not theirs, not new, not clear is refused by a word."""

from __future__ import annotations

import email
import email.policy
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from msgspec.structs import replace as changed

from intake.digest.tokens import Keys, sign, tokens_in
from intake.model.order import Ordered
from intake.model.record import Action, Status
from intake.model.verdict import Disposition
from intake.pipeline import digest_day, verify
from intake.pipeline.matters import waiting
from intake.pipeline.orders import follow
from tests.fakes.ole import container
from tests.fakes.orders import (
    ADDRESS,
    BEN,
    HOST,
    POLICY,
    OrderHouse,
    by_sheet,
    choose,
    filled,
    laid,
    mail_from,
    numbered,
    quoted,
    status,
    token_of,
)

pytestmark = pytest.mark.timeout(280)
DOUNIA, CARLA = "dounia@council-group.example", "carla@council-group.example"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample round, taken in once."""
    return laid(tmp_path_factory.mktemp("orders") / "state")


@pytest.fixture
def house(begun: Path, tmp_path: Path) -> Iterator[OrderHouse]:
    made = OrderHouse(Path(shutil.copytree(begun, tmp_path / "state")))
    made.judge()
    yield made
    assert verify(made.office).faults == ()
    made.close()


def test_the_digest_of_an_officer_has_a_sheet_with_the_acts_that_fit_and_nobody_else_has(house: OrderHouse) -> None:
    copies = house.digest()
    assert set(copies) == {BEN, DOUNIA}, "the reader decides nothing; the deputy's days have not come"
    message = email.message_from_bytes(copies[BEN].raw, policy=email.policy.default)
    assert message["Reply-To"] == ADDRESS
    (sheet,) = message.iter_attachments()
    page = openpyxl.load_workbook(io.BytesIO(sheet.get_content())).active
    head = next(row for row in page.iter_rows(values_only=True) if "Decision" in row)
    found = [row for row in page.iter_rows(values_only=True, min_row=1) if row[9] and str(row[9]).startswith("I1-")]
    assert head[:8] == ("No.", "Respondent", "Subject", "What waits", "Why", "Proposal", "Decision", "Reason")
    kinds = [row[3] for row in found]
    assert kinds.count("withholding proposed") == 3, "one response has one stretch, the other two, each by itself"
    assert {"response held", "late response", "withdrawal asked for"} <= set(kinds)
    lists = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    waits = [rule for rule in lists.values() if "group only" not in rule]
    assert sorted(waits) == sorted(
        ['"count,exclude"', '"accept,exclude"', '"withdraw,keep"', '"ask"', '"approve,show"', *['"redact,disclose"'] * 3]
    )
    record = house.judge()
    assert len(lists) - len(waits) == sum(1 for item in record.responses if item.status is Status.COUNTED)
    arabic = email.message_from_bytes(copies[DOUNIA].raw, policy=email.policy.default)
    (sheet,) = arabic.iter_attachments()
    page = openpyxl.load_workbook(io.BytesIO(sheet.get_content())).active
    assert page.sheet_view.rightToLeft
    assert not set(tokens_in(message.get_body(("plain",)).get_content())) & set(  # type: ignore[union-attr]
        tokens_in(arabic.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    )


def test_a_sheet_by_mail_is_followed_row_by_row_and_answered_to_the_officer_alone(house: OrderHouse) -> None:
    before = len(house.office.ledger.letters())

    def fill(cells: dict[str, Any], _number: int) -> tuple[str, str] | None:
        return {"response held": ("count", "letterhead seen"), "late response": ("ACCEPT", "delayed by our list")}.get(
            cells["What waits"]
        )

    key = by_sheet(house, filled(house.sheet("ben"), fill))
    assert (status(house, "held"), status(house, "late_pending")) == (Status.COUNTED, Status.COUNTED)
    made = [ruling for ruling in house.rulings() if ruling.set.get("via") == f"sheet:{key}"]
    assert [(ruling.by, ruling.action, ruling.reason) for ruling in made] == [
        ("ben", Action.COUNT, "letterhead seen"),
        ("ben", Action.ACCEPT_LATE, "delayed by our list"),
    ]
    assert sorted(house.followed()) == sorted(ruling.id for ruling in made)
    (filed,) = [item for item in house.judge().filed if item.key == key]
    assert (filed.disposition, filed.response, filed.letter) == (Disposition.CORRESPONDENCE, None, None)
    new = house.office.ledger.letters()[before:]
    assert [(item.kind, item.recipient) for item in new] == [("answer", BEN)]
    text = email.message_from_bytes(new[0].raw, policy=email.policy.default).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert all(ruling.id in text for ruling in made)


def test_an_answer_to_the_digest_settles_one_matter(house: OrderHouse) -> None:
    text, token = token_of(house, "response held")
    house.receive(
        mail_from(
            f"Ben <{BEN}>", f"{numbered(text, token)} exclude: it is a test mail\n\nBen\n\n{quoted(text)}", house.clock.now()
        )
    )
    assert status(house, "held") is Status.EXCLUDED
    assert status(house, "late_pending") is Status.LATE_PENDING
    assert house.rulings()[-1].reason == "it is a test mail"


def test_an_answer_in_arabic_by_the_link(house: OrderHouse) -> None:
    message = email.message_from_bytes(house.digest()[DOUNIA].raw, policy=email.policy.default)
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    links = [unescape(piece.split('"')[0]) for piece in html.split('href="')[1:]]
    body = next(body for link in links if "قبول" in (body := parse_qs(urlsplit(link).query)["body"][0]))
    house.receive(mail_from(DOUNIA, body.rstrip() + " تأخر في قائمتنا\n", house.clock.now()))
    assert status(house, "late_pending") is Status.COUNTED
    assert house.rulings()[-1].by == "dounia"
    answer = email.message_from_bytes(house.answers()[-1].raw, policy=email.policy.default)
    assert answer["Content-Language"] == "ar"


def test_a_forged_answer_is_refused_and_nobody_is_written_to(house: OrderHouse) -> None:
    """Another domain's mail under the officer's name; what our own host found speaks against it, or speaks of another domain."""
    _, token = token_of(house, "response held")
    before = len(house.office.ledger.letters())
    for results in (
        "dmarc=fail header.from=council-group.example; spf=pass smtp.mailfrom=council-group.example",
        "dmarc=none; spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example",
        "dmarc=pass header.from=evil.example",
        "",
    ):
        house.receive(mail_from(BEN, f"count {token}: {results[:20]} x\n", house.clock.now(), results=results))
    forged = mail_from(BEN, f"count {token}: so it is\n", house.clock.now(), server="mx.evil.example")
    house.receive(forged)
    assert house.refused() == ["not_authenticated"] * 5
    assert len(house.office.ledger.letters()) == before
    told = digest_day(house.office, house.round, house.clock.now().date(), queue=False).digest
    assert [(item.name, item.reason) for item in told.needs_person if item.kind == "order"] == [(BEN, "not_authenticated")] * 5
    assert status(house, "held") is Status.HELD
    assert not [
        item for item in house.judge().filed if item.letter and item.key in house.office.orders_settled[1][house.round.id]
    ]


def test_a_result_line_that_the_sender_brought_is_not_believed(house: OrderHouse) -> None:
    """Below a foreign host's Received line; our own host said nothing."""
    _, token = token_of(house, "response held")
    raw = mail_from(BEN, f"count {token}: so it is\n", house.clock.now(), results="").as_bytes()
    foreign = "Received: from a (a [192.0.2.9]) by mx.evil.example; Mon, 29 Dec 2025 08:00:00 +0000\r\n"
    brought = f"Authentication-Results: {HOST}; dmarc=pass header.from=council-group.example\r\n"
    house.receive(raw.replace(b"\r\nFrom: ", f"\r\n{foreign}{brought}From: ".encode(), 1))
    assert house.refused() == ["not_authenticated"]


def test_spf_and_dkim_of_the_officers_own_domain_are_enough(house: OrderHouse) -> None:
    for kind, word, results in (
        ("response held", "count", "dmarc=none; dkim=pass header.d=council-group.example"),
        ("late response", "accept", "spf=pass smtp.mailfrom=bounce@council-group.example"),
        ("withdrawal asked for", "keep", "auth=pass smtp.auth=ben@council-group.example"),
    ):
        _, token = token_of(house, kind)
        house.receive(mail_from(BEN, f"{word} {token}: so it is\n", house.clock.now(), results=results))
        house.clock.advance(timedelta(days=1))
    assert (len(house.followed()), house.refused()) == (3, [])


def test_a_token_is_used_once(house: OrderHouse) -> None:
    """The same octets again are silent; another mail with the same token is refused, also after the decision was undone."""
    _, token = token_of(house, "response held")
    mail = mail_from(BEN, f"count {token}: so it is\n", house.clock.now())
    house.receive(mail)
    house.receive(mail)
    assert (len(house.followed()), house.refused()) == (1, [])
    house.receive(mail_from(BEN, f"exclude {token}: no longer\n", house.clock.now()))
    assert house.refused() == ["spent"]
    (made,) = [ruling for ruling in house.rulings() if ruling.id in house.followed()]
    house.rule(Action.UNDO, "", ruling=made.id)
    house.judge()
    assert status(house, "held") is Status.HELD
    house.receive(mail_from(BEN, f"exclude {token}: once more\n", house.clock.now()))
    assert house.refused() == ["spent", "spent"]
    assert status(house, "held") is Status.HELD
    assert len(house.answers()) == 3, "each is answered to the officer"


def test_a_token_runs_out(house: OrderHouse) -> None:
    _, token = token_of(house, "response held")
    house.clock.advance(POLICY.valid + timedelta(minutes=2))
    house.receive(mail_from(BEN, f"count {token}: so it is\n", house.clock.now()))
    assert house.refused() == ["expired"]


def test_a_right_token_from_a_wrong_sender(house: OrderHouse) -> None:
    """Another officer is told; a stranger is not."""
    _, token = token_of(house, "response held")
    house.receive(mail_from(DOUNIA, f"count {token}: so it is\n", house.clock.now()))
    assert (house.refused(), [item.recipient for item in house.answers()]) == (["wrong_sender"], [DOUNIA])
    before = len(house.office.ledger.letters())
    key = house.receive(
        mail_from(
            "eve@evil.example", f"count {token}: so it is\n", house.clock.now(), results="dmarc=pass header.from=evil.example"
        )
    )
    assert house.refused()[1:] == ["unknown_officer"]
    assert len(house.office.ledger.letters()) == before
    (filed,) = [item for item in house.judge().filed if item.key == key]
    assert (filed.disposition, filed.letter) == (Disposition.CORRESPONDENCE, None)
    house.receive(mail_from("rita@council-group.example", f"count {token}: so it was\n", house.clock.now()))
    assert house.refused()[2:] == ["not_allowed"]
    assert status(house, "held") is Status.HELD


def test_a_token_of_nobody(house: OrderHouse) -> None:
    house.receive(mail_from(BEN, f"count I1-k2-{'a' * 52}: so it is\n", house.clock.now()))
    assert house.refused() == ["forged"]


def test_a_response_that_quotes_a_digest_is_a_response(house: OrderHouse) -> None:
    """A stranger's text under which a token happens to stand is nobody's order, and is not lost."""
    text, _ = token_of(house, "response held")
    answer = "Question 1. Power is the main obstacle in our villages, and spare parts come next after that.\n"
    key = house.receive(mail_from("eve@library.example", answer + quoted(text), house.clock.now(), results="dmarc=pass"))
    (filed,) = [item for item in house.judge().filed if item.key == key]
    assert filed.disposition is Disposition.RESPONSE
    assert house.refused() == []


def test_a_robot_decides_nothing(house: OrderHouse) -> None:
    """An officer's holiday notice quotes the digest."""
    text, token = token_of(house, "response held")
    key = house.receive(
        mail_from(BEN, f"count {token}: so it is\n{quoted(text)}", house.clock.now(), headers={"Auto-Submitted": "auto-replied"})
    )
    assert (house.refused(), house.followed()) == ([], [])
    (filed,) = [item for item in house.judge().filed if item.key == key]
    assert filed.letter is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("what is this?\n", "unknown_act"),
        ("count\n", "no_token"),
        ("count {token}\n", "no_reason"),
        ("withdraw {token}: so it is\n", "unknown_act"),
        ("count {token}: or exclude?\n", "ambiguous"),
    ],
)
def test_what_is_not_clear_is_explained(house: OrderHouse, text: str, why: str) -> None:
    _, token = token_of(house, "response held")
    digest = house.digest()[BEN].message_id
    house.receive(mail_from(BEN, text.format(token=token), house.clock.now(), headers={"In-Reply-To": digest}))
    assert house.refused() == [why]
    assert [item.recipient for item in house.answers()] == [BEN]
    assert status(house, "held") is Status.HELD


def test_rows_that_cannot_be_followed_are_refused_by_line_and_the_others_are_followed(house: OrderHouse) -> None:
    """Stale, formula, altered, sorted apart, unknown act, no reason, no act: each by its word; the one good row is done."""
    wanted = {
        "response held": ("count", "fine"),
        "late response": ("=1+1", "so it is"),
        "withdrawal asked for": ("publish", "so it is"),
    }

    turns = iter([("redact", None), (None, "why not"), ("disclose", "a public number")])

    def fill(cells: dict[str, Any], _number: int) -> tuple[Any, Any] | None:
        if cells["What waits"] == "withholding proposed":
            return next(turns)
        return wanted.get(cells["What waits"])

    def alter(page: Any) -> None:
        (row,) = [row for row in page.iter_rows() if row[6].value == "disclose"]
        row[1].value = "Somebody else"

    by_sheet(house, filled(house.sheet("ben"), fill, change=alter))
    assert status(house, "held") is Status.COUNTED
    assert sorted(house.refused()) == sorted(["formula", "unknown_act", "no_reason", "no_act", "altered"])
    assert len(house.followed()) == 1


def cut_short(sheet: bytes) -> bytes:
    return sheet[: len(sheet) * 2 // 3]


def locked(_sheet: bytes) -> bytes:
    """As office programs save a workbook under a password (MS-OFFCRYPTO): an OLE file."""
    return container({"EncryptionInfo": b"\x04\x00\x04\x00" + b"i" * 5000, "EncryptedPackage": b"\x10" * 9000})


def another_file(_sheet: bytes) -> bytes:
    return b"%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def another_workbook(_sheet: bytes) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Room", "Chairs"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("spoil", [cut_short, locked, another_file, another_workbook])
@pytest.mark.parametrize("words", ["The sheet.\n", "{quoted}", "exclude {token}: a token beside a file that cannot be read\n"])
def test_a_sheet_that_cannot_be_read_is_refused_by_a_letter_and_nothing_is_done(
    house: OrderHouse, spoil: Callable[[bytes], bytes], words: str
) -> None:
    text, token = token_of(house, "response held")
    if spoil is another_workbook and "{quoted}" not in words:
        return  # a workbook of ours or of others that holds no token is no order by itself; beside a clear word it is what it is
    before = len(house.answers())
    data = spoil(filled(house.sheet("ben"), choose("response held", "exclude")))
    said = words.format(quoted=f"Here it is.\n\n{quoted(text)}", token=token)
    key = house.receive(mail_from(BEN, said, house.clock.now(), files=[("decisions.xlsx", data)]))
    assert house.refused() == ["unreadable"]
    assert (house.followed(), house.rulings(), status(house, "held")) == ([], [], Status.HELD)
    answer = house.answers()[before:]
    assert [item.recipient for item in answer] == [BEN]
    told = email.message_from_bytes(answer[0].raw, policy=email.policy.default).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "the file is no readable decision sheet" in told
    assert [(item.disposition, item.response) for item in house.judge().filed if item.key == key] == [
        (Disposition.CORRESPONDENCE, None)
    ]
    house.rebuild(lose=True)
    assert (house.refused(), house.rulings()) == (["unreadable"], [])


def test_a_file_that_cannot_be_read_from_anybody_else_is_no_order(house: OrderHouse) -> None:
    by_sheet(house, cut_short(house.sheet("ben")), "someone@ministry.example", results="")
    assert (house.refused(), house.answers()) == ([], [])


def test_a_stale_row_and_one_that_was_decided_meanwhile(house: OrderHouse) -> None:
    wanted = {"response held": ("count", "so it is"), "late response": ("accept", "so it is")}
    data = filled(house.sheet("ben"), lambda cells, _: wanted.get(cells["What waits"]))
    record = house.judge()
    held = next(item for item in record.responses if item.status is Status.HELD)
    late = next(item for item in record.responses if item.status is Status.LATE_PENDING)
    house.rule(Action.ASSIGN, held.messages[0], organization="The Registry")
    house.rule(Action.EXCLUDE, late.messages[0])
    house.judge()
    by_sheet(house, data)
    assert house.refused() == ["stale", "gone"]
    assert house.followed() == []


def test_two_rows_on_one_matter_are_both_refused(house: OrderHouse) -> None:
    def twice(page: Any) -> None:
        (row,) = [row for row in page.iter_rows() if row[6].value == "count"]
        page.append([cell.value if cell.column != 7 else "exclude" for cell in row])

    by_sheet(house, filled(house.sheet("ben"), choose("response held", "count"), change=twice))
    assert house.refused() == ["conflict", "conflict"]
    assert status(house, "held") is Status.HELD


def test_rows_in_another_order_keep_their_decisions_and_cells_sorted_apart_are_refused(house: OrderHouse) -> None:
    def turn(page: Any) -> None:
        found = [[cell.value for cell in row] for row in page.iter_rows() if str(row[9].value).startswith("I1-")]
        first = page.max_row - len(found) + 1
        for number, values in enumerate(reversed(found), first):
            for column, value in enumerate(values, 1):
                page.cell(number, column).value = value

    def apart(page: Any) -> None:
        places = [row for row in page.iter_rows() if str(row[9].value).startswith("I1-")]
        tokens = [row[9].value for row in places]
        for row, token in zip(places, reversed(tokens), strict=True):
            row[9].value = token

    by_sheet(house, filled(house.sheet("ben"), choose("late response", "accept"), change=apart))
    assert house.refused() == ["altered"]
    by_sheet(house, filled(house.sheet("ben"), choose("response held", "count"), change=turn))
    assert status(house, "held") is Status.COUNTED


def test_a_sheet_of_another_round_and_one_of_another_house(house: OrderHouse) -> None:
    data = filled(house.sheet("ben"), choose("response held", "count"))
    own = house.round
    other = changed(own, id="another-round")
    house.office.rounds = (own, other)
    item = next(item for item in waiting(house.office, own) if item.kind == "held")
    token = sign(
        POLICY.keys,
        round_id=other.id,
        officer="ben",
        item=item.item,
        state=item.state,
        expires_at=house.clock.now() + timedelta(days=1),
    )
    line = Ordered(line=7, number="x", word="count", acts=frozenset({"count"}), token=token, reason="so it is")
    (outcome,) = follow(house.office, own, house.person("ben"), [line], via="file:x", at=house.clock.now(), begun=True)
    assert outcome.refused == "other_round"
    house.office.rounds = (own,)
    house.office.orders = replace(POLICY, keys=Keys(signing="k9", keys={"k9": b"9" * 32}))
    by_sheet(house, data)
    assert house.refused() == ["altered"], "the check beside the token is made with the same key"
    assert status(house, "held") is Status.HELD


def test_a_deputy_decides_in_his_days_with_his_own_token_or_the_officers(house: OrderHouse) -> None:
    early = house.sheet("ben")
    house.clock.advance(timedelta(days=1))
    assert set(house.digest()) == {BEN, DOUNIA, CARLA}
    _, token = token_of(house, "late response", CARLA)
    house.receive(mail_from(CARLA, f"accept {token}: so it is\n", house.clock.now()))
    assert status(house, "late_pending") is Status.COUNTED
    assert (house.rulings()[-1].by, house.rulings()[-1].set.get("deputy_of")) == ("carla", None)
    by_sheet(house, filled(early, choose("response held", "count")), CARLA)
    assert status(house, "held") is Status.COUNTED
    assert (house.rulings()[-1].by, house.rulings()[-1].set.get("deputy_of")) == ("carla", "ben")
    house.clock.advance(timedelta(days=5))
    _, token = token_of(house, "withdrawal asked for", BEN)
    house.receive(mail_from(CARLA, f"keep {token}: so it is\n", house.clock.now()))
    assert house.refused() == ["unknown_officer"], "her days are over"


def test_orders_and_refusals_survive_a_rebuild_with_another_configuration(house: OrderHouse) -> None:
    """The decision is the truth, the mail evidence: built again without any officer configured, the record is the same."""
    _, token = token_of(house, "response held")
    house.receive(mail_from(BEN, f"count {token}: so it is\n", house.clock.now()))
    house.receive(mail_from("eve@evil.example", f"count {token}: so it is\n", house.clock.now(), results="dmarc=pass"))
    before = house.facts()
    house.policy = None
    house.rebuild(lose=True)
    house.judge()
    assert house.facts() == before
    house.policy = POLICY
    house.again()
    house.receive(mail_from(BEN, f"exclude {token}: so it was\n", house.clock.now()))
    assert house.refused()[-1] == "spent", "a rebuilt ledger knows the token as spent"
    assert not [item for item in house.office.ledger.letters() if item.kind == "answer" and item.message_id in before]

"""A secretariat without a shell: a real Postfix and a real Dovecot, officers who have nothing but their mailboxes, from the first response to
the released Rev. 0 in the group's mailbox. The steps are those of docs/GUIDE.md, "A round by mail alone"."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake.pipeline import verify
from tests.fakes.orders import filled
from tests.fakes.smtp_server import OddSmtpServer
from tests.server.dovecot import Dovecot
from tests.server.secretariat import ANA, BEN, GROUP, House, secretariat, text_of
from tests.server.tools import wait_until

pytestmark = [pytest.mark.server, pytest.mark.timeout(280)]


@pytest.fixture
def house(tmp_path: Path, server_folder: Path, dovecot: Dovecot, sink: OddSmtpServer) -> Iterator[House]:
    with secretariat(tmp_path, server_folder, dovecot, sink) as made:
        yield made


RESPONSE = """\
Question 1. {answer}

Yours sincerely,

{name}
Director
{body}
"""


def test_from_the_first_message_to_the_released_revision_with_nothing_but_mail(house: House) -> None:
    """Two officers, one forger. Every letter is read in a mailbox, every word is said by answering or by a sheet sent back."""
    house.look(first=True)
    first = RESPONSE.format(answer="The last mile to our schools is what we lack. Call me at +41 22 555 01 99.", name="Zoe Berg",
                            body="University of Nairobi, Kenya")  # fmt: skip
    house.send("zoe@library.example", first, subject="Our response")
    house.send("li@net.example", RESPONSE.format(answer="Spare parts, and people who mend.", name="Li Wei", body="Net Society, China"),
               subject="Response")  # fmt: skip
    house.look(digest=True)
    morning = house.next_letter(ANA, "Digest")
    assert "approve / show" in text_of(morning)
    before = len(house.sink.letters)

    house.answer(ANA, morning, "approve / show", "show", inside=False)  # from outside: anybody can write this
    house.look()
    assert house.unread(ANA) == [], "a forger is not answered, and neither is the officer whom he plays"

    house.answer(ANA, morning, "approve / show", "show")
    shown = house.next_letter(ANA, "Your decisions")
    (letters,) = [part.get_content() for part in shown.iter_attachments() if part.get_filename() == "letters.txt"]
    assert letters.count("To: ") == 2
    house.answer(ANA, shown, "approve / show", "approve: they read well")
    assert "(2)" in text_of(house.next_letter(ANA, "Your decisions"))
    wait_until(lambda: len(house.sink.letters) == before + 2, "two acknowledgements behind Postfix")

    (sheet,) = [part for part in morning.iter_attachments() if str(part.get_filename()).endswith(".xlsx")]
    numbers: dict[str, str] = {}

    def fill(cells: dict[str, Any], _row: int) -> tuple[str, str] | None:
        numbers[str(cells["Respondent"])] = str(cells["No."])
        return ("without name", "asked by telephone") if cells["Respondent"] == "Net Society" else None

    rows = filled(sheet.get_content(), fill)
    house.send(ANA, "Here it is.\n", files=[("decisions.xlsx", rows)], inside=True)
    house.look()
    done = house.next_letter(ANA, "Your decisions")
    assert "without name" in text_of(done)
    house.answer(ANA, done, "group only", f'redact {numbers["University of Nairobi"]} "Call me at +41 22 555 01 99.": private')
    after = house.next_letter(ANA, "Your decisions")
    assert "Refused, nothing was changed: nothing" in " ".join(text_of(after).split())

    house.answer(ANA, after, "prepare", "prepare")
    ready = house.next_letter(ANA, "ready to be released")
    house.next_letter(ANA, "Your decisions")
    assert {"draft.pdf", "draft.docx"} < {part.get_filename() for part in ready.iter_attachments()}
    house.answer(ANA, ready, "release", "release: agreed at the desk")
    assert "second officer" in text_of(house.next_letter(ANA, "Your decisions"))
    asked = house.next_letter(BEN, "attend votre accord")
    assert asked["Content-Language"] == "fr"
    house.answer(BEN, asked, "confirmer / annuler", "confirmer : vu et approuvé")
    house.next_letter(BEN, "a été publiée")
    over = house.next_letter(ANA, "has been released")
    house.answer(ANA, over, "approve / show", "approve")
    arrived = house.next_letter(GROUP, "responses to the open consultation")
    files = {part.get_filename(): part.get_content() for part in arrived.iter_attachments()}
    assert {"compilation.pdf", "compilation.docx", "manifest.json"} <= set(files)
    with zipfile.ZipFile(io.BytesIO(files["compilation.docx"])) as box:
        words = re.sub("<[^>]*>", "", box.read("word/document.xml").decode("utf-8"))
    assert "The last mile to our schools" in words
    assert "555 01 99" not in words
    with house.office() as office:
        (revision,) = office.ledger.revisions("example-round")
        assert revision.released_by == "ana, ben"
        refused = [entry.payload["refused"] for entry in office.ledger.journal_entries() if entry.kind == "orders"]
        assert [line for lines in refused for line in lines] == ["1 not_authenticated"]  # type: ignore[union-attr]
        assert verify(office).faults == ()

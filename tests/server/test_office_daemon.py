"""The user guide as a new officer follows it, with the installed daemon at work between a real Dovecot and a real Postfix: from mail in six
languages to a released Rev. 0, the letter to the group and the outcome letters. After `intake run` nobody touches a shell."""

from __future__ import annotations

import email
import email.policy
import io
import re
import signal
import socket
import threading
import time
import zipfile
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from intake.doors.clock import SystemClock
from intake.pipeline import verify
from tests.fakes.orders import filled
from tests.fakes.smtp_server import OddSmtpServer
from tests.server.dovecot import Dovecot
from tests.server.secretariat import ANA, BEN, DAYS, GROUP, House, secretariat, text_of
from tests.server.test_daemon import daemon
from tests.server.tools import wait_until

pytestmark = [pytest.mark.server, pytest.mark.timeout(600)]
TODAY = {
    "response_deadline": 0,
    "physical_consultation": 0,
    "group_meeting_start": 0,
    "group_meeting_end": 1,
    "synthesis_report": -15,
}
MAILS = {
    "en": ("zoe@library.example", ("Question 1. The last mile to our schools is what we lack. Our line is +41 22 555 01 99.\n\nYours "
           "sincerely,\n\nZoe Berg\nDirector\nUniversity of Nairobi, Kenya\n")),
    "fr": ("jean@postes.example", ("Madame, Monsieur,\n\nQuestion 1 : Le coût du raccordement des écoles rurales reste le premier "
           "obstacle.\n\nVeuillez agréer nos salutations distinguées.\n\nJean Dupont\nMinistère des Postes, Sénégal\n")),
    "es": ("maria@red.example", ("Estimados señores:\n\nPregunta 1. Faltan repuestos y personas que reparen los equipos en las escuelas."
           "\n\nAtentamente,\n\nMaría Pérez\nRed de Escuelas Rurales, Bolivia\n")),
    "ru": ("petrov@svyaz.example", ("Уважаемые коллеги!\n\nВопрос 1. Главное препятствие — стоимость спутниковых каналов для удалённых "
           "школ.\n\nС уважением,\nИван Петров\nИнститут связи, Казахстан\n")),
    "ar": ("ali@ict.example", ("السادة الكرام،\n\nالسؤال 1: أهم عائق أمام ربط المدارس هو غياب الكهرباء المستقرة في القرى.\n\nمع خالص التقدير،\nعلي حسن"
           "\nوزارة الاتصالات، الأردن\n")),
    "zh": ("li@net.example", "尊敬的秘书处：\n\n问题1：缺少备件和维修人员是农村学校面临的主要困难。\n\n此致\n敬礼\n李伟\n中国互联网协会\n"),
}  # fmt: skip
SECRET = "555 01 99"
OUTCOME = (
    'outcome "The group took note of the responses. [fr] Le groupe a pris note des réponses. [ar] أحاط الفريق علماً بالردود."'
)


class Manned(House):
    """The daemon looks by itself."""

    def look(self, *, digest: bool = False, first: bool = False) -> None:
        """Nothing: whoever waits for a letter waits."""


def midday() -> str:
    """A zone in which it is about noon, so that a day does not end within the test."""
    ahead = 12 - SystemClock().now().hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def heard(listener: socket.socket) -> None:
    """As systemd does: every sign of life is taken, else the socket fills up and the daemon waits."""
    listener.settimeout(None)
    with suppress(OSError):
        while listener.recv(100) != b"STOPPING=1":
            continue


def behind(sink: OddSmtpServer, since: int, subject: str = "") -> list[EmailMessage]:
    """Letters that came behind the relay."""
    found: list[Any] = [email.message_from_bytes(raw, policy=email.policy.default) for raw in sink.letters[since:]]
    return [letter for letter in found if subject in letter["Subject"]]


def test_a_new_officer_with_the_guide_and_a_mailbox(
    tmp_path: Path, server_folder: Path, dovecot: Dovecot, sink: OddSmtpServer
) -> None:
    """Every step by sheet or by answering; two officers, six languages, a forger; at the end the sums hold and no sealed word has left."""
    zone = midday()
    at = SystemClock().now().astimezone(ZoneInfo(zone)) + timedelta(seconds=135)
    with (
        secretariat(
            tmp_path, server_folder, dovecot, sink, days={**DAYS, **TODAY}, zone=zone, digest_at=f"{at:%H:%M}", kind=Manned
        ) as house,
        daemon(tmp_path) as (process, listener),
    ):
        assert listener.recv(100) == b"READY=1"
        assert listener.recv(100) == b"WATCHDOG=1"
        threading.Thread(target=heard, args=(listener,), daemon=True).start()
        time.sleep(2.1)  # what a server received in the second of the first look counts as older, and is never answered by itself
        before = len(sink.letters)
        for sender, text in MAILS.values():
            house.send(sender, text, subject="Response")
        morning = house.next_letter(ANA, "Digest", 200)
        house.send(ANA, f"[2] approve\n\n> {text_of(morning)}", answers=morning["Message-ID"])  # anybody can write this
        house.answer(ANA, morning, "approve / show", "show")
        shown = house.next_letter(ANA, "Your decisions")
        (letters,) = [part.get_content() for part in shown.iter_attachments() if part.get_filename() == "letters.txt"]
        assert letters.count("To: ") == len(MAILS)
        assert "إشعار بالاستلام" in letters, "any mail program can show them"
        house.answer(ANA, shown, "approve / show", "approve: they read well")
        house.next_letter(ANA, "Your decisions")
        wait_until(lambda: len(sink.letters) == before + len(MAILS), "an acknowledgement for each", 40)
        assert {letter["Content-Language"] for letter in behind(sink, before)} == set(MAILS)

        number = re.search(r"(\d+) – University of Nairobi", text_of(morning))
        assert number, "the digest tells the number by which an officer names a response"
        decided = settle_by_sheet(house, morning, number.group(1))
        rev_0 = release(house, decided)
        house.answer(ANA, rev_0, "approve / show", "approve")
        arrived = house.next_letter(GROUP, "responses to the open consultation")
        files = {part.get_filename(): part.get_content() for part in arrived.iter_attachments()}
        with zipfile.ZipFile(io.BytesIO(files["compilation.docx"])) as box:
            words = re.sub("<[^>]*>", "", box.read("word/document.xml").decode("utf-8"))
        assert "[redacted: telephone number]" in words
        assert SECRET not in words
        assert all(part in words for part in ("спутниковых каналов", "维修人员", "الكهرباء المستقرة", "Faltan repuestos"))
        tell_the_outcome(house, house.next_letter(ANA, "Your decisions"), sink)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        with house.office() as office:
            assert verify(office).faults == ()
            tally = office.ledger.tally("example-round")
            assert tally.holds
            refused = [entry.payload["refused"] for entry in office.ledger.journal_entries() if entry.kind == "orders"]
            assert [line for lines in refused for line in lines] == ["1 not_authenticated"]  # type: ignore[union-attr]


def settle_by_sheet(house: House, morning: EmailMessage, number: str) -> EmailMessage:
    """The telephone is withheld by a row of the sheet; the answer of the program."""
    (sheet,) = [part for part in morning.iter_attachments() if str(part.get_filename()).endswith(".xlsx")]

    def with_words(page: Any) -> None:
        for cells in page.iter_rows():
            if cells[6].value == "redact":
                cells[8].value = f"Our line is +41 22 {SECRET}"

    def fill(cells: dict[str, Any], _row: int) -> tuple[str, str] | None:
        mine = (str(cells["No."]), cells["What waits"]) == (number, "response")
        return ("redact", "a private telephone") if mine else None

    house.send(
        ANA, "Here it is.\n", files=[("decisions.xlsx", filled(sheet.get_content(), fill, change=with_words))], inside=True
    )
    decided: EmailMessage = house.next_letter(ANA, "Your decisions")
    assert "Refused, nothing was changed: nothing" in " ".join(text_of(decided).split())
    return decided


def release(house: House, decided: EmailMessage) -> EmailMessage:
    """Prepared, released by one officer, confirmed by another: the letter that says so to the first."""
    house.answer(ANA, decided, "prepare", "prepare")
    ready = house.next_letter(ANA, "ready to be released", 120)
    assert "Passages redacted by decision: 1" in text_of(ready)
    house.answer(ANA, ready, "release", "release: agreed at the desk")
    asked = house.next_letter(BEN, "attend votre accord", 120)
    house.answer(BEN, asked, "confirmer / annuler", "confirmer : vu et approuvé")
    for _ in range(2):  # what became of "prepare" and of "release"
        house.next_letter(ANA, "Your decisions")
    return house.next_letter(ANA, "has been released", 120)


def tell_the_outcome(house: House, said: EmailMessage, sink: OddSmtpServer) -> None:
    """The words are given, the letters shown, and let go: each respondent gets one in its language."""
    house.answer(ANA, said, "outcome", OUTCOME)
    shown = house.next_letter(ANA, "Your decisions")
    (letters,) = [part.get_content() for part in shown.iter_attachments() if part.get_filename() == "letters.txt"]
    assert "أحاط الفريق" in letters
    before = len(sink.letters)
    house.answer(ANA, shown, "approve / show", "approve")
    wait_until(lambda: len(sink.letters) == before + len(MAILS), "the outcome letters", 40)
    assert {letter["Content-Language"] for letter in behind(sink, before)} == set(MAILS)
    assert {letter["To"] for letter in behind(sink, before)} == {sender for sender, _ in MAILS.values()}

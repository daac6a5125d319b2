"""A file of which the scanner said nothing is asked about again while nothing else comes: its word is not put off to the next mail."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from intake.model.mail import PartState
from tests.fakes.bureau import OPEN, ROUND, Bureau
from tests.fakes.files import SIGNATURE, FakeScanner
from tests.unit.reading.test_examine import HereUnpacker


def test_a_scanner_that_comes_back_is_heard_without_new_mail(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path / "bureau")
    bureau.drafts = False
    scanner = FakeScanner("down")
    head = b"From: Ana <ana@house.example>\r\nTo: consultation@example.org\r\nSubject: Response\r\nMessage-ID: <m1@house.example>\r\n"
    head += b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nQuestion 1. A word of ours.\r\n'
    head += b'--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="bad.bin"\r\n\r\n'
    mail = head + SIGNATURE + b"\r\n--b--\r\n"
    with bureau.life() as office:
        office.scanner, office.unpacker = scanner, HereUnpacker()
        bureau.mailbox.deliver([mail], OPEN + timedelta(minutes=1))
        bureau.cycle(office, 3)
        asked = len(scanner.asked)
        assert asked > 0
        bureau.cycle(office, 10)
        assert len(scanner.asked) > asked, "it is asked again every few minutes"
        scanner.mood = "up"
        bureau.cycle(office, 10)
        record = office.ledger.load_record(ROUND)
        assert record is not None
        assert [item.state for response in record.responses for _, item in response.attachments] == [PartState.INFECTED]

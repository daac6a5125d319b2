"""The load: consultation mail in six languages as a Maildir or as bytes; seeded, the same seed and start give the same bytes.

Shares: 30 % name one common invitation in References (answers to a call do: one thread), 3 % come twice (same Message-ID, another
trace), 4 % automatic replies, 1 % bounces, 5 % spam. In the large kind most carry one to three documents of 20 to 400 KB (PDF,
DOCX, ODT that open and say something, with fresh random filling, so that neither hashes nor compression help anyone): 175 KB a
message on average. The small kind has no attachments (about 8 KB).

Its limits: sentences are put together from clauses, so full-text indexes and compression are flattered, for everyone alike.
"""

from __future__ import annotations

import base64
import math
import os
import quopri
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.header import Header
from email.utils import encode_rfc2231, format_datetime
from pathlib import Path

from tests.bench import texts
from tests.bench.documents_pool import Document, filled, pool

HOST = "mx1.council-group.example"
ADDRESS = "consultation-schools@council-group.example"
_INVITATION = "<invitation.1@example.org>"
_FILE_NAMES = {"en": "Response", "fr": "Réponse", "es": "Respuesta", "ru": "Ответ", "zh": "答复", "ar": "رد"}


def messages(count: int, start: datetime, *, small: bool = False, seed: int = 1344) -> Iterator[tuple[datetime, bytes]]:
    """(INTERNALDATE, bytes with CRLF), one after the other within 20 days from `start`."""
    maker = _Maker(random.Random(f"{seed} {small}"), [] if small else pool())
    step = timedelta(seconds=min(97, 20 * 86_400 // max(count, 1)))
    for number in range(count):
        at = start + step * number
        yield at, maker.message(number, at).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def maildir(folder: Path, count: int, start: datetime, *, small: bool = False, seed: int = 1344) -> int:
    """Write them as a Maildir; the files' times are the INTERNALDATEs. Gives the bytes written."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    total = 0
    for number, (at, raw) in enumerate(messages(count, start, small=small, seed=seed)):
        path = folder / "cur" / f"{1_700_000_000 + number}.M{number}P1.bench:2,"
        path.write_bytes(raw)
        os.utime(path, (at.timestamp(), at.timestamp()))
        total += len(raw)
    return total


class _Maker:
    """Message after message from one source of chance."""

    def __init__(self, chance: random.Random, documents: list[Document]) -> None:
        self._chance = chance
        self._documents = documents
        self._recent: list[bytes] = []
        self._ids: list[str] = []

    def message(self, number: int, at: datetime) -> bytes:
        """One, with LF."""
        chance = self._chance
        share = chance.random()
        date = format_datetime(at)
        if self._recent and share < 0.03:
            return f"Received: from again{number}.example by {HOST}; {date}\n".encode() + chance.choice(self._recent)
        head, language = self._head(number, date), chance.choice(texts.LANGUAGES)
        if share < 0.07:
            head += ["Auto-Submitted: auto-replied", "Subject: Automatic reply", f"In-Reply-To: <letter.{number}@example.org>"]
            raw = _whole(head, _leaf("I am out of the office until Monday.\n", "us-ascii", "plain", chance))
        elif share < 0.08:
            raw = self._bounce(head, number)
        elif share < 0.13:
            head.append(f"Subject: You have won {number}")
            raw = _whole(head, _leaf(f"Click http://prize{number}.example to claim.\n" * 20, "utf-8", "plain", chance))
        else:
            raw = self._response(head, language, number)
        self._recent = [*self._recent[-59:], raw]
        return raw

    def _head(self, number: int, date: str) -> list[str]:
        chance = self._chance
        identity = f"<{chance.getrandbits(48):012x}.{number}@mail{chance.randrange(400)}.example>"
        self._ids = [*self._ids[-199:], identity]
        seal = base64.b64encode(chance.randbytes(200)).decode()
        return [
            f"Received: from mail{chance.randrange(400)}.example (192.0.2.{chance.randrange(250)}) by {HOST} with ESMTPS id {number:08x}; {date}",
            f"DKIM-Signature: v=1; a=rsa-sha256; d=house{number}.example; s=k;\n b={seal}",
            f"Authentication-Results: {HOST}; dkim=pass header.d=house{number}.example; spf=pass; dmarc=pass",
            f"Message-ID: {identity}",
            f"Date: {date}",
            f"From: {_word(f'Délégué {chance.randrange(3000)}')} <person{number}@house{number}.example>",
            f"To: {ADDRESS}",
            "MIME-Version: 1.0",
        ]

    def _response(self, head: list[str], language: str, number: int) -> bytes:
        chance = self._chance
        house = texts.HOUSES[language].format(place=f"{texts.place(chance)} {number}")
        subject = f"{texts.SUBJECTS[language]} - {house}"
        answers = [f"{item}. {texts.text(chance, language, chance.randrange(400, 2500))}" for item in (1, 2, 3)]
        words = "\n".join([*answers, house, ""])
        if chance.random() < 0.35:  # 30 % of all: the other kinds are no replies
            head += [f"In-Reply-To: {_INVITATION}", f"References: {_INVITATION} {chance.choice(self._ids)}"]
            subject = f"Re: {subject}"
            words += "\n> " + texts.text(chance, language, 1200).strip().replace("\n", "\n> ") + "\n"
        head.append(f"Subject: {_word(subject)}")
        charset = chance.choice(texts.CHARSETS[language])
        body = _leaf(words, charset, "plain", chance)
        if chance.random() < 0.7:
            paragraphs = "".join(
                f'<p style="font-family:Calibri">{item}</p>' for item in words.replace("<", "&lt;").split("\n\n")
            )
            html = f"<html><head><meta charset={charset}></head><body>{paragraphs}</body></html>"
            body = _several("alternative", [body, _leaf(html, charset, "html", chance)], chance)
        if self._documents and chance.random() < 0.63:
            files = [self._attachment(language) for _ in range(chance.choice((1, 1, 1, 2, 2, 3)))]
            body = _several("mixed", [body, *files], chance)
        return _whole(head, body)

    def _bounce(self, head: list[str], number: int) -> bytes:
        head = [line for line in head if not line.startswith("From:")]
        head += [
            "From: Mail Delivery System <MAILER-DAEMON@mail.example>",
            "Auto-Submitted: auto-generated",
            "Subject: Undelivered mail",
        ]
        status = b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example\n\n"
        status += b"Final-Recipient: rfc822; nobody@house.example\nAction: failed\nStatus: 5.1.1\n"
        back = f"Content-Type: text/rfc822-headers\n\nMessage-ID: <letter.{number}@example.org>\nSubject: Receipt\n".encode()
        parts = [_leaf("Your message could not be delivered.\n", "us-ascii", "plain", self._chance), status, back]
        return _whole(head, _several("report", parts, self._chance, "; report-type=delivery-status"))

    def _attachment(self, language: str) -> bytes:
        chance = self._chance
        document = chance.choice([item for item in self._documents if item.language == language])
        size = int(math.exp(chance.uniform(math.log(20e3), math.log(400e3))))
        data = filled(document, chance.randbytes(max(64, size - len(document.data))))
        name = f"{_FILE_NAMES[language]} {chance.randrange(100)}.{document.extension}"
        said = f'filename="{_word(name)}"' if chance.random() < 0.5 else f"filename*={encode_rfc2231(name, 'utf-8')}"
        head = (
            f"Content-Type: {document.media_type}\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; {said}\n\n"
        )
        return head.encode() + base64.encodebytes(data)


def _whole(head: list[str], body: bytes) -> bytes:
    return ("\n".join(head) + "\n").encode() + body


def _word(text: str) -> str:
    return str(Header(text, "utf-8", maxlinelen=900).encode()) if not text.isascii() else text


def _leaf(words: str, charset: str, kind: str, chance: random.Random) -> bytes:
    raw = words.encode(charset, "replace")
    if charset == "us-ascii":
        coding, body = "7bit", b"\n".join(raw[place : place + 900] for place in range(0, len(raw), 900))
    elif charset in ("iso-8859-1", "windows-1252") or chance.random() < 0.3:
        coding, body = "quoted-printable", quopri.encodestring(raw)
    else:
        coding, body = "base64", base64.encodebytes(raw)
    return f"Content-Type: text/{kind}; charset={charset}\nContent-Transfer-Encoding: {coding}\n\n".encode() + body


def _several(kind: str, parts: list[bytes], chance: random.Random, more: str = "") -> bytes:
    border = f"=_{chance.getrandbits(64):016x}"
    between = f"\n--{border}\n".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{border}"{more}\n\n--{border}\n'.encode()
    return head + between.join(parts) + f"\n--{border}--\n".encode()

"""The content hash: equal for the same words and files by another channel, different for anything else."""

from __future__ import annotations

import base64
import tomllib
from pathlib import Path

from intake.model.mail import Reading
from intake.reading.limits import Limits
from intake.reading.read_message import read_message
from intake.reading.rough import rough_leaves
from intake.reading.walk import leaves, parse
from intake.reading.words import reading_words

WORDS = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))
FILE = base64.encodebytes(b"The words of the file, whatever it is.").decode()


def read(text: str, *, subject: str = "Contribution", file: str = FILE, extra: str = "", charset: str = "utf-8") -> Reading:
    head = f"From: Ana <ana@one.example>\r\nSubject: {subject}\r\n{extra}Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    body = f"--b\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    kind = "Content-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment; filename=a.txt"
    attachment = f"--b\r\n{kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{file}\r\n--b--\r\n"
    return read_message((head + body + attachment).encode(charset), WORDS)


OWN = "Nous soutenons un accès abordable.\r\n\r\nCordialement,\r\nAna"


def test_a_list_copy_has_the_same_content() -> None:
    footer = "\r\n_______________________________________________\r\nCwg mailing list\r\nCwg@lists.example\r\nhttps://lists.example/mailman/listinfo/cwg\r\n"
    copy = read(OWN + footer, subject="[Cwg] Contribution", extra="List-Id: <cwg.lists.example>\r\n")
    assert copy.content_hash == read(OWN).content_hash
    assert copy.sha256 != read(OWN).sha256


def test_another_charset_and_other_line_ends_have_the_same_content() -> None:
    assert read(OWN, charset="iso-8859-1").content_hash == read(OWN.replace("\r\n\r\n", "\r\n  \r\n")).content_hash


def test_a_quotation_below_changes_nothing() -> None:
    quoted = "\r\n\r\nOn Mon, 15 Jan 2018 at 10:20, The Office <office@consult.example> wrote:\r\n> Please send your views.\r\n"
    assert read(OWN + quoted).content_hash == read(OWN).content_hash


def test_other_words_or_another_file_are_another_content() -> None:
    other = base64.encodebytes(b"Other words.").decode()
    assert len({read(OWN).content_hash, read(OWN + " non").content_hash, read(OWN, file=other).content_hash}) == 3


def test_a_signature_image_changes_nothing() -> None:
    picture = "--b\r\nContent-Type: image/png; name=logo.png\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
    raw = "From: a@one.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nWords\r\n{}--b--\r\n"
    assert (
        read_message(raw.format(picture).encode(), WORDS).content_hash
        == read_message(raw.format("").encode(), WORDS).content_hash
    )


def test_what_is_taken_apart_roughly_has_the_bytes_of_the_tree() -> None:
    folder = Path(__file__).parents[2] / "corpus" / "reading"
    seen = 0
    for path in sorted(folder.glob("structure-*.eml")):
        raw = path.read_bytes()
        tree = [leaf for leaf in leaves(parse(raw), Limits(parts=10_000, depth=400))]
        if any(leaf.attached or leaf.part.is_multipart() for leaf in tree) or b"multipart" not in raw or "boundary" in path.stem:
            continue
        rough = [leaf.data for leaf in rough_leaves(raw, Limits(parts=10_000, depth=400))]
        assert rough == [leaf.data for leaf in tree if leaf.data], path.stem
        seen += 1
    assert seen > 10


def test_beyond_a_limit_it_is_set_aside_with_the_reason_and_its_parts() -> None:
    raw = (
        b"From: a@one.example\r\nSubject: many\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\n\r\nx\r\n" * 8
        + b"--b--\r\n"
    )
    reading = read_message(raw, WORDS, Limits(parts=5))
    assert reading.held == "more than 5 parts"
    assert reading.subject == "many"
    assert len(reading.parts) == 5
    assert read_message(b"X-A: 1\r\n" * 50 + b"\r\nhi", WORDS, Limits(headers=20)).held == "more than 20 headers"
    assert "header" in (read_message(b"X-A: " + b"a" * 5000 + b"\r\n\r\nhi", WORDS, Limits(header_bytes=1000)).held or "")

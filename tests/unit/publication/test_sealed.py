"""Whether the search for sealed words finds them wherever a file can hide them: each hiding place is one that we were shown or made."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pikepdf
import pytest

from intake.publication.sealed import find_leaks, secrets_of_part, secrets_of_words

SECRET = "Musterstraße 12, 3000 Bern"
SECRETS = tuple(secrets_of_words("response 7: home_address", SECRET))


def docx(member: str, content: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr(member, content)
    return out.getvalue()


def pdf(**made: str) -> bytes:
    out = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    if "title" in made:
        document.docinfo["/Title"] = made["title"]
    if "comment" in made:
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=made["comment"])
        document.pages[0].Annots = document.make_indirect([note])
    if "metadata" in made:
        with document.open_metadata() as metadata:
            metadata["dc:description"] = made["metadata"]
    if "attached" in made:
        document.attachments["annex.txt"] = pikepdf.AttachedFileSpec(document, made["attached"].encode("utf-8"))
    document.save(out)
    return out.getvalue()


HIDDEN = {
    "text": {"a.md": f"lives at {SECRET}.".encode()},
    "other spacing": {
        "a.html": b"<p>Musterstra\xc3\x9fe&nbsp;</p>".replace(b"&nbsp;", b"\n") + b"<b>12</b>,\n  3000 <i>Bern</i>"
    },
    "split runs": {"a.docx": docx("word/document.xml", "<w:t>Musterstra</w:t><w:t>ße 12, 3000 </w:t><w:t>Bern</w:t>")},
    "a comment": {"a.docx": docx("word/comments.xml", f"<w:t>{SECRET}</w:t>")},
    "tracked changes": {"a.docx": docx("word/document.xml", f"<w:delText>{SECRET}</w:delText>")},
    "an attribute": {"a.docx": docx("docProps/custom.xml", f'<p name="{SECRET}"/>')},
    "a document in a document": {"a.docx": docx("word/embeddings/x.docx", docx("word/document.xml", SECRET).decode("latin-1"))},
    "a title": {"a.pdf": pdf(title=SECRET)},
    "a comment of a page": {"a.pdf": pdf(comment=SECRET)},
    "metadata": {"a.pdf": pdf(metadata=SECRET)},
    "an attached file": {"a.pdf": pdf(attached=f"see {SECRET}")},
}


@pytest.mark.parametrize("place", HIDDEN)
def test_sealed_words_are_found_wherever_they_hide(place: str) -> None:
    files = HIDDEN[place]
    if place == "a document in a document":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as box:
            box.writestr("word/embeddings/x.docx", docx("word/document.xml", SECRET))
        files = {"a.docx": out.getvalue()}
    leaks = find_leaks(files, SECRETS, [])
    assert {leak.file for leak in leaks} == set(files)
    assert SECRET not in "".join(leak.place for leak in leaks)


def test_clean_files_and_words_that_may_leave_are_no_leak() -> None:
    clean = {
        "a.md": b"nothing of the kind",
        "a.pdf": pdf(title="Compilation"),
        "a.docx": docx("word/document.xml", "<w:t>yes</w:t>"),
    }
    assert find_leaks(clean, SECRETS, []) == ()
    assert find_leaks(HIDDEN["text"], SECRETS, [f"our office: {SECRET}"]) == ()


def test_a_sealed_part_is_known_by_its_octets_and_its_lines() -> None:
    octets = b"\x89PNG signature of somebody"
    text = "Page 1\nOur tariff for the coming year is seventeen per cent lower\n"
    secrets = tuple(secrets_of_part("response 9: confidential_part", text, hashlib.sha256(octets).hexdigest()))
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as made:
        made.writestr("word/media/image1.png", octets)
    assert find_leaks({"a.docx": box.getvalue()}, secrets, [])
    assert find_leaks({"a.html": b"<p>Our tariff for the coming year is <i>seventeen</i> per cent lower</p>"}, secrets, [])
    assert not find_leaks({"a.html": b"<p>Page 1</p>"}, secrets, [])


def test_short_words_are_not_looked_for_and_numbers_are() -> None:
    assert tuple(secrets_of_words("x", "in Bern")) == ()
    assert [secret.words for secret in secrets_of_words("x", "079 / 555 12")] == ["07955512"]

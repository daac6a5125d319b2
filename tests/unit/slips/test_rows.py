"""An export to slips: whatever program wrote it, every fault by its line, and nothing half."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import BadData, Misconfigured
from intake.model.mail import Arrival, ChannelKind
from intake.reading.limits import Limits
from intake.reading.read_message import read_message
from intake.reading.sheets import rows_of_workbook
from intake.reading.trust import trust_of
from intake.slips.rows import FormRows, Tongues, slips_of
from intake.slips.slip import Slip, SlipFile, hashed, slip_octets, with_row
from intake.slips.table import rows_of_csv
from intake.sorting.classify import classify
from intake.sorting.slips import category_word, country_word, language_word
from tests.fakes.forms import HEAD, LATER, MAPPING, export, mapping, row
from tests.fakes.mails import tables, the_round, words

TONGUES = Tongues(
    category=lambda text: category_word(text, tables()), country=lambda text: country_word(text, tables()), language=language_word
)


def read(data: bytes, text: str = MAPPING, files: dict[str, SlipFile] | None = None) -> FormRows:
    told = mapping(text)
    rows = rows_of_csv(data, told.encoding, told.delimiter, [column for _key, column in told.columns])
    return slips_of(rows, told, TONGUES, LATER, files)


def test_a_mapping_tells_every_fault_at_once() -> None:
    text = 'form = "Web Form"\nzone = "Europe/Nowhere"\ncolour = "red"\nencoding = "utf-99"\ndelimiter = ";;"\n[answers]\n1 = "One"\n9 = "Nine"\n'
    with pytest.raises(Misconfigured) as found:
        mapping(text)
    said = "\n".join(found.value.problems)
    for fault in (
        "unknown key 'colour'", "time is missing", "neither organization nor person", "answers.9", "answers.2 is missing", "answers.4 is missing",
        "form: 'Web Form'", "zone: 'Europe/Nowhere'", "encoding", "delimiter",
    ):  # fmt: skip
        assert fault in said, fault
    with pytest.raises(Misconfigured, match="stands for two things"):
        mapping(MAPPING.replace('"Two"', '"One"'))
    with pytest.raises(Misconfigured, match="not TOML"):
        mapping("form = ")


def test_the_example_is_a_mapping() -> None:
    """As it is shipped, for a round of two questions; the lines in comments too."""
    from tests.fakes.mails import CONFIG

    text = (CONFIG / "form.example.toml").read_text("utf-8")
    assert mapping(text, (1, 2)).form == "web-form"
    opened = (
        text.replace("# time_format", "time_format")
        .replace("# changed", "changed")
        .replace("# sheet", "sheet")
        .replace("# encoding", "encoding")
    )
    assert mapping(opened.replace("# delimiter", "delimiter"), (1, 2)).changed == "Last modified"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_whatever_program_wrote_it(delimiter: str, encoding: str) -> None:
    """Delimiter and byte order mark are told from the file; lines are those of the file, also behind an answer of three lines."""
    text = export(row(1, one="one, two; three | four\nand\r\nmore"), row(2), delimiter=delimiter).decode()
    slips = read(text.encode(encoding)).slips
    assert [slip.line for slip in slips] == [2, 5]
    assert slips[0].answers == ((1, "one, two; three | four\nand\nmore"),)
    assert slips[0].at.isoformat() == "2025-11-02T10:00:00+01:00"


def test_another_coding_is_named_and_never_guessed() -> None:
    data = export(row(1, one="Où sont les câbles?")).decode().encode("cp1252")
    with pytest.raises(BadData, match=r'line 2: is not utf-8 .*encoding = "cp1252"'):
        read(data)
    assert read(data, 'encoding = "cp1252"\n' + MAPPING).slips[0].answers[0][1] == "Où sont les câbles?"
    with pytest.raises(BadData, match="line 1: holds a NUL"):
        read(export(row(1)).decode().encode("utf-16-le"))
    with pytest.raises(BadData, match="line 3: is no CSV"):
        read(export(row(1)) + b'2,"no end')


def test_every_fault_by_its_line_and_no_slip() -> None:
    rows = [
        row(1), row(2, sent="yesterday"), row(3, sent="2099-01-01 10:00"), [*row(4)[:4], "wizard", "Atlantis", *row(4)[6:]], row(1, one="else"),
        [*row(5), "one cell more"], ["", "", ""], row(6, sent="2025-11-01"),
    ]  # fmt: skip
    found = read(export(*rows))
    assert found.slips == ()
    assert [fault.split(":")[0] for fault in found.faults] == [
        "line 3",
        "line 4",
        "line 5",
        "line 5",
        "line 6",
        "line 7",
        "line 9",
    ]
    assert "'Atlantis' is no country" in found.faults[3]


def test_a_column_that_is_not_there_or_stands_twice() -> None:
    assert (
        "there is no column 'Sent' (mapping: time)"
        in read(export(row(1), head=[name.replace("Sent", "When") for name in HEAD])).faults[0]
    )
    assert "2 columns are called 'One'" in read(export(row(1), head=[name.replace("Two", "One") for name in HEAD])).faults[0]
    assert "empty" in read(b"\n\n").faults[0]


def test_what_says_nothing_and_what_is_said_twice_is_told() -> None:
    blank = [*row(3)[:7], "", "", "", "", ""]
    found = read(export(row(1), row(1), blank, row(2, email="not an address")))
    assert ([slip.line for slip in found.slips], found.repeated, found.blank) == ([2, 5], (3,), (4,))
    assert "line 5: 'not an address'" in found.notices[0]


def test_values_of_the_form_and_files(tmp_path: object) -> None:
    text = MAPPING.replace("[answers]", 'attachments = "Other"\n[answers]').replace('general = ["Other"]\n', "")
    text += '[values.category]\n"Wizard" = "academia"\n[values.country]\n"Atlantis" = "PT"\n'
    named = [*row(1)[:4], "wizard", "ATLANTIS", *row(1)[6:11], "C:\\x\\plan.pdf; annex.docx"]
    assert "say with --files" in read(export(named), text).faults[0]
    files = {name: SlipFile(name=name, media_type="application/octet-stream", octets=b"%PDF-1.4") for name in ("plan.pdf",)}
    assert read(export(named), text, files).faults == ("line 2: the file 'annex.docx' is not in the folder",)
    files["annex.docx"] = SlipFile(name="annex.docx", media_type="application/octet-stream", octets=b"PK")
    slip = read(export(named), text, files).slips[0]
    assert (slip.category, slip.country, [file.name for file in slip.files]) == ("academia", "PT", ["plan.pdf", "annex.docx"])
    files["annex.docx"] = SlipFile(name="annex.docx", media_type="application/octet-stream", octets=b"PK2")
    assert read(export(named), text, files).slips[0].row != slip.row, "another file under the same name says something else"


def workbook(*, since_1904: bool = False) -> bytes:
    book = openpyxl.Workbook()
    if since_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD)
    sheet.append([1, datetime.fromisoformat("2025-11-02T10:05:06"), *row(1)[2:7], "=1+1", "two\nlines", 3, True, None])
    sheet.append([])
    sheet.append([2, "2025-11-03 10:00", *row(2)[2:7], "x", None, None, None, "last"])
    sheet["B2"].number_format = 'dd"/"mm/yyyy\\ hh:mm:ss'
    book.create_sheet("Other").append(["nothing"])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize("since_1904", [False, True])
def test_a_workbook(since_1904: bool) -> None:
    """Dates by their format, formulas as text, numbers as written, cells where they stand, rows by their number."""
    rows = rows_of_workbook(workbook(since_1904=since_1904), Limits())
    assert rows[0] == (1, HEAD)
    assert rows[1][1][:2] == ["1", "2025-11-02T10:05:06"]
    assert rows[1][1][7:11] == ["=1+1", "two\nlines", "3", "TRUE"]
    assert (rows[-1][0], rows[-1][1][-1]) == (4, "last")
    assert [slip.line for slip in slips_of(rows, mapping(), TONGUES, LATER, None).slips] == [2, 4]
    assert rows_of_workbook(workbook(), Limits(), "Other") == [(1, ["nothing"])]
    with pytest.raises(BadData, match="no sheet 'Third'"):
        rows_of_workbook(workbook(), Limits(), "Third")
    with pytest.raises(BadData, match="cannot be read"):
        rows_of_workbook(b"PK\x03\x04 and no more", Limits())


def slip_of(**changes: object) -> Slip:
    return with_row(
        Slip(
            kind="form", source="web", id="ab", row="", at=datetime(2025, 11, 2, tzinfo=UTC), organization="Island Ltd", **changes
        )
    )  # type: ignore[arg-type]


def arrival(slip: Slip) -> Arrival:
    reading = read_message(slip_octets(slip, "c@example.org"), words())
    channel = ChannelKind.FORM if slip.kind == "form" else ChannelKind.REGISTER
    return Arrival(
        key=reading.sha256,
        sequence=1,
        channel=channel,
        internaldate=slip.at,
        reading=reading,
        trust=trust_of(reading, (), slip.at),
    )


LATIN = "".join(map(chr, range(0x80, 0x100)))
"""Reading mends what was coded twice ("Ã©"), in slips as in mail: strings of these are left out, and words that have them are tried."""
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t", exclude_characters=LATIN), min_size=1, max_size=60
)
NASTY = st.sampled_from(
    [
        "-- \nAna",
        "> quoted",
        "On 1 May Ana wrote:\n> x",
        "Question 2: no",
        "2.\nno",
        "From: a@b.example\n\nx",
        "=1+1",
        "1=9+9",
        "\u202eabc",
        "déjà vu à l'été",
        ".",
    ]
)


@settings(max_examples=120, deadline=None)
@given(
    answers=st.lists(st.one_of(TEXT, NASTY, st.builds("{} {}".format, NASTY, TEXT)), min_size=1, max_size=3),
    general=st.lists(TEXT, max_size=1),
)
def test_each_answer_is_read_back_as_it_was_written(answers: list[str], general: list[str]) -> None:
    """Whatever stands in an answer, it is that answer's and no other's: numbers, quotations, signatures, our own marks."""
    slip = slip_of(answers=tuple(enumerate(answers, 1)), general=tuple(general))
    octets = slip_octets(slip, "c@example.org")
    assert octets == slip_octets(slip, "c@example.org")
    assert max(map(len, octets.split(b"\r\n"))) <= 998
    assert b"\n" not in octets.replace(b"\r\n", b"")
    verdict = classify(arrival(slip), the_round(), tables())
    said = {answer.question: answer.text for answer in verdict.answers}
    for number, text in enumerate(answers, 1):
        if number in said:
            assert said[number] == text.strip()
        else:
            assert len(text.strip()) <= 30, "only an empty field, or that it will follow, is no answer"
    assert [passage.text for passage in verdict.general] == [text.strip() for text in general if text.strip()]


def test_what_stands_in_a_field_cannot_become_another_field() -> None:
    slip = slip_of(person="Ana\r\nBcc: x@example.org\r\n\r\nhello", title="a" * 3000, answers=((1, "x"),))
    reading = arrival(slip).reading
    assert reading.header("Bcc") is None
    assert "Bcc: x@example.org" in (reading.header("Intake-Person") or "")
    assert hashed("a", "b") != hashed("ab")


def test_a_mail_cannot_pass_for_a_slip() -> None:
    """The same octets at the address are a mail like any other: its fields are believed by nobody."""
    slip = slip_of(
        email="ana@island.example",
        answers=((1, "Cables at cost for everyone on the coast."),),
        category="government",
        country="FJ",
    )
    by_form = classify(arrival(slip), the_round(), tables())
    assert by_form.slip is not None
    assert (by_form.respondent.country, by_form.letter_to) == ("FJ", "ana@island.example")
    from msgspec.structs import replace

    by_mail = classify(replace(arrival(slip), channel=ChannelKind.ADDRESS), the_round(), tables())
    assert by_mail.slip is None
    assert by_mail.respondent.sources.get("country") != "declared"


def test_csv_of_formulas_stays_text() -> None:
    """A cell that a spreadsheet would run is an answer like any other, and leaves no export of ours as a formula."""
    from intake.doors.export import cell

    slips = read(export(row(1, one='=HYPERLINK("http://x","y")'))).slips
    assert slips[0].answers[0][1] == '=HYPERLINK("http://x","y")'
    assert cell(slips[0].answers[0][1]).startswith("'=")

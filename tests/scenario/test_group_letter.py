"""A released revision on its way: one letter to the group's list, with what may leave and nothing else."""

from __future__ import annotations

import email
import email.policy
import io
import zipfile
from pathlib import Path

import pytest

from intake.compilation.pieces import unit_of
from intake.errors import BadData
from intake.model.edition import Source
from intake.pipeline import cases_of, compile_round, release
from intake.pipeline.handover import hand_to_group
from intake.pipeline.seal import check_sealed
from intake.settings import load_settings
from intake.wiring import open_configured
from tests.fakes.office import sample_office

pytestmark = pytest.mark.timeout(280)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample round in an office whose group has a list."""
    path = sample_office(tmp_path_factory.mktemp("office"))
    file = path.parent / "rounds" / "round.toml"
    file.write_text(
        file.read_text("utf-8").replace("[channels]", '[channels]\ngroup_address = "group@lists.example.org"'), "utf-8"
    )
    text = path.read_text("utf-8").replace('mode = "off"', 'mode = "approve"')
    path.write_text(text + '[smtp]\nhost = "127.0.0.1"\nport = 9\ntls = "none"\n', "utf-8")
    return path


def test_the_group_gets_document_change_list_and_originals_once_and_a_person_approves(config: Path) -> None:
    """The letter waits; asked again it is the same one; its zip holds the originals in their released form, as the revision has them."""
    kept: dict[str, bytes] = {}
    with open_configured(load_settings(config)) as office:
        consultation = office.rounds[0]
        papers = release(office, consultation, by="ana", language="fr", store=lambda _r, _n, files: kept.update(files))
        letter = hand_to_group(office, consultation, papers.edition, papers.files)
        again = hand_to_group(office, consultation, papers.edition, papers.files)
        assert letter == again
        assert letter is not None
        assert (letter.state.value, letter.recipient, letter.kind) == ("waiting_approval", "group@lists.example.org", "release")
        assert [item.id for item in office.ledger.letters() if item.kind == "release"] == [letter.id]
    message = email.message_from_bytes(letter.raw, policy=email.policy.default)
    assert message["Auto-Submitted"] == "auto-generated"
    files = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert set(files) == {"compilation.pdf", "compilation.docx", "originals.zip", "manifest.json"}
    assert files["compilation.pdf"] == kept["compilation.pdf"]
    with zipfile.ZipFile(io.BytesIO(files["originals.zip"])) as box:
        assert {name: box.read(name) for name in box.namelist()} == {name: kept[name] for name in kept if "/" in name}
        assert box.namelist()


def test_a_file_that_tells_something_sealed_stops_the_release(config: Path) -> None:
    """The words of a proposal, slipped into any file: refused by name of file, without the words."""
    with open_configured(load_settings(config)) as office:
        consultation = office.rounds[0]
        papers = compile_round(office, consultation, language="en", formats=("html",))
        record = office.ledger.load_record(consultation.id)
        assert record is not None
        sources = {case.key: Source(arrival=case.arrival, verdict=case.verdict) for case in cases_of(office, consultation)}
        check_sealed(record, sources, papers.edition, papers.files)
        key, item = next(
            pair
            for response in record.responses
            for pair in response.withheld
            if not pair[1].whole and response.status.value == "counted"
        )
        words = unit_of(sources[key].arrival.reading, item.part)[0][item.start : item.end]
        with pytest.raises(BadData, match=r"notes\.txt") as caught:
            check_sealed(record, sources, papers.edition, {**papers.files, "notes.txt": f"by the way: {words}".encode()})
    assert words not in str(caught.value)

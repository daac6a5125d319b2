"""Editions made by hand: a few responses in six languages, one of them with words withheld."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from msgspec.structs import replace

from intake.model.edition import (
    CampaignEntry,
    Change,
    Edition,
    Entry,
    EntryAnswer,
    EntryAttachment,
    LeftOut,
    Piece,
    Translation,
)
from intake.model.record import Campaign, Counts
from intake.model.round import Question
from intake.model.text import Block, BlockKind, Run
from intake.model.verdict import Category, Region, Respondent
from tests.fakes.rounds import consultation

SEALED = "pending:telephone"
SAMPLE: tuple[tuple[str, str, str, str, dict[int, tuple[str, ...]]], ...] = (
    ("Ministry of Communications", "government", "africa", "en", {
        1: ("Broadband does not reach rural schools and the cost of the last mile is too high. We support a national plan.",
            SEALED, "Call our office at noon. Women in rural areas pay the highest prices."),
        2: ("Training of teachers in digital skills should come first.",)}),
    ("Opérateur du Sud", "private_sector", "europe", "fr", {
        1: ("Le coût du dernier kilomètre reste l'obstacle principal dans les zones rurales. Nous ne soutenons pas un prix imposé.",),
        2: ("La formation des enseignants et les compétences numériques sont la priorité.",)}),
    ("Mujeres en Red", "civil_society", "americas", "es", {
        1: ("El precio de los dispositivos y el coste de la conexión excluyen a las mujeres de las zonas rurales.",)}),
    ("Сельская школа", "academia", "cis", "ru", {1: ("Стоимость подключения сельских школ остаётся слишком высокой для бюджета района.",)}),
    ("المنظمة العربية", "intergovernmental", "arab_states", "ar", {1: ("تظل تكلفة الوصلة الأخيرة العقبة الأبرز أمام المدارس الريفية.",)}),
    ("西河大学", "academia", "asia_pacific", "zh", {1: ("农村学校的宽带费用仍然过高，这是最主要的障碍。",), 2: ("应优先培训教师的数字技能。",)}),
)  # fmt: skip


def piece(text: str) -> Piece:
    """A paragraph, or a marker where words are withheld."""
    if text == SEALED:
        return Piece(withheld=SEALED)
    return Piece(blocks=(Block(kind=BlockKind.PARAGRAPH, start=0, end=len(text), runs=(Run(text=text),)),))


def entry(number: int, name: str, category: str, region: str, language: str, answers: Mapping[int, Sequence[str]]) -> Entry:
    """One printed response."""
    return Entry(
        public_number=number,
        response_id=f"r-{number}",
        respondent=Respondent(organization=name, category=Category(category), region=Region(region)),
        co_signatories=(),
        language=language,
        received_at=datetime(2017, 12, number, tzinfo=UTC),
        late=False,
        answers=tuple(EntryAnswer(question=key, pieces=tuple(map(piece, texts))) for key, texts in answers.items() if key),
        general=tuple(map(piece, answers.get(0, ()))),
        unmapped=(),
        attachments=(),
        message_sha256=(f"{number:064x}",),
    )


def edition(entries: Sequence[Entry] | None = None) -> Edition:
    """An edition of these responses; its counts add up."""
    printed = tuple(entries) if entries is not None else tuple(entry(n, *item) for n, item in enumerate(SAMPLE, 1))
    questions = (
        Question(number=1, text={"en": "What are the obstacles?", "fr": "Quels sont les obstacles?"}),
        Question(number=2, text={"en": "What should come first?"}),
    )
    return Edition(
        round=replace(consultation(), questions=questions, legal_basis=("Council Resolution 1336 (Mod. 2019)",)),
        language="en",
        revision=0,
        cut_off=datetime(2017, 12, 24, tzinfo=UTC),
        released_on=date(2017, 12, 24),
        released_by="officer",
        entries=printed,
        late_entries=(),
        campaigns=(),
        left_out=(),
        changes=(),
        counts=_counts(printed),
        seen=len(printed),
        archived=len(printed),
        same_bytes=0,
        vanished=0,
        withheld=1,
        redacted=0,
        manifest_sha256="0" * 64,
    )


def _counts(printed: Sequence[Entry]) -> Counts:
    def table(keys: Sequence[str]) -> dict[str, int]:
        return {key: keys.count(key) for key in dict.fromkeys(keys)}

    return Counts(
        messages=len(printed),
        responses=len(printed),
        counted=len(printed),
        by_status={"counted": len(printed)},
        by_disposition={"response": len(printed)},
        by_category=table([item.respondent.category.value for item in printed]),
        by_group={"": len(printed)},
        by_region=table([item.respondent.region.value for item in printed]),
        by_language=table([item.language for item in printed]),
        by_question=table([str(answer.question) for item in printed for answer in item.answers]),
        late_accepted=0,
        withdrawn=0,
        held=0,
        set_aside=0,
        campaign_copies=0,
    )


def full_edition(language: str = "en") -> Edition:
    """An edition with everything that a compilation may have to show: a late response, a joint one, annexes attached and listed, an abstract,
    a translation, a campaign, a tombstone, what was left out with its reason, and a change list. Its sums hold."""
    plain = edition()
    first, second, *rest = plain.entries
    first = replace(
        first,
        respondent=replace(first.respondent, person="A. Person", title="Director", country="KE"),
        co_signatories=("Ministry of Education", "Regulatory Authority"),
        attachments=(
            EntryAttachment(name="annex A.docx", size_bytes=20_480, sha256="a" * 64, state="tracked_changes", attached=True,
                            file="annexes/001-01.docx", released_sha256="b" * 64, removed=("comments", "tracked_changes", "metadata")),
            EntryAttachment(name="annex B.pdf", size_bytes=1_234_567, sha256="c" * 64, state="ok", because="confidential_part"),
            EntryAttachment(name="figures.xlsx", size_bytes=999, sha256="d" * 64, state="ok", because="format"),
            EntryAttachment(name="scan.pdf", size_bytes=5_000, sha256="e" * 64, state="encrypted", because="encrypted"),
        ),
        abstract="One page on what matters most.",
        supplement_sha256=("f" * 64,),
    )  # fmt: skip
    second = replace(
        second,
        translations=(
            Translation(number=2, language="en", by="A. Translator", on=date(2017, 12, 23), text=("The cost is the obstacle.",)),
        ),
    )
    late = replace(
        entry(8, "Cooperativa del Norte", "private_sector", "americas", "es", {0: ("Una observación general, sin más.",)}),
        late=True, received_at=datetime(2017, 12, 24, 3, 0, tzinfo=UTC), notes=("old_questions", "overlap"),
    )  # fmt: skip
    campaign = CampaignEntry(
        campaign=Campaign(id="k-1", representative="k", messages=("k", "l", "m")),
        copies=3, text=(piece("We ask for lower prices."),), language="en", similarity=0.6, minimum=3,
    )  # fmt: skip
    gone = (
        LeftOut(public_number=7, what="withdrawn", reason="", received_at=datetime(2017, 12, 7, tzinfo=UTC), name="Kleine Firma"),
        LeftOut(public_number=None, what="held", reason="", received_at=datetime(2017, 12, 8, tzinfo=UTC)),
        LeftOut(public_number=None, what="excluded", reason="Disowned by the ministry that it names.",
                received_at=datetime(2017, 12, 9, tzinfo=UTC)),
        LeftOut(public_number=None, what="merged", reason="", received_at=datetime(2017, 12, 10, tzinfo=UTC), into=2),
        LeftOut(public_number=None, what="late_pending", reason="", received_at=datetime(2017, 12, 25, tzinfo=UTC)),
    )  # fmt: skip
    changes = (
        Change(kind="revised", public_number=1, name="Ministry of Communications", details=("messages", "answers", "annexes")),
        Change(kind="supplemented", public_number=3, name="Mujeres en Red", details=("answers",)),
        Change(kind="corrected", public_number=5, name="المنظمة العربية", details=("withheld", "respondent", "translation")),
        Change(kind="withdrawn", public_number=7, name="Kleine Firma"),
        Change(kind="added", public_number=8, name="Cooperativa del Norte", details=("late",)),
    )
    counts = _counts([first, second, *rest, late])
    dispositions = {**counts.by_disposition, "campaign": 3, "withdrawal": 1, "bounce": 1}
    counts = replace(
        counts, messages=12, by_disposition=dispositions, responses=12, campaign_copies=3, set_aside=1,
        by_status={"counted": 7, "held": 1, "late_pending": 1, "withdrawn": 1, "excluded": 2},
    )  # fmt: skip
    return replace(
        plain, language=language, revision=1, entries=(first, second, *rest), late_entries=(late,), campaigns=(campaign,), left_out=gone,
        changes=changes, before=(0, date(2017, 12, 23)), counts=counts, seen=14, archived=12, same_bytes=1, vanished=1, redacted=0,
    )  # fmt: skip

"""Values for the tests of who and what: a round with three questions in six languages, messages built in memory."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from intake.model.mail import Address, Arrival, ChannelKind, Part, PartState, Reading, Trust
from intake.model.round import Channels, Dates, OldText, Question, Round
from intake.model.text import Block, BlockKind, Span, SpanKind
from intake.sorting.answers_tables import AnswerTables, answer_tables
from intake.sorting.who import WhoTables, who_tables
from intake.sorting.withheld import WithheldTables, withheld_tables

CONFIG = Path(__file__).resolve().parents[3] / "config"
NOON = datetime(2024, 5, 2, 10, 0, tzinfo=UTC)

TEXTS: tuple[dict[str, str], ...] = (
    {
        "en": "How can the cost of international connectivity be reduced for remote communities?",
        "fr": "Comment réduire le coût de la connectivité internationale pour les communautés isolées?",
        "es": "¿Cómo puede reducirse el costo de la conectividad internacional para las comunidades remotas?",
        "ru": "Как можно снизить стоимость международных соединений для отдаленных населенных пунктов?",
        "ar": "كيف يمكن خفض تكلفة التوصيلية الدولية للمجتمعات النائية؟",
        "zh": "如何降低偏远社区的国际连接成本？",
    },
    {
        "en": "Which licensing rules help or hinder small satellite operators?",
        "fr": "Quelles règles d'octroi de licences aident ou gênent les petits exploitants de satellites?",
        "es": "¿Qué normas de concesión de licencias ayudan u obstaculizan a los pequeños operadores de satélites?",
        "ru": "Какие правила лицензирования помогают или мешают малым спутниковым операторам?",
        "ar": "ما هي قواعد الترخيص التي تساعد أو تعيق مشغلي السواتل الصغار؟",
        "zh": "哪些许可规则有助于或妨碍小型卫星运营商？",
    },
    {
        "en": "What training should be offered to the staff of emergency services?",
        "fr": "Quelle formation faudrait-il proposer au personnel des services d'urgence?",
        "es": "¿Qué formación debería ofrecerse al personal de los servicios de emergencia?",
        "ru": "Какую подготовку следует предложить сотрудникам экстренных служб?",
        "ar": "ما التدريب الذي ينبغي تقديمه لموظفي خدمات الطوارئ؟",
        "zh": "应为应急服务人员提供哪些培训？",
    },
)
OLD = (OldText(version="draft", number=4, text={"en": "Should emergency services receive training, and from whom?"}),)


def a_round() -> Round:
    """Three questions; the third was number 4 in a draft."""
    questions = tuple(
        Question(number=number, text=text, old_texts=OLD if number == 3 else ()) for number, text in enumerate(TEXTS, 1)
    )
    day = date(2024, 4, 1)
    return Round(
        id="links-2024",
        topic="Links for remote communities",
        working_group="Working Group on Remote Links",
        legal_basis=(),
        time_zone="Europe/Zurich",
        dates=Dates(
            decided=day,
            opened=day,
            response_deadline=NOON,
            physical_consultation=day,
            group_meeting_start=day,
            group_meeting_end=day,
        ),
        questions=questions,
        channels=Channels(address="links@consult.example.int"),
        reporting_groups={},
    )


def spans_of(text: str) -> tuple[Span, ...]:
    """Lines that begin with ">" are quoted, "=" lines a legal footer until the end, others new."""
    spans: list[Span] = []
    position = 0
    kind = SpanKind.NEW
    for line in text.splitlines(keepends=True):
        if line.startswith("===="):
            kind = SpanKind.LEGAL_FOOTER
        here = SpanKind.QUOTE if line.startswith(">") and kind is SpanKind.NEW else kind
        if spans and spans[-1].kind is here:
            spans[-1] = Span(start=spans[-1].start, end=position + len(line), kind=here)
        else:
            spans.append(Span(start=position, end=position + len(line), kind=here))
        position += len(line)
    return tuple(spans)


def attachment(name: str, text: str = "", path: str = "2", blocks: tuple[Block, ...] = ()) -> Part:
    """An attachment with readable text."""
    return Part(
        path=path, media_type="application/pdf", sniffed_type="application/pdf", size_bytes=1, sha256="0" * 64,
        name=name, text=text, blocks=blocks, state=PartState.OK,
    )  # fmt: skip


def table(*rows: tuple[str, ...]) -> tuple[str, tuple[Block, ...]]:
    """Text and blocks of a table."""
    text, blocks = "", []
    for row in rows:
        line = "\t".join(row)
        blocks.append(Block(kind=BlockKind.TABLE_ROW, start=len(text), end=len(text) + len(line)))
        text += line + "\n"
    return text, tuple(blocks)


def a_reading(
    text: str, *, subject: str = "", sender: str = "ana@example.org", name: str = "", parts: tuple[Part, ...] = ()
) -> Reading:
    """A Reading of a plain body."""
    return Reading(
        sha256="0" * 64, size_bytes=len(text), subject=subject, from_=(Address(name=name, address=sender),),
        text=text, spans=spans_of(text), parts=parts,
    )  # fmt: skip


def an_arrival(text: str, **more: Any) -> Arrival:
    """An Arrival of a plain body; keywords as for `a_reading`."""
    return Arrival(
        key="0" * 64, sequence=1, channel=ChannelKind.ADDRESS, internaldate=NOON, reading=a_reading(text, **more),
        trust=Trust(received_at=NOON, received_by="internaldate"),
    )  # fmt: skip


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((CONFIG / f"{name}.toml").read_text("utf-8"))


@cache
def answers() -> AnswerTables:
    """The shipped vocabulary of labels."""
    return answer_tables(_toml("answers"))


@cache
def who() -> WhoTables:
    """The shipped tables of countries and organizations."""
    return who_tables(_toml("countries"), _toml("cities"), _toml("organizations"), _toml("answers"))


@cache
def withheld() -> WithheldTables:
    """The shipped vocabulary of what to withhold."""
    return withheld_tables(_toml("answers"))

"""Raw messages for the tests of sorting and casework: built, read, classified and judged as real ones are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from intake.casework.drafts import Case
from intake.model.mail import Arrival, ChannelKind
from intake.model.record import Action, Ruling
from intake.model.round import Channels, Dates, Question, Round
from intake.model.verdict import Verdict
from intake.pipeline.cases import inner_trusts
from intake.reading.read_message import read_message
from intake.reading.trust import trust_of
from intake.reading.words import ReadingWords, reading_words
from intake.sorting.classify import classify
from intake.sorting.tables import SortingTables, sorting_tables

CONFIG = Path(__file__).resolve().parents[2] / "config"
AT = datetime(2024, 5, 2, 10, 0, tzinfo=UTC)
HOST = "mx.consult.example"

QUESTIONS: tuple[dict[str, str], ...] = (
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
        "fr": "Quelles règles de licence aident ou gênent les petits exploitants de satellites?",
        "es": "¿Qué normas de licencia ayudan o perjudican a los pequeños operadores de satélites?",
        "ru": "Какие правила лицензирования помогают или мешают малым спутниковым операторам?",
        "ar": "ما هي قواعد الترخيص التي تساعد أو تعيق مشغلي السواتل الصغار؟",
        "zh": "哪些许可规则有助于或妨碍小型卫星运营商？",
    },
    {
        "en": "What training should be offered to the staff of emergency services?",
        "fr": "Quelle formation proposer au personnel des services d'urgence?",
        "es": "¿Qué formación debería ofrecerse al personal de los servicios de emergencia?",
        "ru": "Какое обучение следует предложить персоналу экстренных служб?",
        "ar": "ما التدريب الذي ينبغي تقديمه لموظفي خدمات الطوارئ؟",
        "zh": "应向应急服务人员提供哪些培训？",
    },
)


@cache
def words() -> ReadingWords:
    """The shipped words of reading."""
    return reading_words(tomllib.loads((CONFIG / "reading.toml").read_text("utf-8")))


@cache
def tables() -> SortingTables:
    """The shipped tables of sorting."""
    names = ("dispositions", "countries", "cities", "organizations", "answers")
    return sorting_tables({name: tomllib.loads((CONFIG / f"{name}.toml").read_text("utf-8")) for name in names})


@cache
def the_round() -> Round:
    """A round with a list and a host of our own; deadline 31 May 2024, 23:59:59 in Geneva."""
    day = date(2024, 4, 20)
    return Round(
        id="links-2024",
        topic="Links for remote communities",
        working_group="WG-LINKS",
        legal_basis=(),
        time_zone="Europe/Zurich",
        dates=Dates(
            decided=day,
            opened=day,
            response_deadline=datetime(2024, 5, 31, 21, 59, 59, tzinfo=UTC),
            physical_consultation=date(2024, 6, 30),
            group_meeting_start=date(2024, 7, 2),
            group_meeting_end=date(2024, 7, 3),
        ),
        questions=tuple(Question(number=number, text=text) for number, text in enumerate(QUESTIONS, 1)),
        channels=Channels(
            address="links@consult.example.int",
            list_address="links-list@consult.example.int",
            list_id="links-list.consult.example.int",
            trusted_hosts=(HOST,),
        ),
        reporting_groups={"Governments": ("government",), "Firms": ("private_sector",)},
    )


def a_mail(
    subject: str = "",
    text: str = "",
    sender: str = "Ana Berg <ana@relay.example>",
    *,
    headers: Sequence[tuple[str, str]] = (),
    files: Sequence[tuple[str, bytes, str]] = (),
    enclosed: Sequence[EmailMessage] = (),
    at: datetime = AT,
    dmarc: str = "pass",
    message_id: str = "",
) -> EmailMessage:
    """A mail as our own host handed it over. `files`: name, bytes, media type."""
    mail = EmailMessage(policy=SMTP)
    mail["Received"] = f"from out.relay.example (out.relay.example [192.0.2.7]) by {HOST} with ESMTPS; {format_datetime(at)}"
    mail["Authentication-Results"] = f"{HOST}; dmarc={dmarc}; spf={dmarc}"
    if sender:
        mail["From"] = sender
    mail["To"] = the_round().channels.address
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id or f"<{abs(hash((subject, text, sender, str(at))))}@relay.example>"
    for name, value in headers:
        mail[name] = value
    mail.set_content(text)
    for name, data, kind in files:
        main, _, sub = kind.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    for inner in enclosed:
        mail.add_attachment(inner)
    return mail


def arrival_of(mail: EmailMessage | bytes, channel: ChannelKind = ChannelKind.ADDRESS, sequence: int = 0) -> Arrival:
    """The mail as it reached the round."""
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    reading = read_message(raw, words())
    inner = inner_trusts(reading, (HOST,), AT)
    return Arrival(
        key=reading.sha256,
        sequence=sequence,
        channel=channel,
        internaldate=AT,
        reading=reading,
        trust=trust_of(reading, (HOST,), AT),
        inner_trust=inner[0][1] if inner else None,
        inner_trusts=inner,
    )


def verdict_of(mail: EmailMessage | bytes, channel: ChannelKind = ChannelKind.ADDRESS) -> Verdict:
    """What the mail looks like alone."""
    return classify(arrival_of(mail, channel), the_round(), tables())


def cases_of(mails: Sequence[EmailMessage | bytes], channels: Mapping[int, ChannelKind] | None = None) -> list[Case]:
    """The mails as casework takes them, in order of arrival."""
    arrivals = [arrival_of(mail, (channels or {}).get(index, ChannelKind.ADDRESS), index) for index, mail in enumerate(mails)]
    return [Case(arrival=arrival, verdict=classify(arrival, the_round(), tables())) for arrival in arrivals]


def ruling(action: str, message: str, number: int = 1, **settings: str | int | list[str]) -> Ruling:
    """A decision of an officer, `number` hours after the first mail."""
    at = AT + timedelta(hours=number)
    return Ruling(id=f"d-{number}", at=at, by="officer", action=Action(action), message=message, reason="a reason", set=settings)

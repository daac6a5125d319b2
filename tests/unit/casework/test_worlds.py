"""Small worlds made by chance, in which what a careful officer would count is known by how they were made.

Each world has a dozen respondents of six languages (bodies of `../sorting/ways`), each with a story: a copy by the list, the same text sent again,
a forward by an office, a part, an addition, a new version, a withdrawal, thanks, a question, a machine's answer; beside them mail for others, advertising,
a campaign, a joint response with its support, a pseudonym, a sender whom our host could not authenticate, one that comes too late.
`worlds/words.toml` has what they say. INTAKE_WORLDS=n makes n worlds instead of eight.
"""

from __future__ import annotations

import copy
import os
import random
import re
import tomllib
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct, field

from intake.casework.judge import judge
from intake.model.mail import ChannelKind
from tests.fakes.mails import AT, HOST, a_mail, cases_of, the_round

HERE = Path(__file__).parent
WAYS = HERE.parent / "sorting" / "ways"
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
WORLDS = int(os.environ.get("INTAKE_WORLDS", "8"))
LATE = timedelta(days=40)
OWN_LIST = [("List-Id", "<links-list.consult.example.int>"), ("Precedence", "list")]
PUNCTUATION = re.compile(r"[^\w]+")


class Body(Struct, frozen=True):
    """A respondent as it signs."""

    language: str
    name: str
    person: str
    title: str
    address: str
    city: str
    country: str

    @property
    def sender(self) -> str:
        """Its From."""
        return f'"{self.person}" <{self.address}>'

    @property
    def signature(self) -> str:
        """Its last lines."""
        place = "，" if self.language == "zh" else "، " if self.language == "ar" else ", "
        return f"\n\n{self.person}\n{self.title}\n{self.name}\n{place.join(filter(lambda word: word not in ('', '-'), (self.city, self.country)))}\n"


class World(Struct):
    """Mails with what each of them is; `counted` responses before any decision."""

    chance: random.Random
    mails: list[tuple[EmailMessage, ChannelKind, str]] = field(default_factory=list)
    counted: int = 0
    clock: int = 0
    spoken: set[str] = field(default_factory=set)

    def now(self) -> Any:
        """Some minutes later than the mail before."""
        self.clock += self.chance.randint(7, 90)
        return AT + timedelta(minutes=self.clock)

    def somebody(self, language: str) -> Body:
        """A body that has not spoken yet."""
        body = self.chance.choice([one for one in bodies(language) if one.address not in self.spoken])
        self.spoken.add(body.address)
        return body

    def bring(self, mail: EmailMessage, kind: str, channel: ChannelKind = ChannelKind.ADDRESS) -> None:
        """A mail and what it is."""
        self.mails.append((mail, channel, kind))


@cache
def words() -> dict[str, dict[str, list[str]]]:
    """What they say beside their answers."""
    return tomllib.loads((HERE / "worlds" / "words.toml").read_text("utf-8"))


@cache
def matter() -> dict[str, dict[str, Any]]:
    """What they say on the questions."""
    return tomllib.loads((HERE / "worlds" / "matter.toml").read_text("utf-8"))


@cache
def bodies(language: str) -> tuple[Body, ...]:
    """Those of `ways` that are no worldwide bodies and no brands."""
    found = []
    listed = re.split(r"(?m)^\[\w+\]\n", (WAYS / f"{language}.txt").read_text("utf-8"))[1]
    for line in listed.strip().splitlines():
        name, kind, _, person, title, address, city, country, _ = line.split("|")
        if line[0] == "*" or kind in ("int", "org"):
            continue
        name = re.sub(r"^(?:la |le |l'|el )", "", name.partition("^")[0])
        found.append(Body(language, name, person, title, address, city, country))
    return tuple(found)


def answers(world: World, language: str, questions: tuple[int, ...]) -> str:
    """Two sentences on each of these questions."""
    told = matter()[language]
    lines = []
    for number in questions:
        chosen = world.chance.sample(told[("one", "two", "three")[number - 1]], 2)
        said = ("" if language == "zh" else " ").join(text.format(n=world.chance.randint(2, 97)) for text in chosen)
        lines.append(told["label"].format(q=number) + said)
    return "\n\n".join(lines)


def say(world: World, language: str, kind: str, **values: str) -> str:
    """One of the ways to say it, in its own language."""
    day = {"en": "2 May", "fr": "2 mai", "es": "2 de mayo", "ru": "2 мая", "ar": "2 مايو", "zh": "5月2日"}[language]
    return world.chance.choice(words()[language][kind]).format(day=day, **values)


SUBJECTS = {
    "en": "Response to the consultation", "fr": "Réponse à la consultation", "es": "Respuesta a la consulta", "ru": "Ответ на консультацию",
    "ar": "رد على الاستشارة", "zh": "对咨询的答复",
}  # fmt: skip


def first(
    world: World, body: Body, *, at: Any = None, dmarc: str = "pass", questions: tuple[int, ...] = ()
) -> tuple[EmailMessage, str]:
    """The first mail of a respondent, and its text."""
    asked = questions or tuple(sorted(world.chance.sample((1, 2, 3), world.chance.randint(1, 2))))
    text = answers(world, body.language, asked) + body.signature
    subject = f"{SUBJECTS[body.language]} - {body.name}"
    return a_mail(
        subject, text, body.sender, at=at or world.now(), dmarc=dmarc, message_id=f"<{world.clock}@{body.address}>"
    ), text


def _note(
    world: World, body: Body, kind: str, text: str = "", *, reply: bool = False, subject: str = "", headers: Any = ()
) -> EmailMessage:
    said = say(world, body.language, kind)
    subject = subject or (f"Re: {SUBJECTS[body.language]}" if reply else SUBJECTS[body.language])
    return a_mail(subject, said + ("\n\n" + text if text else "") + body.signature, body.sender, at=world.now(), headers=headers)


def plain(world: World, body: Body) -> None:
    world.bring(first(world, body)[0], "response")


def copied(world: World, body: Body) -> None:
    mail, _ = first(world, body)
    world.bring(mail, "response")
    twin = EmailMessage(policy=mail.policy)
    for name, value in mail.items():
        if name.lower() not in ("subject", "content-type", "content-transfer-encoding", "mime-version", "received"):
            twin[name] = value
    twin["Received"] = (
        f"from out.relay.example (out.relay.example [192.0.2.7]) by {HOST} with ESMTPS; {format_datetime(world.now())}"
    )
    twin["Subject"] = "[links-list] " + mail["Subject"]
    for name, value in OWN_LIST:
        twin[name] = value
    twin.set_content(
        mail.get_content()
        + "\n_______________________________________________\nlinks-list mailing list\nlinks-list@consult.example.int\n"
    )
    world.bring(twin, "copy", ChannelKind.LIST)


def resent(world: World, body: Body) -> None:
    mail, text = first(world, body)
    world.bring(mail, "response")
    world.bring(_note(world, body, "resend", text.removesuffix(body.signature)), "copy")


def revised(world: World, body: Body) -> None:
    world.bring(first(world, body, questions=(1, 2))[0], "response")
    world.bring(_note(world, body, "revision", answers(world, body.language, (1, 2))), "revision")


def added(world: World, body: Body) -> None:
    world.bring(first(world, body, questions=(1, 2))[0], "response")
    world.bring(_note(world, body, "supplement", answers(world, body.language, (3,))), "supplement")


def taken_back(world: World, body: Body) -> None:
    """The mail alone removes nothing."""
    world.bring(first(world, body)[0], "response")
    world.bring(_note(world, body, "withdrawal"), "withdrawal")


def thanked(world: World, body: Body) -> None:
    world.bring(first(world, body)[0], "response")
    world.bring(_note(world, body, "thanks", reply=True), "correspondence")


def asked(world: World, body: Body) -> None:
    world.bring(first(world, body)[0], "response")
    world.bring(_note(world, body, "asks"), "enquiry")


def away(world: World, body: Body) -> None:
    world.bring(first(world, body)[0], "response")
    mail = a_mail(
        f"Re: {SUBJECTS[body.language]}",
        say(world, body.language, "away"),
        body.sender,
        at=world.now(),
        headers=[("In-Reply-To", "<ack-1@consult.example.int>")],
    )
    world.bring(mail, "auto_reply")


def in_parts(world: World, body: Body) -> None:
    for number in (1, 2):
        text = answers(world, body.language, (number,)) + body.signature
        world.bring(a_mail(f"{SUBJECTS[body.language]} {number}/2", text, body.sender, at=world.now()), "part")


def handed_on(world: World, body: Body) -> None:
    """What a colleague's own mailbox had got."""
    inner, _ = first(world, body)
    mail = a_mail(
        "FW: " + inner["Subject"],
        "For you.\n\nRegional office",
        "Regional Office <region@consult.example.int>",
        enclosed=[inner],
        at=world.now(),
    )
    world.bring(mail, "response", ChannelKind.OFFICE)


def known_already(world: World, body: Body) -> None:
    inner, _ = first(world, body)
    world.bring(inner, "response")
    mail = a_mail(
        "FW: " + inner["Subject"],
        "Did you get this?\n\nRegional office",
        "Regional Office <region@consult.example.int>",
        enclosed=[inner],
        at=world.now(),
    )
    world.bring(mail, "copy", ChannelKind.OFFICE)


def delivered_twice(world: World, body: Body) -> None:
    """By a gateway: one Message-ID, another way."""
    mail, _ = first(world, body)
    world.bring(mail, "response")
    twin = copy.deepcopy(mail)
    twin.replace_header("Received", f"from gw.relay.example by {HOST} with ESMTP; {format_datetime(world.now())}")
    world.bring(twin, "copy")


def revised_late(world: World, body: Body) -> None:
    """The version that was in time stands, and counts."""
    world.bring(first(world, body, questions=(1, 2))[0], "response")
    text = say(world, body.language, "revision") + "\n\n" + answers(world, body.language, (1, 2)) + body.signature
    world.bring(a_mail(SUBJECTS[body.language], text, body.sender, at=AT + LATE), "revision")


def file_forgotten(world: World, body: Body) -> None:
    """A note that presents a file, and the file in an answer to it."""
    note, sent = FORGOTTEN[body.language]
    mail = a_mail(
        SUBJECTS[body.language], note + body.signature, body.sender, at=world.now(), message_id=f"<{world.clock}@{body.address}>"
    )
    world.bring(mail, "response")
    paper = (answers(world, body.language, (1, 3)) + body.signature).encode()
    thread = [("In-Reply-To", str(mail["Message-ID"]))]
    again = a_mail(f"Re: {SUBJECTS[body.language]}", sent + body.signature, body.sender, at=world.now(), headers=thread,
                   files=[("position.txt", paper, "text/plain")])  # fmt: skip
    world.bring(again, "copy")


def supported(world: World, body: Body) -> None:
    """By another, who adds nothing and is no response."""
    world.bring(first(world, body)[0], "response")
    other = world.somebody(body.language)
    text = say(world, body.language, "supports", x=body.name) + other.signature
    world.bring(a_mail(f"Re: {body.name}", text, other.sender, at=world.now()), "endorsement")


def in_a_digest(world: World, body: Body) -> None:
    """Two postings of our list in one mail; the other one's is a response, too."""
    other = world.somebody(body.language)
    posts = [first(world, one)[0] for one in (body, other)]
    headers = [*OWN_LIST, ("Subject", "")]
    mail = a_mail("links-list Digest, Vol 1, Issue 2", "Today's Topics:\n\n   1. One\n   2. Two\n", "links-list-request@consult.example.int",
                  headers=headers[:2], enclosed=posts, at=world.now())  # fmt: skip
    world.bring(mail, "response", ChannelKind.LIST)
    world.counted += 1


FORGOTTEN = {
    "en": ("Please find our response attached.", "Sorry, I forgot the attachment. Here it is."),
    "fr": ("Veuillez trouver notre réponse en pièce jointe.", "Pardon, j'avais oublié la pièce jointe, la voici."),
    "es": ("Adjuntamos nuestra respuesta.", "Disculpen, olvidé el archivo adjunto; aquí va."),
    "ru": ("Наш ответ во вложении.", "Извините, забыл приложить файл, высылаю."),
    "ar": ("تجدون ردنا في الملف المرفق.", "عذرا، نسيت الملف المرفق، وها هو."),
    "zh": ("我方答复见附件。", "抱歉，忘了附件，现补上。"),
}  # fmt: skip

STORIES: tuple[Callable[[World, Body], None], ...] = (
    plain, copied, resent, revised, added, taken_back, thanked, asked, away, in_parts, handed_on, known_already,
    delivered_twice, revised_late, file_forgotten, supported, in_a_digest,
)  # fmt: skip


def others(world: World) -> None:
    """Mail that is no response, and responses that wait for a person."""
    for language in world.chance.sample(LANGUAGES, 3):
        world.bring(
            a_mail("?", say(world, language, "astray"), "Someone <someone.else@example.com>", at=world.now()),
            "misdirected|enquiry",
        )
    for number, language in enumerate(world.chance.sample(LANGUAGES, 3)):
        world.bring(
            a_mail("!", say(world, language, "spam"), f"Offers <offers{number}@shop.invalid>", at=world.now()), "spam|misdirected"
        )
    language = world.chance.choice(LANGUAGES)
    text = answers(world, language, (1, 3))
    world.bring(a_mail(SUBJECTS[language], text, "netbird_77 <netbird_77@gmail.com>", at=world.now()), "response")  # held
    body = world.somebody(world.chance.choice(LANGUAGES))
    world.bring(first(world, body, at=AT + LATE)[0], "response")  # late
    body = world.somebody(world.chance.choice(LANGUAGES))
    world.bring(first(world, body, dmarc="fail")[0], "response")  # held
    language = world.chance.choice(LANGUAGES)
    form = " ".join(answers(world, language, (1, 2, 3)).split("\n\n"))
    for number in range(world.chance.randint(4, 7)):
        world.bring(
            a_mail(SUBJECTS[language], form + f"\n\nPerson {chr(65 + number)}. Smith", f"p{number}@gmail.com", at=world.now()),
            "campaign",
        )


def make(seed: int) -> World:
    """A world; the same for the same number."""
    world = World(random.Random(seed))
    stories = list(STORIES)
    world.chance.shuffle(stories)
    for number, story in enumerate(stories):
        story(world, world.somebody(LANGUAGES[(number + seed) % 6]))
        world.counted += 1
    others(world)
    return world


def told(world: World) -> tuple[list[str], int, int]:
    """(misses, counted as found, counted as made)."""
    record = judge(
        the_round(),
        cases_of([mail for mail, _, _ in world.mails], {n: channel for n, (_, channel, _) in enumerate(world.mails)}),
        (),
    )
    misses = []
    by_key = {item.key: item for item in record.filed}
    keys = [case.key for case in cases_of([mail for mail, _, _ in world.mails])]
    for key, (mail, _, kind) in zip(keys, world.mails, strict=True):
        found = by_key[key].disposition.value
        if found not in kind.split("|"):
            text = mail.get_body(("plain",))
            misses.append(f"{kind} -> {found}: {mail['Subject']} | {text.get_content()[:90]!r}" if text else kind)
    return misses, record.counts.counted, world.counted


@pytest.mark.parametrize("seed", range(WORLDS))
def test_a_world_is_counted_as_it_was_made(seed: int) -> None:
    misses, found, made = told(make(seed))
    assert found == made, misses
    assert not misses

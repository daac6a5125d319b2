"""Any order in which messages are handed over, any repetition of deliveries, any death between two steps: the same record; numbers and
letters once given stay given.

The corridor is the real one (mailbox, vault, ledger, judge, outbox, relay: tests/fakes/bureau.py). Each story is lived three times: as
it is; with deaths at any act of the disk or the ledger, in the pass, in the recovery or while a person decides; and with all mail at
once, in order of receipt. INTAKE_STORIES=n lives n of them (6 in `make test`).
"""
# ruff: noqa: E501 - a mail stands on one line

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from intake.casework.drafts import id_of
from intake.doors.durable import Disk
from intake.errors import BadUsage
from intake.model.record import Action, Record
from intake.pipeline import Office
from intake.pipeline.deciding import Wish, decide
from tests.fakes.bureau import ROUND, Bureau
from tests.unit.casework.test_list_digest import in_parts

pytestmark = pytest.mark.timeout(1200)
STORIES = int(os.environ.get("INTAKE_STORIES", "6"))
HOST = "mx1.example.org"
EARLY = datetime(2026, 10, 5, 8, tzinfo=UTC)
LATE = datetime(2026, 12, 27, 8, tzinfo=UTC)
ONE = "Question 1: Shared cables and open landing stations bring the price of a link down for every island.\n"
TWO = "Question 1: Only a light licence for small operators helps, and one form for the whole region.\n"
ANA = "\nAna Berg\nRelay Islands Cooperative\nTallinn, Estonia\n"
BO = "\nBo Lind\nHarbour Union of the North\nOslo, Norway\n"
FORM = "I write as a citizen of a small island. Our only cable belongs to one firm, and the price of a link is beyond what schools can pay. Please ask all governments to open the landing stations to everybody.\n"


class DeadError(BaseException):
    """The process is gone."""


def mail(subject: str, text: str, sender: str, at: datetime, identity: str, *headers: tuple[str, str]) -> EmailMessage:
    """A mail as our own host handed it over."""
    made = EmailMessage(policy=SMTP)
    made["Received"] = f"from out.example (out.example [192.0.2.7]) by {HOST} with ESMTPS; {format_datetime(at)}"
    made["Authentication-Results"] = f"{HOST}; dmarc=pass; spf=pass"
    made["From"], made["To"], made["Subject"] = sender, "consultation@example.org", subject
    made["Date"], made["Message-ID"] = format_datetime(at), f"<{identity}@out.example>"
    for name, value in headers:
        made[name] = value
    made.set_content(text)
    return made


@cache
def pool() -> tuple[tuple[str, bytes], ...]:
    """(folder, octets): responses, revisions, parts, additions, copies, a digest, support, withdrawals, machines, a campaign; early
    and late, several of them in another order than they were received."""
    ana, bo = "Ana Berg <ana@relay.example>", "Bo Lind <bo@harbour.example>"
    hour = timedelta(hours=1)
    listed = ("List-Id", "<consultation-list.lists.example.org>")
    first = mail("Our response", ONE + ANA, ana, EARLY, "a1")
    other = mail("Response", TWO + BO, bo, EARLY + hour, "b1")
    correction = "Please disregard our earlier mail.\n\nQuestion 1: Only shared cables help, as we see now.\n"
    made: list[tuple[str, EmailMessage | bytes]] = [
        ("INBOX", first),
        ("LIST", mail("Our response", ONE + ANA, ana, EARLY + 2 * hour, "a1", listed)),
        ("INBOX", mail("Our response", ONE + ANA, ana, EARLY + 3 * hour, "a2")),
        ("INBOX", mail("Corrected version", correction + ANA, ana, EARLY + 4 * hour, "a3")),
        ("INBOX", mail("Corrected version", correction + "Late thought.\n" + ANA, ana, LATE, "a4")),
        ("INBOX", mail("Addition to our response", "One more annex.\n\nQuestion 2: Training by radio clubs.\n" + ANA, ana, EARLY + 5 * hour, "a5")),
        ("INBOX", mail("Withdrawal", "We wish to withdraw our response.\n" + ANA, ana, EARLY + 9 * hour, "a6")),
        ("INBOX", other),
        ("INBOX", mail("Re: Receipt", "Many thanks for the confirmation.", bo, EARLY + 6 * hour, "b2")),
        ("INBOX", mail("Our response, part 1 of 2", ONE, "Eva <eva@skerry.example>", EARLY + hour, "e1")),
        ("INBOX", mail("Our response, part 2 of 2", "Question 2: By radio clubs.\n\nEva Roos\nSkerry Guild\n", "Eva <eva@skerry.example>", EARLY + 2 * hour, "e2")),
        ("INBOX", mail("Support", "We fully support the response of the Harbour Union of the North.\n\nPia Lund\nReef Fishers Guild\n", "Pia <pia@reef.example>", EARLY + 7 * hour, "p1")),
        ("INBOX", mail("Out of office", "I am away.", ana, EARLY + 8 * hour, "a7", ("Auto-Submitted", "auto-replied"))),
        ("INBOX", mail("Response", TWO + "\nKai Roos\nSound Society\nOslo, Norway\n", "Kai <kai@sound.example>", LATE, "k1")),
        ("LIST", in_parts(first, other).replace(b"mx.consult.example", b"lists.example.org").replace(b"consult.example.int", b"lists.example.org")),
    ]  # fmt: skip
    made += [
        ("INBOX", mail("Open the cables", f"{FORM}\n{name}\n", f"{name} <p@mail{name}.example>", EARLY + hour, f"c{name}"))
        for name in ("Mia", "Ove", "Pal", "Lea")
    ]
    own = "My daughter walks four miles to the harbour to send her homework, twice a week and in any weather."
    made.append(
        ("INBOX", mail("Open the cables", f"{FORM}\n{own}\n\nIda\n", "Ida <p@mailIda.example>", EARLY + 2 * hour, "cIda"))
    )
    return tuple((folder, item if isinstance(item, bytes) else item.as_bytes()) for folder, item in made)


class Step(Struct, frozen=True, kw_only=True):
    """Mail that comes together (places in the pool, some again), then perhaps a decision; `deaths`: acts at which a life ends."""

    mail: tuple[int, ...]
    decision: tuple[str, int] | None = None
    deaths: tuple[int, ...] = ()


ACTIONS = ("count", "exclude", "withdraw", "accept_late", "confirm", "assign", "split", "relabel", "undo")
PLACES = st.integers(0, len(pool()) - 1)
STORY = st.lists(
    st.builds(
        Step,
        mail=st.lists(PLACES, min_size=1, max_size=6).map(tuple),
        decision=st.none() | st.tuples(st.sampled_from(ACTIONS), PLACES),
        deaths=st.lists(st.integers(1, 60), max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=4,
)


@contextmanager
def bureau() -> Iterator[Bureau]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory(prefix="intake-story-") as folder:
        made = Bureau(Path(folder))
        made.drafts = False
        with made.life() as office:
            made.cycle(office)  # mail that comes from now on is answered
        yield made


def live(world: Bureau, story: Sequence[Step], *, dying: bool) -> list[tuple[str, Any]]:
    """The story; gives every number and letter as they stood at any time."""
    seen: list[tuple[str, Any]] = []
    for step in story:
        for place in step.mail:
            folder, raw = pool()[place]
            world.mailbox.deliver([raw], world.clock.now(), folder)
        deaths = iter(step.deaths if dying else ())
        for at in deaths:
            _die(world, at, world.cycle)
        with world.life() as office:
            world.cycle(office, 2)
        if step.decision is not None:
            _decided(world, step.decision, step.deaths[:1] if dying else ())
        with world.life() as office:
            world.cycle(office, 2)
            seen.append(("numbers", office.ledger.numbers(ROUND)))
            seen.append(("letters", {item.id: item.raw for item in office.ledger.letters(ROUND) if item.message}))
            accounted(office)
    return seen


def _die(world: Bureau, at: int, act: Any) -> bool:
    """A life that ends at its `at`-th act; False when it had fewer."""
    count = [0]

    def step(_name: str) -> None:
        count[0] += 1
        if count[0] == at:
            raise DeadError

    with suppress(DeadError), world.life(Disk(step), step) as office:
        act(office)
        return False
    return True


def _decided(world: Bureau, decision: tuple[str, int], deaths: Sequence[int]) -> None:
    """A person decides; when the command died he looks whether it was kept, and else says it again."""
    with world.life() as office:
        before = len(office.ledger.rulings(ROUND))
    for at in deaths:
        _die(world, at, lambda office: _rule(office, *decision))
    with world.life() as office:
        if len(office.ledger.rulings(ROUND)) == before:
            _rule(office, *decision)


def _rule(office: Office, word: str, place: int) -> None:
    action, key = Action(word), sha256(pool()[place][1]).hexdigest()
    fields: dict[str, Any] = {}
    if action is Action.ASSIGN:
        fields = {"category": "academia", "country": "NO"}
    elif action is Action.RELABEL:
        fields = {"disposition": ("enquiry", "response", "supplement", "campaign")[place % 4]}
    number = key
    if action is Action.UNDO:
        rulings = office.ledger.rulings(ROUND)
        if not rulings:
            return
        number = rulings[place % len(rulings)].id
    with suppress(BadUsage):  # nothing has come under that name yet, or it would make no sense
        decide(office, Wish(number=number, action=action, by="ana", reason="a reason", fields=fields))


def accounted(office: Office) -> None:
    """Every number that was given is a response's, or is told to be nobody's now."""
    record = office.ledger.load_record(ROUND)
    assert record is not None
    names = {response.id for response in record.responses}
    gone = {item.id for item in record.gone}
    given = office.ledger.numbers(ROUND).public
    assert set(given) <= names | gone
    assert not names & gone
    assert all(item.into is None or item.into in names for item in record.gone)
    assert len(names) == len(record.responses)
    own = [passage.text for campaign in record.campaigns for _, passage in campaign.personal]
    assert all(text.startswith("My daughter walks") for text in own)


def plain(record: Record | None) -> Any:
    """What depends on the sets alone: without the names that history gave, and ids of decisions, which carry their moment."""
    assert record is not None
    names = {item.id: id_of((*item.cases, item.versions[0].messages[0])[0]) for item in record.responses}

    def named(identity: str | None) -> str | None:
        return names.get(identity, identity) if identity is not None else None

    filed = [
        replace(
            item,
            response=named(item.response),
            postings=tuple(replace(post, response=named(post.response)) for post in item.postings),
        )
        for item in record.filed
    ]
    responses = [
        replace(item, id=names[item.id], merged_into=named(item.merged_into), rulings=(), withheld=())
        for item in record.responses
    ]
    return filed, responses, record.campaigns, record.counts, record.counts_before_decisions


def record_of(world: Bureau) -> Record | None:
    with world.life() as office:
        return office.ledger.load_record(ROUND)


@given(STORY)
@settings(
    max_examples=STORIES,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
    derandomize="INTAKE_STORIES" not in os.environ,
    print_blob=True,
)
def test_order_repetition_and_death_cannot_matter(story: list[Step]) -> None:
    with bureau() as calm, bureau() as troubled, bureau() as orderly:
        seen = live(calm, story, dying=False)
        grown(seen)
        hit = live(troubled, story, dying=True)
        grown(hit)
        assert plain(record_of(troubled)) == plain(record_of(calm))
        assert [dict(value.public) for what, value in hit if what == "numbers"] == [
            dict(value.public) for what, value in seen if what == "numbers"
        ]
        assert [sorted(value) for what, value in hit if what == "letters"] == [
            sorted(value) for what, value in seen if what == "letters"
        ]
        assert max(troubled.letters("acknowledgement").values(), default=0) <= 2
        everything = sorted({place for step in story for place in step.mail}, key=lambda place: pool()[place][1])
        with calm.life() as office:
            rulings = office.ledger.rulings(ROUND)
        with orderly.life() as office:
            for place in everything:
                folder, raw = pool()[place]
                orderly.mailbox.deliver([raw], orderly.clock.now(), folder)
            for ruling in rulings:
                office.ledger.add_ruling(office.vault.keep_ruling(ROUND, ruling))
            orderly.cycle(office, 2)
        assert plain(record_of(orderly)) == plain(record_of(calm))


def grown(seen: list[tuple[str, Any]]) -> None:
    """Numbers and letters once given stay given, octet for octet."""
    for kind in ("numbers", "letters"):
        states = [value for what, value in seen if what == kind]
        for before, after in itertools.pairwise(states):
            if kind == "numbers":
                assert before.receipts.items() <= after.receipts.items()
                assert before.public.items() <= after.public.items()
            else:
                assert before.items() <= after.items()

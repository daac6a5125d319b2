"""Our own letters coming back: which of them a message is, answers, or encloses, by the signed token in their Message-IDs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intake.letters.token import tokens_in, verify
from intake.model.mail import OurLetter, Part, Reading


def our_letters(reading: Reading, secrets: Sequence[bytes]) -> tuple[OurLetter, ...]:
    """The letters of ours that a message names, each once, the strongest way first. Forged tokens are none. `secrets`: the key and
    those before it."""
    found: dict[str, OurLetter] = {}
    for how, text in _named(reading):
        token = verify(text, secrets)
        if token is not None:
            name = text.strip().strip("<>").partition("@")[0]
            found.setdefault(name, OurLetter(token=name, kind=token.kind, about=token.about, how=how))
    return tuple(found.values())


def _named(reading: Reading) -> Iterator[tuple[str, str]]:
    """(how, what may be a token)."""
    for own in (reading.message_id, reading.header("X-Consultation-Intake")):
        if own:
            yield "is", own
    for identity in (*reading.in_reply_to, *reversed(reading.references)):
        yield "answers", identity
    for part in _every(reading.parts):
        if part.message is not None and part.message.message_id:
            yield "encloses", part.message.message_id
        for text in tokens_in(part.text):
            yield "encloses", text
    for text in tokens_in(reading.text):
        yield "encloses", text


def _every(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _every(part.children)

"""Tokens: what they hold, that nobody else can make or change one, and that there is one way to write each."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from intake.digest.tokens import Keys, check_of, decision_id, mark_of, open_token, sign, tokens_in

KEYS = Keys(signing="k2", keys={"k1": b"1" * 32, "k2": b"2" * 32})
WHEN = datetime(2027, 1, 5, 9, 30, 17, tzinfo=UTC)
NAMES = ("ana", "ben")
ROUNDS = ("r-2026", "r-2027")


def made(keys: Keys = KEYS, officer: str = "ben", round_id: str = "r-2027", item: str = "held:r-1", state: str = "s") -> str:
    return sign(keys, round_id=round_id, officer=officer, item=item, state=state, expires_at=WHEN)


def test_a_token_says_what_it_was_made_for() -> None:
    opened = open_token(made(), KEYS.keys, ROUNDS, NAMES)
    assert opened is not None
    assert (opened.round_id, opened.officer, opened.item) == ("r-2027", "ben", mark_of("r-2027", "held:r-1"))
    assert opened.state == mark_of("s")
    assert 0 <= (opened.expires_at - WHEN).total_seconds() <= 60
    assert open_token(made().upper(), KEYS.keys, ROUNDS, NAMES) == opened


@given(st.integers(0, 51), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_any_other_letter_makes_it_none_of_ours(place: int, letter: str) -> None:
    """Also the last one, which has bits that the octets do not need: one token has one writing, so it has one decision."""
    token = made()
    begin = token.rindex("-") + 1 + place
    other = token[:begin] + letter + token[begin + 1 :]
    assert (open_token(other, KEYS.keys, ROUNDS, NAMES) is not None) == (other == token)


def test_a_key_that_signs_no_more_still_opens_what_it_signed_and_a_key_that_is_gone_does_not() -> None:
    old = made(Keys(signing="k1", keys=KEYS.keys))
    assert open_token(old, KEYS.keys, ROUNDS, NAMES) is not None
    assert open_token(old, {"k2": b"2" * 32}, ROUNDS, NAMES) is None
    assert open_token(old.replace("I1-k1-", "I1-k2-"), KEYS.keys, ROUNDS, NAMES) is None, "the key's id is signed, too"
    assert open_token(made(Keys(signing="k2", keys={"k2": b"3" * 32})), KEYS.keys, ROUNDS, NAMES) is None


def test_officer_and_round_are_signed() -> None:
    assert open_token(made(officer="eve"), KEYS.keys, ROUNDS, NAMES) is None
    assert open_token(made(round_id="other"), KEYS.keys, ROUNDS, NAMES) is None


def test_tokens_are_found_in_what_mail_programs_make_of_a_text() -> None:
    one, two = made(), made(item="held:r-2")
    text = f"> [1] count / exclude\n> {one}\r\n>> ({two.upper()}), again {one}. x{two} {two}a"
    assert tokens_in(text) == (one, two)


def test_the_check_of_a_row_is_made_of_its_cells_and_token() -> None:
    cells = ("12", "Ministry  of\nX", "", "held", "why", "p")
    check = check_of(KEYS, made(), cells)
    assert check == check_of(KEYS, made(), ("12", "Ministry of X", "", "held", "why", "p")), "white space is no change"
    assert check != check_of(KEYS, made(), ("13", *cells[1:]))
    assert check != check_of(KEYS, made(item="held:r-2"), cells)


def test_the_decision_of_a_token_has_one_id() -> None:
    assert decision_id(made()) == decision_id(made().upper())
    assert decision_id(made()) != decision_id(made(item="held:r-2"))

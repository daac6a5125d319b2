"""Why a person must decide before a response counts: authenticity, identity, the junk folder. Doubt never refuses anything."""

from __future__ import annotations

from collections.abc import Iterable

from intake.model.mail import ChannelKind
from intake.model.verdict import Category, Respondent
from intake.sorting.view import View


def doubts_of(view: View, found: Iterable[str], respondent: Respondent) -> tuple[str, ...]:
    """The reasons, in words of the record: "authentication", "junk", and what identifying the sender found."""
    doubts = list(found)
    trust = view.arrival.inner_trust or view.arrival.trust
    if trust.dmarc == "fail" and not view.list_post:
        doubts.append("authentication: our own host's DMARC check failed")
    elif respondent.category is Category.GOVERNMENT and trust.dmarc != "pass" and trust.spf == "fail" and trust.dkim != "pass":
        doubts.append("authentication: a State's name, and our own host's SPF check failed")
    if view.arrival.trust.spam or view.arrival.channel is ChannelKind.JUNK:
        doubts.append("junk: found in the junk folder or marked as spam by our own host")
    return tuple(dict.fromkeys(doubts))

"""The classifiers, one file a question, in the order in which they are asked. A new one is one file and one line here."""

from __future__ import annotations

from intake.sorting.classifiers import (
    automatic,
    bounce,
    correspondence,
    endorsement,
    enquiry,
    misdirected,
    part,
    response,
    revision,
    spam,
    supplement,
    withdrawal,
)
from intake.sorting.classifiers.base import Classifier

CLASSIFIERS: tuple[Classifier, ...] = (
    bounce.classify,
    automatic.classify,
    spam.classify,
    withdrawal.classify,
    endorsement.classify,
    part.classify,
    revision.classify,
    supplement.classify,
    misdirected.classify,
    enquiry.classify,
    correspondence.classify,
    response.classify,
)

__all__ = ["CLASSIFIERS", "Classifier"]

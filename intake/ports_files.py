"""The shapes of the doors about files of a message: taken apart, scanned, read by eye. Asked by the corridor, none is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from intake.model.examination import ScanResult, Seen, ToUnpack, Unpacked


class Unpacker(Protocol):
    """Bytes of a message's parts, and pages drawn as pictures, by a jailed child."""

    def unpack(self, job: ToUnpack) -> Unpacked:
        """What was asked for and is there. Raises nothing: a dead child is `because`. Pictures are grey PGM drawn by ourselves,
        so that no other program has to parse a sender's PDF or picture."""

    def close(self) -> None:
        """End the child."""


class Scanner(Protocol):
    """A virus scanner. Raises nothing: how it went is the value."""

    def scan(self, octets: bytes) -> ScanResult:
        """`clean` only where the scanner has seen every octet and said so; `infected` only with its word; all else `unscanned`:
        silence, an error, a size beyond its limit or ours, signatures older than configured, a word that is not understood."""

    def standing(self) -> str:
        """Version and age of the signatures, for people. Raises Unreachable where it does not answer, Refused where its
        signatures are too old."""


class Ocr(Protocol):
    """Words in pictures. Raises nothing: how it went is the value."""

    def look(self, picture: bytes, languages: Sequence[str]) -> Seen:
        """Words of one grey PGM picture in the languages expected (ISO 639-1; none: all that are configured), lines as seen.
        The picture reaches no network and no disk that stays."""

    def standing(self) -> str:
        """Version and languages, for people. Raises Unreachable where the program is not there, Refused where a language is missing."""


class WordProcessor(Protocol):
    """A word processor that lays out a DOCX. Raises nothing."""

    def laid_out(self, docx: bytes) -> bytes | None:
        """The document as PDF, its headings as bookmarks; None where the program is not there, failed or took too long."""

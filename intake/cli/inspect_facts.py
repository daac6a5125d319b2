"""What `intake inspect` knows of a message, as the published form (DESIGN section 5, and more): `reading_facts` for any message,
enclosed ones too, `inspection` for the one that was asked about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from intake.doors.share import InstalledShare
from intake.letters.proof import corrected_lines, labels_of
from intake.letters.token import tokens_in
from intake.model.mail import Address, Arrival, Part, Reading
from intake.model.record import ACKNOWLEDGEMENTS, LetterKind
from intake.model.round import LANGUAGES
from intake.model.text import SpanKind
from intake.model.verdict import Verdict
from intake.reading.trust import own_results

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OWN = (SpanKind.NEW, SpanKind.FORWARDED)


def inspection(file: str, arrival: Arrival, verdict: Verdict, trusted_hosts: Sequence[str], source: str) -> dict[str, Any]:
    """The facts of one message (`intake inspect --json`). `source`: where the time of receipt is from."""
    reading, trust = arrival.reading, arrival.trust
    received = trust.received_at if trust.received_at != _EPOCH else None
    return {
        "file": file,
        **reading_facts(reading, own_results(reading, trusted_hosts)),
        "language": verdict.language,
        "received_at": received,
        "received_by": source if received is not None else "nothing in the message says when it was received",
        "authentication": {"dmarc": trust.dmarc, "spf": trust.spf, "dkim": trust.dkim, "spam": trust.spam, "own": trust.own},
        "disposition": verdict.disposition,
        "reasons": [
            {"classifier": item.classifier, "finding": item.finding, "because": item.because, "confidence": item.confidence}
            for item in verdict.findings
        ],
        "respondent": verdict.respondent,
        "co_signatories": verdict.co_signatories,
        "answers": {str(answer.question): answer.text for answer in verdict.answers},
        "general": bool(verdict.general),
        "corrects": _corrects(reading),
        "flags": verdict.flags,
        "parts": [part_facts(part) for part in reading.parts],
    }


def reading_facts(reading: Reading, believed: Sequence[str] = ()) -> dict[str, Any]:
    """What one message says, its parts apart. `believed`: its Authentication-Results that our own hosts wrote; of an enclosed message
    there are none, for whoever enclosed it may have written them."""
    return {
        "sha256": reading.sha256,
        "size_bytes": reading.size_bytes,
        "message_id": reading.message_id,
        "content_hash": reading.content_hash,
        "subject": reading.subject,
        "from": _people(reading.from_),
        "sender": _people(reading.sender),
        "reply_to": _people(reading.reply_to),
        "to": _people(reading.to),
        "cc": _people(reading.cc),
        "return_path": reading.return_path,
        "date_claimed": reading.date_claimed,
        "in_reply_to": reading.in_reply_to,
        "references": reading.references,
        "list_id": reading.list_id,
        "headers": reading.headers,
        "received": reading.received,
        "authentication_results": [
            {"below_received_lines": count, "ours": line in believed, "text": line} for count, line in reading.auth_results
        ],
        "language": reading.language,
        "text": reading.text,
        "new_text": "".join(reading.text[span.start : span.end] for span in reading.spans if span.kind in _OWN).strip(),
        "spans": reading.spans,
        "blocks": reading.blocks,
        "body_path": reading.body_path,
        "held": reading.held,
        "partial": reading.partial,
        "defects": reading.defects,
    }


def _people(found: Sequence[Address]) -> list[dict[str, str]]:
    return [{"name": item.name, "address": item.address} for item in found]


def part_facts(part: Part) -> dict[str, Any]:
    """A part in the published form; the parts of an attached message are its children, what it says itself is `message`."""
    children = [part_facts(child) for child in part.children]
    if part.message is not None and not part.children:
        children = [part_facts(child) for child in part.message.parts]
    return {
        "path": part.path,
        "media_type": part.media_type,
        "sniffed_type": part.sniffed_type,
        "name": part.name,
        "original_name": part.original_name,
        "content_id": part.content_id,
        "size_bytes": part.size_bytes,
        "sha256": part.sha256,
        "state": part.state,
        "text_chars": len(part.text),
        "text": part.text,
        "blocks": part.blocks,
        "language": part.language,
        "text_quality": part.text_quality,
        "pages": part.pages,
        "hidden_text": part.hidden,
        "ocr": part.ocr,
        "scan": part.scan,
        "scan_said": part.scan_said,
        "inline": part.inline,
        "body": part.body,
        "defects": part.defects,
        "message": reading_facts(part.message) if part.message is not None else None,
        "children": children,
    }


def _corrects(reading: Reading) -> dict[str, str]:
    """Lines by which an answer to a proof would correct its entry, field -> value as written; whose entry only the office can tell."""
    named = "\n".join((*reading.in_reply_to, *reading.references, reading.text))
    if not any(
        token.startswith((f"{LetterKind.PROOF.value}.", *(f"{kind.value}." for kind in ACKNOWLEDGEMENTS)))
        for token in tokens_in(named)
    ):
        return {}
    share = InstalledShare()
    labels = labels_of([share.table("templates", "letters", f"{language}.toml") for language in LANGUAGES])
    return corrected_lines(
        "".join(reading.text[span.start : span.end] for span in reading.spans if span.kind is SpanKind.NEW), labels
    )

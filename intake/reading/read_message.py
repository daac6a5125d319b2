"""Bytes to a Reading. Total: whatever the bytes, there is one; what could not be read is a defect, what is beyond a limit is set aside."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence, Set
from email.message import Message

from msgspec.structs import replace

from intake.model.mail import Defect, PartState, Reading
from intake.model.text import Block, Span, SpanKind
from intake.reading.body import body_groups, formed, joined, paired, says_all
from intake.reading.charsets import decoded
from intake.reading.coded import coded_stretches, only_words
from intake.reading.decode import clean, codec_of, decode_header, decode_text, valid
from intake.reading.enriched import KINDS, page_of
from intake.reading.flowed import unflow
from intake.reading.headers import addresses_of, date_of, header_charset, hop_of, ids_of, message_id_of, raw_headers, raw_value
from intake.reading.html import HtmlText, read_pages
from intake.reading.language import language_of
from intake.reading.limits import Limits
from intake.reading.looks import USUAL
from intake.reading.partial import piece_of
from intake.reading.parts import PartMaker, See, bare_part
from intake.reading.rough import rough_leaves
from intake.reading.spans import spans_of
from intake.reading.walk import Leaf, TooMuch, check, leaves, parse, undivided
from intake.reading.words import ReadingWords

_WORD = re.compile(r"[^\W_]+")
DEFAULTS = Limits()


def read_message(raw: bytes, words: ReadingWords, limits: Limits = DEFAULTS) -> Reading:
    """The Reading of a message's octets. Never raises."""
    try:
        check(raw, limits)
        return _Reader(words, limits).read(parse(raw), raw, 0)
    except TooMuch as error:
        return set_aside(raw, str(error), limits)
    except (RecursionError, MemoryError) as error:
        return set_aside(raw, f"could not be read: {type(error).__name__}", limits)
    except Exception as error:  # a parser's own fault: the message is set aside with it, the next one goes on
        return set_aside(raw, f"could not be read: {type(error).__name__}: {error}"[:300], limits)


def set_aside(raw: bytes, reason: str, limits: Limits = DEFAULTS) -> Reading:
    """A message that is kept and shown unread: what the top of its header says, and its parts' bytes. Never raises."""
    reading = Reading(sha256=hashlib.sha256(raw).hexdigest(), size_bytes=len(raw), held=reason)
    head = raw[:32_000].split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0]
    try:
        reading = _with_headers(reading, parse(head + b"\n\n"), Limits(addresses=100))
        return replace(reading, parts=tuple(bare_part(leaf) for leaf in rough_leaves(raw, limits)))
    except Exception:  # whatever it was that could not be read: the bytes and the reason are kept
        return reading


def collect(raw: bytes, words: ReadingWords, wanted: Set[str], limits: Limits = DEFAULTS) -> dict[str, bytes]:
    """The bytes of the parts with these SHA-256, as far as they are found: inside containers and attached messages too. Never raises."""
    found: dict[str, bytes] = {}

    def see(sha256: str, data: bytes) -> None:
        if sha256 in wanted:
            found.setdefault(sha256, data)

    try:
        check(raw, limits)
        _Reader(words, limits, see).read(parse(raw), raw, 0)
    except Exception:  # set aside when it was read, too: what was seen until then is what there is
        for leaf in rough_leaves(raw, limits):
            see(hashlib.sha256(leaf.data).hexdigest(), leaf.data)
    return found


class _Reader:
    def __init__(self, words: ReadingWords, limits: Limits, see: See | None = None) -> None:
        self._words = words
        self._limits = limits
        self._see = see
        self._hint: str | None = None

    def read(self, message: Message, raw: bytes, level: int) -> Reading:
        """A tree to a Reading; attached messages come here again."""
        defects: list[Defect] = [Defect(code=_code(item)) for item in message.defects]
        found = list(leaves(message, self._limits))
        if message.get_content_type() == "message/partial":
            number, total = message.get_param("number", "?"), message.get_param("total", "?")
            defects.append(Defect(code="message_partial", detail=valid(f"piece {number} of {total}")))
        defects += _outside(message)
        self._hint = header_charset(message)
        body, text, blocks, page, html = self._body(message, found, defects)
        hint = self._hint
        maker = PartMaker(self._limits, self.read, level, hint, not text.strip(), self._see)
        paths = frozenset(leaf.path for leaf in found if leaf in body)
        parts = maker.parts(found, paths, html)
        inside = maker.coded(body[0].path, [leaf.data for leaf in body]) if body else ()
        parts += inside
        parts += tuple(bare_part(leaf) for leaf in undivided(message, raw))
        subject = decode_header(raw_value(message, "Subject"), hint=hint)
        names = _names(message, hint)
        coded = coded_stretches(text) if inside else []
        spans = self._spans(text, page if text is page.text else None, subject, names, coded)
        if not coded and text is not page.text and self._is_answered(text, spans, page, subject, names):
            text, blocks, spans = page.text, page.blocks, self._spans(page.text, page, subject, names)
        if page.hidden:
            words = " ".join(page.text[start:end] for start, end in page.hidden[:50])
            defects.append(Defect(code="hidden_text", detail=words[:300]))
        if any(span.kind is SpanKind.QUOTE for span in spans) and not _own(text, spans):
            # an unmarked quotation may hold answers that nothing tells from the questions: a person looks
            defects.append(Defect(code="nothing_new", detail="all of the text is taken for quotation"))
        reading = Reading(
            sha256=hashlib.sha256(raw).hexdigest(),
            size_bytes=len(raw),
            text=text,
            spans=spans,
            blocks=blocks,
            body_path=body[0].path if body else None,
            parts=parts,
            defects=tuple(defects),
            language=language_of(_own(text, spans) or text),
            partial=piece_of(message),
        )
        reading = _with_headers(reading, message, self._limits, hint)
        reading = replace(reading, defects=(*reading.defects, *_cut(reading, self._limits)))
        return replace(reading, content_hash=content_hash(reading))

    def _spans(
        self,
        text: str,
        page: HtmlText | None,
        subject: str,
        names: Sequence[str],
        coded: Sequence[tuple[int, int]] = (),
    ) -> tuple[Span, ...]:
        """`page`: the HTML that the text is from; `coded`: where files stand in it."""
        return spans_of(
            text,
            self._words,
            forward=self._words.forward_subject.match(subject) is not None,
            reply=self._words.reply_subject.match(subject) is not None,
            hidden=page.hidden if page else (),
            coded=coded,
            inks=page.inks if page else (),
            names=names,
        )

    def _is_answered(self, text: str, spans: Sequence[Span], page: HtmlText, subject: str, names: Sequence[str]) -> bool:
        """Whether the page tells answers from what they answer, by letters whose look the plain part has lost."""
        if (
            all(ink == USUAL for _, _, ink in page.inks)
            or all(span.kind is not SpanKind.QUOTE for span in spans)
            or not says_all(page.text, text)
        ):
            return False
        return self._spans(page.text, page, subject, names) != self._spans(page.text, replace(page, inks=()), subject, names)

    def _body(
        self, message: Message, found: Sequence[Leaf], defects: list[Defect]
    ) -> tuple[list[Leaf], str, tuple[Block, ...], HtmlText, str]:
        """(leaves that make the text, text, blocks, the HTML parts' text, HTML source)."""
        leaves: list[Leaf] = []
        sources: list[str] = []
        read: list[tuple[str, HtmlText]] = []
        for group in body_groups(message, found):
            pages = [self._source(leaf, defects) for leaf in group.html]
            page = read_pages(pages, self._limits.text_chars, self._limits.html_depth)
            if page.defect:
                defects.append(Defect(code=page.defect, part=group.html[0].path if group.html else None))
            plain = "\n\n".join(filter(None, (self._plain(leaf, defects) for leaf in group.plain)))
            read.append((plain[: self._limits.text_chars], page))
            leaves += [*group.plain, *group.html]
            sources += pages
        forms = [formed(text, page, defects) for text, page in paired(read)] or [
            formed("", HtmlText(text="", blocks=()), defects)
        ]
        form = joined(forms, self._limits.text_chars)
        return leaves, form.text[: self._limits.text_chars], form.blocks, form.page, "\n".join(sources)

    def _source(self, leaf: Leaf, defects: list[Defect]) -> str:
        charset = _charset(leaf.part)
        if charset is None and (match := re.search(rb"charset\s*=\s*[\"']?([\w.:-]{2,40})", leaf.data[:4096], re.I)):
            charset = match.group(1).decode("ascii", "replace")
        text, defect = decode_text(leaf.data[: self._limits.html_bytes], charset, self._hint)
        if defect:
            defects.append(Defect(code=defect, part=leaf.path))
        kind = leaf.part.get_content_type().lower()
        return page_of(text, kind) if kind in KINDS else text

    def _plain(self, leaf: Leaf, defects: list[Defect]) -> str:
        charset = _charset(leaf.part)
        if charset and codec_of(charset) is None:
            defects.append(Defect(code="charset_unknown", detail=valid(charset[:60]), part=leaf.path))
        text, codec, defect = decoded(only_words(leaf.data), charset, self._hint)
        text = clean(text)
        if codec not in ("ascii", "utf-8"):
            self._hint = codec
        if defect:
            defects.append(Defect(code=defect, part=leaf.path))
        if str(leaf.part.get_param("format", "") or "").lower() == "flowed":
            text = unflow(text, str(leaf.part.get_param("delsp", "") or "").lower() == "yes")
        return text.strip("\n")


def _names(message: Message, hint: str | None) -> tuple[str, ...]:
    """What the author is called: the name, and the address before the @."""
    found = addresses_of((value for name, value in raw_headers(message) if name.lower() == "from"), 5, hint)
    return tuple(filter(None, (text for item in found for text in (item.name, item.address.partition("@")[0]))))


_GREETING = 400  # characters of the usual words for programs that do not know MIME


def _outside(message: Message) -> list[Defect]:
    """Words before the first and after the last boundary, which no mail program shows: named, for they are in the bytes."""
    found = []
    for part in message.walk():
        before, after = part.preamble or "", part.epilogue or ""
        for code, text, most in (("preamble", before, _GREETING), ("epilogue", after, 0)):
            if len(words := " ".join(text.split())) > most:
                found.append(Defect(code=code, detail=valid(words)[:300]))
        if len(found) > 20:
            break
    return found


def _cut(reading: Reading, limits: Limits) -> list[Defect]:
    """Address headers with more mailboxes than are read."""
    fields = (("From", reading.from_), ("Reply-To", reading.reply_to), ("To", reading.to), ("Cc", reading.cc))
    more = f"more than {limits.addresses} addresses"
    return [Defect(code="addresses_cut", detail=f"{name}: {more}") for name, found in fields if len(found) >= limits.addresses]


def _code(defect: object) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(defect).__name__.removesuffix("Defect")).lower()


def _charset(part: Message) -> str | None:
    value = part.get_param("charset")
    if isinstance(value, tuple):
        value = value[2]
    return str(value) if value else None


def _with_headers(reading: Reading, message: Message, limits: Limits, hint: str | None = None) -> Reading:
    """The claims of the header."""
    raw = raw_headers(message)
    values: dict[str, list[str]] = {}
    decoded: list[tuple[str, str]] = []
    hops = []
    auth: list[tuple[int, str]] = []
    for name, value in raw[: limits.headers]:
        key = name.lower()
        values.setdefault(key, []).append(value)
        decoded.append((valid(name), decode_header(value, limits.encoded_words, hint)[:4000]))
        if key == "received":
            hops.append(hop_of(value))
        elif key == "authentication-results":
            auth.append((len(hops), decode_header(value)))

    def people(key: str) -> tuple[object, ...]:
        return addresses_of(values.get(key, ()), limits.addresses, hint)

    first_path = values.get("return-path", [None])[0]
    list_id = decode_header(values["list-id"][0]) if values.get("list-id") else None
    return replace(
        reading,
        message_id=message_id_of(values.get("message-id", [])),
        subject=decode_header(values["subject"][0], limits.encoded_words, hint) if values.get("subject") else "",
        from_=people("from"),
        sender=people("sender"),
        reply_to=people("reply-to"),
        to=people("to"),
        cc=people("cc"),
        return_path=decode_header(first_path).strip().strip("<>").lower() if first_path is not None else None,
        date_claimed=date_of(values["date"][0]) if values.get("date") else None,
        in_reply_to=ids_of(values.get("in-reply-to", ())),
        references=ids_of(values.get("references", ())),
        list_id=list_id,
        headers=tuple(decoded),
        received=tuple(hops),
        auth_results=tuple(auth),
    )


def _own(text: str, spans: Sequence[Span]) -> str:
    wanted = (SpanKind.NEW, SpanKind.FORWARDED)
    return "\n".join(text[span.start : span.end] for span in spans if span.kind in wanted).strip()


def content_hash(reading: Reading) -> str:
    """SHA-256 of the author's own words without case, marks and white space, and of the attachments' hashes."""
    own = unicodedata.normalize("NFKC", _own(reading.text, reading.spans)).casefold()
    digest = hashlib.sha256("".join(_WORD.findall(own)).encode("utf-8", "replace"))
    for sha in sorted(part.sha256 for part in reading.parts if not part.body and part.state is not PartState.IGNORED):
        digest.update(sha.encode())
    return digest.hexdigest()

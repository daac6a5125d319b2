"""Leaves to Parts: names, types, states, texts; containers and attached messages opened, each with its own parts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from email.message import Message

from msgspec.structs import replace

from intake.model.mail import Defect, Part, PartState, Reading
from intake.reading.builder import plain_blocks
from intake.reading.closed import NOT_SO, closed
from intake.reading.coded import coded_files, coded_stretches, only_words
from intake.reading.containers import Member, is_container, open_container
from intake.reading.decode import valid
from intake.reading.extractors import Extract, extractor_of
from intake.reading.extractors.archive import Unfit
from intake.reading.extractors.plain import extract_text
from intake.reading.language import language_of
from intake.reading.limits import Limits
from intake.reading.names import original_name, safe_name
from intake.reading.outlook import message_of as outlook_message
from intake.reading.smime import is_enveloped, signed_content
from intake.reading.sniff import CALLED, SAVED, sniff
from intake.reading.tnef import is_cut, read_tnef, tnef_body
from intake.reading.walk import ATTACHED, Leaf, TooMuch, in_base64, leaves, parse, payload_of, stored, type_of

_MACHINE = ("message/delivery-status", "message/disposition-notification", "message/feedback-report", "text/rfc822-headers")
_HEAD = "text/rfc822-headers"
"""The head of a mail that a report returns (RFC 3462): by it the report is known to be about a letter of ours."""
UNREAD = "part_unread"
"""Defect of a part that we failed to read: a fault of this program, never of the mail."""
_DEEPEST_ARCHIVE = 6
Opening = tuple[PartState, Extract, tuple[Part, ...], Reading | None]
"""State, text, members, and the Reading of what is a message itself."""
ReadTree = Callable[[Message, bytes, int], Reading]
See = Callable[[str, bytes], None]
"""Is shown the SHA-256 and the bytes of every part."""


class PartMaker:
    """Makes Parts of one message. `read_tree` reads an attached message; `level` is how deep we are already;
    `hint` the charset of its text; `wordless`: it has none; `see` is shown every file's bytes."""

    def __init__(
        self,
        limits: Limits,
        read_tree: ReadTree,
        level: int,
        hint: str | None = None,
        wordless: bool = False,
        see: See | None = None,
    ) -> None:
        self._limits = limits
        self._read_tree = read_tree
        self._level = level
        self._hint = hint
        self._wordless = wordless
        self._see = see
        self._count = 0
        self._unpacked = 0

    def parts(self, found: Iterable[Leaf], body_paths: frozenset[str], html_body: str) -> tuple[Part, ...]:
        """Parts in order. An empty leaf without a name is listed, and is no attachment: it has no state."""
        made = []
        for leaf in found:
            if not leaf.data and not leaf.attached and not original_name(leaf.part, self._hint):
                made.append(replace(bare_part(leaf), body=leaf.path in body_paths))
                continue
            try:
                made.append(self._part(leaf, body=leaf.path in body_paths, html_body=html_body))
            except (TooMuch, RecursionError, MemoryError):
                raise
            except Exception as error:  # our own fault in one part costs what it says, not its bytes and not the other parts
                fault = Defect(code=UNREAD, detail=f"{type(error).__name__}: {error}"[:200], part=leaf.path)
                made.append(replace(bare_part(leaf), defects=(fault,)))
        return tuple(made)

    def _part(self, leaf: Leaf, *, body: bool, html_body: str) -> Part:
        kind = valid(type_of(leaf.part))
        name = original_name(leaf.part, self._hint)
        cid = valid(str(leaf.part.get("Content-ID", ""))).strip().strip("<>") or None
        disposition = str(leaf.part.get("Content-Disposition", "")).split(";")[0].strip().lower()
        inline = disposition == "inline" or bool(cid and f"cid:{cid}" in html_body)
        defects = (Defect(code=leaf.defect, part=leaf.path),) if leaf.defect else ()
        if kind in ATTACHED:
            return self._message(leaf, kind, name, inline, defects)
        if kind.startswith("message/") and isinstance(stored(leaf.part), list):
            return self._report(leaf, kind, name, defects)
        made = self.leaf(leaf.path, kind, name, leaf.data, body=body, inline=inline, cid=cid)
        if defects:
            made = replace(made, defects=(*defects, *made.defects))
        return made

    def _message(self, leaf: Leaf, kind: str, name: str | None, inline: bool, defects: tuple[Defect, ...]) -> Part:
        payload = stored(leaf.part)
        inner = payload[0] if isinstance(payload, list) and payload and isinstance(payload[0], Message) else None
        coded: tuple[Part, ...] = ()
        if inner is None:
            inner = parse(leaf.data)
        elif in_base64(leaf.part, inner):
            coded = (_bytes_only(f"{leaf.path}.coded", "text/plain", None, payload_of(inner)[0]),)  # RFC 2046 5.2.1 forbids it
            inner = parse(leaf.data)
        if self._level >= self._limits.depth:
            raise TooMuch(f"messages attached deeper than {self._limits.depth}")
        reading = self._read_tree(inner, leaf.data, self._level + 1)
        title = name or (f"{reading.subject}.eml" if reading.subject else "message.eml")
        return Part(
            path=leaf.path,
            media_type=kind,
            sniffed_type="message/rfc822",
            size_bytes=len(leaf.data),
            sha256=hashlib.sha256(leaf.data).hexdigest(),
            name=safe_name(title),
            original_name=name,
            inline=inline,
            children=(*_prefixed(reading.parts, leaf.path), *coded),
            message=reading,
            defects=defects,
        )

    def _report(self, leaf: Leaf, kind: str, name: str | None, defects: tuple[Defect, ...]) -> Part:
        """A machine's report: its blocks of fields as text, any leaf with content as child."""
        blocks = [block for block in stored(leaf.part) or () if isinstance(block, Message)]
        text = "\n\n".join("\n".join(f"{key}: {value}" for key, value in block.items()) for block in blocks)
        children = []
        for block in blocks:
            for inner in leaves(block, self._limits, f"{leaf.path}.{blocks.index(block) + 1}"):
                inner_kind = valid(inner.part.get_content_type().lower())
                if isinstance(stored(inner.part), list):
                    children.append(self._part(inner, body=False, html_body=""))
                elif inner.data and kind != "message/partial":  # a piece of a file is no file
                    children.append(self.leaf(inner.path, inner_kind, None, inner.data))
                else:
                    children.append(_bytes_only(inner.path, inner_kind, None, inner.data))
        return Part(
            path=leaf.path,
            media_type=kind,
            sniffed_type=kind,
            size_bytes=len(leaf.data),
            sha256=hashlib.sha256(leaf.data).hexdigest(),
            name=safe_name(name),
            original_name=name,
            text=text.encode("utf-8", "replace").decode("utf-8")[:20000],
            children=tuple(children),
            defects=defects,
        )

    def leaf(
        self,
        path: str,
        kind: str,
        name: str | None,
        data: bytes,
        *,
        body: bool = False,
        inline: bool = False,
        cid: str | None = None,
    ) -> Part:
        """One leaf with what it holds."""
        self._count += 1
        sha256 = hashlib.sha256(data).hexdigest()
        if self._see is not None:
            self._see(sha256, data)
        sniffed = sniff(data, kind, name)
        state: PartState | None = None
        extract = Extract()
        children: tuple[Part, ...] = ()
        message: Reading | None = None
        if not body and kind not in _MACHINE:
            state, extract, children, message = self._open(path, kind, sniffed, name, data, inline)
            if message is not None:
                children = _prefixed(children, path)
        if not body and kind == _HEAD:
            extract = Extract(text=data.decode("utf-8", "replace").replace("\r\n", "\n")[:20000])
        return Part(
            path=path,
            media_type=kind,
            sniffed_type=sniffed,
            size_bytes=len(data),
            sha256=sha256,
            name=safe_name(name),
            original_name=name,
            content_id=cid,
            inline=inline,
            body=body,
            state=state,
            text=extract.text,
            blocks=extract.blocks,
            language=language_of(extract.text) if extract.text and kind != _HEAD else "und",
            text_quality=quality(extract.text) if extract.text and kind != _HEAD else None,
            pages=extract.pages,
            hidden=extract.hidden,
            children=children,
            message=message,
            defects=_defects(extract, path),
        )

    def _open(self, path: str, kind: str, sniffed: str, name: str | None, data: bytes, inline: bool) -> Opening:
        if (why := closed(kind, sniffed, (name or "").lower(), data, inline)) is not None:
            return why[0], Extract(defect=why[1]), (), None
        if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
            return self._smime(data)
        if sniffed in ("message/rfc822", "application/vnd.ms-outlook"):
            return self._mail(data, sniffed)
        if sniffed == "application/ms-tnef" or kind == "application/ms-tnef":
            return self._tnef(path, data)
        if is_container(sniffed):
            return self._container(path, sniffed, name, data)
        if sniffed == "text/plain" and path.count(".") <= _DEEPEST_ARCHIVE and (opened := self._letters(path, data)) is not None:
            return opened
        extractor = extractor_of(sniffed)
        if extractor is None and (name or "").lower().rpartition(".")[2] in CALLED:
            return PartState.DAMAGED, Extract(defect=NOT_SO), (), None
        if extractor is None or (kind.startswith("text/") and sniffed not in _TEXTS):
            return PartState.OK, Extract(), (), None
        if len(data) > self._limits.document_bytes:
            return PartState.OK, Extract(defect=f"larger than {self._limits.document_bytes} bytes: text not read"), (), None
        try:
            extract = extractor(data, self._limits)
        except Exception as error:  # whatever a format's library raises: the file is damaged for us, the message goes on
            extract = Extract(state=PartState.DAMAGED, defect=f"{type(error).__name__}: {error}"[:200])
        return *self._with_files(path, extract), None

    def _with_files(self, path: str, extract: Extract) -> tuple[PartState, Extract, tuple[Part, ...]]:
        """A document with the files that were put into it, as far as archives are opened."""
        if not extract.files:
            return extract.state, extract, ()
        children: list[Part] = []
        try:
            if path.count(".") > _DEEPEST_ARCHIVE:
                raise Unfit(f"files in a document {_DEEPEST_ARCHIVE} levels inside are not opened")
            for number, (name, data) in enumerate(extract.files, 1):
                children.append(self._member(f"{path}.{number}", Member(name=name, data=data)))
        except Unfit as error:
            extract = replace(extract, defect="; ".join(filter(None, (extract.defect, str(error)))))
        return extract.state, extract, tuple(children)

    def _tnef(self, path: str, data: bytes) -> Opening:
        """winmail.dat: its files, and its text where the mail has no other."""
        files = read_tnef(data)
        if files is None:
            return PartState.DAMAGED, Extract(defect="no TNEF stream"), (), None
        if self._wordless and (body := tnef_body(data)) is not None:
            files = (*files, body)
        children = tuple(
            self.leaf(f"{path}.{number}", "application/octet-stream", file.name, file.data)
            for number, file in enumerate(files, 1)
        )
        if is_cut(data):
            return PartState.DAMAGED, Extract(defect="winmail.dat: cut short"), children, None
        return PartState.OK, Extract(), children, None

    def _mail(self, data: bytes, sniffed: str) -> Opening:
        """A mail that was attached as a file."""
        if self._level >= self._limits.depth:
            raise TooMuch(f"messages attached deeper than {self._limits.depth}")
        try:
            tree = parse(data) if sniffed == "message/rfc822" else outlook_message(data)
        except Exception as error:  # whatever the format's library raises: the file is damaged for us, the message goes on
            return PartState.DAMAGED, Extract(defect=f"{type(error).__name__}: {error}"[:200]), (), None
        reading = self._read_tree(tree, data, self._level + 1)
        return PartState.OK, Extract(), reading.parts, reading

    def _smime(self, data: bytes) -> Opening:
        if is_enveloped(data):
            return PartState.ENCRYPTED, Extract(defect="enveloped S/MIME"), (), None
        content = signed_content(data)
        if content is None or self._level >= self._limits.depth:
            return PartState.DAMAGED, Extract(defect="S/MIME content not found"), (), None
        reading = self._read_tree(parse(content), content, self._level + 1)
        return PartState.OK, Extract(), reading.parts, reading

    def _container(self, path: str, sniffed: str, name: str | None, data: bytes) -> Opening:
        """An archive: its members as children; what was not unpacked is named in the defect."""
        try:
            opened = open_container(sniffed, name, data, self._limits)
            children = tuple(
                self._member(f"{path}.{number}", item) for number, item in enumerate(opened.members, 1) if item.data is not None
            )
        except Unfit as error:
            return PartState.DAMAGED, Extract(defect=str(error)), (), None
        closed = [f"{item.name} ({item.problem})" for item in opened.members if item.data is None]
        words = "; ".join(filter(None, (opened.defect, "not unpacked: " + ", ".join(closed)[:1000] if closed else "")))
        state = PartState.ENCRYPTED if opened.locked else PartState.OK
        return state, Extract(defect=f"locked archive; {words}" if opened.locked else words), children, None

    def coded(self, path: str, texts: Sequence[bytes]) -> tuple[Part, ...]:
        """Files that are written as letters in some texts; their paths go on from the first text's."""
        made = []
        for number, item in enumerate(coded_files(texts), 1):
            part = self.leaf(f"{path}.{number}", "application/octet-stream", item.name, item.data)
            if item.defect:
                note = Defect(code="coded_file", detail=item.defect, part=part.path)
                part = replace(part, state=PartState.DAMAGED, defects=(*part.defects, note))
            made.append(part)
        if self._count > self._limits.parts:
            raise TooMuch(f"more than {self._limits.parts} parts")
        return tuple(made)

    def _letters(self, path: str, data: bytes) -> Opening | None:
        """A text file with files in it: they are its children, and their lines are none of its text. None when there are none."""
        children = self.coded(path, [data])
        if not children:
            return None
        text = extract_text(only_words(data), self._limits).text
        at, kept = 0, []
        for start, end in coded_stretches(text):
            kept.append(text[at:start])
            at = end
        words = "".join([*kept, text[at:]]).strip("\n")
        return PartState.OK, Extract(text=words, blocks=plain_blocks(words)), children, None

    def _member(self, path: str, item: Member) -> Part:
        content = item.data or b""
        self._unpacked += len(content)
        if self._unpacked > self._limits.unpacked_bytes:
            raise Unfit(f"the archives of one message inflate to more than {self._limits.unpacked_bytes} bytes")
        if self._count > self._limits.parts:
            raise TooMuch(f"more than {self._limits.parts} parts")
        nested = sniff(content, "application/octet-stream", item.name)
        if is_container(nested) and path.count(".") > _DEEPEST_ARCHIVE:
            deep = Defect(code="nested_too_deep", detail=f"an archive {_DEEPEST_ARCHIVE} levels inside is not opened", part=path)
            return replace(_bytes_only(path, nested, item.name, content), defects=(deep,))
        return self.leaf(path, nested, item.name, content)


def _defects(extract: Extract, path: str) -> tuple[Defect, ...]:
    found = (("extract", extract.defect), ("hidden_text", extract.hidden[:300]))
    return tuple(Defect(code=code, detail=detail, part=path) for code, detail in found if detail)


_TEXTS = ("text/plain", "text/html", "text/csv", *SAVED)


def _prefixed(parts: tuple[Part, ...], prefix: str) -> tuple[Part, ...]:
    """An attached message's parts are reached through it: their paths go on from its own."""
    return tuple(replace(part, path=f"{prefix}.{part.path}", children=_prefixed(part.children, prefix)) for part in parts)


_BAD_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\ue000-\uf8ff\ufffd]")
_WORDS_AND_MARKS = re.compile(r"(?:[^\W_]|[\s.,;:!?'\"()–—%/«»،؛؟。，、：；？！（）《》“”’-])+")


def quality(text: str) -> float:
    """Share of characters that belong to words and their marks; low for text that was extracted wrong."""
    sample = text[:5000]
    bad = len(_BAD_CHARACTER.findall(sample))
    words = sum(map(len, _WORDS_AND_MARKS.findall(sample)))
    return round(max(0.0, (words - 5 * bad) / max(1, len(sample))), 3)


def bare_part(leaf: Leaf) -> Part:
    """A leaf with its bytes' hash and nothing opened."""
    return _bytes_only(leaf.path, valid(leaf.part.get_content_type().lower()), original_name(leaf.part), leaf.data)


def _bytes_only(path: str, kind: str, name: str | None, data: bytes) -> Part:
    return Part(
        path=path,
        media_type=kind,
        sniffed_type=sniff(data, kind, name),
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        name=safe_name(name),
        original_name=name,
    )

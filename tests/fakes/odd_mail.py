"""Odd mail without end: every structure that MIME allows and much that it forbids, from one random number generator."""

from __future__ import annotations

import base64
import binascii
import quopri
from random import Random

_WORDS = (
    b"Our answer is yes.", "Réponse".encode(), "Ответ на вопрос".encode("koi8-r"), "答复".encode("gb18030"), "الرد".encode("cp1256"), b"", b"x\x00y",
    b"From here on\n>From there", b"\xff\xfe\x00", b"a" * 2000, b"begin 644 a.txt\n#86)C\n`\nend", b"--", b"--b", b"--B1", b"--B1--x", b" --B1",
    b"\xef\xbb\xbfBOM", b"+AOk-", b".", b"=", b"=ybegin line=128 size=3 name=a\n=yend",
)  # fmt: skip
_KINDS = (
    b"text/plain", b"text/html", b"application/octet-stream", b"application/pdf", b"image/png", b"text/calendar", b"TEXT/Plain", b"text", b"/",
    b"garbage", b"application/x-foo", b"message/delivery-status", b"text/rfc822-headers", b"message/external-body", b"message/global",
    b"message/disposition-notification", b"application/pkcs7-signature", b"application/ms-tnef", b"application/zip", b"audio/basic",
)  # fmt: skip
_CHARSETS = (
    b"", b"; charset=utf-8", b'; charset="us-ascii"', b"; charset=x-none", b"; charset=gb2312", b"; charset=", b'; charset="utf-8',
    b";charset=utf-8;;", b"; charset*=utf-8''utf-8", b'; charset="utf-8"; charset=koi8-r', b'; name="=?utf-8?q?=C3=A9.txt?="', b"; name=a b.txt",
)  # fmt: skip
_CODINGS = (
    "", "7bit", "8bit", "binary", "base64", "base64", "BASE64 ", "base64 in one line", "not base64", "base64 and more", "base64 cut",
    "quoted-printable", "quoted-printable oddly", "not quoted-printable", "uuencode", "x-uuencode",
)  # fmt: skip
_SUBTYPES = (b"mixed", b"alternative", b"related", b"digest", b"report", b"signed", b"MIXED", b"x-foo", b"appledouble")


class OddMail:
    """Messages of one generator."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._eol = b"\r\n"
        self._boundaries = 0

    def message(self) -> bytes:
        """One message, now and then with wounds or cut short."""
        chance, pick = self._random.random, self._random.choice
        self._eol = pick([b"\r\n"] * 5 + [b"\n"] * 4 + [b"\r"])
        head, body = self._entity(pick([0, 1, 2, 3, 4, 6]))
        first = b"From a@b Mon Jan  1 00:00:00 2018" + self._eol
        raw = pick([b"", b"", b"", first, b"\xef\xbb\xbf", self._eol, b">" + first])
        raw += self._lines(
            b"From: a@x.example",
            b"To: b@x.example",
            b"Subject: " + pick([b"s", b"=?utf-8?b?w6k=?=", b"\xe9", b"", b"=?gb2312?q?=?="]),
        )
        raw += self._lines(b"MIME-Version: 1.0") if chance() < 0.8 else b""
        raw += self._header() if chance() < 0.3 else b""
        raw += head + pick([self._eol] * 9 + [b""]) + body
        if chance() < 0.15:
            wounded = bytearray(raw)
            for _ in range(self._random.randint(1, 4)):
                at = self._random.randrange(len(wounded))
                wounded[at : at + self._random.randint(0, 4)] = pick([b"", b"\r", b"\n", b"\x00", b"--", b"=", b"\xff", b":"])
            raw = bytes(wounded)
        return raw[: self._random.randrange(len(raw) + 1)] if chance() < 0.1 else raw

    def _lines(self, *lines: bytes) -> bytes:
        return b"".join(line + self._eol for line in lines)

    def _header(self) -> bytes:
        odd = (
            self._lines(b"X-A: "), self._lines(b"X-Fold: a", b" b", b"\tc"), self._lines(b"Subject: one", b"Subject: two"), self._lines(b"From: a@b"),
            self._lines(b"X-Empty:"), self._lines(b"A line that is no field"), self._lines(b"X-Nul: a\x00b"),
            self._lines(b'Content-Disposition: attachment; filename="a.bin"'), self._lines(b"Content-Disposition: inline"),
            self._lines(b"Content-ID: <x@y>"), self._lines(b"Content-Disposition: attachment; filename*=utf-8''%D0%B0.pdf"),
            self._lines(b"Content-Type : text/plain"), self._lines(b"content-transfer-ENCODING: 8bit"), self._lines(b"X-8: \xe9\xff"),
            self._lines(b"X-Long: " + b"z" * 3000), self._lines(b"X-Fold: a", b" ", b"\t", b" b"),
        )  # fmt: skip
        return self._random.choice(odd)

    def _entity(self, depth: int) -> tuple[bytes, bytes]:
        if depth <= 0 or (kind := self._random.random()) < 0.45:
            return self._leaf()
        return self._attached(depth) if kind < 0.6 else self._multipart(depth)

    def _leaf(self) -> tuple[bytes, bytes]:
        chance, pick = self._random.random, self._random.choice
        data = b"".join(pick(_WORDS) + pick([b"", self._eol, b"\n", b"\r"]) for _ in range(self._random.randint(0, 4)))
        coding, body = self._coded(pick(_CODINGS), data)
        head = self._lines(b"Content-Type: " + pick(_KINDS) + pick(_CHARSETS)) if chance() < 0.9 else b""
        head += self._lines(b"Content-Transfer-Encoding: " + coding) if coding else b""
        head += self._lines(b"Content-Transfer-Encoding: base64") if chance() < 0.1 else b""
        return head + (self._header() if chance() < 0.4 else b""), body

    def _coded(self, how: str, data: bytes) -> tuple[bytes, bytes]:
        """(what the header says, the coded body)."""
        lines = base64.encodebytes(data).replace(b"\n", self._eol)
        match how:
            case "base64" | "BASE64 ":
                return how.encode(), lines
            case "base64 in one line":
                return b"base64", base64.b64encode(data)
            case "not base64":
                return b"base64", data
            case "base64 and more":
                return b"base64", self._lines(base64.b64encode(data) + b"!!", b"==") + b"trailing"
            case "base64 cut":
                return b"base64", base64.b64encode(data).rstrip(b"=")[:-1]
            case "quoted-printable":
                return b"quoted-printable", quopri.encodestring(data).replace(b"\n", self._eol)
            case "quoted-printable oddly":
                return b"Quoted-Printable", self._lines(b"a=", b"b=  ", b"=C3") + b"=3d=3D=4" + self._eol + b"="
            case "not quoted-printable":
                return b"quoted-printable", data + b"=ZZ =E"
            case "uuencode" | "x-uuencode":
                rows = [binascii.b2a_uu(data[at : at + 45]).rstrip(b"\n") for at in range(0, len(data), 45)]
                return how.encode(), self._lines(b"begin 644 f", *rows, b"`", b"end")
            case _:
                return how.encode(), data

    def _attached(self, depth: int) -> tuple[bytes, bytes]:
        chance = self._random.random
        head, body = self._entity(depth - 1)
        inner = self._lines(b"From: in@x.example", b"Subject: inner") + head + self._eol + body
        inner = b"" if chance() < 0.15 else self._eol + inner if chance() < 0.1 else inner
        kind = self._lines(b"Content-Type: message/rfc822" + (b'; name="x.eml"' if chance() < 0.3 else b""))
        if chance() < 0.2:
            return kind + self._lines(b"Content-Transfer-Encoding: base64"), base64.encodebytes(inner).replace(b"\n", self._eol)
        if chance() < 0.1:
            return kind + self._lines(b"Content-Transfer-Encoding: quoted-printable"), quopri.encodestring(inner).replace(
                b"\n", self._eol
            )
        return kind + (self._header() if chance() < 0.3 else b""), inner

    def _multipart(self, depth: int) -> tuple[bytes, bytes]:
        chance, pick = self._random.random, self._random.choice
        parts = [self._entity(depth - 1) for _ in range(pick([0, 1, 1, 2, 2, 3, 5]))]
        boundary = self._boundary()
        body = pick([b"", b"preamble" + self._eol, self._eol])
        for head, content in parts:
            body += b"--" + boundary + pick([b"", b"", b"", b" ", b"\t "]) + self._eol + head + pick([self._eol] * 4 + [b""])
            body += content + pick([self._eol] * 3 + [b"", self._eol * 2])
        end = b"--" + boundary + b"--"
        body += pick([end + self._eol] * 4 + [b"", b"--" + boundary + self._eol, end, end + self._eol + b"epilogue" + self._eol])
        quote = pick([b'"', b'"', b'"', b""])
        said = pick(
            [b"; boundary=" + quote + boundary + quote] * 20
            + [b"", b'; boundary="wrong"', b"; boundary=", b';\r\n\tboundary="' + boundary + b'"', b'; boundary="' + boundary]
            + [b'; BOUNDARY*0="' + boundary[:2] + b'"; boundary*1="' + boundary[2:] + b'"']
        )
        head = self._lines(b"Content-Type: multipart/" + pick(_SUBTYPES) + said)
        head += self._lines(b"Content-Transfer-Encoding: " + pick([b"base64", b"quoted-printable"])) if chance() < 0.1 else b""
        return head + (self._header() if chance() < 0.2 else b""), body

    def _boundary(self) -> bytes:
        self._boundaries += 1
        mark = b"%d" % self._boundaries
        forms = (
            b"B1",
            b"B1",
            b"B" + mark,
            b"B1" + mark,
            b"=_b " + mark,
            b"b'()+_,-./:=?" + mark,
            b"x" * 69 + mark,
            b"--B" + mark,
            b"B1-",
            b"B " + mark,
        )
        return self._random.choice(forms)

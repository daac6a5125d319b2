"""Mail that grows where parsers grow faster: each probe with the limit that must be named, or None where it must simply be read."""

from __future__ import annotations

from collections.abc import Iterator

HEAD = "From: a@example.org\r\nTo: b@example.org\r\nSubject: probe\r\n"


ASKED = "<p>From: A &lt;a@example.org&gt;<br>Sent: Monday, 3 December 2018 10:00<br>To: B<br>Subject: C</p><p>1. Q?</p>"
ASKED_PLAIN = "hi\n\nFrom: A <a@example.org>\nSent: Monday, 3 December 2018 10:00\nTo: B\nSubject: C\n\n"
RTF = f"{HEAD}Content-Type: application/rtf; name=a.rtf\r\nContent-Disposition: attachment\r\n\r\n".encode()


def probes() -> Iterator[tuple[str, bytes, str | None]]:
    """(name, octets, words of the reason to set it aside)."""
    yield "recipients 4,000", f"{HEAD}Cc: {people(4_000)}\r\n\r\nx".encode(), None
    yield "recipients 10,000", f"{HEAD}Cc: {people(10_000)}\r\n\r\nx".encode(), None
    yield "encoded words 16,000", f"{HEAD}X-A: {' '.join(['=?utf-8?q?word?='] * 16_000)}\r\n\r\nx".encode(), "encoded words"
    yield "encoded words 4,000", f"{HEAD}X-A: {' '.join(['=?utf-8?q?word?='] * 4_000)}\r\n\r\nx".encode(), None
    yield "headers 40,000", (HEAD + "X-A: b\r\n" * 40_000 + "\r\nx").encode(), "headers"
    yield (
        "Received 20,000",
        (HEAD + "Received: from a by b; Mon, 1 Jan 2018 00:00:00 +0000\r\n" * 20_000 + "\r\nx").encode(),
        "headers",
    )
    yield "header of 1 MB", f"{HEAD}X-A: {'b' * 1_000_000}\r\n\r\nx".encode(), "headers larger than"
    yield "parts 50,000", multipart("\r\n--b\r\n\r\nx" * 50_000), "parts"
    yield "parts 100,000, empty", multipart("\r\n--b\r\n\r\n" * 100_000), "parts"
    yield "nested 500", nested(500), "deeper"
    yield "nested 1,000", nested(1_000), "deeper"
    yield "nested 10,000", nested(10_000), "deeper"
    yield "attached messages 400", attached(400), "deeper"
    yield "spaces before a letter, 40 lines of 990", f"{HEAD}\r\n{(chr(32) * 990 + chr(120) + chr(10)) * 40}".encode(), None
    yield "spaces after words of a quotation, 20,000", f"{HEAD}\r\nOn Monday Ann wrote{chr(32) * 20_000}x".encode(), None
    yield "parentheses in From 2,000", f"From: {'(' * 2_000}\r\n\r\nx".encode(), None
    yield "parentheses in From 200,000", f"From: {'(' * 200_000}\r\n\r\nx".encode(), None
    yield "quotation marks 20,000", f"From: {chr(34) * 20_001} <a@b.example>\r\n\r\nx".encode(), None
    yield "'On Mon' 20,000", f"{HEAD}\r\n{'On Mon ' * 20_000}".encode(), None
    yield "answers between dashes 20,000", f"{HEAD}\r\n{('a.' + chr(10) + '--' + chr(10)) * 20_000}".encode(), None
    yield "clauses of a footer 20,000", f"{HEAD}\r\n{'This message is confidential; ' * 20_000}".encode(), None
    yield "pipes in a reply 20,000", f"{HEAD.replace('probe', 'Re: probe')}\r\n{('| a' + chr(10)) * 20_000}".encode(), None
    yield "gaps after colons 20,000", f"{HEAD}\r\n{'@ 10:00 2018:  ' * 20_000}".encode(), None
    yield (
        "octets of no code 20,000",
        f"{HEAD}Content-Type: text/plain; charset=gb2312\r\n\r\n".encode() + b"\xc4\xe3\xff" * 20_000,
        None,
    )
    yield (
        "boundaries that nobody names 600",
        f"{HEAD}Content-Type: multipart/mixed\r\n\r\n{('--x' + chr(10) + 'Content-Type: text/plain' + chr(10)) * 600}".encode(),
        None,
    )
    yield "short lines 50,000", f"{HEAD}\r\n{'a>' + chr(10) * 1}".encode() + b"> x\n\ny\n" * 25_000, None
    yield "rules 50,000", f"{HEAD}\r\n".encode() + b"____\n" * 50_000, None
    yield "div 20,000", page("<div>" * 20_000 + "x"), None
    yield "comments 50,000", page("<!--" * 50_000), None
    yield "lists 20,000", page("<ul><li>" * 20_000), None
    yield "table 100,000 cells", page("<table><tr>" + "<td>x" * 100_000), None
    yield "uuencode 20,000", f"{HEAD}\r\n".encode() + b"begin 644 a\n" * 20_000, None
    yield "one line of 5 MB", f"{HEAD}\r\n".encode() + b"x" * 5_000_000, None
    yield "answers of 20,000 colours", page(ASKED + "".join(f'<p style="color:#{n:06x}">A' for n in range(0, 1 << 20, 53))), None
    yield "answers in brackets 20,000", f"{HEAD}\r\n{ASKED_PLAIN}{'[A] x' + chr(10)}".encode() + b"[A] x\n" * 20_000, None
    yield (
        "rules of style 2,000 on 10,000 elements",
        page(f"<style>{'.a .b{color:red}' * 2_000}</style>{'<b class=b>x</b>' * 10_000}"),
        None,
    )
    yield "hidden words 20,000", page("a<b style='display:none'>x</b>" * 20_000), None
    yield "lines of dashes 20,000", f"{HEAD}\r\n".encode() + b"--- a/file\n+++ b/file\n" * 20_000, None
    yield "fonts 20,000", RTF + b"{\\rtf1{\\fonttbl" + b"{\\f1 A;}" * 20_000 + b"} x}", None
    yield "footers 20,000", f"{HEAD}\r\n".encode() + b"-- \nsent from my x\n" * 20_000, None


def people(count: int) -> str:
    """So many mailboxes."""
    return ",\r\n ".join(f"Person {number} <p{number}@host{number % 7}.example>" for number in range(count))


def multipart(body: str) -> bytes:
    """A message whose boundary is b."""
    return f'{HEAD}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n{body}\r\n--b--\r\n'.encode()


def nested(depth: int) -> bytes:
    """Multiparts in multiparts."""
    body = "".join(f'--b{n}\r\nContent-Type: multipart/mixed; boundary="b{n + 1}"\r\n\r\n' for n in range(depth))
    return (
        f'{HEAD}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b0"\r\n\r\n{body}--b{depth}\r\n\r\nx\r\n'.encode()
    )


def attached(depth: int) -> bytes:
    """Messages in messages."""
    return (HEAD + "Content-Type: message/rfc822\r\n\r\n").encode() * depth + HEAD.encode() + b"\r\nx"


def page(source: str) -> bytes:
    """An HTML message."""
    return f"{HEAD}Content-Type: text/html; charset=utf-8\r\n\r\n<html><body>{source}".encode()

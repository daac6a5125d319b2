"""A round of our own whose answers hold what breaks documents: marks of every format that we write, long words, signs without width,
tables and lists within answers, scripts that run both ways, long answers. Everybody and everything in it is invented."""

from __future__ import annotations

import email.message
import email.policy
import io
import json
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import docx

ROUND = """
id = "odd"
topic = "Odd <contents> & {{ braces }} #set [x] $y$"
working_group = "Group *of* _odd_ `things`"
time_zone = "Europe/Zurich"
[dates]
decided = 2026-09-16
opened = 2026-09-30
response_deadline = 2027-01-09T23:59:59+01:00
physical_consultation = 2027-02-08
group_meeting_start = 2027-02-10
group_meeting_end = 2027-02-11
[channels]
address = "odd@consult.example"
trusted_hosts = ["mx.consult.example"]
[[questions]]
number = 1
text = { en = "What are the obstacles to connecting <rural> & remote schools?" }
[[questions]]
number = 2
text = { en = "What should come first, and at whose cost?" }
"""
MARKS = (
    "We write #set text(red) and #let x = 1, $x^2 + y_1$ and @label, {{ 7*7 }} and {% raw %}, <b>bold?</b> &amp; &#65; ]]> <!-- no -->, "
    "\\alpha \\\\ and `code` and *stars* and _lines_ and ~~gone~~ and [a](b) and ![c](d), |a|b|, = no heading, //comment/, /* none */ "
    "'single' \"double\" ‘curly’ “curly” «angled» ... --- -- – — % ^ ~ and C:\\new\\table and 1) 2. 3] and ﬁne ﬂow."
)
WIDTHS = (
    "Zero\u200bwidth, soft\u00adhyphen, no\u00a0break, narrow\u202fspace, word\u2060joiner, figure\u2007space, joined\u200dhere, "
    "e\u0301 and é, A\u030a and Å, ﷺ, ½ ² ①, ⅔, Ⅳ, № 5, ℡, and a sign from far away: 𝒜 𐍈 ꙮ."
)
FACES = "A family 👨‍👩‍👧‍👦, a wave 👋🏽, a flag 🇨🇭, a key 2️⃣, a heart ❤️ and text goes on."
LONG = (
    "Un"
    + "ausweichlich" * 60
    + "keit ends; "
    + "https://house6.example/"
    + "a-very-long-path/" * 40
    + "?q=1&r=2#end is where it stands."
)
BOTH = (
    "The ministry says «النطاق العريض 45% في عام 2017» and the institute says «פס רחב» and then goes on in English (ITU-T G.9701) to "
    "the end of 3.5 GHz."
)
ARABIC = (
    "تكلفة الميل الأخير هي العقبة الرئيسية (نحو 45% من المدارس) وفق تقرير ITU-D لعام 2017، ولا تصل الشبكات إلى القرى؛ "
    "لا بدّ من إشراك النساء: أولاً، التدريب؛ ثانياً، خفض الأسعار."
)
CHINESE = "农村学校的宽带接入成本过高，“最后一公里”是主要障碍。" * 30 + "引号、破折号——以及（全角）符号：１２３，都应当保留。"
NUMBERS = "The cost was\n    1. 234 per school\n    2. 345 per library\n+ 12.5 %\n- 7 less\n> 9 more\n# 1 in the list\n=== 3 ===\nas of 1.1.2017"
TABLE = """<p>Question 1</p><p>Our <b>figures</b> are <i>these</i> &lt;in per cent&gt;:</p>
<table><tr><th>Country</th><th>Share</th></tr><tr><td>Alpha | Beta</td><td>45 &amp; more</td></tr><tr><td>لبنان</td><td>12.5%</td></tr></table>
<ul><li>first thing<ul><li>a thing below it<ol><li>and one below that</li></ol></li></ul></li><li>second thing</li></ul>
<p>Question 2</p><p>Line one<br>line two&nbsp;with a hard space.</p>"""


def write_round(folder: Path) -> Path:
    """The round as a folder in the form of rounds/FORMAT.md, without labels."""
    (folder / "messages").mkdir(parents=True)
    (folder / "round.toml").write_text(ROUND, "utf-8")
    pairs = ((MARKS, WIDTHS), (WIDTHS, FACES), (FACES, MARKS), (LONG, NUMBERS), (BOTH, LONG), (ARABIC, BOTH), (CHINESE, ARABIC))
    mails = [_mail(n, f"Question 1\n\n{one}\n\nQuestion 2\n\n{two}\n") for n, (one, two) in enumerate(pairs, 1)]
    mails += [_mail(8, TABLE, subtype="html"), _with_document(9, _paragraphs())]
    lines = []
    start = datetime(2026, 12, 1, 10, tzinfo=timezone(timedelta(hours=1)))
    for number, mail in enumerate(mails, 1):
        at = start + timedelta(days=number)
        received = f"Received: from out.example by mx.consult.example with ESMTPS; {at:%a, %d %b %Y %H:%M:%S %z}\r\n"
        (folder / "messages" / f"{number:04}.eml").write_bytes(received.encode() + mail.as_bytes(policy=email.policy.SMTP))
        lines.append(json.dumps({"file": f"{number:04}.eml", "mailbox": "INBOX", "internaldate": at.isoformat()}))
    (folder / "arrivals.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "decisions.jsonl").write_text("", "utf-8")
    return folder


def _mail(number: int, text: str, subtype: str = "plain") -> email.message.EmailMessage:
    mail = email.message.EmailMessage()
    mail["From"] = f"Ana Berg <ana@house{number}.example>"
    mail["To"] = "odd@consult.example"
    mail["Subject"] = f"Response of House {number}"
    mail["Date"] = "Tue, 01 Dec 2026 10:00:00 +0100"
    mail["Message-ID"] = f"<m{number}@house{number}.example>"
    signed = (
        f"<p>--<br>Ana Berg<br>House {number} University</p>"
        if subtype == "html"
        else f"\n-- \nAna Berg\nHouse {number} University\n"
    )
    mail.set_content(text + signed, subtype=subtype)
    return mail


def _paragraphs() -> Sequence[str]:
    """A document of some twenty pages."""
    said = f"{MARKS} {BOTH} " * 2
    return ["Question 1", *(f"{n}. {said}" for n in range(1, 60)), "Question 2", WIDTHS, ARABIC]


def _with_document(number: int, paragraphs: Sequence[str]) -> email.message.EmailMessage:
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    table = made.add_table(rows=2, cols=3)
    for index, text in enumerate(("a | b", "<c>", "#d", "هنا", "2.5%", "f\u00ad\u200bg")):
        table.rows[index // 3].cells[index % 3].text = text
    out = io.BytesIO()
    made.save(out)
    mail = _mail(number, "Please find our answers enclosed.\n")
    kind = "vnd.openxmlformats-officedocument.wordprocessingml.document"
    mail.add_attachment(out.getvalue(), maintype="application", subtype=kind, filename="answers.docx")
    return mail

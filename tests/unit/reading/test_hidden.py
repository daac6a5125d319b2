"""What nobody sees of a page or a document is marked, what is seen is not; the words stay in the text either way."""

from __future__ import annotations

import pytest

from intake.model.text import SpanKind
from intake.reading.html import read_html
from intake.reading.spans import spans_of
from tests.corpus.test_reading_corpus import WORDS

PAGE = "<html><head><style>{css}</style></head><body><p>Before.</p>{html}<p>After.</p></body></html>"
HIDDEN = {
    "a class": (".h{display:none}", "<div class='x h'>SECRET</div>"),
    "a class in an old sheet": ("<!-- /* a */ .h{/* b */display:none} -->", "<div class=h>SECRET</div>"),
    "an id": ("#h{visibility:hidden}", "<p id=h>SECRET</p>"),
    "descendants": ("div.a p .h, y{display:none}", "<div class=a><p>SEEN <i><span class=h>SECRET</span></i></p></div>"),
    "children": ("div>span{display:none}", "<div><b><span>SEEN</span></b><span>SECRET</span></div>"),
    "a sheet for every screen": ("@media screen{.h{display:none}}", "<p class=h>SECRET</p>"),
    "important": (".h{display:none !important}", "<p class=h style='display:block'>SECRET</p>"),
    "off the page": (".h{position:absolute;left:-9999px}", "<div class=h>SECRET</div>"),
    "off the page, above": ("", "<div style='top: -500em; position: fixed'>SECRET</div>"),
    "off the page by an indent": ("", "<p style='text-indent:-9999px'>SECRET</p>"),
    "off the page by a margin": ("", "<p style='margin:0 0 0 -5000px'>SECRET</p>"),
    "moved away": ("", "<p style='transform:translateX(-9999px)'>SECRET</p>"),
    "made small": ("", "<p style='transform:scale(0)'>SECRET</p>"),
    "let through": (".h{opacity:0}", "<p class=h>SECRET</p>"),
    "almost let through": ("", "<p style='opacity:.01'>SECRET</p>"),
    "cut off": ("", "<p style='position:absolute;clip:rect(0 0 0 0)'>SECRET</p>"),
    "cut off by a path": ("", "<p style='clip-path:inset(100%)'>SECRET</p>"),
    "no height": ("", "<p style='overflow:hidden;max-height:0px'>SECRET</p>"),
    "small letters by class": (".h{font-size:1px}", "<p class=h>SECRET</p>"),
    "small letters": ("", "<p style='font:0/0 a'>SECRET</p>"),
    "small letters around large ones": ("", "<div style='font-size:0px'>SECRET<b style='font-size:13px'>SEEN</b></div>"),
    "unseen around seen": (".h{visibility:hidden}.s{visibility:visible}", "<p class=h>SECRET <b class=s>SEEN</b></p>"),
    "white": (".h{color:#fefefe}", "<p class=h>SECRET</p>"),
    "blue on blue": ("", "<div style='background:#00f'><p style='color:#fff'>SEEN</p><p style='color:blue'>SECRET</p></div>"),
    "transparent": ("", "<p style='color:rgba(0,0,0,0)'>SECRET</p>"),
    "in a cell": ("", "<table><tr><td>SEEN<td>b <span style='display:none'>SECRET</span></table>"),
    "in a sentence": ("", "<p>SEEN <span style='display:none'>SECRET</span> words</p>"),
    "the attribute": ("", "<p hidden>SECRET</p>"),
    "a comment in a style": ("", "<p style='display:/* x */none'>SECRET</p>"),
    "important with a space": ("", "<p style='VISIBILITY : hidden ! important'>SECRET</p>"),
    "yellow on yellow": ("", "<p>SEEN <span style='background:yellow;color:#ff0'>SECRET</span></p>"),
    "an attribute": ("[data-x]{display:none}", "<p data-x=1>SECRET</p>"),
    "an attribute's value": ("p[data-x='a,b']{display:none}", "<p data-x='a,b'>SECRET</p><p data-x=b>SEEN</p>"),
    "a word of an attribute": ('[class~="h"] , y{display:none}', "<p class='x h'>SECRET</p>"),
    "part of an attribute": ("div[id*=nv] p{display:none}", "<div id=invisible><p>SECRET</p></div>"),
    "beginning and end": (
        "[lang|=en][title^=a][title$=z]{display:none}",
        "<p lang=en-GB title=abz>SECRET</p><p lang=en>SEEN</p>",
    ),
    "all but": ("div p:not(.s):not([title]){display:none}", "<div><p class=s>SEEN</p><p title=x>SEEN</p><p>SECRET</p></div>"),
    "the next one": ("i + b{display:none}", "<p><i>SEEN</i><!-- x --><b>SECRET</b><b>SEEN</b></p>"),
    "those after": ("i~b{display:none}", "<p><b>SEEN</b><i>SEEN</i><u>SEEN</u><b>SECRET</b></p>"),
    "the first": ("li:first-child{display:none}", "<ul><li>SECRET</li><li>SEEN</li></ul>"),
    "on a desk": ("@media only screen and (min-width:480px){.h{display:none}}", "<p class=h>SECRET</p>"),
    "on paper or a desk": ("@media print, (min-width: 30em) and (max-width: 2000px){.h{display:none}}", "<p class=h>SECRET</p>"),
    "Arabic": (".h{display:none}", "<p dir=rtl>SEEN مرئي</p><p dir=rtl class=h>SECRET سري</p>"),
    "Chinese": (".h{opacity:0%}", "<p>SEEN 可见<span class=h>SECRET 不可见</span></p>"),
}
SEEN = {
    "only on paper": ("@media print{p{display:none}}", "<p>SEEN</p>"),
    "only on telephones": ("@media only screen and (max-width:600px){.m{display:none!important}}", "<p class=m>SEEN</p>"),
    "overruled": (".h{display:none}.h{display:block}", "<p class=h>SEEN</p>"),
    "overruled by weight": ("p.h{display:block}.h{display:none}", "<p class=h>SEEN</p>"),
    "overruled inline": (".h{display:none}", "<p class=h style='display:block'>SEEN</p>"),
    "another class": (".hh{display:none}", "<p class=h>SEEN</p>"),
    "not inside": (".a .h{display:none}", "<p class=h>SEEN</p>"),
    "an attribute that is not there": ("[owa] p, [title]{display:none}", "<p>SEEN</p>"),
    "an attribute of another value": ("[title=''],[title^=''],[title*=b]{display:none}", "<p title=a>SEEN</p>"),
    "not the next one": ("u + .h, i > .h{display:none}", "<p><i>SEEN</i><b class=h>SEEN</b></p>"),
    "a state that is not known": ("p:has(b), p:nth-child(2n), p::before, p:not(:hover){display:none}", "<p><b>SEEN</b></p>"),
    "in the dark": ("@media (prefers-color-scheme: dark){p{color:#fff}}", "<p>SEEN</p>"),
    "a wall of screens": ("@media screen and (min-width: 4000px){p{display:none}}", "<p>SEEN</p>"),
    "a state": (".h:hover{display:none}", "<p class=h>SEEN</p>"),
    "white on a picture": ("", "<div style='background:url(a;b.png) #fff'><p style='color:#fff'>SEEN</p></div>"),
    "white on dark by class": (".d{background-color:#123}", "<div class=d><p style='color:#fff'>SEEN</p></div>"),
    "a link in white": ("", "<div style='color:#fff'><a href=x>SEEN</a></div>"),
    "an indent": ("", "<p style='text-indent:-18.0pt;margin-left:36pt'>SEEN</p>"),
    "centred": ("", "<div style='position:absolute;left:50%;transform:translate(-50%,-50%)'>SEEN</div>"),
    "a share of the size": ("", "<p style='font-size:80%'>SEEN</p>"),
    "a picture over the ground": ("", "<div style='background:linear-gradient(#000,#111);color:#fff'>SEEN</div>"),
    "a ground without a number sign": ("", "<table><tr><td bgcolor=4472C4><font color=white>SEEN</font></table>"),
    "a colour by variable": ("", "<p style='color:var(--x)'>SEEN</p>"),
    "Outlook": ("p.MsoNormal{margin:0cm;font-size:11.0pt}", "<p class=MsoNormal style='mso-line-height-rule:exactly'>SEEN</p>"),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_by(name: str) -> None:
    css, html = HIDDEN[name]
    page = read_html(PAGE.format(css=css, html=html), 10**6, 400)
    hidden = " ".join(page.text[start:end] for start, end in page.hidden)
    assert "SECRET" in hidden
    assert "SEEN" not in hidden
    assert "Before" not in hidden
    assert "After" not in hidden
    assert ("SEEN" in page.text) == ("SEEN" in html)


@pytest.mark.parametrize("name", SEEN)
def test_seen(name: str) -> None:
    css, html = SEEN[name]
    page = read_html(PAGE.format(css=css, html=html), 10**6, 400)
    assert "SEEN" in page.text
    assert not page.hidden


def test_a_sentence_stays_whole_around_what_is_hidden_in_it() -> None:
    page = read_html("<p>Hello <span style='display:none'>SECRET</span> world</p>", 10**6, 400)
    assert page.text == "Hello world\nSECRET"
    assert page.text[slice(*page.hidden[0])] == "SECRET"


def test_the_page_s_own_letters_may_be_white() -> None:
    page = read_html("<body text='#ffffff'>SECRET<font color=black>SEEN</font></body>", 10**6, 400)
    assert [page.text[start:end] for start, end in page.hidden] == ["SECRET"]


def test_a_hidden_item_has_no_number() -> None:
    assert read_html("<ol><li>one<li style='display:none'>SECRET<li>two</ol>", 10**6, 400).text == "1. one\nSECRET\n2. two"


@pytest.mark.parametrize("line", ["-----Original Message-----", "-- ", "On 3 December 2018, a@example.org wrote:", "> x"])
def test_hidden_words_make_no_quotation_of_what_follows(line: str) -> None:
    page = read_html(f"<p>Ours.</p><div style='display:none'>{line}</div><p>Ours too.</p>", 10**6, 400)
    spans = spans_of(page.text, WORDS, hidden=page.hidden)
    assert [span.kind for span in spans] == [SpanKind.NEW, SpanKind.HIDDEN, SpanKind.NEW]


@pytest.mark.parametrize(
    "css",
    ["/*" * 100_000, "{" * 100_000, "@media x{" * 30_000, ".a," * 60_000 + "{color:red}", ".a{color:red}" * 15_000,
     ".a[x," * 60_000 + "{color:red}", "[a=b] ~ .b{color:red}" * 2_000, ":not(" * 50_000 + "{color:red}", ".a+" * 50_000 + ".b{color:red}",
     "[" * 100_000 + "{color:red}", "@media " + "(min-width:1px) and " * 20_000 + "{.b{color:red}}",
     ".a .a .a .a .a .a .a .b{color:red}" * 2_000, "x{" + "color:" * 30_000],
)  # fmt: skip
def test_any_sheet_is_read(css: str) -> None:
    html = "<div class=a>" * 300 + "<b class=b>x</b>" * 2_000
    assert read_html(PAGE.format(css=css, html=html), 10**6, 400).text.count("x") == 2_000

"""Take the HTML out of a text."""

import html
import re
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Card, Columns, Desk, Example, Rewrite

from .rows import changed

MARKUP = re.compile(
    r"""<(?:
        !--(?P<comment>)
      | (?P<close>/)?(?P<name>[A-Za-z][A-Za-z0-9-]*+(?::[A-Za-z][A-Za-z0-9-]*+)?)(?=[/>]|\s++[\w:@*\#\[(."'{>/])
        (?P<rest>(?:[^"'<>]++|"[^"]*+"|'[^']*+')*+>|[^<>]*+>)
      | (?:![A-Za-z]|!\[|\?)[^<>]*+>
    )""",
    re.VERBOSE,
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
CLOSING = re.compile(r"</([A-Za-z][A-Za-z0-9:-]*+)\s*>")
# what no reader sees, and what closes it
UNREAD = {"<!--": re.compile("-->")} | {name: re.compile(rf"(?i)</{name}\s*>") for name in ("script", "style", "noembed", "template")}

SPACE, LINE, PARAGRAPH = 1, 2, 3
SEPARATORS = ("", " ", "\n", "\n\n")
CELLS = "td th"
LINES = """
    address body button caption center col colgroup dd dialog dir div dt fieldset figcaption footer form frame frameset head header hgroup html
    iframe input isindex legend li link main map menu meta nav noframes noscript optgroup option param select summary tbody textarea tfoot thead
    tr"""
PARAGRAPHS = "article aside blockquote details dl figure h1 h2 h3 h4 h5 h6 hr ol p pre section table title ul"
INLINE = """
    a abbr acronym applet area audio b base basefont bdi bdo bgsound big blink canvas cite code data datalist del dfn em embed font i image img
    ins kbd keygen label mark marquee meter nobr noembed object output picture plaintext portal progress q rb rp rt rtc ruby s samp script
    search slot small source spacer span strike strong style sub sup svg template time track tt u var video wbr xmp circle clippath defs ellipse
    filter g line lineargradient mask math mfrac mi mn mo mrow msqrt mstyle msub msup mtable mtd mtext mtr path polygon polyline radialgradient
    rect semantics stop symbol text tspan use"""
BREAKS = dict.fromkeys(CELLS.split(), SPACE) | dict.fromkeys(LINES.split(), LINE) | dict.fromkeys(PARAGRAPHS.split(), PARAGRAPH)
ELEMENTS = frozenset(INLINE.split()) | BREAKS.keys() | {"br"}


class StripHtml(Rewrite):
    """Take out tags, comments, scripts and styles, decode entities, and make blocks lines of their own.

    Only what is HTML goes: `a < b`, `<ann@example.org>`, `List<String>` and `<your name>` stay. A tag of an unknown name goes
    if it has attributes or is closed somewhere in the text. A script or comment that is never closed loses its tag alone.
    """

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=25.0,
        aliases=(
            "remove html tags",
            "strip html",
            "strip tags",
            "html to text",
            "html to plain text",
            "clean html",
            "remove markup",
            "unescape html entities",
            "decode entities",
            "remove scripts and styles",
            "remove xml tags",
            "web page to text",
            "<br> and <p>",
        ),
        not_for=("remove markdown", "main text of a web page without menus", "fix encoding"),
        examples=(
            Example(
                given={"text": ["<p>Hi <b>you</b></p><p>R&amp;D</p>", "one<br>two", "<script>x()</script>text<!-- no -->"]},
                gives={"text": ["Hi you\n\nR&D", "one\ntwo", "text"]},
            ),
            Example(
                given={"text": ["a < b and c > d", "write to <ann@example.org>", "&lt;b&gt; is a tag"]},
                gives={"text": ["a < b and c > d", "write to <ann@example.org>", "<b> is a tag"]},
            ),
        ),
    )

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        return {"text": changed(texts, pc.match_substring_regex(texts, "<[A-Za-z/!?]|&[#A-Za-z]"), plain)}


def plain(text: str) -> str:
    """The text of an HTML text."""
    page, start = _Page(text), 0
    while markup := MARKUP.search(text, start):
        stop = page.skip(markup)
        if stop is None:  # no markup after all
            page.say(text[start : markup.start() + 1])
            start = markup.start() + 1
            continue
        page.say(text[start : markup.start()])
        page.part(markup)
        start = stop
    page.say(text[start:])
    return "".join(page.parts)


class _Page:
    """Collects text, and between the pieces the widest break that a tag asked for."""

    def __init__(self, text: str) -> None:
        self.parts: list[str] = []
        self._text = text
        self._break = 0
        self._unclosed: set[str] = set()
        self._closed: frozenset[str] | None = None

    def skip(self, markup: re.Match[str]) -> int | None:
        """Where the text goes on behind this markup; None if it is none."""
        if markup["comment"] is not None:
            return self._behind("<!--", markup.end())
        name = (markup["name"] or "").lower()
        if name and not self._is_tag(name, markup["rest"]):
            return None
        if name in UNREAD and not markup["close"]:
            return self._behind(name, markup.end())
        return markup.end()

    def part(self, markup: re.Match[str]) -> None:
        """Break where the tag says so."""
        name = (markup["name"] or "").lower()
        wanted = min(max(self._break, SPACE) + 1, PARAGRAPH) if name == "br" else BREAKS.get(name, 0)
        self._break = max(self._break, wanted)
        while wanted and self.parts:
            self.parts[-1] = self.parts[-1].rstrip()
            if self.parts[-1]:
                break
            self.parts.pop()

    def say(self, piece: str) -> None:
        said = ENTITY.sub(lambda entity: html.unescape(entity.group()), piece)
        if self._break:
            said = said.lstrip()
            if said and self.parts:
                self.parts.append(SEPARATORS[self._break])
            self._break = 0 if said else self._break
        if said:
            self.parts.append(said)

    def _behind(self, opener: str, start: int) -> int:
        """Behind what closes this, or where it starts if nothing does."""
        closing = None if opener in self._unclosed else UNREAD[opener].search(self._text, start)
        if closing is None:
            self._unclosed.add(opener)  # not looked for again: many that are never closed must not take quadratic time
        return closing.end() if closing else start

    def _is_tag(self, name: str, rest: str) -> bool:
        if name in ELEMENTS or '="' in rest or "='" in rest or rest.endswith("/>"):
            return True
        if self._closed is None:
            self._closed = frozenset(found.lower() for found in CLOSING.findall(self._text))
        return name in self._closed

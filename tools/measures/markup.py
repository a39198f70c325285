"""How much of a text is no text: web addresses and tags of HTML."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.characters import SPACE_CLASS
from tools.contract import Bounded, Card, Columns, Desk, Example

from .shape import quotient

URL = rf"(?i)(?:https?://|www\.)[^{SPACE_CLASS[1:-1]}<>\"]+"
TAG = r"</?[A-Za-z][^<>]*>|<!--[^<>]*-->|<![A-Za-z][^<>]*>"


class UrlShare(Bounded):
    """The share of characters that belong to web addresses. Lists of links have much, prose next to nothing.

    An address begins with `http://`, `https://` or `www.` and goes on to white space, a quotation mark or an angle bracket. The share
    is of all characters; a text without characters has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"url_share": pa.float64()},
        exact=True,
        micros_per_row=4.0,
        aliases=(
            "share of urls",
            "share of links",
            "url share",
            "mostly urls",
            "mostly links",
            "too many links",
            "too many urls",
            "lists of links",
            "characters in urls",
            "characters that are urls",
            "percentage of the text that is links",
            "link farms",
        ),
        not_for=("texts with any link: use matches", "remove links from the text", "the site a row comes from: use url_domain"),
        examples=(
            Example(given={"text": ["see http://a.bc now", "www.a.b", "plain", ""]}, gives={"url_share": [11 / 19, 1.0, 0.0, 0.0]}),
            Example(params={"at_most": 0.3}, given={"text": ["https://example.org/a https://example.org/b", "It rained."]}, keeps=(1,)),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"url_share": _share_of(batch["text"], URL, desk)}


class HtmlTagShare(Bounded):
    """The share of characters that belong to tags of HTML. What is left of it in a text shows that the markup was not taken out.

    Tags, comments and declarations count; `a < b` is none. The share is of all characters; a text without characters has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"html_tag_share": pa.float64()},
        exact=True,
        micros_per_row=4.0,
        aliases=(
            "share of html tags",
            "html tag share",
            "mostly html",
            "mostly markup",
            "too much html",
            "too many html tags",
            "too much markup",
            "markup left over",
            "characters in html tags",
            "percentage of the text that is html",
        ),
        not_for=("remove html from the text: use strip_html", "texts with any tag: use matches"),
        examples=(
            Example(given={"text": ["<b>hi</b>", "a < b > c", "<!-- x -->", ""]}, gives={"html_tag_share": [7 / 9, 0.0, 1.0, 0.0]}),
            Example(params={"at_most": 0.2}, given={"text": ["<div><p>a</p></div>", "It <i>really</i> rained all day long."]}, keeps=(1,)),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"html_tag_share": _share_of(batch["text"], TAG, desk)}


def _share_of(texts: pa.Array, pattern: str, desk: Desk) -> pa.Array:
    """The share of characters that a pattern matches."""
    whole = desk.scan(texts).characters
    left = pc.utf8_length(pc.replace_substring_regex(texts, pattern, ""))
    return quotient(pc.subtract(whole, left), whole)

"""Take web addresses out of texts."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Card, Columns, Desk, Example, Rewrite

from .taken_out import replaced, taken_out

HINT = r"(?i)https?://|ftp://|\bwww\."
# an address ends before white space, a bracket it did not open, the punctuation of the sentence, and a script written without spaces
_INNER = r"[^\s<>\"'`()\[\]{}\\|^\p{Han}\p{Hiragana}\p{Katakana}\x{3000}-\x{303f}\x{ff00}-\x{ffef}“”‘’«»…]"
_LAST = r"[^\s<>\"'`()\[\]{}\\|^\p{Han}\p{Hiragana}\p{Katakana}\x{3000}-\x{303f}\x{ff00}-\x{ffef}“”‘’«»….,;:!?*_~]"
_BRACKETS = r"\([^\s()<>]*\)"
URL = rf"(?i:https?://|ftp://|\bwww\.)(?:{_INNER}|{_BRACKETS})*(?:{_LAST}|{_BRACKETS})"
MARKDOWN = rf"!?\[([^\[\]]*)\]\(<?{URL}>?(?:\s+\"[^\"]*\")?\)"
WRAPPED = rf"<{URL}>|\({URL}\)|{URL}"


class RemoveUrls(Rewrite):
    """Take web addresses out, or put a word in their place. Links in Markdown keep their words.

    An address begins with `http://`, `https://`, `ftp://` or `www.`; the full stop of the sentence, a bracket around it, and Chinese or
    Japanese text right behind it are no part of it. A space that would be left over goes too.
    """

    replacement: str = Field(default="", description="What stands in place of each address, such as [URL]; empty: nothing.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=7.5,
        proof="none of the 2,474 links of 19,843 tweets is left, and tweets without one are untouched (2026-11-28)",
        aliases=(
            "remove urls",
            "drop links",
            "strip web addresses",
            "delete hyperlinks",
            "remove http links",
            "replace urls",
            "no links in the text",
            "mask urls",
        ),
        not_for=("rows that are mostly links: use url_share", "e-mail addresses: use mask_pii", "one row per address: use url_dedup"),
        examples=(
            Example(
                given={
                    "text": ["See https://a.org/x_(y)?z=1. Or [here](http://b.com).", "www.c.net/d, (http://e.f)", "见https://t.cn/Ab转发", "no link"]
                },
                gives={"text": ["See. Or here.", ",", "见转发", "no link"]},
            ),
            Example(params={"replacement": "[URL]"}, given={"text": ["Go to <http://a.b/c>!"]}, gives={"text": ["Go to <[URL]>!"]}),
        ),
    )

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        if self.replacement:
            return {"text": replaced(texts, HINT, URL, self.replacement)}
        linked = pc.match_substring(texts, "](")
        if pc.any(linked).as_py():
            texts = pc.replace_with_mask(texts, linked, pc.replace_substring_regex(texts.filter(linked), MARKDOWN, r"\1"))
        return {"text": taken_out(texts, HINT, WRAPPED)}

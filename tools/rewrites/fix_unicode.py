"""Repair text that was decoded wrongly."""

import re
from functools import cache
from typing import TYPE_CHECKING, ClassVar
from unicodedata import is_normalized

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Card, Columns, Desk, Example, Rewrite

from .rows import changed

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

# what no step of ftfy touches: printable ASCII but `&`, and tab, line feed, form feed
NOT_PLAIN = r"[^\t\n\f -%'-~]"
PLAIN_LINE = re.compile(r"[\t\n\f -%'-~]*+")
LINE = re.compile(r"[^\n]*+\n|[^\n]++")


class FixUnicode(Rewrite):
    """Repair mojibake and other damage to characters: `schÃ¶n` becomes `schön`.

    It does what the library ftfy does: repairs wrong decodings, decodes entities in texts without markup, makes line breaks
    `\\n`, full-width letters and ligatures plain, composes accents (NFC) and takes out control characters and terminal escapes.
    """

    straight_quotes: bool = Field(default=True, description="Make curly quotation marks straight.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=80.0,
        aliases=(
            "fix unicode",
            "fix encoding",
            "repair mojibake",
            "mojibake",
            "broken characters",
            "garbled text",
            "wrong encoding",
            "broken accents",
            "broken umlauts",
            "encoding errors",
            "weird characters",
            "remove control characters",
            "normalise unicode",
            "ftfy",
        ),
        not_for=("remove html tags", "strip emoji", "drop rows with symbols"),
        examples=(
            Example(given={"text": ["schÃ¶n", "plain", "â€œquotedâ€\x9d"]}, gives={"text": ["schön", "plain", '"quoted"']}),
            Example(given={"text": ["R&amp;D", "a\r\nb", "\x1b[1mbold\x1b[0m"]}, gives={"text": ["R&D", "a\nb", "bold"]}),
        ),
    )

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        return {"text": changed(texts, pc.match_substring_regex(texts, NOT_PLAIN), self._fixed)}

    def _fixed(self, text: str) -> str:
        """As ftfy does, line by line, but it only sees the lines that it may change."""
        from ftfy import TextFixerConfig, fix_text

        config = TextFixerConfig(uncurl_quotes=self.straight_quotes, explain=False)
        fixed = []
        for line in LINE.findall(text):
            # a line keeps its break, which may be half of what is to be fixed
            fixed.append(line if PLAIN_LINE.fullmatch(line) or _is_sound(line, config) else fix_text(line, config))
            if "<" in line:
                config = config._replace(unescape_html=False)  # from the first markup on, entities are markup too
        return "".join(fixed)


def _is_sound(line: str, config: "TextFixerConfig") -> bool:
    """Whether no step changes it: no entity, no mojibake, nothing to compose, and only characters that are left alone one by one."""
    from ftfy import fix_text
    from ftfy.badness import is_bad

    left_alone = _left_alone(config.uncurl_quotes)
    unknown = set(line) - left_alone
    left_alone |= {character for character in unknown if fix_text(character, config._replace(fix_encoding=False)) == character}
    return "&" not in line and unknown <= left_alone and is_normalized("NFC", line) and not is_bad(line)


@cache
def _left_alone(straight_quotes: bool) -> set[str]:
    """Characters known to be left alone; it grows as they are met."""
    return set()

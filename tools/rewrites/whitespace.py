"""Bring white space into one form."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.characters import SPACE_CLASS
from tools.contract import Card, Columns, Desk, Example, Rewrite

BREAK = r"(?:\r\n|[\n\r\x0b\x0c\x{85}\x{2028}\x{2029}])"
BLANK = r"[\t\x1c-\x20\x{a0}\x{1680}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}]"  # white space within a line
UNTIDY = rf"{BLANK}{{2,}}|[^\P{{Z}} ]|[\t\x0b-\r\x1c-\x1f\x{{85}}]| \n|\n |\n{{3,}}|^{SPACE_CLASS}|{SPACE_CLASS}$"
UNTIDY_LINE = rf"{SPACE_CLASS}{{2,}}|[^\P{{Z}} ]|[\t-\r\x1c-\x1f\x{{85}}]|^ | $"


class NormaliseWhitespace(Rewrite):
    """Collapse runs of blanks and tabs to one space, allow at most one blank line, take off space at the ends.

    Line breaks of every kind become `\\n`. The indentation of code is lost with the rest: use it on prose.
    """

    keep_lines: bool = Field(default=True, description="Keep line breaks; otherwise the text becomes one line.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=25.0,
        aliases=(
            "normalise whitespace",
            "normalize whitespace",
            "collapse spaces",
            "extra spaces",
            "double spaces",
            "squeeze blanks",
            "trim",
            "strip whitespace",
            "remove blank lines",
            "too many line breaks",
            "put it on one line",
            "tabs to spaces",
            "tidy up spacing",
        ),
        not_for=("drop empty rows", "white space share"),
        examples=(
            Example(given={"text": ["  a \t b  ", "a\r\n\r\n\r\n\r\nb", "a\n \n\nb\u00a0c", " "]}, gives={"text": ["a b", "a\n\nb", "a\n\nb c", ""]}),
            Example(params={"keep_lines": False}, given={"text": ["a\n\n b"]}, gives={"text": ["a b"]}),
        ),
    )

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        untidy = pc.fill_null(pc.match_substring_regex(texts, UNTIDY if self.keep_lines else UNTIDY_LINE), False)
        if not pc.any(untidy).as_py():
            return {"text": texts}
        tidied = texts.filter(untidy)
        for pattern, replacement in self._steps():
            tidied = pc.replace_substring_regex(tidied, pattern, replacement)
        return {"text": pc.replace_with_mask(texts, untidy, pc.utf8_trim_whitespace(tidied))}

    def _steps(self) -> tuple[tuple[str, str], ...]:
        if not self.keep_lines:
            return ((f"{SPACE_CLASS}+", " "),)
        return ((BREAK, "\n"), (f"{BLANK}+", " "), (" ?\n ?", "\n"), ("\n{3,}", "\n\n"))

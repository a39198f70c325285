"""Replace what matches a pattern."""

import re
from typing import ClassVar, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tools.contract import Card, Columns, Desk, Example, Rewrite
from tools.pattern import checked


class Replace(Rewrite):
    """Replace every match of a regular expression, by nothing unless told otherwise.

    The expression is RE2, which takes linear time on any text: it has no look-around and no back-references. In the
    replacement `\\1` is the first bracket and `\\0` the whole match. With `literal` both are taken as they stand.
    """

    pattern: str = Field(min_length=1, description="Regular expression (RE2), or the words themselves if `literal`.")
    replacement: str = Field(default="", description="What stands instead; \\1 to \\9 are the brackets of the pattern.")
    ignore_case: bool = Field(default=False, description="Upper and lower case are the same.")
    literal: bool = Field(default=False, description="Take pattern and replacement as they stand.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=8.0,
        aliases=(
            "replace",
            "find and replace",
            "substitute",
            "regex replace",
            "search and replace",
            "remove the phrase",
            "delete the words",
            "cut out a pattern",
            "remove urls",
            "strip a prefix",
            "strip a suffix",
            "swap words",
        ),
        not_for=("drop rows that contain", "mask personal data", "rename a column"),
        examples=(
            Example(params={"pattern": r"\s*\[\d+\]"}, given={"text": ["Fact [1] and [23].", "none"]}, gives={"text": ["Fact and.", "none"]}),
            Example(params={"pattern": r"(\w+)@(\w+)", "replacement": r"\2 at \1"}, given={"text": ["a@b"]}, gives={"text": ["b at a"]}),
            Example(
                params={"pattern": "C++", "replacement": "\\o/", "literal": True, "ignore_case": True},
                given={"text": ["c++ C"]},
                gives={"text": ["\\o/ C"]},
            ),
        ),
    )

    @model_validator(mode="after")
    def _compiles(self) -> Self:
        if not self.literal:
            checked(self.pattern)
        try:
            self._replaced(pa.array([""]))
        except pa.ArrowInvalid as error:
            reason = str(error).removeprefix("Invalid replacement string: ")
            raise ValueError(
                f"replacement {self.replacement!r} does not fit {self.pattern!r} ({reason}); write a literal backslash as \\\\"
            ) from None
        return self

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"text": self._replaced(batch["text"])}

    def _replaced(self, texts: pa.Array) -> pa.Array:
        pattern = re.escape(self.pattern) if self.literal else self.pattern
        replacement = self.replacement.replace("\\", "\\\\") if self.literal else self.replacement
        return pc.replace_substring_regex(texts, f"(?i){pattern}" if self.ignore_case else pattern, replacement)

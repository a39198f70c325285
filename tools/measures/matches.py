"""How often a pattern occurs in a text."""

from typing import ClassVar

import pyarrow as pa
from pydantic import Field, field_validator

from tools.contract import Bounded, Card, Columns, Desk, Example
from tools.pattern import checked, occurrences


class Matches(Bounded):
    """Count the matches of a regular expression. `at_least: 1` keeps the texts where it occurs, `at_most: 0` those where it does not.

    The expression is RE2, which takes linear time on any text: it has no look-around and no back-references. Matches do
    not overlap; `^` and `$` mean the ends of the text unless the expression begins with `(?m)`, and `.` stops at a line
    break unless it begins with `(?s)`.
    """

    pattern: str = Field(min_length=1, description="Regular expression (RE2).")
    ignore_case: bool = Field(default=False, description="Upper and lower case are the same.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"matches": pa.int32()},
        exact=True,
        micros_per_row=5.0,
        aliases=(
            "matches a regex",
            "regular expression",
            "contains the word",
            "contains the phrase",
            "mentions",
            "that mention",
            "does not contain",
            "without the word",
            "rows containing",
            "drop rows that contain",
            "grep",
            "starts with",
            "ends with",
            "pattern",
        ),
        not_for=("replace a pattern", "a column equals a value", "mask personal data"),
        examples=(
            Example(
                params={"pattern": "cat", "at_least": 1}, given={"text": ["a cat", "a dog", "Cat"]}, keeps=(0,), drops={1: "matches", 2: "matches"}
            ),
            Example(params={"pattern": "sorry", "ignore_case": True, "at_most": 0}, given={"text": ["Sorry, no", "yes"]}, keeps=(1,)),
            Example(params={"pattern": r"\ba"}, given={"text": ["a ab ba", ""]}, gives={"matches": [2, 0]}),
        ),
    )

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        return checked(pattern)

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"matches": occurrences(batch["text"], self.pattern, self.ignore_case)}

"""Whether a text is missing: null or nothing but white space."""

from typing import Annotated, ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import DECIDES, Card, Columns, Desk, Example, Measure, OneOf, Rule


class IsEmpty(Measure):
    """Tell the rows whose text is null or only white space; by default drop them."""

    keep: Annotated[Literal["filled", "empty", "all"], DECIDES] = Field(
        default="filled", description="Which rows go on: those with text, those without, or all of them, measured."
    )

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"is_empty": pa.bool_()},
        takes_nulls=True,
        exact=True,
        micros_per_row=0.3,
        aliases=(
            "drop empty rows",
            "remove empty texts",
            "remove blank rows",
            "blank",
            "empty",
            "null",
            "missing values",
            "drop missing",
            "drop nulls",
            "no text",
            "without an answer",
            "not empty",
            "non-empty",
            "only white space",
        ),
        not_for=("empty lines inside a text", "fill missing values"),
        examples=(
            Example(given={"text": ["a", "", None, " \n"]}, keeps=(0,), drops={1: "is_empty", 2: "is_empty", 3: "is_empty"}),
            Example(params={"keep": "empty"}, given={"text": ["a", "", None]}, keeps=(1, 2), drops={0: "is_empty"}),
            Example(params={"keep": "all"}, given={"text": ["a", " "]}, gives={"is_empty": [False, True]}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        is_blank = pc.equal(pc.utf8_ltrim_whitespace(batch["text"]), "")
        return {"is_empty": pc.fill_null(is_blank, True)}

    def rule(self) -> Rule:
        return () if self.keep == "all" else (OneOf("is_empty", (self.keep == "empty",)),)

"""A column computed from others."""

from typing import ClassVar

import pyarrow as pa
from pydantic import Field, field_validator

from tools.contract import ANY, Card, Columns, Desk, Example, Rewrite, Types
from tools.errors import RecipeError
from tools.expression import Expression, expression


class Derive(Rewrite):
    """Add a column, or replace one, by an expression over columns, written as in an SQL `select`.

    Nulls go in and come out as SQL has them: `'a' || null` is null, `concat('a', null)` is 'a'. A row that cannot be
    computed, as a failed cast, is quarantined; `try_cast` gives null there instead.
    """

    column: str = Field(min_length=1, description="The column to add or to replace.")
    value: str = Field(description="Expression over columns, such as: concat(title, '\n\n', body)")

    card: ClassVar[Card] = Card(
        stage="normalise",
        takes_nulls=True,
        exact=True,
        micros_per_row=1.5,
        aliases=(
            "add a column",
            "new column",
            "compute a column",
            "concatenate columns",
            "join the title and the body",
            "extract from JSON",
            "convert to a number",
            "set a constant",
            "fill missing values",
            "upper case",
            "lower case",
            "calculated from",
            "cast a column",
        ),
        not_for=("a regular expression over one text: use replace", "columns of a second file: use join_on", "another name: use rename"),
        examples=(
            Example(
                params={"column": "both", "value": "concat(title, ': ', body)"},
                given={"title": ["A", None], "body": ["b", "c"]},
                gives={"both": ["A: b", ": c"]},
            ),
            Example(params={"column": "text", "value": "lower(text)"}, given={"text": ["Hi", None]}, gives={"text": ["hi", None]}),
            Example(params={"column": "kind", "value": "'poem'"}, given={"text": ["Hi"]}, gives={"kind": ["poem"]}),
        ),
    )

    @field_validator("value")
    @classmethod
    def _is_admitted(cls, value: str) -> str:
        try:
            expression(value)
        except RecipeError as error:
            raise ValueError(str(error)) from None
        return value

    @property
    def formula(self) -> Expression:
        return expression(self.value)

    def reads(self) -> Types:
        return dict.fromkeys(sorted(self.formula.columns), ANY)

    def adds(self, given: Types) -> Types:
        return {self.column: self.formula.type(given)}

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {self.column: self.formula.evaluate(batch)}

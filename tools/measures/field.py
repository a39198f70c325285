"""Whether a condition over columns holds."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field as Parameter
from pydantic import field_validator

from tools.contract import ANY, Card, Columns, Desk, Example, Measure, OneOf, Rule, Types
from tools.errors import RecipeError
from tools.expression import Expression, expression


class Field(Measure):
    """Keep the rows for which a condition over their columns is true, written as in an SQL `where`.

    It is the general filter: use it where no named measure says the same. Where the condition is null, as `score > 3` is
    for a row without a score, the row does not hold; say `score is null or score > 3` to keep it.
    """

    where: str = Parameter(description="Condition over columns, such as: length(answer) > 20 and topic in ('law', 'tax')")

    card: ClassVar[Card] = Card(
        stage="filter",
        adds={"holds": pa.bool_()},
        takes_nulls=True,
        exact=True,
        micros_per_row=1.0,
        aliases=(
            "where column is",
            "rows whose",
            "rows where",
            "keep rows with label",
            "filter by value",
            "column equals",
            "is not null",
            "is missing",
            "greater than",
            "less than",
            "between two values",
            "only those marked true",
            "category is one of",
            "SQL condition",
        ),
        not_for=("the length, shape or language of a text: use words, characters, language", "counting a regular expression: use matches"),
        examples=(
            Example(params={"where": "score >= 0.5"}, given={"score": [0.4, 0.5, None]}, keeps=(1,), drops={0: "holds", 2: "holds"}),
            Example(
                params={"where": "topic in ('law', 'tax') and length(text) > 2"},
                given={"topic": ["law", "tax", "art"], "text": ["long", "no", "long"]},
                gives={"holds": [True, False, False]},
            ),
        ),
    )

    @field_validator("where")
    @classmethod
    def _is_admitted(cls, where: str) -> str:
        try:
            expression(where)
        except RecipeError as error:
            raise ValueError(str(error)) from None
        return where

    @property
    def condition(self) -> Expression:
        return expression(self.where)

    def reads(self) -> Types:
        return dict.fromkeys(sorted(self.condition.columns), ANY)

    def adds(self, given: Types) -> Types:
        if given.keys() >= self.condition.columns:
            found = self.condition.type(given)
            if found != pa.bool_():
                raise RecipeError(f"where: {self.where!r} gives {found}, not true or false; compare it with a value, as in `{self.where} > 0`")
        return self.card.adds

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"holds": pc.fill_null(self.condition.evaluate(batch), False)}

    def rule(self) -> Rule:
        return (OneOf("holds", (True,)),)

"""Put something where values are missing."""

from typing import ClassVar, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tools.contract import ANY, Card, Columns, Desk, Example, Rewrite, Types
from tools.errors import RecipeError


class FillMissing(Rewrite):
    """Put a value, or that of another column, where a column has none.

    With `blanks` a text of white space alone counts as missing too. The other column is bound as `other` and must be of the same type.
    """

    value: bool | int | float | str | None = Field(default=None, description="What to put there.")
    other: bool = Field(default=False, description="Take the value of the column bound as `other`.")
    blanks: bool = Field(default=False, description="Blank texts are missing too.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"column": ANY},
        adds={"column": ANY},
        takes_nulls=True,
        exact=True,
        micros_per_row=0.2,
        aliases=(
            "fill missing values",
            "fill nulls",
            "fillna",
            "replace null by",
            "default value",
            "replace missing by an empty string",
            "impute a constant",
            "coalesce columns",
            "fall back to another column",
        ),
        not_for=("dropping rows without a value: use is_empty", "a mean or a value by formula: use derive"),
        examples=(
            Example(params={"value": ""}, given={"column": ["a", None, " "]}, gives={"column": ["a", "", " "]}),
            Example(params={"value": 0}, given={"column": [1, None]}, gives={"column": [1, 0]}),
            Example(
                params={"other": True, "blanks": True},
                given={"column": ["a", None, " "], "other": ["x", "y", "z"]},
                gives={"column": ["a", "y", "z"]},
            ),
        ),
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.value is not None) == self.other:
            raise ValueError("say what to put there: give `value`, or `other: true` and bind `other` to a column")
        return self

    def reads(self) -> Types:
        return {**self.card.reads, "other": ANY} if self.other else self.card.reads

    def adds(self, given: Types) -> Types:
        kind = given.get("column", ANY)
        if self.other:
            if given.get("other", kind) != kind and not pa.types.is_null(kind):
                raise RecipeError(f"on: the columns have the types {kind} and {given['other']}: `cast` one of them before")
            return {"column": given.get("other", kind)}
        return {"column": self._filler(kind).type}

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        values = batch["column"]
        filler = batch["other"] if self.other else self._filler(values.type)
        if pa.types.is_null(values.type):
            values = pa.nulls(len(values), filler.type)
        missing = values.is_null()
        if self.blanks and pa.types.is_string(values.type):
            missing = pc.or_(missing, pc.fill_null(pc.equal(pc.utf8_trim_whitespace(values), ""), False))
        return {"column": pc.if_else(missing, filler, values)}

    def _filler(self, kind: pa.DataType) -> pa.Scalar:
        if pa.types.is_null(kind):
            return pa.scalar(self.value)
        try:
            return pa.scalar(self.value, kind)
        except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError, ValueError):
            raise RecipeError(f"value: {self.value!r} is no {kind}, the type of the column: give one that is, or `cast` the column before") from None

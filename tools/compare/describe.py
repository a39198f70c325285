"""Plain numbers about columns."""

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import ANY, Card, Desk, Example, Numbers, Survey, Types

from .states import rounded

SUMS = ("rows", "nulls", "filled")


class Describe(Survey):
    """Tell of some columns how many values are missing, and the least, mean and largest value; every row goes on.

    `COLUMN.nulls` is the share of rows without a value. `COLUMN.least`, `COLUMN.mean` and `COLUMN.most` are of the values of numbers, of
    the characters of texts, of the items of lists, and 0 or 1 for yes or no; of other columns there are none. NaN counts as missing.
    """

    columns: tuple[str, ...] = Field(min_length=1, description="The columns.")

    card: ClassVar[Card] = Card(
        stage="score",
        takes_nulls=True,
        numbers=("rows",),
        tolerance=1e-5,
        micros_per_row=0.5,
        aliases=(
            "column statistics",
            "describe the columns",
            "mean length",
            "average length of all texts",
            "share of missing values",
            "null share",
            "mean of a column",
            "minimum and maximum of a column",
            "summary statistics",
        ),
        not_for=("a bound on each row: use field, characters or words", "the whole picture of a file: `winnow profile`"),
        examples=(
            Example(
                params={"columns": ["text", "score"]},
                given={"text": ["abc", None, "a"], "score": [1.0, 2.0, 6.0]},
                keeps=(0, 1, 2),
                numbers={"rows": 3, "text.nulls": 0.333333, "text.mean": 2.0, "text.most": 3.0, "score.least": 1.0, "score.mean": 3.0},
            ),
        ),
    )

    def reads(self) -> Types:
        return dict.fromkeys(self.columns, ANY)

    def numbers(self) -> tuple[str, ...]:
        return ("rows", *(f"{column}.{name}" for column in self.columns for name in ("nulls", "least", "mean", "most")))

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        return pa.concat_tables([_learned(column, batch[column]) for column in self.columns])

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        both = pa.concat_tables([one, other])
        found = both.group_by("column", use_threads=False).aggregate([(name, "sum") for name in (*SUMS, "sum")] + [("least", "min"), ("most", "max")])
        return found.rename_columns(["column", *SUMS, "sum", "least", "most"]).select(one.column_names)

    def tell(self, state: pa.Table, against: pa.Table | None) -> Numbers:
        told: dict[str, int | float | None] = {"rows": state["rows"][0].as_py()}
        for one in state.to_pylist():
            mean = one["sum"] / one["filled"] if one["filled"] else None
            values = {"nulls": one["nulls"] / one["rows"] if one["rows"] else None, "least": one["least"], "mean": mean, "most": one["most"]}
            told |= {f"{one['column']}.{name}": _short(value) for name, value in values.items()}
        return told


def _learned(column: str, values: pa.Array) -> pa.Table:
    sizes = _sizes(values)
    missing = values.null_count
    if sizes is None:
        filled = pa.array([], pa.float64())
    else:
        filled = sizes.drop_null()
        finite = filled.filter(pc.is_finite(filled))
        missing, filled = missing + pc.sum(pc.is_nan(filled)).as_py() if len(filled) else missing, finite
    numbers = filled.to_numpy()
    return pa.table(
        {
            "column": [column],
            "rows": [len(values)],
            "nulls": pa.array([missing], pa.int64()),
            "filled": [len(numbers)],
            "sum": pa.array([float(np.sum(numbers))], pa.float64()),
            "least": pa.array([numbers.min() if len(numbers) else None], pa.float64()),
            "most": pa.array([numbers.max() if len(numbers) else None], pa.float64()),
        }
    )


def _sizes(values: pa.Array) -> pa.Array | None:
    """What is described of each value, as a number; none where there is nothing to count."""
    kind = values.type
    if pa.types.is_string(kind):
        return pc.utf8_length(values).cast(pa.float64())
    if pa.types.is_list(kind):
        return pc.list_value_length(values).cast(pa.float64())
    if pa.types.is_boolean(kind):
        return values.cast(pa.int8()).cast(pa.float64())
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return values.cast(pa.float64(), safe=False)
    return None


def _short(number: float | None) -> float | None:
    return None if number is None or not np.isfinite(number) else rounded(number)

"""Take the rows with the largest or the smallest values."""

from typing import ClassVar, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tools.contract import Card, Columns, Counts, Desk, Example, Quota, Rank

from .sample import one_size, sized


class TopK(Rank):
    """Keep the rows with the largest `by`, or the smallest, best first; of equal values the earlier row comes first.

    Rows without a value are dropped; a value that is no number (NaN) comes last.
    """

    rows: int | None = Field(default=None, ge=0, description="How many rows to keep.")
    share: float | None = Field(default=None, ge=0, le=1, description="Share of the rows to keep.")
    largest: bool = Field(default=True, description="Largest values first; false: smallest first.")

    card: ClassVar[Card] = Card(
        stage="select",
        reads={"by": pa.float64()},
        reorders=True,
        exact=True,
        micros_per_row=0.1,
        aliases=(
            "top 100 by score",
            "highest",
            "best N",
            "the longest",
            "largest values",
            "highest rated",
            "rank by",
            "best 10 percent",
        ),
        not_for=(
            "all rows in order: use sort",
            "all rows above a value: use threshold",
            "a slice of the distribution, in the order of the input: use quantile",
        ),
        examples=(
            Example(params={"rows": 2}, given={"by": [0.1, 0.9, 0.9]}, keeps=(1, 2), drops={0: "quota"}),
            Example(params={"rows": 2, "largest": False}, given={"by": [3, 1, 2, None]}, keeps=(1, 2), drops={0: "quota", 3: "null"}),
            Example(params={"share": 1.0}, given={"by": [1, 3, 2]}, keeps=(1, 2, 0)),
        ),
    )

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        one_size(self.rows, self.share)
        return self

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"order": pc.negate(batch["by"]) if self.largest else batch["by"]}

    def quota(self, counts: Counts) -> Quota:
        return sized(counts, self.rows, self.share)


class BottomK(Rank):
    """Keep the rows with the smallest `by`, smallest first; of equal values the earlier row comes first.

    Rows without a value are dropped; a value that is no number (NaN) comes last.
    """

    rows: int | None = Field(default=None, ge=0, description="How many rows to keep.")
    share: float | None = Field(default=None, ge=0, le=1, description="Share of the rows to keep.")

    card: ClassVar[Card] = Card(
        stage="select",
        reads={"by": pa.float64()},
        reorders=True,
        exact=True,
        micros_per_row=0.1,
        aliases=(
            "lowest 100",
            "lowest values",
            "bottom 100 by score",
            "bottom N",
            "worst N",
            "smallest values",
            "the shortest",
            "lowest rated",
            "lowest perplexity",
            "least N",
            "worst 10 percent",
        ),
        not_for=("all rows in order: use sort", "all rows below a value: use threshold", "the highest values: use top_k"),
        examples=(
            Example(params={"rows": 2}, given={"by": [3, 1, 2, None]}, keeps=(1, 2), drops={0: "quota", 3: "null"}),
            Example(params={"share": 0.5}, given={"by": [0.1, 0.9, float("nan"), 0.1]}, keeps=(0, 3), drops={1: "quota", 2: "quota"}),
        ),
    )

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        one_size(self.rows, self.share)
        return self

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"order": batch["by"]}

    def quota(self, counts: Counts) -> Quota:
        return sized(counts, self.rows, self.share)

"""Take some rows: at random, or the first."""

from typing import ClassVar, Self

import numpy as np
import pyarrow as pa
from pydantic import Field, model_validator

from tools.contract import Card, Columns, Counts, Desk, Example, Quota, Rank


class RandomSample(Rank):
    """Keep a number or a share of the rows, chosen at random but the same for the same seed. The order of the input stays.

    Each row draws for itself, by its place within its file, so that more files do not reshuffle those that were there.
    """

    rows: int | None = Field(default=None, ge=0, description="How many rows to keep; all, where there are fewer.")
    share: float | None = Field(default=None, ge=0, le=1, description="Share of the rows to keep.")

    card: ClassVar[Card] = Card(
        stage="select",
        exact=True,
        seeded=True,
        micros_per_row=0.2,
        aliases=(
            "random subset",
            "random sample",
            "sample N rows",
            "shuffle and take",
            "pick at random",
            "a tenth of the data",
            "10% of the rows",
            "at most N rows",
            "downsample",
            "cap the number of rows",
            "no more than N rows",
        ),
        not_for=(
            "the first rows: use first_n",
            "the best rows: use top_k",
            "a part held out for testing: use split",
            "rows that differ: use k_center",
        ),
        examples=(
            Example(params={"rows": 5}, given={"text": ["a", "b", "c"]}, keeps=(0, 1, 2)),
            Example(params={"share": 0.0}, given={"text": ["a", "b"]}, keeps=(), drops={0: "quota", 1: "quota"}),
        ),
    )

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        one_size(self.rows, self.share)
        return self

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"order": desk.draw()}

    def quota(self, counts: Counts) -> Quota:
        return sized(counts, self.rows, self.share)


class FirstN(Rank):
    """Keep the first rows, in the order of the input."""

    rows: int = Field(ge=0, description="How many rows to keep.")

    card: ClassVar[Card] = Card(
        stage="select",
        exact=True,
        micros_per_row=0.05,
        aliases=("first N rows", "head", "the first hundred", "limit", "only the top of the file", "take the first", "start of the file"),
        not_for=("any N rows: use random_sample, which is fairer", "the highest values: use top_k"),
        examples=(Example(params={"rows": 2}, given={"text": ["a", "b", "c"]}, keeps=(0, 1), drops={2: "quota"}),),
    )

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"order": pa.array(np.zeros(batch.num_rows, np.int8))}  # all alike: the place in the input decides

    def quota(self, counts: Counts) -> Quota:
        return Quota(rows=self.rows)


def one_size(rows: int | None, share: float | None) -> None:
    """Exactly one of `rows` and `share` is given."""
    if (rows is None) == (share is None):
        raise ValueError(f"rows={rows!r}, share={share!r}: give exactly one of the two")


def sized(counts: Counts, rows: int | None, share: float | None) -> Quota:
    """So many rows, or that share of those that came."""
    return Quota(rows=rows if share is None else round(sum(counts.rows.values()) * share))

"""Draw rows by the inverse of a score."""

from typing import ClassVar, Self

import numpy as np
import pyarrow as pa
from pydantic import Field, model_validator

from tools.contract import Card, Columns, Counts, Desk, Example, Quota, Rank

from .drawing import keys
from .sample import one_size, sized
from .vectors import Rows, Share


class IpsSample(Rank):
    """Draw rows so that what the score says is common becomes rare: each with a chance in proportion to 1 / score ^ power.

    Over a density or a count it evens the data out; nothing is excluded, so a rerun with another seed shows other rows of the dense
    regions. With `power: 0` all rows are alike, with a negative one high scores are preferred. The score must be above zero: rows
    without one, or with another, are dropped. The order of the input stays.
    """

    rows: Rows = Field(default=None, ge=0, description="How many rows to keep.")
    share: Share = Field(default=None, ge=0, le=1, description="Share of the rows to keep.")
    power: float = Field(default=1.0, ge=-8, le=8, description="How strongly: 1 inverse, 0 not at all, -1 in proportion to the score.")

    card: ClassVar[Card] = Card(
        stage="select",
        reads={"score": pa.float64()},
        exact=True,
        seeded=True,
        micros_per_row=0.3,
        paper="arXiv:2402.09668, section 3.3; Efraimidis and Spirakis 2006",
        aliases=(
            "inverse propensity sampling",
            "inverse propensity score",
            "ips sampling",
            "sample inversely to the score",
            "weighted random sample",
            "importance sampling",
            "down-weight frequent rows",
            "sample with probability proportional to a column",
        ),
        not_for=(
            "rows without a score: density_sample makes its own",
            "the best rows: use top_k",
            "equal numbers of each label: use balance",
        ),
        examples=(
            Example(params={"rows": 2}, given={"score": [1, None, 2, 0]}, keeps=(0, 2), drops={1: "null", 3: "null"}),
            Example(params={"rows": 1, "power": 8.0}, given={"score": [1000, 0.001, 1000]}, keeps=(1,), drops={0: "quota", 2: "quota"}),
            Example(params={"rows": 1, "power": -8.0}, given={"score": [0.001, 1000, 0.001]}, keeps=(1,)),
        ),
    )

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        one_size(self.rows, self.share)
        return self

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        score = batch["score"].to_numpy()
        known = np.isfinite(score) & (score > 0)
        weight = np.log(score, out=np.full(len(score), np.nan), where=known)
        return {"order": keys(-self.power * weight, desk.draw())}

    def quota(self, counts: Counts) -> Quota:
        return sized(counts, self.rows, self.share)

"""Take rows until a budget is spent."""

from typing import ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Card, Columns, Counts, Desk, Example, Quota, Rank, Types


class TokenBudget(Rank):
    """Keep rows until their weights, as tokens or words, add up to a budget; the order of the input stays.

    The first row that does not fit ends it, so that no later row is preferred for being short. Bind `weight` to a column that
    counts, or to the measure of a step before, as `lengths.words`. Rows without a weight, or with one below zero, are dropped.
    """

    budget: float = Field(ge=0, description="Most that the weights of the rows kept add up to.")
    take: Literal["random", "best", "first"] = Field(
        default="random", description="Which rows come first: any, those with the largest `by`, or the first of the input."
    )

    card: ClassVar[Card] = Card(
        stage="select",
        reads={"weight": pa.float64()},
        exact=True,
        seeded=True,
        micros_per_row=0.3,
        aliases=(
            "token budget",
            "budget of N tokens",
            "at most N tokens in total",
            "up to a million tokens",
            "N tokens of data",
            "N words in total",
            "total number of words",
            "fill a budget",
            "until N tokens are reached",
            "best rows within a budget",
        ),
        not_for=("length of each text: use words or characters", "a number of rows: use random_sample or top_k", "cut texts: use chunk"),
        examples=(
            Example(params={"budget": 10, "take": "first"}, given={"weight": [4, 6, 1]}, keeps=(0, 1), drops={2: "quota"}),
            Example(
                params={"budget": 7, "take": "best"},
                given={"weight": [4, 6, 1, 1], "by": [0.2, 0.9, 0.5, 0.1]},
                keeps=(1, 2),
                drops={0: "quota", 3: "quota"},
            ),
            Example(params={"budget": 5}, given={"weight": [2, None, 3, -1]}, keeps=(0, 2), drops={1: "null", 3: "null"}),
        ),
    )

    def reads(self) -> Types:
        return {"weight": pa.float64()} | ({"by": pa.float64()} if self.take == "best" else {})

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        weight = batch["weight"]
        order = self._order(batch, desk)
        return {"order": pc.if_else(pc.greater_equal(weight, 0.0), order, pa.scalar(None, order.type)), "weight": weight}

    def _order(self, batch: pa.RecordBatch, desk: Desk) -> pa.Array:
        if self.take == "best":
            return pc.negate(batch["by"])
        return desk.draw() if self.take == "random" else pa.array([0] * len(batch), pa.int8())  # all alike: the place decides

    def quota(self, counts: Counts) -> Quota:
        return Quota(weight=self.budget)

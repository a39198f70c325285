"""Where a row's value stands among all values."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tools.contract import Bounded, Card, Columns, Desk, Example, Fit
from tools.errors import RecipeError

MOST_VALUES = 4_000_000


class Quantile(Bounded, Fit):
    """The share of rows whose value is not above this row's; the bounds keep a slice of the distribution.

    Exact, by counting each distinct value; equal values stand together, at the upper end. A value that is no number (NaN)
    has no quantile and counts for none.
    """

    card: ClassVar[Card] = Card(
        stage="select",
        reads={"value": pa.float64()},
        adds={"quantile": pa.float64()},
        state_bytes=16 * MOST_VALUES,
        exact=True,
        micros_per_row=0.5,
        aliases=(
            "middle 90 percent",
            "cut the tails",
            "perplexity band",
            "middle perplexity bucket",
            "percentile",
            "quantile",
            "top quarter by value",
            "best half by score",
            "drop the lowest 10 percent",
            "remove outliers",
            "below the median",
            "between the 5th and 95th percentile",
        ),
        not_for=("a fixed number of rows: use top_k", "a fixed bound on the value: use field"),
        examples=(
            Example(given={"value": [5, 1, 3, 3]}, gives={"quantile": [1.0, 0.25, 0.75, 0.75]}),
            Example(params={"at_most": 0.8}, given={"value": [5, 1, 3, 3]}, keeps=(1, 2, 3), drops={0: "quantile"}),
            Example(params={"at_least": 0.5}, given={"value": [4, 1, None]}, keeps=(0, 1), drops={2: "null"}),
        ),
    )

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        values, counts = np.unique(_numbers(batch["value"]), return_counts=True)
        return pa.table({"value": values, "count": pa.array(counts, pa.int64())})

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        values, at = np.unique(np.concatenate([side["value"].to_numpy() for side in (one, other)]), return_inverse=True)
        if len(values) > MOST_VALUES:
            raise RecipeError(
                f"quantile: more than {MOST_VALUES} distinct values; round them first, as by derive with the value round(score, 4), or use top_k"
            )
        counts = np.zeros(len(values), np.int64)
        np.add.at(counts, at, np.concatenate([side["count"].to_numpy() for side in (one, other)]))
        return pa.table({"value": values, "count": counts})

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        upto = np.concatenate(([0], np.cumsum(desk.state["count"].to_numpy())))
        given = batch["value"].to_numpy()
        at = np.searchsorted(desk.state["value"].to_numpy(), given, side="right")
        return {"quantile": pa.array(np.where(np.isnan(given), np.nan, upto[at] / max(int(upto[-1]), 1)))}


def _numbers(values: pa.Array) -> npt.NDArray[np.float64]:
    numbers: npt.NDArray[np.float64] = values.to_numpy()
    return numbers[~np.isnan(numbers)] + 0.0  # -0.0 is 0.0, whichever comes first

"""Keep rows by the value of a number column."""

from typing import ClassVar

import pyarrow as pa

from tools.contract import Bounded, Card, Columns, Desk, Example


class Threshold(Bounded):
    """Keep rows whose number lies between two bounds, both inclusive. Rows without a number are dropped.

    It reads a column or a measure that a step before has stored, as `lengths.words`; its bounds can be moved without
    measuring anything again.
    """

    card: ClassVar[Card] = Card(
        stage="select",
        reads={"value": pa.float64()},
        adds={"value": pa.float64()},
        exact=True,
        micros_per_row=0.1,
        aliases=(
            "score threshold",
            "threshold",
            "cut-off",
            "cutoff",
            "minimum score",
            "score of at least",
            "value above a bound",
            "value below a bound",
            "score between two bounds",
            "rated at least",
        ),
        not_for=("a condition over several columns or over texts: use field", "a share of the rows: use quantile", "a number of rows: use top_k"),
        examples=(
            Example(params={"at_least": 0.5}, given={"value": [0.4, 0.5, None]}, keeps=(1,), drops={0: "value", 2: "null"}),
            Example(params={"at_least": 1, "at_most": 2}, given={"value": [1, 2, 3, float("nan")]}, keeps=(0, 1), drops={2: "value", 3: "value"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"value": batch["value"]}

"""Tells how a text ends."""

from typing import ClassVar

import pyarrow as pa

from tools.contract import Card, Columns, Desk, Example, Measure


class Ending(Measure):
    """Name the last character of a text."""

    card: ClassVar[Card] = Card(
        stage="score",
        reads={"text": pa.string()},
        adds={"ending": pa.string()},
        exact=True,
        aliases=("last character",),
        examples=(Example(given={"text": ["Hi!", ""]}, gives={"ending": ["!", ""]}),),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"ending": pa.array([text[-1:] for text in batch["text"].to_pylist()], pa.string())}

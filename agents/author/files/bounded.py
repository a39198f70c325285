"""Counts exclamation marks."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Bounded, Card, Columns, Desk, Example


class Shouts(Bounded):
    """Count exclamation marks in a text."""

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"shouts": pa.int64()},
        exact=True,
        aliases=("count exclamation marks", "at most N exclamation marks"),
        examples=(Example(given={"text": ["Hi!", "", "No!!"]}, gives={"shouts": [1, 0, 2]}),),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"shouts": pc.cast(pc.count_substring(batch["text"], "!"), pa.int64())}

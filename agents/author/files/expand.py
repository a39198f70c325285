"""Makes a row of each clause."""

from typing import ClassVar

import pyarrow as pa

from tools.contract import Card, Columns, Desk, Example, Expand


class Clauses(Expand):
    """Make a row of each part of a text between semicolons."""

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        aliases=("split at semicolons",),
        examples=(Example(given={"text": ["a; b", "c"]}, gives={"text": ["a", "b", "c"]}, parents=([0], [0], [1])),),
    )

    def expand(self, batch: pa.RecordBatch, desk: Desk) -> tuple[Columns, pa.Array]:
        parts = [(part.strip(), [place]) for place, text in enumerate(batch["text"].to_pylist()) for part in text.split(";")]
        return {"text": pa.array([part for part, _ in parts], pa.string())}, pa.array([parent for _, parent in parts], pa.list_(pa.int32()))

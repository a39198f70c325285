"""Measures what it could only know from its own bounds."""

from typing import ClassVar

import pyarrow as pa

from tools.contract import Bounded, Card, Columns, Desk, Example


class Peeking(Bounded):
    """Tells its lower bound."""

    card: ClassVar[Card] = Card(
        stage="filter", reads={"text": pa.string()}, adds={"seen": pa.int64()}, aliases=(), examples=(Example(given={"text": ["a"]}, keeps=(0,)),)
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"seen": pa.array([-1 if self.at_least is None else int(self.at_least)] * len(batch), pa.int64())}

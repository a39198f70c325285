"""A text as a vector of its words, without a model."""

from typing import ClassVar

import pyarrow as pa
from pydantic import Field

from tools.contract import Card, Columns, Desk, Example, Rewrite
from tools.hashed import UNIT, hashed
from tools.select.vectors import ROWS_PER_BATCH, TEXT, packed


class TextVector(Rewrite):
    """Add a column `vector`: the words and pairs of words of a text, hashed with signs into a fixed number of dimensions, length 1.

    Texts that share words point the same way; longer words weigh more, up to eight letters. It needs no model and no pass over all rows,
    and knows nothing of meaning: synonyms are strangers. A text without words gives zeros.
    """

    dimensions: int = Field(default=512, ge=16, le=4096, description="How many numbers a vector has; more tell more apart.")

    card: ClassVar[Card] = Card(
        stage="score",
        reads=TEXT,
        adds={"vector": pa.list_(pa.float32())},
        exact=True,
        rows_per_batch=ROWS_PER_BATCH,
        micros_per_row=60.0,
        paper="Weinberger et al. 2009 (feature hashing)",
        aliases=(
            "text vector",
            "hashed n-gram vectors",
            "vectorise the text",
            "bag of words vector",
            "hashing vectorizer",
            "vectors without a model",
            "feature hashing",
        ),
        not_for=("meanings: use an embedding model", "samplers and vector_dedup hash a text themselves"),
        examples=(
            Example(params={"dimensions": 16}, given={"text": [""]}, gives={"vector": [[0.0] * 16]}),
            Example(given={"text": ["a b", None]}, keeps=(0, 1)),
        ),
    )

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        lists = packed(hashed(desk.scan(batch["text"]), self.dimensions))
        values = pa.array(lists.values.to_numpy() / UNIT, pa.float32())
        return {"vector": pa.ListArray.from_arrays(lists.offsets, values)}

"""Pick rows that cover all others."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import Field

from tools.contract import Between, Card, Columns, Desk, Example, Rule, Whole
from tools.hashed import UNIT, Units

from .vectors import ROWS_PER_BATCH, TEXT, OverVectors, packed, raw, unpacked

Vectors = npt.NDArray[np.float32]
ROWS_AT_ONCE = 4096


class KCenter(OverVectors, Whole):
    """Keep rows so that every row is near one of them: each pick is the row farthest from all picks before it.

    Rows are compared by the words of their text or by a vector column. The first pick is the row farthest from the middle of all; of equal
    distances the earlier row is picked. Distances are Euclidean: scale vectors to length one for cosine. It finds the rare and the odd,
    so filter out noise before it.
    """

    rows: int = Field(ge=1, description="How many rows to keep.")

    card: ClassVar[Card] = Card(
        stage="select",
        reads=TEXT,
        adds={"pick": pa.int32()},
        notes={"vector": pa.list_(pa.float32())},
        most_rows=200_000,
        exact=True,
        rows_per_batch=ROWS_PER_BATCH,
        micros_per_row=200.0,
        paper="Gonzalez 1985; arXiv:1708.00489",
        proof="largest distance to a kept row 1.05, at random 1.39 (1,000 of 8,000 log lines, 2026-11-28)",
        aliases=(
            "diverse subset",
            "coreset",
            "core set",
            "k-center",
            "most different rows",
            "cover the whole data",
            "spread out",
            "representative subset",
            "farthest first",
            "diversity sampling",
        ),
        not_for=(
            "more than 200,000 rows: use density_sample, or random_sample before it",
            "any rows: use random_sample",
            "near-duplicates: use minhash_dedup",
        ),
        examples=(
            Example(
                params={"rows": 2, "of": "vector"}, given={"vector": [[0, 0], [0, 1], [9, 9], [9, 8]]}, keeps=(0, 2), drops={1: "pick", 3: "pick"}
            ),
            Example(params={"rows": 3, "of": "vector"}, given={"vector": [[1], [1]]}, keeps=(0, 1)),
        ),
    )

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"vector": batch["vector"] if self.of == "vector" and raw(batch["vector"]).size else _lists(self.points(batch, desk))}

    def settle(self, notes: pa.Table) -> Columns:
        vectors = unpacked(notes["vector"])
        picks = np.full(len(vectors), -1, np.int32)
        if len(vectors):
            nearest = _distances(vectors, vectors.mean(axis=0, dtype=np.float64).astype(np.float32))
            for turn in range(min(self.rows, len(vectors))):
                pick = int(np.where(picks < 0, nearest, -1.0).argmax())  # ties: the first
                picks[pick] = turn
                distances = _distances(vectors, vectors[pick])
                nearest = np.minimum(nearest, distances) if turn else distances
        return {"pick": pa.array(picks, mask=picks < 0)}

    def rule(self) -> Rule:
        return (Between("pick", at_least=0),)


def _lists(points: Units) -> pa.Array:
    """As floats of length 1."""
    lists = packed(points)
    return pa.ListArray.from_arrays(lists.offsets, pa.array(lists.values.to_numpy() / UNIT, pa.float32()))


def _distances(vectors: Vectors, center: Vectors) -> Vectors:
    """Squared; without BLAS, whose sums depend on the number of threads."""
    found = np.empty(len(vectors), np.float32)
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        apart = vectors[start : start + ROWS_AT_ONCE] - center
        np.einsum("ij,ij->i", apart, apart, out=found[start : start + ROWS_AT_ONCE])
    return found

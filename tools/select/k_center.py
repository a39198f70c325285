"""Pick rows that cover all others."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Between, Card, Columns, Desk, Example, Rule, Whole
from tools.errors import RecipeError, RowError

Vectors = npt.NDArray[np.float32]
ROWS_AT_ONCE = 4096


class KCenter(Whole):
    """Keep rows so that every row is near one of them: each pick is the row farthest from all picks before it.

    The first pick is the row farthest from the middle of all; of equal distances the earlier row is picked. Distances are
    Euclidean: scale the vectors to length one for cosine. It finds the rare and the odd, so filter out noise before it.
    """

    rows: int = Field(ge=1, description="How many rows to keep.")

    card: ClassVar[Card] = Card(
        stage="select",
        reads={"vector": pa.list_(pa.float32())},
        adds={"pick": pa.int32()},
        notes={"vector": pa.list_(pa.float32())},
        most_rows=200_000,
        exact=True,
        micros_per_row=200.0,
        paper="Gonzalez 1985; arXiv:1708.00489",
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
        not_for=("texts without embeddings: add a vector column first", "any rows: use random_sample", "near-duplicates: use minhash_dedup"),
        examples=(
            Example(params={"rows": 2}, given={"vector": [[0, 0], [0, 1], [9, 9], [9, 8]]}, keeps=(0, 2), drops={1: "pick", 3: "pick"}),
            Example(params={"rows": 3}, given={"vector": [[1], [1]]}, keeps=(0, 1)),
        ),
    )

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        vectors = batch["vector"]
        sizes = np.asarray(pc.list_value_length(vectors), np.int64)
        values = np.asarray(pc.cast(vectors.flatten(), pa.float64()), np.float64)
        if not np.isfinite(values).all():
            first = int(np.flatnonzero(~np.isfinite(values))[0])
            raise RowError(int(np.searchsorted(np.cumsum(sizes), first, side="right")), "the vector holds a null or a value that is no number")
        return {"vector": vectors}

    def settle(self, notes: pa.Table) -> Columns:
        vectors = _matrix(notes["vector"])
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


def _matrix(column: pa.ChunkedArray) -> Vectors:
    lengths = pc.unique(pc.list_value_length(column)).to_pylist()
    if len(lengths) > 1:
        raise RecipeError(f"k_center: vectors of different lengths ({sorted(lengths)[:5]}); all must come from one model")
    flat: Vectors = np.concatenate([np.zeros(0, np.float32), *(chunk.flatten().to_numpy() for chunk in column.chunks)])
    return flat.reshape(len(column), lengths[0] if lengths else 0)


def _distances(vectors: Vectors, center: Vectors) -> Vectors:
    """Squared; without BLAS, whose sums depend on the number of threads."""
    found = np.empty(len(vectors), np.float32)
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        apart = vectors[start : start + ROWS_AT_ONCE] - center
        np.einsum("ij,ij->i", apart, apart, out=found[start : start + ROWS_AT_ONCE])
    return found

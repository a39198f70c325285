"""What steps share that look at rows as points: texts become vectors of hashed words, or a column holds the vectors."""

from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import DECIDES, Desk, Operator, Types
from tools.errors import RecipeError, RowError
from tools.hashed import Units, hashed, units

TEXT: Types = {"text": pa.string()}
VECTOR: Types = {"vector": pa.list_(pa.float32())}
ROWS_PER_BATCH = 8192
Rows = Annotated[int | None, DECIDES]  # of a Rank, read by `quota` alone
Share = Annotated[float | None, DECIDES]


class OverVectors(Operator):
    """Rows as points: near to each other where their texts share words, or their vectors point the same way."""

    of: Literal["text", "vector"] = Field(
        default="text", description="What rows are compared by: the words of the column `text`, or the column `vector` (as of an embedding model)."
    )
    dimensions: int = Field(default=512, ge=16, le=4096, description="For `of: text`: into how many numbers the words of a text are hashed.")

    def reads(self) -> Types:
        return TEXT if self.of == "text" else VECTOR

    def points(self, batch: pa.RecordBatch, desk: Desk) -> Units:
        """One vector a row, at one length."""
        return hashed(desk.scan(batch["text"]), self.dimensions) if self.of == "text" else units(raw(batch["vector"]))


def raw(vectors: pa.Array) -> npt.NDArray[np.float32]:
    """The vectors of a column as they are. Raises RowError for one with a value that is no number, RecipeError where lengths differ."""
    sizes = np.asarray(pc.list_value_length(vectors), np.int64)
    values = np.asarray(pc.cast(vectors.flatten(), pa.float64()), np.float64)
    if not np.isfinite(values).all():
        first = int(np.flatnonzero(~np.isfinite(values))[0])
        raise RowError(int(np.searchsorted(np.cumsum(sizes), first, side="right")), "the vector holds a null or a value that is no number")
    if len(sizes) and (sizes != sizes[0]).any():
        raise RecipeError(f"vectors of different lengths ({sorted(set(sizes.tolist()))[:5]}); all must come from one model")
    return values.reshape(len(sizes), int(sizes[0]) if len(sizes) else 0).astype(np.float32)


def packed(points: Units) -> pa.Array:
    """As a column: two bytes a number."""
    flat = pa.array(points.astype(np.int16).reshape(-1))
    offsets = np.arange(len(points) + 1, dtype=np.int32) * points.shape[1]
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat)


def unpacked(column: pa.ChunkedArray) -> Units:
    """The column of `packed`, or one of raw vectors, as a matrix. Raises RecipeError where they have not all the same length."""
    lengths = pc.unique(pc.list_value_length(column)).to_pylist()
    if len(lengths) > 1:
        raise RecipeError(f"vectors of different lengths ({sorted(lengths)[:5]}); all must come from one model")
    flat = np.concatenate([np.zeros(0, np.float32), *(chunk.flatten().to_numpy().astype(np.float32) for chunk in column.chunks)])
    return flat.reshape(len(column), lengths[0] if lengths else 0)

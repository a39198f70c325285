"""What born rows say of their parents."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def children(row: npt.NDArray[np.int64]) -> tuple[pa.Array, pa.Array]:
    """Of children in the order of their parents: which of its parent's each is, from 0, and the parents as `Expand.expand` gives them."""
    first = np.concatenate(([True], row[1:] != row[:-1]))[: len(row)]
    heads = np.maximum.accumulate(np.where(first, np.arange(len(row)), 0)) if len(row) else row
    turns = pa.array(np.arange(len(row)) - heads, pa.int32())
    return turns, pa.ListArray.from_arrays(pa.array(np.arange(len(row) + 1), pa.int32()), pa.array(row, pa.int32()))

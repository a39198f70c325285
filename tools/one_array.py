"""Columns in one piece."""

import pyarrow as pa


def one_array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One contiguous array; copied only where it lies in several."""
    if not isinstance(values, pa.ChunkedArray):
        return values
    if values.num_chunks == 1:
        return values.chunk(0)
    made = values.combine_chunks()
    return pa.concat_arrays(made.chunks) if isinstance(made, pa.ChunkedArray) else made

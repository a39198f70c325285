"""Texts less some spans of their bytes."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .digest import offsets_of

Numbers = np.ndarray[Any, np.dtype[np.int64]]


def without(texts: pa.Array, row: Numbers, starts: Numbers, stops: Numbers) -> pa.Array:
    """The texts without these spans, which are given in order and lie apart. Null stays null."""
    if not len(row):
        return texts
    offsets = offsets_of(texts).astype(np.int64)
    # kept, cut, kept, cut …: pieces of the texts as they lie, so that Arrow moves the bytes
    bounds = np.empty(2 * len(row) + 2, np.int64)
    bounds[0], bounds[-1] = offsets[0], offsets[-1]
    bounds[1:-1:2], bounds[2:-1:2] = offsets[row] + starts, offsets[row] + stops
    pieces = pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(bounds) - 1, [None, pa.py_buffer(bounds), texts.buffers()[2]])
    kept = pieces.take(pa.array(np.arange(0, len(bounds) - 1, 2)))
    lost = np.concatenate([[0], np.cumsum(np.bincount(row, stops - starts, len(texts)).astype(np.int64))])
    left = (offsets - offsets[0] - lost).astype(np.int32)
    made = pa.StringArray.from_buffers(len(texts), pa.py_buffer(left), kept.buffers()[2])
    return made if not texts.null_count else pc.if_else(texts.is_valid(), made, pa.scalar(None, pa.string()))

"""Texts in lower case, white space squeezed: what `exact_dedup` compares when case and space do not count."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import BYTES, Place, kernel
from ._grams import Bytes, Numbers, Table, wide
from ._text import put

SPACE = 0xFFFFFFFF  # in the table of lower-case characters


@kernel(
    types.void(
        BYTES, types.Array(types.int64, 1, "C", readonly=True), types.Array(types.uint32, 1, "C", readonly=True), types.uint8[::1], types.int64[::1]
    )
)
def squeeze(data: Bytes, offsets: Numbers, lower: Table, found: npt.NDArray[np.uint8], ends: Numbers) -> None:
    """Each text in lower case, with one space for each run of white space and none at its ends."""
    total: Place = np.int64(0)
    for row in range(len(ends)):
        at, stop, start, gap = offsets[row], offsets[row + 1], total, False
        while at < stop:
            point, size = wide(data, at) if data[at] >= 0x80 else (np.int64(data[at]), 1)
            at += size
            made = np.int64(lower[point]) if point < len(lower) else point
            if made == SPACE:
                gap = bool(total > start)
                continue
            if gap:
                found[total] = 0x20
                total, gap = total + 1, False
            total = put(made, found, total)
        ends[row] = total

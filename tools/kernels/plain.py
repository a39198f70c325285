"""Texts in lower case, white space squeezed: what `exact_dedup` compares when case and space do not count."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import BYTES, kernel, part
from ._grams import Bytes, Numbers, Table, wide

SPACE = 0xFFFFFFFF  # in the table of lower-case characters


@part
def _put(found: npt.NDArray[np.uint8], at: int, point: np.int64) -> int:
    """Write a character as UTF-8; gives where the next one goes."""
    if point < 0x80:
        found[at] = point
        return at + 1
    if point < 0x800:
        found[at], found[at + 1] = 0xC0 | point >> 6, 0x80 | point & 0x3F
        return at + 2
    if point < 0x10000:
        found[at], found[at + 1], found[at + 2] = 0xE0 | point >> 12, 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F
        return at + 3
    found[at], found[at + 1] = 0xF0 | point >> 18, 0x80 | point >> 12 & 0x3F
    found[at + 2], found[at + 3] = 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F
    return at + 4


@kernel(
    types.void(
        BYTES, types.Array(types.int64, 1, "C", readonly=True), types.Array(types.uint32, 1, "C", readonly=True), types.uint8[::1], types.int64[::1]
    )
)
def squeeze(data: Bytes, offsets: Numbers, lower: Table, found: npt.NDArray[np.uint8], ends: Numbers) -> None:
    """Each text in lower case, with one space for each run of white space and none at its ends."""
    total = 0
    for row in range(len(ends)):
        at, stop, start, gap = offsets[row], offsets[row + 1], total, False
        while at < stop:
            point, size = wide(data, at) if data[at] >= 0x80 else (np.int64(data[at]), 1)
            at += size
            made = np.int64(lower[point]) if point < len(lower) else point
            if made == SPACE:
                gap = total > start
                continue
            if gap:
                found[total] = 0x20
                total, gap = total + 1, False
            total = _put(found, total, made)
        ends[row] = total

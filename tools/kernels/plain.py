"""Digests of texts in lower case, white space squeezed: what `exact_dedup` compares when case and space do not count."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._blocks import NONE, ONE, below, blanks, within
from ._decorators import BYTES, Place, lean, lean_kernel
from ._grams import Bytes, Numbers, Table
from ._machine import BLOCK, low_zeros, plain64, swap64
from ._text import decoded, put
from ._xxh3 import hash128

U = np.uint64
SPACE = 0xFFFFFFFF  # in the table of lower-case characters
SPARE = 2 * BLOCK  # bytes behind the longest text: blocks are written whole


@lean
def squeezed(data: Bytes, start: Place, stop: Place, lower: Table, room: npt.NDArray[np.uint8]) -> np.int64:
    """A text in lower case, with one space for each run of white space and none at its ends; gives its size."""
    at, total = np.int64(start), np.int64(0)
    behind = ONE  # a space, or the text's begin
    while at < stop:
        if at + BLOCK <= len(data):
            blank = blanks(data, at)
            odd = ~below(data, at, U(0x80)) | (blank & ((blank << ONE) | behind)) | ~within(at, stop)
            size = np.int64(low_zeros(odd)) if odd else np.int64(BLOCK)
            plain64(data, at, room, total)
            at, total = at + size, total + size
            if size:
                behind = (blank >> U(size - 1)) & ONE
            if size == BLOCK or at >= stop:
                continue
            if data[at] < 0x80:  # goes on with a run of white space
                others = ~(blank >> U(size))
                at += np.int64(low_zeros(others)) if others else np.int64(BLOCK)
                continue
        while at < stop:
            point, width = decoded(data, at)
            at += width
            made = np.int64(lower[point]) if point < len(lower) else point
            if made != SPACE:
                total, behind = np.int64(put(made, room, total)), NONE
            elif not behind:
                room[total] = 0x20
                total, behind = total + 1, ONE
            if at < stop and data[at] < 0x80:
                break
    return total - 1 if behind and total else total


@lean_kernel(
    types.void(
        BYTES, types.Array(types.int64, 1, "C", readonly=True), types.Array(types.uint32, 1, "C", readonly=True), types.uint8[::1],
        types.uint64[:, ::1],
    )
)  # fmt: skip
def digests(data: Bytes, offsets: Numbers, lower: Table, room: npt.NDArray[np.uint8], found: npt.NDArray[np.uint64]) -> None:
    """The XXH3-128 of each text so made. `room` holds the longest, half as much again, and SPARE."""
    for row in range(len(found)):
        size = squeezed(data, offsets[row], offsets[row + 1], lower, room)
        high, low = hash128(room, np.int64(0), size)
        found[row, 0], found[row, 1] = swap64(high), swap64(low)

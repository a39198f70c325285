"""Where the lines of texts lie, what they are without the space at their ends, and a hash of that. The same as tools/dedupe/pieces.py finds."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._blocks import characters_in
from ._decorators import BYTES, Place, lean, lean_kernel
from ._text import next_break
from ._words import SPACE, Bytes, kind_of, size_of
from ._xxh3 import hash64

Numbers = npt.NDArray[np.int64]
GIVEN = types.Array(types.int64, 1, "C", readonly=True)
TABLE = types.Array(types.uint8, 1, "C", readonly=True)
LINE, RETURN = 10, 13


@lean
def end_of(data: Bytes, at: Place, stop: Place) -> np.int64:
    """Behind the line break that ends the line, or the end of the text."""
    place = next_break(data, at, stop)
    if place == stop:
        return np.int64(stop)
    is_pair = data[place] == RETURN and place + 1 < stop and data[place + 1] == LINE
    return np.int64(place + 2 if is_pair else place + 1)


@lean
def first_of(data: Bytes, start: Place, stop: Place, table: Bytes) -> np.int64:
    at = np.int64(start)
    while at < stop:
        size = size_of(data[at])
        if kind_of(data, at, size, table) != SPACE:
            break
        at += size
    return at


@lean
def last_of(data: Bytes, start: Place, stop: Place, table: Bytes) -> np.int64:
    at = np.int64(stop)
    while at > start:
        lead = at - 1
        while data[lead] & 0xC0 == 0x80:
            lead -= 1
        if kind_of(data, lead, at - lead, table) != SPACE:
            break
        at = lead
    return at


@lean_kernel(types.int64(BYTES, GIVEN))
def count(data: Bytes, offsets: Numbers) -> int:
    """How many lines there are."""
    total = 0
    for row in range(len(offsets) - 1):
        at = offsets[row]
        while at < offsets[row + 1]:
            at = end_of(data, at, offsets[row + 1])
            total += 1
    return total


@lean_kernel(types.void(BYTES, GIVEN, TABLE, types.int64[:, ::1], types.uint64[::1]))
def lines(data: Bytes, offsets: Numbers, table: Bytes, found: npt.NDArray[np.int64], marks: npt.NDArray[np.uint64]) -> None:
    """Of each line: row, start and stop in it, first and last byte without space, characters between; and the XXH3-64 of that."""
    total = 0
    for row in range(len(offsets) - 1):
        at = offsets[row]
        while at < offsets[row + 1]:
            end = end_of(data, at, offsets[row + 1])
            first = first_of(data, at, end, table)
            last = last_of(data, first, end, table)
            found[0, total], found[1, total], found[2, total] = row, at - offsets[row], end - offsets[row]
            found[3, total], found[4, total], found[5, total] = first, last, characters_in(data, first, last)
            marks[total] = hash64(data, first, last)
            total += 1
            at = end

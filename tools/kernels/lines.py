"""Lines and paragraphs: how many, and of each its hash, its characters and, of lines, how they begin and end."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._blocks import characters_in
from ._decorators import BYTES, OFFSETS, Place, lean, lean_kernel
from ._machine import read64, write, write64
from ._text import LINE_CLOSER, LINE_QUOTE, LINE_STOP, Bytes, after_space, before_space, ends_with, next_break, without
from ._xxh3 import hash64

Ints = npt.NDArray[np.int32]
Words = npt.NDArray[np.uint64]
ZERO = np.int64(0)
BULLET, TRAILS_OFF, SENTENCE = 1, 2, 4


@lean
def _marks(data: Bytes, start: Place, stop: Place, roles: Bytes) -> int:
    """Of a line bare of space at its ends."""
    size, found = stop - start, 0
    if data[start] == 0x2D or (size >= 3 and data[start] == 0xE2 and data[start + 1] == 0x80 and data[start + 2] == 0xA2):
        found |= BULLET
    if size >= 3 and (
        (data[stop - 3] == 0x2E and data[stop - 2] == 0x2E and data[stop - 1] == 0x2E)
        or (data[stop - 3] == 0xE2 and data[stop - 2] == 0x80 and data[stop - 1] == 0xA6)
    ):
        found |= TRAILS_OFF
    if data[stop - 1] < 128 and roles[data[stop - 1]] == 0:
        return found
    if ends_with(data, start, stop, roles, LINE_QUOTE) or ends_with(data, start, without(data, start, stop, roles, LINE_CLOSER), roles, LINE_STOP):
        found |= SENTENCE
    return found


@lean
def _copied(data: Bytes, start: Place, stop: Place, scratch: Bytes, size: Place) -> Place:
    place, shift = start, size - start
    while place + 8 <= stop:
        write64(scratch, place + shift, read64(data, place))
        place += 8
    while place < stop:
        write(scratch, place + shift, data[place])
        place += 1
    return size + stop - start


@lean_kernel(
    types.void(
        BYTES, OFFSETS, BYTES, BYTES, BYTES, types.int32[:, ::1],
        types.uint64[::1], types.int32[::1], types.uint8[::1], types.uint64[::1], types.int32[::1],
    )
)  # fmt: skip
def lines(
    data: Bytes,
    offsets: Ints,
    classes: Bytes,
    roles: Bytes,
    scratch: Bytes,
    counts: Ints,
    line_hashes: Words,
    line_lengths: Ints,
    line_marks: Bytes,
    paragraph_hashes: Words,
    paragraph_lengths: Ints,
) -> None:
    """Lists of all texts one after the other. `counts`, of each text: its lines; how many non-blank lines and paragraphs end with it.

    A paragraph is hashed where it lies if its lines are bare and a line feed apart, else in `scratch`, which holds the longest text.
    """
    filled, paragraphs = 0, 0
    for row in range(counts.shape[1]):
        stop = np.int64(offsets[row + 1])
        place: Place = np.int64(offsets[row])
        found, is_open, is_moved = 0, False, False
        start, end = place, place  # of the paragraph: in the data, else its size in the scratch
        size: Place = np.int64(0)
        while place < stop:
            after = next_break(data, place, stop)
            first = after_space(data, place, after, classes)
            last = before_space(data, first, after, classes)
            found += 1
            if first < last:
                line_hashes[filled] = hash64(data, first, last)
                line_lengths[filled] = characters_in(data, first, last)
                line_marks[filled] = _marks(data, first, last, roles)
                if not is_open:
                    is_open, is_moved, start = True, False, first
                    paragraph_lengths[paragraphs] = line_lengths[filled]
                else:
                    paragraph_lengths[paragraphs] += 1 + line_lengths[filled]
                    if not is_moved and not (first == end + 1 and data[end] == 10):
                        is_moved, size = True, _copied(data, start, end, scratch, ZERO)
                    if is_moved:
                        write(scratch, size, 10)
                        size = _copied(data, first, last, scratch, size + 1)
                end = last
                filled += 1
            place = after + 1
            if after + 1 < stop and data[after] == 13 and data[after + 1] == 10:
                place += 1
            if is_open and (first == last or place >= stop):
                paragraph_hashes[paragraphs] = hash64(scratch, ZERO, size) if is_moved else hash64(data, start, end)
                paragraphs += 1
                is_open = False
        counts[0, row], counts[1, row], counts[2, row] = found, filled, paragraphs

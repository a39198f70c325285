"""Hashes and lengths of words."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import BYTES, OFFSETS, Place, lean, lean_kernel
from ._machine import write
from ._text import FOLDS, IDEOGRAPH, PUNCTUATION, SPACE, Bytes, code_at
from ._xxh3 import hash64

ZERO = np.int64(0)
SPREAD = 3  # bytes that case folding makes of one, at most


@lean
def _next_word(data: Bytes, place: Place, stop: Place, classes: Bytes) -> tuple[Place, Place, Place, Place, Place, Place]:
    """The next word, the same bare of punctuation, the classes seen in it, and its characters; an empty one where there is none."""
    code, size, found = 0, 0, 0
    while place < stop:
        code, size = code_at(data, place)
        found = classes[code]
        if not found & SPACE:
            break
        place += size
    start, seen, length = place, 0, 0
    bare_start, bare_stop = place, place
    while place < stop:
        seen |= found
        place += size
        length += 1
        if not found & PUNCTUATION:
            if bare_start == bare_stop:
                bare_start = place - size
            bare_stop = place
        if found & IDEOGRAPH or place >= stop:
            break
        code, size = code_at(data, place)
        found = classes[code]
        if found & (SPACE | IDEOGRAPH):
            break
    return start, place, bare_start, bare_stop, seen, length


@lean
def _fold(
    data: Bytes,
    start: Place,
    stop: Place,
    classes: Bytes,
    folding: npt.NDArray[np.int32],
    begins: npt.NDArray[np.int32],
    folded: Bytes,
    scratch: Bytes,
) -> Place:
    """Case fold into the scratch; how many bytes it took."""
    size = 0
    while start < stop:
        code, width = code_at(data, start)
        if code < 128:
            write(scratch, size, code + 32 if 65 <= code <= 90 else code)
            size += 1
        elif classes[code] & FOLDS:
            rank = np.searchsorted(folding, np.int32(code))
            for at in range(begins[rank], begins[rank + 1]):
                write(scratch, size, folded[at])
                size += 1
        else:
            for at in range(start, start + width):
                write(scratch, size, data[at])
                size += 1
        start += width
    return size


@lean_kernel(types.void(BYTES, OFFSETS, BYTES, OFFSETS, OFFSETS, BYTES, BYTES, types.int32[::1], types.uint64[::1], types.int32[::1]))
def words(
    data: Bytes,
    offsets: npt.NDArray[np.int32],
    classes: Bytes,
    folding: npt.NDArray[np.int32],
    begins: npt.NDArray[np.int32],
    folded: Bytes,
    scratch: Bytes,
    ends: npt.NDArray[np.int32],
    hashes: npt.NDArray[np.uint64],
    lengths: npt.NDArray[np.int32],
) -> None:
    """Of each word its hash, case folded and bare of punctuation at its ends, and its characters; of each text, how many words end with it.

    `scratch` holds SPREAD bytes for each of the longest text, and 8 more.
    """
    count = 0
    for row in range(len(ends)):
        stop = np.int64(offsets[row + 1])
        place: Place = np.int64(offsets[row])
        while True:
            start, place, bare_start, bare_stop, seen, length = _next_word(data, place, stop, classes)
            if start == place:
                break
            lengths[count] = length
            if bare_start == bare_stop:
                bare_start, bare_stop = start, place
            if seen & FOLDS:
                size = _fold(data, bare_start, bare_stop, classes, folding, begins, folded, scratch)
                hashes[count] = hash64(scratch, ZERO, size)
            else:
                hashes[count] = hash64(data, bare_start, bare_stop)
            count += 1
        ends[row] = count

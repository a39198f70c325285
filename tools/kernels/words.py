"""Hashes and lengths of words."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import BYTES, OFFSETS, Place, kernel, part
from ._text import FOLDS, IDEOGRAPH, PUNCTUATION, SPACE, Bytes, characters_of, code_at
from ._xxh3 import hash64

SPREAD = 3  # bytes that case folding makes of one, at most


@part
def _next_word(data: Bytes, place: Place, stop: Place, classes: Bytes) -> tuple[Place, Place, Place, Place, Place]:
    """The next word, the same bare of punctuation, and the classes seen in it; an empty one where there is none."""
    code, size, found = 0, 0, 0
    while place < stop:
        code, size = code_at(data, place)
        found = classes[code]
        if not found & SPACE:
            break
        place += size
    start, seen = place, 0
    bare_start, bare_stop = place, place
    while place < stop:
        seen |= found
        place += size
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
    return start, place, bare_start, bare_stop, seen


@part
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
            scratch[size] = code + 32 * (65 <= code <= 90)
            size += 1
        elif classes[code] & FOLDS:
            rank = np.searchsorted(folding, np.int32(code))
            for at in range(begins[rank], begins[rank + 1]):
                scratch[size] = folded[at]
                size += 1
        else:
            for at in range(start, start + width):
                scratch[size] = data[at]
                size += 1
        start += width
    return size


@kernel(types.void(BYTES, OFFSETS, BYTES, OFFSETS, OFFSETS, BYTES, types.uint8[::1], types.int32[::1], types.uint64[::1], types.int32[::1]))
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
            start, place, bare_start, bare_stop, seen = _next_word(data, place, stop, classes)
            if start == place:
                break
            lengths[count] = characters_of(data, start, place)
            if bare_start == bare_stop:
                bare_start, bare_stop = start, place
            if seen & FOLDS:
                size = _fold(data, bare_start, bare_stop, classes, folding, begins, folded, scratch)
                hashes[count] = hash64(scratch, 0, size)
            else:
                hashes[count] = hash64(data, bare_start, bare_stop)
            count += 1
        ends[row] = count

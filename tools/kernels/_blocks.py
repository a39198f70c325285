"""Parts: what the 64 bytes at a place are, a bit for each, the first the lowest. Beyond the buffer's end no bit is set."""

import numpy as np
import numpy.typing as npt

from ._decorators import Place, lean, woven
from ._machine import BLOCK, below64, equal64, low_zeros, ones

U = np.uint64
Bytes = npt.NDArray[np.uint8]
NONE, ONE, ALL = U(0), U(1), U(0xFFFFFFFFFFFFFFFF)


@woven
def within(place: Place, stop: Place) -> np.uint64:
    """The bytes of the block before a stop, which lies behind the place."""
    left = stop - place
    return ALL if left >= BLOCK else (ONE << U(left)) - ONE


@woven
def equal(data: Bytes, place: Place, byte: np.uint64) -> np.uint64:
    """Which are this byte; those of the text behind it too: see `within`."""
    return equal64(data, place, byte) if place + BLOCK <= len(data) else _equal_at_rim(data, place, byte)


@woven
def below(data: Bytes, place: Place, byte: np.uint64) -> np.uint64:
    """Which are less than this byte; not for what lies beyond the buffer."""
    return below64(data, place, byte) if place + BLOCK <= len(data) else _below_at_rim(data, place, byte)


@woven
def going_on(data: Bytes, place: Place) -> np.uint64:
    """Which bytes go on with a character that began before them."""
    return below(data, place, U(0xC0)) & ~below(data, place, U(0x80))


@woven
def blanks(data: Bytes, place: Place) -> np.uint64:
    """Which are white space of ASCII."""
    low = below(data, place, U(0x21)) & ~below(data, place, U(0x1C))
    return low | (below(data, place, U(0x0E)) & ~below(data, place, U(0x09)))


@lean
def characters_in(data: Bytes, start: Place, stop: Place) -> np.int64:
    """How many begin in between."""
    count = stop - start
    for place in range(start, stop, BLOCK):
        count -= np.int64(ones(going_on(data, place) & within(place, stop)))
    return np.int64(count)


@lean
def next_equal(data: Bytes, place: Place, stop: Place, byte: np.uint64) -> np.int64:
    """Where this byte is next, or the stop."""
    while place < stop:
        found = equal(data, place, byte)
        if found:
            return min(np.int64(place) + np.int64(low_zeros(found)), np.int64(stop))
        place += BLOCK
    return np.int64(stop)


@lean
def _equal_at_rim(data: Bytes, place: Place, byte: np.uint64) -> np.uint64:
    last = len(data) - BLOCK
    if last >= 0:
        return equal64(data, last, byte) >> U(place - last) if place < len(data) else NONE
    found = NONE
    for at in range(place, len(data)):
        found |= U(data[at] == byte) << U(at - place)
    return found


@lean
def _below_at_rim(data: Bytes, place: Place, byte: np.uint64) -> np.uint64:
    last = len(data) - BLOCK
    if last >= 0:
        return below64(data, last, byte) >> U(place - last) if place < len(data) else NONE
    found = NONE
    for at in range(place, len(data)):
        found |= U(data[at] < byte) << U(at - place)
    return found

"""Counts of sentences."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._blocks import below, equal, within
from ._decorators import BYTES, OFFSETS, Place, lean, lean_kernel
from ._machine import BLOCK, low_zeros
from ._text import CLOSER, SPACE, STOP, WIDE_CLOSER, WIDE_STOP, Bytes, before_space, code_at, ends_with, role_of, without

U = np.uint64


@lean
def _past(data: Bytes, place: Place, stop: Place, roles: Bytes, role: Place) -> Place:
    """Where the run of characters of this role ends."""
    while place < stop:
        code, size = code_at(data, place)
        if not role_of(code, roles) & role:
            break
        place += size
    return place


@lean
def _next_stop(data: Bytes, start: Place, stop: Place) -> Place:
    """Where the next character is that may end a sentence: one of ASCII that does, or any other."""
    for block in range(start, stop, BLOCK):
        found = equal(data, block, U(0x2E)) | equal(data, block, U(0x21)) | equal(data, block, U(0x3F)) | ~below(data, block, U(0x80))
        if found & within(block, stop):
            return min(block + np.int64(low_zeros(found)), stop)
    return stop


@lean
def _count(data: Bytes, start: Place, stop: Place, classes: Bytes, roles: Bytes) -> Place:
    found = 0
    place = _next_stop(data, start, stop)
    while place < stop:
        code, size = code_at(data, place)
        role = role_of(code, roles)
        if not role & (STOP | WIDE_STOP):
            place = _next_stop(data, place + size, stop)
        elif role & WIDE_STOP:
            place = _past(data, _past(data, place, stop, roles, WIDE_STOP), stop, roles, WIDE_CLOSER)
            found += 1
        else:
            place = _past(data, _past(data, place, stop, roles, STOP), stop, roles, CLOSER)
            if place == stop:
                found += 1
            else:
                code, size = code_at(data, place)
                if classes[code] & SPACE:
                    found += 1
    last = before_space(data, start, stop, classes)
    is_closed = ends_with(data, start, without(data, start, last, roles, CLOSER), roles, STOP) or ends_with(
        data, start, without(data, start, last, roles, WIDE_CLOSER), roles, WIDE_STOP
    )
    return found if is_closed or last == start else found + 1


@lean_kernel(types.void(BYTES, OFFSETS, BYTES, BYTES, types.int32[::1]))
def sentences(data: Bytes, offsets: npt.NDArray[np.int32], classes: Bytes, roles: Bytes, found: npt.NDArray[np.int32]) -> None:
    """They end at a stop with white space behind it, or at one of Chinese or Japanese; what follows the last stop is one too."""
    for row in range(len(found)):
        found[row] = _count(data, np.int64(offsets[row]), np.int64(offsets[row + 1]), classes, roles)

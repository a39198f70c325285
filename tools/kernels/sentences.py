"""Counts of sentences."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import BYTES, OFFSETS, Place, kernel, part
from ._text import CLOSER, SPACE, STOP, WIDE_CLOSER, WIDE_STOP, Bytes, before_space, code_at, ends_with, role_of, without


@part
def _past(data: Bytes, place: Place, stop: Place, roles: Bytes, role: int) -> Place:
    """Where the run of characters of this role ends."""
    while place < stop:
        code, size = code_at(data, place)
        if not role_of(code, roles) & role:
            break
        place += size
    return place


@part
def _count(data: Bytes, start: Place, stop: Place, classes: Bytes, roles: Bytes) -> Place:
    found, place = 0, start
    while place < stop:
        code, size = code_at(data, place)
        role = role_of(code, roles)
        if not role & (STOP | WIDE_STOP):
            place += size
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


@kernel(types.void(BYTES, OFFSETS, BYTES, BYTES, types.int32[::1]))
def sentences(data: Bytes, offsets: npt.NDArray[np.int32], classes: Bytes, roles: Bytes, found: npt.NDArray[np.int32]) -> None:
    """They end at a stop with white space behind it, or at one of Chinese or Japanese; what follows the last stop is one too."""
    for row in range(len(found)):
        found[row] = _count(data, np.int64(offsets[row]), np.int64(offsets[row + 1]), classes, roles)

"""The hash of a token, as tools/token_hash.py says."""

import numpy as np
import numpy.typing as npt

from tools.token_hash import LENGTH, NEXT, START, STIR

from ._decorators import Place, woven
from ._machine import high_product, read64

U = np.uint64
Bytes = npt.NDArray[np.uint8]
KEPT = np.frombuffer(b"\xff" * 16 + b"\0" * 16, np.uint8)


@woven
def hash16(data: Bytes, start: Place, size: Place, state: np.uint64) -> np.uint64:
    """Takes in up to 16 bytes; sixteen can be read."""
    one = (read64(data, start) & read64(KEPT, 16 - size)) ^ U(START) ^ state
    other = (read64(data, start + 8) & read64(KEPT, 24 - size)) ^ U(NEXT)
    return (one * other) ^ high_product(one, other)


@woven
def stirred(state: np.uint64, size: Place) -> np.uint64:
    state += U(size) * U(LENGTH)
    state = (state ^ (state >> U(32))) * U(STIR)
    return state ^ (state >> U(29))


@woven
def hashed(data: Bytes, start: Place, stop: Place) -> np.uint64:
    """The hash of data[start:stop]."""
    state, place = U(0), start
    while stop - place > 16:
        state = hash16(data, place, np.int64(16), state)
        place += 16
    if place + 16 <= len(data):
        return stirred(hash16(data, place, stop - place, state), stop - start)
    one, other = U(0), U(0)
    for at in range(min(stop - place, 8)):
        one |= U(data[place + at]) << U(8 * at)
    for at in range(8, stop - place):
        other |= U(data[place + at]) << U(8 * at - 64)
    one ^= U(START) ^ state
    other ^= U(NEXT)
    return stirred((one * other) ^ high_product(one, other), stop - start)

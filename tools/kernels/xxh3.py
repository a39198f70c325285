"""XXH3 of each value of a string or binary array."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import BYTES, OFFSETS, kernel
from ._machine import swap64
from ._xxh3 import hash64, hash128


@kernel(types.void(BYTES, OFFSETS, types.uint64[::1]))
def hashes(data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int32], found: npt.NDArray[np.uint64]) -> None:
    """The XXH3-64 of each value."""
    for row in range(len(found)):
        found[row] = hash64(data, np.int64(offsets[row]), np.int64(offsets[row + 1]))


@kernel(types.void(BYTES, OFFSETS, types.uint64[:, ::1]))
def digests(data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int32], found: npt.NDArray[np.uint64]) -> None:
    """The XXH3-128 of each value as its 16 bytes, the high half first."""
    for row in range(len(found)):
        high, low = hash128(data, np.int64(offsets[row]), np.int64(offsets[row + 1]))
        found[row, 0], found[row, 1] = swap64(high), swap64(low)

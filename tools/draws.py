"""Numbers drawn by value: equal values draw alike, in any batch, run or process."""

from typing import Any

import numpy as np
import pyarrow as pa

from .digest import digest
from .hashed import FACTOR, mixed

NO_VALUE = bytes(16)


def by_value(values: pa.Array, salt: int) -> pa.Array:
    """uint64 a value; another salt draws anew."""
    heads = value_digests(values).view(np.uint64)[::2]
    return pa.array(mix(heads ^ np.uint64(salt)))


def value_digests(values: pa.Array) -> np.ndarray[Any, Any]:
    """The digest of each value as 16 bytes; a null has zeros, which no value has."""
    found = digest(values)
    made = np.frombuffer(found.buffers()[1], "V16")[found.offset : found.offset + len(found)]
    return made if not found.null_count else np.where(found.is_valid().to_numpy(zero_copy_only=False), made, np.frombuffer(NO_VALUE, "V16"))


def mix(values: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """A step and the finaliser of splitmix64: neighbours come out unrelated."""
    return mixed(values + FACTOR)

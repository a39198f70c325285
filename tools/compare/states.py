"""What a survey has learned, as a table of one row: arrays of any length side by side."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Array = npt.NDArray[Any]  # of whatever numbers were packed


def packed(arrays: Mapping[str, npt.ArrayLike | pa.Array]) -> pa.Table:
    """Each array as the one list of a column; lines of numbers as lists of lists."""
    return pa.table({name: _list(_arrow(values)) for name, values in arrays.items()})


def part(state: pa.Table, name: str) -> Array:
    """An array of numbers that was packed."""
    whole = arrow_part(state, name)
    if pa.types.is_list(whole.type):
        flat: Array = whole.flatten().to_numpy(zero_copy_only=False)
        return flat.reshape(len(whole), len(flat) // len(whole) if len(whole) else 0)
    found: Array = whole.to_numpy(zero_copy_only=False)
    return found


def arrow_part(state: pa.Table, name: str) -> pa.Array:
    """An array that was packed, as it is."""
    return state[name].chunk(0).flatten()


def rounded(number: float) -> float:
    """To six digits: what lies below depends on the machine's own way of summing."""
    return float(f"{number:.6g}")


def _arrow(values: npt.ArrayLike | pa.Array) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    array = np.asarray(values)
    if array.ndim < 2:
        return pa.array(np.atleast_1d(array))
    ends = np.arange(len(array) + 1, dtype=np.int32) * np.int32(array.shape[1])
    return pa.ListArray.from_arrays(pa.array(ends), pa.array(array.ravel()))


def _list(values: pa.Array) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), values)

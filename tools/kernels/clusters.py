"""Clusters of rows that pairs connect: each row's label is the smallest row it is connected with."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import kernel, part

Numbers = npt.NDArray[np.int64]
GIVEN = types.Array(types.int64, 1, "C", readonly=True)


@part
def _root(label: Numbers, row: int) -> int:
    while label[row] != row:
        label[row] = label[label[row]]
        row = label[row]
    return row


@kernel(types.void(types.int64[::1], GIVEN, GIVEN))
def join(label: Numbers, row: Numbers, other: Numbers) -> None:
    """Join the clusters of each pair; labels stay roots only after `settle`."""
    for pair in range(len(row)):
        one, two = _root(label, row[pair]), _root(label, other[pair])
        if one < two:
            label[two] = one
        else:
            label[one] = two


@kernel(types.void(types.int64[::1]))
def settle(label: Numbers) -> None:
    """Let every row have the label of its root. A root is smaller than all that hang on it, so it is settled before them."""
    for row in range(len(label)):
        label[row] = label[label[row]]

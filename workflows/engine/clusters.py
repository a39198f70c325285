"""Clusters of rows by the pairs that connect them, in any order, some at a time."""

from collections.abc import Iterable

import numpy as np

from tools.kernels import compiled

from .fragments import Rows


def clusters(total: int, pairs: Iterable[tuple[Rows, Rows]]) -> Rows:
    """For each of `total` rows the smallest row it is connected with: itself, if with none."""
    label = np.arange(total, dtype=np.int64)
    for row, other in pairs:
        fast = compiled("clusters", row.nbytes >> 4)  # a million pairs are joined in less time than numba takes to start
        if fast is not None:
            fast.join(label, row, other)
            fast.settle(label)
        else:
            _join(label, row, other)
    return label


def _join(label: Rows, row: Rows, other: Rows) -> None:
    while True:
        one, two = label[row], label[other]
        low, high = np.minimum(one, two), np.maximum(one, two)
        open_ = low != high
        if not open_.any():
            return
        np.minimum.at(label, high[open_], low[open_])
        while not np.array_equal(label, label[label]):
            label[:] = label[label]

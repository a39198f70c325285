"""Pairs of rows out of the buckets they fell into."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

ALL_WITH_ALL = 32  # rows of a bucket: in a larger one each row meets its neighbours and the first


@dataclass(frozen=True)
class Buckets:
    """Rows sorted by bucket, then place; `start` is where a row's bucket begins, `size` how many rows it has."""

    rows: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    size: npt.NDArray[np.int64]


def buckets(keys: pa.ChunkedArray, rows: pa.ChunkedArray) -> Buckets:
    """The buckets of two rows and more, whatever the order of the notes."""
    marks, places = keys.to_numpy(), rows.to_numpy()
    order = np.lexsort((places, marks))
    marks, places = marks[order], places[order]
    heads = np.flatnonzero(np.concatenate((np.ones(min(1, len(marks)), bool), marks[1:] != marks[:-1])))
    sizes = np.diff(np.append(heads, len(marks)))
    shared = np.repeat(sizes > 1, sizes)
    sizes = sizes[sizes > 1]
    return Buckets(places[shared].astype(np.int64), np.repeat(np.cumsum(sizes) - sizes, sizes), np.repeat(sizes, sizes))


def pairs_within(found: Buckets) -> pa.Table:
    """Each row with every earlier one of its bucket; in large buckets with the one before and the first."""
    at = np.arange(len(found.rows))
    turn = at - found.start
    large = found.size > ALL_WITH_ALL
    rows, others = [found.rows[large & (turn > 1)]], [found.rows[found.start[large & (turn > 1)]]]
    for back in range(1, ALL_WITH_ALL):
        later = at[(turn >= back) & (~large | (back == 1))]
        if not len(later):
            break
        rows.append(found.rows[later])
        others.append(found.rows[later - back])
    pairs = np.unique(np.stack((np.concatenate(rows), np.concatenate(others))), axis=1) if len(found.rows) else np.zeros((2, 0), np.int64)
    return pa.table({"row": pairs[0], "other": pairs[1]})

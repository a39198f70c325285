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
    marks = keys.to_numpy()
    order = np.argsort(marks, kind="stable")  # runs that are in order already
    marks = marks[order]
    same = marks[1:] == marks[:-1]
    shared = np.append(same, False) | np.append(False, same) if len(marks) else np.zeros(0, np.bool_)
    marks, places = marks[shared], rows.to_numpy()[order[shared]]  # most keys have one row: only the others are put in order
    if ((marks[1:] == marks[:-1]) & (places[1:] < places[:-1])).any():  # seldom: notes come by place
        places = places[np.lexsort((places, marks))]
    heads = np.flatnonzero(np.append(True, marks[1:] != marks[:-1])[: len(marks)])
    sizes = np.diff(np.append(heads, len(marks)))
    return Buckets(places, np.repeat(heads, sizes), np.repeat(sizes, sizes))


def pairs_within(found: Buckets) -> pa.Table:
    """Each row with every earlier one of its bucket; in large buckets with the one before and the first. A pair may come again."""
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
    return pa.table({"row": np.concatenate(rows), "other": np.concatenate(others)})

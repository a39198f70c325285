"""What lists of hashes say of each text: how many differ, what repeats, how evenly they are spread. A null list gives null."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

PARTS = 1 << 28  # c·log2(c) is summed in whole parts of this, so that the order of the sum does not show

Longs = npt.NDArray[np.int64]


def distinct(lists: pa.Array) -> pa.Array:
    """How many different elements each list has (int32)."""
    rows, _, is_repeat = _sorted(lists)
    return _nulled(np.bincount(rows[~is_repeat], minlength=len(lists)), lists)


def repeats(lists: pa.Array, lengths: pa.Array) -> tuple[pa.Array, pa.Array]:
    """How many elements repeat an earlier one of their list, and the characters in them (int32); `lengths` lie as `lists` do."""
    rows, order, is_repeat = _sorted(lists)
    characters = lengths.flatten().to_numpy()[order][is_repeat]
    count = np.bincount(rows[is_repeat], minlength=len(lists))
    return _nulled(count, lists), _nulled(np.bincount(rows[is_repeat], characters, len(lists)), lists)


def entropy(lists: pa.Array) -> pa.Array:
    """Shannon's entropy in bits of each list's elements (float64); of an empty list 0."""
    rows, _, is_repeat = _sorted(lists)
    first = np.flatnonzero(~is_repeat)
    counts = np.diff(np.append(first, len(rows)))
    several = counts > 1  # 1·log2(1) is nothing
    return _entropy(lists, rows[first[several]], counts[several])


def total(lists: pa.Array, values: pa.Array | None = None) -> pa.Array:
    """The sum of each list's elements, or of `values` that lie as they do (int32)."""
    elements = (lists.flatten() if values is None else values).to_numpy()
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(elements, dtype=np.int64)])
    ends = np.cumsum(_sizes(lists))
    return _nulled(running[ends] - running[ends - _sizes(lists)], lists)


def highest(lists: pa.Array) -> pa.Array:
    """The largest of each list's elements, 0 for an empty list (int32)."""
    sizes = _sizes(lists)
    found, filled = np.zeros(len(lists), np.int64), np.flatnonzero(sizes)
    if len(filled):
        found[filled] = np.maximum.reduceat(lists.flatten().to_numpy(), (np.cumsum(sizes) - sizes)[filled])
    return _nulled(found, lists)


def _entropy(lists: pa.Array, rows: Longs, counts: Longs) -> pa.Array:
    """log2(n) − Σ c·log2(c) / n, for the counts above one."""
    sizes = _sizes(lists)
    summed = np.zeros(len(lists), np.int64)
    np.add.at(summed, rows, _parts(counts))
    found = (_parts(sizes) - summed) / (np.maximum(sizes, 1) * float(PARTS))
    return _nulled(found, lists, pa.float64())


def _parts(counts: Longs) -> Longs:
    return np.rint(counts * np.log2(np.maximum(counts, 1)) * PARTS).astype(np.int64)


def _sorted(lists: pa.Array) -> tuple[Longs, Longs, npt.NDArray[np.bool_]]:
    """Of each element, equal ones of a list together: its list, its place, whether an equal one came before it."""
    rows, values = np.repeat(np.arange(len(lists)), _sizes(lists)), lists.flatten().to_numpy()
    order = np.lexsort((values, rows))
    rows, values = rows[order], values[order]
    is_repeat = np.zeros(len(rows), np.bool_)
    is_repeat[1:] = (rows[1:] == rows[:-1]) & (values[1:] == values[:-1])
    return rows, order, is_repeat


def _sizes(lists: pa.Array) -> Longs:
    sizes: Longs = pc.fill_null(pc.list_value_length(lists), 0).to_numpy().astype(np.int64)
    return sizes


def _nulled(values: npt.NDArray[np.generic], lists: pa.Array, kind: pa.DataType = pa.int32()) -> pa.Array:  # noqa: B008
    found = pa.array(values).cast(kind)
    return found if not lists.null_count else pc.if_else(lists.is_valid(), found, pa.scalar(None, kind))

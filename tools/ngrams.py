"""How much of a text its repeated n-grams of tokens make up: the most frequent n-gram for n up to 4, all repeated ones from 5 on."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .contract import Scan
from .digest import offsets_of
from .kernels import compiled

LEAST, LAST_TOP, MOST = 2, 4, 10
FACTOR, TURN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)

Hashes = npt.NDArray[np.uint64]
Wide = npt.NDArray[np.int64]


def repeats(scan: Scan, most: int = MOST) -> Wide:
    """Characters, a line for each n from 2 to `most` and a column for each text.

    Up to n = 4: the length of the most frequent n-gram with one space between its tokens (of several the first) times how often it occurs.
    From n = 5: the characters of the n-grams that occurred before, read from the left, where none that is counted overlaps another.
    """
    lists = scan.token_hashes
    hashes, lengths = (np.asarray(values.flatten()) for values in (lists, scan.token_lengths))
    offsets = offsets_of(lists)
    rows = (offsets - offsets[0]).astype(np.int32)
    fast = compiled("ngrams", 8 * len(hashes))
    return fast.repeats(rows, hashes, lengths, most) if fast else _repeats(rows, hashes, lengths, most)


def share(characters: Wide, scan: Scan) -> pa.Array:
    """The part of all characters; null for a text without any."""
    return ratio(characters, whole(scan))


def whole(scan: Scan) -> Wide:
    """The characters of each text."""
    return np.asarray(scan.characters.fill_null(0)).astype(np.int64)


def ratio(part: Wide, of: Wide) -> pa.Array:
    """Null where there is nothing that it could be a part of."""
    return pa.array(part / np.maximum(of, 1), pa.float64(), mask=of == 0)


def _repeats(rows: npt.NDArray[np.int32], hashes: Hashes, lengths: npt.NDArray[np.int32], most: int) -> Wide:
    found = np.zeros((most - 1, len(rows) - 1), np.int64)
    row = np.repeat(np.arange(len(rows) - 1), np.diff(rows))
    ends = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    positions, grams, repeated = np.arange(len(hashes)), hashes.copy(), np.ones(len(hashes), np.bool_)
    for size in range(LEAST, most + 1):
        # an n-gram can only repeat where both (n-1)-grams in it do
        positions = positions[positions + size <= rows[row[positions] + 1]]
        positions = positions[repeated[positions + 1]]
        grams[positions] = grams[positions] * FACTOR + hashes[positions + size - 1]
        _, first, at, counts = np.unique(_keys(grams[positions], row[positions]), return_index=True, return_inverse=True, return_counts=True)
        if size <= LAST_TOP:
            found[size - LEAST] = _top(rows, row, ends, size, positions[first], counts)
        else:
            found[size - LEAST] = _duplicates(len(rows) - 1, row, ends, size, positions, at, counts)
        is_repeated = counts[at] > 1
        repeated[:] = False
        repeated[positions[is_repeated]] = True
        positions = positions[is_repeated]
    return found


def _keys(grams: Hashes, row: npt.NDArray[np.int64]) -> Hashes:
    mixed = (grams ^ (grams >> np.uint64(32))) * TURN + row.astype(np.uint64) * FACTOR
    keys: Hashes = (mixed ^ (mixed >> np.uint64(29))) * TURN
    return keys


def _top(rows: npt.NDArray[np.int32], row: Wide, ends: Wide, size: int, places: Wide, counts: Wide) -> Wide:
    """Of each text: characters of its most frequent n-gram; where none repeats, of its first one."""
    has_gram = np.diff(rows) >= size
    best, times = rows[:-1].astype(np.int64), np.ones(len(rows) - 1, np.int64)
    order = np.lexsort((-places, counts))  # the last of a text: most frequent, of several the first
    order = order[counts[order] > 1]
    best[row[places[order]]], times[row[places[order]]] = places[order], counts[order]
    best = np.where(has_gram, best, 0)
    stop = np.where(has_gram, best + size, 0)
    return np.where(has_gram, (ends[stop] - ends[best] + size - 1) * times, 0)


def _duplicates(texts: int, row: Wide, ends: Wide, size: int, positions: Wide, at: Wide, counts: Wide) -> Wide:
    total, seen, free = np.zeros(texts, np.int64), set[int](), 0
    for entry in np.flatnonzero(counts[at] > 1).tolist():
        place = int(positions[entry])
        if place < free:
            continue
        if int(at[entry]) in seen:
            total[row[place]] += ends[place + size] - ends[place]
            free = place + size
        else:
            seen.add(int(at[entry]))
    return total


def recurring(values: Hashes, rows: npt.NDArray[np.integer], size: int) -> npt.NDArray[np.float64]:
    """Of each run of values between the rows: the share of its n-grams that occur more than once in it; 0 where it has none."""
    row = np.repeat(np.arange(len(rows) - 1), np.diff(rows))
    positions = np.flatnonzero(np.arange(len(values)) + size <= np.asarray(rows)[row + 1])
    grams = np.zeros(len(positions), np.uint64)
    for step in range(size):
        grams = (grams ^ values[positions + step]) * FACTOR
        grams ^= grams >> np.uint64(29)
    _, at, counts = np.unique(_keys(grams, row[positions]), return_inverse=True, return_counts=True)
    again = np.bincount(row[positions][counts[at] > 1], minlength=len(rows) - 1)
    return again / np.maximum(np.bincount(row[positions], minlength=len(rows) - 1), 1)

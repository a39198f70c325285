"""Word n-grams of texts, sketch bands of them, and how much two sets of them have in common.

The same as tools/dedupe/shingles.py and sketch.py compute with numpy, to the bit.
"""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import BYTES, Place, kernel, lean
from ._grams import Bytes, Hashes, Numbers, Table, grams_of, most_words
from ._runs import words_of
from ._sets import cleared, in_both, once, slot_of, slots_for
from ._sketch import PLACES, bands_of, fill

NUMBERS, HASHES = types.int64[::1], types.uint64[::1]
GIVEN_NUMBERS, GIVEN_HASHES = (types.Array(kind, 1, "C", readonly=True) for kind in (types.int64, types.uint64))
TABLE = types.Array(types.uint32, 1, "C", readonly=True)


@kernel(types.int64(BYTES, GIVEN_NUMBERS, TABLE, HASHES, NUMBERS))
def words(data: Bytes, offsets: Numbers, table: Table, found: Hashes, ends: Numbers) -> Place:
    """The hashes of the words of each text, and where those of each text end."""
    total: Place = np.int64(0)
    for row in range(len(ends)):
        total += words_of(data, offsets[row], offsets[row + 1], table, found[total:])
        ends[row] = total
    return total


@lean
def _bands(
    data: Bytes, start: Place, stop: Place, table: Table, n: int, count: int, size: int, found: Hashes, room: Hashes, grams: Hashes, sketch: Table
) -> np.int64:
    own = grams_of(room, words_of(data, start, stop, table, room), n, grams)
    if own > 0:
        fill(sketch, grams, own, room)
        bands_of(sketch, count, size, found)
    return own


@kernel(types.void(BYTES, GIVEN_NUMBERS, TABLE, types.int64, types.int64, types.int64, HASHES, types.boolean[::1]))
def bands(data: Bytes, offsets: Numbers, table: Table, n: int, count: int, size: int, found: Hashes, noted: npt.NDArray[np.bool_]) -> None:
    """For each text `count` bands of `size` places each of the sketch of its n-grams; none of a text without words."""
    most = most_words(offsets)
    room = np.empty(most, np.uint64), np.empty(most, np.uint64)
    sketch = np.empty(PLACES, np.uint32)
    for row in range(len(noted)):
        own = _bands(data, offsets[row], offsets[row + 1], table, n, count, size, found[row * count : (row + 1) * count], *room, sketch)
        noted[row] = own > 0


@lean
def _distinct(data: Bytes, start: Place, stop: Place, table: Table, n: int, found: Hashes, room: Hashes, held: Hashes) -> np.int64:
    return once(found, grams_of(room, words_of(data, start, stop, table, room), n, found), held)


@kernel(types.int64(BYTES, GIVEN_NUMBERS, TABLE, types.int64, HASHES, NUMBERS))
def distinct(data: Bytes, offsets: Numbers, table: Table, n: int, found: Hashes, ends: Numbers) -> Place:
    """The n-grams of each text, each once, and where those of each text end."""
    most = most_words(offsets)
    room, held = np.empty(most, np.uint64), np.empty(2 * slots_for(most), np.uint64)
    total: Place = np.int64(0)
    for row in range(len(ends)):
        total += _distinct(data, offsets[row], offsets[row + 1], table, n, found[total:], room, held)
        ends[row] = total
    return total


@lean
def _common(values: Hashes, offsets: Numbers, ones: Numbers, others: Numbers, found: Numbers, held: Hashes) -> None:
    last, mask, own = np.int64(-1), np.uint64(0), values[:0]
    for pair in range(len(ones)):
        if ones[pair] != last:
            last = ones[pair]
            own = values[offsets[last] : offsets[last + 1]]
            mask = cleared(held, len(own))
            for at in range(len(own)):
                held[slot_of(held, mask, own[at])] = own[at]
        found[pair] = in_both(own, values[offsets[others[pair]] : offsets[others[pair] + 1]], held, mask)


@kernel(types.void(GIVEN_HASHES, GIVEN_NUMBERS, GIVEN_NUMBERS, GIVEN_NUMBERS, NUMBERS))
def common(values: Hashes, offsets: Numbers, ones: Numbers, others: Numbers, found: Numbers) -> None:
    """For each pair of sets how many values are in both; fastest where the pairs of one set follow each other."""
    most = 0
    for row in range(len(offsets) - 1):
        most = max(most, offsets[row + 1] - offsets[row])
    _common(values, offsets, ones, others, found, np.empty(2 * slots_for(most), np.uint64))

"""Word n-grams of texts, sketch bands of them, and how much two sets of them have in common.

The same as tools/dedupe/shingles.py and sketch.py compute with numpy, to the bit.
"""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import BYTES, kernel
from ._grams import Bytes, Hashes, Numbers, Table, grams_of, most_words, words_of
from ._sets import enter, is_held, once, slots_for
from ._sketch import PLACES, bands_of, fill

NUMBERS, HASHES = types.int64[::1], types.uint64[::1]
GIVEN_NUMBERS, GIVEN_HASHES = (types.Array(kind, 1, "C", readonly=True) for kind in (types.int64, types.uint64))
TABLE = types.Array(types.uint32, 1, "C", readonly=True)


@kernel(types.int64(BYTES, GIVEN_NUMBERS, TABLE, HASHES, NUMBERS))
def words(data: Bytes, offsets: Numbers, table: Table, found: Hashes, ends: Numbers) -> int:
    """The hashes of the words of each text, and where those of each text end."""
    total = 0
    for row in range(len(ends)):
        total += words_of(data, offsets[row], offsets[row + 1], table, found[total:])
        ends[row] = total
    return total


@kernel(types.void(BYTES, GIVEN_NUMBERS, TABLE, types.int64, types.int64, types.int64, HASHES, types.boolean[::1]))
def bands(data: Bytes, offsets: Numbers, table: Table, n: int, count: int, size: int, found: Hashes, noted: npt.NDArray[np.bool_]) -> None:
    """For each text `count` bands of `size` places each of the sketch of its n-grams; none of a text without words."""
    grams = np.empty(most_words(offsets), np.uint64)
    sketch = np.empty(PLACES, np.uint32)
    for row in range(len(noted)):
        own = grams_of(grams, words_of(data, offsets[row], offsets[row + 1], table, grams), n)
        noted[row] = own > 0
        if own > 0:
            fill(sketch, grams, own)
            bands_of(sketch, count, size, found[row * count : (row + 1) * count])


@kernel(types.int64(BYTES, GIVEN_NUMBERS, TABLE, types.int64, HASHES, NUMBERS))
def distinct(data: Bytes, offsets: Numbers, table: Table, n: int, found: Hashes, ends: Numbers) -> int:
    """The n-grams of each text, each once, and where those of each text end."""
    slots = slots_for(most_words(offsets))
    held, turns = np.empty(slots, np.uint64), np.zeros(slots, np.int64)
    total = 0
    for row in range(len(ends)):
        own = found[total:]
        count = grams_of(own, words_of(data, offsets[row], offsets[row + 1], table, own), n)
        total += once(own, count, held, turns, slots_for(count) - 1, row + 1)
        ends[row] = total
    return total


@kernel(types.void(GIVEN_HASHES, GIVEN_NUMBERS, GIVEN_NUMBERS, GIVEN_NUMBERS, NUMBERS))
def common(values: Hashes, offsets: Numbers, ones: Numbers, others: Numbers, found: Numbers) -> None:
    """For each pair of sets how many values are in both; fastest where the pairs of one set follow each other."""
    most = 0
    for row in range(len(offsets) - 1):
        most = max(most, offsets[row + 1] - offsets[row])
    slots = slots_for(most)
    held, turns = np.empty(slots, np.uint64), np.zeros(slots, np.int64)
    turn, mask, last = 0, 0, -1
    for pair in range(len(ones)):
        if ones[pair] != last:
            last = ones[pair]
            own = values[offsets[last] : offsets[last + 1]]
            turn, mask = turn + 1, slots_for(len(own)) - 1
            for value in own:
                enter(value, held, turns, mask, turn)
        met = 0
        for value in values[offsets[others[pair]] : offsets[others[pair] + 1]]:
            met += is_held(value, held, turns, mask, turn)
        found[pair] = met

"""What lists of hashes say: how many differ, what repeats. One hash table serves all lists, as large as the longest needs."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import HASHES, LENGTHS, Place, kernel, part
from ._sets import enter, slots_for

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


@part
def _longest(offsets: Longs) -> int:
    most = 0
    for row in range(len(offsets) - 1):
        most = max(most, int(offsets[row + 1] - offsets[row]))
    return most


@kernel(types.void(HASHES, types.int64[::1], types.int32[::1]))
def distinct(values: Hashes, offsets: Longs, found: Ints) -> None:
    """How many different values each list has."""
    slots = slots_for(_longest(offsets))
    held, turns = np.empty(slots, np.uint64), np.zeros(slots, np.int64)
    for row in range(len(found)):
        mask, count = slots_for(offsets[row + 1] - offsets[row]) - 1, 0
        for at in range(offsets[row], offsets[row + 1]):
            count += enter(values[at], held, turns, mask, row + 1)
        found[row] = count


@kernel(types.void(HASHES, LENGTHS, types.int64[::1], types.int32[::1], types.int32[::1]))
def repeats(values: Hashes, lengths: Ints, offsets: Longs, count: Ints, characters: Ints) -> None:
    """How many values repeat an earlier one of their list, and the sum of their lengths."""
    slots = slots_for(_longest(offsets))
    held, turns = np.empty(slots, np.uint64), np.zeros(slots, np.int64)
    for row in range(len(count)):
        mask = slots_for(offsets[row + 1] - offsets[row]) - 1
        count[row], characters[row] = 0, 0
        for at in range(offsets[row], offsets[row + 1]):
            if not enter(values[at], held, turns, mask, row + 1):
                count[row] += 1
                characters[row] += lengths[at]


@kernel(types.int64(HASHES, types.int64[::1], types.int64[::1], types.int64[::1]))
def several(values: Hashes, offsets: Longs, rows: Longs, counts: Longs) -> Place:
    """Each value that a list has more than once: its list, and how often it is there. Gives how many these are."""
    slots = slots_for(_longest(offsets))
    held, turns, places = np.empty(slots, np.uint64), np.zeros(slots, np.int64), np.empty(slots, np.int64)
    found: Place = np.int64(0)
    for row in range(len(offsets) - 1):
        mask, turn = slots_for(offsets[row + 1] - offsets[row]) - 1, row + 1
        for at in range(offsets[row], offsets[row + 1]):
            value = values[at]
            slot = np.int64(value) & mask
            while turns[slot] == turn and held[slot] != value:
                slot = (slot + 1) & mask
            if turns[slot] != turn:
                held[slot], turns[slot], places[slot] = value, turn, -1
            elif places[slot] < 0:
                places[slot] = found
                rows[found], counts[found] = row, 2
                found += 1
            else:
                counts[places[slot]] += 1
    return found

"""Parts: a hash table of 64-bit values for one set after the other."""

import numpy as np

from ._decorators import Place, lean, part
from ._grams import Hashes, Numbers

U = np.uint64  # what is an index here has no sign: numba looks at every other one for whether it counts from the end
NOTHING = U(0)  # a free slot of a table without turns


@part
def slots_for(count: int) -> int:
    """Places of a hash table for so many values: a power of two, at most half full."""
    slots = 16
    while slots < 2 * count:
        slots *= 2
    return slots


@part
def enter(value: int, held: Hashes, turns: Numbers, mask: int, turn: int) -> bool:
    """Put a value into the table of this turn: entries of earlier turns count as free, so that it is never cleared. True: it was not there."""
    slot = np.int64(value) & mask
    while turns[slot] == turn:
        if held[slot] == value:
            return False
        slot = (slot + 1) & mask
    held[slot], turns[slot] = value, turn
    return True


@lean
def cleared(held: Hashes, count: Place) -> np.uint64:
    """Make room for so many values in a table of 2 * slots_for(most): at most a quarter full. Gives the mask of a slot."""
    slots = np.int64(16)
    while slots < 4 * count:
        slots *= 2
    held[:slots] = NOTHING
    return U(slots - 1)


@lean
def slot_of(held: Hashes, mask: np.uint64, value: np.uint64) -> np.uint64:
    """Where a value is or would be; 0, which no slot tells from none, must be seen to by the caller."""
    slot = value & mask
    while (held[slot] != value) & (held[slot] != NOTHING):
        slot = (slot + U(1)) & mask
    return slot


@lean
def once(values: Hashes, count: Place, held: Hashes) -> np.int64:
    """Moves the distinct values to the front; gives how many."""
    mask, kept, is_first_nothing = cleared(held, count), np.int64(0), np.int64(1)
    for at in range(count):
        value = values[at]
        slot = slot_of(held, mask, value)
        is_new = np.int64(held[slot] != value)
        if value == NOTHING:
            is_new, is_first_nothing = is_first_nothing, np.int64(0)
        held[slot] = value
        values[kept] = value
        kept += is_new
    return kept


@lean
def in_both(ones: Hashes, others: Hashes, held: Hashes, mask: np.uint64) -> np.int64:
    """How many of the others are in the table, which was filled with the ones."""
    met, nothings = np.int64(0), np.int64(0)
    for at in range(len(others)):
        value = others[at]
        met += held[slot_of(held, mask, value)] == value
        nothings += value == NOTHING
    return met - nothings + (nothings if nothings > 0 and _has_nothing(ones) else 0)


@lean
def _has_nothing(values: Hashes) -> bool:
    found = False
    for at in range(len(values)):
        found |= values[at] == NOTHING
    return found

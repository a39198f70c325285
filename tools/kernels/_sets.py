"""Parts: a hash table of 64-bit values for one set after the other."""

import numpy as np

from ._decorators import part
from ._grams import Hashes, Numbers


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


@part
def is_held(value: int, held: Hashes, turns: Numbers, mask: int, turn: int) -> bool:
    slot = np.int64(value) & mask
    while turns[slot] == turn:
        if held[slot] == value:
            return True
        slot = (slot + 1) & mask
    return False


@part
def once(values: Hashes, count: int, held: Hashes, turns: Numbers, mask: int, turn: int) -> int:
    """Moves the distinct values to the front; gives how many."""
    kept = 0
    for at in range(count):
        value = values[at]
        if enter(value, held, turns, mask, turn):
            values[kept] = value
            kept += 1
    return kept

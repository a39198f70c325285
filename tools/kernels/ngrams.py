"""How much of a text its repeated n-grams make up, for n from 2 on; as tools/ngrams.py says."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import HASHES, OFFSETS, Place, lean, lean_kernel

U = np.uint64  # what is an index here has no sign: numba looks at every other one for whether it counts from the end
FACTOR, ONE, TWO = U(0x9E3779B97F4A7C15), U(1), U(2)
LEAST, LAST_TOP = 2, 4
SIEVE_SLOTS = 8  # for each token, so that few pairs fall on another's
LEAST_SLOTS = 64

Hashes = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int32]
Places = npt.NDArray[np.uint32]
Wide = npt.NDArray[np.int64]


def repeats(rows: Counts, hashes: Hashes, lengths: Counts, most: int) -> Wide:
    found = np.zeros((most - 1, len(rows) - 1), np.int64)
    longest = int(np.diff(rows).max(initial=0)) + 1
    slots = LEAST_SLOTS
    while slots < 2 * longest:
        slots *= 2
    sieve, table = np.empty(SIEVE_SLOTS * slots // 2, np.uint8), np.empty(2 * slots, np.uint64)
    _repeats(rows, hashes, lengths, sieve, table, np.zeros((4, longest), np.uint32), found)
    return found


@lean
def _sift(own: Hashes, count: Place, sieve: npt.NDArray[np.uint8], positions: Places) -> np.int64:
    """The pairs that may occur more than once: all that do, and few others, found without a branch; gives their number."""
    slots, shift = np.int64(LEAST_SLOTS), U(58)
    while slots < SIEVE_SLOTS * count:
        slots *= 2
        shift -= ONE
    sieve[:slots] = 0
    before = own[0]
    for place in range(1, count):
        at = (before * FACTOR + own[place]) >> shift
        sieve[at] = np.uint8(sieve[at] << 1 | 1)
        before = own[place]
    candidates = np.int64(0)
    before = own[0]
    for place in range(1, count):
        at = (before * FACTOR + own[place]) >> shift
        positions[candidates] = place - 1
        candidates += sieve[at] > 1
        before = own[place]
    return candidates


@lean
def _cleared(table: Hashes, count: Place) -> np.uint64:
    """Make room for so many keys, at most half of it used; gives the mask of a slot."""
    slots = np.int64(LEAST_SLOTS)
    while slots < 2 * count:
        slots *= 2
    table[: 2 * slots] = 0
    return U(slots - 1)


@lean
def _enter(table: Hashes, mask: np.uint64, key: np.uint64, place: np.uint32, firsts: Places, counts: Places) -> None:
    """Count the n-gram at a place with the first one of this key. A slot is a key and, plus one, the place of its first."""
    slot = (key >> U(20)) & mask
    while (table[TWO * slot + ONE] != 0) & (table[TWO * slot] != key):
        slot = (slot + ONE) & mask
    held = table[TWO * slot + ONE]
    first = U(place) + ONE if held == 0 else held
    table[TWO * slot], table[TWO * slot + ONE] = key, first
    first -= ONE
    firsts[place] = first
    counts[first] += np.uint32(1)


@lean
def _pairs(own: Hashes, positions: Places, candidates: Place, table: Hashes, firsts: Places, counts: Places) -> None:
    mask = _cleared(table, candidates)
    for entry in range(candidates):
        counts[positions[entry]] = 0
    for entry in range(candidates):
        place = positions[entry]
        _enter(table, mask, own[place] * FACTOR + own[place + ONE], place, firsts, counts)


@lean
def _longer(own: Hashes, size: Place, positions: Places, kept: Place, table: Hashes, firsts: Places, counts: Places, strays: Places) -> np.int64:
    """From the (n-1)-grams that repeat to the n-grams that may: both (n-1)-grams in one do. Gives how many there are.

    Most go on as the first of their kind does; only those that do not need the table.
    """
    candidates, before = np.int64(0), positions[0]
    for entry in range(1, kept):
        place = positions[entry]
        positions[candidates] = before
        counts[before] = 0
        candidates += place == before + ONE
        before = place
    left, last = np.int64(0), U(size - 1)
    for entry in range(candidates):
        place = positions[entry]
        first = firsts[place]
        is_same = own[place + last] == own[first + last]
        counts[first] += np.uint32(is_same)
        strays[left] = place
        left += not is_same
    if left > 0:
        mask = _cleared(table, left)
        for entry in range(left):
            place = strays[entry]
            _enter(table, mask, own[place + last] + U(firsts[place]) * FACTOR, place, firsts, counts)
    return candidates


@lean
def _repeated(positions: Places, candidates: Place, firsts: Places, counts: Places) -> np.int64:
    kept = np.int64(0)
    for entry in range(candidates):
        place = positions[entry]
        positions[kept] = place
        kept += counts[firsts[place]] > 1
    return kept


@lean
def _top(positions: Places, kept: Place, counts: Places, lengths: Counts, size: Place) -> np.int64:
    """Characters of the most frequent n-gram, of several the first, with one between two tokens, times how often it occurs."""
    best, at = np.uint32(1), U(0)
    for entry in range(kept):
        place = positions[entry]
        if counts[place] > best:  # those of any but a first one are 0
            best, at = counts[place], U(place)
    return (_characters(lengths, at, size) + size - 1) * np.int64(best)


@lean
def _duplicates(positions: Places, kept: Place, firsts: Places, counts: Places, lengths: Counts, size: Place) -> np.int64:
    """Characters of the n-grams that came before, read from the left; what is counted once is passed over."""
    total, free = np.int64(0), U(0)
    for entry in range(kept):
        place = positions[entry]
        if place < free:
            continue
        first = firsts[place]
        if counts[first] == 0:
            total += _characters(lengths, U(place), size)
            free = place + U(size)
        else:
            counts[first] = 0
    return total


@lean
def _characters(lengths: Counts, place: np.uint64, size: Place) -> np.int64:
    total = np.int64(0)
    for token in range(size):
        total += lengths[place + U(token)]
    return total


@lean_kernel(types.void(OFFSETS, HASHES, OFFSETS, types.uint8[::1], types.uint64[::1], types.uint32[:, ::1], types.int64[:, ::1]))
def _repeats(rows: Counts, hashes: Hashes, lengths: Counts, sieve: npt.NDArray[np.uint8], table: Hashes, room: Places, found: Wide) -> None:
    positions, firsts, counts, strays = room[0], room[1], room[2], room[3]
    for row in range(len(rows) - 1):
        start, stop = np.int64(rows[row]), np.int64(rows[row + 1])
        own, sizes, kept = hashes[start:stop], lengths[start:stop], np.int64(0)
        for size in range(LEAST, found.shape[0] + LEAST):
            if size > stop - start:
                break
            if size == LEAST:
                candidates = _sift(own, stop - start, sieve, positions)
                _pairs(own, positions, candidates, table, firsts, counts)
            else:
                candidates = _longer(own, size, positions, kept, table, firsts, counts, strays)
            kept = _repeated(positions, candidates, firsts, counts)
            if size <= LAST_TOP:
                found[size - LEAST, row] = _top(positions, kept, counts, sizes, size)
            else:
                found[size - LEAST, row] = _duplicates(positions, kept, firsts, counts, sizes, size)

"""How much of a text its repeated n-grams make up, for n from 2 on; as tools/ngrams.py says."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import HASHES, OFFSETS, Place, lean, lean_kernel

U = np.uint64
FACTOR, TURN = U(0x9E3779B97F4A7C15), U(0xD6E8FEB86659FD93)
LEAST, LAST_TOP = 2, 4

Hashes = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int32]
Wide = npt.NDArray[np.int64]


def repeats(rows: Counts, hashes: Hashes, lengths: Counts, most: int) -> Wide:
    found = np.zeros((most - 1, len(rows) - 1), np.int64)
    longest = int(np.diff(rows).max(initial=0)) + 1
    slots = 64
    while slots < 2 * longest:
        slots *= 2
    room = np.zeros((7, max(slots, longest)), np.int32)
    _repeats(rows, hashes, lengths, np.empty(slots, np.uint64), np.empty(longest, np.uint64), np.empty(longest + 1, np.int64), room, found)
    return found


@lean
def _mixed(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> U(32))) * TURN
    return value ^ (value >> U(29))


@lean
def _enter(keys: Hashes, stamps: Counts, turn: Place, mask: Place, key: np.uint64) -> np.int64:
    """The slot of a key; a new one's stamp is yet an old one."""
    slot = np.int64(key & U(mask))
    while stamps[slot] == turn and keys[slot] != key:
        slot = (slot + 1) & mask
    return slot


@lean
def _mask(count: Place) -> np.int64:
    size = np.int64(64)
    while size < 2 * count:
        size *= 2
    return size - 1


@lean
def _duplicates(positions: Counts, slots: Counts, counts: Counts, ends: Wide, size: Place, kept: Place) -> np.int64:
    """Characters of the n-grams that came before, read from the left; what is counted once is passed over."""
    total, free = np.int64(0), np.int64(0)
    for entry in range(kept):
        place = np.int64(positions[entry])
        if place < free:
            continue
        if counts[slots[entry]] < 0:
            total += ends[place + size] - ends[place]
            free = place + size
        else:
            counts[slots[entry]] = -1
    return total


@lean_kernel(types.void(OFFSETS, HASHES, OFFSETS, types.uint64[::1], types.uint64[::1], types.int64[::1], types.int32[:, ::1], types.int64[:, ::1]))
def _repeats(
    rows: Counts, hashes: Hashes, lengths: Counts, keys: Hashes, grams: Hashes, ends: Wide, room: npt.NDArray[np.int32], found: Wide
) -> None:
    stamps, counts, firsts, positions, slots, levels = room[0], room[1], room[2], room[3], room[4], room[5]
    turn = np.int64(0)
    for row in range(len(rows) - 1):
        start, count = np.int64(rows[row]), np.int64(rows[row + 1]) - np.int64(rows[row])
        ends[0] = 0
        for token in range(count):
            ends[token + 1] = ends[token] + lengths[start + token]
            grams[token] = hashes[start + token]
            levels[token] = 1
        kept = np.int64(count)
        for entry in range(count):
            positions[entry] = entry
        for size in range(LEAST, found.shape[0] + LEAST):
            if size > count:
                break
            # an n-gram can only repeat where both (n-1)-grams in it do
            candidates = np.int64(0)
            for entry in range(kept):
                place = np.int64(positions[entry])
                if place + size <= count and levels[place + 1] == size - 1:
                    positions[candidates] = place
                    candidates += 1
            turn += 1
            mask, best, best_at = _mask(candidates), np.int64(1), np.int64(0)
            for entry in range(candidates):
                place = np.int64(positions[entry])
                gram = grams[place] * FACTOR + hashes[start + place + size - 1]
                grams[place] = gram
                key = _mixed(gram)
                slot = _enter(keys, stamps, turn, mask, key)
                slots[entry] = slot
                if stamps[slot] != turn:
                    stamps[slot], keys[slot], counts[slot], firsts[slot] = turn, key, 1, place
                else:
                    counts[slot] += 1
                    seen, first = np.int64(counts[slot]), np.int64(firsts[slot])
                    if seen > best or (seen == best and best > 1 and first < best_at):
                        best, best_at = seen, first
            kept = np.int64(0)
            for entry in range(candidates):
                if counts[slots[entry]] > 1:
                    place = positions[entry]
                    positions[kept], slots[kept], levels[place] = place, slots[entry], size
                    kept += 1
            if size <= LAST_TOP:
                found[size - LEAST, row] = (ends[best_at + size] - ends[best_at] + size - 1) * best
            else:
                found[size - LEAST, row] = _duplicates(positions, slots, counts, ends, size, kept)

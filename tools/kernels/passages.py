"""Anchors among the words of texts, and the passages about some of them. The same as tools/dedupe/passages.py computes with numpy."""

import numpy as np
from numba import types

from ._anchors import ODD, OTHER, Hashes, Numbers, leasts, once, roll
from ._decorators import BYTES, kernel
from ._words import Bytes, room, spans_of_words

NUMBERS, HASHES = types.int64[::1], types.uint64[::1]
GIVEN = types.Array(types.int64, 1, "C", readonly=True)
TABLE = types.Array(types.uint8, 1, "C", readonly=True)


@kernel(types.int64(BYTES, GIVEN, TABLE, types.int64, types.int64, NUMBERS, HASHES, HASHES))
def anchors(data: Bytes, offsets: Numbers, table: Bytes, window: int, words: int, found: Numbers, marks: Hashes, checks: Hashes) -> int:
    """Row, first byte and last byte of each anchor, one after the other in `found`; how many there are."""
    most = room(offsets)
    first, last = np.empty(most, np.int64), np.empty(most, np.int64)
    own, rolled, least = np.empty(most, np.uint64), np.empty(most, np.uint64), np.empty(most, np.int64)
    total = 0
    for row in range(len(offsets) - 1):
        count = spans_of_words(data, offsets[row], offsets[row + 1], table, first, last, own)
        if count < words:
            continue
        roll(own, count, window, ODD, rolled)
        passages = leasts(rolled, count, window, words, least)
        for at in range(passages):
            if at == 0 or least[at] != least[at - 1]:
                place = least[at]
                found[3 * total], found[3 * total + 1] = row, first[place] - offsets[row]
                found[3 * total + 2] = last[place + window - 1] - offsets[row]
                marks[total], checks[total] = rolled[place], once(own, place, window)
                total += 1
    return total


@kernel(types.int64(BYTES, GIVEN, TABLE, types.int64, types.int64, GIVEN, GIVEN, NUMBERS, HASHES, HASHES))
def passages(
    data: Bytes,
    offsets: Numbers,
    table: Bytes,
    window: int,
    words: int,
    bounds: Numbers,
    clues: Numbers,
    found: Numbers,
    marks: Hashes,
    checks: Hashes,
) -> int:
    """Row, first byte and the byte where the next word begins, of each passage about a clue. Those of row i: clues[bounds[i]:bounds[i + 1]]."""
    most = room(offsets)
    first, last = np.empty(most, np.int64), np.empty(most, np.int64)
    own, rolled, other = np.empty(most, np.uint64), np.empty(most, np.uint64), np.empty(most, np.uint64)
    least = np.empty(most, np.int64)
    total = 0
    for row in range(len(offsets) - 1):
        count = spans_of_words(data, offsets[row], offsets[row + 1], table, first, last, own)
        if count < words:
            continue
        roll(own, count, window, ODD, rolled)
        each = leasts(rolled, count, window, words, least)
        roll(own, count, words, ODD, rolled)
        roll(own, count, words, OTHER, other)
        turn = bounds[row]
        for at in range(each):
            begin = first[least[at]] - offsets[row]
            while turn < bounds[row + 1] and clues[turn] < begin:
                turn += 1
            if turn < bounds[row + 1] and clues[turn] == begin:
                end = first[at + words] if at + words < count else offsets[row + 1]
                found[3 * total], found[3 * total + 1], found[3 * total + 2] = row, first[at] - offsets[row], end - offsets[row]
                marks[total], checks[total] = rolled[at], other[at]
                total += 1
    return total

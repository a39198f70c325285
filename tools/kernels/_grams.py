"""Parts: the words of a text and their n-grams, hashed. tools/dedupe/shingles.py says what they are."""

import numpy as np
import numpy.typing as npt
from numba import uint32, uint64

from ._decorators import part

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Table = npt.NDArray[np.uint32]

ALONE = 1 << 31  # in the table of characters: a word of its own
ODD = 0x9E3779B97F4A7C15
INVERSE = pow(ODD, -1, 1 << 64)
MIXER = 0xD6E8FEB86659FD93
BASE = 0xC2B2AE3D27D4EB4F


@part
def mixed(value: np.uint64) -> np.uint64:
    value = (value ^ value >> uint64(32)) * uint64(MIXER)
    value = (value ^ value >> uint64(29)) * uint64(ODD)
    return value ^ value >> uint64(32)


@part
def words_of(data: Bytes, start: int, stop: int, table: Table, found: Hashes) -> int:
    count, at, inside = 0, start, False
    total, power = uint64(0), uint64(1)
    while at < stop:
        point = np.int64(data[at])
        if point < 0x80:
            at += 1
        elif point < 0xE0:
            point = (point & 0x1F) << 6 | np.int64(data[at + 1]) & 0x3F
            at += 2
        elif point < 0xF0:
            point = (point & 0x0F) << 12 | (np.int64(data[at + 1]) & 0x3F) << 6 | np.int64(data[at + 2]) & 0x3F
            at += 3
        else:
            high = (point & 0x07) << 18 | (np.int64(data[at + 1]) & 0x3F) << 12
            point = high | (np.int64(data[at + 2]) & 0x3F) << 6 | np.int64(data[at + 3]) & 0x3F
            at += 4
        value = table[point] if point < len(table) else uint32(0)
        is_alone = value >= ALONE
        if inside and (value == 0 or is_alone):
            found[count] = mixed(total)
            count, inside = count + 1, False
        if is_alone:
            found[count] = mixed(uint64(value - uint32(ALONE)))
            count += 1
        elif value != 0:
            if not inside:
                total, power, inside = uint64(0), uint64(1), True
            total += uint64(value) * power
            power *= uint64(BASE)
    if inside:
        found[count] = mixed(total)
        count += 1
    return count


@part
def grams_of(found: Hashes, count: int, n: int) -> int:
    """The hashes of n-grams in the place of those of words; fewer words than n are one n-gram."""
    if count == 0:
        return 0
    size = min(n, count)
    rolled, top = uint64(0), uint64(1)
    for at in range(size):
        top = uint64(1) if at == 0 else top * uint64(ODD)
        rolled += found[at] * top
    for at in range(count - size + 1):
        first = found[at]
        found[at] = mixed(rolled)
        if at + size < count:
            rolled = (rolled - first) * uint64(INVERSE) + found[at + size] * top
    return count - size + 1


@part
def most_words(offsets: Numbers) -> int:
    """Room for the words of the longest text."""
    most = 0
    for row in range(len(offsets) - 1):
        most = max(most, offsets[row + 1] - offsets[row])
    return most // 2 + 1

"""Parts: characters of more than one byte, and n-grams of words, hashed. tools/dedupe/shingles.py says what they are."""

import numpy as np
import numpy.typing as npt
from numba import uint64

from ._decorators import Place, lean, part

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Table = npt.NDArray[np.uint32]

ALONE = 1 << 31  # in the table of characters: a word of its own
ODD = 0x9E3779B97F4A7C15
MIXER = 0xD6E8FEB86659FD93
BASE = 0xC2B2AE3D27D4EB4F


@lean
def mixed(value: np.uint64) -> np.uint64:
    value = (value ^ value >> uint64(32)) * uint64(MIXER)
    value = (value ^ value >> uint64(29)) * uint64(ODD)
    return value ^ value >> uint64(32)


@lean
def mix(values: Hashes, count: Place) -> None:
    for at in range(count):
        values[at] = mixed(values[at])


@lean
def grams_of(words: Hashes, count: Place, n: Place, found: Hashes) -> np.int64:
    """The hashes of the n-grams of so many words; fewer words than n are one n-gram."""
    size = min(n, count)
    kept = min(count, count - size + 1)
    if kept == 0:
        return np.int64(0)
    last = words[size - 1 : size - 1 + kept]
    for at in range(kept):
        found[at] = last[at]
    for turn in range(size - 2, -1, -1):  # loops over all n-grams, which the processor takes eight at a time
        own = words[turn : turn + kept]
        for at in range(kept):
            found[at] = found[at] * uint64(ODD) + own[at]
    mix(found, kept)
    return np.int64(kept)


@part
def most_words(offsets: Numbers) -> int:
    """Room for the words of the longest text."""
    most = 0
    for row in range(len(offsets) - 1):
        most = max(most, offsets[row + 1] - offsets[row])
    return most // 2 + 1

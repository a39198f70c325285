"""Parts: hashes of runs of words, and which run of each passage is its anchor."""

import numpy as np
import numpy.typing as npt

from ._decorators import part

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

MIXER = 0xD6E8FEB86659FD93
ODD = 0x9E3779B97F4A7C15
OTHER = 0xC2B2AE3D27D4EB4F


@part
def mixed(value: np.uint64) -> np.uint64:
    once = (value ^ value >> np.uint64(32)) * np.uint64(MIXER)
    twice = (once ^ once >> np.uint64(29)) * np.uint64(ODD)
    return twice ^ twice >> np.uint64(32)


@part
def roll(own: Hashes, count: int, window: int, base: int, found: Hashes) -> None:
    """The hash of each run of `window` words."""
    top = np.uint64(1)
    for _ in range(window):
        top *= np.uint64(base)
    total = np.uint64(0)
    for at in range(count - 1, -1, -1):
        total = own[at] + np.uint64(base) * total
        if at + window < count:
            total -= top * own[at + window]
        found[at] = mixed(total)


@part
def once(own: Hashes, place: np.int64, window: int) -> np.uint64:
    total = np.uint64(0)
    for at in range(place + window - 1, place - 1, -1):
        total = own[at] + np.uint64(OTHER) * total
    return mixed(total)


@part
def leasts(rolled: Hashes, count: int, window: int, words: int, found: Numbers) -> int:
    """For each passage the run in it with the smallest hash, of equal ones the first."""
    inside, least = words - window + 1, -1
    for at in range(count - words + 1):
        if least < at:
            least = at
            for place in range(at + 1, at + inside):
                if rolled[place] < rolled[least]:
                    least = place
        elif rolled[at + inside - 1] < rolled[least]:
            least = at + inside - 1
        found[at] = least
    return count - words + 1

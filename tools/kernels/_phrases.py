"""Phrases in a line, whatever the case of their letters. Two letters of each are looked for, rare at their distance; then the phrase around them."""

import numpy as np
import numpy.typing as npt

from ._blocks import ONE, Bytes, equal, within
from ._decorators import Flag, Place, lean
from ._machine import BLOCK, low_zeros, ones

U = np.uint64
Texts = npt.NDArray[np.int32]
CURLY = U(0x7B)


@lean
def phrases_in(data: Bytes, start: Place, stop: Place, phrases: Bytes, ends: Texts, facts: npt.NDArray[np.int32]) -> tuple[np.int64, np.int64]:
    """Which kinds of phrases a line has, and how many curly brackets. Of each phrase: where the two letters are in it, and its kind."""
    seen, curly = np.int64(0), np.int64(0)
    for block in range(start, stop, BLOCK):
        inside = within(block, stop)
        curly += np.int64(ones(equal(data, block, CURLY) & inside))
        for phrase in range(len(facts)):
            first, size = ends[phrase], ends[phrase + 1] - ends[phrase]
            one, other = facts[phrase, 0], facts[phrase, 1]
            marks = letter(data, block, phrases[first + one]) & letter(data, block + other - one, phrases[first + other]) & inside
            while marks:
                at = block + np.int64(low_zeros(marks)) - one
                marks &= marks - ONE
                if at >= start and at + size <= stop and says(data, at, phrases, first, size):
                    seen |= facts[phrase, 2]
    return seen, curly


@lean
def letter(data: Bytes, block: Place, small: np.uint8) -> np.uint64:
    return equal(data, block, U(small)) | equal(data, block, U(small & 0xDF))


@lean
def says(data: Bytes, start: Place, phrases: Bytes, first: Place, size: Place) -> Flag:
    for place in range(size):
        byte = data[start + place]
        if 65 <= byte <= 90:
            byte |= 32
        if byte != phrases[first + place]:
            return False
    return True

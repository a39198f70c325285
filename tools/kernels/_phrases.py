"""Phrases in a line, whatever the case of their letters. Two letters of each are looked for, rare at their distance; then the phrase around them."""

import numpy as np
import numpy.typing as npt

from ._blocks import ONE, Bytes, equal, within
from ._decorators import Flag, Place, lean, woven
from ._machine import BLOCK, low_zeros, ones

U = np.uint64
Texts = npt.NDArray[np.int32]
C, F, J, K, M, P, V, CURLY = U(0x63), U(0x66), U(0x6A), U(0x6B), U(0x6D), U(0x70), U(0x76), U(0x7B)


@woven
def letter(data: Bytes, block: Place, small: np.uint64) -> np.uint64:
    return equal(data, block, small) | equal(data, block, small & U(0xDF))


@woven
def suspects(data: Bytes, block: Place) -> np.uint64:
    """Where the first letter of a pair is."""
    found = letter(data, block, J) & letter(data, block + 2, V)
    found |= letter(data, block, M) & (letter(data, block + 3, P) | letter(data, block + 4, F))
    return found | (letter(data, block, V) & letter(data, block + 5, P)) | (letter(data, block, C) & letter(data, block + 3, K))


@lean
def says(data: Bytes, start: Place, phrases: Bytes, first: Place, size: Place) -> Flag:
    for place in range(size):
        byte = data[start + place]
        if 65 <= byte <= 90:
            byte |= 32
        if byte != phrases[first + place]:
            return False
    return True


@lean
def phrases_in(data: Bytes, start: Place, stop: Place, phrases: Bytes, ends: Texts, facts: npt.NDArray[np.int32]) -> tuple[np.int64, np.int64]:
    """Which kinds of phrases a line has, and how many curly brackets. Of each phrase: where the first letter of its pair is in it, and its kind."""
    seen, curly = np.int64(0), np.int64(0)
    for block in range(start, stop, BLOCK):
        inside = within(block, stop)
        curly += np.int64(ones(equal(data, block, CURLY) & inside))
        marks = suspects(data, block) & inside
        while marks:
            place = block + np.int64(low_zeros(marks))
            marks &= marks - ONE
            for phrase in range(len(facts)):
                at, size = place - facts[phrase, 0], ends[phrase + 1] - ends[phrase]
                if at >= start and at + size <= stop and says(data, at, phrases, ends[phrase], size):
                    seen |= facts[phrase, 1]
    return seen, curly

"""Parts: the sketch of a set of hashes and its bands. tools/dedupe/sketch.py says what they are."""

import numpy as np
from numba import uint32, uint64

from ._decorators import part
from ._grams import MIXER, ODD, Hashes, Table, mixed

PLACES = 256
ROUNDS = 40
EMPTY = 0xFFFFFFFF


@part
def _drawn(element: np.uint64, turn: int) -> np.uint64:
    drawn = element * (uint64(MIXER) * uint64(2 * turn + 1))
    return (drawn ^ drawn >> uint64(32)) * uint64(ODD)


@part
def _value(drawn: np.uint64, turn: int) -> np.uint32:
    return uint32(drawn >> uint64(28) & uint64(0x3FFFFFF)) | uint32(turn << 26)


@part
def fill(sketch: Table, grams: Hashes, count: int) -> None:
    sketch[:] = EMPTY
    filled = 0
    for turn in range(ROUNDS):
        for at in range(count):
            drawn = _drawn(grams[at], turn)
            where, value = np.int64(drawn >> uint64(56)), _value(drawn, turn)
            if value < sketch[where]:
                filled += sketch[where] == EMPTY
                sketch[where] = value
        if filled == PLACES:
            return
    for place in range(PLACES):
        if sketch[place] == EMPTY:
            order = mixed(uint64(place) + uint64(ROUNDS))
            for at in range(count):
                sketch[place] = min(sketch[place], _value(_drawn(grams[at] ^ order, ROUNDS), ROUNDS))


@part
def bands_of(sketch: Table, count: int, size: int, found: Hashes) -> None:
    for band in range(count):
        summed = uint64(0)
        for place in range(band * size, (band + 1) * size):
            summed = (summed ^ uint64(sketch[place])) * uint64(ODD)
            summed ^= summed >> uint64(31)
        found[band] = mixed(summed + uint64(band + 1) * uint64(MIXER))

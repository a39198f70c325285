"""Parts: the sketch of a set of hashes and its bands. tools/dedupe/sketch.py says what they are."""

import numpy as np
from numba import uint32, uint64

from ._decorators import Place, lean
from ._grams import MIXER, ODD, Hashes, Table, mixed

PLACES = 256
ROUNDS = 40
EMPTY = np.uint32(0xFFFFFFFF)


@lean
def _drawn(element: np.uint64, turn: Place) -> np.uint64:
    drawn = element * (uint64(MIXER) * uint64(2 * turn + 1))
    return (drawn ^ drawn >> uint64(32)) * uint64(ODD)


@lean
def _value(drawn: np.uint64, turn: Place) -> np.uint32:
    return uint32(drawn >> uint64(28) & uint64(0x3FFFFFF)) | uint32(turn << 26)


@lean
def fill(sketch: Table, grams: Hashes, count: Place, draws: Hashes) -> None:
    """The sketch of so many n-grams; `draws` is room for as many. No branch but the loops: which value is the least is anyone's guess."""
    sketch[:] = EMPTY
    for turn in range(ROUNDS):
        for at in range(count):
            draws[at] = _drawn(grams[at], turn)
        for at in range(count):
            where = draws[at] >> uint64(56)
            sketch[where] = min(sketch[where], _value(draws[at], turn))
        if _largest(sketch) != EMPTY:
            return
    for place in range(PLACES):
        if sketch[place] == EMPTY:
            order = mixed(uint64(place) + uint64(ROUNDS))
            for at in range(count):
                sketch[place] = min(sketch[place], _value(_drawn(grams[at] ^ order, ROUNDS), ROUNDS))


@lean
def _largest(sketch: Table) -> np.uint32:
    found = uint32(0)
    for place in range(PLACES):
        found = max(found, sketch[place])
    return found


@lean
def bands_of(sketch: Table, count: Place, size: Place, found: Hashes) -> None:
    for band in range(count):
        summed = uint64(0)
        for place in range(band * size, (band + 1) * size):
            summed = (summed ^ uint64(sketch[place])) * uint64(ODD)
            summed ^= summed >> uint64(31)
        found[band] = mixed(summed + uint64(band + 1) * uint64(MIXER))

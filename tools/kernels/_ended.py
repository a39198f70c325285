"""Lines between line feeds: how they end, which are short, which came before."""

import numpy as np
from numba import types

from tools.heuristics import SHORT_LINE
from tools.tokens import TERMINAL

from ._blocks import ONE, Bytes, characters_in, equal, within
from ._decorators import BYTES, OFFSETS, Place, lean, lean_kernel
from ._lines_of import CLASSES, FEED, RESULT, Classes, Found, Hashes, Texts, before, feeds_in, is_repeat, mask_for, past_space
from ._machine import BLOCK, low_zeros
from ._text import decoded
from ._xxh3 import hash64


@lean
def _note(
    data: Bytes, classes: Classes, start: Place, stop: Place, keys: Hashes, stamps: Texts, turn: Place, mask: Place, found: Found, row: Place
) -> None:
    if past_space(data, classes, start, stop) == stop:
        return
    found[0, row] += 1
    found[1, row] += (classes[decoded(data, before(data, stop))[0]] & TERMINAL) != 0
    size = stop - start
    found[2, row] += size <= SHORT_LINE or (size <= 4 * SHORT_LINE and characters_in(data, start, stop) <= SHORT_LINE)
    if is_repeat(keys, stamps, turn, mask, hash64(data, start, stop)):
        found[3, row] += characters_in(data, start, stop)


@lean_kernel(types.void(BYTES, OFFSETS, CLASSES, types.uint64[::1], types.int32[::1], RESULT))
def ended(data: Bytes, offsets: Texts, classes: Classes, keys: Hashes, stamps: Texts, found: Found) -> None:
    for row in range(len(offsets) - 1):
        line, stop, turn = np.int64(offsets[row]), np.int64(offsets[row + 1]), row + 1
        feeds = feeds_in(data, line, stop)
        mask = mask_for(feeds + 1, len(keys))
        found[4, row] = feeds
        for block in range(line, stop, BLOCK):
            marks = equal(data, block, FEED) & within(block, stop)
            while marks:
                place = block + np.int64(low_zeros(marks))
                marks &= marks - ONE
                _note(data, classes, line, place, keys, stamps, turn, mask, found, row)
                line = place + 1
        _note(data, classes, line, stop, keys, stamps, turn, mask, found, row)

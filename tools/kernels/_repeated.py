"""Lines and paragraphs that came before in their text."""

import numpy as np
from numba import types

from ._blocks import ONE, Bytes, characters_in, equal, within
from ._decorators import BYTES, OFFSETS, lean_kernel
from ._lines_of import CLASSES, FEED, RESULT, Classes, Found, Hashes, Texts, feeds_in, is_repeat, mask_for, past_space, short_of_space
from ._machine import BLOCK, low_zeros
from ._xxh3 import hash64


@lean_kernel(types.void(BYTES, OFFSETS, CLASSES, types.uint64[::1], types.int32[::1], types.uint64[::1], types.int32[::1], RESULT))
def repeated(
    data: Bytes, offsets: Texts, classes: Classes, keys: Hashes, stamps: Texts, block_keys: Hashes, block_stamps: Texts, found: Found
) -> None:
    for row in range(len(offsets) - 1):
        start, stop, turn = np.int64(offsets[row]), np.int64(offsets[row + 1]), row + 1
        mask = mask_for(feeds_in(data, start, stop) + 1, len(keys))
        first = past_space(data, classes, start, stop)
        last = short_of_space(data, classes, first, stop)
        line, paragraph = start, first
        for block in range(start, stop, BLOCK):
            marks = equal(data, block, FEED) & within(block, stop)
            while marks:
                place = block + np.int64(low_zeros(marks))
                marks &= marks - ONE
                if place < line:
                    continue  # it goes on with a run of them
                end = place + 1
                while end < stop and data[end] == FEED:
                    end += 1
                found[3, row] += 1
                if is_repeat(keys, stamps, turn, mask, hash64(data, line, place)):
                    found[4, row] += 1
                    found[5, row] += characters_in(data, line, place)
                if end - place > 1 and place > first and end < last:
                    found[0, row] += 1
                    if is_repeat(block_keys, block_stamps, turn, mask, hash64(data, paragraph, place)):
                        found[1, row] += 1
                        found[2, row] += characters_in(data, paragraph, place)
                    paragraph = end
                line = end
        found[3, row] += 1
        if found[3, row] > 1 and is_repeat(keys, stamps, turn, mask, hash64(data, line, stop)):
            found[4, row] += 1
            found[5, row] += characters_in(data, line, stop)
        found[0, row] += 1
        if found[0, row] > 1 and is_repeat(block_keys, block_stamps, turn, mask, hash64(data, paragraph, last)):
            found[1, row] += 1
            found[2, row] += characters_in(data, paragraph, last)

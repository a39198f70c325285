"""Number signs, ellipses, and lines by how they begin and end."""

import numpy as np
from numba import types

from ._blocks import ONE, Bytes, below, equal, within
from ._decorators import BYTES, OFFSETS, Place, lean, lean_kernel
from ._lines_of import CLASSES, DOT, RESULT, Classes, Found, Texts, breaks, ends_open, past_space, short_of_space, size_of_break
from ._machine import BLOCK, low_zeros, ones

U = np.uint64
LAST = U(1 << 63)
SIGN = U(0x23)


@lean
def _note(data: Bytes, classes: Classes, start: Place, stop: Place, found: Found, row: Place) -> None:
    found[2, row] += 1
    start = past_space(data, classes, start, stop)
    stop = short_of_space(data, classes, start, stop)
    if start == stop:
        return
    found[3, row] += data[start] == 45 or (stop - start > 2 and data[start] == 0xE2 and data[start + 1] == 0x80 and data[start + 2] == 0xA2)
    found[4, row] += ends_open(data, start, stop) or (
        stop - start > 2 and data[stop - 3] == 0xE2 and data[stop - 2] == 0x80 and data[stop - 1] == 0xA6
    )


@lean_kernel(types.void(BYTES, OFFSETS, CLASSES, RESULT))
def outline(data: Bytes, offsets: Texts, classes: Classes, found: Found) -> None:
    for row in range(len(offsets) - 1):
        start, stop = np.int64(offsets[row]), np.int64(offsets[row + 1])
        line, dots_from = start, start
        for block in range(start, stop, BLOCK):
            inside = within(block, stop)
            found[0, row] += np.int64(ones(equal(data, block, SIGN) & inside))
            dots = equal(data, block, U(DOT))
            marks = breaks(data, block) | (dots & ((dots >> ONE) | LAST))
            if ~below(data, block, U(0x80)) & inside:
                marks |= equal(data, block, U(0xE2)) & equal(data, block + 1, U(0x80)) & equal(data, block + 2, U(0xA6))
            marks &= inside
            while marks:
                place = block + np.int64(low_zeros(marks))
                marks &= marks - ONE
                byte = data[place]
                if byte == DOT:
                    if place >= dots_from and place + 2 < stop and data[place + 1] == DOT and data[place + 2] == DOT:
                        found[1, row] += 1
                        dots_from = place + 3
                elif byte == 0xE2 and data[place + 2] == 0xA6:
                    found[1, row] += 1
                elif place >= line:
                    _note(data, classes, line, place, found, row)
                    line = place + size_of_break(data, place, stop)
        if line < stop:
            _note(data, classes, line, stop, found, row)

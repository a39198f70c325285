"""How many characters of each kind a text has, by a table of all characters."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._decorators import BYTES, OFFSETS, Place, kernel, part

UNSEEN = 255


@part
def width_of(lead: Place) -> int:
    """Bytes of the character that this byte begins."""
    return 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4


@part
def code_of(data: npt.NDArray[np.uint8], place: Place, width: Place) -> Place:
    code = np.int64(data[place])
    if width == 1:
        return code
    code &= 0x7F >> width
    for further in range(1, width):
        code = (code << 6) | (np.int64(data[place + further]) & 0x3F)
    return code


@kernel(types.int64(BYTES, OFFSETS, types.uint8[::1], types.boolean[::1], types.int64[:, ::1]))
def count(
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int32],
    kinds: npt.NDArray[np.uint8],
    met: npt.NDArray[np.bool_],
    found: npt.NDArray[np.int64],
) -> int:
    """Count the kinds of each text anew; gives how many characters have none yet, and marks these in `met`."""
    unknown = 0
    for row in range(len(found)):
        found[row] = 0
        place = np.int64(offsets[row])
        while place < offsets[row + 1]:
            width = width_of(data[place])
            code = code_of(data, place, width)
            kind = kinds[code]
            if kind == UNSEEN:
                met[code] = True
                unknown += 1
            else:
                found[row, kind] += 1
            place += width
    return unknown

"""Parts: where the words of a text lie, cut at white space, and a hash of each. tools/dedupe/passages.py says what they are."""

import numpy as np
import numpy.typing as npt

from ._decorators import Place, lean
from ._xxh3 import hash64

SPACE, ALONE = 1, 2  # in the table of characters

Bytes = npt.NDArray[np.uint8]


@lean
def size_of(lead: np.uint8) -> np.int64:
    """Bytes of the character that begins so."""
    if lead < 0x80:
        return np.int64(1)
    if lead < 0xE0:
        return np.int64(2)
    return np.int64(3) if lead < 0xF0 else np.int64(4)


@lean
def kind_of(data: Bytes, at: Place, size: np.int64, table: Bytes) -> np.int64:
    if size == 1:
        return np.int64(table[data[at]])
    point = np.int64(data[at]) & np.int64(0x7F >> size)
    for turn in range(1, size):
        point = point << 6 | np.int64(data[at + turn]) & 0x3F
    return np.int64(table[point if point < len(table) else len(table) - 1])


@lean
def room(offsets: npt.NDArray[np.int64]) -> int:
    """For the words of any one text: each has a byte of its own at least, and one behind it or two more."""
    most = 0
    for row in range(len(offsets) - 1):
        most = max(most, offsets[row + 1] - offsets[row])
    return most // 2 + 2


@lean
def spans_of_words(
    data: Bytes, start: Place, stop: Place, table: Bytes, first: npt.NDArray[np.int64], last: npt.NDArray[np.int64], found: npt.NDArray[np.uint64]
) -> int:
    """How many words there are in data[start:stop]."""
    count, at, begun = 0, np.int64(start), np.int64(-1)
    while at < stop:
        size = size_of(data[at])
        kind = kind_of(data, at, size, table)
        if kind != 0 and begun >= 0:
            first[count], last[count] = begun, at
            count, begun = count + 1, np.int64(-1)
        if kind == ALONE:
            first[count], last[count] = at, at + size
            count += 1
        elif kind == 0 and begun < 0:
            begun = at
        at += size
    if begun >= 0:
        first[count], last[count] = begun, stop
        count += 1
    for turn in range(count):
        found[turn] = hash64(data, first[turn], last[turn])
    return count

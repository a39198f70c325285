"""Parts: the characters at the ends of lines, citations, the ends of sentences."""

import numpy as np
import numpy.typing as npt
from numba import types

from tools.tokens import SPACE

from ._blocks import below, equal, within
from ._decorators import Flag, Place, lean, woven
from ._machine import BLOCK, low_zeros, ones
from ._text import decoded

Bytes = npt.NDArray[np.uint8]
Texts = npt.NDArray[np.int32]
Classes = npt.NDArray[np.uint16]
Hashes = npt.NDArray[np.uint64]
Found = npt.NDArray[np.int64]
U = np.uint64
DOT, BRACKET = 0x2E, 0x5B
FEED = U(10)
RESULT = types.int64[:, ::1]
CLASSES = types.uint16[::1]
SMALL = types.uint8[::1]


@lean
def before(data: Bytes, place: Place) -> Place:
    """Where the character that ends before a place begins."""
    place -= 1
    while data[place] & 0xC0 == 0x80:
        place -= 1
    return np.int64(place)


@lean
def past_space(data: Bytes, classes: Classes, start: Place, stop: Place) -> Place:
    while start < stop:
        code, size = decoded(data, start)
        if not classes[code] & SPACE:
            break
        start += size
    return np.int64(start)


@lean
def short_of_space(data: Bytes, classes: Classes, start: Place, stop: Place) -> Place:
    while stop > start:
        place = before(data, stop)
        if not classes[decoded(data, place)[0]] & SPACE:
            break
        stop = place
    return np.int64(stop)


@lean
def feeds_in(data: Bytes, start: Place, stop: Place) -> np.int64:
    """How many line feeds lie in between."""
    count = np.int64(0)
    for block in range(start, stop, BLOCK):
        count += np.int64(ones(equal(data, block, FEED) & within(block, stop)))
    return count


@woven
def breaks(data: Bytes, block: Place) -> np.uint64:
    """Where line breaks begin, as `str.splitlines` knows them; the line feed after a carriage return too."""
    found = (below(data, block, U(14)) & ~below(data, block, U(10))) | (below(data, block, U(31)) & ~below(data, block, U(28)))
    next_line, separator = equal(data, block, U(0xC2)), equal(data, block, U(0xE2))
    if next_line:
        found |= next_line & equal(data, block + 1, U(0x85))
    if separator:
        separator &= equal(data, block + 1, U(0x80))
        found |= separator & (equal(data, block + 2, U(0xA8)) | equal(data, block + 2, U(0xA9)))
    return found


@lean
def size_of_break(data: Bytes, place: Place, stop: Place) -> np.int64:
    """The bytes of the line break at a place."""
    byte = data[place]
    if byte == 13:
        return np.int64(2) if place + 1 < stop and data[place + 1] == 10 else np.int64(1)
    return np.int64(1) if byte < 0x80 else np.int64(2) if byte == 0xC2 else np.int64(3)


@lean
def next_break(data: Bytes, place: Place, stop: Place) -> np.int64:
    """Where the next line break begins, or the stop."""
    while place < stop:
        found = breaks(data, place) & within(place, stop)
        if found:
            return np.int64(place) + np.int64(low_zeros(found))
        place += BLOCK
    return np.int64(stop)


@lean
def ends_open(data: Bytes, start: Place, stop: Place) -> Flag:
    return stop - start > 2 and data[stop - 1] == DOT and data[stop - 2] == DOT and data[stop - 3] == DOT


@lean
def citation(data: Bytes, place: Place, stop: Place, cited: Bytes, ends: Texts) -> Place:
    """The bytes of the citation that begins at a place, 0 where none does."""
    end = place + 1
    while end < stop and 48 <= data[end] <= 57:
        end += 1
    if end < stop and data[end] == 0x5D:
        return end + 1 - place
    for phrase in range(len(ends) - 1):
        size = ends[phrase + 1] - ends[phrase]
        if place + size <= stop:
            same = True
            for step in range(size):
                same &= data[place + step] == cited[ends[phrase] + step]
            if same:
                return np.int64(size)
    return np.int64(0)


@lean
def without_citations(data: Bytes, start: Place, stop: Place, cited: Bytes, cited_ends: Texts, room: Bytes, filled: Place) -> Place:
    """Copy a line without its citations behind what the room holds; gives where the copy ends."""
    place = start
    while place < stop:
        size = citation(data, place, stop, cited, cited_ends) if data[place] == BRACKET else np.int64(0)
        if size:
            place += size
        else:
            room[filled] = data[place]
            filled += 1
            place += 1
    return np.int64(filled)


@lean
def ends_well(data: Bytes, start: Place, stop: Place) -> Flag:
    if stop == start:
        return False
    byte = data[stop - 1]
    is_mark = byte == DOT or byte == 63 or byte == 33 or byte == 34 or byte == 39
    return is_mark and not ends_open(data, start, stop)


@lean
def is_repeat(keys: Hashes, stamps: Texts, turn: Place, mask: Place, key: np.uint64) -> Flag:
    slot = np.int64(key & U(mask))
    while stamps[slot] == turn:
        if keys[slot] == key:
            return True
        slot = (slot + 1) & mask
    stamps[slot], keys[slot] = turn, key
    return False


@lean
def mask_for(lines: Place, slots: Place) -> Place:
    """A table for so many lines, of as many slots as there are at most."""
    found = np.int64(64)
    while found < 2 * lines:
        found *= 2
    return min(found, np.int64(slots)) - 1

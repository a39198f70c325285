"""Parts: the characters at the ends of lines, citations, the ends of sentences."""

import numpy as np
import numpy.typing as npt

from tools.tokens import SPACE

from ._decorators import Flag, Place, lean
from ._text import decoded

Bytes = npt.NDArray[np.uint8]
Texts = npt.NDArray[np.int32]
Classes = npt.NDArray[np.uint16]
Hashes = npt.NDArray[np.uint64]
U = np.uint64
DOT, BRACKET = 0x2E, 0x5B


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
def characters(data: Bytes, start: Place, stop: Place) -> Place:
    count = np.int64(0)
    for place in range(start, stop):
        count += data[place] & 0xC0 != 0x80
    return count


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
def mask_for(size: Place, slots: Place) -> Place:
    """A table for the lines of a text of so many bytes."""
    found = np.int64(64)
    while found < size + 2:
        found *= 2
    return min(found, np.int64(slots)) - 1

"""Parts of kernels that read UTF-8: characters, white space, line breaks. `classes` is that of `tools.characters.tables`."""

import numpy as np
import numpy.typing as npt

from ._blocks import equal, within
from ._decorators import Place, lean
from ._machine import BLOCK, low_zeros

Bytes = npt.NDArray[np.uint8]
SPACE, LETTER, DIGIT, UPPER, PUNCTUATION, IDEOGRAPH, EMOJI, FOLDS = 1, 2, 4, 8, 16, 32, 64, 128
STOP, CLOSER, WIDE_STOP, WIDE_CLOSER, LINE_STOP, LINE_CLOSER, LINE_QUOTE = (np.int64(1 << place) for place in range(7))
LINE_FEED, RETURN = np.uint64(10), np.uint64(13)


@lean
def code_at(data: Bytes, place: Place) -> tuple[int, int]:
    """The character that begins at a place and how many bytes it has; U+FFFD for what is beyond Unicode."""
    first = int(data[place])
    if first < 0x80:
        return first, 1
    if first < 0xE0:
        return (first & 0x1F) << 6 | (int(data[place + 1]) & 0x3F), 2
    if first < 0xF0:
        return (first & 0x0F) << 12 | (int(data[place + 1]) & 0x3F) << 6 | (int(data[place + 2]) & 0x3F), 3
    code = (first & 0x07) << 18 | (int(data[place + 1]) & 0x3F) << 12 | (int(data[place + 2]) & 0x3F) << 6 | (int(data[place + 3]) & 0x3F)
    return (code if code < 0x110000 else 0xFFFD), 4


@lean
def decoded(data: Bytes, place: Place) -> tuple[np.int64, np.int64]:
    """The character that begins at a place and how many bytes it has, for kernels that make no arrays."""
    code = np.int64(data[place])
    if code < 0x80:
        return code, np.int64(1)
    if code < 0xE0:
        return ((code & 0x1F) << 6) | (np.int64(data[place + 1]) & 0x3F), np.int64(2)
    if code < 0xF0:
        return ((code & 0x0F) << 12) | ((np.int64(data[place + 1]) & 0x3F) << 6) | (np.int64(data[place + 2]) & 0x3F), np.int64(3)
    high = ((code & 0x07) << 18) | ((np.int64(data[place + 1]) & 0x3F) << 12)
    return high | ((np.int64(data[place + 2]) & 0x3F) << 6) | (np.int64(data[place + 3]) & 0x3F), np.int64(4)


@lean
def put(code: Place, out: Bytes, place: Place) -> Place:
    """Write a character as UTF-8; gives where the next one goes."""
    if code < 0x80:
        out[place] = code
        return place + 1
    if code < 0x800:
        out[place], out[place + 1] = 0xC0 | code >> 6, 0x80 | code & 0x3F
        return place + 2
    if code < 0x10000:
        out[place], out[place + 1], out[place + 2] = 0xE0 | code >> 12, 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F
        return place + 3
    out[place], out[place + 1] = 0xF0 | code >> 18, 0x80 | code >> 12 & 0x3F
    out[place + 2], out[place + 3] = 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F
    return place + 4


@lean
def role_of(code: int, roles: Bytes) -> Place:
    return np.int64(roles[code]) if code < 0x10000 else np.int64(0)


@lean
def without(data: Bytes, start: Place, stop: Place, roles: Bytes, role: Place) -> Place:
    """Where the last character ends that has not this role."""
    while stop > start:
        place = before(data, start, stop)
        code, _ = code_at(data, place)
        if not role_of(code, roles) & role:
            break
        stop = place
    return stop


@lean
def ends_with(data: Bytes, start: Place, stop: Place, roles: Bytes, role: Place) -> bool:
    if start == stop:
        return False
    code, _ = code_at(data, before(data, start, stop))
    return bool(role_of(code, roles) & role)


@lean
def before(data: Bytes, start: Place, stop: Place) -> Place:
    """Where the character begins that ends at `stop`, not before `start`."""
    place = stop - 1
    while place > start and (data[place] & 0xC0) == 0x80:
        place -= 1
    return place


@lean
def after_space(data: Bytes, start: Place, stop: Place, classes: Bytes) -> Place:
    """Where the first character begins that is no white space."""
    place = start
    while place < stop:
        code, size = code_at(data, place)
        if not classes[code] & SPACE:
            break
        place += size
    return place


@lean
def before_space(data: Bytes, start: Place, stop: Place, classes: Bytes) -> Place:
    """Where the last character ends that is no white space."""
    while stop > start:
        if 32 < data[stop - 1] < 128:
            break
        place = before(data, start, stop)
        code, _ = code_at(data, place)
        if not classes[code] & SPACE:
            break
        stop = place
    return stop


@lean
def next_break(data: Bytes, start: Place, stop: Place) -> Place:
    """Where the next line feed or carriage return is, or `stop`."""
    for block in range(start, stop, BLOCK):
        found = (equal(data, block, LINE_FEED) | equal(data, block, RETURN)) & within(block, stop)
        if found:
            return block + np.int64(low_zeros(found))
    return stop

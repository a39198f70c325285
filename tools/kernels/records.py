"""JSON objects whose values are strings, whole numbers and booleans, straight into Arrow's buffers; it stops at the least doubt."""

import numpy as np
import numpy.typing as npt
from numba import types

from ._blocks import ONE, equal
from ._decorators import BYTES, OFFSETS, Place, lean, lean_kernel
from ._machine import BLOCK, below64, copy64, equal64, low_zeros, ones
from ._text import put

Bytes = npt.NDArray[np.uint8]
Table = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
TEXT, WHOLE, FLAG = 0, 1, 2
QUOTE, SLASH, CONTROLS = np.uint64(0x22), np.uint64(0x5C), np.uint64(0x20)
MOST_DIGITS = 18  # that always fit 64 bits
SPARE = BLOCK  # bytes that may be written beyond a text
SIGNED = types.Array(types.int64, 1, "C", readonly=True)


@lean
def _object(
    data: Bytes,
    start: Place,
    stop: Place,
    record: int,
    names: Bytes,
    name_ends: npt.NDArray[np.int32],
    kinds: Bytes,
    texts: Table,
    numbers: npt.NDArray[np.int64],
    valid: Table,
    filled: Places,
) -> bool:
    if stop - start < 2 or data[start] != 0x7B or data[stop - 1] != 0x7D:
        return False
    seen, guess = np.uint64(0), 0
    at = _skip(data, start + 1, stop)
    if at == stop - 1:
        return True
    while True:
        close = _key_end(data, at, stop)
        if close < 0:
            return False
        column = _column(data, at + 1, close, guess, names, name_ends)
        if column < 0 or (seen >> np.uint64(column)) & np.uint64(1):
            return False
        seen |= np.uint64(1) << np.uint64(column)
        guess = column + 1
        at = _skip(data, close + 1, stop)
        if at >= stop or data[at] != 0x3A:
            return False
        at = _value(data, _skip(data, at + 1, stop), stop, record, column, kinds[column], texts, numbers, valid, filled)
        if at < 0:
            return False
        at = _skip(data, at, stop)
        if at == stop - 1:
            return True
        if at >= stop or data[at] != 0x2C:
            return False
        at = _skip(data, at + 1, stop)


@lean
def _skip(data: Bytes, at: Place, stop: Place) -> Place:
    while at < stop and (data[at] == 32 or data[at] == 10 or data[at] == 13 or data[at] == 9):
        at += 1
    return at


@lean
def _key_end(data: Bytes, at: Place, stop: Place) -> Place:
    """Where the closing quote of a plain key lies, -1 for any other."""
    if at >= stop or data[at] != 0x22:
        return -1
    at += 1
    while at < stop and data[at] != 0x22:
        if data[at] == 0x5C or data[at] < 0x20:
            return -1
        at += 1
    return at if at < stop else -1


@lean
def _column(data: Bytes, start: Place, stop: Place, guess: int, names: Bytes, name_ends: npt.NDArray[np.int32]) -> int:
    """The column of this name; keys mostly come in the order of the columns."""
    count = len(name_ends) - 1
    for turn in range(count):
        column = (guess + turn) % count
        if name_ends[column + 1] - name_ends[column] == stop - start:
            place, at = name_ends[column], start
            while at < stop and data[at] == names[place]:
                at += 1
                place += 1
            if at == stop:
                return column
    return -1


@lean
def _value(
    data: Bytes,
    at: Place,
    stop: Place,
    record: int,
    column: int,
    kind: int,
    texts: Table,
    numbers: npt.NDArray[np.int64],
    valid: Table,
    filled: Places,
) -> Place:
    """Where the value ends, -1 where there is doubt."""
    if _is_word(data, at, stop, 0x6E, 0x75, 0x6C, 0x6C):  # null
        return at + 4
    valid[column, record] = 1
    if kind == TEXT:
        if at >= stop or data[at] != 0x22:
            return -1
        at, filled[column] = _text(data, at + 1, stop, texts[column], filled[column])
        return at
    if kind == WHOLE:
        at, numbers[column, record] = _whole(data, at, stop)
        return at
    if _is_word(data, at, stop, 0x74, 0x72, 0x75, 0x65):  # true
        numbers[column, record] = 1
        return at + 4
    if _is_word(data, at, stop, 0x66, 0x61, 0x6C, 0x73) and at + 4 < stop and data[at + 4] == 0x65:  # false
        numbers[column, record] = 0
        return at + 5
    return -1


@lean
def _is_word(data: Bytes, at: Place, stop: Place, one: int, two: int, three: int, four: int) -> bool:
    return bool(at + 4 <= stop and data[at] == one and data[at + 1] == two and data[at + 2] == three and data[at + 3] == four)


@lean
def _whole(data: Bytes, at: Place, stop: Place) -> tuple[Place, int]:
    negative = at < stop and data[at] == 0x2D
    at += negative
    start, value = at, 0
    while at < stop and 0x30 <= data[at] <= 0x39 and at - start <= MOST_DIGITS:
        value = value * 10 + (int(data[at]) - 0x30)
        at += 1
    digits = at - start
    if digits == 0 or digits > MOST_DIGITS or (data[start] == 0x30 and (digits > 1 or negative)):
        return -1, 0
    return at, -value if negative else value


@lean
def _text(data: Bytes, at: Place, stop: Place, out: Bytes, place: Place) -> tuple[Place, Place]:
    """Copy a string without its escapes; gives where it ends in the record and in the texts."""
    while at < stop:
        if at + BLOCK <= len(data):
            found = equal64(data, at, QUOTE) | equal64(data, at, SLASH) | below64(data, at, CONTROLS)
            copy64(data, at, out, place)
            step = np.int64(low_zeros(found)) if found else np.int64(BLOCK)
            at += step
            place += step
            if not found:
                continue
            if at >= stop:
                break
        byte = data[at]
        if byte < 0x20:
            break
        if byte == 0x22:
            return at + 1, place
        if byte != 0x5C:
            out[place] = byte
            at += 1
            place += 1
            continue
        at += 1
        if at < stop and data[at] == 0x6E:  # most are line feeds
            out[place] = 10
            at += 1
            place += 1
            continue
        at, place = _escape(data, at, stop, out, place)
        if at < 0:
            break
    return -1, place


@lean
def _escape(data: Bytes, at: Place, stop: Place, out: Bytes, place: Place) -> tuple[Place, Place]:
    if at >= stop:
        return -1, place
    byte = data[at]
    if byte == 0x75:
        return _unicode(data, at + 1, stop, out, place)
    if byte == 0x6E:
        byte = np.uint8(10)
    elif byte == 0x74:
        byte = np.uint8(9)
    elif byte == 0x72:
        byte = np.uint8(13)
    elif byte == 0x62:
        byte = np.uint8(8)
    elif byte == 0x66:
        byte = np.uint8(12)
    elif byte != 0x22 and byte != 0x5C and byte != 0x2F:
        return -1, place
    out[place] = byte
    return at + 1, place + 1


@lean
def _unicode(data: Bytes, at: Place, stop: Place, out: Bytes, place: Place) -> tuple[Place, Place]:
    code = _hex(data, at, stop)
    at += 4
    if 0xD800 <= code < 0xDC00 and at + 2 <= stop and data[at] == 0x5C and data[at + 1] == 0x75:
        low = _hex(data, at + 2, stop)
        at += 6
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) if 0xDC00 <= low < 0xE000 else -1
    elif 0xD800 <= code < 0xE000:
        code = -1
    if code < 0:
        return -1, place
    return at, put(code, out, place)


@lean
def _hex(data: Bytes, at: Place, stop: Place) -> int:
    if at + 4 > stop:
        return -1
    code = 0
    for turn in range(4):
        byte = int(data[at + turn])
        lower = byte | 0x20
        if 0x30 <= byte <= 0x39:
            code = code * 16 + byte - 0x30
        elif 0x61 <= lower <= 0x66:
            code = code * 16 + lower - 0x57
        else:
            return -1
    return code


@lean_kernel(
    types.int64(
        BYTES,
        SIGNED,
        SIGNED,
        types.int64,
        types.int64,
        BYTES,
        OFFSETS,
        BYTES,
        types.uint8[:, ::1],
        types.int32[:, ::1],
        types.int64[:, ::1],
        types.uint8[:, ::1],
        types.int64[::1],
    )
)
def read(
    data: Bytes,
    starts: Places,
    stops: Places,
    first: int,
    last: int,
    names: Bytes,
    name_ends: npt.NDArray[np.int32],
    kinds: Bytes,
    texts: Table,
    ends: npt.NDArray[np.int32],
    numbers: npt.NDArray[np.int64],
    valid: Table,
    filled: Places,
) -> int:
    """Read the records `first` to `last`, each bare of space around it; gives how many were read before the first doubt.

    Every column has a row in `texts` (with SPARE bytes more), `ends`, `numbers` and `valid`, of which it uses those of its kind;
    `filled`: how much of its texts is used, which `ends` says of the first record. `name_ends` begins with 0."""
    for record in range(first, last):
        valid[:, record] = 0
        is_read = _object(data, starts[record], stops[record], record, names, name_ends, kinds, texts, numbers, valid, filled)
        for column in range(len(kinds)):
            if is_read:
                ends[column, record + 1] = filled[column]
            else:
                filled[column] = ends[column, record]
        if not is_read:
            return record - first
    return last - first


@lean_kernel(types.int64(BYTES, types.uint64))
def count(data: Bytes, byte: np.uint64) -> int:
    """How often a byte is there."""
    found = np.uint64(0)
    for block in range(0, len(data), BLOCK):
        found += ones(equal(data, block, byte))
    return int(found)


@lean_kernel(types.void(BYTES, types.uint64, types.int64[::1]))
def places(data: Bytes, byte: np.uint64, found: Places) -> None:
    """Where it is, as often as it is there."""
    filled = 0
    for block in range(0, len(data), BLOCK):
        marks = equal(data, block, byte)
        while marks:
            found[filled] = block + np.int64(low_zeros(marks))
            marks &= marks - ONE
            filled += 1

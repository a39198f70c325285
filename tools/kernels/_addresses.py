"""Whether a chunk is a URL or an e-mail address, as is_address of tools/tokens.py says."""

import numpy as np

from tools.tokens import LOWER, MOST_LABEL, MOST_TOP

from ._chunk import AT, COLON, DOT, HASH, HYPHEN, PLUS, QUESTION, SLASH, UNDERSCORE, Chunk, U, is_digit
from ._decorators import Flag, Place, lean, woven


@woven
def is_address(chunk: Chunk, first: Place, last: Place, signed: Flag) -> Flag:
    """As is_address of tools/tokens.py; whether there is an `@` is known."""
    if is_host(chunk, first, last):
        return True
    place = first
    while place < last and is_of_scheme(chunk.codes[U(place)]):
        place += 1
    is_scheme = place - first >= 2 and place + 2 < last and chunk.codes[place] == COLON
    if is_scheme and chunk.codes[place + 1] == SLASH and chunk.codes[place + 2] == SLASH and is_host(chunk, place + 3, last):
        return True
    if signed:
        for place in range(first + 1, last):
            if chunk.codes[place] == AT and is_host(chunk, place + 1, last):
                return True
    return False


@lean
def is_of_scheme(code: Place) -> Flag:
    return is_alphanumeric(code) or code == UNDERSCORE or code == PLUS or code == DOT or code == HYPHEN


@lean
def is_alphanumeric(code: Place) -> Flag:
    return 97 <= code <= 122 or 65 <= code <= 90 or 48 <= code <= 57


@lean
def is_host(chunk: Chunk, first: Place, last: Place) -> Flag:
    stop = first
    while stop < last:
        code = chunk.codes[stop]
        if code == COLON or code == SLASH or code == QUESTION or code == HASH:
            break
        stop += 1
    if stop < last and not is_port_or_path(chunk, stop, last):
        return False
    start, labels, place = first, 0, first
    while place < stop:
        if chunk.codes[place] == DOT:
            if not is_label(chunk, start, place):
                return False
            labels += 1
            start = place + 1
        place += 1
    if labels == 3 and is_number(chunk, first, stop):
        return True
    if not labels or not 2 <= stop - start <= MOST_TOP:
        return False
    for place in range(start, stop):
        if not chunk.kinds[place] & LOWER:
            return False
    return True


@lean
def is_port_or_path(chunk: Chunk, place: Place, last: Place) -> Flag:
    if chunk.codes[place] != COLON:
        return True
    digits = place + 1
    while digits < last and is_digit(chunk.codes[digits]):
        digits += 1
    if not 2 <= digits - place - 1 <= 5:
        return False
    return digits == last or chunk.codes[digits] == SLASH or chunk.codes[digits] == QUESTION or chunk.codes[digits] == HASH


@lean
def is_label(chunk: Chunk, first: Place, last: Place) -> Flag:
    if not 1 <= last - first <= MOST_LABEL:
        return False
    for place in range(first, last):
        code = chunk.codes[place]
        is_joint = code == HYPHEN or code == UNDERSCORE
        if is_joint and (place == first or place == last - 1):
            return False
        if not (is_joint or is_alphanumeric(code) or 0xA1 <= code <= 0xFFFF):
            return False
    return True


@lean
def is_number(chunk: Chunk, first: Place, stop: Place) -> Flag:
    """A public address of four numbers."""
    numbers = (np.int64(0), np.int64(0), np.int64(0), np.int64(0))
    a, b, c, d = numbers
    value, size, label = np.int64(0), 0, 0
    for place in range(first, stop + 1):
        if place == stop or chunk.codes[place] == DOT:
            starts_with_zero = size > 0 and chunk.codes[place - size] == 48
            if not 1 <= size <= 3 or (starts_with_zero and (size == 3 or label == 0 or label == 3)):
                return False
            a, b, c, d = b, c, d, value
            value, size, label = np.int64(0), 0, label + 1
        elif not is_digit(chunk.codes[place]):
            return False
        else:
            value, size = value * 10 + chunk.codes[place] - 48, size + 1
    is_private = a == 10 or a == 127 or (a == 169 and b == 254) or (a == 192 and b == 168) or (a == 172 and 16 <= b <= 31)
    return not is_private and 1 <= a <= 223 and b <= 255 and c <= 255 and 1 <= d <= 254

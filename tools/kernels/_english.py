"""Where a chunk of English is cut into tokens: the rules of tools/tokens.py, each a small function over code points and their classes."""

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from tools.tokens import ALPHA, BEFORE_STOP, CURRENCY, ICON, LOWER, MOST_LABEL, MOST_SPECIAL, MOST_TOP, MOST_UNIT, PREFIX, QUOTE, SUFFIX, UPPER

from ._decorators import Flag, Place, lean
from ._xxh3 import hash64

U = np.uint64
Bytes = npt.NDArray[np.uint8]
IS_STOP_WORD, IS_EXCEPTION, IS_UNIT, BEGINS = 0xF, 0xFFF0, 1 << 16, 1 << 17
PLUS, COMMA, HYPHEN, DOT, SLASH, COLON, DOLLAR, AT = 0x2B, 0x2C, 0x2D, 0x2E, 0x2F, 0x3A, 0x24, 0x40
APOSTROPHE, TYPED_APOSTROPHE, DEGREE, ELLIPSIS, EM_DASH, EN_DASH, TILDE = 0x2019, 0x27, 0xB0, 0x2026, 0x2014, 0x2013, 0x7E
UNDERSCORE, STAR, CARET, LESS, EQUALS, MORE, QUESTION, HASH = 0x5F, 0x2A, 0x5E, 0x3C, 0x3D, 0x3E, 0x3F, 0x23


class Lookup(NamedTuple):
    """What is known of a token by its hash, and the exceptions."""

    sieve: npt.NDArray[np.uint8]  # a bit a hash: most are unknown
    keys: npt.NDArray[np.uint64]
    values: npt.NDArray[np.int32]
    compound_keys: npt.NDArray[np.uint64]
    compound_values: npt.NDArray[np.int32]
    piece_starts: npt.NDArray[np.int32]  # of each exception
    pieces: npt.NDArray[np.int32]  # characters of each
    most_pieces: int


class Chunk(NamedTuple):
    """One chunk: its characters, their classes, where each begins; and room for the cuts."""

    data: Bytes
    codes: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.uint16]
    at: npt.NDArray[np.int32]
    cuts: npt.NDArray[np.int32]
    back: npt.NDArray[np.int32]
    exceptions: npt.NDArray[np.int32]
    seen: npt.NDArray[np.uint8]


Size: TypeAlias = int | np.int64


@lean
def looked_up(sieve: Bytes, keys: npt.NDArray[np.uint64], values: npt.NDArray[np.int32], found: np.uint64) -> Place:
    """What is known of the token of this hash, 0 if nothing."""
    bit = np.int64(found >> U(48))
    if not (sieve[bit >> 3] >> (bit & 7)) & 1:
        return np.int64(0)
    mask = len(keys) - 1
    place = np.int64(found & U(mask))
    while values[place] and keys[place] != found:
        place = (place + 1) & mask
    return np.int64(values[place])


@lean
def known(lookup: Lookup, found: np.uint64) -> Place:
    return looked_up(lookup.sieve, lookup.keys, lookup.values, found)


@lean
def exception(chunk: Chunk, lookup: Lookup, first: Place, last: Place) -> Place:
    """The number of the exception that this span is, from 1; else 0."""
    if last - first > MOST_SPECIAL or last <= first:
        return np.int64(0)
    return (known(lookup, hash64(chunk.data, chunk.at[first], chunk.at[last])) & IS_EXCEPTION) >> 4


@lean
def is_digit(code: Place) -> Flag:
    return 48 <= code <= 57


@lean
def dots_from(chunk: Chunk, place: Place, last: Place) -> Place:
    end = place
    while end < last and chunk.codes[end] == DOT:
        end += 1
    return end - place


@lean
def is_dollar(chunk: Chunk, first: Place, last: Place) -> Place:
    """The length of `US$`, `C$` or `A$` at a place."""
    code = chunk.codes[first]
    if code == 85 and first + 3 <= last and chunk.codes[first + 1] == 83 and chunk.codes[first + 2] == DOLLAR:
        return np.int64(3)
    if (code == 67 or code == 65) and first + 2 <= last and chunk.codes[first + 1] == DOLLAR:
        return np.int64(2)
    return np.int64(0)


@lean
def prefix(chunk: Chunk, first: Place, last: Place) -> Place:
    code = chunk.codes[first]
    if code == PLUS:
        return np.int64(not (first + 1 < last and is_digit(chunk.codes[first + 1])))
    if code == DOT:
        dots = dots_from(chunk, first, last)
        return dots if dots > 1 else np.int64(0)
    if chunk.kinds[first] & PREFIX:
        return np.int64(1)
    return is_dollar(chunk, first, last)


@lean
def suffix(chunk: Chunk, lookup: Lookup, first: Place, last: Place) -> Place:
    end = last - 1
    code = chunk.codes[end]
    before = np.int64(chunk.codes[end - 1]) if end > first else np.int64(0)
    if code == DOT:
        return full_stop(chunk, first, last)
    if code == ELLIPSIS:
        return np.int64(2 if before == ELLIPSIS else 1)
    if chunk.kinds[end] & SUFFIX:
        return np.int64(1)
    if (code == 115 or code == 83) and (before == TYPED_APOSTROPHE or before == APOSTROPHE):
        return np.int64(2)
    if code == PLUS:
        return np.int64(is_digit(before))
    if chunk.kinds[end] & CURRENCY:
        return money(chunk, first, last)
    return unit(chunk, lookup, first, last)


@lean
def money(chunk: Chunk, first: Place, last: Place) -> Place:
    """A sign of money behind a digit."""
    if chunk.codes[last - 1] == DOLLAR:
        for size in (3, 2):
            start = last - size
            if start > first and is_digit(chunk.codes[start - 1]) and is_dollar(chunk, start, last) == size:
                return np.int64(size)
    return np.int64(last - 1 > first and is_digit(chunk.codes[last - 2]))


@lean
def full_stop(chunk: Chunk, first: Place, last: Place) -> Place:
    place = last
    while place > first and chunk.codes[place - 1] == DOT:
        place -= 1
    if last - place > 1:
        return last - place
    if place - 1 < first:
        return np.int64(0)
    if chunk.kinds[place - 1] & BEFORE_STOP:
        return np.int64(1)
    if place - 2 < first:
        return np.int64(0)
    if chunk.kinds[place - 1] & chunk.kinds[place - 2] & UPPER:
        return np.int64(1)
    code = chunk.codes[place - 1] & ~32
    return np.int64(chunk.codes[place - 2] == DEGREE and (code == 70 or code == 67 or code == 75))


@lean
def unit(chunk: Chunk, lookup: Lookup, first: Place, last: Place) -> Place:
    """A unit of measurement behind a digit."""
    for size in range(1, MOST_UNIT + 1):
        before = last - size - 1
        if before < first:
            return np.int64(0)
        if is_digit(chunk.codes[before]):
            is_known = known(lookup, hash64(chunk.data, chunk.at[before + 1], chunk.at[last])) & IS_UNIT
            return np.int64(size) if is_known else np.int64(0)
    return np.int64(0)


@lean
def hyphen(chunk: Chunk, place: Place, last: Place) -> Place:
    """The length of a hyphen or dash that a letter follows."""
    code, size = chunk.codes[place], 1
    while place + size < last:
        if chunk.kinds[place + size] & ALPHA:
            return np.int64(size)
        most = 3 if code == HYPHEN else 2 if code == EM_DASH else 1
        if size == most or chunk.codes[place + size] != code:
            return np.int64(0)
        size += 1
    return np.int64(0)


@lean
def infix(chunk: Chunk, first: Place, place: Place, last: Place) -> Place:
    """How many characters are a token between two others, from a place on."""
    code = np.int64(chunk.codes[place])
    if chunk.kinds[place] & ICON or code == ELLIPSIS:
        return np.int64(1)
    if is_digit(code) or place + 1 >= last or (chunk.kinds[place] & ALPHA and code < 0x2000):
        return np.int64(0)
    after = chunk.codes[place + 1]
    if code == DOT and after == DOT:
        return dots_from(chunk, place, last)
    if place == first:
        return np.int64(0)
    previous, following = chunk.kinds[place - 1], chunk.kinds[place + 1]
    digit_before = is_digit(chunk.codes[place - 1])
    if digit_before and (code == PLUS or code == HYPHEN or code == STAR or code == CARET) and (is_digit(after) or after == HYPHEN):
        return np.int64(1)
    if code == DOT:
        return np.int64((previous & (LOWER | QUOTE)) != 0 and (following & (UPPER | QUOTE)) != 0)
    if code == COMMA:
        return np.int64((previous & following & ALPHA) != 0)
    if not (previous & ALPHA or digit_before):
        return np.int64(0)
    if code == COLON or code == LESS or code == MORE or code == EQUALS or code == SLASH:
        return np.int64((following & ALPHA) != 0)
    if code == HYPHEN or code == EN_DASH or code == EM_DASH or code == TILDE:
        return hyphen(chunk, place, last)
    return np.int64(0)


@lean
def is_address(chunk: Chunk, first: Place, last: Place) -> Flag:
    """As is_address of tools/tokens.py."""
    if is_host(chunk, first, last):
        return True
    place, in_scheme = first, True
    while place < last:
        code = chunk.codes[place]
        if code == AT and place > first and is_host(chunk, place + 1, last):
            return True
        if in_scheme and not is_of_scheme(code, chunk.kinds[place]):
            in_scheme = False
            is_scheme = place - first >= 2 and code == COLON and place + 2 < last
            if is_scheme and chunk.codes[place + 1] == SLASH and chunk.codes[place + 2] == SLASH and is_host(chunk, place + 3, last):
                return True
        place += 1
    return False


@lean
def is_of_scheme(code: Place, kind: np.uint16) -> Flag:
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


@lean
def cut(chunk: Chunk, lookup: Lookup, size: Place) -> Place:
    """Fill `cuts` with where the tokens of a chunk of so many characters begin and end; gives their number."""
    first: Place = np.int64(0)
    last: Place = np.int64(size)
    front: Place = np.int64(0)
    back: Place = np.int64(0)
    found: Place = np.int64(0)
    chunk.cuts[0] = 0
    while first < last:
        found = exception(chunk, lookup, first, last)
        if found:
            break
        before = prefix(chunk, first, last)
        if before:
            found = exception(chunk, lookup, first + before, last)
            if found:
                first += before
                front += 1
                chunk.cuts[front] = first
                break
        after = suffix(chunk, lookup, first + before, last) if first + before < last else np.int64(0)
        if after:
            found = exception(chunk, lookup, first, last - after)
            if found:
                chunk.back[back] = last
                back += 1
                last -= after
                break
        if not before and not after:
            break
        if before:
            first += before
            front += 1
            chunk.cuts[front] = first
        if after:
            chunk.back[back] = last
            back += 1
            last -= after
    if first < last:
        front = by_exception(chunk, lookup, front, found) if found else middle(chunk, front, first, last)
    for place in range(back - 1, -1, -1):
        front += 1
        chunk.cuts[front] = chunk.back[place]
    return front


@lean
def by_exception(chunk: Chunk, lookup: Lookup, count: Place, number: Place) -> Place:
    for piece in range(lookup.piece_starts[number - 1], lookup.piece_starts[number]):
        count += 1
        chunk.cuts[count] = chunk.cuts[count - 1] + lookup.pieces[piece]
    return count


@lean
def middle(chunk: Chunk, count: Place, first: Place, last: Place) -> Place:
    """Cut what has no affixes."""
    before, place = count, first
    while place < last:
        size = infix(chunk, first, place, last)
        if size and place > first:
            if place > chunk.cuts[count]:
                count += 1
                chunk.cuts[count] = place
            count += 1
            chunk.cuts[count] = place + size
        place += size if size else 1
    if chunk.cuts[count] < last:
        count += 1
        chunk.cuts[count] = last
    if count > before + 1 and is_address(chunk, first, last):
        count = before + 1
        chunk.cuts[count] = last
    return count


@lean
def join(chunk: Chunk, lookup: Lookup, hashes: npt.NDArray[np.uint64], base: Place, count: Place) -> Place:
    """Let tokens that make an exception together become its pieces; gives the number of tokens then. As _joined of tools/tokens.py."""
    for token in range(count):
        chunk.seen[token], chunk.exceptions[token] = 0, 0
    is_any = False
    for size in range(min(lookup.most_pieces, count), 1, -1):
        for place in range(count - size + 1):
            if not known(lookup, hashes[base + place]) & BEGINS:
                continue
            number = compound(lookup, hashes, base + place, size)
            if not number:
                continue
            if not chunk.seen[place] and not chunk.seen[place + size - 1]:
                chunk.exceptions[place] = number << 8 | size
                is_any = True
            for token in range(place, place + size):
                chunk.seen[token] = 1
    return rewritten(chunk, lookup, count) if is_any else np.int64(count)


@lean
def compound(lookup: Lookup, hashes: npt.NDArray[np.uint64], place: Place, size: Place) -> Place:
    """The number of the exception that these tokens make, from 1; else 0."""
    key = U(size)
    for token in range(place, place + size):
        key = (key ^ hashes[token]) * U(0x9FB21C651E98DF25)
        key ^= key >> U(29)
    mask = len(lookup.compound_keys) - 1
    slot = np.int64(key & U(mask))
    while lookup.compound_values[slot] and lookup.compound_keys[slot] != key:
        slot = (slot + 1) & mask
    return np.int64(lookup.compound_values[slot])


@lean
def rewritten(chunk: Chunk, lookup: Lookup, count: Place) -> Place:
    """The cuts with the exceptions in their places; `back` holds those before."""
    for place in range(count + 1):
        chunk.back[place] = chunk.cuts[place]
    made: Place = np.int64(0)
    token: Place = np.int64(0)
    while token < count:
        if chunk.exceptions[token]:
            made = by_exception(chunk, lookup, made, chunk.exceptions[token] >> 8)
            token += chunk.exceptions[token] & 255
        else:
            made += 1
            token += 1
            chunk.cuts[made] = chunk.back[token]
    return made
